"""The ban list as tables: its entries, and every wording an office let pass."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kaohe_flow.kernel.orm import Base, UtcDateTime
from kaohe_flow.scheme.banlist.rules import Ban


class BannedPhrase(Base):
    """One entry, editable by the office; an inactive one stays, so that old refusals can be read."""

    __tablename__ = "banned_phrase"

    id: Mapped[int] = mapped_column(primary_key=True)
    phrase: Mapped[str] = mapped_column(unique=True)
    synonyms: Mapped[list[str]] = mapped_column(JSON)
    basis: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)

    @property
    def ban(self) -> Ban:
        """The entry as the matcher wants it."""
        return Ban(self.phrase, tuple(self.synonyms), self.basis)


class BanOverride(Base):
    """A forbidden wording that an office let pass. ``subject`` is a case key such as ``indicator:7``."""

    __tablename__ = "ban_override"
    __table_args__ = (CheckConstraint("length(reason) >= 10", name="reason_is_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(index=True)
    phrases: Mapped[list[str]] = mapped_column(JSON)
    found: Mapped[list[str]] = mapped_column(JSON)
    reason: Mapped[str]
    decided_by_id: Mapped[int | None]
    decided_by_name: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
