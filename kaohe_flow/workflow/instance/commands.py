"""Moving cases: start, claim, complete, deliver a message, let time pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.workflow.deployment.queries import latest_id, process
from kaohe_flow.workflow.engine.port import Process, Snapshot, Value
from kaohe_flow.workflow.errors import TaskGone
from kaohe_flow.workflow.instance import queries
from kaohe_flow.workflow.instance.host import CaseHost
from kaohe_flow.workflow.instance.model import HistoryEntry, InstanceState, ProcessInstance, Task, TaskState
from kaohe_flow.workflow.instance.rules import (
    ClaimedByOther,
    Decision,
    NotACandidate,
    TaskClosed,
    decision_variables,
    outcome_label,
)
from kaohe_flow.workflow.instance.tasks import TaskBoard
from kaohe_flow.workflow.runtime import runtime_of


@dataclass(frozen=True, slots=True)
class Card:
    """What lists show of a case."""

    title: str
    subject_id: int | None
    subject_name: str
    unit_name: str
    tag: str = ""


@dataclass(frozen=True, slots=True)
class _Motion:
    """An instance taken up for one movement: everything that has to move with it."""

    work: Work
    instance: ProcessInstance
    process: Process
    board: TaskBoard
    host: CaseHost


def start(
    work: Work, process_key: str, case_key: str, card: Card, variables: Mapping[str, Value]
) -> ProcessInstance:
    """Start a case on the newest version of its diagram."""
    instance = ProcessInstance(
        deployment_id=latest_id(work.session, process_key),
        process_key=process_key,
        case_key=case_key,
        title=card.title,
        subject_id=card.subject_id,
        subject_name=card.subject_name,
        unit_name=card.unit_name,
        tag=card.tag,
        state=InstanceState.RUNNING,
        state_blob=b"",
        started_by_id=work.actor.officer_id,
        started_at=work.now,
    )
    work.session.add(instance)
    work.session.flush()
    motion = _take_up(work, instance)
    snapshot = runtime_of(work.session).engine.start(motion.process, variables, motion.host)
    _settle(motion, snapshot, HistoryEntry(kind="started"))
    return instance


def claim(work: Work, task_id: int) -> Task:
    """Take a task out of its pool. Raises ``ClaimedByOther``, ``NotACandidate``, ``TaskTaken``."""
    task = _own_task(work, task_id)
    task.state, task.assignee_id = TaskState.CLAIMED, work.actor.officer_id
    return task


def release(work: Work, task_id: int) -> Task:
    """Put a claimed task back into its pool."""
    task = _own_task(work, task_id)
    task.state, task.assignee_id = TaskState.OPEN, None
    return task


def complete(work: Work, process_key: str, task_id: int, decision: Decision) -> ProcessInstance:
    """Finish a task with a decision its diagram offers, and move the case on.

    The task must belong to ``process_key``: a page cannot finish another kind of case by number.
    Raises ``TaskTaken`` or ``TaskClosed`` when it is over, ``NotACandidate``, ``ClaimedByOther``,
    ``OutcomeUnknown``.
    """
    task = _own_task(work, task_id)
    motion = _take_up(work, task.instance)
    if motion.instance.process_key != process_key:
        raise NotACandidate
    step = motion.process.steps[task.step_id]
    variables = decision_variables(step, decision)
    engine = runtime_of(work.session).engine
    try:
        snapshot = engine.complete(
            motion.process, motion.instance.state_blob, task.token, variables, motion.host
        )
    except TaskGone:
        raise TaskClosed from None
    motion.board.close(task, TaskState.DONE, outcome=decision.outcome)
    _settle(
        motion,
        snapshot,
        HistoryEntry(
            kind="completed",
            step_id=task.step_id,
            step_name=task.step_name,
            outcome=decision.outcome,
            outcome_label=outcome_label(step, decision.outcome),
            opinion=decision.opinion or None,
        ),
    )
    return motion.instance


def deliver(work: Work, case_key: str, message: str, *, opinion: str = "") -> ProcessInstance:
    """Send a message such as 撤回 to a case. Raises ``NotWaiting`` when its diagram does not listen now."""
    motion = _take_up(work, queries.for_update(work.session, case_key=case_key))
    engine = runtime_of(work.session).engine
    snapshot = engine.deliver(motion.process, motion.instance.state_blob, message, {}, motion.host)
    _settle(motion, snapshot, HistoryEntry(kind="message", step_name=message, opinion=opinion or None))
    return motion.instance


def tick(work: Work, instance_id: int) -> bool:
    """Let the due timers of a case fire. False if nothing was due any more."""
    instance = queries.for_update(work.session, instance_id=instance_id)
    due = instance.next_due_at
    if instance.state is not InstanceState.RUNNING or due is None or due > work.now:
        return False
    motion = _take_up(work.because_of(due), instance)
    engine = runtime_of(work.session).engine
    _settle(
        motion,
        engine.tick(motion.process, instance.state_blob, motion.host),
        HistoryEntry(kind="timer"),
    )
    return True


def raise_incident(work: Work, instance_id: int, reason: str) -> None:
    """Stop a case that its engine cannot move: it stands still, visibly, until an operator acts."""
    instance = queries.for_update(work.session, instance_id=instance_id)
    instance.state, instance.incident = InstanceState.INCIDENT, reason
    _remember(work, instance, HistoryEntry(kind="incident", opinion=reason, path=[]))


def _own_task(work: Work, task_id: int) -> Task:
    """The task, locked with its instance, if this actor may act on it now."""
    task = queries.task_for_update(work.session, task_id)
    if task.state in {TaskState.DONE, TaskState.WITHDRAWN}:
        raise queries.why_over(task)
    if not queries.may_act(work.session, task, work.actor):
        raise NotACandidate
    if task.state is TaskState.CLAIMED and task.assignee_id != work.actor.officer_id:
        raise ClaimedByOther(who="其他办理人")
    return task


def _take_up(work: Work, instance: ProcessInstance) -> _Motion:
    delegate = runtime_of(work.session).delegate(instance.process_key)
    compiled = process(work.session, instance.deployment_id)
    board = TaskBoard(work, instance, compiled, delegate)
    return _Motion(work, instance, compiled, board, CaseHost(work, delegate, board))


def _settle(motion: _Motion, snapshot: Snapshot, entry: HistoryEntry) -> None:
    """Store where the case stands now: engine state, open tasks, one line of history."""
    work, instance = motion.work, motion.instance
    instance.state_blob = snapshot.state
    instance.next_due_at = snapshot.next_due_at
    motion.board.follow(snapshot.waiting)
    if snapshot.finished:
        instance.state, instance.ended_at = InstanceState.FINISHED, work.now
        instance.end_event = snapshot.ended_at
    entry.path = [passed.element_id for passed in snapshot.trace if passed.what in {"entered", "flow"}]
    _remember(work, instance, entry)


def _remember(work: Work, instance: ProcessInstance, entry: HistoryEntry) -> None:
    """Append one line to the history of a case."""
    last = work.session.scalar(
        select(func.max(HistoryEntry.seq)).where(HistoryEntry.instance_id == instance.id)
    )
    entry.instance_id = instance.id
    entry.seq = (last or 0) + 1
    entry.at = work.now
    entry.actor_id, entry.actor_name = work.actor.officer_id, work.actor.name
    work.session.add(entry)
    work.session.flush()
