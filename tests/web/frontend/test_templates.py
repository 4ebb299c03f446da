"""What holds for every template and macro, without a browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kaohe_flow.web.common.filters import points
from kaohe_flow.web.common.words import field_title

ROOT = Path(__file__).parents[3]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MACROS = sorted((ROOT / "templates" / "macros").glob("*.html"))
SCRIPTS = sorted((ROOT / "frontend" / "src").rglob("*.js"))
INLINE = {
    "style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*="),
    "style element": re.compile(r"<style\b"),
    "event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*="),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)"),
    "address outside": re.compile(r"(?:src|href|action)=[\"']?(?:https?:)?//"),
}
HOSTILE = "<img src=x onerror=alert(1)>\"'"


@pytest.fixture
def pages() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters.update(points=points, field_title=field_title)
    environment.globals.update(csrf_token=lambda: "csrf", once=lambda: "once")
    return environment


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_template_holds_nothing_that_the_policy_forbids(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)

    found = {what: pattern.findall(text) for what, pattern in INLINE.items()}

    assert {what: hits for what, hits in found.items() if hits} == {}


def test_every_icon_that_is_asked_for_was_drawn() -> None:
    drawn = set(re.findall(r'id="i-([a-z-]+)"', (ROOT / "templates/layout/_sprite.html").read_text()))
    asked = {
        name
        for path in [*TEMPLATES, *SCRIPTS]
        for name in re.findall(r"(?:\bicon\(|symbol=)['\"]([a-z-]+)['\"]", path.read_text(encoding="utf-8"))
    }

    assert asked - drawn == set()
    assert len(asked) > 20


@pytest.mark.parametrize("path", MACROS, ids=lambda path: path.stem)
def test_every_macro_says_its_arguments(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    inner = {"to", "fid", "aria", "tree_level", "tree_name"}

    named = set(re.findall(r"macro ([a-z_]+)\(", text)) - inner

    assert {
        name for name in named if f"{name}(" not in "".join(re.findall(r"\{#.*?#\}", text, re.S))
    } == set()


CALLS = {
    "marks": "m.tag(x) ~ m.status(x, x) ~ m.due(x, 'red', x) ~ m.light('red', x) ~ m.person(x, x) "
    "~ m.spark('0,0 1,1', x)",
    "lists": "m.kv([(x, x), (x, x, true)]) ~ m.files([{'name': x, 'url': x, 'size': x}]) ~ m.empty(x, x) "
    "~ m.sort_th(x, x) ~ m.tree([{'name': x, 'children': [{'name': x}]}], x)",
    "timeline": "m.timeline([{'state': 'done', 'name': x, 'opinion': x, 'who': x, 'round': x}]) "
    "~ m.stepper([{'state': 'now', 'label': x}]) ~ m.steps([{'label': x, 'result': x}], x, x) "
    "~ m.formula([(x, x), x], x)",
    "forms": "m.error_summary({x: x}) ~ m.problems([{'where': x, 'text': x}]) ~ m.input('a', x, x, hint=x, "
    "errors={'a': [x]}, unit=x) ~ m.textarea('a', x, x) ~ m.select('a', x, [(x, x)], x) "
    "~ m.radios('a', x, [(x, x, x)], x) ~ m.checks('a', x, [(x, x)], [x]) ~ m.checkbox('a', x) "
    "~ m.upload('a', x) ~ m.quick('a', [x]) ~ m.search(x, 'q', x) ~ m.filter_select('a', x, [(x, x)], x)",
    "page": "m.crumb((x, x), x) ~ m.pagehead(x, x) ~ m.kpi(x, x, x, x, '', x) "
    "~ m.tabs('t', [('a', x, x)], x) ~ m.seg([(x, x, true, x)], x) "
    "~ m.button(x, name=x, value=x, confirm=x) ~ m.link_button(x, x) "
    "~ m.post_button(x, x, fields={x: x}) ~ m.opener(x, x)",
    "figures": "m.diagram(x, {'notes': {'a': x}}, x) ~ m.chart('bar', {'labels': [x]}, x)",
}


@pytest.mark.parametrize("name", CALLS)
def test_what_people_typed_is_shown_as_text(pages: Environment, name: str) -> None:
    source = f'{{% import "macros/{name}.html" as m %}}{{{{ {CALLS[name]} }}}}'

    shown = pages.from_string(source).render(x=HOSTILE)

    assert "<img" not in shown
    assert "onerror=alert" in shown
    assert not re.search(r"=\"[^\"]*<", shown)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [({"a": "请填写"}, ["请填写"]), ({"a": ["太短", "太旧"]}, ["太短；太旧"]), ({"b": "别处"}, [])],
)
def test_a_field_shows_its_own_faults_and_points_at_them(
    pages: Environment, typed: dict[str, Any], shown: list[str]
) -> None:
    source = (
        "{% import 'macros/forms.html' as m %}{{ m.input('a', '标题', '旧', hint='提示', errors=errors) }}"
    )

    field = pages.from_string(source).render(errors=typed)

    assert re.findall(r'id="f-a-error">.*?</svg>(.*?)</p>', field) == shown
    assert ('aria-describedby="f-a-hint f-a-error" aria-invalid="true"' in field) is bool(shown)
    assert 'value="旧"' in field


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, ["1", "2", "3", "…", "9"]),
        (5, ["1", "…", "3", "4", "5", "6", "7", "…", "9"]),
        (9, ["1", "…", "7", "8", "9"]),
    ],
)
def test_a_long_list_shows_its_ends_and_the_neighbours(
    pages: Environment, number: int, expected: list[str]
) -> None:
    source = "{% import 'macros/lists.html' as m %}{{ m.pager(page, '/inbox?page={page}') }}"
    page = {"number": number, "pages": 9, "total": 173, "size": 20}

    shown = pages.from_string(source).render(page=page)

    assert re.findall(r">([0-9]|…)<", shown) == expected
    assert "共 173 条" in shown


def test_missing_points_are_never_a_zero(pages: Environment) -> None:
    source = "{% import 'macros/marks.html' as m %}{{ m.points(none) }}"

    assert "未评" in Markup(pages.from_string(source).render())
