"""What can be asked of the audit trail."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kaohe_flow.kernel.chain import GENESIS, Plain, link
from kaohe_flow.records.audit.model import AuditEntry
from kaohe_flow.records.audit.rules import says

STREAM = "audit"
BATCH = 1000


def about(session: Session, subject: str) -> Sequence[AuditEntry]:
    """Everything done to one subject (such as ``submission:17``), oldest first."""
    return session.scalars(
        select(AuditEntry).where(AuditEntry.subject == subject).order_by(AuditEntry.seq)
    ).all()


def first_broken(session: Session) -> int | None:
    """Number of the first entry that is missing or no longer what was written; None if all is whole."""
    prev, expected = GENESIS, 1
    wanted = select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=BATCH)
    with session.scalars(wanted) as rows:
        for entry in rows:
            linked = entry.prev == prev and entry.hash == link(STREAM, entry.seq, prev, entry.payload)
            if entry.seq != expected or not linked or not says(entry.payload, _columns_of(entry), entry.at):
                return expected
            prev, expected = entry.hash, expected + 1
    return None


def count(session: Session) -> int:
    """How many deeds are on record."""
    return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def _columns_of(entry: AuditEntry) -> dict[str, Plain]:
    return {
        "actor": entry.actor_id,
        "name": entry.actor_name,
        "deed": entry.deed,
        "subject": entry.subject,
    }
