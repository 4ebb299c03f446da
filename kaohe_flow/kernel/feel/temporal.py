"""Dates, instants and durations: reading them, writing them, and moving along the calendar.

Text without an offset is Asia/Shanghai; instants are kept in UTC. There is no clock here.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from kaohe_flow.kernel.calendar import SHANGHAI, local_day
from kaohe_flow.kernel.feel import values
from kaohe_flow.kernel.feel.errors import Unfit
from kaohe_flow.kernel.feel.values import Months

MONTHS_OF_A_YEAR: Final = 12
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME: Final = re.compile(r"\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?", re.ASCII)
_OFFSET: Final = re.compile(r"Z|[+-]\d{2}:\d{2}", re.ASCII)
_WEEKS: Final = re.compile(r"(-?)P(\d{1,5})W", re.ASCII)
_MONTHS: Final = re.compile(r"(-?)P(?=\d)(?:(\d{1,4})Y)?(?:(\d{1,5})M)?", re.ASCII)
_DURATION: Final = re.compile(
    r"(-?)P(?=\d|T\d)(?:(\d{1,6})D)?"
    r"(?:T(?=\d)(?:(\d{1,7})H)?(?:(\d{1,7})M)?(?:(\d{1,7})(?:\.(\d{1,6}))?S)?)?",
    re.ASCII,
)


def read_date(text: str) -> date:
    """``2025-06-30``. Raises ``Unfit`` with a sentence for everything else."""
    if not _DATE.fullmatch(text):
        raise Unfit('日期应写成 "2025-06-30" 的形式')
    try:
        return values.day(date.fromisoformat(text))
    except ValueError as wrong:
        raise Unfit("没有这一天，请检查月和日") from wrong


def read_moment(text: str) -> datetime:
    """``2025-06-30T18:00:00``, optionally with ``Z`` or an offset; without one it is Asia/Shanghai."""
    day, _, rest = text.partition("T")
    offset = _OFFSET.search(rest)
    clock = rest[: offset.start()] if offset else rest
    if not (_DATE.fullmatch(day) and _TIME.fullmatch(clock) and (not offset or offset.end() == len(rest))):
        raise Unfit('日期时间应写成 "2025-06-30T18:00:00" 的形式，可在末尾加 +08:00')
    try:
        found = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise Unfit("没有这一时刻，请检查日期和时间") from wrong
    return values.moment(found if found.tzinfo else found.replace(tzinfo=SHANGHAI))


def at_time(day: date, clock: str) -> datetime:
    """The instant of ``clock`` (``18:00`` or ``18:00:00``, Asia/Shanghai) on ``day``."""
    if not _TIME.fullmatch(clock):
        raise Unfit('时间应写成 "18:00" 或 "18:00:00" 的形式')
    try:
        return values.moment(datetime.combine(day, time.fromisoformat(clock), SHANGHAI))
    except ValueError as wrong:
        raise Unfit("没有这一时刻，请检查时间") from wrong


def start_of_day(day: date) -> datetime:
    """00:00 Asia/Shanghai of ``day``."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def read_duration(text: str) -> timedelta | Months:
    """``P3D``, ``PT8H30M``, ``P2W`` are a length; ``P1M``, ``P1Y2M`` are calendar months. ``-`` in front."""
    if found := _WEEKS.fullmatch(text):
        return _signed(timedelta(weeks=int(found[2])), found[1])
    if found := _MONTHS.fullmatch(text):
        count = int(found[2] or 0) * MONTHS_OF_A_YEAR + int(found[3] or 0)
        return Months(-count if found[1] else count)
    if found := _DURATION.fullmatch(text):
        days, hours, minutes, seconds = (int(part or 0) for part in found.group(2, 3, 4, 5))
        micro = int((found[6] or "").ljust(6, "0"))
        length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds, microseconds=micro)
        return _signed(length, found[1])
    raise Unfit('时长应写成 "P3D"（3 天）、"PT8H"（8 小时）、"P1M"（1 个月）的形式')


def _signed(length: timedelta, sign: str) -> timedelta:
    return values.duration(-length if sign else length)


def later_day(day: date, length: timedelta) -> date:
    """``day`` moved by whole days."""
    if length % timedelta(days=1):
        raise Unfit("日期只能加减整天；要精确到时刻，请先用 date and time() 转成日期时间")
    try:
        return values.day(day + length)
    except OverflowError as beyond:
        raise Unfit("日期超出范围") from beyond


def later_moment(moment: datetime, length: timedelta) -> datetime:
    """``moment`` moved by an exact length."""
    try:
        return values.moment(moment + length)
    except OverflowError as beyond:
        raise Unfit("日期超出范围") from beyond


def months_later(day: date, months: Months) -> date:
    """The same day of another month, or its last day if it has no such day (31 January + P1M)."""
    index = day.year * MONTHS_OF_A_YEAR + day.month - 1 + months.count
    year, month = divmod(index, MONTHS_OF_A_YEAR)
    try:
        values.day(date(year, month + 1, 1))
    except ValueError as beyond:
        raise Unfit("日期超出范围") from beyond
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def moment_months_later(moment: datetime, months: Months) -> datetime:
    """The same wall clock of Asia/Shanghai, months later."""
    local = moment.astimezone(SHANGHAI)
    moved = months_later(local.date(), months)
    return values.moment(datetime.combine(moved, local.time(), SHANGHAI))


def to_day(moment: datetime) -> date:
    """The day in Asia/Shanghai."""
    return local_day(moment)


def write_moment(moment: datetime) -> str:
    """ISO text with the offset of Asia/Shanghai."""
    return moment.astimezone(SHANGHAI).isoformat()


def write_duration(length: timedelta | Months) -> str:
    """ISO text that ``read_duration`` reads back."""
    if isinstance(length, Months):
        years, months = divmod(abs(length.count), MONTHS_OF_A_YEAR)
        parts = f"{years}Y" * bool(years) + f"{months}M" * bool(months or not years)
        return f"{'-' * (length.count < 0)}P{parts}"
    size = abs(length)
    minutes, seconds = divmod(size.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{size.microseconds:06d}".rstrip("0").rstrip(".")
    clock = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes)
    clock += f"{seconds}{fraction}S" * bool(seconds or size.microseconds)
    text = f"{size.days}D" * bool(size.days) + f"T{clock}" * bool(clock)
    return f"{'-' * (length < timedelta(0))}P{text or '0D'}"
