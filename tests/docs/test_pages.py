"""Every page: its links lead somewhere, its pictures are there, it names no private machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, FRONT, PAGES, ROOT, name, prose

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?)\s*$", re.MULTILINE)
ALLOWED_HOSTS = re.compile(
    r"127\.0\.0\.1|localhost|kaohe\.example\.gov\.cn|github\.com|主机|(www\.)?(omg|w3|camunda)\.(org|com)"
)
ADDRESS = re.compile(r"\b(?:https?|postgresql|ftp|ssh)://(?:[^\s/@`\"）]*@)?([^\s/:`\"）]+)")
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home|Users|tmp)/\w")
LARGEST_PICTURE = 300 * 1024
LONGEST_README = 200


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found = HEADING.findall(re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL))
    return {re.sub(r"[^\w\- ]", "", title.replace("`", "").lower()).replace(" ", "-") for title in found}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in LINK.findall(prose(page)):
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        there = (page.parent / path).resolve() if path else page
        known = there.exists() and (not anchor or (there.suffix == ".md" and anchor in anchors(there)))
        if not known or not there.is_relative_to(ROOT):
            broken.append(target)

    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_pages_name_no_private_host_and_no_folder_of_a_machine(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    hosts = {host for host in ADDRESS.findall(text) if not ALLOWED_HOSTS.fullmatch(host)}

    assert {host for host in hosts if re.fullmatch(r"[\w.-]+", host)} == set()
    assert MACHINE.findall(text) == []


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=name)
def test_every_page_is_reached_from_the_index(page: Path) -> None:
    reached, waiting = set(), [DOCS / "index.md"]
    while waiting:
        here = waiting.pop()
        if here in reached or here.suffix != ".md" or not here.exists():
            continue
        reached.add(here)
        waiting += [
            (here.parent / target.partition("#")[0]).resolve()
            for target in LINK.findall(prose(here))
            if target.partition("#")[0] and not re.match(r"[a-z]+:", target)
        ]

    assert page in reached


@pytest.mark.parametrize("picture", sorted((DOCS / "images").glob("*.png")), ids=name)
def test_pictures_are_shown_and_light(picture: Path) -> None:
    shown = [page for page in PAGES if picture.name in page.read_text(encoding="utf-8")]

    assert shown
    assert picture.stat().st_size < LARGEST_PICTURE


@pytest.mark.parametrize("page", FRONT[:2], ids=name)
def test_front_pages_stay_short(page: Path) -> None:
    assert len(page.read_text(encoding="utf-8").splitlines()) < LONGEST_README


def test_the_english_front_page_leads_to_the_chinese_one_first() -> None:
    first = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[0]

    assert "README.zh-CN.md" in first
