"""Accounts are created, signed in and out, given new passwords, closed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from kaohe_flow.kernel.errors import Conflict, InvalidInput, NotAllowed, Problem
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.account import gateway, queries
from kaohe_flow.organization.account.commands.session import SessionOver as SessionOver
from kaohe_flow.organization.account.commands.session import end_all_sessions as end_all_sessions
from kaohe_flow.organization.account.commands.session import end_session as end_session
from kaohe_flow.organization.account.commands.session import open_session as open_session
from kaohe_flow.organization.account.commands.session import rotate_session as rotate_session
from kaohe_flow.organization.account.commands.session import touch as touch
from kaohe_flow.organization.account.model import Account, LoginAttempt
from kaohe_flow.organization.account.queries import AccountView
from kaohe_flow.organization.account.rules import (
    FORGET_AFTER,
    LONGEST_PASSWORD,
    STANDARD,
    USERNAME_LENGTH,
    AccountKind,
    AccountState,
    NewAccount,
    PasswordPolicy,
    password_expired,
    password_problems,
    pause_after,
    tidy_username,
)
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.records.audit.commands import record

KEEP_ATTEMPTS = timedelta(days=1)


class WrongCredentials(NotAllowed):
    """Said alike for an unknown user and a wrong password."""

    code = "wrong-credentials"
    message = "账号或密码不正确"


class TooManyAttempts(NotAllowed):
    """A pause after several wrong guesses; ``minutes`` are rounded up."""

    code = "too-many-attempts"
    message = "输错次数过多，请 {minutes} 分钟后再试，或联系管理员重置密码"

    def __init__(self, *, minutes: int) -> None:
        self.minutes = minutes
        super().__init__(minutes=minutes)


class AccountClosed(NotAllowed):
    """Said only to whoever knows the password."""

    code = "account-closed"
    message = "账号已{state}，请联系管理员"


class PasswordRefused(InvalidInput):
    """The chosen password breaks the policy."""

    code = "password-refused"
    message = "新密码不符合要求"


class AccountRefused(InvalidInput):
    """What was entered about an account cannot be used."""

    code = "account-refused"
    message = "账号不能建立：{reason}"


class UsernameTaken(Conflict):
    """User names and officers have one account each."""

    code = "username-taken"
    message = "账号“{username}”或该民警的账号已经存在"


LoginFailure = WrongCredentials | TooManyAttempts | AccountClosed


def create_account(work: Work, new: NewAccount, policy: PasswordPolicy = STANDARD) -> AccountView:
    """A way to sign in, for an officer or for one of the three administrators."""
    username = tidy_username(new.username)
    if len(username) not in USERNAME_LENGTH or not username.isprintable():
        raise AccountRefused(field="username", reason="账号名为 2 至 40 个字符")
    if (new.kind is AccountKind.OFFICER) != (new.officer_id is not None):
        raise AccountRefused(field="officer_id", reason="民警账号必须对应一名民警，管理员账号不能对应民警")
    is_open = new.state is AccountState.ACTIVE
    if is_open:
        _check(new.password, username, policy)
    if new.officer_id is not None:
        officers.get(work.session, new.officer_id)
    taken = select(Account.id).where(
        (Account.username == username)
        if new.officer_id is None
        else (Account.username == username) | (Account.officer_id == new.officer_id)
    )
    if work.session.scalar(taken) is not None:
        raise UsernameTaken(field="username", username=username)
    account = Account(
        officer_id=new.officer_id,
        username=username,
        password_hash=gateway.hash_password(new.password) if is_open else gateway.NO_PASSWORD,
        kind=new.kind,
        state=new.state,
        must_change_password=new.must_change_password,
        password_changed_at=work.now,
        created_at=work.now,
    )
    work.session.add(account)
    work.session.flush()
    record(work, "account.created", f"account:{account.id}", username=username, kind=new.kind.value)
    return queries.view(work.session, account)


def authenticate(
    work: Work, username: str, proof: gateway.Proof, ip: str, policy: PasswordPolicy = STANDARD
) -> AccountView | LoginFailure:
    """The account, or why not. Failures are *returned*: raised, they would roll back their own count.

    The password was looked at before, outside of any transaction: writers must not queue behind it. What it
    proved counts only if nobody began a pause or changed the password meanwhile.
    A password older than the policy allows lets its owner in to change it.
    """
    username = tidy_username(username)[: USERNAME_LENGTH.stop]
    attempt = work.session.get(LoginAttempt, (username, ip), with_for_update=True)
    if attempt is not None and work.now < attempt.blocked_until:
        seconds = (attempt.blocked_until - work.now).total_seconds()
        return TooManyAttempts(minutes=int(-(-seconds // 60)))
    account = queries.by_username(work.session, username)
    if account is None or not proof.is_right or account.password_hash != proof.stored:
        _count(work, attempt, username, ip)
        return WrongCredentials()
    if account.state is not AccountState.ACTIVE:
        return AccountClosed(state=account.state.label)
    if attempt is not None:
        work.session.delete(attempt)
    account.password_hash = proof.renewed or account.password_hash
    account.must_change_password |= password_expired(account.password_changed_at, work.now, policy)
    account.last_login_at = work.now
    work.session.flush()
    return queries.view(work.session, account)


def _count(work: Work, attempt: LoginAttempt | None, username: str, ip: str) -> None:
    work.session.execute(
        delete(LoginAttempt).where(
            LoginAttempt.last_at < work.now - KEEP_ATTEMPTS, LoginAttempt.username != username
        )
    )
    if attempt is None:
        attempt = LoginAttempt(username=username, ip=ip, failures=0, last_at=work.now)
        work.session.add(attempt)
    elif work.now - max(attempt.last_at, attempt.blocked_until) >= FORGET_AFTER:
        attempt.failures = 0
    attempt.failures += 1
    attempt.last_at = work.now
    attempt.blocked_until = work.now + pause_after(attempt.failures)
    work.session.flush()


def change_password(
    work: Work, account_id: int, *, old: str, new: str, policy: PasswordPolicy = STANDARD
) -> None:
    """The owner chooses another password and is signed out everywhere; open a new session afterwards."""
    account = queries.get(work.session, account_id)
    if not gateway.verify(account.password_hash, old[:LONGEST_PASSWORD]):
        raise WrongCredentials(field="old")
    if old == new:
        raise PasswordRefused(problems=(Problem("password", "新密码不能与原密码相同"),))
    _set_password(work, account, new, policy)
    account.must_change_password = False
    work.session.flush()


def reset_password(work: Work, account_id: int, temporary: str, policy: PasswordPolicy = STANDARD) -> None:
    """An administrator sets a password for one sign-in; the owner is signed out everywhere."""
    account = queries.get(work.session, account_id)
    _set_password(work, account, temporary, policy)
    account.must_change_password = True
    work.session.execute(delete(LoginAttempt).where(LoginAttempt.username == account.username))
    work.session.flush()
    record(work, "password.reset", f"account:{account.id}")


def _set_password(work: Work, account: Account, password: str, policy: PasswordPolicy) -> None:
    _check(password, account.username, policy)
    account.password_hash = gateway.hash_password(password)
    account.password_changed_at = work.now
    end_all_sessions(work, account.id)


def _check(password: str, username: str, policy: PasswordPolicy) -> None:
    problems = password_problems(password, username, policy)
    if problems:
        raise PasswordRefused(field="password", problems=tuple(problems))


def set_state(work: Work, account_id: int, state: AccountState) -> None:
    """Opens, disables or locks an account; whoever is not active is signed out everywhere at once."""
    account = queries.get(work.session, account_id)
    account.state = state
    if state is not AccountState.ACTIVE:
        end_all_sessions(work, account_id)
    work.session.flush()
    record(work, "account.state_set", f"account:{account.id}", state=state.value)


def disable(work: Work, account_id: int) -> None:
    """The account is of no use from this moment on."""
    set_state(work, account_id, AccountState.DISABLED)
