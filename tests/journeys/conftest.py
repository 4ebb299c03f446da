"""A served bureau and people at their browsers; no console error, no foreign request goes unseen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request
from werkzeug.serving import make_server

from kaohe_flow.app import create_app
from kaohe_flow.organization.account import commands as accounts
from kaohe_flow.organization.account.rules import AccountKind, NewAccount
from kaohe_flow.settings import Settings
from tests.factories.casework import Bureau
from tests.factories.scheme import OFFICE

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
PASSWORD = "mima-buyao-gei-bieren"


@dataclass
class Desk:
    """One person's browser window, and everything that went wrong in it."""

    page: Page
    base: str
    troubles: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a page of the site and wait until it is drawn."""
        self.page.goto(self.base + path)
        self.page.wait_for_load_state("networkidle")
        return self.page

    def heard(self, message: ConsoleMessage) -> None:
        """Chromium itself notes every answer that refuses a form; those refusals are part of the story."""
        is_refusal = any(f"status of {status}" in message.text for status in (400, 409, 422))
        if message.type == "error" and not is_refusal:
            self.troubles.append(f"console: {message.text}")

    def asked(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in {"127.0.0.1", None}:
            self.troubles.append(f"foreign request: {request.url}")

    def check_accessible(self) -> None:
        """axe finds nothing to object to on the page as it is."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']}))"
            ".violations.map(v => v.id + ': ' + v.nodes.map(n => n.target).join(' '))"
        )
        assert found == [], self.page.url


@dataclass
class Site:
    """The served bureau."""

    bureau: Bureau
    base: str
    sit_down: Callable[[str], Desk]


@pytest.fixture
def site(bureau: Bureau, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The application on the bureau's database, on the clock of the bureau, behind a real HTTP server."""
    monkeypatch.setattr("kaohe_flow.web.common.security.clock", lambda: bureau.now)
    _give_accounts(bureau)
    url = bureau.database.engine.url.render_as_string(hide_password=False)
    app = create_app(Settings(data_dir=str(tmp_path), database_url=url, secret_key="k" * 40))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    desks: list[Desk] = []
    base = f"http://127.0.0.1:{server.port}"

    def sit_down(who: str) -> Desk:
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        desk = Desk(context.new_page(), base)
        desk.page.on("console", desk.heard)
        desk.page.on("pageerror", lambda error: desk.troubles.append(f"script: {error}"))
        desk.page.on("request", desk.asked)
        desk.open("/login")
        desk.page.fill("[name=username]", who)
        desk.page.fill("[name=password]", PASSWORD)
        desk.page.click("button[type=submit]")
        desk.page.wait_for_url("**/inbox/**")
        desks.append(desk)
        return desk

    yield Site(bureau, base, sit_down)
    troubles = [trouble for desk in desks for trouble in desk.troubles]
    for desk in desks:
        desk.page.context.close()
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        app.extensions["kaohe_database"].engine.dispose()
    assert troubles == []


def _give_accounts(bureau: Bureau) -> None:
    with bureau.database.write_tx(OFFICE, bureau.now) as work:
        for name in ("wang", "qian", "wu", "zheng", "feng", "chen", "chu", "wei"):
            officer_id = getattr(bureau.city, name)
            new = NewAccount(name, PASSWORD, officer_id=officer_id, must_change_password=False)
            accounts.create_account(work, new)
        owner = NewAccount("liucheng", PASSWORD, AccountKind.SYSADMIN, must_change_password=False)
        accounts.create_account(work, owner)
