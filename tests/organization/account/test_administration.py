"""One administrator enters accounts, another opens them; nobody does so for themselves."""

from __future__ import annotations

import pytest

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.account import commands, queries
from kaohe_flow.organization.account.commands import administration
from kaohe_flow.organization.account.gateway import one_time_password
from kaohe_flow.organization.account.queries import AccountView, Wanted
from kaohe_flow.organization.account.rules import (
    DENGBAO3,
    AccountKind,
    AccountState,
    NewAccount,
    password_problems,
)
from kaohe_flow.organization.officer import commands as officers
from tests.factories.organization import TODAY, MiniCity
from tests.organization.conftest import Trail

PC = "10.0.0.7"


def signing_in(work: Work, password: str) -> AccountView | commands.LoginFailure:
    """As the login page does it, in one transaction."""
    proof = queries.proof_of(work.session, "100001", password, PC, work.now)()
    return commands.authenticate(work, "100001", proof, PC)


@pytest.fixture
def entered(work: Work, city: MiniCity) -> AccountView:
    return administration.register(work, "100001", AccountKind.OFFICER, city.wang)


def state(work: Work, account_id: int) -> AccountState:
    return queries.get(work.session, account_id).state


def test_an_entered_account_is_of_no_use_until_it_is_opened(work: Work, entered: AccountView) -> None:
    (row,) = queries.search(work.session, Wanted("100001"), work.now).rows
    assert row.awaits_opening

    password = administration.activate(work, entered.id)

    assert state(work, entered.id) is AccountState.ACTIVE
    found = signing_in(work, password)
    assert isinstance(found, AccountView)
    assert found.must_change_password


@pytest.mark.parametrize("guess", ["-", "", "First-words-2026"])
def test_no_password_fits_an_account_that_was_never_opened(
    work: Work, entered: AccountView, guess: str
) -> None:
    commands.set_state(work, entered.id, AccountState.ACTIVE)

    assert isinstance(signing_in(work, guess), commands.WrongCredentials)


def test_one_time_passwords_differ_and_satisfy_the_strict_policy() -> None:
    made = {one_time_password() for _ in range(20)}

    assert len(made) == 20
    assert [password_problems(each, "100001", DENGBAO3) for each in made] == [[]] * 20


def test_a_lock_keeps_the_password_and_ends_the_sessions(work: Work, entered: AccountView) -> None:
    password = administration.activate(work, entered.id)
    commands.open_session(work, entered.id, ip=PC, user_agent="x")

    administration.lock(work, entered.id)

    assert queries.live_sessions(work.session, entered.id, work.now) == ()
    assert isinstance(signing_in(work, password), commands.AccountClosed)
    administration.unlock(work, entered.id)
    assert isinstance(signing_in(work, password), AccountView)


def test_a_reset_makes_the_old_password_worthless(work: Work, entered: AccountView) -> None:
    old = administration.activate(work, entered.id)

    new = administration.reset(work, entered.id)

    assert isinstance(signing_in(work, old), commands.WrongCredentials)
    assert isinstance(signing_in(work, new), AccountView)


def test_a_deed_that_does_not_fit_the_state_is_refused(work: Work, entered: AccountView) -> None:
    for deed in (administration.lock, administration.unlock, administration.reset, administration.close):
        with pytest.raises(administration.AccountNotSo, match="现在是“停用”"):
            deed(work, entered.id)
    administration.activate(work, entered.id)
    with pytest.raises(administration.AccountNotSo, match="不能启用"):
        administration.activate(work, entered.id)


def test_nobody_sees_to_their_own_account(work: Work, city: MiniCity) -> None:
    mine = commands.create_account(work, NewAccount("anquan", "Any-words-2026", AccountKind.SECADMIN))
    own = Work(work.session, Actor(None, "安全管理员", frozenset({f"secadmin@{mine.id}"})), work.now)

    for deed in (
        administration.lock,
        administration.reset,
        administration.close,
        administration.end_sessions,
    ):
        with pytest.raises(administration.OwnAccount):
            deed(own, mine.id)


def test_the_account_of_whoever_left_stays_closed(work: Work, city: MiniCity, entered: AccountView) -> None:
    officers.leave_bureau(work, city.wang, last_day=TODAY)

    with pytest.raises(administration.OwnerHasLeft, match="王小明"):
        administration.activate(work, entered.id)
    with pytest.raises(administration.OwnerHasLeft):
        administration.register(work, "other", AccountKind.OFFICER, city.wang)


def test_signing_somebody_out_is_on_record(work: Work, entered: AccountView, deeds: Trail) -> None:
    administration.activate(work, entered.id)
    commands.open_session(work, entered.id, ip=PC, user_agent="x")

    assert administration.end_sessions(work, entered.id) == 1
    assert deeds()[-1] == ("account.signed_out", f"account:{entered.id}")
