"""Periods are opened by people and closed by the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from kaohe_flow.kernel.actor import CLOCK
from kaohe_flow.kernel.calendar import SHANGHAI
from kaohe_flow.kernel.unit_of_work import Database, Work
from kaohe_flow.records.audit.queries import about
from kaohe_flow.scheme.period import commands, queries
from kaohe_flow.scheme.period.commands import FreeDay
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scheme.period.rules import (
    DayOffKind,
    DaysOffRefused,
    PeriodClashes,
    PeriodKind,
    PeriodNotFound,
    PeriodOutOfTurn,
    PeriodState,
    Span,
    TooEarly,
    campaign_period,
    month_period,
    quarter_period,
)


def at(work: Work, *clock: int) -> Work:
    return replace(work, now=datetime(*clock, tzinfo=SHANGHAI))  # type: ignore[arg-type, misc]


@pytest.fixture
def november(work: Work) -> Period:
    return commands.open_period(work, month_period(2026, 11)).period


@pytest.fixture
def noticed(work: Work, november: Period) -> Period:
    commands.close_submission(at(work, 2026, 11, 26), november.id)
    commands.begin_notice(at(work, 2026, 11, 30, 9), november.id)
    return november


def test_a_month_is_opened_with_the_windows_of_a_month(november: Period) -> None:
    assert november.state is PeriodState.OPEN
    assert (november.review_wd, november.notice_wd) == (3, 3)


def test_opening_the_same_month_again_changes_nothing(work: Work, november: Period) -> None:
    again = commands.open_period(work, month_period(2026, 11))

    assert again.period is november
    assert not again.is_new
    assert len(about(work.session, f"period:{november.id}")) == 1


@pytest.mark.parametrize("rival", [month_period(2026, 11, 24), month_period(2026, 12, 20)])
def test_two_months_cannot_share_days(work: Work, november: Period, rival: Span) -> None:
    with pytest.raises(PeriodClashes, match="2026年11月"):
        commands.open_period(work, rival)


def test_months_quarters_and_campaigns_run_side_by_side(work: Work, november: Period) -> None:
    commands.open_period(work, quarter_period(2026, 4))
    for code in ("A", "B"):
        commands.open_period(work, campaign_period(code, "行动", date(2026, 11, 1), date(2026, 11, 10)))

    assert queries.listing(work.session).total == 4


def test_reporting_closes_as_of_the_cut_off_however_late_the_clock_comes(
    work: Work, november: Period
) -> None:
    assert commands.close_submission(at(work, 2026, 11, 27, 8), november.id)

    assert november.state is PeriodState.SUBMISSION_CLOSED
    assert november.submission_closed_at == datetime(2026, 11, 25, 15, 59, 59, tzinfo=UTC)


def test_closing_twice_changes_nothing_and_says_so(work: Work, november: Period) -> None:
    commands.close_submission(at(work, 2026, 11, 26), november.id)
    version = november.version

    assert commands.close_submission(at(work, 2026, 11, 26, 1), november.id) is False
    work.session.flush()
    assert november.version == version


def test_nobody_closes_a_month_before_its_cut_off(work: Work, november: Period) -> None:
    with pytest.raises(TooEarly, match="2026年11月25日 23:59:59"):
        commands.close_submission(at(work, 2026, 11, 25, 23, 59, 59), november.id)


def test_a_notice_cannot_begin_while_reports_are_taken(work: Work, november: Period) -> None:
    with pytest.raises(PeriodOutOfTurn, match="报送中"):
        commands.begin_notice(work, november.id)


def test_a_notice_lasts_its_working_days_on_the_maintained_calendar(work: Work, november: Period) -> None:
    commands.set_days_off(work, 2026, [FreeDay(date(2026, 12, 2), DayOffKind.HOLIDAY, "停电检修")])
    commands.close_submission(at(work, 2026, 11, 26), november.id)

    assert commands.begin_notice(at(work, 2026, 11, 30, 9), november.id)

    assert november.notice_until == datetime(2026, 12, 4, 15, 59, 59, tzinfo=UTC)
    assert commands.begin_notice(at(work, 2026, 12, 1), november.id) is False
    assert november.notice_from == datetime(2026, 11, 30, 1, 0, tzinfo=UTC)


def test_the_diagram_may_set_another_window(work: Work, november: Period) -> None:
    commands.close_submission(at(work, 2026, 11, 26), november.id)
    commands.begin_notice(at(work, 2026, 11, 30), november.id, notice_wd=1)

    assert november.notice_until == datetime(2026, 12, 1, 15, 59, 59, tzinfo=UTC)


def test_an_unsigned_result_is_sealed_all_the_same_and_marked(work: Work, noticed: Period) -> None:
    assert commands.seal(at(work, 2026, 12, 4), noticed.id, signed=False)

    assert noticed.is_sealed
    assert noticed.sealed_unsigned


def test_sealing_twice_changes_nothing_and_says_so(work: Work, noticed: Period) -> None:
    commands.seal(at(work, 2026, 12, 4), noticed.id, signed=True)

    assert commands.seal(at(work, 2026, 12, 9), noticed.id, signed=False) is False
    assert not noticed.sealed_unsigned
    assert noticed.sealed_at == datetime(2026, 12, 3, 16, 0, tzinfo=UTC)
    assert commands.close_submission(at(work, 2026, 12, 9), noticed.id) is False
    assert commands.begin_notice(at(work, 2026, 12, 9), noticed.id) is False


def test_nobody_seals_while_objections_may_still_come(work: Work, noticed: Period) -> None:
    with pytest.raises(TooEarly, match="2026年12月3日 23:59:59"):
        commands.seal(at(work, 2026, 12, 3, 23, 59, 59), noticed.id, signed=True)


def test_a_result_is_not_sealed_without_a_notice(work: Work, november: Period) -> None:
    commands.close_submission(at(work, 2026, 11, 26), november.id)

    with pytest.raises(PeriodOutOfTurn, match="报送已截止"):
        commands.seal(at(work, 2027, 1, 1), november.id, signed=True)


def test_an_unknown_period_cannot_be_closed(work: Work) -> None:
    with pytest.raises(PeriodNotFound):
        commands.close_submission(work, 99)


def test_every_step_stands_in_the_audit_trail(work: Work, noticed: Period) -> None:
    commands.seal(at(work, 2026, 12, 4), noticed.id, signed=True)

    assert [entry.deed for entry in about(work.session, f"period:{noticed.id}")] == [
        "period.open",
        "period.close_submission",
        "period.begin_notice",
        "period.seal",
    ]


def test_the_database_itself_refuses_a_seal_without_its_instant(work: Work, november: Period) -> None:
    november.state = PeriodState.RESULT_SEALED

    with pytest.raises(IntegrityError):
        work.session.flush()
    work.session.rollback()


def test_two_clocks_fire_one_after_the_other_and_only_one_changes_anything(database: Database) -> None:
    late = datetime(2026, 11, 26, tzinfo=UTC)
    with database.write_tx(CLOCK, late) as work:
        period_id = commands.open_period(work, month_period(2026, 11)).period.id

    fired = []
    for _ in range(2):
        with database.write_tx(CLOCK, late + timedelta(minutes=1)) as work:
            fired.append(commands.close_submission(work, period_id))

    assert fired == [True, False]


def test_the_holiday_list_of_a_year_is_replaced_as_a_whole(work: Work) -> None:
    commands.set_days_off(work, 2026, [FreeDay(date(2026, 10, 1), DayOffKind.HOLIDAY, "国庆节")])
    commands.set_days_off(work, 2027, [FreeDay(date(2027, 1, 1), DayOffKind.HOLIDAY, "元旦")])
    commands.set_days_off(
        work,
        2026,
        [
            FreeDay(date(2026, 10, 2), DayOffKind.HOLIDAY, "国庆节"),
            FreeDay(date(2026, 10, 10), DayOffKind.MAKEUP, "国庆节调休"),
        ],
    )

    calendar = queries.calendar(work.session)
    assert calendar.is_workday(date(2026, 10, 1))
    assert not calendar.is_workday(date(2026, 10, 2))
    assert calendar.is_workday(date(2026, 10, 10))
    assert not calendar.is_workday(date(2027, 1, 1))
    assert [row.name for row in queries.days_off(work.session, 2026)] == ["国庆节", "国庆节调休"]


def test_a_contradictory_holiday_list_is_refused_whole(work: Work) -> None:
    with pytest.raises(DaysOffRefused):
        commands.set_days_off(work, 2026, [FreeDay(date(2026, 10, 9), DayOffKind.MAKEUP, "x")])

    assert queries.days_off(work.session, 2026) == []


def test_periods_of_other_kinds_keep_their_own_notice_window(work: Work) -> None:
    assert commands.open_period(work, quarter_period(2026, 4)).period.notice_wd == 5
    assert queries.by_code(work.session, "2026-Q4", PeriodKind.QUARTER).review_wd == 3
