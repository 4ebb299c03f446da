"""Units established and changed in the browser, by whom it is for and by nobody else."""

from __future__ import annotations

import pytest

from kaohe_flow.organization.account.rules import AccountKind
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.role.queries import listing
from kaohe_flow.organization.unit import queries
from kaohe_flow.organization.unit.model import Unit
from tests.factories.casework import Bureau
from tests.factories.organization import TODAY
from tests.web.conftest import AdminOf, ClientOf, Pages

CHANGES = ("rename", "move", "merge", "abolish")


@pytest.fixture
def keeper(admin_of: AdminOf) -> Pages:
    """The system administrator."""
    return admin_of(AccountKind.SYSADMIN)


def new_unit(bureau: Bureau, **changes: object) -> dict[str, object]:
    typed = {
        "code": "QSX-LL",
        "name": "柳林镇派出所",
        "short_name": "柳林所",
        "level": 3,
        "kind": "station",
        "parent_id": bureau.city.county,
        "sequence": "派出所",
        "valid_from": "2026-11-01",
    }
    return {**typed, **changes}


def unit(bureau: Bureau, unit_id: int) -> Unit:
    with bureau.reading() as session:
        return queries.get(session, unit_id)


def test_a_unit_is_established_below_another(bureau: Bureau, keeper: Pages) -> None:
    form = keeper.get(f"/organization/units/new?parent={bureau.city.county}").text

    answer = keeper.post("/organization/units/new", new_unit(bureau))

    assert f'<option value="{bureau.city.county}" selected>' in form
    assert '<option value="3" selected>' in form
    assert answer.status_code == 303
    page = keeper.get(answer.location).text
    for words in ("柳林镇派出所", "QSX-LL", "柳林所", "青松县局", "2026-11-01"):
        assert words in page


def test_faults_stand_beside_their_fields_and_what_was_typed_stays(bureau: Bureau, keeper: Pages) -> None:
    answer = keeper.post("/organization/units/new", new_unit(bureau, code="柳林", level=2))

    assert answer.status_code == 400
    assert 'value="柳林镇派出所"' in answer.text
    assert 'id="f-code-error"' in answer.text
    assert "上级单位的层级必须高于本单位的层级" in answer.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"level": "9"}, "level"), ({"kind": "moon"}, "kind"), ({"valid_from": "明天"}, "valid_from")],
)
def test_values_that_no_form_offers_are_refused(
    bureau: Bureau, keeper: Pages, changes: dict[str, object], field: str
) -> None:
    answer = keeper.post("/organization/units/new", new_unit(bureau, **changes))

    assert answer.status_code == 400
    assert f'id="f-{field}-error"' in answer.text


def test_a_code_is_used_once(bureau: Bureau, keeper: Pages) -> None:
    answer = keeper.post("/organization/units/new", new_unit(bureau, code="QSX-CG"))

    assert answer.status_code == 409
    assert "单位编码“QSX-CG”已被“城关派出所”使用" in answer.text


def test_a_renamed_unit_shows_its_past(bureau: Bureau, keeper: Pages) -> None:
    path = f"/organization/units/{bureau.city.station}/change/rename"
    typed = {"name": "城东派出所", "short_name": "城东所", "since": TODAY.isoformat(), "basis": "编办批复"}

    assert keeper.post(path, typed).status_code == 303

    page = keeper.get(f"/organization/units/{bureau.city.station}").text
    for words in ("<h1>城东派出所</h1>", "沿革", "城关派出所", "2026-11-09", "编办批复"):
        assert words in page


def test_a_slip_of_the_pen_leaves_no_past(bureau: Bureau, keeper: Pages) -> None:
    path = f"/organization/units/{bureau.city.station}/change/rename"

    keeper.post(path, {"name": "城关镇派出所", "short_name": "城关所"})

    assert unit(bureau, bureau.city.station).name == "城关镇派出所"
    assert "沿革" not in keeper.get(f"/organization/units/{bureau.city.station}").text


