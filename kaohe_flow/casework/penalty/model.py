"""A penalty case: the finding as served, the reply with its numbered grounds, the decisions on it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from kaohe_flow.casework.penalty.rules.defence import ReplyKind
from kaohe_flow.casework.penalty.rules.finding import PenaltyState
from kaohe_flow.kernel.orm import Base, Milli, UtcDateTime, str_enum


class Penalty(Base):
    """One finding against one officer under one indicator. Its words never change once entered.

    ``unit_id`` is the unit on the day of the event, ``period_id`` the period it counts in (that of discovery,
    or the open one when that was sealed before the decision). ``points`` are proposed, unsigned.
    """

    __tablename__ = "penalty"
    __table_args__ = (
        CheckConstraint("length(basis) > 0", name="names_its_basis"),
        CheckConstraint("found_on >= happened_on", name="found_after_it_happened"),
        CheckConstraint("officer_id <> found_by_id", name="nobody_accuses_themselves"),
        Index("ix_penalty_officer", "officer_id", "period_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    indicator_version_id: Mapped[int] = mapped_column(ForeignKey("indicator_version.id"))
    state: Mapped[PenaltyState] = mapped_column(str_enum(PenaltyState, "state"))
    happened_on: Mapped[date]
    found_on: Mapped[date]
    basis: Mapped[str]
    description: Mapped[str]
    option: Mapped[str | None]
    count: Mapped[Decimal | None] = mapped_column(Milli)
    value: Mapped[Decimal | None] = mapped_column(Milli)
    target: Mapped[Decimal | None] = mapped_column(Milli)
    points: Mapped[Decimal | None] = mapped_column(Milli)
    found_by_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    found_by_name: Mapped[str]
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(nullable=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it once

    @property
    def case_key(self) -> str:
        """Name of the case in workflow, records and ledger."""
        return f"penalty:{self.id}"


class PenaltyNotice(Base):
    """What the assessed was told, word for word, with the hashes of the evidence. Append-only."""

    __tablename__ = "penalty_notice"

    penalty_id: Mapped[int] = mapped_column(ForeignKey("penalty.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str]
    served_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PenaltyReply(Base):
    """How the assessed answered, or that they did not. Append-only."""

    __tablename__ = "penalty_reply"
    __table_args__ = (
        CheckConstraint("(kind = 'silent') = (replied_by_id IS NULL)", name="silence_is_nobodys"),
    )

    penalty_id: Mapped[int] = mapped_column(ForeignKey("penalty.id"), primary_key=True)
    kind: Mapped[ReplyKind] = mapped_column(str_enum(ReplyKind, "kind"))
    replied_by_id: Mapped[int | None]
    replied_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DefenceGround(Base):
    """One numbered point of the defence. Append-only."""

    __tablename__ = "defence_ground"

    penalty_id: Mapped[int] = mapped_column(ForeignKey("penalty.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ground: Mapped[str]


class PenaltyDecision(Base):
    """One decision on a finding, with its reason; the last one counts. Append-only.

    ``mitigation``: names of circumstances, separated by commas. ``count`` and ``points`` where the decider
    went below what was told.
    """

    __tablename__ = "penalty_decision"
    __table_args__ = (
        CheckConstraint("length(opinion) > 0", name="decision_has_a_reason"),
        Index("ix_penalty_decision_penalty", "penalty_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    penalty_id: Mapped[int] = mapped_column(ForeignKey("penalty.id"))
    step_id: Mapped[str]
    outcome: Mapped[str]
    opinion: Mapped[str]
    mitigation: Mapped[str]
    count: Mapped[Decimal | None] = mapped_column(Milli)
    points: Mapped[Decimal | None] = mapped_column(Milli)
    decided_by_id: Mapped[int]
    decided_by_name: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DefenceAnswer(Base):
    """The answer to one point of the defence, given with a decision. Append-only."""

    __tablename__ = "defence_answer"
    __table_args__ = (CheckConstraint("length(text) > 0", name="answer_says_something"),)

    decision_id: Mapped[int] = mapped_column(ForeignKey("penalty_decision.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_adopted: Mapped[bool]
    text: Mapped[str]
