"""A mould: one case that the real engine has moved from its report to its end, kept row by row.

The case is played through the commands in a transaction that is rolled back: nothing of it stays but what
it taught. Where the product begins to write something that a mould does not know, taking one fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Table, event, select
from sqlalchemy.orm import Session

from kaohe_flow.casework.submission.model import Claim, ClaimVersion, Verdict
from kaohe_flow.casework.submission.rules import ClaimState
from kaohe_flow.demo.bulk.playing import play
from kaohe_flow.demo.bulk.script import FREEZING, JUDGING, Script
from kaohe_flow.kernel.calendar import WorkCalendar
from kaohe_flow.kernel.unit_of_work import Database, Work
from kaohe_flow.records.attachment.gateway import FileStore
from kaohe_flow.records.attachment.model import Attachment
from kaohe_flow.records.audit.model import AuditEntry
from kaohe_flow.scorebook.ledger.model import LedgerEntry, ScoreFact, ScoreSum
from kaohe_flow.workflow.deployment.queries import process
from kaohe_flow.workflow.engine.port import Process
from kaohe_flow.workflow.instance.model import (
    Candidate,
    HistoryEntry,
    InstanceState,
    ProcessInstance,
    Recusal,
    Task,
)
from kaohe_flow.workflow.runtime import runtime_of

Row = dict[str, Any]
CAST: Final = (
    Claim, ClaimVersion, Attachment, Verdict, ProcessInstance, Task, Recusal, HistoryEntry, AuditEntry,
    ScoreFact, LedgerEntry, ScoreSum,
)  # fmt: skip
KNOWN: Final = frozenset(model.__tablename__ for model in (*CAST, Candidate))
WRITES: Final = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)')
LONGEST_LIMIT: Final = 60  # working days


class MouldRefused(Exception):
    """The product does something with claims that bulk loading would leave out. A fault of the program."""


@dataclass(frozen=True, slots=True)
class TaskShape:
    """A task of the mould: which deed opened it and which closed it, its limit in working days."""

    columns: Row
    opened: int
    closed: int
    days: int
    expressions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mould:
    """The rows of one case. ``verdicts``, ``versions``, ``history``, ``audits`` stand by number of the deed;
    ``known`` are the process variables at the end.
    """

    claim: Row
    instance: Row
    tasks: tuple[TaskShape, ...]
    verdicts: Mapping[int, Row]
    versions: Mapping[int, Row]
    history: tuple[Row, ...]
    audits: tuple[tuple[tuple[str, Row], ...], ...]
    known: Mapping[str, object]

    @property
    def scores(self) -> bool:
        """Whether points follow from the last deed."""
        return self.claim["state"] is ClaimState.SCORED


class _Undo(Exception):
    """Ends the transaction of a mould."""


def take(database: Database, files: FileStore, script: Script, calendar: WorkCalendar) -> Mould:
    """Play a script to its end, keep what it wrote, and take everything back. Raises ``MouldRefused``."""
    found: list[Mould] = []
    try:
        with _writes_of(database) as written, database.write_tx(script.officer, script.acts[0].at) as work:
            claim_id, audits = 0, []
            for act in script.acts:
                now = replace(work, actor=act.actor, now=act.at)
                claim_id = play(now, files, script, act, claim_id)
                work.session.flush()
                audits.append(len(_rows(work.session, AuditEntry, subject=f"submission:{claim_id}")))
            _refuse_unknown(written)
            found.append(_Taking(work, script, claim_id, calendar).mould(audits))
            raise _Undo
    except _Undo:
        return found[0]


@contextmanager
def _writes_of(database: Database) -> Iterator[set[str]]:
    """The names of all tables that are written to meanwhile."""
    written: set[str] = set()

    def note(_c: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        match = WRITES.match(statement.lstrip())
        if match:
            written.add(match[1])

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield written
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def _refuse_unknown(written: set[str]) -> None:
    unknown = written - KNOWN
    if unknown:
        raise MouldRefused(f"claims write to tables that bulk loading does not know: {sorted(unknown)}")


def _rows(session: Session, model: type[Any], **where: object) -> list[Row]:
    table: Table = model.__table__
    conditions = [table.c[name] == value for name, value in where.items()]
    order = list(table.primary_key)
    return [
        dict(row) for row in session.execute(select(table).where(*conditions).order_by(*order)).mappings()
    ]


class _Taking:
    """Reads the rows of a finished case and tells which deed each belongs to."""

    def __init__(self, work: Work, script: Script, claim_id: int, calendar: WorkCalendar) -> None:
        self._session = work.session
        self._script = script
        self._claim_id = claim_id
        self._key = f"submission:{claim_id}"
        self._calendar = calendar
        self._at = {act.at: number for number, act in enumerate(script.acts)}

    def mould(self, audits: Sequence[int]) -> Mould:
        (claim,) = _rows(self._session, Claim, id=self._claim_id)
        (instance,) = _rows(self._session, ProcessInstance, case_key=self._key)
        compiled = process(self._session, instance["deployment_id"])
        tasks = _rows(self._session, Task, instance_id=instance["id"])
        history = tuple(_rows(self._session, HistoryEntry, instance_id=instance["id"]))
        versions = self._by_deed(_rows(self._session, ClaimVersion, claim_id=self._claim_id), "submitted_at")
        verdicts = self._by_deed(_rows(self._session, Verdict, claim_id=self._claim_id), "decided_at")
        self._check(instance, history, versions, verdicts)
        return Mould(
            claim=claim,
            instance=instance,
            tasks=tuple(self._shape(task, compiled) for task in tasks),
            verdicts=verdicts,
            versions=versions,
            history=history,
            audits=self._audits(audits),
            known=runtime_of(self._session).engine.inspect(compiled, instance["state_blob"]).variables,
        )

    def _by_deed(self, rows: Sequence[Row], moment: str) -> dict[int, Row]:
        return {self._at[row[moment]]: row for row in rows}

    def _check(
        self,
        instance: Row,
        history: Sequence[Row],
        versions: Mapping[int, Row],
        verdicts: Mapping[int, Row],
    ) -> None:
        """Every deed leaves one line of history; the case has reached an end."""
        acts = self._script.acts
        if instance["state"] is not InstanceState.FINISHED or instance["next_due_at"] is not None:
            raise MouldRefused("only a case that has reached its end can be cast")
        if [row["at"] for row in history] != [act.at for act in acts]:
            raise MouldRefused("the history of the case is not one line for each deed")
        if {n for n, act in enumerate(acts) if act.deed in FREEZING} != set(versions):
            raise MouldRefused("not every report of the case was frozen")
        if {n for n, act in enumerate(acts) if act.deed in JUDGING} != set(verdicts):
            raise MouldRefused("not every verdict of the case was kept")

    def _shape(self, task: Row, compiled: Process) -> TaskShape:
        if task["urged_at"] is not None or task["assignee_id"] is not None:
            raise MouldRefused("a task of the case was urged or taken")
        return TaskShape(
            columns=task,
            opened=self._at[task["opened_at"]],
            closed=self._at[task["closed_at"]],
            days=self._days(task["opened_at"], task["due_at"]),
            expressions=compiled.steps[task["step_id"]].candidates,
        )

    def _days(self, opened: datetime, due: datetime) -> int:
        found = (n for n in range(LONGEST_LIMIT) if self._calendar.deadline(opened, n) == due)
        days = next(found, None)
        if days is None:
            raise MouldRefused("the limit of a task is no number of working days")
        return days

    def _audits(self, counts: Sequence[int]) -> tuple[tuple[tuple[str, Row], ...], ...]:
        rows = _rows(self._session, AuditEntry, subject=self._key)
        told = [(row["deed"], orjson.loads(row["payload"])["details"]) for row in rows]
        starts = [0, *counts]
        return tuple(tuple(told[start:end]) for start, end in zip(starts, counts, strict=False))
