"""ISO 8601 moments, durations and cycles: strict, with an offset, months counted on the calendar."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from kaohe_flow.kernel.calendar import SHANGHAI, end_of

_DURATION: Final = re.compile(
    r"P(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?"
    r"(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?"
)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_CYCLE: Final = re.compile(r"R(\d{0,6})/(?:([^/]+)/)?(P[^/]*)")
LONGEST: Final = timedelta(days=100 * 366)
SHORTEST_PERIOD: Final = timedelta(minutes=1)
MONTHS_A_YEAR: Final = 12
DAYS_A_WEEK: Final = 7
SECONDS_A_DAY: Final = 86_400


class BadTime(ValueError):
    """The text names no moment or span; ``str()`` is a Chinese clause that says why."""


@dataclass(frozen=True, slots=True)
class Span:
    """A duration: whole calendar months plus an exact time."""

    months: int
    exact: timedelta

    def after(self, moment: datetime, times: int = 1) -> datetime:
        """``moment`` plus ``times`` spans, in UTC. The 31st plus a month is the last day of the next."""
        local = moment.astimezone(SHANGHAI)
        index = local.year * MONTHS_A_YEAR + local.month - 1 + self.months * times
        year, month = divmod(index, MONTHS_A_YEAR)
        day = min(local.day, calendar.monthrange(year, month + 1)[1])
        return (local.replace(year=year, month=month + 1, day=day) + self.exact * times).astimezone(UTC)

    def at_least(self, shortest: timedelta) -> bool:
        """Whether the span is not shorter than ``shortest``; a month is never short."""
        return self.months > 0 or self.exact >= shortest


@dataclass(frozen=True, slots=True)
class Cycle:
    """``R3/2025-11-25T08:00:00+08:00/P1D``: how often (-1 without end), from when (``None``: one span on)."""

    times: int
    first: datetime | None
    span: Span
    period: str


def parse_span(text: str) -> Span:
    """A duration such as ``P3D`` or ``PT36H``. No fractions, no minus, at most 100 years."""
    match = _DURATION.fullmatch(text)
    if match is None or text.endswith(("P", "T")):
        raise BadTime(f"“{text}”不是时长，应写成 P3D（3 天）、PT36H（36 小时）这样的形式")
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    exact = timedelta(days=weeks * DAYS_A_WEEK + days, hours=hours, minutes=minutes, seconds=seconds)
    whole = years * MONTHS_A_YEAR + months
    if exact > LONGEST or whole > LONGEST.days // 30:
        raise BadTime(f"时长“{text}”超过 100 年")
    return Span(whole, exact)


def parse_moment(text: str) -> datetime:
    """A moment with offset, in UTC; a bare day means its end, 23:59:59 Asia/Shanghai."""
    try:
        if _DAY.fullmatch(text):
            return end_of(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadTime(f"“{text}”不是时间，应写成 2025-11-25T18:00:00+08:00 这样的形式") from None
    if moment.tzinfo is None:
        raise BadTime(f"时间“{text}”没有写时区，请在末尾加上 +08:00")
    return moment.astimezone(UTC)


def parse_cycle(text: str) -> Cycle:
    """A repetition. Periods under a minute are refused, and so are cron expressions."""
    match = _CYCLE.fullmatch(text)
    if match is None:
        raise BadTime(f"“{text}”不是循环时间，应写成 R3/P1D（每天一次，共 3 次）这样的形式，不支持 cron")
    count, start, period = match.groups()
    span = parse_span(period)
    if not span.at_least(SHORTEST_PERIOD):
        raise BadTime(f"循环“{text}”的间隔不足 1 分钟")
    if count == "0":
        raise BadTime(f"循环“{text}”的次数为 0，不会触发")
    return Cycle(int(count) if count else -1, parse_moment(start) if start else None, span, period)


def duration_text(exact: timedelta) -> str:
    """``timedelta`` as ISO text in days and seconds; fractions of a second are dropped."""
    sign, exact = ("-", -exact) if exact < timedelta(0) else ("", exact)
    days, seconds = divmod(int(exact.total_seconds()), SECONDS_A_DAY)
    return f"{sign}P{days}DT{seconds}S"
