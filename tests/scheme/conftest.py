"""A scheme's tests stand on an empty database, or on the city in miniature, in the middle of November."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from kaohe_flow.kernel.unit_of_work import Database, Work
from tests.factories import organization, scheme
from tests.factories.organization import MiniCity
from tests.factories.scheme import MID_NOVEMBER, OFFICE, Sheet

if TYPE_CHECKING:
    from tests.conftest import Store


class Undone(Exception):
    """Ends the transaction of a test: nothing it did is kept."""


@pytest.fixture(scope="session")
def standing(store: Store) -> Iterator[Database]:
    """One migrated, empty database for all tests that stay inside a single transaction."""
    engine = store.copy("scheme", "empty")
    yield Database(engine)
    engine.dispose()
    store.drop("scheme")


@pytest.fixture
def work(standing: Database) -> Iterator[Work]:
    """One command's transaction, undone when the test is over; ids do not start from 1."""
    with contextlib.suppress(Undone), standing.write_tx(OFFICE, MID_NOVEMBER) as opened:
        yield opened
        raise Undone


@pytest.fixture
def session(work: Work) -> Session:
    return work.session


@pytest.fixture
def city(work: Work) -> MiniCity:
    return organization.build(work)


@pytest.fixture
def sheet(work: Work, city: MiniCity) -> Sheet:
    return scheme.sheet(work)


@pytest.fixture
def statements(session: Session) -> Iterator[list[str]]:
    """The SQL sent since the list was last cleared; nothing is answered from memory at the start."""
    sent: list[str] = []

    def note(*arguments: object) -> None:
        sent.append(str(arguments[2]))

    session.flush()
    bind = session.connection().engine
    event.listen(bind, "before_cursor_execute", note)
    yield sent
    event.remove(bind, "before_cursor_execute", note)
