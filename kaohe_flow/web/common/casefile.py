"""The course of a case as pages draw it: a timeline, and the path on its diagram."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from flask import url_for
from sqlalchemy.orm import Session

from kaohe_flow.web.common.filters import left, local
from kaohe_flow.workflow.deployment.queries import process
from kaohe_flow.workflow.instance import queries as running
from kaohe_flow.workflow.instance.queries import HistoryLine, InstanceView, OpenTask

NEGATIVE: Final = frozenset({"reject", "return", "refuse", "cancel", "dismiss"})
MESSAGES: Final = {"withdraw": "撤回", "objection": "提出异议"}


def timeline(session: Session, instance: InstanceView, now: datetime) -> list[dict[str, Any]]:
    """Items for the timeline macro: what happened, then who is expected next."""
    items = [_past(line) for line in running.history(session, instance.id) if line.kind != "timer"]
    items += [_waiting(task, now) for task in running.open_tasks(session, instance.id)]
    return items


def _past(line: HistoryLine) -> dict[str, Any]:
    if line.kind == "started":
        return {"state": "done", "name": "提交", "who": line.actor_name, "at": local(line.at)}
    if line.kind == "message":
        name = MESSAGES.get(line.step_name or "", line.step_name)
        return {"state": "withdrawn", "name": name, "who": line.actor_name, "at": local(line.at)}
    if line.kind == "incident":
        return {"state": "rejected", "name": "流程异常", "opinion": line.opinion, "at": local(line.at)}
    return {
        "state": "returned" if line.outcome in NEGATIVE else "done",
        "name": line.step_name,
        "verdict": line.outcome_label,
        "who": line.actor_name,
        "at": local(line.at),
        "opinion": line.opinion,
    }


def _waiting(task: OpenTask, now: datetime) -> dict[str, Any]:
    is_late = task.due_at is not None and task.due_at < now
    return {
        "state": "late" if is_late else "now",
        "name": task.step_name,
        "who": task.pool,
        "at": left(task.due_at, now),
        "verdict": "已催办" if task.urged_at else None,
    }


def course(session: Session, instance: InstanceView, now: datetime) -> dict[str, Any]:
    """State for the diagram macro: what was passed, where the case stands, what came back."""
    lines = running.history(session, instance.id)
    waiting = running.open_tasks(session, instance.id)
    passed = [element for line in lines for element in line.path]
    steps = process(session, instance.deployment_id).steps
    current = [task.step_id for task in waiting]
    late = [task.step_id for task in waiting if task.due_at and task.due_at < now]
    return {
        "done": _unique(element for element in passed if element in steps and element not in current),
        "flows": _unique(element for element in passed if element not in steps),
        "current": [step for step in current if step not in late],
        "late": late,
        "rejected": _unique(line.step_id for line in lines if line.outcome in NEGATIVE and line.step_id),
        "focus": next(iter(current or passed[-1:]), None),
        "badges": dict.fromkeys(current, "办理中"),
    }


def diagram_url(instance: InstanceView) -> str:
    """Address of the very version of the diagram the case runs on."""
    return url_for("process.diagram", deployment_id=instance.deployment_id)


def _unique(items: Any) -> Sequence[str]:
    return list(dict.fromkeys(items))
