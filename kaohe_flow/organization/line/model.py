"""Business lines."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kaohe_flow.kernel.orm import Base


class BusinessLine(Base):
    """A kind of work; ``owner_id`` is the department that is competent for it city-wide."""

    __tablename__ = "business_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
