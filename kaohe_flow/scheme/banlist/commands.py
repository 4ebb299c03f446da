"""Keeping the ban list, and letting one wording pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.records.audit.commands import record
from kaohe_flow.scheme.banlist import queries
from kaohe_flow.scheme.banlist.model import BannedPhrase, BanOverride
from kaohe_flow.scheme.banlist.rules import Ban, Hit, check_ban, check_override, refuse

OFFICE: Final = "office@"


def seed(work: Work) -> int:
    """Enter the phrases of the regulations that are not listed yet; returns how many. Edits stay."""
    missing = queries.missing(work.session)
    for ban in missing:
        _enter(work, ban)
    work.session.flush()
    return len(missing)


def forbid(work: Work, ban: Ban) -> BannedPhrase:
    """Add an entry, or put these synonyms in place of its old ones. Raises ``PhraseRefused``."""
    check_ban(ban)
    entry = work.session.scalar(select(BannedPhrase).where(BannedPhrase.phrase == ban.phrase))
    if entry is None:
        entry = _enter(work, ban)
    entry.synonyms, entry.basis, entry.is_active = list(ban.synonyms), ban.basis, True
    work.session.flush()
    record(work, "banlist.forbid", subject(entry), phrase=ban.phrase, synonyms=list(ban.synonyms))
    return entry


def lift(work: Work, phrase_id: int, *, reason: str) -> BannedPhrase:
    """Stop looking for a phrase; the office says why, and the entry stays readable."""
    check_override(reason, by_office=is_office(work.actor))
    entry = queries.get(work.session, phrase_id)
    entry.is_active = False
    work.session.flush()
    record(work, "banlist.lift", subject(entry), phrase=entry.phrase, reason=reason)
    return entry


def let_pass(work: Work, about: str, found: Sequence[Hit], reason: str | None) -> None:
    """Nothing found, or found and let pass by an office with its reason; otherwise ``BannedIndicator``.

    ``about`` is the case key the override is listed under. Without a reason the refusal names what was
    found; with one, ``OverrideNeedsOffice`` or ``ReasonTooShort`` tell what is still missing. Phrases
    passed for this subject before need no new reason.
    """
    passed = queries.passed_phrases(work.session, about)
    open_hits = [hit for hit in found if hit.phrase not in passed]
    if not open_hits:
        return
    if reason is None or not reason.strip():
        raise refuse(open_hits)
    check_override(reason, by_office=is_office(work.actor))
    phrases = list(dict.fromkeys(hit.phrase for hit in open_hits))
    work.session.add(
        BanOverride(
            subject=about,
            phrases=phrases,
            found=list(dict.fromkeys(hit.found for hit in open_hits)),
            reason=reason.strip(),
            decided_by_id=work.actor.officer_id,
            decided_by_name=work.actor.name,
            decided_at=work.now,
        )
    )
    work.session.flush()
    record(work, "banlist.let_pass", about, phrases=[*phrases], reason=reason.strip())


def is_office(actor: Actor) -> bool:
    """Whether the person acts for an assessment office, of whatever level."""
    return any(principal.startswith(OFFICE) for principal in actor.principals)


def subject(entry: BannedPhrase) -> str:
    """The name of an entry in the audit trail."""
    return f"banned_phrase:{entry.id}"


def _enter(work: Work, ban: Ban) -> BannedPhrase:
    entry = BannedPhrase(phrase=ban.phrase, synonyms=list(ban.synonyms), basis=ban.basis, is_active=True)
    work.session.add(entry)
    work.session.flush()
    return entry
