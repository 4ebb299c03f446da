"""Accounts: one administrator enters them, another opens, locks and resets them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask

from kaohe_flow.organization.account import queries
from kaohe_flow.organization.account.model import Account
from kaohe_flow.organization.account.rules import AccountKind, AccountState
from tests.factories.casework import Bureau
from tests.web.conftest import AdminOf, ClientOf, Pages

SECRET = re.compile(r'<b class="secret">([^<]+)</b>')
DEEDS = ("activate", "reset", "lock", "unlock", "close", "sign-out")


@pytest.fixture
def keeper(admin_of: AdminOf) -> Pages:
    """The system administrator."""
    return admin_of(AccountKind.SYSADMIN)


@pytest.fixture
def guard(admin_of: AdminOf) -> Pages:
    """The security administrator."""
    return admin_of(AccountKind.SECADMIN)


def account(bureau: Bureau, username: str) -> Account:
    with bureau.reading() as session:
        found = queries.by_username(session, username)
        assert found is not None
        return found


def enter(bureau: Bureau, keeper: Pages, police_no: str = "100001") -> int:
    answer = keeper.post("/accounts/new", {"kind": "officer", "police_no": police_no})
    assert answer.status_code == 303
    return account(bureau, police_no).id


def sign_in(app: Flask, bureau: Bureau, username: str, password: str) -> tuple[int, Pages]:
    bureau.now = datetime.now(UTC)  # sessions are kept by the real clock
    pages = Pages(app.test_client())
    token = re.search(r'name="csrf_token" value="([^"]+)"', pages.get("/login").text)
    assert token is not None
    form = {"csrf_token": token.group(1), "username": username, "password": password}
    return pages.client.post("/login", data=form).status_code, pages


def test_an_account_is_entered_by_one_and_opened_by_another(
    app: Flask, bureau: Bureau, keeper: Pages, guard: Pages
) -> None:
    account_id = enter(bureau, keeper)
    assert account(bureau, "100001").state is AccountState.DISABLED
    assert "待启用" in guard.get("/accounts/?q=100001").text

    opened = guard.post(f"/accounts/{account_id}/activate")

    found = SECRET.search(opened.text)
    assert found is not None
    assert found.group(1) not in guard.get(f"/accounts/{account_id}").text
    status, pages = sign_in(app, bureau, "100001", found.group(1))
    assert status == 303
    assert pages.get("/inbox/").location == "/password"


def test_a_password_is_shown_once_even_when_the_form_comes_twice(
    bureau: Bureau, keeper: Pages, guard: Pages
) -> None:
    path = f"/accounts/{enter(bureau, keeper)}/activate"

    first = guard.post(path, once="one-time-key-of-a-page")
    second = guard.post(path, once="one-time-key-of-a-page")

    assert SECRET.search(first.text)
    assert second.status_code == 303
    assert SECRET.search(guard.get(second.location).text) is None


def test_whoever_has_a_password_of_others_changes_it_first(
    app: Flask, bureau: Bureau, keeper: Pages, guard: Pages
) -> None:
    found = SECRET.search(guard.post(f"/accounts/{enter(bureau, keeper)}/activate").text)
    assert found is not None
    _, pages = sign_in(app, bureau, "100001", found.group(1))

    assert pages.get("/organization/").location == "/password"
    pages.get("/password")
    assert pages.post("/claims/new/1", {}).status_code == 403
    typed = {"old": found.group(1), "new": "Rainy-Tuesday-9", "again": "Rainy-Tuesday-9"}
    assert pages.post("/password", typed).status_code == 303
    assert pages.get("/organization/").status_code == 200


def test_a_lock_throws_people_out_at_once(bureau: Bureau, client_of: ClientOf, guard: Pages) -> None:
    pages = client_of(bureau.city.wang)
    account_id = account(bureau, f"officer{bureau.city.wang}").id
    assert pages.get("/inbox/").status_code == 200

    assert guard.post(f"/accounts/{account_id}/lock").status_code == 303

    assert pages.get("/inbox/").status_code == 303
    assert guard.post(f"/accounts/{account_id}/lock").status_code == 409
    assert guard.post(f"/accounts/{account_id}/unlock").status_code == 303
    assert account(bureau, f"officer{bureau.city.wang}").state is AccountState.ACTIVE


def test_somebody_is_signed_out_everywhere(bureau: Bureau, client_of: ClientOf, guard: Pages) -> None:
    pages = client_of(bureau.city.wang)
    account_id = account(bureau, f"officer{bureau.city.wang}").id

    assert guard.post(f"/accounts/{account_id}/sign-out").status_code == 303
    assert pages.get("/inbox/").location.startswith("/login")


def test_a_reset_hands_out_another_password(bureau: Bureau, client_of: ClientOf, guard: Pages) -> None:
    client_of(bureau.city.wang)
    account_id = account(bureau, f"officer{bureau.city.wang}").id

    assert SECRET.search(guard.post(f"/accounts/{account_id}/reset").text)
    assert account(bureau, f"officer{bureau.city.wang}").must_change_password


def test_nobody_sees_to_their_own_account(bureau: Bureau, guard: Pages) -> None:
    account_id = account(bureau, "secadmin").id

    for deed in DEEDS:
        assert guard.post(f"/accounts/{account_id}/{deed}").status_code == 403
    page = guard.get(f"/accounts/{account_id}").text
    assert "这是您自己的账号" in page
    assert "停用</span>" not in page
    assert account(bureau, "secadmin").state is AccountState.ACTIVE


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"kind": "officer"}, 400, "民警账号必须填写警号"),
        ({"kind": "officer", "police_no": "999999"}, 400, "没有找到警号或编号为“999999”的民警"),
        ({"kind": "auditor", "username": ""}, 400, "账号名为 2 至 40 个字符"),
        ({"kind": "auditor", "username": "secadmin"}, 409, "账号“secadmin”"),
        ({"kind": "god", "username": "zeus"}, 400, "请选择"),
    ],
)
def test_what_is_no_account_is_refused(
    bureau: Bureau, keeper: Pages, guard: Pages, typed: dict[str, str], status: int, said: str
) -> None:
    answer = keeper.post("/accounts/new", typed)

    assert answer.status_code == status
    assert said in answer.text


def test_an_officer_has_one_account(bureau: Bureau, keeper: Pages) -> None:
    enter(bureau, keeper)

    second = {"kind": "officer", "police_no": "100001", "username": "another"}
    assert keeper.post("/accounts/new", second).status_code == 409


def test_accounts_are_found_by_name_state_and_kind(bureau: Bureau, keeper: Pages, guard: Pages) -> None:
    enter(bureau, keeper)

    assert "100001" in guard.get("/accounts/?q=小明").text
    assert "100001" in guard.get("/accounts/?state=disabled").text
    assert "100001</a>" not in guard.get("/accounts/?state=active").text
    assert "100001</a>" not in guard.get("/accounts/?kind=auditor").text


def test_powers_are_divided(bureau: Bureau, keeper: Pages, guard: Pages, admin_of: AdminOf) -> None:
    account_id = enter(bureau, keeper)
    auditor = admin_of(AccountKind.AUDITOR)

    for pages in (keeper, auditor):
        for deed in DEEDS:
            assert pages.post(f"/accounts/{account_id}/{deed}").status_code == 403
    for pages in (guard, auditor):
        assert pages.get("/accounts/new").status_code == 403
        assert pages.post("/accounts/new", {"kind": "officer", "police_no": "100002"}).status_code == 403
    assert "办理记录</h2>" in auditor.get(f"/accounts/{account_id}").text
    assert "办理记录</h2>" not in keeper.get(f"/accounts/{account_id}").text


def test_officers_stay_outside(bureau: Bureau, client_of: ClientOf) -> None:
    pages = client_of(bureau.city.chen)

    for path in ("/accounts/", "/accounts/new", "/accounts/1"):
        assert pages.get(path).status_code == 403
    assert pages.post("/accounts/1/lock").status_code == 403


def test_what_is_not_there_is_not_found(guard: Pages) -> None:
    assert guard.get("/accounts/999").status_code == 404
    assert guard.post("/accounts/999/lock").status_code == 404
    assert guard.post("/accounts/1/explode").status_code == 404
