"""Answered requests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from kaohe_flow.kernel.orm import Base, UtcDateTime


class Receipt(Base):
    """A one-time key that was used, by whom, and the page its answer led to."""

    __tablename__ = "receipt"

    key: Mapped[str] = mapped_column(primary_key=True)
    actor_id: Mapped[int | None]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    location: Mapped[str] = mapped_column(default="")
