"""Take the pictures of the front pages: ``python docs/images/make_pictures.py http://127.0.0.1:8000``.

Looks at a running demo city (``make run``) with a Chromium; starts and changes nothing there. The picture of
the changed diagram wants ``docs/process-owner/change-a-process.md`` to have been followed before.
Pictures are 1366 pixels wide; each is written beside this script and stays below 300 KB.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER: Final = Path(__file__).parent
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
PASSWORD: Final = "demo-2026-kaohe"  # noqa: S105 - printed at every start, for invented people only
WIDTH: Final = 1366
LARGEST: Final = 300 * 1024
NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
QUIET: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--lang=zh-CN",
)


def inbox(page: Page, base: str) -> None:
    """A unit administrator's task beside its list, above the whole diagram that its case follows."""
    page.goto(f"{base}/inbox/claimable")
    body = page.locator(".detail-body")
    body.evaluate("body => body.scrollTo(0, body.scrollHeight)")
    page.locator(".detail .djs-container").wait_for()
    page.get_by_role("button", name="整图").click()


def claim(page: Page, base: str) -> None:
    """The form an officer fills in."""
    page.goto(f"{base}/claims/")
    page.get_by_role("row", name="矛盾纠纷化解率").get_by_role("link", name="填报").first.click()
    page.wait_for_url("**/claims/new/*")
    page.fill("[name=happened_on]", f"{datetime.now(SHANGHAI):%Y-%m-%d}")
    page.fill("[name=summary]", "本月登记矛盾纠纷 28 件，化解 28 件，均签订调解协议并回访。")
    page.locator("h1").click()


def _oldest(page: Page) -> str | None:
    periods = page.locator("select[name=period] option")
    return periods.nth(periods.count() - 1).get_attribute("value")


def score(page: Page, base: str) -> None:
    """From the items to the total of the oldest, sealed month."""
    page.goto(f"{base}/scores/")
    page.goto(f"{base}/scores/?period={_oldest(page)}")


def ranking(page: Page, base: str) -> None:
    """Bars and table of the stations in the oldest, sealed month."""
    page.goto(f"{base}/rankings/")
    page.goto(f"{base}/rankings/?kind=officer&period={_oldest(page)}&group=派出所")


def processes(page: Page, base: str) -> None:
    """The catalogue of diagrams."""
    page.goto(f"{base}/processes/")


def process(page: Page, base: str) -> None:
    """The newest version of the diagram that claims follow."""
    page.goto(f"{base}/processes/")
    newest = page.get_by_role("row", name="work_submission").filter(has_text="现行")
    newest.get_by_role("link", name="流程图").click()
    page.locator(".djs-container").wait_for()


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its file, whose page it shows, how high it is in pixels."""

    name: str
    account: str
    height: int
    show: Callable[[Page, str], None]

    @property
    def path(self) -> Path:
        """Where it is kept."""
        return FOLDER / f"{self.name}.png"


PICTURES: Final = (
    Picture("inbox", "neiqin", 1040, inbox),
    Picture("claim", "minjing", 900, claim),
    Picture("score", "minjing", 900, score),
    Picture("ranking", "xianban", 900, ranking),
    Picture("processes", "liucheng", 620, processes),
    Picture("process", "liucheng", 760, process),
)


def main() -> None:
    """Take all pictures, or those named after the address."""
    if len(sys.argv) < 2:  # noqa: PLR2004 - program and address
        sys.exit(f"usage: {sys.argv[0]} BASE_URL [PICTURE…]")
    base, wanted = sys.argv[1].rstrip("/"), set(sys.argv[2:])
    program = os.environ.get("KAOHE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    chinese = {**os.environ, "LANGUAGE": "zh_CN", "LANG": "zh_CN.UTF-8"}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET), env=chinese)
        for picture in PICTURES:
            if not wanted or picture.name in wanted:
                take(browser, base, picture)
        browser.close()


def take(browser: Browser, base: str, picture: Picture) -> None:
    """One picture, seen by the owner of an account."""
    context = browser.new_context(viewport={"width": WIDTH, "height": picture.height}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{base}/login")
    page.fill("[name=username]", picture.account)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_load_state("networkidle")
    picture.show(page, base)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(700)  # charts and diagrams settle
    page.screenshot(path=picture.path, animations="disabled", caret="hide")
    context.close()
    if picture.path.stat().st_size > LARGEST:
        sys.exit(f"{picture.path.name}: {picture.path.stat().st_size} bytes, at most {LARGEST}")


if __name__ == "__main__":
    main()
