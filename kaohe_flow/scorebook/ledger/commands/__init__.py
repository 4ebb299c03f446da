"""Booking: a fact is entered or revoked, the lines of its subject are worked out anew, and only the
differences are booked - a reversal of what no longer holds, an award of what holds now.

Limits and same-deed rules look at all facts of a subject together, so one new fact may change the line of an
older one; the ledger then shows both the old award, its reversal and the new award.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite

from kaohe_flow.kernel.errors import Conflict, RuleBroken
from kaohe_flow.kernel.outbox import enqueue
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scorebook.ledger import queries
from kaohe_flow.scorebook.ledger.commands.booking import Due, bookings_due, chain
from kaohe_flow.scorebook.ledger.commands.spreading import follow
from kaohe_flow.scorebook.ledger.model import (
    CorrectionFact,
    DeferredFact,
    FactRevocation,
    ScoreFact,
    ScoreSum,
)
from kaohe_flow.scorebook.ledger.queries import Standing
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.scorebook.scoring.entry.rules import Scored


class FactUnscorable(RuleBroken):
    """The rules refuse the fact; nothing was booked."""

    code = "fact-unscorable"
    message = "不能计分：{reason}"


class PeriodNotSealed(RuleBroken):
    """Before the seal the ledger itself is open; nothing needs a voucher."""

    code = "period-not-sealed"
    message = "{name}考核期还没有封存，请按正常程序计分或复议，不用更正单"


class FactGone(Conflict):
    """The fact was overturned meanwhile, or never counted in this period."""

    code = "fact-gone"
    message = "要撤销的记分（编号 {fact}）已不再有效，可能已被另一张更正单撤销，请核对后重新提出"


PROPOSING: Final = "correction.propose"
ON_TRIAL: Final = 2**40  # comes after every fact of the ledger in its order


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact as found: who it concerns, under which item, when, and the figures the rule reads.

    ``content`` holds the keys of the scheme's facts format as text (count, done, target, value, points,
    share, deed ...), exact decimals written out.
    """

    period_id: int
    subject_kind: SubjectKind
    subject_id: int
    unit_id: int
    indicator_version_id: int
    item: str
    happened_on: date
    case_key: str
    content: Mapping[str, str]
    found_by_id: int | None
    found_by_name: str


def enter(work: Work, finding: Finding) -> ScoreFact:
    """Keep a fact and book what follows. Raises ``PeriodSealed``, ``FactUnscorable``, ``NoPlan``."""
    periods.writable(work.session, finding.period_id)
    fact = ScoreFact(**columns(finding), found_at=work.now)
    work.session.add(fact)
    work.session.flush()
    standing = settle(work, finding.period_id, finding.subject_kind, finding.subject_id)
    _refuse_unscorable(standing.scored, fact.id)
    return fact


def enter_or_defer(work: Work, finding: Finding) -> bool:
    """Enter a fact, or, when its period is sealed, keep it until a voucher adds it (待更正入账).

    The voucher is asked for by a job. False: deferred. Raises ``FactUnscorable``, ``NoPlan``.
    """
    if not periods.get(work.session, finding.period_id).is_sealed:
        enter(work, finding)
        return True
    try_out(work, finding)
    deferred = DeferredFact(**columns(finding), found_at=work.now)
    work.session.add(deferred)
    work.session.flush()
    enqueue(work, PROPOSING, {"deferred_id": deferred.id}, key=f"{PROPOSING}:{deferred.id}")
    return False


def try_out(work: Work, finding: Finding, without: Sequence[int] = ()) -> None:
    """Raises ``FactUnscorable`` if the rules would refuse the fact once those in ``without`` have fallen."""
    standing = queries.standing(work.session, finding.period_id, finding.subject_kind, finding.subject_id)
    trial = ScoreFact(id=ON_TRIAL, **columns(finding))
    _refuse_unscorable(queries.on_trial(standing, [trial], without), ON_TRIAL)


