"""Which period a day belongs to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_flow.scheme.definition.cycle.rules import (
    Cycle,
    CycleKind,
    NamedSpan,
    NoPeriod,
    YearStart,
    period_named,
    period_of,
)

RAILWAY = Cycle(CycleKind.MONTH, first_day=26)
NATURAL = Cycle(CycleKind.MONTH)
BRANCH = Cycle(CycleKind.QUARTER, year_from=YearStart(12, 21))


@pytest.mark.parametrize(
    ("cycle", "day", "label"),
    [
        (RAILWAY, date(2026, 3, 25), "2026-03"),
        (RAILWAY, date(2026, 3, 26), "2026-04"),
        (RAILWAY, date(2025, 12, 26), "2026-01"),
        (NATURAL, date(2026, 2, 28), "2026-02"),
        (BRANCH, date(2025, 12, 20), "2025Q4"),
        (BRANCH, date(2025, 12, 21), "2026Q1"),
        (BRANCH, date(2026, 3, 21), "2026Q2"),
        (Cycle(CycleKind.HALF_YEAR, year_from=YearStart(12, 26)), date(2026, 6, 25), "2026H1"),
        (Cycle(CycleKind.YEAR, year_from=YearStart(12, 26)), date(2025, 12, 26), "2026"),
        (Cycle(CycleKind.YEAR, year_from=YearStart(4, 1)), date(2026, 3, 31), "2025"),
    ],
)
def test_a_day_belongs_to_the_period_of_the_rule(cycle: Cycle, day: date, label: str) -> None:
    period = period_of(cycle, day)

    assert period.label == label
    assert period_named(cycle, label) == period


def test_a_campaign_has_dates_of_its_own() -> None:
    summer = NamedSpan("夏季行动", date(2026, 7, 1), date(2026, 8, 10))
    cycle = Cycle(CycleKind.SPANS, spans=(summer,))

    assert period_of(cycle, date(2026, 8, 10)).label == "夏季行动"
    with pytest.raises(NoPeriod, match="不在方案列出的"):
        period_of(cycle, date(2026, 8, 11))


@pytest.mark.parametrize("label", ["2026-13", "2026-00", "2026Q1", "三月", "2026"])
def test_a_label_of_another_rhythm_is_refused(label: str) -> None:
    with pytest.raises(NoPeriod):
        period_named(RAILWAY, label)


@given(
    st.dates(date(2000, 1, 1), date(2100, 12, 31)),
    st.sampled_from([CycleKind.MONTH, CycleKind.QUARTER, CycleKind.HALF_YEAR, CycleKind.YEAR]),
    st.integers(1, 28),
    st.integers(1, 12),
)
def test_every_day_belongs_to_exactly_one_period(day: date, kind: CycleKind, first: int, month: int) -> None:
    cycle = Cycle(kind, first_day=first, year_from=YearStart(month, first))

    period = period_of(cycle, day)

    assert day in period
    assert period_named(cycle, period.label) == period
    assert period_of(cycle, period.last + timedelta(days=1)).first == period.last + timedelta(days=1)
    assert period_of(cycle, period.first - timedelta(days=1)).last == period.first - timedelta(days=1)
