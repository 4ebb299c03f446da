"""What can be asked of the audit trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.chain import GENESIS, Plain, link
from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.kernel.paging import PAGE_SIZE, Page
from kaohe_flow.records.audit.model import AuditEntry
from kaohe_flow.records.audit.rules import SECURITY, says

STREAM = "audit"
BATCH = 1000


def about(session: Session, subject: str) -> Sequence[AuditEntry]:
    """Everything done to one subject (such as ``submission:17``), oldest first."""
    return session.scalars(
        select(AuditEntry).where(AuditEntry.subject == subject).order_by(AuditEntry.seq)
    ).all()


def last_number(session: Session) -> int:
    """Number of the newest entry; 0 when nothing was done yet."""
    return session.scalar(select(func.max(AuditEntry.seq))) or 0


def own_deed(session: Session, seq: int, deed: str, actor: Actor) -> Mapping[str, Plain]:
    """What was recorded of one deed of the person, by its number. Raises ``NotFound``."""
    entry = session.get(AuditEntry, seq)
    if entry is None or entry.deed != deed or entry.actor_name != actor.name:
        raise NotFound
    details: Mapping[str, Plain] = orjson.loads(entry.payload)["details"]
    return details


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for in the trail. ``security_only``: signing in, accounts, competences, nothing else."""

    actor: str = ""
    deed: str = ""
    subject: str = ""
    first: datetime | None = None
    last: datetime | None = None
    security_only: bool = False
    number: int = 1
    size: int = PAGE_SIZE


def search(session: Session, wanted: Search) -> Page[AuditEntry]:
    """Deeds, the latest first, one page at a time; ``deed`` and ``subject`` are beginnings."""
    asked = _asked(wanted)
    total = session.scalar(select(func.count()).select_from(AuditEntry).where(*asked)) or 0
    rows = session.scalars(
        select(AuditEntry)
        .where(*asked)
        .order_by(AuditEntry.seq.desc())
        .offset((wanted.number - 1) * wanted.size)
        .limit(wanted.size)
    ).all()
    return Page(rows, wanted.number, total, wanted.size)


def _asked(wanted: Search) -> list[ColumnElement[bool]]:
    conditions = [
        AuditEntry.actor_name.contains(wanted.actor, autoescape=True),
        AuditEntry.deed.startswith(wanted.deed, autoescape=True),
        AuditEntry.subject.startswith(wanted.subject, autoescape=True),
    ]
    if wanted.first is not None:
        conditions.append(AuditEntry.at >= wanted.first)
    if wanted.last is not None:
        conditions.append(AuditEntry.at <= wanted.last)
    if wanted.security_only:
        conditions.append(or_(*(AuditEntry.deed.startswith(each) for each in SECURITY)))
    return conditions


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
