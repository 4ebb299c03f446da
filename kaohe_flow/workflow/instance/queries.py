"""What can be asked of running cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.calendar import SHANGHAI
from kaohe_flow.kernel.errors import Conflict, NotFound
from kaohe_flow.workflow.deployment.queries import process
from kaohe_flow.workflow.engine.port import Step
from kaohe_flow.workflow.instance.model import (
    Candidate,
    HistoryEntry,
    InstanceState,
    ProcessInstance,
    Recusal,
    Task,
    TaskState,
)
from kaohe_flow.workflow.instance.rules import TaskClosed, TaskTaken
from kaohe_flow.workflow.instance.tasks import OPEN_STATES

# Rows as the doors see them: read-only views, so that pages need not know the tables.
HistoryLine = HistoryEntry
InstanceView = ProcessInstance
OpenTask = Task


def for_update(
    session: Session, *, case_key: str | None = None, instance_id: int | None = None
) -> ProcessInstance:
    """An instance, locked for movement. Raises ``NotFound``."""
    wanted = ProcessInstance.case_key == case_key if case_key else ProcessInstance.id == instance_id
    locked = select(ProcessInstance).where(wanted).with_for_update()
    instance = session.scalars(locked.execution_options(populate_existing=True)).first()
    if instance is None:
        raise NotFound
    return instance


def task_for_update(session: Session, task_id: int) -> Task:
    """A task with its instance, the instance locked first so that two deciders queue up.

    Both are read again after the lock: what this session saw before may have changed while it waited.
    """
    instance_id = session.scalar(select(Task.instance_id).where(Task.id == task_id))
    if instance_id is None:
        raise NotFound
    for_update(session, instance_id=instance_id)
    return session.scalars(
        select(Task)
        .where(Task.id == task_id)
        .options(joinedload(Task.instance))
        .execution_options(populate_existing=True)
    ).one()


def task(session: Session, task_id: int) -> Task:
    """A task with its instance, to look at. Raises ``NotFound``."""
    found = session.scalars(select(Task).where(Task.id == task_id).options(joinedload(Task.instance))).first()
    if found is None:
        raise NotFound
    return found


def of_case(session: Session, case_key: str) -> ProcessInstance | None:
    """The instance of a case; None while the case is only a draft."""
    return session.scalars(select(ProcessInstance).where(ProcessInstance.case_key == case_key)).first()


def open_tasks(session: Session, instance_id: int) -> Sequence[Task]:
    """Tasks of an instance that wait now."""
    return session.scalars(
        select(Task).where(Task.instance_id == instance_id, Task.state.in_(OPEN_STATES)).order_by(Task.id)
    ).all()


def history(session: Session, instance_id: int) -> Sequence[HistoryEntry]:
    """Everything that happened to an instance, oldest first."""
    return session.scalars(
        select(HistoryEntry).where(HistoryEntry.instance_id == instance_id).order_by(HistoryEntry.seq)
    ).all()


def may_act(session: Session, task: Task, actor: Actor) -> bool:
    """Whether the actor is in the task's pool and need not keep out (回避)."""
    if actor.officer_id is None:
        return False
    in_pool = exists().where(Candidate.task_id == task.id, Candidate.principal.in_(actor.principals))
    recused = exists().where(Recusal.task_id == task.id, Recusal.officer_id == actor.officer_id)
    return bool(session.scalar(select(in_pool & ~recused)))


def principals_of(session: Session, task_id: int) -> frozenset[str]:
    """Who may take an open task; empty once it is over."""
    return frozenset(session.scalars(select(Candidate.principal).where(Candidate.task_id == task_id)))


def takes_part(session: Session, case_key: str, actor: Actor) -> bool:
    """Whether the actor holds, may take, or has done a task of the case."""
    of_case_ = (
        select(Task.id)
        .join(ProcessInstance, ProcessInstance.id == Task.instance_id)
        .where(ProcessInstance.case_key == case_key)
    )
    may_take = exists().where(Candidate.task_id.in_(of_case_), Candidate.principal.in_(actor.principals))
    did = exists().where(Task.id.in_(of_case_), Task.closed_by_id == actor.officer_id)
    return bool(session.scalar(select(may_take | did)))


def why_over(task: Task) -> Conflict:
    """The sentence for somebody who comes too late."""
    if task.state is TaskState.DONE and task.closed_at is not None:
        when = task.closed_at.astimezone(SHANGHAI)
        return TaskTaken(who=task.closed_by_name, when=f"{when:%m月%d日 %H:%M}", outcome=task.step_name)
    return TaskClosed()


def due_instances(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Ids of running instances whose earliest timer is due, most overdue first."""
    return session.scalars(
        select(ProcessInstance.id)
        .where(ProcessInstance.state == InstanceState.RUNNING, ProcessInstance.next_due_at <= now)
        .order_by(ProcessInstance.next_due_at)
        .limit(limit)
    ).all()


def standing_still(session: Session, limit: int = 100) -> Sequence[ProcessInstance]:
    """Cases that their engine cannot move, the latest first."""
    return session.scalars(
        select(ProcessInstance)
        .where(ProcessInstance.state == InstanceState.INCIDENT)
        .order_by(ProcessInstance.id.desc())
        .limit(limit)
    ).all()


def stuck(session: Session, instance_id: int) -> ProcessInstance:
    """One of them. Raises ``NotFound`` for a case that moves: its course is not the process owner's."""
    instance = session.get(ProcessInstance, instance_id)
    if instance is None or instance.state is not InstanceState.INCIDENT:
        raise NotFound
    return instance


def deciders(session: Session, case_key: str) -> frozenset[int]:
    """Everybody who has completed a task of a case so far."""
    found = session.scalars(
        select(Task.closed_by_id)
        .join(ProcessInstance, ProcessInstance.id == Task.instance_id)
        .where(ProcessInstance.case_key == case_key, Task.closed_by_id.is_not(None))
    )
    return frozenset(officer_id for officer_id in found if officer_id is not None)


def step_of(session: Session, task: Task) -> Step:
    """The step of the diagram a task stands for: what it is called, which form it asks for."""
    return process(session, task.instance.deployment_id).steps[task.step_id]
