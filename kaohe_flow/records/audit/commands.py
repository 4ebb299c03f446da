"""Writing the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from kaohe_flow.kernel.chain import GENESIS, Plain, canonical, link
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.records.audit.model import AuditEntry
from kaohe_flow.records.audit.queries import STREAM


def record(work: Work, deed: str, subject: str, **details: Plain) -> int:
    """Append one deed of ``work.actor`` on ``subject`` (a case key such as ``submission:17``); its number."""
    session = work.session
    if session.get_bind().dialect.name == "postgresql":
        # One writer at a time takes the head; an empty table has no row to lock.
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('audit_entry'))"))
    place = next_place(session)
    session.add(AuditEntry(**entry_row(work, place, deed, subject, details)))
    session.flush()
    return place[0]


def next_place(session: Session) -> tuple[int, bytes]:
    """Number of the next entry and the hash it follows."""
    head = session.execute(
        select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
    ).first()
    return (head.seq + 1, head.hash) if head else (1, GENESIS)


def entry_row(
    work: Work, place: tuple[int, bytes], deed: str, subject: str, details: Mapping[str, Plain]
) -> dict[str, Any]:
    """The columns of one deed at its ``place`` in the chain: its number and the hash before it."""
    seq, prev = place
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
    return {
        "seq": seq,
        "at": work.now,
        "actor_id": work.actor.officer_id,
        "actor_name": work.actor.name,
        "deed": deed,
        "subject": subject,
        "payload": payload,
        "prev": prev,
        "hash": link(STREAM, seq, prev, payload),
    }
