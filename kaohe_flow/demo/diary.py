"""When things happen: moments spread over a month as people really report, thick at its end."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from kaohe_flow.kernel.calendar import SHANGHAI, WorkCalendar, local_day
from kaohe_flow.scheme.period.rules import Span

LAST_DAY_SHARE: Final = 0.20
LAST_THREE_DAYS_SHARE: Final = 0.45
MORNING: Final = time(8, 30)
WORKING_MINUTES: Final = 9 * 60
LATELY: Final = timedelta(hours=16)
SHORTEST: Final = timedelta(seconds=1)


class Diary:
    """Moments before ``now``, in working hours wherever there is room for it."""

    def __init__(self, calendar: WorkCalendar, now: datetime, chance: Random) -> None:
        self._calendar = calendar
        self._now = now
        self._chance = chance

    def submission(self, span: Span) -> datetime:
        """A moment at which a claim of the month comes in, before ``now``."""
        last = self._last_day(span)
        draw = self._chance.random()
        if draw < LAST_DAY_SHARE:
            day = last
        elif draw < LAST_THREE_DAYS_SHARE:
            day = last - timedelta(days=self._chance.randrange(1, 3))
        else:
            day = self._working_day(span.starts_on, last)
        return self._within(max(day, span.starts_on), last)

    def lately(self, span: Span) -> datetime:
        """Within the last hours before ``now``, so that limits of days have not run out yet."""
        since = max(datetime.combine(span.starts_on, time(), SHANGHAI), self._now - LATELY)
        return since + (self._now - since) * self._chance.uniform(0.1, 0.3)

    def _last_day(self, span: Span) -> date:
        """The last day somebody can have reported on: today only once it has begun at the office."""
        today = local_day(self._now)
        begun = self._now > datetime.combine(today, MORNING, SHANGHAI) + timedelta(hours=1)
        last = today if begun else today - timedelta(days=1)
        return max(span.starts_on, min(span.ends_on, last))

    def after(self, moment: datetime, least: int, most: int) -> datetime:
        """Between ``least`` and ``most`` working hours later, never in the night or on a free day."""
        wait = timedelta(minutes=self._chance.randrange(least * 60, most * 60 + 1))
        return self.at_work(moment + wait)

    def limit(self, moment: datetime, working_days: int) -> datetime:
        """When a limit of so many working days has run out."""
        return self._calendar.deadline(moment, working_days)

    def at_work(self, moment: datetime) -> datetime:
        """The moment itself, or the next time somebody sits at a desk."""
        local = moment.astimezone(SHANGHAI)
        day = local.date()
        minutes = (local.hour * 60 + local.minute) - (MORNING.hour * 60 + MORNING.minute)
        if self._calendar.is_workday(day) and minutes < 0:
            return self._office_hour(day)
        if self._calendar.is_workday(day) and minutes <= WORKING_MINUTES:
            return moment
        return self._office_hour(self._calendar.add(day, 1))

    def _working_day(self, first: date, last: date) -> date:
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return self._chance.choice([day for day in days if self._calendar.is_workday(day)] or days)

    def _within(self, day: date, last: date) -> datetime:
        moment = self._office_hour(day)
        if moment < self._now:
            return moment
        start = datetime.combine(last, time(), SHANGHAI)
        return start + max((self._now - start) * self._chance.random() - SHORTEST, timedelta(0))

    def _office_hour(self, day: date) -> datetime:
        minutes = self._chance.randrange(WORKING_MINUTES * 60)
        return datetime.combine(day, MORNING, SHANGHAI) + timedelta(seconds=minutes)
