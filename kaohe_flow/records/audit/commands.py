"""Writing the audit trail."""

from __future__ import annotations

from sqlalchemy import select, text

from kaohe_flow.kernel.chain import GENESIS, Plain, canonical, link
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.records.audit.model import AuditEntry
from kaohe_flow.records.audit.queries import STREAM


def record(work: Work, deed: str, subject: str, **details: Plain) -> None:
    """Append one deed of ``work.actor`` on ``subject`` (a case key such as ``submission:17``)."""
    session = work.session
    if session.get_bind().dialect.name == "postgresql":
        # One writer at a time takes the head; an empty table has no row to lock.
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('audit_entry'))"))
    head = session.execute(
        select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
    ).first()
    seq, prev = (head.seq + 1, head.hash) if head else (1, GENESIS)
    payload = canonical(
        {
            "at": work.now.isoformat(),
            "actor": work.actor.officer_id,
            "name": work.actor.name,
            "deed": deed,
            "subject": subject,
            "details": dict(details),
        }
    )
    session.add(
        AuditEntry(
            seq=seq,
            at=work.now,
            actor_id=work.actor.officer_id,
            actor_name=work.actor.name,
            deed=deed,
            subject=subject,
            payload=payload,
            prev=prev,
            hash=link(STREAM, seq, prev, payload),
        )
    )
    session.flush()
