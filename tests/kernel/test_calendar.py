"""Working days: the day after is the first; holidays do not count, make-up days do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_flow.kernel.calendar import WorkCalendar, end_of, local_day, start_of

GOLDEN_WEEK = WorkCalendar(
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)),
    makeup_days=frozenset({date(2026, 10, 10)}),
)


def test_the_first_working_day_is_the_day_after() -> None:
    assert WorkCalendar().add(date(2026, 11, 10), 1) == date(2026, 11, 11)


def test_weekends_holidays_and_make_up_days_are_respected() -> None:
    assert GOLDEN_WEEK.add(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert GOLDEN_WEEK.add(date(2026, 10, 9), 1) == date(2026, 10, 10)


def test_a_limit_ends_with_the_last_second_of_its_day_in_shanghai() -> None:
    late_evening = datetime(2026, 11, 10, 15, 30, tzinfo=UTC)

    assert WorkCalendar().deadline(late_evening, 3) == datetime(2026, 11, 13, 15, 59, 59, tzinfo=UTC)


def test_limits_do_not_lie_in_the_past() -> None:
    with pytest.raises(ValueError, match="future"):
        WorkCalendar().add(date(2026, 11, 10), -1)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 60))
def test_counting_back_gives_the_number_of_days_asked_for(day: date, count: int) -> None:
    assert GOLDEN_WEEK.working_days_between(day, GOLDEN_WEEK.add(day, count)) == count


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_a_day_begins_and_ends_on_itself(day: date) -> None:
    assert local_day(start_of(day)) == local_day(end_of(day)) == day
    assert end_of(day) + timedelta(seconds=1) == start_of(day + timedelta(days=1))
