"""People entered, moved and seen off in the browser."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from kaohe_flow.organization.account.rules import AccountKind
from kaohe_flow.organization.officer import commands, queries
from kaohe_flow.organization.officer.rules import OfficerState
from kaohe_flow.organization.role import commands as roles
from kaohe_flow.organization.role.queries import assignments_of, listing
from kaohe_flow.organization.role.rules import Role
from kaohe_flow.organization.unit.rules import Span
from tests.factories.casework import Bureau
from tests.factories.organization import FOUNDED, TODAY
from tests.web.conftest import AdminOf, ClientOf, Pages

TICKED = re.compile(r'name="ending" value="(\d+)"[^>]* checked')


@pytest.fixture
def keeper(admin_of: AdminOf) -> Pages:
    """The system administrator."""
    return admin_of(AccountKind.SYSADMIN)


def person(bureau: Bureau, **changes: object) -> dict[str, object]:
    typed = {
        "police_no": "200001",
        "name": "林一",
        "kind": "officer",
        "post": "社区民警",
        "unit_id": bureau.city.station,
        "since": "2026-11-01",
    }
    return {**typed, **changes}


def held(bureau: Bureau, officer_id: int) -> set[tuple[Role, int]]:
    with bureau.reading() as session:
        return {(one.role, one.unit_id) for one in assignments_of(session, officer_id, TODAY)}


def test_somebody_is_entered_by_hand(bureau: Bureau, keeper: Pages) -> None:
    answer = keeper.post("/organization/officers/new", person(bureau))

    assert answer.status_code == 303
    page = keeper.get(answer.location).text
    for words in ("林一", "200001", "城关派出所", "2026-11-01"):
        assert words in page


def test_faults_of_a_person_stand_beside_their_fields(bureau: Bureau, keeper: Pages) -> None:
    answer = keeper.post("/organization/officers/new", person(bureau, police_no="无", name="林1"))

    assert answer.status_code == 400
    for field in ("police_no", "name"):
        assert f'id="f-{field}-error"' in answer.text
    assert 'value="社区民警"' in answer.text


def test_a_police_number_is_one_persons(bureau: Bureau, keeper: Pages) -> None:
    answer = keeper.post("/organization/officers/new", person(bureau, police_no="100001"))

    assert answer.status_code == 409
    assert "警号 100001 已登记为“王小明”" in answer.text


def test_nobody_serves_before_the_unit_is_there(bureau: Bureau, keeper: Pages) -> None:
    answer = keeper.post("/organization/officers/new", person(bureau, since="2019-01-01"))

    assert answer.status_code == 422
    assert "单位“城关派出所”在 2019-01-01 不存在" in answer.text


def test_a_transfer_shows_what_is_held_and_ticks_what_goes_with_the_place(
    bureau: Bureau, keeper: Pages
) -> None:
    city = bureau.city
    with bureau.acting() as work:
        grant = roles.Grant(city.qian, Role.LINE_REVIEWER, city.county, Span(FOUNDED), "fz")
        stays = roles.grant(work, grant).id
    path = f"/organization/officers/{city.qian}/transfer"

    page = keeper.get(f"{path}?unit_id={city.far_station}&since={TODAY}").text
    ticked = TICKED.findall(page)
    assert len(ticked) == 1
    assert f'value="{stays}"' in page
    answer = keeper.post(path, {"unit_id": city.far_station, "since": TODAY, "ending": ticked})

    assert answer.status_code == 303
    assert held(bureau, city.qian) == {(Role.LINE_REVIEWER, city.county)}


def test_the_page_may_say_otherwise(bureau: Bureau, keeper: Pages) -> None:
    city = bureau.city
    path = f"/organization/officers/{city.qian}/transfer"

    answer = keeper.post(path, {"unit_id": city.far_station, "since": TODAY})

    assert answer.status_code == 303
    assert held(bureau, city.qian) == {(Role.UNIT_ADMIN, city.station)}


def test_competences_of_others_are_not_ended_by_a_transfer(bureau: Bureau, keeper: Pages) -> None:
    city = bureau.city
    with bureau.reading() as session:
        (another,) = listing.ever_held(session, city.sun)
    path = f"/organization/officers/{city.qian}/transfer"

    answer = keeper.post(path, {"unit_id": city.far_station, "since": TODAY, "ending": [str(another.id)]})

    assert answer.status_code == 404
    assert held(bureau, city.sun) == {(Role.UNIT_HEAD, city.station)}


def test_a_transfer_to_where_one_is_leads_nowhere(bureau: Bureau, keeper: Pages) -> None:
    path = f"/organization/officers/{bureau.city.wang}/transfer"

    assert keeper.post(path, {"unit_id": bureau.city.station, "since": TODAY}).status_code == 409
    assert keeper.get(f"{path}?unit_id=999&since={TODAY}").status_code == 404
    assert keeper.get(f"{path}?unit_id=x&since=y").status_code == 400


def test_leaving_ends_everything_but_the_file(bureau: Bureau, keeper: Pages) -> None:
    city = bureau.city
    path = f"/organization/officers/{city.qian}/departure"

    early = keeper.post(path, {"last_day": "2026-12-01"})
    done = keeper.post(path, {"last_day": TODAY.isoformat()})

    assert early.status_code == 422
    assert "离职日期 2026-12-01 还没有到" in early.text
    assert done.status_code == 303
    with bureau.reading() as session:
        assert queries.get(session, city.qian).state is OfficerState.LEFT
    assert "离职" in keeper.get(f"/organization/officers/{city.qian}").text
    assert keeper.post(path, {"last_day": TODAY.isoformat()}).status_code == 422


def test_administrators_do_not_see_what_counts_in_the_assessment(
    bureau: Bureau, keeper: Pages, client_of: ClientOf
) -> None:
    with bureau.acting() as work:
        commands.grant_identity(
            work, bureau.city.wang, code="岗位能手", factor=Decimal("1.35"), stay=Span(FOUNDED)
        )
    path = f"/organization/officers/{bureau.city.wang}"

    assert "岗位能手" not in keeper.get(path).text
    assert "岗位能手" in client_of(bureau.city.zheng).get(path).text


@pytest.mark.parametrize("path", ["new", "1/transfer", "1/departure"])
def test_only_the_system_administrator_keeps_people(
    bureau: Bureau, admin_of: AdminOf, client_of: ClientOf, path: str
) -> None:
    others = [admin_of(AccountKind.SECADMIN), admin_of(AccountKind.AUDITOR), client_of(bureau.city.chen)]

    for pages in others:
        assert pages.get(f"/organization/officers/{path}").status_code == 403
        assert pages.post(f"/organization/officers/{path}", {}).status_code == 403
