from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kaohe_flow.demo.whole import whole
from kaohe_flow.kernel.actor import CLOCK
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.records.audit import queries
from kaohe_flow.records.audit.commands import record

NOW = datetime(2026, 11, 20, tzinfo=UTC)


class Broken(Exception):
    """Something goes wrong."""


def note(database: Database, subject: str, *, breaks: bool = False) -> None:
    with database.write_tx(CLOCK, NOW) as work:
        record(work, "test.noted", subject)
        if breaks:
            raise Broken


def noted(database: Database) -> list[str]:
    with database.read() as session:
        assert queries.first_broken(session) is None
        return [subject for subject in ("one", "two", "three") if queries.about(session, subject)]


def test_the_parts_of_a_whole_see_each_other_and_are_committed_together(database: Database) -> None:
    with whole(database, NOW) as parts:
        note(parts, "one")
        note(parts, "two")
        assert noted(parts) == ["one", "two"]

    assert noted(database) == ["one", "two"]


def test_a_part_that_fails_is_undone_alone(database: Database) -> None:
    with whole(database, NOW) as parts:
        note(parts, "one")
        with pytest.raises(Broken):
            note(parts, "two", breaks=True)
        note(parts, "three")

    assert noted(database) == ["one", "three"]


def test_a_whole_that_is_broken_off_leaves_nothing(database: Database) -> None:
    def broken_off() -> None:
        with whole(database, NOW) as parts:
            note(parts, "one")
            raise Broken

    with pytest.raises(Broken):
        broken_off()

    assert noted(database) == []
