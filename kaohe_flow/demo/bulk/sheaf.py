"""Rows on their way into the database: gathered by table, numbered as the tables do, written together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.orm import Session

from kaohe_flow.casework.submission.model import Claim, ClaimVersion, Verdict
from kaohe_flow.kernel.orm import Base
from kaohe_flow.records.attachment.model import Attachment
from kaohe_flow.records.audit.model import AuditEntry
from kaohe_flow.scorebook.ledger.model import LedgerEntry, ScoreFact, ScoreSum
from kaohe_flow.workflow.instance.model import HistoryEntry, ProcessInstance, Recusal, Task

Row = dict[str, Any]
AT_ONCE: Final = 20_000  # rows
# What is referred to comes first.
ORDER: Final[Sequence[type[Base]]] = (
    Claim, ClaimVersion, Attachment, Verdict, ProcessInstance, Task, Recusal, HistoryEntry,
    ScoreFact, LedgerEntry, ScoreSum, AuditEntry,
)  # fmt: skip
NUMBERED: Final[Sequence[type[Base]]] = (Claim, Attachment, Verdict, ProcessInstance, Task, ScoreFact)


def table_of(model: type[Base]) -> Table:
    """The table behind a class."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


class Sheaf:
    """Gathers rows and numbers; ``bind`` writes what is left."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._rows: dict[type[Base], list[Row]] = {model: [] for model in ORDER}
        self._waiting = 0
        self._last = {model: self._highest(model) for model in NUMBERED}

    def number(self, model: type[Base]) -> int:
        """The next id of a table."""
        self._last[model] += 1
        return self._last[model]

    def add(self, model: type[Base], rows: Sequence[Row]) -> None:
        """Rows of one table, all with the same columns."""
        self._rows[model].extend(rows)
        self._waiting += len(rows)

    def bind_if_full(self) -> None:
        """Write if enough has gathered; whatever is referred to must have been added."""
        if self._waiting >= AT_ONCE:
            self._write()

    def bind(self) -> None:
        """Write the rest, and let the tables number on from here."""
        self._write()
        if self._session.get_bind().dialect.name != "postgresql":
            return
        for model in NUMBERED:
            if self._last[model]:
                sequence = {"table": model.__tablename__, "last": self._last[model]}
                self._session.execute(
                    text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)"), sequence
                )

    def _write(self) -> None:
        for model, rows in self._rows.items():
            if rows:
                self._session.execute(insert(table_of(model)), rows)
                rows.clear()
        self._waiting = 0

    def _highest(self, model: type[Base]) -> int:
        return self._session.scalar(select(func.max(table_of(model).c.id))) or 0
