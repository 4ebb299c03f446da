"""Who holds what: read within reach, granted and ended by the security administrator alone."""

from __future__ import annotations

from datetime import date

import pytest

from kaohe_flow.organization.account.rules import AccountKind
from kaohe_flow.organization.role.queries import assignments_of, listing
from kaohe_flow.organization.role.rules import Role
from tests.factories.casework import Bureau
from tests.factories.organization import TODAY
from tests.web.conftest import AdminOf, ClientOf, Pages


@pytest.fixture
def guard(admin_of: AdminOf) -> Pages:
    """The security administrator."""
    return admin_of(AccountKind.SECADMIN)


def held(bureau: Bureau, officer_id: int, day: date = TODAY) -> set[Role]:
    with bureau.reading() as session:
        return {one.role for one in assignments_of(session, officer_id, day)}


def test_somebody_becomes_competent_at_a_unit(bureau: Bureau, guard: Pages) -> None:
    path = f"/organization/roles/units/{bureau.city.station}"

    answer = guard.post(
        path, {"police_no": "100001", "role": "unit_admin", "first": TODAY, "last": "2026-11-30"}
    )

    assert answer.status_code == 303
    assert held(bureau, bureau.city.wang) == {Role.UNIT_ADMIN}
    assert held(bureau, bureau.city.wang, date(2026, 12, 1)) == set()
    page = guard.get(path).text
    assert "王小明" in page
    assert "安全管理员（secadmin）" in page


def test_an_officer_becomes_competent_somewhere(bureau: Bureau, guard: Pages) -> None:
    path = f"/organization/roles/officers/{bureau.city.wang}"
    typed = {"unit_id": bureau.city.county, "role": "line_reviewer", "line_code": "fz", "first": TODAY}

    assert guard.post(path, typed).status_code == 303
    assert held(bureau, bureau.city.wang) == {Role.LINE_REVIEWER}


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"police_no": "999999"}, 404, "没有找到警号或编号为“999999”的民警"),
        ({"role": "officer"}, 422, "不需要授予"),
        ({"role": "office"}, 422, "这一级（科所队·内设大队）不设这一职责"),
        ({"role": "emperor"}, 400, "请选择"),
        ({"first": "昨天"}, 400, "请按 2026-11-18 的格式填写日期"),
        ({"last": "2026-01-01"}, 400, "终止日期不能早于起始日期"),
        ({"police_no": "100004"}, 409, "“钱进”已在“城关派出所”担任“单位内勤”"),
        ({"line_code": "fz"}, 422, "归口审核必须指定业务线，其他职责不指定"),
    ],
)
def test_what_does_not_fit_is_refused_and_stays_typed(
    bureau: Bureau, guard: Pages, changes: dict[str, str], status: int, said: str
) -> None:
    typed = {"police_no": "100001", "role": "unit_admin", "first": TODAY.isoformat(), **changes}

    answer = guard.post(f"/organization/roles/units/{bureau.city.station}", typed)

    assert answer.status_code == status
    assert said in answer.text
    assert f'value="{typed["police_no"]}"' in answer.text
    assert held(bureau, bureau.city.wang) == set()


def test_a_competence_ends_after_a_day(bureau: Bureau, guard: Pages) -> None:
    with bureau.reading() as session:
        (one,) = listing.ever_held(session, bureau.city.qian)

    assert guard.post(f"/organization/roles/{one.id}/end", {"last_day": "2019-01-01"}).status_code == 400
    assert guard.post(f"/organization/roles/{one.id}/end", {"last_day": "2026-11-09"}).status_code == 303

    assert held(bureau, bureau.city.qian) == set()
    assert "已终止" in guard.get(f"/organization/roles/units/{bureau.city.station}").text
    again = guard.post(f"/organization/roles/{one.id}/end", {"last_day": "2026-11-20"})
    assert again.status_code == 409
    assert "这项职责已定于 2026-11-09 终止" in again.text


@pytest.mark.parametrize("kind", [AccountKind.SYSADMIN, AccountKind.AUDITOR])
def test_the_other_administrators_grant_nothing(bureau: Bureau, admin_of: AdminOf, kind: AccountKind) -> None:
    pages = admin_of(kind)
    path = f"/organization/roles/units/{bureau.city.station}"

    assert pages.get(path).status_code == 200
    assert "授予职责</h2>" not in pages.get(path).text
    assert pages.post(path, {"police_no": "100001", "role": "unit_admin", "first": TODAY}).status_code == 403
    assert pages.post("/organization/roles/1/end", {"last_day": TODAY}).status_code == 403


def test_people_of_the_bureau_read_within_their_reach_and_grant_nothing(
    bureau: Bureau, client_of: ClientOf
) -> None:
    pages = client_of(bureau.city.zheng)

    assert pages.get(f"/organization/roles/units/{bureau.city.station}").status_code == 200
    assert pages.get(f"/organization/roles/officers/{bureau.city.wang}").status_code == 200
    assert pages.get(f"/organization/roles/units/{bureau.city.politics}").status_code == 404
    assert pages.get(f"/organization/roles/officers/{bureau.city.feng}").status_code == 404
    assert pages.post(f"/organization/roles/officers/{bureau.city.zheng}", {}).status_code == 403
    assert (
        client_of(bureau.city.wang).get(f"/organization/roles/officers/{bureau.city.wang}").status_code == 200
    )
