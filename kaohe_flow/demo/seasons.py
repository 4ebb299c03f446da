"""The months of the demo: the one that runs and those before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from kaohe_flow.demo.holidays import YEARS, days_off
from kaohe_flow.kernel.actor import CLOCK
from kaohe_flow.kernel.calendar import SHANGHAI, local_day, start_of
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.scheme.period import commands as periods
from kaohe_flow.scheme.period.queries import by_code
from kaohe_flow.scheme.period.rules import Span, period_of

PREPARING: timedelta = timedelta(days=12)  # how long before the first month the city was set up


@dataclass(frozen=True, slots=True)
class Month:
    """A month that was opened."""

    id: int
    span: Span


@dataclass(frozen=True, slots=True)
class Seasons:
    """The months of the demo as seen from ``now``: those that are told in bulk alone, the closed one before
    this month, and this month."""

    earlier: tuple[Month, ...]
    before: Month
    current: Month
    now: datetime

    @property
    def months(self) -> tuple[Month, Month]:
        """The two that the story tells, in their order."""
        return (self.before, self.current)

    @property
    def every(self) -> tuple[Month, ...]:
        """All of them."""
        return (*self.earlier, *self.months)

    @property
    def first(self) -> Month:
        """The first of all."""
        return self.every[0]

    @property
    def founded_at(self) -> datetime:
        """The moment the city was set up."""
        return founding(self.now, len(self.every))

    def within(self, month: Month, part: float) -> datetime:
        """A moment so far into a month, or into what has run of it."""
        first = start_of(month.span.starts_on)
        return first + (min(month.span.cutoff_at, self.now) - first) * part

    @property
    def years(self) -> tuple[int, ...]:
        """The assessment years the months belong to."""
        return tuple(sorted({month.span.ends_on.year for month in self.every}))


def founding(now: datetime, months: int = 2) -> datetime:
    """The moment the city was set up: a morning before the first of its months."""
    first = spans(now, months)[0].starts_on
    return datetime.combine(first, time(9), SHANGHAI) - PREPARING


def spans(now: datetime, months: int = 2) -> tuple[Span, ...]:
    """The month of ``now`` and those before it, the earliest first."""
    found = [period_of(local_day(now))]
    while len(found) < months:
        found.insert(0, period_of(found[0].starts_on - timedelta(days=1)))
    return tuple(found)


def open_months(database: Database, now: datetime, months: int = 2) -> Seasons:
    """Enter the holidays and open the months, the earliest first."""
    moment = founding(now, months)
    with database.write_tx(CLOCK, moment) as work:
        for year in YEARS:
            periods.set_days_off(work, year, days_off(year))
        for span in spans(now, months):
            periods.open_period(work, span)
    return seasons_of(database, now, months)


def seasons_of(database: Database, now: datetime, months: int = 2) -> Seasons:
    """The months of a city whose months were opened before."""
    with database.read() as session:
        every = [Month(by_code(session, span.code).id, span) for span in spans(now, months)]
    return Seasons(tuple(every[:-2]), every[-2], every[-1], now)
