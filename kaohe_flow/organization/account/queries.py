"""Who is signed in, and what an account may act as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.kernel.paging import PAGE_SIZE, Page
from kaohe_flow.organization.account.gateway import UNSEEN, Proof, prove, token_hash
from kaohe_flow.organization.account.model import Account, LoginAttempt, WebSession
from kaohe_flow.organization.account.rules import (
    IDLE,
    LONGEST_PASSWORD,
    TOUCH_EVERY,
    USERNAME_LENGTH,
    AccountKind,
    AccountState,
    tidy_username,
)
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.officer.model import Officer
from kaohe_flow.organization.role.queries import principals_of


class AccountNotFound(NotFound):
    """No account has this id or name."""

    code = "account-not-found"
    message = "没有找到账号“{account}”"


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as the doors need it. ``name`` is the person's, or the title of the administrator."""

    id: int
    username: str
    name: str
    kind: AccountKind
    officer_id: int | None
    must_change_password: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session and its account. ``wants_touch``: its last use should be written down."""

    id_hash: str
    account: AccountView
    csrf: str
    expires_at: datetime
    wants_touch: bool


def get(session: Session, account_id: int) -> Account:
    """The account, or ``AccountNotFound``."""
    account = session.get(Account, account_id)
    if account is None:
        raise AccountNotFound(account=account_id)
    return account


def by_username(session: Session, username: str) -> Account | None:
    """The account of that name in whatever writing; None when there is none."""
    return session.scalar(select(Account).where(Account.username == tidy_username(username)))


def proof_of(session: Session, username: str, password: str, ip: str, now: datetime) -> Callable[[], Proof]:
    """Looking at a password, to be called when no transaction is open.

    During a pause the password is not looked at. An unknown user takes as long as a wrong password.
    """
    username = tidy_username(username)[: USERNAME_LENGTH.stop]
    attempt = session.get(LoginAttempt, (username, ip))
    if attempt is not None and now < attempt.blocked_until:
        return lambda: UNSEEN
    account = by_username(session, username)
    return partial(prove, account.password_hash if account else None, password[:LONGEST_PASSWORD])


def view(session: Session, account: Account) -> AccountView:
    """The account together with the name of its person."""
    person = None if account.officer_id is None else officers.get(session, account.officer_id)
    return _view(account, person)


def _view(account: Account, person: Officer | None) -> AccountView:
    return AccountView(
        id=account.id,
        username=account.username,
        name=account.kind.label if person is None else person.name,
        kind=account.kind,
        officer_id=account.officer_id,
        must_change_password=account.must_change_password,
    )


def session_by_token(session: Session, token: str, now: datetime) -> SignedIn | None:
    """Who holds this cookie, in one statement; None for a session that is unknown, ended, idle for too
    long or expired, and for an account that is no longer active."""
    found = session.execute(
        select(WebSession, Account, Officer)
        .join(Account, Account.id == WebSession.account_id)
        .outerjoin(Officer, Officer.id == Account.officer_id)
        .where(WebSession.id_hash == token_hash(token))
    ).first()
    if found is None:
        return None
    web, account, person = found
    if account.state is not AccountState.ACTIVE or not web.life.is_alive(now):
        return None
    return SignedIn(
        id_hash=web.id_hash,
        account=_view(account, person),
        csrf=web.payload["csrf"],
        expires_at=web.expires_at,
        wants_touch=now - web.seen_at >= TOUCH_EVERY,
    )


def live_sessions(session: Session, account_id: int, now: datetime) -> tuple[WebSession, ...]:
    """Where the account is signed in now, the latest use first."""
    return tuple(
        session.scalars(
            select(WebSession)
            .where(
                WebSession.account_id == account_id,
                WebSession.ended_at.is_(None),
                WebSession.expires_at > now,
                WebSession.seen_at > now - IDLE,
            )
            .order_by(WebSession.seen_at.desc())
        )
    )


def actor_of(session: Session, account: AccountView, day: date) -> Actor:
    """Who acts: an officer with all competences of the day, or an administrator with none."""
    if account.officer_id is None:
        principals = frozenset({f"{account.kind.value}@{account.id}"})
    else:
        principals = principals_of(session, account.officer_id, day)
    return Actor(officer_id=account.officer_id, name=account.name, principals=principals)


def search(session: Session, text: str, number: int = 1) -> Page[AccountView]:
    """Accounts by part of the user name or of the person's name, one page at a time."""
    words = tidy_username(text)
    found = (
        select(Account, Officer)
        .outerjoin(Officer, Officer.id == Account.officer_id)
        .where(
            or_(
                Account.username.contains(words, autoescape=True),
                Officer.name.contains(words, autoescape=True),
            )
        )
    )
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    shown = session.execute(
        found.order_by(Account.username).offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)
    )
    return Page([_view(account, person) for account, person in shown], number, total)
