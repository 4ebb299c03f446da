"""The ledger: what was scored, corrected only by reversal, after the seal in a second volume."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from kaohe_flow.kernel.orm import Base, Milli, UtcDateTime, str_enum
from kaohe_flow.scorebook.ledger.rules import EntryKind, SubjectKind


class Found:
    """The columns of a fact as found by those who may find it, in the words of the scheme's facts format.

    ``content`` is what the scoring rules read (count, done, target, points found, deed, mitigation ...).
    """

    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    subject_kind: Mapped[SubjectKind] = mapped_column(str_enum(SubjectKind, "subject_kind"))
    subject_id: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    indicator_version_id: Mapped[int] = mapped_column(ForeignKey("indicator_version.id"))
    item: Mapped[str]
    happened_on: Mapped[date]
    content: Mapped[dict[str, str]] = mapped_column(JSON)
    case_key: Mapped[str] = mapped_column(index=True)
    found_by_id: Mapped[int | None]
    found_by_name: Mapped[str]
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ScoreFact(Found, Base):
    """A fact that counts. Append-only: one that no longer holds gets a ``FactRevocation``."""

    __tablename__ = "score_fact"
    __table_args__ = (Index("ix_score_fact_subject", "period_id", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)


class FactRevocation(Base):
    """A fact that was overturned before the seal, by which case and why. Append-only.

    Refused by trigger once the period is sealed.
    """

    __tablename__ = "fact_revocation"

    fact_id: Mapped[int] = mapped_column(ForeignKey("score_fact.id"), primary_key=True)
    case_key: Mapped[str]
    reason: Mapped[str]
    revoked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CorrectionFact(Found, Base):
    """更正: one fact that a voucher adds to a sealed period or overturns in it. Append-only.

    ``overturns`` NULL: the fact is added, and from then on goes by the number ``-id``, so that it is never
    mistaken for one of ``score_fact`` and comes after all of them. Else it is the number of the fact that no
    longer holds (a negative one was itself added by a correction), whose columns are repeated here.
    Refused by trigger while the period is not sealed.
    """

    __tablename__ = "correction_fact"
    __table_args__ = (
        Index("ix_correction_fact_subject", "period_id", "subject_kind", "subject_id"),
        Index("uq_correction_fact_overturns", "overturns", unique=True),
        CheckConstraint("overturns IS NULL OR overturns != 0", name="overturns_a_fact"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    voucher_key: Mapped[str] = mapped_column(index=True)
    overturns: Mapped[int | None]


class DeferredFact(Found, Base):
    """A fact found after its period was sealed: it counts only once a voucher has added it. Append-only."""

    __tablename__ = "deferred_fact"

    id: Mapped[int] = mapped_column(primary_key=True)


class Booking:
    """The columns of one booking. ``payload`` is the canonical text that was hashed, with every step of the
    calculation; ``hash`` binds the entry to its place and to the one before.
    """

    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[EntryKind] = mapped_column(str_enum(EntryKind, "kind"))
    fact_id: Mapped[int]
    subject_kind: Mapped[SubjectKind] = mapped_column(str_enum(SubjectKind, "subject_kind"))
    subject_id: Mapped[int]
    unit_id: Mapped[int]
    module: Mapped[str]
    points: Mapped[Decimal] = mapped_column(Milli)
    reverses_seq: Mapped[int | None]
    case_key: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None]
    actor_name: Mapped[str]
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    prev: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class LedgerEntry(Booking, Base):
    """One booking of a period that is not sealed yet.

    One chain per period. Refused by trigger: any UPDATE, DELETE, TRUNCATE, REPLACE, and any INSERT into a
    sealed period.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("(kind = 'reversal') = (reverses_seq IS NOT NULL)", name="reversal_names_its_award"),
        Index("ix_ledger_entry_subject", "period_id", "subject_kind", "subject_id"),
        Index("ix_ledger_entry_fact", "fact_id"),
        Index("uq_ledger_entry_reverses", "period_id", "reverses_seq", unique=True),
    )

    fact_id: Mapped[int] = mapped_column(ForeignKey("score_fact.id"))


class CorrectionEntry(Booking, Base):
    """One booking of a correction after the seal: the second volume of a period's ledger. Append-only.

    Refused by trigger while the period is not sealed.
    It continues the chain of the period where the seal ended it: numbers go on, and the ``prev`` of the first
    is the hash of the last ledger entry. ``fact_id`` is negative for facts that a correction added.
    """

    __tablename__ = "correction_entry"
    __table_args__ = (
        CheckConstraint("(kind = 'reversal') = (reverses_seq IS NOT NULL)", name="reversal_names_its_award"),
        Index("ix_correction_entry_subject", "period_id", "subject_kind", "subject_id"),
        Index("uq_correction_entry_reverses", "period_id", "reverses_seq", unique=True),
    )

    voucher_key: Mapped[str] = mapped_column(index=True)


class ScoreSum(Base):
    """Roll-up of the ledger by subject and module, kept in the transaction of each entry.

    Derived: it can be rebuilt from the ledger at any time and is compared with it.
    """

    __tablename__ = "score_sum"

    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), primary_key=True)
    subject_kind: Mapped[SubjectKind] = mapped_column(str_enum(SubjectKind, "subject_kind"), primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    module: Mapped[str] = mapped_column(primary_key=True)
    points: Mapped[Decimal] = mapped_column(Milli)
    lines: Mapped[int]
