"""Adopted schemes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kaohe_flow.kernel.orm import Base, UtcDateTime


class Plan(Base):
    """One version of a scheme file, word for word. Never rewritten: sealed months recompute by their own.

    ``valid_from`` is the first day of the first period it governs; the next plan ends it.
    """

    __tablename__ = "plan"
    __table_args__ = (
        UniqueConstraint("scheme_id", "valid_from"),
        CheckConstraint("length(sha256) = 64", name="sha256_hex"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    sha256: Mapped[str]
    valid_from: Mapped[date]
    adopted_by: Mapped[str]
    adopted_at: Mapped[datetime] = mapped_column(UtcDateTime)
