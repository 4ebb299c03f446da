"""The library answers what is in force for a period, now and years later."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.scheme.indicator import commands, queries
from kaohe_flow.scheme.indicator.queries import Search
from kaohe_flow.scheme.indicator.rules import IndicatorNotFound, Mode, Module, NotInForce, VersionState
from kaohe_flow.scheme.period import commands as periods
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scheme.period.rules import campaign_period, month_period, quarter_period
from tests.factories.organization import MiniCity
from tests.factories.scheme import Sheet, any_rule, content, effective, open_month

MAY = datetime(2026, 5, 10, tzinfo=UTC)


@pytest.fixture
def revised(work: Work, city: MiniCity) -> tuple[Period, Period, int]:
    """An indicator worth 6 points from January and 8 from July; June, July and its id."""
    in_may = replace(work, now=MAY)
    january, june, july = (open_month(in_may, 2026, month) for month in (1, 6, 7))
    first = effective(in_may, "BIZ-07", january)
    second = commands.revise(in_may, first.indicator_id, content(base_points=Decimal(8)), check_rule=any_rule)
    commands.make_effective(in_may, second.id, from_period_id=july.id, check_rule=any_rule)
    return june, july, first.indicator_id


def test_january_to_june_are_measured_by_the_old_version_for_ever(
    session: Session, revised: tuple[Period, Period, int]
) -> None:
    june, july, indicator_id = revised

    assert queries.in_force(session, indicator_id, june).base_points == Decimal(6)
    assert queries.in_force(session, indicator_id, july).base_points == Decimal(8)


def test_a_quarter_is_measured_by_what_was_in_force_on_its_first_day(
    work: Work, revised: tuple[Period, Period, int]
) -> None:
    third = periods.open_period(work, quarter_period(2026, 3)).period

    assert queries.in_force(work.session, revised[2], third).base_points == Decimal(6)


def test_before_its_first_period_an_indicator_is_not_in_force(
    work: Work, revised: tuple[Period, Period, int]
) -> None:
    december = periods.open_period(work, month_period(2025, 12)).period

    with pytest.raises(NotInForce, match="BIZ-07"):
        queries.in_force(work.session, revised[2], december)
    assert queries.all_in_force(work.session, december) == []


def test_a_retired_indicator_is_in_force_up_to_and_including_its_last_day(work: Work, sheet: Sheet) -> None:
    commands.retire(work, sheet.task.indicator_id, last_period_id=sheet.period.id, reason="任务完成")
    last, after = (
        periods.open_period(work, campaign_period(f"C{day}", "行动", date(2026, 11, day), date(2026, 12, 1)))
        for day in (25, 26)
    )

    assert queries.in_force(work.session, sheet.task.indicator_id, last.period) is sheet.task
    with pytest.raises(NotInForce):
        queries.in_force(work.session, sheet.task.indicator_id, after.period)


def test_a_draft_is_not_in_force(work: Work, sheet: Sheet) -> None:
    drafted = commands.draft(work, "BIZ-99", content(), check_rule=any_rule)

    with pytest.raises(NotInForce):
        queries.in_force(work.session, drafted.indicator_id, sheet.period)


def test_many_indicators_are_found_in_one_statement(
    session: Session, sheet: Sheet, statements: list[str]
) -> None:
    ids = [row.indicator_id for row in (sheet.task, sheet.penalty, sheet.reward)]
    statements.clear()

    found = queries.in_force_of(session, [*ids, 999], sheet.period)

    assert [found[each].indicator.code for each in ids] == ["BIZ-07", "TEAM-08", "REW-01"]
    assert len(statements) == 1


def test_what_does_not_exist_is_not_found(session: Session, sheet: Sheet) -> None:
    for ask in (queries.get, queries.version, queries.latest):
        with pytest.raises(IndicatorNotFound):
            ask(session, 999)
    with pytest.raises(IndicatorNotFound):
        queries.by_code(session, "X")


def codes(session: Session, search: Search) -> list[str]:
    return [row.indicator.code for row in queries.library(session, search).rows]


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        (Search(), ["BIZ-07", "BIZ-99", "REW-01", "TEAM-08"]),
        (Search(module=Module.BUSINESS), ["BIZ-07", "BIZ-99"]),
        (Search(mode=Mode.PENALTY), ["TEAM-08"]),
        (Search(state=VersionState.DRAFT), ["BIZ-99"]),
        (Search(state=VersionState.EFFECTIVE, line="fz"), ["BIZ-07", "REW-01", "TEAM-08"]),
        (Search(line="xz"), []),
        (Search(keyword="嘉奖"), ["REW-01"]),
        (Search(keyword="team 投诉"), ["TEAM-08"]),
        (Search(keyword="%"), []),
        (Search(year=2026), ["BIZ-07", "REW-01", "TEAM-08"]),
        (Search(year=2025), []),
        (Search(ids=frozenset()), []),
    ],
)
def test_the_library_is_searched_by_several_conditions(
    work: Work, sheet: Sheet, search: Search, expected: list[str]
) -> None:
    commands.draft(work, "BIZ-99", content(), check_rule=any_rule)

    assert codes(work.session, search) == expected


def test_an_old_year_shows_the_wording_of_that_year(work: Work, revised: tuple[Period, Period, int]) -> None:
    in_may = replace(work, now=MAY)
    january = open_month(in_may, 2027, 1)
    third = commands.revise(in_may, revised[2], content(base_points=Decimal(9)), check_rule=any_rule)
    commands.make_effective(in_may, third.id, from_period_id=january.id, check_rule=any_rule)

    def points(year: int | None) -> list[Decimal]:
        return [row.base_points for row in queries.library(work.session, Search(year=year)).rows]

    assert points(2026) == [Decimal(8)]
    assert points(2027) == points(None) == [Decimal(9)]
    assert [row.number for row in queries.versions(work.session, revised[2])] == [3, 2, 1]


def test_the_library_is_paged_in_two_statements(
    session: Session, sheet: Sheet, statements: list[str]
) -> None:
    statements.clear()

    page = queries.library(session, Search(size=2, number=2))

    assert [row.indicator.code for row in page.rows] == ["TEAM-08"]
    assert (page.total, page.pages) == (3, 2)
    assert len(statements) == 2
