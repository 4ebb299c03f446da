"""Who is signed in, and what an account may act as."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.kernel.paging import PAGE_SIZE, Page
from kaohe_flow.organization.account.gateway import NO_PASSWORD, UNSEEN, Proof, prove, token_hash
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
from kaohe_flow.organization.officer.model import Membership, Officer
from kaohe_flow.organization.officer.rules import MembershipKind, OfficerState
from kaohe_flow.organization.role.queries import principals_of
from kaohe_flow.organization.unit.model import Unit


class AccountNotFound(NotFound):
    """No account has this id or name."""

    code = "account-not-found"
    message = "没有找到账号“{account}”"


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as the doors need it. ``name`` is the person's, or the administrator's title."""

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


def usernames(session: Session, account_ids: Iterable[int]) -> dict[int, str]:
    """User names by account id; an id without an account is left out."""
    wanted = select(Account.id, Account.username).where(Account.id.in_(sorted(set(account_ids))))
    return {account_id: username for account_id, username in session.execute(wanted)}


def of_officer(session: Session, officer_id: int) -> Account | None:
    """The account of an officer; None when there is none."""
    return session.scalar(select(Account).where(Account.officer_id == officer_id))


def without_account(session: Session, unit_ids: Iterable[int], day: date, limit: int) -> Sequence[Officer]:
    """Officers with their main posting in one of the units on the day who cannot sign in, by number."""
    found = (
        _posted(unit_ids, day)
        .outerjoin(Account, Account.officer_id == Officer.id)
        .where(Account.id.is_(None))
        .order_by(Officer.police_no)
    )
    return session.scalars(found.limit(limit)).all()


def awaiting(session: Session, unit_ids: Iterable[int], day: date, limit: int) -> Sequence[Account]:
    """Accounts of officers in the units that were entered and never opened, by user name."""
    found = (
        select(Account)
        .where(
            Account.state == AccountState.DISABLED,
            Account.password_hash == NO_PASSWORD,
            Account.officer_id.in_(_posted(unit_ids, day).with_only_columns(Officer.id)),
        )
        .order_by(Account.username)
    )
    return session.scalars(found.limit(limit)).all()


def _posted(unit_ids: Iterable[int], day: date) -> Select[Officer]:
    return (
        select(Officer)
        .join(Membership, Membership.officer_id == Officer.id)
        .where(
            Officer.state == OfficerState.SERVING,
            Membership.kind == MembershipKind.MAIN,
            Membership.unit_id.in_(sorted(set(unit_ids))),
            Membership.on(day),
        )
    )


def is_own(actor: Actor, account: Account) -> bool:
    """Whether the account is that of whoever acts."""
    if account.officer_id is not None:
        return account.officer_id == actor.officer_id
    return principal_of(account.kind, account.id) in actor.principals


def principal_of(kind: AccountKind, account_id: int) -> str:
    """What an administrator acts as."""
    return f"{kind.value}@{account_id}"


def view(session: Session, account: Account) -> AccountView:
    """The account together with the name of its person."""
    person = None if account.officer_id is None else officers.get(session, account.officer_id)
    return _view(account, person)


def title_of(account: Account) -> str:
    """What an administrator is called on record: two of one kind must be told apart."""
    return f"{account.kind.label}（{account.username}）"


def _view(account: Account, person: Officer | None) -> AccountView:
    return AccountView(
        id=account.id,
        username=account.username,
        name=title_of(account) if person is None else person.name,
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
                _is_live(now),
            )
            .order_by(WebSession.seen_at.desc())
        )
    )


def _is_live(now: datetime) -> ColumnElement[bool]:
    return and_(WebSession.ended_at.is_(None), WebSession.expires_at > now, WebSession.seen_at > now - IDLE)


def actor_of(session: Session, account: AccountView, day: date) -> Actor:
    """Who acts: an officer with all competences of the day, or an administrator with none."""
    if account.officer_id is None:
        principals = frozenset({principal_of(account.kind, account.id)})
    else:
        principals = principals_of(session, account.officer_id, day)
    return Actor(officer_id=account.officer_id, name=account.name, principals=principals)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which accounts to list: part of a user name, a name or a police number, a state, a kind."""

    text: str = ""
    state: AccountState | None = None
    kind: AccountKind | None = None
    number: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """An account as administrators see it; ``unit`` is the person's of today, ``live`` its sessions now."""

    account: Account
    officer: Officer | None
    unit: Unit | None
    live: int

    @property
    def name(self) -> str:
        """The person's name, or the title of the administrator."""
        return title_of(self.account) if self.officer is None else self.officer.name

    @property
    def awaits_opening(self) -> bool:
        """Entered by one administrator, not yet opened by the other."""
        account = self.account
        return account.state is AccountState.DISABLED and account.password_hash == NO_PASSWORD


def search(session: Session, wanted: Wanted, now: datetime) -> Page[Listed]:
    """Accounts by user name, one page at a time."""
    words = tidy_username(wanted.text)
    found = (
        select(Account, Officer)
        .outerjoin(Officer, Officer.id == Account.officer_id)
        .where(
            or_(
                Account.username.contains(words, autoescape=True),
                Officer.name.contains(words, autoescape=True),
                Officer.police_no.contains(words.upper(), autoescape=True),
            )
        )
    )
    if wanted.state is not None:
        found = found.where(Account.state == wanted.state)
    if wanted.kind is not None:
        found = found.where(Account.kind == wanted.kind)
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    shown = session.execute(
        found.order_by(Account.username).offset((wanted.number - 1) * PAGE_SIZE).limit(PAGE_SIZE)
    ).all()
    return Page(_listed(session, shown, now), wanted.number, total)


def listed(session: Session, account_id: int, now: datetime) -> Listed:
    """One account as administrators see it. Raises ``AccountNotFound``."""
    account = get(session, account_id)
    person = None if account.officer_id is None else officers.get(session, account.officer_id)
    return _listed(session, [(account, person)], now)[0]


def _listed(
    session: Session, rows: Sequence[Row[Account, Officer] | tuple[Account, Officer | None]], now: datetime
) -> list[Listed]:
    places = officers.units_on(session, [person.id for _, person in rows if person], local_day(now))
    counts = select(WebSession.account_id, func.count()).where(
        WebSession.account_id.in_([account.id for account, _ in rows]), _is_live(now)
    )
    live = {
        account_id: count for account_id, count in session.execute(counts.group_by(WebSession.account_id))
    }
    return [
        Listed(account, person, places.get(person.id) if person else None, live.get(account.id, 0))
        for account, person in rows
    ]
