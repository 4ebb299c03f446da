"""Periods and days off as tables."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from kaohe_flow.kernel.orm import Base, UtcDateTime, str_enum
from kaohe_flow.scheme.period.rules import DayOffKind, PeriodKind, PeriodState


class Period(Base):
    """One stretch of days. ``submission_closed_at`` is the instant that counts (the cut-off), not the
    instant the job ran: a server that was down on the 25th closes the period as of the 25th."""

    __tablename__ = "period"
    __table_args__ = (
        Index("uq_period_kind_code", "kind", "code", unique=True),
        Index("ix_period_kind_starts_on", "kind", "starts_on"),
        CheckConstraint("starts_on <= ends_on", name="days_in_order"),
        CheckConstraint("review_wd >= 0 AND notice_wd >= 0", name="windows_not_negative"),
        CheckConstraint("(state = 'open') = (submission_closed_at IS NULL)", name="closed_with_its_instant"),
        CheckConstraint(
            "(state IN ('notice', 'result_sealed')) = (notice_from IS NOT NULL)", name="notice_with_its_start"
        ),
        CheckConstraint("(notice_from IS NULL) = (notice_until IS NULL)", name="notice_with_both_ends"),
        CheckConstraint(
            "(state = 'result_sealed') = (sealed_at IS NOT NULL)", name="sealed_with_its_instant"
        ),
        CheckConstraint(
            "sealed_unsigned = false OR state = 'result_sealed'", name="unsigned_only_when_sealed"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PeriodKind] = mapped_column(str_enum(PeriodKind, "kind"))
    code: Mapped[str]
    name: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    cutoff_at: Mapped[datetime] = mapped_column(UtcDateTime)
    report_on: Mapped[date | None]
    review_wd: Mapped[int]
    notice_wd: Mapped[int]
    state: Mapped[PeriodState] = mapped_column(str_enum(PeriodState, "state"), default=PeriodState.OPEN)
    submission_closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    notice_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    notice_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sealed_unsigned: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the mapper's own way of configuration

    @property
    def is_sealed(self) -> bool:
        """Whether nothing may be written into it any more."""
        return self.state is PeriodState.RESULT_SEALED


class DayOff(Base):
    """A public holiday, or a weekend day declared working."""

    __tablename__ = "day_off"

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[DayOffKind] = mapped_column(str_enum(DayOffKind, "kind"))
    name: Mapped[str]
