"""The reference page has a heading for every rule and for nothing else, each with an example and its cure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kaohe_flow.workflow.diagram.catalogue import ERRORS, TITLES, WARNINGS

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "diagram-rules.md"
TEXT = PAGE.read_text(encoding="utf-8")
HEADING = re.compile(r"^### `(?P<code>[a-z0-9-]+)` (?P<title>.+?)(?P<mark>（提醒）)?$", re.MULTILINE)
HEADINGS = list(HEADING.finditer(TEXT))
SECTIONS = {
    found["code"]: TEXT[found.end() :].partition("\n##")[0].partition("\n# ")[0] for found in HEADINGS
}


def test_every_rule_has_its_heading_and_every_heading_its_rule() -> None:
    assert [found["code"] for found in HEADINGS] == list(SECTIONS)
    assert SECTIONS.keys() == TITLES.keys()
    assert TEXT.count("\n### ") == len(TITLES)


@pytest.mark.parametrize("found", HEADINGS, ids=lambda found: found["code"])
def test_a_heading_says_what_the_rule_is_about_and_whether_it_only_warns(found: re.Match[str]) -> None:
    assert found["title"] == TITLES[found["code"]]
    assert bool(found["mark"]) == (found["code"] in WARNINGS)


@pytest.mark.parametrize("code", SECTIONS)
def test_a_section_gives_an_example_and_the_cure(code: str) -> None:
    assert "\n例：" in SECTIONS[code]
    assert "\n改法：" in SECTIONS[code]


def test_no_rule_is_both_error_and_warning() -> None:
    assert not ERRORS.keys() & WARNINGS.keys()
