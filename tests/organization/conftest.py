"""Tests of the organization stand on an open command, or on the city in miniature."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from kaohe_flow.kernel.unit_of_work import Database, Work
from kaohe_flow.records.audit.model import AuditEntry
from tests.factories.organization import CLERK, NOW, MiniCity, build

Trail = Callable[[], list[tuple[str, str]]]
Counter = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def work(database: Database) -> Iterator[Work]:
    with database.write_tx(CLERK, NOW) as opened:
        yield opened


@pytest.fixture
def session(work: Work) -> Session:
    return work.session


@pytest.fixture
def city(work: Work) -> MiniCity:
    return build(work)


@pytest.fixture
def deeds(work: Work, city: MiniCity) -> Trail:
    """Deed and subject of every line of the audit trail since the city stood."""
    work.session.flush()

    def since_then() -> list[tuple[str, str]]:
        lines = select(AuditEntry.deed, AuditEntry.subject).order_by(AuditEntry.seq)
        return [(deed, subject) for deed, subject in work.session.execute(lines)][already:]

    already = 0
    already = len(since_then())
    return since_then


@pytest.fixture
def statements(session: Session) -> Counter:
    """The SQL sent while the context is open."""

    @contextmanager
    def listening() -> Iterator[list[str]]:
        sent: list[str] = []

        def note(*arguments: object) -> None:
            sent.append(str(arguments[2]))

        session.flush()
        session.expire_all()
        bind = session.connection().engine
        event.listen(bind, "before_cursor_execute", note)
        yield sent
        event.remove(bind, "before_cursor_execute", note)

    return listening
