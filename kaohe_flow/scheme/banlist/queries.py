"""What the ban list says, and what was let pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaohe_flow.scheme.banlist.model import BannedPhrase, BanOverride
from kaohe_flow.scheme.banlist.rules import DEFAULT_BANS, Ban, Hit, PhraseNotFound, hits


def entries(session: Session) -> Sequence[BannedPhrase]:
    """The whole list, active entries first."""
    order = (BannedPhrase.is_active.desc(), BannedPhrase.id)
    return session.scalars(select(BannedPhrase).order_by(*order)).all()


def missing(session: Session) -> Sequence[Ban]:
    """What the regulations forbid and the list has never had."""
    known = set(session.scalars(select(BannedPhrase.phrase)))
    return [ban for ban in DEFAULT_BANS if ban.phrase not in known]


def get(session: Session, phrase_id: int) -> BannedPhrase:
    """One entry. Raises ``PhraseNotFound``."""
    entry = session.get(BannedPhrase, phrase_id)
    if entry is None:
        raise PhraseNotFound
    return entry


def found_in(session: Session, texts: Mapping[str, str]) -> tuple[Hit, ...]:
    """What the active entries find in these texts (field name → wording)."""
    active = session.scalars(select(BannedPhrase).where(BannedPhrase.is_active).order_by(BannedPhrase.id))
    return hits(texts, [entry.ban for entry in active])


def overrides(session: Session, subject: str | None = None) -> Sequence[BanOverride]:
    """What offices let pass, latest first; of one subject or of all."""
    wanted = select(BanOverride).order_by(BanOverride.decided_at.desc(), BanOverride.id.desc())
    if subject is not None:
        wanted = wanted.where(BanOverride.subject == subject)
    return session.scalars(wanted).all()


def passed_phrases(session: Session, subject: str) -> frozenset[str]:
    """The phrases that an office has let pass for this subject."""
    return frozenset(phrase for row in overrides(session, subject) for phrase in row.phrases)
