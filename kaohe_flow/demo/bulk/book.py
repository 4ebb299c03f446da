"""Points of a month: lines by the scoring rules, bookings by the ledger's own, chained in their order."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaohe_flow.demo.bulk.sheaf import Row, Sheaf, table_of
from kaohe_flow.kernel.points import ZERO
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.plan import queries as plans
from kaohe_flow.scorebook.ledger import queries
from kaohe_flow.scorebook.ledger.commands import FactUnscorable, Finding, columns
from kaohe_flow.scorebook.ledger.commands.booking import Due, Entry, bookings_due, chain
from kaohe_flow.scorebook.ledger.model import LedgerEntry, ScoreFact, ScoreSum
from kaohe_flow.scorebook.ledger.queries import Standing, as_fact
from kaohe_flow.scorebook.ledger.rules import EntryKind, SubjectKind, scene_for
from kaohe_flow.scorebook.roster.queries import subjects_of
from kaohe_flow.scorebook.scoring.award.scene.rules import Scene
from kaohe_flow.scorebook.scoring.entry.rules import score_lines
from kaohe_flow.scorebook.scoring.facts.rules import Fact

LEDGER_COLUMNS = tuple(table_of(LedgerEntry).columns.keys())


class MonthBegun(Exception):
    """The month has facts already: bulk loading comes first. A fault of the program."""


@dataclass
class _Account:
    """One officer's month so far."""

    scene: Scene
    facts: dict[int, ScoreFact] = field(default_factory=dict)
    read: dict[int, Fact] = field(default_factory=dict)
    booked: dict[int, Entry] = field(default_factory=dict)


class Book:
    """Enters facts of one period and books what follows, as ``ledger.enter`` does one by one."""

    def __init__(self, session: Session, sheaf: Sheaf, period_id: int) -> None:
        self._sheaf = sheaf
        self._period = period = periods.writable(session, period_id)
        if session.scalar(select(ScoreFact.id).where(ScoreFact.period_id == period_id).limit(1)):
            raise MonthBegun
        self._plan = plans.governing(session, period.starts_on)
        self._scheme = plans.scheme_of(self._plan)
        self._subjects = {one.id: one for one in subjects_of(session, period)}
        self._head = queries.head(session, period_id)
        self._accounts: dict[int, _Account] = {}
        self._sums: dict[tuple[int, str], Row] = {}

    def enter(self, work: Work, finding: Finding) -> None:
        """One fact and its bookings. Raises ``FactUnscorable``."""
        fact = ScoreFact(id=self._sheaf.number(ScoreFact), **columns(finding), found_at=work.now)
        account = self._account(finding.subject_id)
        account.facts[fact.id] = fact
        account.read[fact.id] = as_fact(fact)
        scored = score_lines(account.scene, list(account.read.values()))
        for refusal in scored.refused:
            raise FactUnscorable(reason=refusal.reason)
        found = {name: getattr(fact, name) for name in queries.FOUND}
        self._sheaf.add(ScoreFact, [{"id": fact.id, **found}])
        for due in bookings_due(
            Standing(self._plan, account.scene, account.facts, scored), dict(account.booked)
        ):
            self._book(work, account, due)

    def close(self) -> None:
        """Hand the sums of the month over."""
        self._sheaf.add(ScoreSum, list(self._sums.values()))

    def _account(self, officer_id: int) -> _Account:
        if officer_id not in self._accounts:
            subject = self._subjects[f"officer:{officer_id}"]
            self._accounts[officer_id] = _Account(scene_for(self._scheme, subject, self._period.code))
        return self._accounts[officer_id]

    def _book(self, work: Work, account: _Account, due: Due) -> None:
        chain(work, due, self._head)
        entry = due.entry
        self._head = entry.seq, entry.hash
        self._sheaf.add(LedgerEntry, [{name: getattr(entry, name) for name in LEDGER_COLUMNS}])
        if entry.kind is EntryKind.AWARD:
            account.booked[entry.fact_id] = entry
        else:
            del account.booked[entry.fact_id]
        total = self._sums.setdefault((entry.subject_id, entry.module), self._empty(entry))
        total["points"] += entry.points
        total["lines"] += due.lines

    def _empty(self, entry: Entry) -> Row:
        return {
            "period_id": self._period.id,
            "subject_kind": SubjectKind.OFFICER,
            "subject_id": entry.subject_id,
            "module": entry.module,
            "points": ZERO,
            "lines": 0,
        }
