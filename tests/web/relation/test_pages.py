"""Relations declared and ended by discipline within its reach, and by the security administrator."""

from __future__ import annotations

import pytest

from kaohe_flow.organization.account.rules import AccountKind
from kaohe_flow.organization.role import commands as roles
from kaohe_flow.organization.role.queries import listing, related_to
from kaohe_flow.organization.role.rules import RelationKind, Role
from kaohe_flow.organization.unit.rules import Span
from tests.factories.casework import Bureau
from tests.factories.organization import FOUNDED, TODAY
from tests.web.conftest import AdminOf, ClientOf, Pages

WANG_AND_WU = {"one": "100001", "other": "100007", "kind": "kin", "first": TODAY.isoformat()}


@pytest.fixture
def guard(admin_of: AdminOf) -> Pages:
    """The security administrator."""
    return admin_of(AccountKind.SECADMIN)


def test_a_declared_relation_keeps_both_apart(bureau: Bureau, guard: Pages) -> None:
    assert guard.post("/relations/", {**WANG_AND_WU, "remark": "表兄弟"}).status_code == 303

    with bureau.reading() as session:
        assert related_to(session, bureau.city.wang, TODAY) == {bureau.city.wu}
    page = guard.get("/relations/").text
    for words in ("王小明", "吴越", "亲属", "表兄弟"):
        assert words in page


def test_a_relation_ends_and_stays_readable(bureau: Bureau, guard: Pages) -> None:
    guard.post("/relations/", {**WANG_AND_WU, "first": "2026-01-01"})
    with bureau.reading() as session:
        (declared,) = listing.declared(session)

    path = f"/relations/{declared.relation.id}/end"
    assert guard.post(path, {"last_day": "2025-01-01"}).status_code == 400
    assert guard.post(path, {"last_day": "2026-11-09"}).status_code == 303

    with bureau.reading() as session:
        assert related_to(session, bureau.city.wang, TODAY) == frozenset()
    assert "已解除" in guard.get("/relations/").text
    assert guard.post(path, {"last_day": "2026-12-01"}).status_code == 409


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"other": "100001"}, 400, "应填写两名不同的民警"),
        ({"other": "999999"}, 400, "没有找到警号或编号为“999999”的民警"),
        ({"kind": "friend"}, 400, "请选择"),
        ({"last": "2020-01-01"}, 400, "终止日期不能早于起始日期"),
    ],
)
def test_what_is_no_relation_is_refused(
    bureau: Bureau, guard: Pages, changes: dict[str, str], status: int, said: str
) -> None:
    answer = guard.post("/relations/", {**WANG_AND_WU, **changes})

    assert answer.status_code == status
    assert said in answer.text
    assert 'value="100001"' in answer.text


def test_the_same_relation_twice_is_a_conflict(guard: Pages) -> None:
    guard.post("/relations/", WANG_AND_WU)

    answer = guard.post("/relations/", WANG_AND_WU)

    assert answer.status_code == 409
    assert "关系已经登记" in answer.text


def test_discipline_keeps_relations_within_its_reach(bureau: Bureau, client_of: ClientOf) -> None:
    city = bureau.city
    with bureau.acting() as work:
        roles.grant(work, roles.Grant(city.zheng, Role.DISCIPLINE, city.county, Span(FOUNDED)))
        far = roles.declare_relation(
            work, frozenset({city.feng, city.chen}), kind=RelationKind.KIN, span=Span(FOUNDED)
        )
        near = roles.declare_relation(
            work, frozenset({city.wang, city.feng}), kind=RelationKind.KIN, span=Span(FOUNDED)
        )
    pages = client_of(city.zheng)

    page = pages.get("/relations/").text
    assert "王小明" in page
    assert "陈光" not in page
    assert pages.post(f"/relations/{far.id}/end", {"last_day": TODAY}).status_code == 404
    assert pages.post(f"/relations/{near.id}/end", {"last_day": TODAY}).status_code == 303
    outside = pages.post("/relations/", {**WANG_AND_WU, "one": "100009", "other": "100010"})
    assert outside.status_code == 400
    assert "都不在您的管理范围内" in outside.text


def test_the_auditor_reads_and_others_stay_outside(
    bureau: Bureau, admin_of: AdminOf, client_of: ClientOf
) -> None:
    auditor = admin_of(AccountKind.AUDITOR)

    assert auditor.get("/relations/").status_code == 200
    assert "登记回避关系</h2>" not in auditor.get("/relations/").text
    assert auditor.post("/relations/", WANG_AND_WU).status_code == 403
    for pages in (admin_of(AccountKind.SYSADMIN), client_of(bureau.city.wang), client_of(bureau.city.zheng)):
        assert pages.get("/relations/").status_code == 403
        assert pages.post("/relations/", WANG_AND_WU).status_code == 403
        assert pages.post("/relations/1/end", {"last_day": TODAY}).status_code == 403
