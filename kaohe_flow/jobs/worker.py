"""The embedded runner: due timers of running cases, then due jobs, each in a transaction of its own.

A job's effect and its mark "done" commit together, under a lease token: a runner that was killed or
suspended can neither lose a job nor do it twice.
"""

from __future__ import annotations

import secrets
import signal
import threading
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import or_, select, update

from kaohe_flow.jobs.clock import turn
from kaohe_flow.jobs.table import HANDLERS
from kaohe_flow.kernel.actor import CLOCK
from kaohe_flow.kernel.errors import Conflict, KaoheError
from kaohe_flow.kernel.outbox import Job, JobState
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.workflow.errors import EngineFailed, StateRefused
from kaohe_flow.workflow.instance import commands, queries

BATCH: Final = 200
LEASE: Final = timedelta(minutes=5)
MAX_ATTEMPTS: Final = 8
BACK_OFF: Final = timedelta(seconds=20)
log = structlog.get_logger()


class LeaseLost(Conflict):
    """Another runner took the job over while this one was away."""

    code = "lease-lost"
    message = "作业已由其他进程接管"


def run(database: Database, every_seconds: int) -> None:
    """Work until SIGTERM or SIGINT; the job in hand is finished first."""
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    log.info("worker.started")
    while not stop.is_set():
        busy = pass_once(database, datetime.now(UTC))
        stop.wait(0 if busy else every_seconds)


def pass_once(database: Database, now: datetime) -> int:
    """Everything due at ``now``: the calendar, timers, jobs. Returns how much was done."""
    return turn(database, now) + fire_timers(database, now) + run_jobs(database, now)


def fire_timers(database: Database, now: datetime) -> int:
    """Let the due timers of running cases fire; a case that cannot go on becomes an incident."""
    with database.read() as session:
        due = queries.due_instances(session, now, BATCH)
    fired = 0
    for instance_id in due:
        try:
            with database.write_tx(CLOCK, now) as work:
                fired += commands.tick(work, instance_id)
        except Conflict:
            continue  # somebody was faster; the next pass looks again
        except (EngineFailed, StateRefused) as exc:
            with database.write_tx(CLOCK, now) as work:
                commands.raise_incident(work, instance_id, str(exc))
    return fired


def run_jobs(database: Database, now: datetime) -> int:
    """Take due jobs one after another and do them."""
    done = 0
    for _ in range(BATCH):
        taken = _take(database, now)
        if taken is None:
            break
        done += _do(database, now, *taken)
    return done


def _take(database: Database, now: datetime) -> tuple[int, str] | None:
    token = secrets.token_hex(8)
    due = or_(
        (Job.state == JobState.WAITING) & (Job.run_at <= now),
        (Job.state == JobState.RUNNING) & (Job.lease_until < now),
    )
    first = select(Job.id).where(due).order_by(Job.run_at, Job.id).limit(1).with_for_update(skip_locked=True)
    with database.write_tx(CLOCK, now) as work:
        taken = work.session.execute(
            update(Job)
            .where(Job.id == first.scalar_subquery())
            .values(state=JobState.RUNNING, token=token, lease_until=now + LEASE, attempts=Job.attempts + 1)
            .returning(Job.id)
            .execution_options(synchronize_session=False)
        ).scalar()
    return None if taken is None else (taken, token)


def _do(database: Database, now: datetime, job_id: int, token: str) -> int:
    try:
        with database.write_tx(CLOCK, now) as work:
            job = work.session.get_one(Job, job_id)
            HANDLERS[job.name](work, job.payload)
            mine = (Job.id == job_id, Job.token == token, Job.state == JobState.RUNNING)
            marked = work.session.execute(
                update(Job)
                .where(*mine)
                .values(state=JobState.DONE, finished_at=now)
                .returning(Job.id)
                .execution_options(synchronize_session=False)
            ).scalar()
            if marked is None:
                raise LeaseLost
    except LeaseLost:
        return 0
    except Exception as exc:
        if not isinstance(exc, KaoheError):
            log.exception("job.failed", job=job_id)
        _put_back(database, now, job_id, token, repr(exc))
        return 0
    return 1


def _put_back(database: Database, now: datetime, job_id: int, token: str, reason: str) -> None:
    """Try again later; after ``MAX_ATTEMPTS`` the job waits for a person."""
    with database.write_tx(CLOCK, now) as work:
        job = work.session.get_one(Job, job_id)
        if job.token != token:
            return
        over = job.attempts >= MAX_ATTEMPTS
        job.state = JobState.FAILED if over else JobState.WAITING
        job.run_at = now + BACK_OFF * 2**job.attempts
        job.last_error = reason
