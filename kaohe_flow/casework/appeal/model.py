"""Appeals, the rungs they climbed and the rulings given there."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kaohe_flow.casework.appeal.rules import AppealState, Matter, Outcome
from kaohe_flow.casework.appeal.rules.ladder import RungKind
from kaohe_flow.kernel.orm import Base, Milli, UtcDateTime, str_enum


class Appeal(Base):
    """One appeal against one decision (``decision_reference``) of one case (``contested_key``).

    ``decider_unit_id`` is where the contested decision was made; it climbs with every rung.
    ``correction_due_at``: a ruling changed the points of a sealed period; a voucher has to carry it out.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        Index(
            "uq_appeal_decision_filed",
            "decision_reference",
            unique=True,
            sqlite_where=text("state = 'filed'"),
            postgresql_where=text("state = 'filed'"),
        ),
        Index("ix_appeal_officer", "officer_id", "id"),
        CheckConstraint(
            "corrected_at IS NULL OR correction_due_at IS NOT NULL", name="corrected_only_when_due"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contested_key: Mapped[str] = mapped_column(index=True)
    decision_reference: Mapped[str]
    matter: Mapped[Matter] = mapped_column(str_enum(Matter, "matter"))
    title: Mapped[str]
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), index=True)
    grounds: Mapped[str]
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_name: Mapped[str]
    decision_opinion: Mapped[str]
    decision_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    decider_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    points_before: Mapped[Decimal] = mapped_column(Milli)
    state: Mapped[AppealState] = mapped_column(str_enum(AppealState, "state"), default=AppealState.FILED)
    served_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    correction_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    corrected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(nullable=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it once

    @property
    def case_key(self) -> str:
        """Name of the case in workflow and records."""
        return f"appeal:{self.id}"


class AppealExtension(Base):
    """More time to contest one decision, granted for cause by the office that would hear it. Append-only."""

    __tablename__ = "appeal_extension"
    __table_args__ = (
        CheckConstraint("length(reason) > 0", name="extension_has_a_reason"),
        Index("ix_appeal_extension_decision", "decision_reference"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_reference: Mapped[str]
    contested_key: Mapped[str]
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str]
    granted_by_id: Mapped[int]
    granted_by_name: Mapped[str]
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AppealRung(Base):
    """One step of the ladder an appeal came to. ``silent_at``: the office let its days pass; ``alarmed_at``:
    the last instance did, and goes on holding the case."""

    __tablename__ = "appeal_rung"

    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[RungKind] = mapped_column(str_enum(RungKind, "kind"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    below_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    answer_wd: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    silent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    alarmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AppealRuling(Base):
    """What a rung decided, with reasons, the figures it found, and the points before and after. Append-only.

    ``line_*`` are the booked points of the contested case, ``total_*`` those of the appellant in the period.
    """

    __tablename__ = "appeal_ruling"
    __table_args__ = (
        CheckConstraint("length(reasons) > 0", name="ruling_has_reasons"),
        CheckConstraint("total_after >= total_before", name="never_worse"),
    )

    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), primary_key=True)
    rung: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome: Mapped[Outcome] = mapped_column(str_enum(Outcome, "outcome"))
    reasons: Mapped[str]
    quality: Mapped[str | None]
    option: Mapped[str | None]
    mitigation: Mapped[str | None]
    count: Mapped[Decimal | None] = mapped_column(Milli)
    done: Mapped[Decimal | None] = mapped_column(Milli)
    value: Mapped[Decimal | None] = mapped_column(Milli)
    points: Mapped[Decimal | None] = mapped_column(Milli)
    line_before: Mapped[Decimal] = mapped_column(Milli)
    line_after: Mapped[Decimal] = mapped_column(Milli)
    total_before: Mapped[Decimal] = mapped_column(Milli)
    total_after: Mapped[Decimal] = mapped_column(Milli)
    decided_by_id: Mapped[int]
    decided_by_name: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
