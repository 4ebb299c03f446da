"""Inboxes: one indexed look at the candidate rows of open tasks, however many cases there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.paging import PAGE_SIZE, Page
from kaohe_flow.workflow.deployment.model import Deployment
from kaohe_flow.workflow.inbox.rules import Box
from kaohe_flow.workflow.instance.model import Candidate, ProcessInstance, Recusal, Task, TaskState
from kaohe_flow.workflow.instance.tasks import OPEN_STATES


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One line of an inbox. ``task_id`` is None for cases one only started."""

    task_id: int | None
    case_key: str
    process_key: str
    title: str
    subject_name: str
    unit_name: str
    tag: str
    step_name: str
    opened_at: datetime
    due_at: datetime | None
    urged_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """How an inbox is narrowed: words in title, subject or unit; one kind of process."""

    words: str = ""
    process_key: str = ""


def page(
    session: Session, actor: Actor, box: Box, *, filter: Filter = Filter(), number: int = 1
) -> Page[InboxRow]:
    """One page of a box; open work by due date, finished work newest first."""
    if box is Box.STARTED:
        return _started(session, actor, filter, number)
    query = select(Task, ProcessInstance).join(ProcessInstance, ProcessInstance.id == Task.instance_id)
    query = query.where(_in_box(actor, box), *_narrowed(filter))
    order: tuple[Any, ...]
    order = (Task.closed_at.desc(),) if box is Box.DONE else (Task.due_at.is_(None), Task.due_at, Task.id)
    rows = session.execute(_cut(query.order_by(*order), number)).all()
    return Page(
        rows=tuple(_row(task, instance) for task, instance in rows),
        number=number,
        total=_count(session, query),
    )


def counts(session: Session, actor: Actor) -> Mapping[Box, int]:
    """How many open tasks wait in 待办 and 待签."""
    return {
        box: session.scalar(select(func.count()).select_from(Task).where(_in_box(actor, box))) or 0
        for box in (Box.MINE, Box.CLAIMABLE)
    }


def kinds(session: Session) -> Mapping[str, str]:
    """Process keys and their names, for the filter."""
    newest = select(Deployment.key, Deployment.name).order_by(Deployment.version)
    return {key: name for key, name in session.execute(newest)}


def _in_box(actor: Actor, box: Box) -> ColumnElement[bool]:
    if box is Box.DONE:
        return and_(Task.closed_by_id == actor.officer_id, Task.state == TaskState.DONE)
    personal = f"officer@{actor.officer_id}"
    may_take = Task.id.in_(select(Candidate.task_id).where(Candidate.principal.in_(actor.principals)))
    for_me_alone = Task.id.in_(select(Candidate.task_id).where(Candidate.principal == personal))
    recused = exists().where(Recusal.task_id == Task.id, Recusal.officer_id == actor.officer_id)
    if box is Box.MINE:
        taken = and_(Task.state == TaskState.CLAIMED, Task.assignee_id == actor.officer_id)
        return and_(Task.state.in_(OPEN_STATES), or_(taken, for_me_alone))
    return and_(Task.state == TaskState.OPEN, may_take, ~for_me_alone, ~recused)


def _narrowed(filter: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for word in filter.words.split():
        needle = f"%{word.replace('%', '').replace('_', '')}%"
        conditions.append(
            or_(
                ProcessInstance.title.like(needle),
                ProcessInstance.subject_name.like(needle),
                ProcessInstance.unit_name.like(needle),
            )
        )
    if filter.process_key:
        conditions.append(ProcessInstance.process_key == filter.process_key)
    return conditions


def _started(session: Session, actor: Actor, filter: Filter, number: int) -> Page[InboxRow]:
    query = select(ProcessInstance).where(
        ProcessInstance.started_by_id == actor.officer_id, *_narrowed(filter)
    )
    rows = session.scalars(_cut(query.order_by(ProcessInstance.id.desc()), number)).all()
    steps = _waiting_steps(session, [instance.id for instance in rows])
    return Page(
        rows=tuple(
            InboxRow(
                task_id=None,
                case_key=instance.case_key,
                process_key=instance.process_key,
                title=instance.title,
                subject_name=instance.subject_name,
                unit_name=instance.unit_name,
                tag=instance.tag,
                step_name=steps.get(instance.id, "已办结"),
                opened_at=instance.started_at,
                due_at=None,
                urged_at=None,
                closed_at=instance.ended_at,
                outcome=None,
                is_over=instance.ended_at is not None,
            )
            for instance in rows
        ),
        number=number,
        total=_count(session, query),
    )


def _waiting_steps(session: Session, instance_ids: list[int]) -> dict[int, str]:
    waiting = session.execute(
        select(Task.instance_id, Task.step_name).where(
            Task.instance_id.in_(instance_ids), Task.state.in_(OPEN_STATES)
        )
    )
    return {instance_id: step_name for instance_id, step_name in waiting}


def _row(task: Task, instance: ProcessInstance) -> InboxRow:
    return InboxRow(
        task_id=task.id,
        case_key=instance.case_key,
        process_key=instance.process_key,
        title=instance.title,
        subject_name=instance.subject_name,
        unit_name=instance.unit_name,
        tag=instance.tag,
        step_name=task.step_name,
        opened_at=task.opened_at,
        due_at=task.due_at,
        urged_at=task.urged_at,
        closed_at=task.closed_at,
        outcome=task.outcome,
        is_over=task.closed_at is not None,
    )


def _cut(query: Any, number: int) -> Any:  # any select, of whatever columns
    return query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)


def _count(session: Session, query: Any) -> int:
    return session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
