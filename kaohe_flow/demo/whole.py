"""Many commands in one transaction, so that a part of the load is there as a whole or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from kaohe_flow.kernel.actor import CLOCK, Actor
from kaohe_flow.kernel.unit_of_work import Database, Work


class Whole(Database):
    """A database whose transactions are parts of one: each still succeeds or leaves nothing behind.

    What a part has read is forgotten at its end, as in transactions of their own.
    """

    def __init__(self, database: Database, work: Work) -> None:
        super().__init__(database.engine, **database.offered)
        self._work = work
        self._depth = 0

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """The session of the whole; what is open in it can be seen."""
        with self._part():
            yield self._work.session

    @contextlib.contextmanager
    def write_tx(self, actor: Actor, now: datetime) -> Iterator[Work]:
        """One command, undone alone if it fails."""
        with self._part(), self._work.session.begin_nested():
            work = Work(self._work.session, actor, now)
            yield work
            work.session.flush()
        self._work.after_commit.extend(work.after_commit)

    @contextlib.contextmanager
    def _part(self) -> Iterator[None]:
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if not self._depth:
                self._work.session.expunge_all()


@contextlib.contextmanager
def whole(database: Database, now: datetime) -> Iterator[Database]:
    """Everything done through what this yields is committed together at its end, or not at all."""
    with database.write_tx(CLOCK, now) as work:
        yield Whole(database, work)
