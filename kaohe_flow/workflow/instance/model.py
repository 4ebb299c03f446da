"""A running case and what it waits for."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kaohe_flow.kernel.orm import Base, UtcDateTime, str_enum


class InstanceState(StrEnum):
    """An instance runs, has reached an end, or stands still until an operator looks at it."""

    RUNNING = "running"
    FINISHED = "finished"
    INCIDENT = "incident"


class TaskState(StrEnum):
    """Open for its pool, taken by one person, done, or overtaken by the procedure."""

    OPEN = "open"
    CLAIMED = "claimed"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class ProcessInstance(Base):
    """One case on one version of its diagram. ``state_blob`` is the engine's own, sealed by a MAC.

    The words beside it (title, subject, tag) are what lists show; they say nothing the case does not say.
    """

    __tablename__ = "process_instance"
    __table_args__ = (
        CheckConstraint("(state = 'finished') = (ended_at IS NOT NULL)", name="ended_when_finished"),
        Index(
            "ix_process_instance_due",
            "next_due_at",
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
        Index("ix_process_instance_started_by", "started_by_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"))
    process_key: Mapped[str]
    case_key: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    subject_id: Mapped[int | None] = mapped_column(index=True)
    subject_name: Mapped[str]
    unit_name: Mapped[str]
    tag: Mapped[str] = mapped_column(default="")
    state: Mapped[InstanceState] = mapped_column(str_enum(InstanceState, "state"))
    state_blob: Mapped[bytes] = mapped_column(LargeBinary)
    next_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_by_id: Mapped[int | None]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_event: Mapped[str | None]
    incident: Mapped[str | None]
    version: Mapped[int] = mapped_column(nullable=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it once


class Task(Base):
    """A user task of an instance. Kept for ever: done tasks are somebody's 已办."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('done', 'withdrawn')) = (closed_at IS NOT NULL)", name="closed_when_over"
        ),
        CheckConstraint("state != 'claimed' OR assignee_id IS NOT NULL", name="claimed_by_someone"),
        Index("ix_task_instance_id", "instance_id"),
        Index("ix_task_closed_by", "closed_by_id", "closed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    token: Mapped[str]
    step_id: Mapped[str]
    step_name: Mapped[str]
    state: Mapped[TaskState] = mapped_column(str_enum(TaskState, "state"), default=TaskState.OPEN)
    pool: Mapped[str] = mapped_column(default="")
    assignee_id: Mapped[int | None]
    item: Mapped[object | None] = mapped_column(JSON)
    climbed: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    urged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int | None]
    closed_by_name: Mapped[str | None]
    outcome: Mapped[str | None]

    instance: Mapped[ProcessInstance] = relationship(lazy="raise")


class Candidate(Base):
    """Who may take an open task. Rows live only as long as the task is open, so inboxes stay fast."""

    __tablename__ = "task_candidate"
    __table_args__ = (Index("ix_task_candidate_inbox", "principal", "task_id"),)

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    principal: Mapped[str] = mapped_column(primary_key=True)


class Recusal(Base):
    """Who must not decide a task, whatever pool they are in. Kept with the task as its record."""

    __tablename__ = "task_recusal"

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    officer_id: Mapped[int] = mapped_column(primary_key=True)


class HistoryEntry(Base):
    """One happening of a case: who did what at which step, and the path it took on the diagram.

    ``path`` lists element and flow ids in the order they were passed. Append-only.
    """

    __tablename__ = "history_entry"

    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str]
    step_id: Mapped[str | None]
    step_name: Mapped[str | None]
    actor_id: Mapped[int | None]
    actor_name: Mapped[str]
    outcome: Mapped[str | None]
    outcome_label: Mapped[str | None]
    opinion: Mapped[str | None]
    path: Mapped[list[str]] = mapped_column(JSON)