def test_a_moved_unit_stands_elsewhere(bureau: Bureau, keeper: Pages) -> None:
    path = f"/organization/units/{bureau.city.station}/change/move"

    refused = keeper.post(path, {"parent_id": bureau.city.legal, "since": "2026-11-11"})
    done = keeper.post(path, {"parent_id": bureau.city.legal, "since": TODAY.isoformat()})

    assert refused.status_code == 422
    assert "2026-11-11 还没有到" in refused.text
    assert done.status_code == 303
    assert unit(bureau, bureau.city.station).parent_id == bureau.city.legal


def test_only_an_empty_unit_is_abolished(bureau: Bureau, keeper: Pages) -> None:
    path = f"/organization/units/{bureau.city.far_station}/change/abolish"

    answer = keeper.post(path, {"last_day": TODAY.isoformat()})

    assert answer.status_code == 422
    assert "还有 1 名民警任职或借调" in answer.text
    assert unit(bureau, bureau.city.far_station).valid_to is None


def test_a_merger_moves_people_and_ends_what_they_held(bureau: Bureau, keeper: Pages) -> None:
    city = bureau.city
    path = f"/organization/units/{city.far_station}/change/merge"

    answer = keeper.post(path, {"into_id": city.station, "since": TODAY.isoformat()})

    assert answer.status_code == 303
    with bureau.reading() as session:
        there = officers.unit_on(session, city.zhou, TODAY)
        assert there is not None
        assert there.id == city.station
        assert listing.going_on(session, city.zhou, TODAY) == ()
    assert "河口派出所" not in keeper.get("/organization/").text


def test_the_same_form_twice_establishes_one_unit(bureau: Bureau, keeper: Pages) -> None:
    first = keeper.post("/organization/units/new", new_unit(bureau), once="one-time-key-of-a-page")
    second = keeper.post("/organization/units/new", new_unit(bureau), once="one-time-key-of-a-page")

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location


@pytest.mark.parametrize("kind", [AccountKind.SECADMIN, AccountKind.AUDITOR])
def test_the_other_administrators_read_and_change_nothing(
    bureau: Bureau, admin_of: AdminOf, kind: AccountKind
) -> None:
    pages = admin_of(kind)
    home = f"/organization/units/{bureau.city.station}"

    assert pages.get(home).status_code == 200
    assert pages.get("/organization/units/new").status_code == 403
    assert pages.post("/organization/units/new", new_unit(bureau)).status_code == 403
    for deed in CHANGES:
        assert pages.get(f"{home}/change/{deed}").status_code == 403
        assert pages.post(f"{home}/change/{deed}", {}).status_code == 403
    assert "设立下级单位" not in pages.get(home).text


def test_an_office_ranks_its_units_and_changes_nothing_else(bureau: Bureau, client_of: ClientOf) -> None:
    pages = client_of(bureau.city.zheng)
    path = f"/organization/units/{bureau.city.station}/ranking"

    assert pages.post("/organization/units/new", new_unit(bureau)).status_code == 403
    assert pages.get(f"/organization/units/{bureau.city.politics}/ranking").status_code == 404
    assert pages.get(path).status_code == 200
    assert pages.post(path, {"sequence": "城区派出所", "ranked": "1"}).status_code == 303
    changed = unit(bureau, bureau.city.station)
    assert (changed.sequence, changed.ranked, changed.pilot) == ("城区派出所", True, False)


def test_an_officer_ranks_nobody(bureau: Bureau, client_of: ClientOf) -> None:
    pages = client_of(bureau.city.wang)

    assert pages.get(f"/organization/units/{bureau.city.station}/ranking").status_code == 403


def test_the_system_administrator_leaves_rankings_to_the_offices(bureau: Bureau, keeper: Pages) -> None:
    assert keeper.get(f"/organization/units/{bureau.city.station}/ranking").status_code == 403


def test_what_is_not_there_is_not_found(bureau: Bureau, keeper: Pages) -> None:
    assert keeper.get("/organization/units/999/change/rename").status_code == 404
    assert keeper.get(f"/organization/units/{bureau.city.station}/change/explode").status_code == 404
    assert keeper.post("/organization/units/999/change/abolish", {}).status_code == 404
