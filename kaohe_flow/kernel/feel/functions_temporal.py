"""Functions that make dates, instants, durations and their text."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from kaohe_flow.kernel.feel import temporal, values
from kaohe_flow.kernel.feel.errors import Unfit
from kaohe_flow.kernel.feel.frame import Frame
from kaohe_flow.kernel.feel.functions_text import whole
from kaohe_flow.kernel.feel.signature import Function
from kaohe_flow.kernel.feel.values import Inner, Months


def _date(frame: Frame, source: Inner, month: Inner = None, day: Inner = None) -> Inner:
    if isinstance(source, Decimal) and isinstance(month, Decimal) and isinstance(day, Decimal):
        return _from_parts(whole(source, "年"), whole(month, "月"), whole(day, "日"))
    if month is not None or day is not None:
        raise Unfit('date() 可写成 date("2025-06-30") 或 date(2025, 6, 30)')
    if isinstance(source, str):
        return temporal.read_date(source)
    if isinstance(source, datetime):
        return temporal.to_day(source)
    if isinstance(source, date):
        return source
    raise Unfit('date() 可写成 date("2025-06-30") 或 date(2025, 6, 30)')


def _from_parts(year: int, month: int, day: int) -> date:
    try:
        return values.day(date(year, month, day))
    except (ValueError, OverflowError) as wrong:
        raise Unfit("没有这一天，请检查年、月、日") from wrong


def _date_and_time(frame: Frame, source: Inner, clock: str | None = None) -> Inner:
    if clock is not None:
        return temporal.at_time(_day_of(source), clock)
    if isinstance(source, str):
        return temporal.read_moment(source)
    if isinstance(source, datetime):
        return source
    return temporal.start_of_day(_day_of(source))


def _day_of(source: Inner) -> date:
    if isinstance(source, str):
        return temporal.read_date(source)
    if isinstance(source, datetime):
        return temporal.to_day(source)
    assert isinstance(source, date)
    return source


def _duration(frame: Frame, source: Inner) -> Inner:
    return temporal.read_duration(source) if isinstance(source, str) else source


def _string(frame: Frame, source: Inner) -> Inner:
    if isinstance(source, bool):
        return "true" if source else "false"
    if isinstance(source, Decimal):
        return f"{source if source else source.copy_abs():f}"
    if isinstance(source, datetime):
        return temporal.write_moment(source)
    if isinstance(source, date):
        return source.isoformat()
    if isinstance(source, timedelta | Months):
        return temporal.write_duration(source)
    return source


FUNCTIONS: Final = (
    Function("date", ("scalar", "number?", "number?"), _date),
    Function("date and time", ("day", "text?"), _date_and_time),
    Function("duration", ("duration",), _duration),
    Function("string", ("scalar",), _string),
)
