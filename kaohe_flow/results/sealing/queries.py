"""Results as they were kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaohe_flow.kernel.chain import GENESIS
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.results.ranking import queries as ranking
from kaohe_flow.results.ranking.rules import Standing, Standings
from kaohe_flow.results.sealing.model import AuthoritySeal, Signature, Snapshot, SnapshotRow
from kaohe_flow.results.sealing.rules import NoSnapshot, SnapshotKind, as_standing, digest
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scorebook.ledger.queries import facts_in, head

# Rows as the doors see them.
SnapshotView = Snapshot
SignatureView = Signature


def versions(session: Session, period_id: int) -> Sequence[Snapshot]:
    """All snapshots of a period, the latest first."""
    return session.scalars(
        select(Snapshot).where(Snapshot.period_id == period_id).order_by(Snapshot.version.desc())
    ).all()


def latest(session: Session, period_id: int) -> Snapshot | None:
    """The newest snapshot of a period."""
    return next(iter(versions(session, period_id)), None)


def one(session: Session, period_id: int, version: int) -> Snapshot:
    """One version. Raises ``NoSnapshot``."""
    found = session.scalars(
        select(Snapshot).where(Snapshot.period_id == period_id, Snapshot.version == version)
    ).first()
    if found is None:
        raise NoSnapshot
    return found


def standings(session: Session, period: Period, version: int | None = None) -> Standings:
    """What a ranking page shows: the kept result once there is a sealed one, else what holds now."""
    kept = one(session, period.id, version) if version else latest(session, period.id)
    if kept is None or (version is None and not period.is_sealed):
        return ranking.current(session, period)
    return rows_of(session, kept)


def shown(period: Period, known: Sequence[Snapshot], version: int | None) -> Snapshot | None:
    """Which of the versions, latest first, ``standings`` shows; None for what is worked out as of now."""
    if version is not None:
        return next((one for one in known if one.version == version), None)
    return known[0] if known and period.is_sealed else None


def first_differing(session: Session, period: Period) -> str:
    """What of a sealed result no longer follows from the facts, in words; '' if all does.

    The sealed version is worked out anew from the facts of the ledger alone, the latest correction with all
    corrections; versions in between are held by the chain of hashes.
    """
    known = versions(session, period.id)
    sealed = next((one for one in known if one.kind is SnapshotKind.SEALED), None)
    if sealed is None:
        return "没有封存的结果版本"
    if known[0].ledger_hash != head(session, period.id)[1]:
        return f"第 {known[0].version} 版所依据的流水与现有流水不符"
    for snapshot in dict.fromkeys((sealed, known[0])):
        facts = facts_in(session, period.id, corrected=snapshot.kind is SnapshotKind.CORRECTED)
        kept = _figures(rows_of(session, snapshot).rows)
        anew = _figures(ranking.current(session, period, facts).rows)
        differing = [key for key in sorted({*kept, *anew}) if kept.get(key) != anew.get(key)]
        if differing:
            return f"第 {snapshot.version} 版 {differing[0][0]} 重算的总分或名次与封存的不符"
    return ""


def _figures(rows: Sequence[Standing]) -> Mapping[tuple[str, str], tuple[Decimal | None, int | None]]:
    return {(row.subject, row.ranking): (row.points, row.place) for row in rows}


def rows_of(session: Session, snapshot: Snapshot) -> Standings:
    """The standings a snapshot holds."""
    rows = session.scalars(
        select(SnapshotRow).where(SnapshotRow.snapshot_id == snapshot.id).order_by(SnapshotRow.number)
    )
    return Standings(
        period_id=snapshot.period_id,
        is_final=snapshot.kind is not SnapshotKind.TRIAL,
        rows=tuple(as_standing(row.subject, row.points, row.place, row.content) for row in rows),
    )


def first_altered(session: Session, period_id: int) -> int | None:
    """The first version whose rows are no longer what was hashed; None if all are whole."""
    prev = GENESIS
    for snapshot in reversed(versions(session, period_id)):
        rows = rows_of(session, snapshot).rows
        told = digest(rows, snapshot.ledger_hash, snapshot.plan_sha256, prev)
        if snapshot.prev != prev or snapshot.hash != told:
            return snapshot.version
        prev = snapshot.hash
    return None


def signatures(session: Session, period_id: int) -> Sequence[Signature]:
    """Who has signed so far."""
    return session.scalars(
        select(Signature).where(Signature.period_id == period_id).order_by(Signature.signed_at)
    ).all()


def signed_steps(session: Session, period_id: int, unit_id: int) -> frozenset[str]:
    """Which signatures of an authority there are."""
    return frozenset(
        session.scalars(
            select(Signature.step_id).where(Signature.period_id == period_id, Signature.unit_id == unit_id)
        )
    )


def all_authorities_sealed(session: Session, period_id: int) -> bool:
    """Whether every level-1 authority has put its seal."""
    sealed = set(session.scalars(select(AuthoritySeal.unit_id).where(AuthoritySeal.period_id == period_id)))
    return {unit.id for unit in units.roots(session)} <= sealed


def is_signed_by_all(session: Session, period_id: int) -> bool:
    """Whether every authority's chain of signatures was complete when it sealed."""
    marks = session.scalars(select(AuthoritySeal.is_signed).where(AuthoritySeal.period_id == period_id)).all()
    return all(marks)
