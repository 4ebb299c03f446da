from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_flow.demo.diary import Diary
from kaohe_flow.demo.holidays import YEARS, days_off
from kaohe_flow.demo.seasons import founding, spans
from kaohe_flow.kernel.calendar import WorkCalendar, local_day, start_of
from kaohe_flow.scheme.period.rules import DayOffKind, days_off_faults

START = datetime(2026, 1, 27, tzinfo=UTC)
MOMENTS = st.integers(0, 690 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
CALENDAR = WorkCalendar(
    holidays=frozenset(one.day for year in YEARS for one in days_off(year) if one.kind is DayOffKind.HOLIDAY)
)


@pytest.mark.parametrize("year", YEARS)
def test_the_list_of_holidays_contradicts_itself_nowhere(year: int) -> None:
    assert not days_off_faults([(one.day, one.kind) for one in days_off(year)], year)


@given(MOMENTS)
def test_the_two_months_meet_and_the_later_one_holds_today(now: datetime) -> None:
    before, current = spans(now)

    assert current.contains(local_day(now))
    assert current.starts_on - before.ends_on == timedelta(days=1)
    assert founding(now) < start_of(before.starts_on)


@given(MOMENTS, st.integers())
def test_nothing_is_reported_before_its_month_or_after_now(now: datetime, seed: int) -> None:
    diary = Diary(CALENDAR, now, Random(seed))

    for span in spans(now):
        at = diary.submission(span)
        assert start_of(span.starts_on) <= at <= min(span.cutoff_at, now)


@given(MOMENTS, st.integers())
def test_desk_work_is_done_in_office_hours(moment: datetime, seed: int) -> None:
    at = Diary(CALENDAR, moment, Random(seed)).after(moment, 1, 30)

    assert CALENDAR.is_workday(local_day(at))
    assert at > moment
