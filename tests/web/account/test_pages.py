"""Signing in: what is answered, and that nobody queues behind a password being looked at."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from kaohe_flow.kernel.actor import CLOCK
from kaohe_flow.organization.account import commands, gateway
from kaohe_flow.organization.account.model import LoginAttempt
from kaohe_flow.organization.account.rules import NewAccount
from kaohe_flow.workflow.errors import EngineFailed
from tests.factories.casework import Bureau
from tests.web.conftest import ClientOf, Pages

PASSWORD = "k7 rainy Tuesday"


@pytest.fixture
def stranger(app: Flask, bureau: Bureau) -> Pages:
    """Nobody yet, before the login page; Wang has an account."""
    with bureau.database.write_tx(CLOCK, datetime.now(UTC)) as work:
        commands.create_account(work, NewAccount("wang", PASSWORD, officer_id=bureau.city.wang))
    pages = Pages(app.test_client())
    pages.get("/login")
    return pages


def sign_in(pages: Pages, password: str, username: str = "wang") -> TestResponse:
    return pages.post("/login", {"username": username, "password": password})


@pytest.mark.parametrize("username", ["wang", "nobody"])
def test_a_wrong_password_comes_back_with_the_form_and_is_counted(
    stranger: Pages, bureau: Bureau, username: str
) -> None:
    answer = sign_in(stranger, "wrong", username)

    assert answer.status_code == 401
    assert f'value="{username}"' in answer.text
    assert "账号或密码不正确" in answer.text
    with bureau.reading() as session:
        assert session.scalars(select(LoginAttempt.failures)).all() == [1]


def test_after_five_wrong_guesses_the_answer_says_how_long_to_wait(stranger: Pages) -> None:
    for _ in range(5):
        sign_in(stranger, "wrong")

    answer = sign_in(stranger, PASSWORD)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert "1 分钟后再试" in answer.text


@pytest.mark.parametrize(("password", "status"), [(PASSWORD, 303), ("wrong", 401)])
def test_a_password_is_looked_at_while_no_transaction_is_open(
    stranger: Pages, bureau: Bureau, monkeypatch: pytest.MonkeyPatch, password: str, status: int
) -> None:
    looked = []
    plain = gateway.verify

    def verify(stored: str | None, typed: str) -> bool:
        with bureau.acting():  # refused inside another transaction
            looked.append(typed)
        return plain(stored, typed)

    monkeypatch.setattr(gateway, "verify", verify)

    answer = sign_in(stranger, password)

    assert looked == [password]
    assert answer.status_code == status


def test_every_page_knows_when_the_session_ends(client_of: ClientOf, bureau: Bureau) -> None:
    page = client_of(bureau.city.wang).get("/inbox/").text

    assert 'data-session-seconds="1800"' in page
    assert 'data-session-renew="/password"' in page


def test_a_wrong_old_password_does_not_look_like_a_lost_session(bureau: Bureau, client_of: ClientOf) -> None:
    pages = client_of(bureau.city.wang)
    pages.get("/password")

    answer = pages.post("/password", {"old": "wrong", "new": PASSWORD, "again": PASSWORD})

    assert answer.status_code == 400
    assert "账号或密码不正确" in answer.text


@pytest.fixture
def stuck(app: Flask) -> str:
    """A page behind which the engine cannot go on."""

    def view() -> str:
        raise EngineFailed("line_review", "变量 secret_rule 没有值")

    view.kaohe_policy = lambda _actor: True  # type: ignore[attr-defined]
    app.add_url_rule("/stuck", "stuck", view)
    return "/stuck"


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_stuck_engine_is_our_fault_and_tells_no_details(app: Flask, stuck: str, accept: str) -> None:
    answer = app.test_client().get(stuck, headers={"Accept": accept})

    assert answer.status_code == 500
    assert "secret_rule" not in answer.text
    assert "line_review" not in answer.text
    if accept == "application/json":
        assert answer.json is not None
        assert answer.json["code"] == "engine-failed"
        assert answer.json["reference"]
