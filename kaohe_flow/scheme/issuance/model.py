"""Assignments (下达单) as a table: a tree per issuing, from the office's own total down to persons."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kaohe_flow.kernel.orm import Base, Milli, UtcDateTime, str_enum
from kaohe_flow.organization.officer.model import Officer
from kaohe_flow.organization.unit.model import Unit
from kaohe_flow.scheme.indicator.model import IndicatorVersion
from kaohe_flow.scheme.issuance.rules import AssignmentState, Node, Term
from kaohe_flow.scheme.period.model import Period

LIVE = "state NOT IN ('refused', 'withdrawn')"


class Assignment(Base):
    """One handing-down. The root of a tree is the issuing office's own total: from itself to itself.

    ``covers_from``, ``covers_to`` are the days it is good for, so that a year can be issued before its
    months are opened; the periods are named where they were there. ``reason`` belongs to the state,
    ``part_reason`` to the target, ``over_reason`` to the sum of the parts below.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("(to_unit_id IS NULL) <> (to_officer_id IS NULL)", name="one_recipient"),
        CheckConstraint("covers_from <= covers_to", name="days_in_order"),
        CheckConstraint(
            "year IS NOT NULL OR (period_from_id IS NOT NULL AND period_to_id IS NOT NULL)",
            name="year_or_periods",
        ),
        CheckConstraint("(parent_assignment_id IS NULL) = (root_id IS NULL)", name="root_has_no_parent"),
        CheckConstraint(
            "parent_assignment_id IS NOT NULL OR from_unit_id = to_unit_id", name="root_is_own_total"
        ),
        CheckConstraint("target IS NULL OR target >= 0", name="target_not_negative"),
        CheckConstraint("share IS NULL OR share BETWEEN 0 AND 100000", name="share_in_percent"),
        CheckConstraint(
            "state NOT IN ('refused', 'withdrawn') OR reason IS NOT NULL", name="ends_with_a_reason"
        ),
        Index(
            "uq_assignment_unit_once",
            "parent_assignment_id",
            "to_unit_id",
            unique=True,
            sqlite_where=text(LIVE),
            postgresql_where=text(LIVE),
        ),
        Index(
            "uq_assignment_officer_once",
            "parent_assignment_id",
            "to_officer_id",
            unique=True,
            sqlite_where=text(LIVE),
            postgresql_where=text(LIVE),
        ),
        Index("ix_assignment_to_officer", "to_officer_id", "state"),
        Index("ix_assignment_to_unit", "to_unit_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_version_id: Mapped[int] = mapped_column(ForeignKey(IndicatorVersion.id), index=True)
    year: Mapped[int | None]
    period_from_id: Mapped[int | None] = mapped_column(ForeignKey(Period.id))
    period_to_id: Mapped[int | None] = mapped_column(ForeignKey(Period.id))
    covers_from: Mapped[date]
    covers_to: Mapped[date]
    from_unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), index=True)
    to_unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    to_officer_id: Mapped[int | None] = mapped_column(ForeignKey(Officer.id))
    parent_assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    root_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), index=True)
    target: Mapped[Decimal | None] = mapped_column(Milli)
    share: Mapped[Decimal | None] = mapped_column(Milli)
    part_reason: Mapped[str] = mapped_column(default="")
    over_reason: Mapped[str] = mapped_column(default="")
    state: Mapped[AssignmentState] = mapped_column(
        str_enum(AssignmentState, "state"), default=AssignmentState.ISSUED
    )
    reason: Mapped[str | None]
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    case_key: Mapped[str | None] = mapped_column(index=True)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey(Officer.id))
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    indicator_version: Mapped[IndicatorVersion] = relationship(lazy="raise_on_sql")
    to_unit: Mapped[Unit | None] = relationship(foreign_keys=to_unit_id, lazy="raise_on_sql")
    to_officer: Mapped[Officer | None] = relationship(lazy="raise_on_sql", foreign_keys=to_officer_id)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the mapper's own way of configuration

    @property
    def term(self) -> Term:
        """The days it is good for."""
        ids = (self.period_from_id, self.period_to_id)
        named = None if ids[0] is None or ids[1] is None else (ids[0], ids[1])
        return Term(self.covers_from, self.covers_to, self.year, named)

    @property
    def tree_id(self) -> int:
        """The id of the root of its tree."""
        return self.id if self.root_id is None else self.root_id

    @property
    def node(self) -> Node:
        """What coverage and progress need of it."""
        return Node(
            id=self.id,
            parent_id=self.parent_assignment_id,
            state=self.state,
            is_person=self.to_officer_id is not None,
            target=self.target,
        )
