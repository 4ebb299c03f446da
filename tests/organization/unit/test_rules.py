"""Spans of days, levels, names of units."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kaohe_flow.organization.unit.rules import (
    Level,
    NewUnit,
    Span,
    UnitKind,
    tidy,
    tidy_code,
    unit_problems,
)
from tests.factories.writing import wide

START = date(2026, 1, 1)
days = st.integers(0, 400).map(lambda n: START + timedelta(days=n))
spans = st.builds(
    lambda first, length: Span(first, None if length is None else first + timedelta(days=length)),
    days,
    st.none() | st.integers(0, 200),
)


def new_unit(level: Level = Level.BASIC, parent_id: int | None = 1, code: str = "QSX-CG") -> NewUnit:
    return NewUnit(code, "城关派出所", "城关所", level, UnitKind.STATION, START, parent_id=parent_id)


@given(spans, days)
def test_a_span_covers_both_its_ends_and_nothing_outside(span: Span, day: date) -> None:
    outside = day < span.first or (span.last is not None and day > span.last)

    assert span.covers(span.first)
    assert span.last is None or span.covers(span.last)
    assert span.covers(day) is not outside


@given(spans, spans, days)
def test_spans_overlap_exactly_when_they_share_a_day(one: Span, other: Span, day: date) -> None:
    if one.covers(day) and other.covers(day):
        assert one.overlaps(other)
    if not one.overlaps(other):
        assert not (one.covers(max(one.first, other.first)) and other.covers(max(one.first, other.first)))
    assert one.overlaps(other) == other.overlaps(one)


@given(spans, days, st.integers(0, 60))
def test_days_within_a_period_are_those_that_are_covered(span: Span, start: date, length: int) -> None:
    end = start + timedelta(days=length)

    counted = sum(span.covers(start + timedelta(days=n)) for n in range(length + 1))

    assert span.days_within(start, end) == counted


def test_full_width_writing_is_the_same_code() -> None:
    assert tidy_code(wide(" qsx-CG01 ")) == "QSX-CG01"
    assert tidy(wide(" 城关  派出所 ")) == "城关 派出所"


def test_only_an_authority_stands_without_a_parent() -> None:
    problems = unit_problems(new_unit(parent_id=None), parent_level=None)

    assert [problem.where for problem in problems] == ["parent_id"]
    assert not unit_problems(new_unit(Level.AUTHORITY, parent_id=None), parent_level=None)


def test_the_parent_stands_higher_but_a_level_may_be_skipped() -> None:
    assert unit_problems(new_unit(Level.BASIC), parent_level=Level.BASIC)
    assert unit_problems(new_unit(Level.BASIC), parent_level=Level.SQUAD)
    assert not unit_problems(new_unit(Level.SQUAD), parent_level=Level.BUREAU)


def test_all_faults_of_a_unit_are_named_at_once() -> None:
    unit = NewUnit("一", "所", "", Level.AUTHORITY, UnitKind.STATION, START, parent_id=3)

    where = {problem.where for problem in unit_problems(unit, parent_level=Level.BUREAU)}

    assert where == {"code", "name", "short_name", "parent_id"}


def test_levels_and_kinds_have_names_for_people() -> None:
    assert Level(3).label == "科所队·内设大队"
    assert UnitKind("station").label == "派出所"
    assert UnitKind.STATION == "station"
