"""Assessment periods of a scheme: months from any day, quarters and years from any date, named spans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Final, TypeAlias

from kaohe_flow.kernel.errors import RuleBroken
from kaohe_flow.scheme.definition.binding.scalar.rules import YEARS, Spelled

ONE_DAY: Final = timedelta(days=1)
MONTHS: Final = 12
LAST_SAFE_DAY: Final = 28
MONTH_DAY: Final = re.compile(r"(\d{2})-(\d{2})")
LABEL: Final = {
    "month": re.compile(r"(\d{4})-(\d{2})"),
    "quarter": re.compile(r"(\d{4})Q([1-4])"),
    "half_year": re.compile(r"(\d{4})H([12])"),
    "year": re.compile(r"(\d{4})()"),
}


class NoPeriod(RuleBroken):
    """A label or a day that belongs to no period of the scheme."""

    code = "no-period"
    message = "{reason}"


class CycleKind(StrEnum):
    """How long a period lasts."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    SPANS = "spans"

    @property
    def months(self) -> int:
        return {"month": 1, "quarter": 3, "half_year": 6, "year": 12}[self.value]


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both included, under the label people use."""

    label: str
    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class YearStart:
    """Month and day on which the year begins; never after the 28th."""

    month: int = 1
    day: int = 1

    def __str__(self) -> str:
        return f"{self.month:02d}-{self.day:02d}"


def parse_year_start(text: str) -> YearStart:
    matched = MONTH_DAY.fullmatch(text)
    if not matched or not 1 <= int(matched[1]) <= MONTHS or not 1 <= int(matched[2]) <= LAST_SAFE_DAY:
        raise ValueError(f"“{text}”应写成 月-日，如 12-21（日不晚于 28）")
    return YearStart(int(matched[1]), int(matched[2]))


YearStartText: TypeAlias = Annotated[YearStart, Spelled(parse_year_start)]


@dataclass(frozen=True, slots=True)
class NamedSpan:
    """One period with dates of its own, such as a campaign."""

    id: str
    from_: date
    to: date

    def __post_init__(self) -> None:
        if self.from_ > self.to:
            raise ValueError(f"“{self.id}”的 from 晚于 to")


@dataclass(frozen=True, slots=True)
class Cycle:
    """The rhythm of a sheet.

    A month starts on ``first_day`` of the month before its label (26: March runs 26 Feb to 25 Mar), or of the
    month itself when 1. Quarters, half-years and years are counted in whole months from ``year_from``; a year
    beginning in July or later carries the label of the next calendar year.
    """

    kind: CycleKind
    first_day: int = 1
    year_from: YearStartText = YearStart()
    spans: tuple[NamedSpan, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.first_day <= LAST_SAFE_DAY:
            raise ValueError(f"first_day 应在 1 到 {LAST_SAFE_DAY} 之间")
        if (self.kind is CycleKind.SPANS) != bool(self.spans):
            raise ValueError("kind 为 spans 时须写 spans，其他 kind 不写 spans")


def period_of(cycle: Cycle, day: date) -> Period:
    """The period ``day`` belongs to. Raises ``NoPeriod`` for a day outside every named span."""
    if cycle.kind is CycleKind.SPANS:
        for span in cycle.spans:
            if span.from_ <= day <= span.to:
                return Period(span.id, span.from_, span.to)
        raise NoPeriod(reason=f"{day} 不在方案列出的任何考核期内")
    return next(one for one in _around(cycle, day) if day in one)


def period_named(cycle: Cycle, label: str) -> Period:
    """The period with this label. Raises ``NoPeriod`` when the label is not of this rhythm."""
    if cycle.kind is CycleKind.SPANS:
        for span in cycle.spans:
            if span.id == label:
                return Period(span.id, span.from_, span.to)
        raise NoPeriod(reason=f"方案没有名为“{label}”的考核期")
    matched = LABEL[cycle.kind.value].fullmatch(label)
    if not matched:
        raise NoPeriod(reason=f"“{label}”不是这张考核表的考核期，应写成 {_example(cycle.kind)}")
    position = int(matched[2] or 1)
    if position > MONTHS // cycle.kind.months or position < 1 or int(matched[1]) not in YEARS:
        raise NoPeriod(reason=f"“{label}”不是有效的年月")
    return _numbered(cycle, int(matched[1]), position)


def _example(kind: CycleKind) -> str:
    return {"month": "2026-03", "quarter": "2026Q1", "half_year": "2026H1", "year": "2026"}[kind.value]


def _around(cycle: Cycle, day: date) -> Iterator[Period]:
    for year in (day.year - 1, day.year, day.year + 1):
        for position in range(1, MONTHS // cycle.kind.months + 1):
            yield _numbered(cycle, year, position)


def _numbered(cycle: Cycle, year: int, position: int) -> Period:
    """The ``position``-th period (from 1) of the assessment year labelled ``year``."""
    if cycle.kind is CycleKind.MONTH:
        back = 1 if cycle.first_day > 1 else 0
        start = _month_start(year, position - back, cycle.first_day)
        label = f"{year:04d}-{position:02d}"
    else:
        begins = cycle.year_from
        shift = -MONTHS if begins.month > MONTHS // 2 else 0
        start = _month_start(year, begins.month + shift + (position - 1) * cycle.kind.months, begins.day)
        label = {"quarter": f"{year:04d}Q{position}", "half_year": f"{year:04d}H{position}"}.get(
            cycle.kind.value, f"{year:04d}"
        )
    end = _month_start(start.year, start.month + cycle.kind.months, start.day) - ONE_DAY
    return Period(label, start, end)


def _month_start(year: int, month: int, day: int) -> date:
    """``day`` of a month counted freely: month 0 is December of the year before."""
    months = year * MONTHS + month - 1
    return date(months // MONTHS, months % MONTHS + 1, day)
