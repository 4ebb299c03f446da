"""The bureau's own pages, for what the documentation tells people to do on them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from kaohe_flow.kernel.actor import CLOCK
from kaohe_flow.organization.account import commands as accounts
from kaohe_flow.organization.account.rules import AccountKind, NewAccount
from kaohe_flow.web.common.sessions import PLAIN_COOKIE
from tests.factories.casework import Bureau
from tests.web.conftest import Pages, app

__all__ = ["app"]


@pytest.fixture
def process_owner(app: Flask, bureau: Bureau) -> Pages:
    """Pages as the process owner sees them."""
    with bureau.database.write_tx(CLOCK, datetime.now(UTC)) as work:
        new = NewAccount("liucheng", "Any-words-2026", AccountKind.SYSADMIN, must_change_password=False)
        token = accounts.open_session(
            work, accounts.create_account(work, new).id, ip="127.0.0.1", user_agent="pages"
        )
    client = app.test_client()
    client.set_cookie(PLAIN_COOKIE, token)
    return Pages(client)
