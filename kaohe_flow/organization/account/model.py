"""Accounts, sessions kept on the server, failed attempts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kaohe_flow.kernel.orm import Base, UtcDateTime, str_enum
from kaohe_flow.organization.account.rules import AccountKind, AccountState, SessionLife


class Account(Base):
    """A way to sign in. The three administrators have no officer, hence no business role."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("(kind = 'officer') = (officer_id IS NOT NULL)", name="administrators_stand_apart"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"), unique=True)
    username: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    kind: Mapped[AccountKind] = mapped_column(str_enum(AccountKind, "kind"))
    state: Mapped[AccountState] = mapped_column(str_enum(AccountState, "state"), default=AccountState.ACTIVE)
    must_change_password: Mapped[bool] = mapped_column(default=True)
    password_changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WebSession(Base):
    """One browser signed in. The id is the hash of the cookie's token; ``payload`` holds the CSRF secret."""

    __tablename__ = "web_session"
    __table_args__ = (Index("ix_web_session_account", "account_id", "ended_at"),)

    id_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ip: Mapped[str]
    user_agent: Mapped[str]
    payload: Mapped[dict[str, str]] = mapped_column(JSON)

    @property
    def life(self) -> SessionLife:
        """The instants that decide whether the session is alive."""
        return SessionLife(self.seen_at, self.expires_at, self.ended_at)


class LoginAttempt(Base):
    """Wrong guesses in a row for one user name from one address; also for names that do not exist."""

    __tablename__ = "login_attempt"

    username: Mapped[str] = mapped_column(primary_key=True)
    ip: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    blocked_until: Mapped[datetime] = mapped_column(UtcDateTime)
