"""My indicators, the tree of an issuing, the parts nobody holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.scheme.indicator import commands as indicators
from kaohe_flow.scheme.issuance import commands, queries
from kaohe_flow.scheme.issuance.model import Assignment
from kaohe_flow.scheme.issuance.queries import Branch
from kaohe_flow.scheme.issuance.rules import AssignmentNotFound, AssignmentState, Order, Part, Progress
from kaohe_flow.scheme.period import commands as periods
from kaohe_flow.scheme.period.rules import campaign_period, quarter_period
from tests.factories.organization import MiniCity
from tests.factories.scheme import Sheet, any_rule, assigned, content, effective, open_month

YEAR = queries.year_term(2026)


@pytest.fixture
def mine(work: Work, sheet: Sheet, city: MiniCity) -> Assignment:
    """Ten of the task indicator in the hands of Zhao of the squad."""
    return assigned(work, sheet.task, city.zhao, city.squad)


def test_an_officer_sees_the_indicator_the_target_and_the_part_of_the_unit_it_came_from(
    session: Session, mine: Assignment, sheet: Sheet, city: MiniCity
) -> None:
    (held,) = queries.assigned_to(session, city.zhao, sheet.period.id)

    assert (held.code, held.assignment.target) == ("BIZ-07", Decimal(10))
    assert held.version.evidence_kinds == ["调解协议", "系统截图"]
    assert held.above is not None
    assert queries.holder_name(held.above) == "城关派出所社区中队"


def test_others_see_nothing_of_it(session: Session, mine: Assignment, sheet: Sheet, city: MiniCity) -> None:
    assert queries.assigned_to(session, city.wang, sheet.period.id) == ()


def test_a_unit_sees_its_own_part(session: Session, mine: Assignment, sheet: Sheet, city: MiniCity) -> None:
    (held,) = queries.assigned_to_unit(session, city.station, sheet.period.id)

    assert held.above is not None
    assert held.above.to_unit_id == city.county


def test_after_a_revision_the_officer_sees_the_wording_of_the_month(
    work: Work, mine: Assignment, sheet: Sheet, city: MiniCity
) -> None:
    december = open_month(work, 2026, 12)
    second = indicators.revise(
        work, sheet.task.indicator_id, content(base_points=Decimal(8)), check_rule=any_rule
    )
    indicators.make_effective(work, second.id, from_period_id=december.id, check_rule=any_rule)

    (november,) = queries.assigned_to(work.session, city.zhao, sheet.period.id)
    (later,) = queries.assigned_to(work.session, city.zhao, december.id)
    assert (november.version.number, later.version.number) == (1, 2)


def test_a_year_ends_with_its_last_month(work: Work, mine: Assignment, city: MiniCity) -> None:
    assert queries.assigned_to(work.session, city.zhao, open_month(work, 2026, 12).id)
    assert queries.assigned_to(work.session, city.zhao, open_month(work, 2027, 1).id) == ()


def test_a_quarter_belongs_to_the_year_in_which_it_ends(work: Work, mine: Assignment, city: MiniCity) -> None:
    fourth, first = (
        periods.open_period(work, quarter_period(*each)).period for each in ((2026, 4), (2027, 1))
    )
    late = effective(work, "BIZ-90", open_month(work, 2026, 9))
    assigned(work, late, city.zhao, city.squad)

    assert [held.code for held in queries.assigned_to(work.session, city.zhao, fourth.id)] == ["BIZ-90"]
    assert queries.assigned_to(work.session, city.zhao, first.id) == ()


def test_a_month_before_the_indicator_was_in_force_shows_nothing(
    work: Work, mine: Assignment, city: MiniCity
) -> None:
    assert queries.assigned_to(work.session, city.zhao, open_month(work, 2026, 10).id) == ()


def test_a_campaign_is_issued_for_its_own_days(work: Work, sheet: Sheet, city: MiniCity) -> None:
    span = campaign_period("XJ", "夏季行动", date(2026, 11, 1), date(2026, 11, 20))
    campaign = periods.open_period(work, span).period
    special = effective(work, "SPEC-01", campaign)
    term = queries.period_term(work.session, campaign.id)
    part = Part(to_officer_id=city.chu)
    commands.issue_to_children(work, Order(special.id, city.bureau, term, (part,)))

    (held,) = queries.assigned_to(work.session, city.chu, campaign.id)
    assert held.code == "SPEC-01"
    assert queries.assigned_to(work.session, city.chu, sheet.period.id) == ()


def test_only_what_is_in_effect_can_be_asked_for(
    work: Work, mine: Assignment, sheet: Sheet, city: MiniCity
) -> None:
    effective_now = queries.assigned_to(work.session, city.zhao, sheet.period.id, effective_only=True)
    assert [held.assignment.id for held in effective_now] == [mine.id]

    mine.state = AssignmentState.ISSUED
    assert queries.assigned_to(work.session, city.zhao, sheet.period.id)
    assert queries.assigned_to(work.session, city.zhao, sheet.period.id, effective_only=True) == ()


def test_what_was_taken_back_is_no_longer_mine(
    work: Work, mine: Assignment, sheet: Sheet, city: MiniCity
) -> None:
    commands.withdraw(work, mine.tree_id, reason="指标调整")

    assert queries.assigned_to(work.session, city.zhao, sheet.period.id) == ()


def test_my_indicators_cost_the_same_however_many_there_are(
    work: Work, mine: Assignment, sheet: Sheet, city: MiniCity, statements: list[str]
) -> None:
    for number in range(5):
        more = effective(work, f"BIZ-1{number}", sheet.period)
        assigned(work, more, city.zhao, city.squad)
    work.session.flush()
    work.session.expire_all()
    statements.clear()

    held = queries.assigned_to(work.session, city.zhao, sheet.period.id)
    words = [(each.code, each.version.name, each.above and queries.holder_name(each.above)) for each in held]

    assert len(words) == 6
    assert len(statements) <= 4


@pytest.fixture
def tree(work: Work, sheet: Sheet, city: MiniCity) -> Assignment:
    """Ten for the county: six to the near station (kept by Wang), four to the far one (silent)."""
    root = commands.issue_to_children(
        work, Order(sheet.task.id, city.bureau, YEAR, (Part(city.county, target=Decimal(10)),), Decimal(10))
    )
    (county,) = queries.children(work.session, root.id)
    commands.acknowledge(work, county.id)
    near, _ = commands.decompose(
        work,
        county.id,
        [Part(city.station, target=Decimal(6)), Part(city.far_station, target=Decimal(4))],
        due_at=datetime(2026, 11, 13, 15, 59, 59, tzinfo=UTC),
    )
    commands.acknowledge(work, near.id)
    kept = commands.keep_at_own_level(work, near.id, city.wang)
    commands.acknowledge(work, kept.id)
    return root


def told(branch: Branch) -> list[tuple[str, Progress]]:
    below = [line for child in branch.children for line in told(child)]
    return [(branch.name, branch.progress), *below]


def test_the_tree_tells_how_far_everybody_is(session: Session, tree: Assignment) -> None:
    assert told(queries.progress_tree(session, tree.id)) == [
        ("市局考核办", Progress.IN_WORK),
        ("青松县公安局", Progress.IN_WORK),
        ("城关派出所", Progress.DONE),
        ("王小明", Progress.DONE),
        ("河口派出所", Progress.ISSUED),
    ]


def test_the_tree_can_be_seen_from_any_node(session: Session, tree: Assignment, city: MiniCity) -> None:
    (county,) = queries.children(session, tree.id)
    near, _ = queries.children(session, county.id)

    branch = queries.progress_tree(session, near.id)

    assert told(branch) == [("城关派出所", Progress.DONE), ("王小明", Progress.DONE)]
    assert branch.children[0].is_person


def test_a_tree_costs_two_statements(session: Session, tree: Assignment, statements: list[str]) -> None:
    root_id = tree.id
    session.expire_all()
    statements.clear()

    told(queries.progress_tree(session, root_id))

    assert len(statements) == 2


def test_coverage_lists_the_part_without_an_officer(
    session: Session, tree: Assignment, city: MiniCity
) -> None:
    (gap,) = queries.coverage(session, root_id=tree.id)

    assert (gap.unit_name, gap.missing, gap.version.indicator.code) == ("河口派出所", Decimal(4), "BIZ-07")


def test_a_refused_part_falls_back_on_the_county(work: Work, tree: Assignment) -> None:
    (gap,) = queries.coverage(work.session)
    commands.refuse(work, gap.assignment.id, reason="本所无此职责")

    (left,) = queries.coverage(work.session)
    assert (left.unit_name, left.missing) == ("青松县公安局", Decimal(4))


def test_coverage_can_be_asked_for_a_subtree_and_for_a_day(
    session: Session, tree: Assignment, city: MiniCity
) -> None:
    assert queries.coverage(session, unit_id=city.station) == ()
    assert len(queries.coverage(session, unit_id=city.county)) == 1
    assert len(queries.coverage(session, day=date(2026, 12, 25))) == 1
    assert queries.coverage(session, day=date(2026, 12, 26)) == ()


def test_who_has_not_acknowledged_in_time_is_found(work: Work, tree: Assignment, city: MiniCity) -> None:
    limit = datetime(2026, 11, 13, 15, 59, 59, tzinfo=UTC)

    assert queries.overdue(work.session, limit) == []
    (late,) = queries.overdue(work.session, replace(work, now=datetime(2026, 11, 14, tzinfo=UTC)).now)
    assert late.to_unit_id == city.far_station


def test_what_was_issued_is_listed_by_unit_and_by_day(
    session: Session, tree: Assignment, city: MiniCity
) -> None:
    assert queries.roots(session, unit_id=city.bureau, day=date(2026, 11, 10)) == [tree]
    assert queries.roots(session, unit_id=city.county) == []
    assert queries.roots(session, day=date(2027, 11, 10)) == []


def test_an_unknown_assignment_has_no_tree(session: Session) -> None:
    with pytest.raises(AssignmentNotFound):
        queries.progress_tree(session, 999)
