"""Versions of items: a date or period label as the edge of validity, always whole periods."""

from __future__ import annotations

from datetime import date

from kaohe_flow.scheme.definition.binding.scalar.rules import day
from kaohe_flow.scheme.definition.cycle.rules import Cycle, NoPeriod, Period, period_named, period_of
from kaohe_flow.scheme.definition.item.rules import Item


def day_from(cycle: Cycle | None, text: str | None) -> date:
    """First day of the period ``text`` (a label, or a date inside it). Raises ``ValueError``."""
    if text is None:
        return date.min
    found = _period(cycle, text)
    return found.first if isinstance(found, Period) else found


def day_until(cycle: Cycle | None, text: str | None) -> date:
    """Last day of the period ``text``. Raises ``ValueError``."""
    if text is None:
        return date.max
    found = _period(cycle, text)
    return found.last if isinstance(found, Period) else found


def _period(cycle: Cycle | None, text: str) -> Period | date:
    try:
        edge = day(text)
    except ValueError:
        edge = None
    if cycle is None:
        if edge is None:
            raise ValueError(f"“{text}”应是日期（考核表没有写 period）")
        return edge
    try:
        return period_named(cycle, text) if edge is None else period_of(cycle, edge)
    except NoPeriod as exc:
        raise ValueError(str(exc)) from exc


def is_valid_in(item: Item, cycle: Cycle | None, period: Period | None) -> bool:
    """Whether this version of an item holds in a period; without a period every version does."""
    if period is None or (item.from_ is None and item.to is None):
        return True
    return day_from(cycle, item.from_) <= period.first and period.last <= day_until(cycle, item.to)
