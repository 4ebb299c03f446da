"""Working days: limits of a procedure count them on a maintained calendar, from the day after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
SATURDAY: Final = 5
END_OF_DAY: Final = time(23, 59, 59)


def local_day(moment: datetime) -> date:
    """The calendar day in Asia/Shanghai of an aware instant."""
    return moment.astimezone(SHANGHAI).date()


def end_of(day: date) -> datetime:
    """23:59:59 Asia/Shanghai of ``day``, as a UTC instant."""
    return datetime.combine(day, END_OF_DAY, SHANGHAI).astimezone(UTC)


def start_of(day: date) -> datetime:
    """00:00:00 Asia/Shanghai of ``day``, as a UTC instant."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Mondays to Fridays, less ``holidays``, plus ``makeup_days`` (weekend days declared working)."""

    holidays: frozenset[date] = frozenset()
    makeup_days: frozenset[date] = frozenset()

    def is_workday(self, day: date) -> bool:
        """A make-up day wins over a holiday, a holiday over the day of the week."""
        if day in self.makeup_days:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays

    def add(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``; ``day`` itself never counts. 0 gives ``day``."""
        if count < 0:
            raise ValueError("a limit lies in the future")
        while count:
            day += timedelta(days=1)
            count -= self.is_workday(day)
        return day

    def deadline(self, moment: datetime, count: int) -> datetime:
        """End (23:59:59 Asia/Shanghai) of the ``count``-th working day after ``moment``, in UTC."""
        return end_of(self.add(local_day(moment), count))

    def working_days_between(self, earlier: date, later: date) -> int:
        """How many working days lie after ``earlier`` up to and including ``later``; 0 if not later."""
        span = (later - earlier).days
        return sum(self.is_workday(earlier + timedelta(days=n)) for n in range(1, span + 1))
