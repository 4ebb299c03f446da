"""Whether the ledger is still what was written, and what was derived from it still follows."""

from __future__ import annotations

from collections.abc import Container, Iterator
from decimal import Decimal
from typing import Final

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kaohe_flow.kernel.chain import GENESIS, Plain, canonical, link
from kaohe_flow.kernel.points import to_milli
from kaohe_flow.records.audit.rules import says
from kaohe_flow.scorebook.ledger.model import (
    CorrectionEntry,
    CorrectionFact,
    LedgerEntry,
    ScoreFact,
    ScoreSum,
)
from kaohe_flow.scorebook.ledger.rules import EntryKind

BATCH: Final = 1000
Entry = LedgerEntry | CorrectionEntry
SumKey = tuple[str, int, str]


def stream(period_id: int) -> str:
    """Name of a period's chain."""
    return f"period:{period_id}"


def columns_of(entry: Entry) -> dict[str, Plain]:
    """What the columns of an entry say, in the words of its payload; the moment apart."""
    return {
        "kind": entry.kind.value,
        "subject": f"{entry.subject_kind.value}:{entry.subject_id}",
        "unit": entry.unit_id,
        "case": entry.case_key,
        "module": entry.module,
        "milli": to_milli(entry.points),
        "actor": [entry.actor_id, entry.actor_name],
        **({"reverses": entry.reverses_seq} if entry.reverses_seq is not None else {}),
        **({"voucher": entry.voucher_key} if isinstance(entry, CorrectionEntry) else {}),
    }


def count(session: Session, period_id: int) -> int:
    """How many entries both volumes of a period hold."""
    first = select(func.count()).select_from(LedgerEntry).where(LedgerEntry.period_id == period_id)
    second = select(func.count()).select_from(CorrectionEntry).where(CorrectionEntry.period_id == period_id)
    return (session.scalar(first) or 0) + (session.scalar(second) or 0)


def count_facts(session: Session) -> int:
    """How many facts there are, those that corrections added or overturned included."""
    tables = (ScoreFact, CorrectionFact)
    return sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def count_sums(session: Session) -> int:
    """How many roll-ups there are."""
    return session.scalar(select(func.count()).select_from(ScoreSum)) or 0


def first_broken(session: Session, period_id: int) -> int | None:
    """Number of the first entry of a period that is missing or altered; None if the chain is whole.

    The chain runs through both volumes. Altered is also an entry whose columns no longer say what was hashed.
    """
    prev, expected = GENESIS, 1
    for entry in _entries(session, period_id):
        linked = link(stream(period_id), entry.seq, prev, entry.payload)
        is_whole = entry.seq == expected and entry.prev == prev and entry.hash == linked
        if not is_whole or not says(entry.payload, columns_of(entry), entry.at):
            return expected
        prev, expected = entry.hash, expected + 1
    return None


def first_altered_fact(session: Session, period_id: int, holding: Container[int]) -> int | None:
    """Number in the chain of the first award whose fact no longer says what was booked, or that stands though
    its fact is not among those ``holding``; None if all do.
    """
    for volume, facts, sign in ((LedgerEntry, ScoreFact, 1), (CorrectionEntry, CorrectionFact, -1)):
        awards = (
            select(volume.seq, volume.payload, facts.content, facts.item)
            .join(facts, facts.id == sign * volume.fact_id, isouter=True)
            .where(volume.period_id == period_id, volume.kind == EntryKind.AWARD, sign * volume.fact_id > 0)
            .order_by(volume.seq)
            .execution_options(yield_per=BATCH)
        )
        with session.execute(awards) as rows:
            for seq, payload, content, item in rows:
                if not _is_told(payload, content, item):
                    return int(seq)
    entries = list(_entries(session, period_id))
    reversed_ones = {entry.reverses_seq for entry in entries}
    standing = (one for one in entries if one.kind is EntryKind.AWARD and one.seq not in reversed_ones)
    return next((award.seq for award in standing if award.fact_id not in holding), None)


def _is_told(payload: bytes, content: dict[str, str] | None, item: str | None) -> bool:
    """Whether an award's payload tells the same of its fact as the fact itself; None: the fact is missing."""
    told = orjson.loads(payload)
    return content is not None and canonical({**content}) == canonical(told["fact"]) and item == told["item"]


def first_wrong_sum(session: Session, period_id: int) -> SumKey | None:
    """Subject kind, id and module of the first roll-up that is not the sum of its bookings, if any."""
    booked: dict[SumKey, tuple[Decimal, int]] = {}
    for entry in _entries(session, period_id):
        key = (entry.subject_kind.value, entry.subject_id, entry.module)
        points, lines = booked.get(key, (Decimal(0), 0))
        booked[key] = points + entry.points, lines + (1 if entry.kind is EntryKind.AWARD else -1)
    rolled = {
        (row.subject_kind.value, row.subject_id, row.module): (row.points, row.lines)
        for row in session.scalars(select(ScoreSum).where(ScoreSum.period_id == period_id))
    }
    wrong = [key for key in sorted({*booked, *rolled}) if booked.get(key) != rolled.get(key)]
    return wrong[0] if wrong else None


def _entries(session: Session, period_id: int) -> Iterator[Entry]:
    """Both volumes of a period in the order of their numbers."""
    first = select(LedgerEntry).where(LedgerEntry.period_id == period_id).order_by(LedgerEntry.seq)
    second = select(CorrectionEntry).where(CorrectionEntry.period_id == period_id)
    with session.scalars(first.execution_options(yield_per=BATCH)) as rows:
        yield from rows
    yield from session.scalars(second.order_by(CorrectionEntry.seq))
