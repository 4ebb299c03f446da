"""When a period runs and when it stops taking reports."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_flow.kernel.calendar import SHANGHAI
from kaohe_flow.scheme.period.rules import (
    DayOffKind,
    PeriodMisshapen,
    PeriodState,
    campaign_period,
    check_span,
    days_off_faults,
    half_period,
    has_reached,
    in_words,
    is_in_time,
    month_period,
    next_step,
    period_of,
    quarter_period,
    year_period,
)

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
CLOSING_DAYS = st.integers(1, 28)


def shanghai(*clock: int) -> datetime:
    return datetime(*clock, tzinfo=SHANGHAI)  # type: ignore[arg-type, misc]


def test_november_runs_from_the_26th_of_october_to_the_25th() -> None:
    november = month_period(2026, 11)

    assert (november.starts_on, november.ends_on) == (date(2026, 10, 26), date(2026, 11, 25))
    assert (november.code, november.name) == ("2026-11", "2026年11月")
    assert november.cutoff_at == datetime(2026, 11, 25, 15, 59, 59, tzinfo=UTC)


def test_january_begins_on_the_26th_of_december() -> None:
    january = month_period(2027, 1)

    assert (january.starts_on, january.ends_on) == (date(2026, 12, 26), date(2027, 1, 25))


def test_the_first_quarter_runs_from_the_21st_of_december() -> None:
    first, fourth = quarter_period(2026, 1), quarter_period(2026, 4)

    assert (first.starts_on, first.ends_on, first.name) == (
        date(2025, 12, 21),
        date(2026, 3, 20),
        "2026年第一季度",
    )
    assert (fourth.starts_on, fourth.ends_on) == (date(2026, 9, 21), date(2026, 12, 20))


def test_halves_and_years_are_made_of_whole_months() -> None:
    assert half_period(2026, 1).ends_on == month_period(2026, 6).ends_on
    assert half_period(2026, 2).starts_on == month_period(2026, 7).starts_on
    assert half_period(2026, 2).name == "2026年下半年"
    assert year_period(2026).starts_on == date(2025, 12, 26)
    assert year_period(2026).ends_on == date(2026, 12, 25)


@pytest.mark.parametrize(("quarter", "half", "month"), [(0, 0, 0), (5, 3, 13)])
def test_there_are_four_quarters_two_halves_and_twelve_months(quarter: int, half: int, month: int) -> None:
    with pytest.raises(PeriodMisshapen):
        quarter_period(2026, quarter)
    with pytest.raises(PeriodMisshapen):
        half_period(2026, half)
    with pytest.raises(PeriodMisshapen):
        month_period(2026, month)


@pytest.mark.parametrize("closes_on", [0, 29])
def test_a_month_closes_on_a_day_that_every_month_has(closes_on: int) -> None:
    with pytest.raises(PeriodMisshapen):
        month_period(2026, 2, closes_on)


@given(DAYS, CLOSING_DAYS)
def test_every_day_belongs_to_exactly_one_month(day: date, closes_on: int) -> None:
    month = period_of(day, closes_on)
    before = period_of(month.starts_on - timedelta(days=1), closes_on)
    after = period_of(month.ends_on + timedelta(days=1), closes_on)

    assert month.contains(day)
    assert before.ends_on + timedelta(days=1) == month.starts_on
    assert month.ends_on + timedelta(days=1) == after.starts_on
    assert not month.overlaps(before.starts_on, before.ends_on)
    assert month.overlaps(month.ends_on, after.ends_on)


@given(st.integers(2000, 2098), CLOSING_DAYS)
def test_twelve_months_four_quarters_and_two_halves_each_fill_the_year(year: int, closes_on: int) -> None:
    whole = year_period(year, closes_on)
    days = whole.ends_on - whole.starts_on

    for parts in (
        [month_period(year, n, closes_on) for n in range(1, 13)],
        [quarter_period(year, n, closes_on) for n in range(1, 5)],
        [half_period(year, n, closes_on) for n in (1, 2)],
    ):
        assert parts[0].starts_on == whole.starts_on
        assert parts[-1].ends_on == whole.ends_on
        lengths = [part.ends_on - part.starts_on + timedelta(days=1) for part in parts]
        assert sum(lengths, timedelta()) == days + timedelta(days=1)


@pytest.mark.parametrize(
    ("moment", "counts"),
    [
        (shanghai(2026, 11, 25, 23, 59, 59), True),
        (shanghai(2026, 11, 25, 23, 59, 59, 999_999), True),
        (shanghai(2026, 11, 26, 0, 0, 0), False),
        (datetime(2026, 11, 25, 15, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 25, 16, 0, 0, tzinfo=UTC), False),
    ],
)
def test_the_last_second_of_the_25th_counts_and_midnight_does_not(moment: datetime, counts: bool) -> None:
    assert is_in_time(month_period(2026, 11).cutoff_at, moment) is counts


@given(DAYS)
def test_no_moment_of_the_last_day_is_late_and_none_of_the_next_is_in_time(day: date) -> None:
    month = period_of(day)
    midnight = datetime.combine(month.ends_on + timedelta(days=1), datetime.min.time(), SHANGHAI)

    assert is_in_time(month.cutoff_at, midnight - timedelta(microseconds=1))
    assert not is_in_time(month.cutoff_at, midnight)


def test_a_campaign_has_days_and_a_cut_off_of_its_own() -> None:
    cutoff = shanghai(2026, 9, 10, 18, 0, 0)
    summer = campaign_period(" XJ-2026 ", "夏季行动", date(2026, 6, 1), date(2026, 9, 10), cutoff_at=cutoff)

    assert (summer.code, summer.cutoff_at) == ("XJ-2026", cutoff)


def test_everything_wrong_with_a_campaign_is_said_at_once() -> None:
    with pytest.raises(PeriodMisshapen) as refusal:
        campaign_period("", "x", date(2026, 6, 2), date(2026, 6, 1), cutoff_at=shanghai(2026, 5, 1))

    assert [problem.where for problem in refusal.value.problems] == ["code", "ends_on", "cutoff_at"]


def test_a_period_of_several_years_is_refused() -> None:
    with pytest.raises(PeriodMisshapen):
        campaign_period("X", "x", date(2026, 1, 1), date(2028, 1, 1))


def test_a_month_is_well_formed() -> None:
    check_span(month_period(2026, 11))


def test_the_way_of_a_period_goes_forward_one_step_at_a_time() -> None:
    assert next_step(PeriodState.OPEN) is PeriodState.SUBMISSION_CLOSED
    assert next_step(PeriodState.NOTICE) is PeriodState.RESULT_SEALED
    assert next_step(PeriodState.RESULT_SEALED) is None
    assert has_reached(PeriodState.NOTICE, PeriodState.SUBMISSION_CLOSED)
    assert not has_reached(PeriodState.OPEN, PeriodState.SUBMISSION_CLOSED)


def test_moments_are_told_in_shanghai_time() -> None:
    assert in_words(datetime(2026, 11, 25, 15, 59, 59, tzinfo=UTC)) == "2026年11月25日 23:59:59"


def test_a_holiday_list_names_every_contradiction() -> None:
    faults = days_off_faults(
        [
            (date(2026, 10, 1), DayOffKind.HOLIDAY),
            (date(2026, 10, 1), DayOffKind.HOLIDAY),
            (date(2027, 1, 1), DayOffKind.HOLIDAY),
            (date(2026, 10, 9), DayOffKind.MAKEUP),
            (date(2026, 10, 10), DayOffKind.MAKEUP),
        ],
        2026,
    )

    assert [fault.text for fault in faults] == [
        "2026-10-01 重复出现",
        "2027-01-01 不在2026年",
        "2026-10-09 本来就是工作日，不能列为调休上班",
    ]
