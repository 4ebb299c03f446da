"""One command, one transaction. The only place that begins, commits or rolls back.

Writes are serialised on SQLite by a lock file before ``BEGIN IMMEDIATE``: SQLite's own busy handler is
unfair and makes the slowest of several writers wait for seconds. Reads are read-only transactions on both
databases, so a forgotten write fails at once instead of slipping through a GET.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.errors import Conflict

READ = {"kaohe_mode": "read", "postgresql_readonly": True}
WRITE = {"kaohe_mode": "write", "postgresql_readonly": False}
SERIALIZATION_FAILURES = frozenset({"40001", "40P01", "55P03"})
NOTICED: Final = timedelta(
    hours=8
)  # a limit of midnight that is noticed before office hours was noticed at once


@dataclass(frozen=True, slots=True)
class Work:
    """What a command gets: the open transaction, who acts, and when.

    ``limit`` is the limit that ran out, where that and nobody's deed brings the command about.
    """

    session: Session
    actor: Actor
    now: datetime
    after_commit: list[Callable[[], None]] = field(default_factory=list)
    limit: datetime | None = None

    @property
    def counts_from(self) -> datetime:
        """The moment from which the next limits count.

        A limit ends with the last second of a day and is noticed in the night after; what follows counts from
        the day that ended. Noticed later than that, after the server stood still, it counts from when it was
        noticed: a window that nobody could see has not begun.
        """
        if self.limit is not None and self.now - self.limit <= NOTICED:
            return self.limit
        return self.now

    def because_of(self, limit: datetime) -> Work:
        """The same transaction, brought about by a limit that ran out."""
        return replace(self, limit=limit)


def is_reading(session: Session) -> bool:
    """Whether the session only reads, so that all it sees is committed."""
    return session.get_bind().get_execution_options().get("kaohe_mode") == "read"


class Database:
    """The engine and the one way to open transactions on it."""

    def __init__(self, engine: Engine, **offered: object) -> None:
        """``offered`` travels in ``session.info``: what the parts below may ask for by name."""
        self.engine = engine
        self.offered = offered
        self._read_engine = engine.execution_options(**READ)
        self._write_engine = engine.execution_options(**WRITE)
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._lock_file = self._lock_path()
        self._writing = threading.local()

    def _lock_path(self) -> Path | None:
        name = self.engine.url.database
        return Path(f"{name}.wlock") if self._is_sqlite and name and name != ":memory:" else None

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """A read-only session; anything written through it fails."""
        with Session(self._read_engine, autoflush=False, info=self.offered) as session:
            yield session

    @contextlib.contextmanager
    def write_tx(self, actor: Actor, now: datetime) -> Iterator[Work]:
        """One command: committed as a whole on the way out, rolled back as a whole on any failure.

        A lost race, in whatever face the database shows it, becomes ``Conflict``.
        """
        if getattr(self._writing, "busy", False):
            raise RuntimeError("a command runs inside one transaction; do not open a second one")
        with self._turn(), Session(self._write_engine, info=self.offered, expire_on_commit=False) as session:
            work = Work(session=session, actor=actor, now=now)
            self._writing.busy = True
            try:
                yield work
                session.commit()
            except BaseException as exc:
                session.rollback()
                if _is_lost_race(exc):
                    raise Conflict from exc
                raise
            finally:
                self._writing.busy = False
        for effect in work.after_commit:
            effect()

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        if self._lock_file is None:
            yield
            return
        handle = os.open(self._lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _is_lost_race(exc: BaseException) -> bool:
    if isinstance(exc, StaleDataError):
        return True
    if isinstance(exc, IntegrityError):
        return "uq_" in str(exc.orig) or "UNIQUE constraint" in str(exc.orig)
    if isinstance(exc, OperationalError):
        state = getattr(exc.orig, "sqlstate", None)
        return state in SERIALIZATION_FAILURES or "database is locked" in str(exc.orig)
    return False


def prepare(engine: Engine) -> Engine:
    """Hang the rules of this project on an engine: durable SQLite, modes per transaction. Idempotent."""
    if engine.dialect.name == "sqlite" and not event.contains(engine, "connect", _on_sqlite_connect):
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
    return engine


def _on_sqlite_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL loses acknowledged commits on a power cut
        "foreign_keys=ON",
        "recursive_triggers=ON",  # INSERT OR REPLACE must fire the ledger's delete trigger
        "busy_timeout=30000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_sqlite_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("kaohe_mode") == "write"
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
