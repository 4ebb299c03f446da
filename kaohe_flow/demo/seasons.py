"""The two months of the demo: the one that runs and the one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from kaohe_flow.demo.holidays import YEARS, days_off
from kaohe_flow.kernel.actor import CLOCK
from kaohe_flow.kernel.calendar import SHANGHAI, local_day, start_of
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.scheme.period import commands as periods
from kaohe_flow.scheme.period.rules import Span, period_of

PREPARING: timedelta = timedelta(days=12)  # how long before the first month the city was set up


@dataclass(frozen=True, slots=True)
class Month:
    """A month that was opened."""

    id: int
    span: Span


@dataclass(frozen=True, slots=True)
class Seasons:
    """The closed month and the open one, as seen from ``now``."""

    before: Month
    current: Month
    now: datetime

    @property
    def months(self) -> tuple[Month, Month]:
        """Both, in their order."""
        return (self.before, self.current)

    def within(self, month: Month, part: float) -> datetime:
        """A moment so far into a month, or into what has run of it."""
        first = start_of(month.span.starts_on)
        return first + (min(month.span.cutoff_at, self.now) - first) * part

    @property
    def years(self) -> tuple[int, ...]:
        """The assessment years the two months belong to."""
        return tuple(sorted({month.span.ends_on.year for month in self.months}))


def founding(now: datetime) -> datetime:
    """The moment the city was set up: a morning before the first of the two months."""
    first = spans(now)[0].starts_on
    return datetime.combine(first, time(9), SHANGHAI) - PREPARING


def spans(now: datetime) -> tuple[Span, Span]:
    """The month before and the month of ``now``."""
    current = period_of(local_day(now))
    return period_of(current.starts_on - timedelta(days=1)), current


def open_months(database: Database, now: datetime) -> Seasons:
    """Enter the holidays and open both months, the earlier one first."""
    moment = founding(now)
    with database.write_tx(CLOCK, moment) as work:
        for year in YEARS:
            periods.set_days_off(work, year, days_off(year))
        before, current = (Month(periods.open_period(work, span).period.id, span) for span in spans(now))
    return Seasons(before, current, now)
