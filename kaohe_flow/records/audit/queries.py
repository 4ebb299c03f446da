"""What can be asked of the audit trail."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaohe_flow.kernel.chain import GENESIS, link
from kaohe_flow.records.audit.model import AuditEntry

STREAM = "audit"


def about(session: Session, subject: str) -> Sequence[AuditEntry]:
    """Everything done to one subject (such as ``submission:17``), oldest first."""
    return session.scalars(
        select(AuditEntry).where(AuditEntry.subject == subject).order_by(AuditEntry.seq)
    ).all()


def first_broken(session: Session) -> int | None:
    """Number of the first entry that is missing or no longer what was written; None if all is whole."""
    prev, expected = GENESIS, 1
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.seq)):
        whole = entry.prev == prev and entry.hash == link(STREAM, entry.seq, prev, entry.payload)
        if entry.seq != expected or not whole:
            return expected
        prev, expected = entry.hash, expected + 1
    return None
