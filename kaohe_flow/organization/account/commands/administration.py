"""What two administrators do with the accounts of others: one enters them, another brings them to life.

What was entered has no password; whoever opens it hands over one that serves for one sign-in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import Conflict, NotAllowed
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.account import commands, gateway, queries
from kaohe_flow.organization.account.model import Account
from kaohe_flow.organization.account.queries import AccountView
from kaohe_flow.organization.account.rules import AccountKind, AccountState, NewAccount
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.officer.rules import OfficerState
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.records.audit.commands import record

AT_ONCE: Final = 100
"""Passwords hashed in one transaction: two to three seconds."""


class OwnAccount(NotAllowed):
    """Nobody opens, locks or resets their own account."""

    code = "own-account"
    message = "不能办理自己的账号，请由另一名安全管理员办理"


class AccountNotSo(Conflict):
    """Somebody else was faster, or the page is old."""

    code = "account-not-so"
    message = "账号“{username}”现在是“{state}”，不能{deed}"


class OwnerHasLeft(Conflict):
    """Whoever has left signs in no more."""

    code = "owner-has-left"
    message = "“{name}”已办理离职，账号不能启用"


def register(work: Work, username: str, kind: AccountKind, officer_id: int | None) -> AccountView:
    """An account of no use yet: it has no password, and it is closed until ``activate``."""
    if officer_id is not None:
        _check_serving(work, officer_id)
    new = NewAccount(username, "", kind, officer_id, state=AccountState.DISABLED)
    return commands.create_account(work, new)


def register_unit(work: Work, unit_id: int) -> Sequence[AccountView]:
    """An account for everybody serving in the unit or below who has none, at most ``AT_ONCE`` of them."""
    people = queries.without_account(work.session, _places(work, unit_id), local_day(work.now), AT_ONCE)
    return [register(work, person.police_no, AccountKind.OFFICER, person.id) for person in people]


def activate_unit(work: Work, unit_id: int) -> Sequence[tuple[AccountView, str]]:
    """Opens what was entered for the unit and below and never opened, each with its first password."""
    waiting = queries.awaiting(work.session, _places(work, unit_id), local_day(work.now), AT_ONCE)
    return [(queries.view(work.session, account), activate(work, account.id)) for account in waiting]


def _places(work: Work, unit_id: int) -> frozenset[int]:
    return units.subtree_ids(work.session, units.get(work.session, unit_id).id)


def activate(work: Work, account_id: int) -> str:
    """Opens a closed account; returns the password of the first sign-in, which is stored nowhere."""
    account = _others(work, account_id, "启用", AccountState.DISABLED)
    if account.officer_id is not None:
        _check_serving(work, account.officer_id)
    password = gateway.one_time_password()
    commands.set_state(work, account.id, AccountState.ACTIVE)
    commands.reset_password(work, account.id, password)
    return password


def reset(work: Work, account_id: int) -> str:
    """A password for one sign-in in place of a lost one; the owner is signed out everywhere."""
    account = _others(work, account_id, "重置密码", AccountState.ACTIVE)
    password = gateway.one_time_password()
    commands.reset_password(work, account.id, password)
    return password


def lock(work: Work, account_id: int) -> None:
    """Nobody signs in for the time being; the password stays."""
    account = _others(work, account_id, "锁定", AccountState.ACTIVE)
    commands.set_state(work, account.id, AccountState.LOCKED)


def unlock(work: Work, account_id: int) -> None:
    """The owner signs in again, with the password there was."""
    account = _others(work, account_id, "解锁", AccountState.LOCKED)
    commands.set_state(work, account.id, AccountState.ACTIVE)


def close(work: Work, account_id: int) -> None:
    """The account is closed until it is activated anew."""
    account = _others(work, account_id, "停用", AccountState.ACTIVE, AccountState.LOCKED)
    commands.disable(work, account.id)


def end_sessions(work: Work, account_id: int) -> int:
    """Signs somebody out everywhere; how many sessions ended."""
    account = _others(work, account_id, "退出登录", *AccountState)
    count = commands.end_all_sessions(work, account.id)
    record(work, "account.signed_out", f"account:{account.id}", sessions=count)
    return count


def _others(work: Work, account_id: int, deed: str, *states: AccountState) -> Account:
    # Locked: of two who open or reset it at once only one hands over a password.
    account = work.session.get(Account, account_id, with_for_update=True, populate_existing=True)
    if account is None:
        raise queries.AccountNotFound(account=account_id)
    if queries.is_own(work.actor, account):
        raise OwnAccount
    if account.state not in states:
        raise AccountNotSo(username=account.username, state=account.state.label, deed=deed)
    return account


def _check_serving(work: Work, officer_id: int) -> None:
    officer = officers.get(work.session, officer_id)
    if officer.state is not OfficerState.SERVING:
        raise OwnerHasLeft(name=officer.name)
