"""Checks of timers and due dates: written right, of the right kind, giving a time with the limits set."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from kaohe_flow.kernel.feel import FeelError
from kaohe_flow.workflow.diagram.catalogue import fault
from kaohe_flow.workflow.diagram.graph import Node, Text, Trigger
from kaohe_flow.workflow.diagram.subject import Check, Subject
from kaohe_flow.workflow.engine.compiler import limit
from kaohe_flow.workflow.engine.formula import Evaluation, compile_formula
from kaohe_flow.workflow.engine.iso import BadTime
from kaohe_flow.workflow.engine.port import Value
from kaohe_flow.workflow.engine.timers import Timer, check_literal, is_literal, moment_of
from kaohe_flow.workflow.errors import EngineFailed, Fault

NOON: Final = datetime(2025, 1, 6, 4, tzinfo=UTC)
KINDS: Final = {
    "timeDate": "时刻（timeDate）",
    "timeDuration": "时长（timeDuration）",
    "timeCycle": "循环（timeCycle）",
}
_MOMENT: Final = re.compile(r"\s*=?\s*(?:[$#]\{)?\s*(?:workdays|period_end|cutoff|notice_end)\s*\(")
MOST_DAYS: Final = 3660


def timers(subject: Subject) -> Iterator[Fault]:
    """One time per timer, of the kind that its text gives."""
    for node in subject.diagram.nodes:
        for trigger in node.triggers:
            if trigger.kind == "timer":
                yield from _timer(subject, node, trigger)


def _timer(subject: Subject, node: Node, trigger: Trigger) -> Iterator[Fault]:
    if len(trigger.times) != 1 or not trigger.times[0][1].value:
        text = "请给定时器写明一个时间：时刻、时长或循环，三者选一，如时刻 =workdays(review_due_wd)"
        yield fault(node, "timer-missing", text, line=trigger.line)
        return
    kind, text_ = trigger.times[0]
    once = node.kind != "startEvent" and (node.kind != "boundaryEvent" or node.interrupting)
    if kind == "timeCycle" and once:
        text = "循环定时器只能用在不中断的边界事件上；这里只触发一次，请改用时刻或时长"
        yield fault(node, "timer-cycle", text, line=text_.line)
    if kind != "timeDate" and _MOMENT.match(text_.value):
        text = f"“{text_.value}”给出的是一个时刻，这里选的是{KINDS[kind]}；请改选时刻（timeDate）"
        yield fault(node, "timer-kind", text, line=text_.line)
        return
    wrong = _reason(subject, node, kind, text_)
    if wrong:
        yield fault(
            node, "timer-time", f"定时器的时间“{text_.value}”不能用，请改正：{wrong}", line=text_.line
        )
    elif kind == "timeDate" and is_literal(text_.value):
        text = f"日期写死为 {text_.value}，过了这一天就会立即触发；请改用 workdays(天数) 或 period_end()"
        yield fault(node, "timer-fixed", text, line=text_.line)


def _reason(subject: Subject, node: Node, kind: str, text: Text) -> str:
    """Why the timer cannot be set, as far as it can be known now; empty if it can or nobody knows."""
    try:
        if is_literal(text.value):
            check_literal(kind, text.value)  # type: ignore[arg-type]
        else:
            world = _world(subject)
            formula = compile_formula(text.value, node.id, frozenset(world.functions))
            if formula.expression.names <= world.context.keys():
                Timer(node.id, kind, text.value, formula).alarm(world)  # type: ignore[arg-type]
    except FeelError:
        return ""
    except (BadTime, OverflowError) as wrong:
        return str(wrong)
    except EngineFailed as wrong:
        return wrong.reason
    return ""


def due_dates(subject: Subject) -> Iterator[Fault]:
    """``camunda:dueDate`` gives a moment, a day or a duration."""
    for node in subject.diagram.tasks:
        due = node.camunda.get("dueDate", "")
        if not due:
            continue
        wrong = _due_reason(subject, node, due)
        if wrong:
            yield fault(node, "timer-time", f"办理期限“{due}”不能用，请改正：{wrong}")
        elif is_literal(due) and not due.startswith("P"):
            text = f"办理期限写死为 {due}，每个案件都一样；请改用 workdays(天数) 或 period_end()"
            yield fault(node, "timer-fixed", text)


def _due_reason(subject: Subject, node: Node, due: str) -> str:
    try:
        if is_literal(due):
            moment_of(due, NOON)
            return ""
        world = _world(subject)
        formula = compile_formula(due, node.id, frozenset(world.functions))
        if formula.expression.names <= world.context.keys():
            moment_of(formula.evaluate(world.context, world.functions), world.now)
    except FeelError:
        return ""
    except (BadTime, OverflowError) as wrong:
        return str(wrong)
    except EngineFailed as wrong:
        return wrong.reason
    return ""


def _world(subject: Subject) -> Evaluation:
    """A world that knows the limits and a calendar of sorts, to try an expression in."""
    context: dict[str, Value] = {each.name: limit(each.value) for each in subject.diagram.limits}
    functions: Mapping[str, Callable[..., object]] = {
        name: tried for name, tried in _CALENDAR.items() if name in subject.vocabulary.functions
    }
    return Evaluation(context, functions, NOON)


def _workdays(days: object = None, *_more: object) -> datetime:
    if isinstance(days, bool) or not isinstance(days, int | Decimal) or days != int(days):
        raise BadTime("workdays(…) 里要写整数天数，请核对流程属性里的时限参数")
    if not 0 < days <= MOST_DAYS:
        raise BadTime(f"workdays({days}) 的天数要在 1 至 {MOST_DAYS} 之间")
    return NOON + timedelta(days=int(days))


def _moment(*_more: object) -> datetime:
    return NOON + timedelta(days=30)


_CALENDAR: Final[Mapping[str, Callable[..., object]]] = {
    "workdays": _workdays,
    "period_end": _moment,
    "cutoff": _moment,
    "notice_end": _moment,
}

CHECKS: Final[tuple[Check, ...]] = (timers, due_dates)
