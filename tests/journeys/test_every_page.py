"""Every page there is, found by the routes of the application: accessible, quiet, as wide as the window."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from itertools import product
from typing import Final

from flask.testing import FlaskClient
from werkzeug.routing import Rule

from kaohe_flow.web.common.policy import policy_of
from tests.factories.busy import Values, fill
from tests.journeys.conftest import ADMINISTRATORS, Desk, Site
from tests.journeys.verbs import JOURNEY

pytestmark = JOURNEY
PEOPLE: Final = ("wang", "qian", "wu", "zheng", "chen", "hou", "chu", "wei", *ADMINISTRATORS)
VARIED: Final = {
    "task_id",
    "case_key",
    "box",
    "deed",
}  # every value is another page; of other names one is enough
FORM: Final = 'id="decision"'
LED_ON: Final = {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER}


def addresses(site: Site, rule: Rule, values: Values) -> Iterator[str]:
    """A route with everything that may stand in it."""
    names = sorted(rule.arguments)
    adapter = site.app.url_map.bind("127.0.0.1")
    for chosen in product(*(values[name] for name in names)):
        yield adapter.build(rule.endpoint, dict(zip(names, chosen, strict=True)))


def asking(site: Site, desk: Desk) -> FlaskClient:
    """The person of a desk asking without a window, which is faster."""
    client = site.app.test_client()
    for cookie in desk.page.context.cookies():
        client.set_cookie(cookie["name"], cookie["value"])
    return client


def whoever_may(site: Site, desks: list[Desk], path: str) -> tuple[Desk | None, str]:
    """The first who is answered, at a task rather who may decide it; and what the answer is."""
    first: tuple[Desk | None, str] = (None, "")
    for desk in desks:
        answer = asking(site, desk).get(path, buffered=True)
        if answer.status_code in LED_ON and "/login" not in answer.location:
            return desk, "redirect"
        if answer.status_code == HTTPStatus.OK:
            if "/task/" not in path or FORM in answer.text:
                return desk, answer.mimetype
            first = first if first[0] else (desk, answer.mimetype)
    return first


def ordered_export(auditor: Desk) -> int:
    """The auditor takes the trail out; the number under which that was recorded."""
    auditor.open("/audit/")
    with auditor.page.expect_download() as handed_out:
        auditor.page.get_by_role("button", name="导出").click()
    return int(handed_out.value.url.rpartition("/")[2].removesuffix(".jsonl"))


def test_every_page_is_open_to_everybody_who_may_see_it(site: Site) -> None:
    busy = fill(site.bureau)
    site.enrol("hou", busy.court.hou)
    pages = [rule for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    stranger, people = site.walk_in(), list(map(site.sit_down, PEOPLE))
    values = {**busy.values, "number": [ordered_export(people[PEOPLE.index("shenji")])]}
    unknown = {name for rule in pages for name in rule.arguments if name not in values}
    assert unknown == set(), "say in tests/factories/busy.py what may stand in these places"
    forgotten, faults = [], []

    for rule in sorted(pages, key=str):
        is_open = policy_of(site.app, rule.endpoint)(None)
        reached = False
        for path in addresses(site, rule, values):
            desk, kind = whoever_may(site, [stranger] if is_open else people, path)
            reached = reached or desk is not None
            if desk is not None and kind == "text/html":
                desk.open(path)
                faults += desk.objections()
            if reached and not VARIED & rule.arguments:
                break
        if not reached:
            forgotten.append(rule.rule)

    assert forgotten == []
    assert faults == []
