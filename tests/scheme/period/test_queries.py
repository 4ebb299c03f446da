"""Which period takes a report, and what it says when it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from kaohe_flow.kernel.calendar import SHANGHAI
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.scheme.period import commands, queries
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scheme.period.rules import (
    PeriodClosed,
    PeriodKind,
    PeriodNotFound,
    PeriodNotStarted,
    PeriodSealed,
    campaign_period,
    month_period,
)

LAST_SECOND = datetime(2026, 11, 25, 23, 59, 59, tzinfo=SHANGHAI)
MIDNIGHT = datetime(2026, 11, 26, tzinfo=SHANGHAI)


@pytest.fixture
def november(work: Work) -> Period:
    return commands.open_period(work, month_period(2026, 11)).period


@pytest.fixture
def december(work: Work, november: Period) -> Period:
    return commands.open_period(work, month_period(2026, 12)).period


def test_a_report_of_the_last_second_counts_in_its_month(session: Session, november: Period) -> None:
    assert queries.open_period_for(session, LAST_SECOND) is november
    assert queries.accepting(session, november.id, LAST_SECOND) is november


def test_a_report_at_midnight_is_refused_for_november_and_led_to_december(
    session: Session, november: Period, december: Period
) -> None:
    with pytest.raises(PeriodClosed) as refusal:
        queries.accepting(session, november.id, MIDNIGHT)

    assert "2026年11月25日 23:59:59" in str(refusal.value)
    assert "2026年12月" in str(refusal.value)


def test_a_report_at_midnight_belongs_to_december(session: Session, december: Period) -> None:
    assert queries.open_period_for(session, MIDNIGHT) is december


def test_without_a_next_month_the_refusal_still_reads(session: Session, november: Period) -> None:
    with pytest.raises(PeriodClosed, match="待建立"):
        queries.accepting(session, november.id, MIDNIGHT)


def test_a_month_that_was_not_opened_is_named(session: Session, november: Period) -> None:
    with pytest.raises(PeriodNotFound, match="2026-11-26"):
        queries.open_period_for(session, MIDNIGHT)


def test_a_closed_month_takes_nothing_even_for_a_moment_before_the_cut_off(
    work: Work, november: Period
) -> None:
    commands.close_submission(replace(work, now=MIDNIGHT), november.id)

    with pytest.raises(PeriodClosed):
        queries.accepting(work.session, november.id, LAST_SECOND)


def test_a_month_opened_ahead_takes_nothing_yet(session: Session, december: Period) -> None:
    with pytest.raises(PeriodNotStarted, match="2026-11-26"):
        queries.accepting(session, december.id, LAST_SECOND)


def test_points_may_be_entered_until_the_seal(work: Work, november: Period) -> None:
    commands.close_submission(replace(work, now=MIDNIGHT), november.id)
    assert queries.writable(work.session, november.id) is november
    commands.begin_notice(replace(work, now=MIDNIGHT), november.id)
    commands.seal(replace(work, now=datetime(2026, 12, 8, 1, 2, 3, tzinfo=UTC)), november.id, signed=True)

    with pytest.raises(PeriodSealed, match="2026年12月8日 09:02:03"):
        queries.writable(work.session, november.id)
    with pytest.raises(PeriodSealed):
        queries.accepting(work.session, november.id, LAST_SECOND)


def test_campaign_and_month_run_on_their_own_calendars(work: Work, november: Period) -> None:
    span = campaign_period("XJ", "夏季行动", date(2026, 11, 1), date(2026, 11, 10))
    campaign = commands.open_period(work, span).period
    after = datetime(2026, 11, 11, tzinfo=SHANGHAI)

    with pytest.raises(PeriodClosed):
        queries.accepting(work.session, campaign.id, after)
    assert queries.open_period_for(work.session, after) is november
    assert queries.current(work.session, LAST_SECOND.replace(day=9), PeriodKind.CAMPAIGN) is campaign


def test_the_clock_finds_what_is_due_and_nothing_else(work: Work, november: Period, december: Period) -> None:
    session = work.session
    assert queries.to_close(session, LAST_SECOND.replace(microsecond=900_000)) == []
    assert queries.to_close(session, MIDNIGHT) == [november]

    commands.close_submission(replace(work, now=MIDNIGHT), november.id)
    commands.begin_notice(replace(work, now=MIDNIGHT), november.id)

    assert queries.to_close(session, MIDNIGHT) == []
    assert queries.to_seal(session, datetime(2026, 12, 1, 23, 59, 59, tzinfo=SHANGHAI)) == []
    assert queries.to_seal(session, datetime(2026, 12, 2, tzinfo=SHANGHAI)) == [november]


def test_reviewers_have_three_working_days_after_the_cut_off(session: Session, november: Period) -> None:
    assert queries.review_due(session, november) == datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)


def test_periods_are_listed_by_year_of_their_last_day(work: Work) -> None:
    january = commands.open_period(work, month_period(2027, 1)).period
    december = commands.open_period(work, month_period(2026, 12)).period

    assert list(queries.listing(work.session).rows) == [january, december]
    assert list(queries.listing(work.session, year=2027, kind=PeriodKind.MONTH).rows) == [january]
    assert queries.listing(work.session, kind=PeriodKind.YEAR).total == 0
