"""What has to be booked, and how an entry takes its place in the chain; nothing is stored here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kaohe_flow.kernel.chain import Plain, canonical, link
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.scorebook.ledger import queries
from kaohe_flow.scorebook.ledger.model import CorrectionEntry, LedgerEntry
from kaohe_flow.scorebook.ledger.queries import Standing
from kaohe_flow.scorebook.ledger.rules import EntryKind
from kaohe_flow.scorebook.scoring.entry.rules import ScoreLine

Entry = LedgerEntry | CorrectionEntry


@dataclass(frozen=True, slots=True)
class Due:
    """A booking not yet in its chain: the entry, what its payload tells besides the columns, lines more or
    less in the sum."""

    entry: Entry
    details: dict[str, Plain]
    lines: int


def bookings_due(standing: Standing, booked: Mapping[int, Entry], voucher_key: str = "") -> Iterator[Due]:
    """What must be booked so that the ``booked`` awards, by fact, agree with the lines of the standing."""
    lines = {int(line.fact): line for line in standing.scored.lines}
    for fact_id, award in booked.items():
        line = lines.get(fact_id)
        if line is None or line.points != award.points:
            yield Due(_reversal(award, voucher_key), {}, lines=-1)
    for fact_id, line in lines.items():
        before = booked.get(fact_id)
        if before is None or before.points != line.points:
            yield _award(standing, line, voucher_key)


def chain(work: Work, due: Due, head: tuple[int, bytes]) -> None:
    """Bind a booking to ``head``, number and hash of the entry before: its own number, payload and hash."""
    entry = due.entry
    last, entry.prev = head
    entry.seq = last + 1
    entry.at, entry.actor_id, entry.actor_name = work.now, work.actor.officer_id, work.actor.name
    entry.payload = canonical({**queries.columns_of(entry), "at": work.now.isoformat(), **due.details})
    entry.hash = link(queries.stream(entry.period_id), entry.seq, entry.prev, entry.payload)


def _reversal(award: Entry, voucher_key: str) -> Entry:
    return _entry(
        voucher_key,
        period_id=award.period_id,
        kind=EntryKind.REVERSAL,
        fact_id=award.fact_id,
        subject_kind=award.subject_kind,
        subject_id=award.subject_id,
        unit_id=award.unit_id,
        module=award.module,
        points=-award.points,
        reverses_seq=award.seq,
        case_key=award.case_key,
    )


def _award(standing: Standing, line: ScoreLine, voucher_key: str) -> Due:
    fact = standing.facts[int(line.fact)]
    entry = _entry(
        voucher_key,
        period_id=fact.period_id,
        kind=EntryKind.AWARD,
        fact_id=fact.id,
        subject_kind=fact.subject_kind,
        subject_id=fact.subject_id,
        unit_id=fact.unit_id,
        module=standing.module_of(line.item),
        points=line.points,
        reverses_seq=None,
        case_key=fact.case_key,
    )
    steps: list[Plain] = [
        [step.name, step.label, step.formula, str(step.before), str(step.after), step.note]
        for step in line.steps
    ]
    details: dict[str, Plain] = {
        "item": line.item,
        "title": line.title,
        "fact": {key: str(value) for key, value in fact.content.items()},
        "found_by": [fact.found_by_id, fact.found_by_name],
        "plan": standing.plan.sha256,
        "flags": list(line.flags),
        "vetoes": list(line.vetoes),
        "steps": steps,
    }
    return Due(entry, details, lines=1)


def _entry(voucher_key: str, **columns: Any) -> Entry:
    """An entry of the volume it belongs to: the second one for what a voucher brings about."""
    if voucher_key:
        return CorrectionEntry(**columns, voucher_key=voucher_key)
    return LedgerEntry(**columns)
