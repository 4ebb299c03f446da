"""Dates, instants and durations. Text without an offset is Asia/Shanghai, results are UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_flow.kernel.feel import FeelError, compile_expression

GIVES = {
    'date("2025-06-30")': date(2025, 6, 30),
    "date(2025, 6, 30)": date(2025, 6, 30),
    'date(date and time("2025-06-30T17:00:00Z"))': date(2025, 7, 1),
    'date and time("2025-06-30T18:00:00")': datetime(2025, 6, 30, 10, tzinfo=UTC),
    'date and time("2025-06-30T18:00")': datetime(2025, 6, 30, 10, tzinfo=UTC),
    'date and time("2025-06-30T18:00:00Z")': datetime(2025, 6, 30, 18, tzinfo=UTC),
    'date and time("2025-06-30T18:00:00.250-04:00")': datetime(2025, 6, 30, 22, 0, 0, 250_000, tzinfo=UTC),
    'date and time(date("2025-06-30"))': datetime(2025, 6, 29, 16, tzinfo=UTC),
    'date and time(date("2025-06-30"), "23:59:59")': datetime(2025, 6, 30, 15, 59, 59, tzinfo=UTC),
    'date and time("2025-06-30", "18:00")': datetime(2025, 6, 30, 10, tzinfo=UTC),
    'duration("P3D")': timedelta(days=3),
    'duration("PT8H30M")': timedelta(hours=8, minutes=30),
    'duration("-PT0.5S")': timedelta(milliseconds=-500),
    'date("2025-01-31") + duration("P1D")': date(2025, 2, 1),
    'duration("P1D") + date("2025-01-31")': date(2025, 2, 1),
    'date("2025-01-31") + duration("P1M")': date(2025, 2, 28),
    'date("2024-02-29") + duration("P1Y")': date(2025, 2, 28),
    'date("2025-03-31") - duration("P1M")': date(2025, 2, 28),
    'date("2025-01-15") - duration("P1Y1M")': date(2023, 12, 15),
    'date("2025-06-30") - date("2025-06-01")': timedelta(days=29),
    'date and time("2025-06-30T18:00") + duration("PT6H") = date and time("2025-07-01T00:00")': True,
    'date and time("2025-01-31T18:00") + duration("P1M") = date and time("2025-02-28T18:00")': True,
    'date and time("2025-06-30T18:00:00Z") - date and time("2025-06-30T18:00:00+08:00")': timedelta(hours=8),
    'date and time("2025-06-30T18:00:00+08:00") = date and time("2025-06-30T10:00:00Z")': True,
    'duration("P1D") * 1.5': timedelta(hours=36),
    '2 * duration("P1D")': timedelta(days=2),
    'duration("P1D") / 4': timedelta(hours=6),
    'duration("P1D") / duration("PT6H") = 4': True,
    'duration("P1D") + duration("PT1H") - duration("PT2H")': timedelta(hours=23),
    '-duration("P1D")': timedelta(days=-1),
    'duration("P1D") > duration("PT23H")': True,
    'date("2025-06-30") in [date("2025-06-26")..date("2025-07-25")]': True,
    'date("2025-06-30") between date("2025-07-01") and date("2025-07-25")': False,
    'string(date and time("2025-06-30T10:00:00Z"))': "2025-06-30T18:00:00+08:00",
}


@pytest.mark.parametrize(("text", "expected"), GIVES.items(), ids=list(GIVES))
def test_the_calendar_answers(text, expected):
    assert compile_expression(text).evaluate({}) == expected


REFUSES = [
    'date("2025-13-01")',
    'date("2025-6-1")',
    'date("20250601")',
    'date("2025-W01-1")',
    'date("202\uff15-06-01")',
    'date("0001-01-01")',
    'date("9999-01-01")',
    "date(2025, 13, 1)",
    "date(2025, 6)",
    "date(2025.5, 6, 1)",
    "date(true)",
    'date and time("2025-06-30")',
    'date and time("2025-06-30 18:00")',
    'date and time("2025-06-30T24:30:00")',
    'date and time("2025-06-30T18:00:00+99:00")',
    'date and time("2025-06-30T18:00:00[Asia/Shanghai]")',
    'date and time(date("2025-06-30"), "25:00")',
    'date and time(date("2025-06-30"), "6pm")',
    'duration("P")',
    'duration("PT")',
    'duration("P1DT")',
    'duration("3D")',
    'duration("P1M2D")',
    'duration("P1M2W")',
    'duration("P1.5D")',
    'duration("P9999999999D")',
    'duration("P999999D")',
    'duration("P1M")',
    '[duration("P1M")]',
    '{a: duration("P1M")}',
    'duration("P1M") + duration("P1D")',
    'duration("P1M") > duration("P1D")',
    'date("2025-01-01") + 1',
    'date("2025-01-01") + duration("PT1H")',
    'date("2025-01-01") + date("2025-01-01")',
    'date("2025-01-01") < "2025-01-02"',
    'date("2999-12-31") + duration("P1D")',
    'date("1900-01-01") - duration("P1M")',
    'date("2025-01-01") + duration("P9999Y")',
    'duration("P1D") / 0',
    'duration("P1D") / duration("PT0S")',
    'duration("P300000D") + duration("P300000D")',
    'duration("P1D") * 10 ** 20',
    '-date("2025-01-01")',
]


@pytest.mark.parametrize("text", REFUSES)
def test_the_calendar_refuses(text):
    with pytest.raises(FeelError):
        compile_expression(text).evaluate({})


@given(
    st.dates(date(1901, 1, 1), date(2998, 12, 31)),
    st.integers(-300, 300),
)
def test_a_date_moved_by_days_comes_back(day, days):
    context = {"day": day, "length": timedelta(days=days)}

    assert compile_expression("day + length - length").evaluate(context) == day
    assert compile_expression("(day + length) - day = length").evaluate(context) is True


@given(st.timedeltas(timedelta(days=-300_000), timedelta(days=300_000)))
def test_a_duration_written_is_read_back(length):
    assert compile_expression("duration(string(length))").evaluate({"length": length}) == length


@given(st.datetimes(datetime(1992, 1, 1), datetime(2998, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_an_instant_written_is_read_back(moment):
    assert compile_expression("date and time(string(at)) = at").evaluate({"at": moment}) is True
