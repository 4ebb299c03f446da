"""Issuing through the pages: proposed, approved, received and divided by the people whose turn it is."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_flow.scheme.banlist import commands as banlist
from kaohe_flow.scheme.banlist.rules import Ban
from kaohe_flow.scheme.indicator.rules import Split
from kaohe_flow.scheme.issuance import queries
from kaohe_flow.scheme.issuance.rules import AssignmentState
from kaohe_flow.web.issuance.parts import Recipient, divided, even_start
from kaohe_flow.workflow.instance import queries as running
from tests.factories.casework import Bureau
from tests.factories.scheme import OFFICE
from tests.factories.writing import wide
from tests.web.conftest import ClientOf, Pages


@pytest.fixture
def office(bureau: Bureau, client_of: ClientOf) -> Pages:
    """The office of the city."""
    return client_of(bureau.city.chen)


def order(bureau: Bureau, **changes: Any) -> dict[str, Any]:
    return {
        "unit": bureau.city.bureau,
        "term": "year:2027",
        "total": "10",
        f"unit:{bureau.city.county}": "10",
        **changes,
    }


def proposed(bureau: Bureau, office: Pages, **changes: Any) -> str:
    """The case key of an issuing made through the form."""
    answer = office.post(f"/issuance/new/{bureau.sheet.task.id}", order(bureau, **changes))
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].rpartition("/")[2].replace("%3A", ":")


def decide(bureau: Bureau, pages: Pages, case_key: str, step: str, outcome: str, **typed: Any) -> Any:
    return pages.post(f"/inbox/task/{bureau.task(case_key, step)}", {"outcome": outcome, **typed})


def issued(bureau: Bureau, office: Pages) -> str:
    case_key = proposed(bureau, office)
    assert decide(bureau, office, case_key, "approve_issue", "issue").status_code == 303
    return case_key


def received(bureau: Bureau, office: Pages, county: Pages) -> str:
    case_key = issued(bureau, office)
    assert decide(bureau, county, case_key, "acknowledge", "accept").status_code == 303
    return case_key


def test_an_indicator_goes_from_the_library_to_an_officer_through_the_pages(
    bureau: Bureau, office: Pages, client_of: ClientOf
) -> None:
    city, county, station = bureau.city, client_of(bureau.city.zheng), client_of(bureau.city.qian)
    assert "矛盾纠纷化解" in office.get("/issuance/new").text
    case_key = received(bureau, office, county)

    done = decide(
        bureau,
        county,
        case_key,
        "decompose",
        "done",
        **{f"unit:{city.station}": "6", f"officer:{city.wu}": "4"},
    )
    assert done.status_code == 303
    with bureau.reading() as session:
        root = queries.handing_of(session, case_key).above
        (county_part,) = queries.children(session, root.id)
        part = next(row for row in queries.children(session, county_part.id) if row.to_unit_id)
        below = part.case_key
    assert below is not None
    decide(bureau, station, below, "acknowledge", "accept")
    decide(
        bureau,
        station,
        below,
        "decompose",
        "done",
        pick=[f"officer:{city.wang}"],
        **{f"officer:{city.wang}": wide("6")},
    )

    tree = office.get(f"/issuance/{root.id}").text
    for word in ("青松县公安局", "城关派出所", "王小明", "吴越", "已落实", "没有缺口"):
        assert word in tree
    assert "矛盾纠纷化解" in station.get("/issuance/?view=received").text


def test_the_parts_on_the_form_must_add_up_and_what_was_typed_stays(bureau: Bureau, office: Pages) -> None:
    answer = office.post(
        f"/issuance/new/{bureau.sheet.task.id}",
        order(bureau, **{f"unit:{bureau.city.county}": "9", f"reason-unit:{bureau.city.county}": "基数较低"}),
    )

    assert answer.status_code == 422
    assert "分解合计 9 与上级目标 10 不一致（少 1）" in answer.text
    assert "基数较低" in answer.text
    assert '<option value="year:2027" selected>' in answer.text


def test_every_fault_of_the_form_is_named_at_once(bureau: Bureau, office: Pages) -> None:
    form = order(bureau, term="", total="十", **{f"unit:{bureau.city.county}": "1.2345"})

    answer = office.post(f"/issuance/new/{bureau.sheet.task.id}", form)

    assert answer.status_code == 400
    for said in ("请选择适用时间", "“十”不是数字", "“1.2345”不是数字"):
        assert said in answer.text


def test_an_even_start_divides_by_headcount_and_issues_nothing(bureau: Bureau, office: Pages) -> None:
    path = f"/issuance/new/{bureau.sheet.task.id}"

    filled = office.post(path, {**order(bureau), "deed": "divide", f"unit:{bureau.city.county}": ""})

    values = re.findall(r'name="(?:unit|officer):\d+" value="(\d+)"', filled.text)
    assert filled.status_code == 200
    assert values == ["10"]
    assert '<option value="year:2027" selected>' in filled.text
    with bureau.reading() as session:
        assert not queries.issued_rows(session, [bureau.city.bureau], keyword="NOTHING").rows


def test_wording_banned_meanwhile_wants_the_offices_reason(bureau: Bureau, office: Pages) -> None:
    with bureau.database.write_tx(OFFICE, bureau.now) as work:
        banlist.forbid(work, Ban("化解件数"))
    path = f"/issuance/new/{bureau.sheet.task.id}"

    refused = office.post(path, order(bureau))
    passed = office.post(path, order(bureau, override_reason="化解件数是调解工作的基本统计口径"))

    assert refused.status_code == 422
    assert 'name="override_reason"' in refused.text
    assert passed.status_code == 303


def test_sending_back_wants_a_reason_on_either_side(
    bureau: Bureau, office: Pages, client_of: ClientOf
) -> None:
    case_key = proposed(bureau, office)
    silent = decide(bureau, office, case_key, "approve_issue", "return", opinion=" ")
    assert silent.status_code == 400
    assert "请写明理由" in silent.text
    decide(bureau, office, case_key, "approve_issue", "issue")
    county = client_of(bureau.city.zheng)

    refused = decide(bureau, county, case_key, "acknowledge", "refuse", opinion="不")
    done = decide(bureau, county, case_key, "acknowledge", "refuse", opinion="本单位没有该项职能。")

    assert (refused.status_code, done.status_code) == (400, 303)
    assert "本单位没有该项职能。" in office.get(f"/cases/{case_key}").text


def test_a_refused_part_is_given_to_somebody_else_from_the_inbox(
    bureau: Bureau, office: Pages, client_of: ClientOf
) -> None:
    case_key = issued(bureau, office)
    county = client_of(bureau.city.zheng)
    decide(bureau, county, case_key, "acknowledge", "refuse", opinion="目标值明显偏高")
    with bureau.reading() as session:
        (gone,) = queries.handing_of(session, case_key).refused
    page = office.get(f"/inbox/task/{bureau.task(case_key, 'close_gaps')}").text
    assert "目标值明显偏高" in page

    wrong = decide(
        bureau,
        office,
        case_key,
        "close_gaps",
        "recheck",
        **{f"to-{gone.id}": f"unit:{bureau.city.county}", f"target-{gone.id}": "十"},
    )
    done = decide(
        bureau,
        office,
        case_key,
        "close_gaps",
        "recheck",
        **{f"to-{gone.id}": f"unit:{bureau.city.county}", f"target-{gone.id}": "10"},
    )

    assert (wrong.status_code, done.status_code) == (400, 303)
    with bureau.reading() as session:
        instance = running.of_case(session, case_key)
        assert instance is not None
        assert instance.end_event == "effective"


def test_dividing_in_the_inbox_offers_own_units_and_officers_only(
    bureau: Bureau, office: Pages, client_of: ClientOf
) -> None:
    county = client_of(bureau.city.zheng)
    case_key = received(bureau, office, county)
    task = f"/inbox/task/{bureau.task(case_key, 'decompose')}"

    form = county.get(task).text
    even = county.get(f"{task}?divide=even").text
    wrong = decide(bureau, county, case_key, "decompose", "done", **{f"unit:{bureau.city.station}": "7"})

    assert f'name="unit:{bureau.city.station}" value=""' in form
    assert f'name="officer:{bureau.city.wu}"' in form
    assert f'name="officer:{bureau.city.wang}"' not in form
    assert sum(map(int, re.findall(r'name="(?:unit|officer):\d+" value="(\d+)"', even))) == 10
    assert wrong.status_code == 422
    assert "少 3" in wrong.text
    assert f'name="unit:{bureau.city.station}" value="7"' in wrong.text


def test_a_unit_that_keeps_its_part_says_who_answers_for_it(
    bureau: Bureau, office: Pages, client_of: ClientOf
) -> None:
    county = client_of(bureau.city.zheng)
    case_key = received(bureau, office, county)

    nobody = decide(bureau, county, case_key, "decompose", "keep")
    done = decide(bureau, county, case_key, "decompose", "keep", keeper=bureau.city.wu)

    assert nobody.status_code == 400
    assert "请选择由哪名民警承担" in nobody.text
    assert done.status_code == 303
    with bureau.reading() as session:
        (part,) = queries.handing_of(session, case_key).parts
    assert part.state is AssignmentState.EFFECTIVE


def test_the_lists_show_what_was_issued_received_and_left_over(
    bureau: Bureau, office: Pages, client_of: ClientOf
) -> None:
    county = client_of(bureau.city.zheng)
    received(bureau, office, county)

    assert "2027-12-25" in office.get("/issuance/?view=issued").text
    assert "没有" in office.get("/issuance/?view=issued&q=NOTHING").text
    assert "已签收" in county.get("/issuance/?view=received").text
    assert "尚未分解到人" in county.get("/issuance/?view=gaps").text
    assert county.get("/issuance/?view=nonsense").status_code == 404


def test_nobody_looks_into_another_chain(bureau: Bureau, office: Pages, client_of: ClientOf) -> None:
    case_key = issued(bureau, office)
    with bureau.reading() as session:
        root = queries.handing_of(session, case_key).above.id
    stranger, officer = client_of(bureau.city.zhou), client_of(bureau.city.wang)

    assert stranger.get(f"/issuance/{root}").status_code == 404
    assert stranger.get(f"/cases/{case_key}").status_code == 404
    assert officer.get("/issuance/").status_code == 403
    assert officer.get(f"/issuance/new/{bureau.sheet.task.id}").status_code == 403
    assert office.get("/issuance/99999").status_code == 404


def test_nobody_issues_for_a_unit_whose_office_they_do_not_hold(bureau: Bureau, client_of: ClientOf) -> None:
    county = client_of(bureau.city.zheng)

    answer = county.post(f"/issuance/new/{bureau.sheet.task.id}", order(bureau))

    assert answer.status_code == 404


@given(
    total=st.decimals(min_value=0, max_value=10**6, places=3),
    heads=st.lists(st.integers(min_value=1, max_value=500), min_size=1, max_size=60),
)
def test_dividing_by_head_loses_nothing_and_nobody_gets_less_than_nothing(
    total: Decimal, heads: list[int]
) -> None:
    shares = divided(total, heads)

    assert sum(shares) == total
    assert all(share >= 0 for share in shares)


def test_a_standard_is_the_same_for_everybody() -> None:
    rows = (Recipient("unit:1", "甲", "", 9), Recipient("unit:2", "乙", "", 1))

    assert even_start(rows, (), Decimal(95), Split.SAME) == {"unit:1": "95", "unit:2": "95"}
