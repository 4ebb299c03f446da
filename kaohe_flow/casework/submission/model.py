"""A claim of finished work, its frozen submissions and the verdicts on them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from kaohe_flow.casework.submission.rules import ClaimState
from kaohe_flow.kernel.orm import Base, Milli, UtcDateTime, str_enum


class Claim(Base):
    """One piece of work an officer reports against one indicator in one period.

    The words and figures here are the working copy; what reviewers judge is the frozen ``ClaimVersion``.
    ``unit_id`` is the unit on the day of the work, which keeps the points for ever.
    """

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("(state = 'draft') = (round = 0)", name="drafts_have_no_round"),
        Index("ix_claim_officer", "officer_id", "period_id"),
        Index("ix_claim_case_no", "indicator_version_id", "case_no"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), index=True)
    indicator_version_id: Mapped[int] = mapped_column(ForeignKey("indicator_version.id"))
    state: Mapped[ClaimState] = mapped_column(str_enum(ClaimState, "state"), default=ClaimState.DRAFT)
    round: Mapped[int] = mapped_column(default=0)
    summary: Mapped[str] = mapped_column(default="")
    happened_on: Mapped[date | None]
    case_no: Mapped[str | None]
    count: Mapped[Decimal | None] = mapped_column(Milli)
    done: Mapped[Decimal | None] = mapped_column(Milli)
    target: Mapped[Decimal | None] = mapped_column(Milli)
    value: Mapped[Decimal | None] = mapped_column(Milli)
    option: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_late: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(nullable=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it once

    @property
    def case_key(self) -> str:
        """Name of the case in workflow, records and ledger."""
        return f"submission:{self.id}"


class ClaimVersion(Base):
    """What was submitted in one round, word for word, with the hashes of its evidence. Append-only."""

    __tablename__ = "claim_version"

    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str]
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Verdict(Base):
    """What one reviewer said of one round: pass or reject with a reason, the figures found. Append-only.

    ``scores``: given at a step whose form finds the figures that points follow from.
    """

    __tablename__ = "verdict"
    __table_args__ = (
        CheckConstraint("decision != 'reject' OR length(opinion) > 0", name="rejection_has_a_reason"),
        Index("ix_verdict_claim", "claim_id", "round"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    round: Mapped[int]
    step_id: Mapped[str]
    scores: Mapped[bool]
    decision: Mapped[str]
    opinion: Mapped[str]
    quality: Mapped[str | None]
    count: Mapped[Decimal | None] = mapped_column(Milli)
    done: Mapped[Decimal | None] = mapped_column(Milli)
    value: Mapped[Decimal | None] = mapped_column(Milli)
    points: Mapped[Decimal | None] = mapped_column(Milli)
    decided_by_id: Mapped[int]
    decided_by_name: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
