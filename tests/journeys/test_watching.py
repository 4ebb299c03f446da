"""The watch over the browsers is awake: journeys pass only because nothing is there to be noted."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import Error

from tests.journeys.conftest import Desk, Site
from tests.journeys.verbs import JOURNEY

pytestmark = JOURNEY
ABROAD: Final = "http://192.0.2.1"
NAMELESS: Final = "document.querySelector('main').append(document.createElement('button'))"
WIDE: Final = "document.querySelector('main').style.width = '3000px'"


def misbehave(desk: Desk) -> None:
    """Whatever must never happen on a page."""
    page = desk.page
    page.evaluate(f"() => fetch('{ABROAD}/fetched').catch(() => null)")
    page.evaluate("() => fetch('/static/no-such-file.js')")
    page.evaluate("() => document.body.setAttribute('style', 'color: red')")
    with page.context.expect_event("weberror"):
        page.evaluate("() => { setTimeout(() => { throw new Error('坏了') }) }")
    with page.expect_popup():
        page.evaluate(f"() => {{ window.open('{ABROAD}/window') }}")
    with pytest.raises(Error):
        page.goto(f"{ABROAD}/page", timeout=300)


def test_whatever_goes_wrong_at_a_desk_is_noted(site: Site) -> None:
    desk = site.sit_down("wang")
    desk.open("/claims/")

    misbehave(desk)

    noted = "\n".join(desk.troubles)
    desk.troubles.clear()
    for trouble in (
        f"{ABROAD}/fetched",
        "status of 404",
        "style-src",
        "script: 坏了",
        f"foreign request: {ABROAD}/window",
        f"foreign request: {ABROAD}/page",
    ):
        assert trouble in noted


def test_a_page_that_shuts_somebody_out_does_not_pass(site: Site) -> None:
    desk = site.sit_down("wang")

    for harm, noted in ((NAMELESS, "button-name"), (WIDE, "HTML scrolls sideways")):
        desk.open("/claims/").evaluate(f"() => {{ {harm} }}")
        with pytest.raises(AssertionError, match=noted):
            desk.check_accessible()
