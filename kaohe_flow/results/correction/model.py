"""Correction vouchers, what they overturn and add, and what was said of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kaohe_flow.kernel.orm import Base, UtcDateTime, str_enum
from kaohe_flow.results.correction.rules import CorrectionSource, CorrectionState, case_key
from kaohe_flow.scorebook.ledger.model import Found
from kaohe_flow.scorebook.ledger.rules import SubjectKind


class Correction(Base):
    """更正单: one documented change of a sealed period.

    ``source_key`` is the case that brought it about (a claim, an appeal); each brings about one voucher.
    ``unit_id``: the unit of the subject on the last day of the period, the subject itself if it is a unit.
    ``snapshot_version``: the version of the result in which it took effect.
    """

    __tablename__ = "correction"
    __table_args__ = (
        Index("uq_correction_source_key", "source_key", unique=True),
        CheckConstraint("length(reason) > 0", name="has_a_reason"),
        CheckConstraint("(source = 'office') = (source_key IS NULL)", name="names_what_brought_it_about"),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided_with_its_instant"),
        CheckConstraint("state = 'applied' OR snapshot_version IS NULL", name="version_only_when_applied"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), index=True)
    subject_kind: Mapped[SubjectKind] = mapped_column(str_enum(SubjectKind, "subject_kind"))
    subject_id: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    source: Mapped[CorrectionSource] = mapped_column(str_enum(CorrectionSource, "source"))
    source_key: Mapped[str | None]
    reason: Mapped[str]
    document_no: Mapped[str]
    proposed_by_id: Mapped[int | None]
    proposed_by_name: Mapped[str]
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[CorrectionState] = mapped_column(
        str_enum(CorrectionState, "state"), default=CorrectionState.PROPOSED
    )
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    snapshot_version: Mapped[int | None]
    version: Mapped[int] = mapped_column(nullable=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it once

    @property
    def case_key(self) -> str:
        """Name of the voucher in workflow, records and ledger."""
        return case_key(self.id)


class CorrectionLine(Found, Base):
    """One fact that a voucher would overturn or add. Append-only.

    ``overturns``: the number of the fact that is to fall, whose columns are repeated here; NULL: the fact is
    to be added.
    """

    __tablename__ = "correction_line"

    correction_id: Mapped[int] = mapped_column(ForeignKey("correction.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    overturns: Mapped[int | None] = mapped_column(index=True)


class CorrectionVerdict(Base):
    """What the second person and the leading group said. Append-only."""

    __tablename__ = "correction_verdict"
    __table_args__ = (
        CheckConstraint("decision != 'refuse' OR length(opinion) > 0", name="refusal_has_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    correction_id: Mapped[int] = mapped_column(ForeignKey("correction.id"), index=True)
    step_id: Mapped[str]
    decision: Mapped[str]
    opinion: Mapped[str]
    decided_by_id: Mapped[int]
    decided_by_name: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
