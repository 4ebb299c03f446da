"""Jobs are announced in the business transaction: what was not committed was never asked for."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, select, text
from sqlalchemy.orm import Mapped, mapped_column

from kaohe_flow.kernel.orm import Base, UtcDateTime, str_enum
from kaohe_flow.kernel.unit_of_work import Work


class JobState(StrEnum):
    """A job waits, is held under a lease, has been done, or needs a person."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """One message. It carries ids only: whoever runs it reads the rows again."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_due", "state", "run_at"),
        Index(
            "uq_job_key_open",
            "key",
            unique=True,
            sqlite_where=text("state IN ('waiting', 'running')"),
            postgresql_where=text("state IN ('waiting', 'running')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    payload: Mapped[dict[str, int | str]] = mapped_column(JSON)
    key: Mapped[str | None]
    state: Mapped[JobState] = mapped_column(str_enum(JobState, "state"), default=JobState.WAITING)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    token: Mapped[str | None]
    last_error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def enqueue(
    work: Work,
    name: str,
    payload: dict[str, int | str],
    *,
    run_at: datetime | None = None,
    key: str | None = None,
) -> None:
    """Ask for ``name`` to be run once, not before ``run_at`` (default: now).

    While a job with the same ``key`` is open, a second request is the same request.
    """
    if key is not None:
        open_states = (JobState.WAITING, JobState.RUNNING)
        asked = work.session.scalar(select(Job.id).where(Job.key == key, Job.state.in_(open_states)))
        if asked is not None:
            return
    work.session.add(Job(name=name, payload=payload, key=key, run_at=run_at or work.now, created_at=work.now))
