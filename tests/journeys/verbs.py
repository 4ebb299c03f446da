"""What people do on every page: press, confirm, decide, attach."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.factories.casework import PDF
from tests.journeys.conftest import Desk

BROWSER = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
# One journey, the claim, goes over both databases; commands and pages are tested on both elsewhere.
ONE_DATABASE = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
JOURNEY = [*BROWSER, ONE_DATABASE]
DONE = "已办理，流程已转入下一环节"


def press(page: Page, words: str, *, asked: str = "") -> None:
    """Press a button; ``asked``: the button of the question that comes up."""
    page.locator("main").get_by_role("button", name=words, exact=True).click()
    if asked:
        page.locator("dialog[open]").get_by_role("button", name=asked, exact=True).click()


def decide(page: Page, words: str, opinion: str = "") -> None:
    """Write an opinion and press a decision of the diagram."""
    if opinion:
        page.fill("[name=opinion]", opinion)
    page.locator(".actions").get_by_role("button", name=words, exact=True).click()


def settle(desk: Desk, box: str, words: str, opinion: str = "") -> None:
    """Decide the first thing of a box, which then lies in the box of the done ones."""
    desk.open(f"/inbox/{box}")
    decide(desk.page, words, opinion)
    expect(desk.page.get_by_text(DONE)).to_be_visible()


def paper(folder: Path, name: str = "证明材料.pdf") -> str:
    """A file to attach."""
    path = folder / name
    path.write_bytes(PDF)
    return str(path)