def correct(
    work: Work, period_id: int, voucher_key: str, *, overturn: Sequence[int], add: Sequence[Finding]
) -> None:
    """Carry a voucher out in a sealed period: its ledger stays as it was sealed, the second volume goes on.

    Raises ``PeriodNotSealed``, ``FactGone``, ``FactUnscorable``.
    """
    period = periods.get(work.session, period_id)
    if not period.is_sealed:
        raise PeriodNotSealed(name=period.name)
    _take_head(work, period_id)
    standing = {fact.id: fact for fact in queries.facts_in(work.session, period_id)} if overturn else {}
    rows = []
    for fact_id in overturn:
        if fact_id not in standing:
            raise FactGone(fact=fact_id)
        same = {name: getattr(standing[fact_id], name) for name in queries.FOUND}
        rows.append(CorrectionFact(**same, voucher_key=voucher_key, overturns=fact_id))
    rows += [
        CorrectionFact(**columns(finding), found_at=work.now, voucher_key=voucher_key) for finding in add
    ]
    work.session.add_all(rows)
    work.session.flush()
    for kind, subject_id in dict.fromkeys((row.subject_kind, row.subject_id) for row in rows):
        found = settle(work, period_id, kind, subject_id, voucher_key=voucher_key)
        for row in rows:
            _refuse_unscorable(found.scored, -row.id)


def columns(finding: Finding) -> dict[str, Any]:
    """A finding as the columns of a fact; the moment it was found is the command's."""
    named = {name: getattr(finding, name) for name in queries.FOUND if name != "found_at"}
    return {**named, "content": dict(finding.content)}


def revoke(work: Work, fact_id: int, *, case_key: str, reason: str) -> None:
    """Overturn a fact and book what follows. Raises ``PeriodSealed``."""
    fact = work.session.get_one(ScoreFact, fact_id)
    periods.writable(work.session, fact.period_id)
    work.session.add(FactRevocation(fact_id=fact_id, case_key=case_key, reason=reason, revoked_at=work.now))
    work.session.flush()
    settle(work, fact.period_id, fact.subject_kind, fact.subject_id)


def settle(
    work: Work, period_id: int, kind: SubjectKind, subject_id: int, *, voucher_key: str = ""
) -> Standing:
    """Bring the bookings of one subject and period in line with its facts, and of those whom they hit too;
    of a sealed period by a voucher.
    """
    standing = queries.standing(work.session, period_id, kind, subject_id)
    booked = queries.booked_awards(work.session, period_id, kind, subject_id)
    _take_head(work, period_id)
    for due in bookings_due(standing, booked, voucher_key):
        _append(work, due)
        _roll_up(work, due)
    work.session.flush()
    for others in follow(work, standing, period_id, (kind, subject_id), voucher_key):
        settle(work, period_id, *others, voucher_key=voucher_key)
    return standing


def _refuse_unscorable(scored: Scored, fact_id: int) -> None:
    for refusal in scored.refused:
        if int(refusal.fact) == fact_id:
            raise FactUnscorable(reason=refusal.reason)


def _take_head(work: Work, period_id: int) -> None:
    """One writer at a time appends to the chain of a period."""
    if work.session.get_bind().dialect.name == "postgresql":
        work.session.execute(text("SELECT pg_advisory_xact_lock(710001, :period)"), {"period": period_id})


def _append(work: Work, due: Due) -> None:
    chain(work, due, queries.head(work.session, due.entry.period_id))
    work.session.add(due.entry)
    work.session.flush()


def _roll_up(work: Work, due: Due) -> None:
    """Add the entry to the sum of its subject and module, in the same transaction."""
    entry = due.entry
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[work.session.get_bind().dialect.name]
    statement = dialect.insert(ScoreSum).values(
        period_id=entry.period_id,
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
        module=entry.module,
        points=entry.points,
        lines=due.lines,
    )
    work.session.execute(
        statement.on_conflict_do_update(
            index_elements=[
                ScoreSum.period_id, ScoreSum.subject_kind, ScoreSum.subject_id, ScoreSum.module
            ],
            set_={
                "points": ScoreSum.points + statement.excluded.points,
                "lines": ScoreSum.lines + statement.excluded.lines,
            },
        )
    )  # fmt: skip
