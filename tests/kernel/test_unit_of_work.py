"""One command, one transaction - whole or not at all; reads cannot write; a lost race says so."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from kaohe_flow.kernel.actor import CLOCK
from kaohe_flow.kernel.errors import Conflict
from kaohe_flow.kernel.outbox import Job, enqueue
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.scheme.period.model import DayOff
from kaohe_flow.scheme.period.rules import DayOffKind

NOW = datetime(2026, 11, 10, tzinfo=UTC)


def day_off(name: str) -> DayOff:
    return DayOff(day=NOW.date(), kind=DayOffKind.HOLIDAY, name=name)


def test_a_failed_command_leaves_nothing_behind_not_even_its_jobs(database: Database) -> None:
    def fail() -> None:
        with database.write_tx(CLOCK, NOW) as work:
            enqueue(work, "period.close", {"period": 1})
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        fail()

    with database.read() as session:
        assert not session.scalars(select(Job)).all()


def test_what_was_asked_for_twice_under_one_key_is_asked_for_once(database: Database) -> None:
    for _ in range(2):
        with database.write_tx(CLOCK, NOW) as work:
            enqueue(work, "period.close", {"period": 1}, key="close:1")

    with database.read() as session:
        assert len(session.scalars(select(Job)).all()) == 1


def test_a_write_in_a_reading_session_fails_at_once(database: Database) -> None:
    with pytest.raises(DBAPIError), database.read() as session:
        session.execute(text("DELETE FROM day_off"))


def test_two_writers_of_one_key_leave_one_winner_and_one_conflict(database: Database) -> None:
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def write(name: str) -> None:
        barrier.wait()
        try:
            with database.write_tx(CLOCK, NOW) as work:
                if work.session.get(DayOff, NOW.date()) is not None:
                    raise Conflict
                work.session.add(day_off(name))
            outcomes.append("won")
        except (Conflict, DBAPIError):
            outcomes.append("lost")

    threads = [threading.Thread(target=write, args=(name,)) for name in ("甲", "乙")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["lost", "won"]


def test_effects_outside_wait_for_the_commit(database: Database) -> None:
    seen: list[bool] = []

    with database.write_tx(CLOCK, NOW) as work:
        work.after_commit.append(lambda: seen.append(True))
        assert not seen

    assert seen == [True]


def test_a_command_cannot_open_a_second_transaction(database: Database) -> None:
    with database.write_tx(CLOCK, NOW), pytest.raises(RuntimeError), database.write_tx(CLOCK, NOW):
        pass
