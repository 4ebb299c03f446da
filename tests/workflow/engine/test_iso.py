"""ISO 8601 as the engine reads it: strict, with offsets, months on the calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe_flow.kernel.calendar import SHANGHAI
from kaohe_flow.workflow.engine.iso import BadTime, duration_text, parse_cycle, parse_moment, parse_span

MONDAY = datetime(2025, 11, 24, 1, 0, tzinfo=UTC)
FIRST, LAST = (datetime(year, 1, 1) for year in (2000, 2090))  # noqa: DTZ001 - hypothesis asks for naive bounds


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "2D", "P-1D", "P1.5D", "P1S", "PT1D", "P1DT", "p1d", "P999Y", "-P1D", "P1D "]
)
def test_durations_are_read_strictly(text: str) -> None:
    with pytest.raises(BadTime):
        parse_span(text)


@pytest.mark.parametrize("text", ["", "2025-11-25T18:00:00", "2025-13-01", "明天", "2025-02-30T00:00:00Z"])
def test_moments_need_an_offset_and_a_real_day(text: str) -> None:
    with pytest.raises(BadTime):
        parse_moment(text)


@pytest.mark.parametrize("text", ["R0/P1D", "R3", "P1D", "R/PT59S", "0 0 8 * * ?", "R1/P1D/P1D", "R3/x/P1D"])
def test_cycles_are_read_strictly(text: str) -> None:
    with pytest.raises(BadTime):
        parse_cycle(text)


@settings(deadline=None)
@given(st.integers(0, 400), st.integers(0, 86_399))
def test_durations_survive_being_written(days: int, seconds: int) -> None:
    exact = timedelta(days=days, seconds=seconds)

    assert parse_span(duration_text(exact)).after(MONDAY) == MONDAY + exact


@settings(deadline=None)
@given(st.datetimes(FIRST, LAST), st.integers(1, 60))
def test_months_end_on_the_same_day_or_the_last_of_the_month(moment: datetime, months: int) -> None:

    start = moment.replace(tzinfo=SHANGHAI)

    end = parse_span(f"P{months}M").after(start).astimezone(SHANGHAI)

    assert end.day == start.day or (end + timedelta(days=1)).day == 1
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.timetz() == start.timetz()
