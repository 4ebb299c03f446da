"""Timers: what a diagram says about time, and the alarm that is set from it for one token."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal

from kaohe_flow.kernel.calendar import end_of
from kaohe_flow.workflow.engine.formula import Evaluation, Formula, is_expression
from kaohe_flow.workflow.engine.iso import (
    SHORTEST_PERIOD,
    BadTime,
    Cycle,
    Span,
    duration_text,
    parse_cycle,
    parse_moment,
    parse_span,
)
from kaohe_flow.workflow.errors import EngineFailed

TimerKind = Literal["timeDate", "timeDuration", "timeCycle"]
ENDLESS: Final = -1
_LITERAL: Final = re.compile(r"P[\dT]|R\d*/|\d{4}-\d{2}-\d{2}(?!\d)|\d{8}T", re.IGNORECASE)
_CRON: Final = re.compile(r"[\d*/?,\-LW]+(\s+[\d*/?,\-A-Z#LW]+){4,6}")


@dataclass(frozen=True, slots=True)
class Alarm:
    """When a waiting token is called next. ``left`` counts the calls to come, -1 without end.

    The k-th call of a cycle is ``base`` plus k periods, so that months never drift off their day.
    """

    base: datetime
    left: int = 1
    period: str = ""
    count: int = 0

    @property
    def due(self) -> datetime:
        """The moment of the next call, in UTC."""
        return parse_span(self.period).after(self.base, self.count) if self.count else self.base

    def advanced(self) -> Alarm | None:
        """The alarm after one call; ``None`` when that was the last."""
        if self.left == 1:
            return None
        left = ENDLESS if self.left == ENDLESS else self.left - 1
        return replace(self, left=left, count=self.count + 1)


@dataclass(frozen=True, slots=True)
class Timer:
    """``timeDate``, ``timeDuration`` or ``timeCycle`` with its text; ``formula`` if it is an expression."""

    element: str
    kind: TimerKind
    text: str
    formula: Formula | None = None

    def alarm(self, world: Evaluation) -> Alarm:
        """Set from now; expressions are evaluated here, once. Raises ``EngineFailed``."""
        given: object = self.text
        if self.formula is not None:
            given = self.formula.evaluate(world.context, world.functions)
        try:
            return _READERS[self.kind](given, world.now)
        except (BadTime, OverflowError, ValueError) as fault:
            raise EngineFailed(self.element, f"定时器的时间不能用：{fault}") from fault


def is_literal(text: str) -> bool:
    """Whether the text is meant as ISO 8601 (right or wrong) rather than as an expression."""
    if is_expression(text):
        return False
    return bool(_LITERAL.match(text.strip()) or _CRON.fullmatch(text.strip()))


def check_literal(kind: TimerKind, text: str) -> None:
    """Raises ``BadTime`` if the literal does not fit its element."""
    _READERS[kind](text.strip(), datetime(2000, 1, 1, tzinfo=UTC))


def moment_of(given: object, now: datetime) -> datetime:
    """A moment out of what an expression gave: a moment, a day (its end), a duration from now, ISO text."""
    if isinstance(given, datetime):
        if given.tzinfo is None:
            raise BadTime("日期时间没有写时区")
        return given.astimezone(UTC)
    if isinstance(given, date):
        return end_of(given)
    if isinstance(given, timedelta):
        return (now + given).astimezone(UTC)
    if isinstance(given, str):
        text = given.strip()
        return parse_span(text).after(now) if text.startswith("P") else parse_moment(text)
    raise BadTime("结果不是时间")


def _date(given: object, now: datetime) -> Alarm:
    if isinstance(given, timedelta) or (isinstance(given, str) and given.strip().startswith("P")):
        raise BadTime("这里应写时刻，时长请改用“时长”类型的定时器")
    return Alarm(moment_of(given, now))


def _duration(given: object, now: datetime) -> Alarm:
    if isinstance(given, timedelta):
        return Alarm((now + given).astimezone(UTC))
    if not isinstance(given, str):
        raise BadTime("结果不是时长")
    return Alarm(parse_span(given.strip()).after(now))


def _cycle(given: object, now: datetime) -> Alarm:
    if isinstance(given, timedelta):
        if given < SHORTEST_PERIOD:
            raise BadTime("循环的间隔不足 1 分钟")
        text = duration_text(given)
        cycle = Cycle(ENDLESS, None, Span(0, given), text)
    elif isinstance(given, str):
        cycle = parse_cycle(given.strip())
    else:
        raise BadTime("结果不是循环时间")
    if cycle.first is None:
        return Alarm(now.astimezone(UTC), cycle.times, cycle.period, 1)
    return Alarm(cycle.first, cycle.times, cycle.period, _missed(cycle, cycle.first, now))


def _missed(cycle: Cycle, first: datetime, now: datetime) -> int:
    """How many calls of an endless cycle lie before it was set; a counted one makes up for them."""
    if cycle.times != ENDLESS:
        return 0
    count = 0 if cycle.span.months else max(0, -((first - now) // cycle.span.exact))
    while cycle.span.after(first, count) < now:
        count += 1
    return count


_READERS: Final[dict[TimerKind, Callable[[object, datetime], Alarm]]] = {
    "timeDate": _date,
    "timeDuration": _duration,
    "timeCycle": _cycle,
}
