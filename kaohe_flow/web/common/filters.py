"""Words and figures as pages show them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from flask import Flask

from kaohe_flow.kernel.calendar import SHANGHAI
from kaohe_flow.kernel.points import half_up

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PERCENT = "%"
COUNTED = frozenset({"count", "done", "target"})
KILO = 1024


def points(value: Decimal | None, *, signed: bool = False) -> str:
    """Two decimals, half away from zero, a true minus, a dash for nothing; ``signed``: plus for gains."""
    if value is None:
        return "—"
    text = f"{half_up(abs(value), 2):.2f}"
    if value < 0:
        return f"−{text}"
    return f"+{text}" if signed and value > 0 else text


def local(moment: datetime | None) -> str:
    """``11月18日 09:10`` in Shanghai; the year is shown when it is not the one of today."""
    if moment is None:
        return "—"
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def day(value: date | datetime | None) -> str:
    """``2026-11-18``."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI).date()
    return value.isoformat()


def left(due: datetime | None, now: datetime | None = None) -> str:
    """How long until a limit: ``剩 2 天``, ``剩 5 小时``, ``超期 1 天``."""
    if due is None:
        return "不限时"
    span = due - (now or datetime.now(UTC))
    word, span = ("剩", span) if span >= timedelta() else ("超期", -span)
    if span >= DAY:
        return f"{word} {span // DAY} 天"
    if span >= HOUR:
        return f"{word} {span // HOUR} 小时"
    return f"{word} {max(1, span // MINUTE)} 分钟"


def figure(value: Decimal | str | None) -> str:
    """An exact figure without idle zeros; empty for none (it fills form fields)."""
    if value is None or isinstance(value, str):
        return value or ""
    return format(value.normalize(), "f")


def unit_for(unit: str, name: str) -> str:
    """The unit a figure of a report is counted in: of a rate only the rate itself is told in per cent."""
    return "" if unit == PERCENT and name in COUNTED else unit


def figure_text(value: Decimal | str | None, unit: str) -> str:
    """A figure with its unit of measure; a dash for none."""
    return f"{figure(value)} {unit}".rstrip() if value is not None else "—"


def size(count: int) -> str:
    """File sizes: ``86 KB``, ``2.4 MB``."""
    if count < KILO * KILO:
        return f"{max(1, count // KILO)} KB"
    return f"{Decimal(count) / KILO / KILO:.1f} MB"


def register(app: Flask) -> None:
    """Make the filters known to templates."""
    for name, function in (
        ("points", points),
        ("datetime", local),
        ("day", day),
        ("left", left),
        ("figure", figure),
        ("unit_for", unit_for),
        ("filesize", size),
    ):
        app.add_template_filter(function, name)
