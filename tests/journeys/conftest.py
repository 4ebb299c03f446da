"""A served bureau and people at their browsers; no console error, no foreign request goes unseen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect
from sqlalchemy import update
from werkzeug.serving import make_server

from kaohe_flow.app import create_app
from kaohe_flow.organization.account import commands as accounts
from kaohe_flow.organization.account.model import WebSession
from kaohe_flow.organization.account.rules import ABSOLUTE, AccountKind, NewAccount
from kaohe_flow.settings import Settings
from kaohe_flow.web.common.sessions import PLAIN_COOKIE, DatabaseSessions
from tests.factories.casework import Bureau

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
PASSWORD = "mima-buyao-gei-bieren"
ADMINISTRATORS = {
    "liucheng": AccountKind.SYSADMIN,
    "anquan": AccountKind.SECADMIN,
    "shenji": AccountKind.AUDITOR,
}
PATIENCE = 15_000  # ms, on a machine that does other things too
expect.set_options(timeout=PATIENCE)
SCREEN = {"width": 1366, "height": 768}
PICTURES = "[data-island=diagram], [data-island=charts]"
VIOLATIONS = """async () => {
    const found = await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})
    return found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target).join(' '))
}"""
BEYOND = """() => {
    const window = document.scrollingElement
    const wide = [window, document.body, document.querySelector('main')]
        .filter(part => part && part.scrollWidth > part.clientWidth + 1)
        .map(part => `${part.nodeName} scrolls sideways`)
    const high = document.querySelector('.shell-fill') && window.scrollHeight > window.clientHeight + 1
    return high ? [...wide, 'the window scrolls beside its parts'] : wide
}"""


@dataclass
class Desk:
    """One person's browser window, and everything that went wrong in it."""

    page: Page
    base: str
    troubles: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a page of the site."""
        self.page.goto(self.base + path)
        return self.page

    def look_around(self) -> None:
        """Scroll to every diagram and chart of the page: they are drawn when they are first seen."""
        for picture in self.page.locator(PICTURES).all():
            picture.scroll_into_view_if_needed()
            expect(picture).to_have_attribute("data-ready", "yes")

    def watch(self, context: BrowserContext) -> None:
        """Note every console error, script error and request, also those of windows it opens."""
        context.on("console", self.heard)
        context.on("weberror", lambda failed: self.troubles.append(f"script: {failed.error}"))
        context.on("request", self.asked)

    def heard(self, message: ConsoleMessage) -> None:
        """Chromium itself notes every answer that refuses a form; those refusals are part of the story."""
        is_refusal = any(f"status of {status}" in message.text for status in (400, 409, 422))
        if message.type == "error" and not is_refusal:
            self.troubles.append(f"console: {message.text}")

    def asked(self, request: Request) -> None:
        """Addresses without a host (``data:``) stay inside the browser."""
        if urlsplit(request.url).hostname not in {"127.0.0.1", None}:
            self.troubles.append(f"foreign request: {request.url}")

    def objections(self) -> list[str]:
        """What axe objects to on the page as it is, and what of it lies beyond the window."""
        self.look_around()
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = [*self.page.evaluate(VIOLATIONS), *self.page.evaluate(BEYOND)]
        return [f"{self.page.url} {text}" for text in found]

    def check_accessible(self) -> None:
        """There is nothing to object to."""
        assert self.objections() == []


@dataclass
class Site:
    """The served bureau."""

    bureau: Bureau
    app: Flask
    base: str
    sit_down: Callable[[str], Desk]
    sign_in: Callable[[str], Desk]
    walk_in: Callable[[], Desk]
    enrol: Callable[[str, int], None]

    def pass_until(self, moment: datetime) -> None:
        """Time goes by, and nobody leaves the desk meanwhile."""
        self.bureau.pass_until(moment)
        with self.bureau.acting() as work:
            work.session.execute(update(WebSession).values(seen_at=moment, expires_at=moment + ABSOLUTE))

    def pass_days(self, days: int) -> None:
        """So many days go by."""
        self.pass_until(self.bureau.now + timedelta(days=days))


@dataclass
class Reception:
    """Gives people an account, once each, and a desk of their own."""

    bureau: Bureau
    browser: Browser
    base: str
    desks: list[Desk] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)
    newcomers: dict[str, int] = field(default_factory=dict)

    def enrol(self, who: str, officer_id: int) -> None:
        """Somebody whom the mini city does not have."""
        self.newcomers[who] = officer_id

    def sit_down(self, who: str) -> Desk:
        """The desk of somebody who has signed in: of the mini city, enrolled, or an administrator."""
        account_id = self._account(who)
        with self.bureau.acting() as work:
            token = accounts.open_session(work, account_id, ip="127.0.0.1", user_agent="journey")
        desk = self.walk_in()
        desk.page.context.add_cookies([{"name": PLAIN_COOKIE, "value": token, "url": self.base}])
        return desk

    def sign_in(self, who: str) -> Desk:
        """The same through the form."""
        self._account(who)
        desk = self.walk_in()
        fill_login(desk.open("/login"), who)
        return desk

    def close(self) -> list[str]:
        """Everybody goes home; what went wrong at their desks."""
        for desk in self.desks:
            desk.page.context.close()
        return [trouble for desk in self.desks for trouble in desk.troubles]

    def _account(self, who: str) -> int:
        if who not in self.known:
            if who in ADMINISTRATORS:
                new = NewAccount(who, PASSWORD, ADMINISTRATORS[who], must_change_password=False)
            else:
                officer_id = self.newcomers.get(who) or getattr(self.bureau.city, who)
                new = NewAccount(who, PASSWORD, officer_id=officer_id, must_change_password=False)
            with self.bureau.acting() as work:
                self.known[who] = accounts.create_account(work, new).id
        return self.known[who]

    def walk_in(self) -> Desk:
        """A browser before which nobody has signed in."""
        context = self.browser.new_context(viewport=SCREEN, locale="zh-CN", accept_downloads=True)
        context.set_default_timeout(PATIENCE)
        desk = Desk(context.new_page(), self.base)
        desk.watch(context)
        self.desks.append(desk)
        return desk


def fill_login(page: Page, who: str) -> None:
    """Sign in through the form."""
    page.fill("[name=username]", who)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/inbox/**")


@pytest.fixture
def site(bureau: Bureau, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The application on the bureau's database, on the clock of the bureau, behind a real HTTP server."""
    monkeypatch.setattr("kaohe_flow.web.common.security.clock", lambda: bureau.now)
    app = serve(bureau, tmp_path)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    base = f"http://127.0.0.1:{server.port}"
    reception = Reception(bureau, browser, base)
    reception_desk = (reception.sit_down, reception.sign_in, reception.walk_in, reception.enrol)
    yield Site(bureau, app, base, *reception_desk)
    troubles = reception.close()
    server.shutdown()
    thread.join()
    server.server_close()
    assert troubles == []


def serve(bureau: Bureau, folder: Path) -> Flask:
    """The application with the bureau's own database: cases begun on either side are read on the other."""
    url = bureau.database.engine.url.render_as_string(hide_password=False)
    app = create_app(Settings(data_dir=str(folder), database_url=url, secret_key="k" * 40))
    app.extensions["kaohe_database"].engine.dispose()
    app.extensions["kaohe_database"] = bureau.database
    app.extensions["kaohe_files"] = bureau.files
    app.session_interface = DatabaseSessions(bureau.database, secure=False)
    return app
