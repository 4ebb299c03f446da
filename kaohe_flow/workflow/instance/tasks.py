"""The open tasks of one instance, kept in step with what its engine waits for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.workflow.delegate import Asked, Candidates, Delegate
from kaohe_flow.workflow.engine.port import Process, Value, Waiting
from kaohe_flow.workflow.instance.model import Candidate, ProcessInstance, Recusal, Task, TaskState

OPEN_STATES = (TaskState.OPEN, TaskState.CLAIMED)


class TaskBoard:
    """Opens, widens and closes the tasks of ``instance`` within one command."""

    def __init__(self, work: Work, instance: ProcessInstance, process: Process, delegate: Delegate) -> None:
        self.instance = instance
        self._work = work
        self._process = process
        self._delegate = delegate
        self._open: list[Task] | None = None

    @property
    def open(self) -> list[Task]:
        """Tasks that wait now."""
        if self._open is None:
            waiting = (Task.instance_id == self.instance.id, Task.state.in_(OPEN_STATES))
            self._open = list(self._work.session.scalars(select(Task).where(*waiting)))
        return self._open

    def urge(self, step_id: str, item: Value = None) -> None:
        """Mark the open tasks of a step as urged; with ``item`` only the one of that member."""
        for task in self._at(step_id, item):
            task.urged_at = self._work.now

    def escalate(self, step_id: str, item: Value = None) -> None:
        """Open the tasks of a step to the next level up as well; whoever held them loses the claim."""
        for task in self._at(step_id, item):
            task.climbed += 1
            task.state, task.assignee_id = TaskState.OPEN, None
            self._offer(task, keep=True)

    def follow(self, waiting: Sequence[Waiting]) -> None:
        """Withdraw what the engine no longer waits for and open what it newly waits for."""
        expected = {item.token for item in waiting}
        for task in [task for task in self.open if task.token not in expected]:
            self.close(task, TaskState.WITHDRAWN)
        known = {task.token for task in self.open}
        for item in waiting:
            if item.token not in known:
                self._open_task(item)

    def close(self, task: Task, state: TaskState, *, outcome: str | None = None) -> None:
        """End a task; it leaves every inbox but stays on record."""
        self.open.remove(task)
        task.state = state
        task.closed_at = self._work.now
        if state is TaskState.DONE:
            task.closed_by_id = self._work.actor.officer_id
            task.closed_by_name = self._work.actor.name
            task.outcome = outcome
        self._work.session.execute(delete(Candidate).where(Candidate.task_id == task.id))

    def _at(self, step_id: str, item: Value) -> list[Task]:
        here = [task for task in self.open if task.step_id == step_id]
        return here if item is None else [task for task in here if task.item == item]

    def _open_task(self, waiting: Waiting) -> None:
        step = self._process.steps[waiting.step_id]
        task = Task(
            instance_id=self.instance.id,
            token=waiting.token,
            step_id=step.id,
            step_name=step.name,
            item=waiting.item,
            opened_at=self._work.now,
            due_at=waiting.due_at,
        )
        self._work.session.add(task)
        self._work.session.flush()
        self.open.append(task)
        self._offer(task, keep=False)

    def _offer(self, task: Task, *, keep: bool) -> None:
        """Write who may take the task. With ``keep`` those who could before still may."""
        pool = self._pool(task, self._work.now)
        held: set[str] = set()
        if keep:
            held = set(
                self._work.session.scalars(select(Candidate.principal).where(Candidate.task_id == task.id))
            )
            recused = set(
                self._work.session.scalars(select(Recusal.officer_id).where(Recusal.task_id == task.id))
            )
        else:
            recused = set()
            task.climbed = pool.climbed
        task.pool = pool.label
        self._work.session.add_all(
            Candidate(task_id=task.id, principal=principal) for principal in pool.principals - held
        )
        self._work.session.add_all(
            Recusal(task_id=task.id, officer_id=officer_id) for officer_id in pool.recused - recused
        )

    def _pool(self, task: Task, now: datetime) -> Candidates:
        step = self._process.steps[task.step_id]
        asked = Asked(
            case_key=self.instance.case_key,
            expressions=step.candidates,
            item=task.item,  # type: ignore[arg-type]
            climb=task.climbed,
        )
        return self._delegate.candidates(self._work.session, asked, now)
