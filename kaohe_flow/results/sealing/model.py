"""Snapshots of a period's result, their rows, and the signatures under them. All append-only."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kaohe_flow.kernel.orm import Base, Milli, UtcDateTime, str_enum
from kaohe_flow.results.sealing.rules import SnapshotKind


class Snapshot(Base):
    """The result of a period at one moment: trial, sealed, or corrected after sealing.

    Versions of a period form a chain: ``hash`` covers the rows, the head of the ledger they were worked out
    from and the snapshot before. A correction adds a version; nothing replaces one.
    """

    __tablename__ = "snapshot"
    __table_args__ = (
        UniqueConstraint("period_id", "version"),
        CheckConstraint("version > 0", name="versions_count_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    version: Mapped[int]
    kind: Mapped[SnapshotKind] = mapped_column(str_enum(SnapshotKind, "kind"))
    reason: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str]
    plan_sha256: Mapped[str]
    ledger_seq: Mapped[int]
    ledger_hash: Mapped[bytes] = mapped_column(LargeBinary)
    prev: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class SnapshotRow(Base):
    """One subject in one ranking; ``content`` is what the page prints, exact figures as text."""

    __tablename__ = "snapshot_row"

    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(index=True)
    points: Mapped[Decimal | None] = mapped_column(Milli)
    place: Mapped[int | None]
    content: Mapped[dict[str, object]] = mapped_column(JSON)


class Signature(Base):
    """Who signed a period's result for an authority, as what. Its absence is what 未签 means."""

    __tablename__ = "signature"

    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    step_id: Mapped[str] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    name: Mapped[str]
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuthoritySeal(Base):
    """An authority's own seal under a period; the period is sealed with the last of them."""

    __tablename__ = "authority_seal"

    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    is_signed: Mapped[bool]
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
