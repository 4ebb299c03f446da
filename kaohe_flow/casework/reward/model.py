"""A reward claim, its frozen rounds, the verdicts, the objections and their answers."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from kaohe_flow.casework.reward.rules.claim import RewardKind, RewardState
from kaohe_flow.kernel.orm import Base, Milli, UtcDateTime, str_enum


class Reward(Base):
    """One reward claimed by or for one officer. The words are the working copy of the present round.

    ``expected`` and ``check_text`` are what the last check of limits and same deeds said; ``expected`` is
    in points before coefficients. ``notice_until`` is the end of the running or last public notice.
    """

    __tablename__ = "reward"
    __table_args__ = (
        CheckConstraint("round > 0", name="filed_at_once"),
        Index("ix_reward_officer", "officer_id", "period_id"),
        Index("ix_reward_deed", "officer_id", "deed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    indicator_version_id: Mapped[int] = mapped_column(ForeignKey("indicator_version.id"))
    state: Mapped[RewardState] = mapped_column(str_enum(RewardState, "state"), index=True)
    round: Mapped[int]
    kind: Mapped[RewardKind] = mapped_column(str_enum(RewardKind, "kind"))
    title: Mapped[str]
    document_no: Mapped[str]
    deed: Mapped[str]
    summary: Mapped[str]
    happened_on: Mapped[date]
    option: Mapped[str | None]
    count: Mapped[Decimal | None] = mapped_column(Milli)
    coauthors: Mapped[Decimal | None] = mapped_column(Milli)
    claimed_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    claimed_by_name: Mapped[str]
    claimed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_honour: Mapped[bool | None]
    is_capped: Mapped[bool | None]
    expected: Mapped[Decimal | None] = mapped_column(Milli)
    check_text: Mapped[str] = mapped_column(default="")
    notice_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    notice_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(nullable=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it once

    @property
    def case_key(self) -> str:
        """Name of the case in workflow, records and ledger."""
        return f"reward:{self.id}"


class RewardVersion(Base):
    """What was filed in one round, word for word, with the hashes of its evidence. Append-only."""

    __tablename__ = "reward_version"

    reward_id: Mapped[int] = mapped_column(ForeignKey("reward.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str]
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RewardOpinion(Base):
    """What one reviewer said of one round, with the figures found. Append-only."""

    __tablename__ = "reward_opinion"
    __table_args__ = (
        CheckConstraint("decision != 'reject' OR length(opinion) > 0", name="rejection_has_a_reason"),
        Index("ix_reward_opinion_reward", "reward_id", "round"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reward_id: Mapped[int] = mapped_column(ForeignKey("reward.id"))
    round: Mapped[int]
    step_id: Mapped[str]
    step_name: Mapped[str]
    decision: Mapped[str]
    opinion: Mapped[str]
    kind: Mapped[RewardKind | None] = mapped_column(str_enum(RewardKind, "kind"))
    count: Mapped[Decimal | None] = mapped_column(Milli)
    points: Mapped[Decimal | None] = mapped_column(Milli)
    decided_by_id: Mapped[int]
    decided_by_name: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RewardObjection(Base):
    """One objection of one officer against an honour on show. Append-only."""

    __tablename__ = "reward_objection"
    __table_args__ = (
        CheckConstraint("length(reason) > 0", name="objection_has_a_reason"),
        Index("ix_reward_objection_reward", "reward_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reward_id: Mapped[int] = mapped_column(ForeignKey("reward.id"))
    reason: Mapped[str]
    raised_by_id: Mapped[int]
    raised_by_name: Mapped[str]
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RewardObjectionAnswer(Base):
    """What the office answered to one objection. Append-only."""

    __tablename__ = "reward_objection_answer"

    objection_id: Mapped[int] = mapped_column(ForeignKey("reward_objection.id"), primary_key=True)
    outcome: Mapped[str]
    text: Mapped[str]
    answered_by_id: Mapped[int]
    answered_by_name: Mapped[str]
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
