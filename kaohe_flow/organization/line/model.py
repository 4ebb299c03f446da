"""Business lines."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kaohe_flow.kernel.orm import Base
from kaohe_flow.organization.unit.model import ENDS_AFTER_IT_BEGINS, Dated


class BusinessLine(Dated, Base):
    """A kind of work; ``owner_id`` is the department that is competent for it city-wide now."""

    __tablename__ = "business_line"
    __table_args__ = (CheckConstraint(ENDS_AFTER_IT_BEGINS, name="ends_after_it_begins"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)


class LinePast(Dated, Base):
    """The department that was competent for a line until it was handed over; never rewritten."""

    __tablename__ = "line_past"
    __table_args__ = (
        CheckConstraint(ENDS_AFTER_IT_BEGINS, name="ends_after_it_begins"),
        CheckConstraint("valid_to IS NOT NULL", name="is_over"),
        UniqueConstraint("line_id", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("business_line.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    basis: Mapped[str]
