"""Units, and the dated validity that other tables of the organization share."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, UniqueConstraint, and_, or_
from sqlalchemy.orm import Mapped, mapped_column

from kaohe_flow.kernel.orm import Base, str_enum
from kaohe_flow.organization.unit.rules import Level, Span, UnitKind

ENDS_AFTER_IT_BEGINS = "valid_to IS NULL OR valid_to >= valid_from"


class Dated:
    """Valid from the first to the last day, both included; an open end is NULL."""

    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    @property
    def span(self) -> Span:
        """The days this row speaks of."""
        return Span(self.valid_from, self.valid_to)

    @classmethod
    def on(cls, day: date) -> ColumnElement[bool]:
        """The condition that a row is valid on ``day``."""
        return and_(cls.valid_from <= day, or_(cls.valid_to.is_(None), cls.valid_to >= day))

    @classmethod
    def within(cls, start: date, end: date) -> ColumnElement[bool]:
        """The condition that a row is valid on at least one day from ``start`` to ``end``."""
        return and_(cls.valid_from <= end, or_(cls.valid_to.is_(None), cls.valid_to >= start))


class Unit(Dated, Base):
    """One unit. Ids are never reused: a merged or renamed-by-order unit is closed and succeeded.

    ``sponsor_id`` is the officer who answers for the unit (包保). It has no foreign key, because
    officers stand above units; the command that sets it checks that the officer exists, and officers
    are never deleted. ``sequence`` and ``peer_group`` carry the words of the scheme, not codes.
    """

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 4", name="level_known"),
        CheckConstraint("(level = 1) = (parent_id IS NULL)", name="only_the_top_has_no_parent"),
        CheckConstraint(ENDS_AFTER_IT_BEGINS, name="ends_after_it_begins"),
        CheckConstraint("predecessor_id <> id", name="succeeds_another"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    short_name: Mapped[str]
    level: Mapped[int]
    kind: Mapped[UnitKind] = mapped_column(str_enum(UnitKind, "kind"))
    sequence: Mapped[str | None]
    peer_group: Mapped[str | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    predecessor_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    ranked: Mapped[bool] = mapped_column(default=True)
    pilot: Mapped[bool] = mapped_column(default=False)
    sponsor_id: Mapped[int | None]

    @property
    def level_label(self) -> str:
        """The level in words."""
        return Level(self.level).label


class UnitPast(Dated, Base):
    """How a unit was called and whom it stood under until its name or place changed; never rewritten."""

    __tablename__ = "unit_past"
    __table_args__ = (
        CheckConstraint(ENDS_AFTER_IT_BEGINS, name="ends_after_it_begins"),
        CheckConstraint("valid_to IS NOT NULL", name="is_over"),
        UniqueConstraint("unit_id", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str]
    short_name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    basis: Mapped[str]
