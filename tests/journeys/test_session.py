"""Signing in and out: what is typed outlives a session, a stolen cookie does not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.conftest import Desk, Site, fill_login
from tests.journeys.verbs import JOURNEY, paper, press

pytestmark = JOURNEY


def begin_a_claim(wang: Desk, evidence: str) -> None:
    """A form filled in, not yet sent."""
    page = wang.open("/claims/")
    page.get_by_role("row", name="矛盾纠纷化解").get_by_role("link", name="填报").click()
    page.fill("[name=happened_on]", "2026-11-05")
    page.fill("[name=count]", "3")
    page.fill("[name=summary]", "化解邻里纠纷三件，双方当场签订调解协议并已履行。")
    page.set_input_files("[name=files]", evidence)


def sign_in_beside(wang: Desk, who: str) -> None:
    """In another window of the same browser."""
    window = wang.page.context.new_page()
    window.goto(f"{wang.base}/login")
    fill_login(window, who)
    window.close()


def test_what_was_typed_is_sent_after_signing_in_again(site: Site, tmp_path: Path) -> None:
    wang = site.sign_in("wang")
    begin_a_claim(wang, paper(tmp_path, "调解协议.pdf"))
    site.bureau.now += timedelta(minutes=40)

    press(wang.page, "提交", asked="提交")
    expect(wang.page.locator("[data-answer]")).to_contain_text("请在新窗口重新登录，再回到本页提交")
    expect(wang.page.locator("[name=count]")).to_have_value("3")
    sign_in_beside(wang, "wang")
    press(wang.page, "提交", asked="提交")

    wang.page.wait_for_url("**/cases/submission:**")
    expect(wang.page.get_by_role("link", name="调解协议.pdf")).to_be_visible()
    (noted,) = wang.troubles
    assert "status of 401" in noted
    wang.troubles.clear()


def test_nobody_sends_what_somebody_else_typed(site: Site, tmp_path: Path) -> None:
    wang, _ = site.sign_in("wang"), site.sit_down("qian")
    begin_a_claim(wang, paper(tmp_path, "调解协议.pdf"))

    site.bureau.now += timedelta(minutes=40)
    sign_in_beside(wang, "qian")
    press(wang.page, "提交", asked="提交")

    expect(wang.page.locator("[data-answer]")).to_contain_text("页面停留时间过长或来源不明")
    assert "/claims/new/" in wang.page.url


def test_a_copied_cookie_is_worthless_after_signing_out(site: Site) -> None:
    wang = site.sign_in("wang")
    cookies = wang.page.context.cookies()

    wang.page.locator("summary.who").click()
    wang.page.get_by_role("button", name="退出登录").click()
    wang.page.wait_for_url("**/login")
    wang.page.context.add_cookies(cookies)
    wang.page.goto(f"{site.base}/claims/")

    expect(wang.page).to_have_url(f"{site.base}/login?next=/claims/")
