"""The application's own pages on the database of a bureau, seen by whoever is signed in."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kaohe_flow.app import create_app
from kaohe_flow.kernel.actor import CLOCK
from kaohe_flow.organization.account import commands as accounts
from kaohe_flow.organization.account import queries as account_queries
from kaohe_flow.organization.account.rules import AccountKind, NewAccount
from kaohe_flow.settings import Settings
from kaohe_flow.web.common.sessions import PLAIN_COOKIE, DatabaseSessions
from tests.factories.casework import Bureau

TOKEN = re.compile(r'<meta name="csrf-token" content="([^"]+)">')
ANY_PAGE = "/password"


def text_of(html: str) -> str:
    """The words of a page without its marks and spaces."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html))


class Pages:
    """A browser without scripts: reads pages, posts forms with the hidden fields every page carries."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._token = ""

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page."""
        answer = self.client.get(path, **options)
        found = TOKEN.search(answer.text) if answer.mimetype == "text/html" else None
        self._token = found.group(1) if found else self._token
        return answer

    def post(self, path: str, form: dict[str, Any] | None = None, *, once: str = "") -> TestResponse:
        """Send a form; values may be lists and ``(file, name)`` pairs. ``once``: its one-time key."""
        if not self._token:
            self.get(ANY_PAGE)
        hidden = {"csrf_token": self._token, "_once": once or secrets.token_urlsafe(18)}
        return self.client.post(path, data={**hidden, **(form or {})})


@pytest.fixture
def app(bureau: Bureau, tmp_path: Path) -> Flask:
    """The whole application on the bureau's database; its clock stands at ``bureau.now``."""
    url = bureau.database.engine.url.render_as_string(hide_password=False)
    made = create_app(Settings(data_dir=str(tmp_path), database_url=url, secret_key="k" * 48))
    # The bureau's own database object: cases begun through it carry the seal of its engine.
    made.extensions["kaohe_database"] = bureau.database
    made.extensions["kaohe_files"] = bureau.files
    made.session_interface = DatabaseSessions(bureau.database, secure=False)

    def stand_still() -> None:
        g.now = bureau.now

    made.before_request_funcs.setdefault(None, []).insert(0, stand_still)
    return made


def signed_in(app: Flask, bureau: Bureau, account_id: int) -> Pages:
    """A browser with a session of the account."""
    # Sessions are kept by the real clock: the cookie must be alive while the test runs.
    with bureau.database.write_tx(CLOCK, datetime.now(UTC)) as work:
        token = accounts.open_session(work, account_id, ip="127.0.0.1", user_agent="pages")
    client = app.test_client()
    client.set_cookie(PLAIN_COOKIE, token)
    return Pages(client)


ClientOf = Callable[[int], Pages]
AdminOf = Callable[[AccountKind], Pages]


@pytest.fixture
def admin_of(app: Flask, bureau: Bureau) -> AdminOf:
    """Pages as one of the three administrators sees them."""

    def sign_in(kind: AccountKind) -> Pages:
        with bureau.database.write_tx(CLOCK, datetime.now(UTC)) as work:
            found = account_queries.by_username(work.session, kind.value)
            new = NewAccount(kind.value, "Any-words-2026", kind, must_change_password=False)
            account_id = found.id if found else accounts.create_account(work, new).id
        return signed_in(app, bureau, account_id)

    return sign_in


@pytest.fixture
def client_of(app: Flask, bureau: Bureau) -> ClientOf:
    """Pages as an officer (by id, such as ``bureau.city.zheng``) sees them; every call signs in anew."""
    known: dict[int, int] = {}

    def sign_in(officer_id: int) -> Pages:
        with bureau.database.write_tx(CLOCK, datetime.now(UTC)) as work:
            if officer_id not in known:
                new = NewAccount(
                    f"officer{officer_id}",
                    "Any-words-2026",
                    officer_id=officer_id,
                    must_change_password=False,
                )
                known[officer_id] = accounts.create_account(work, new).id
        return signed_in(app, bureau, known[officer_id])

    return sign_in
