"""Signing in, sessions, passwords."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from kaohe_flow.kernel.unit_of_work import Database, Work
from kaohe_flow.organization.account import commands, queries
from kaohe_flow.organization.account.commands import (
    AccountClosed,
    PasswordRefused,
    SessionOver,
    TooManyAttempts,
    UsernameTaken,
    WrongCredentials,
)
from kaohe_flow.organization.account.model import Account, LoginAttempt
from kaohe_flow.organization.account.queries import AccountView, Wanted
from kaohe_flow.organization.account.rules import (
    DENGBAO3,
    STANDARD,
    AccountKind,
    AccountState,
    NewAccount,
    PasswordPolicy,
)
from tests.factories.organization import NOW, MiniCity
from tests.factories.writing import wide

GOOD = "k7 rainy Tuesday"
BETTER = "k8 windy Wednesday"
PC, ELSEWHERE = "10.1.2.3", "10.9.9.9"


@pytest.fixture
def account(work: Work, city: MiniCity) -> AccountView:
    return commands.create_account(work, NewAccount("100001", GOOD, officer_id=city.wang))


def later(work: Work, **passed: float) -> Work:
    return replace(work, now=work.now + timedelta(**passed))


def authenticate(
    work: Work, username: str, password: str, ip: str, policy: PasswordPolicy = STANDARD
) -> AccountView | commands.LoginFailure:
    """As the login page does it, in one transaction."""
    prove = queries.proof_of(work.session, username, password, ip, work.now)
    return commands.authenticate(work, username, prove(), ip, policy)


def signed_in(work: Work, account: AccountView) -> str:
    return commands.open_session(work, account.id, ip=PC, user_agent="Firefox")


def is_alive(work: Work, token: str, now: datetime | None = None) -> bool:
    return queries.session_by_token(work.session, token, now or work.now) is not None


def test_the_right_password_opens_and_is_noted(work: Work, account: AccountView, city: MiniCity) -> None:
    outcome = authenticate(work, wide(" 100001 "), GOOD, PC)

    assert outcome == account
    assert (account.name, account.officer_id, account.must_change_password) == ("王小明", city.wang, True)
    assert queries.get(work.session, account.id).last_login_at == NOW


def test_an_unknown_user_and_a_wrong_password_are_told_alike(work: Work, account: AccountView) -> None:
    wrong = authenticate(work, "100001", BETTER, PC)
    unknown = authenticate(work, "nobody", GOOD, PC)

    assert isinstance(wrong, WrongCredentials)
    assert isinstance(unknown, WrongCredentials)
    assert str(wrong) == str(unknown) == "账号或密码不正确"


def test_a_proof_is_worth_nothing_once_the_password_was_changed(work: Work, account: AccountView) -> None:
    prove = queries.proof_of(work.session, "100001", GOOD, PC, work.now)
    proof = prove()
    commands.reset_password(work, account.id, BETTER)

    assert isinstance(commands.authenticate(work, "100001", proof, PC), WrongCredentials)


def test_a_right_guess_proved_before_the_pause_began_waits_like_any_other(
    work: Work, account: AccountView
) -> None:
    proof = queries.proof_of(work.session, "100001", GOOD, PC, work.now)()
    for _ in range(5):
        authenticate(work, "100001", "wrong", PC)

    assert isinstance(commands.authenticate(work, "100001", proof, PC), TooManyAttempts)


def test_five_wrong_guesses_bring_a_pause_in_which_even_the_right_password_waits(
    work: Work, account: AccountView
) -> None:
    for _ in range(5):
        assert isinstance(authenticate(work, "100001", "wrong", PC), WrongCredentials)

    paused = authenticate(work, "100001", GOOD, PC)
    after = authenticate(later(work, minutes=1), "100001", GOOD, PC)

    assert isinstance(paused, TooManyAttempts)
    assert "请 1 分钟后再试" in str(paused)
    assert isinstance(after, AccountView)
    assert work.session.scalar(select(func.count()).select_from(LoginAttempt)) == 0


def test_the_victim_signs_in_from_the_own_desk_meanwhile(work: Work, account: AccountView) -> None:
    for _ in range(5):
        authenticate(work, "100001", "wrong", ELSEWHERE)

    assert isinstance(authenticate(work, "100001", GOOD, ELSEWHERE), TooManyAttempts)
    assert isinstance(authenticate(work, "100001", GOOD, PC), AccountView)


def test_two_thousand_guesses_in_ten_minutes_are_hardly_ever_looked_at(
    work: Work, account: AccountView
) -> None:
    looked_at = 0
    for guess in range(2_000):
        moment = later(work, seconds=guess * 0.3)
        outcome = authenticate(moment, "100001", "wrong", PC)
        looked_at += isinstance(outcome, WrongCredentials)

    assert looked_at <= 10


def test_pauses_grow_and_are_forgotten_after_an_hour(work: Work, account: AccountView) -> None:
    moment = work
    waits = []
    for _ in range(9):
        authenticate(moment, "100001", "wrong", PC)
        refused = authenticate(moment, "100001", "wrong", PC)
        waits.append(refused.values["minutes"] if isinstance(refused, TooManyAttempts) else 0)
        moment = later(moment, minutes=15)

    authenticate(later(moment, hours=2), "100001", "wrong", PC)
    fresh = authenticate(later(moment, hours=2), "100001", GOOD, PC)

    # between two tries that both count there is no pause, so each of the first rounds counts twice
    assert waits == [0, 0, 1, 2, 4, 8, 15, 15, 15]
    assert isinstance(fresh, AccountView)


def test_wrong_guesses_are_kept_although_signing_in_failed(
    database: Database, account: AccountView, work: Work
) -> None:
    work.session.commit()
    work.session.begin()

    authenticate(work, "100001", "wrong", PC)
    work.session.commit()

    with database.read() as session:
        assert session.scalar(select(LoginAttempt.failures)) == 1


def test_old_attempts_on_other_names_are_swept_away(work: Work, account: AccountView) -> None:
    for name in ("a1", "a2", "100001"):
        authenticate(work, name, "wrong", PC)

    authenticate(later(work, days=2), "100001", "wrong", PC)

    assert list(work.session.scalars(select(LoginAttempt.username))) == ["100001"]


def test_a_closed_account_says_so_only_to_its_owner(work: Work, account: AccountView) -> None:
    commands.disable(work, account.id)

    assert isinstance(authenticate(work, "100001", "wrong", PC), WrongCredentials)
    outcome = authenticate(work, "100001", GOOD, PC)
    assert isinstance(outcome, AccountClosed)
    assert str(outcome) == "账号已停用，请联系管理员"


def test_the_three_administrators_are_no_officers(work: Work, city: MiniCity) -> None:
    auditor = commands.create_account(work, NewAccount("shenji", GOOD, kind=AccountKind.AUDITOR))

    actor = queries.actor_of(work.session, auditor, NOW.date())
    assert (actor.name, actor.principals) == ("审计管理员（shenji）", {f"auditor@{auditor.id}"})
    with pytest.raises(commands.AccountRefused):
        commands.create_account(work, NewAccount("x2", GOOD, kind=AccountKind.SYSADMIN, officer_id=city.wang))
    with pytest.raises(commands.AccountRefused):
        commands.create_account(work, NewAccount("x3", GOOD))


def test_the_database_keeps_administrators_apart(work: Work, city: MiniCity) -> None:
    work.session.add(
        Account(
            username="x",
            officer_id=city.wang,
            kind=AccountKind.SECADMIN,
            password_hash="",
            password_changed_at=NOW,
            created_at=NOW,
        )
    )

    with pytest.raises(IntegrityError, match="administrators_stand_apart"):
        work.session.flush()
    work.session.rollback()


def test_one_account_for_one_person_and_one_name(work: Work, account: AccountView, city: MiniCity) -> None:
    with pytest.raises(UsernameTaken):
        commands.create_account(work, NewAccount("wang", GOOD, officer_id=city.wang))
    with pytest.raises(UsernameTaken):
        commands.create_account(work, NewAccount("100001", GOOD, officer_id=city.li))
    with pytest.raises(commands.AccountRefused):
        commands.create_account(work, NewAccount("x", GOOD, officer_id=city.li))


def test_a_session_acts_as_the_person_with_all_competences(work: Work, city: MiniCity) -> None:
    chief = commands.create_account(work, NewAccount("100005", GOOD, officer_id=city.sun))
    token = commands.open_session(work, chief.id, ip=PC, user_agent="x" * 500)

    found = queries.session_by_token(work.session, token, work.now)

    assert found is not None
    actor = queries.actor_of(work.session, found.account, NOW.date())
    assert actor.officer_id == city.sun
    assert actor.principals == {f"officer@{city.sun}", f"unit_head@{city.station}"}
    assert len(queries.live_sessions(work.session, chief.id, work.now)[0].user_agent) == 200


def test_signing_out_makes_a_stolen_cookie_worthless(work: Work, account: AccountView) -> None:
    token = signed_in(work, account)
    assert is_alive(work, token)

    commands.end_session(work, token)

    assert not is_alive(work, token)
    assert not is_alive(work, "made up")


def test_a_session_ends_by_idleness_and_after_twelve_hours(work: Work, account: AccountView) -> None:
    token = signed_in(work, account)
    assert is_alive(work, token, NOW + timedelta(minutes=29, seconds=59))
    assert not is_alive(work, token, NOW + timedelta(minutes=30))

    for passed in range(20, 12 * 60, 20):
        found = queries.session_by_token(work.session, token, NOW + timedelta(minutes=passed))
        assert found is not None
        assert found.wants_touch
        commands.touch(later(work, minutes=passed), found.id_hash)

    assert is_alive(work, token, NOW + timedelta(hours=11, minutes=59))
    assert not is_alive(work, token, NOW + timedelta(hours=12))


def test_a_dead_session_is_not_revived_by_a_touch(work: Work, account: AccountView) -> None:
    token = signed_in(work, account)
    found = queries.session_by_token(work.session, token, NOW)
    assert found is not None
    assert not found.wants_touch

    commands.touch(later(work, minutes=31), found.id_hash)

    assert not is_alive(work, token, NOW + timedelta(minutes=31))


def test_a_rotated_session_has_another_token_and_the_same_end(work: Work, account: AccountView) -> None:
    old = signed_in(work, account)
    before = queries.session_by_token(work.session, old, NOW)

    new = commands.rotate_session(later(work, minutes=10), old)
    after = queries.session_by_token(work.session, new, NOW + timedelta(minutes=10))

    assert before is not None
    assert after is not None
    assert not is_alive(work, old)
    assert after.expires_at == before.expires_at
    assert after.csrf != before.csrf
    with pytest.raises(SessionOver):
        commands.rotate_session(work, old)


def test_the_sixth_session_ends_the_least_recently_used(work: Work, account: AccountView) -> None:
    tokens = [signed_in(later(work, seconds=n), account) for n in range(6)]

    assert [is_alive(work, token) for token in tokens] == [False, True, True, True, True, True]


def test_signing_out_everywhere_else_keeps_this_one(work: Work, account: AccountView) -> None:
    tokens = [signed_in(work, account) for _ in range(3)]

    assert commands.end_all_sessions(work, account.id, except_token=tokens[1]) == 2
    assert [is_alive(work, token) for token in tokens] == [False, True, False]


@pytest.mark.parametrize("state", [AccountState.DISABLED, AccountState.LOCKED])
def test_a_disabled_account_is_out_at_once(work: Work, account: AccountView, state: AccountState) -> None:
    token = signed_in(work, account)
    row = queries.get(work.session, account.id)

    row.state = state
    assert not is_alive(work, token)
    row.state = AccountState.ACTIVE

    commands.set_state(work, account.id, state)
    assert not is_alive(work, token)

    commands.set_state(work, account.id, AccountState.ACTIVE)
    assert not is_alive(work, token)
    assert isinstance(authenticate(work, "100001", GOOD, PC), AccountView)


def test_a_new_password_replaces_the_old_and_ends_all_sessions(work: Work, account: AccountView) -> None:
    token = signed_in(work, account)

    commands.change_password(work, account.id, old=GOOD, new=BETTER)

    assert not is_alive(work, token)
    assert isinstance(authenticate(work, "100001", GOOD, PC), WrongCredentials)
    outcome = authenticate(work, "100001", BETTER, PC)
    assert isinstance(outcome, AccountView)
    assert not outcome.must_change_password


def test_a_password_is_changed_only_by_who_knows_it_and_to_a_better_one(
    work: Work, account: AccountView
) -> None:
    with pytest.raises(WrongCredentials):
        commands.change_password(work, account.id, old=BETTER, new=GOOD)
    with pytest.raises(PasswordRefused) as same:
        commands.change_password(work, account.id, old=GOOD, new=GOOD)
    with pytest.raises(PasswordRefused) as weak:
        commands.change_password(work, account.id, old=GOOD, new="100001")

    assert same.value.problems[0].text == "新密码不能与原密码相同"
    assert len(weak.value.problems) == 3


def test_a_reset_lets_the_owner_in_once_more_even_during_a_pause(work: Work, account: AccountView) -> None:
    for _ in range(5):
        authenticate(work, "100001", "wrong", PC)

    commands.reset_password(work, account.id, BETTER)
    outcome = authenticate(work, "100001", BETTER, PC)

    assert isinstance(outcome, AccountView)
    assert outcome.must_change_password


def test_an_old_password_must_be_changed_under_the_stricter_profile(work: Work, account: AccountView) -> None:
    commands.change_password(work, account.id, old=GOOD, new="K8 windy Wednesday", policy=DENGBAO3)

    soon = authenticate(later(work, days=89), "100001", "K8 windy Wednesday", PC, DENGBAO3)
    late = authenticate(later(work, days=90), "100001", "K8 windy Wednesday", PC, DENGBAO3)

    assert isinstance(soon, AccountView)
    assert isinstance(late, AccountView)
    assert (soon.must_change_password, late.must_change_password) == (False, True)


def test_accounts_are_found_by_number_and_by_name(work: Work, account: AccountView) -> None:
    commands.create_account(work, NewAccount("shenji", GOOD, kind=AccountKind.AUDITOR))

    (found,) = queries.search(work.session, Wanted("小明"), work.now).rows
    assert (found.account.id, found.name) == (account.id, "王小明")
    assert queries.search(work.session, Wanted(""), work.now).total == 2
    assert queries.search(work.session, Wanted("%"), work.now).total == 0
    with pytest.raises(queries.AccountNotFound):
        queries.get(work.session, 999_999)
