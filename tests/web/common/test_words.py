"""No English name of a field reaches a reader."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from flask import Flask, render_template
from marshmallow import fields

import kaohe_flow
from kaohe_flow import web
from kaohe_flow.app import delegates
from kaohe_flow.kernel.errors import Problem
from kaohe_flow.scheme.indicator.rules import IndicatorIncomplete
from kaohe_flow.web.common.forms import FormSchema
from kaohe_flow.web.common.words import CASE_TITLES, IDENTIFIER, case_no, field_title

PACKAGE = Path(kaohe_flow.__file__).parent
SETTING = "KAOHE_"


def schemas(root: type[FormSchema] = FormSchema) -> Iterator[type[FormSchema]]:
    for module in pkgutil.walk_packages(web.__path__, "kaohe_flow.web."):
        importlib.import_module(module.name)
    for below in root.__subclasses__():
        yield below
        yield from schemas(below)


def named_by_failures() -> set[str]:
    """First arguments of ``Problem`` and ``field=`` of exceptions, where they are written out."""
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        calls = [node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call)]
        for call in calls:
            named = [key.value for key in call.keywords if key.arg == "field"]
            if isinstance(call.func, ast.Name) and call.func.id == "Problem":
                named += call.args[:1]
            found |= {str(node.value) for node in named if isinstance(node, ast.Constant) and node.value}
    return found


def lacking() -> IndicatorIncomplete:
    return IndicatorIncomplete(name="巡逻", missing="记分规则", problems=(Problem("rule_text", "请填写"),))


def test_every_field_of_every_form_has_a_chinese_title() -> None:
    named = {name for schema in schemas() for name in schema._declared_fields}

    assert len(named) > 50
    assert sorted(name for name in named if not field_title(name)) == []


def test_every_field_a_failure_names_has_a_chinese_title() -> None:
    named = {name for name in named_by_failures() if not name.startswith(SETTING)}

    assert "rule_text" not in named  # comes out of a table of its own
    assert sorted(name for name in named if IDENTIFIER.fullmatch(name) and not field_title(name)) == []


def test_what_is_no_known_field_is_left_out_and_words_are_left_alone() -> None:
    assert field_title("some_new_field") == ""
    assert field_title("answer_3") == "第 3 条的答复"
    assert field_title("第 3 行") == "第 3 行"


def test_the_error_page_names_fields_in_chinese(app: Flask) -> None:
    with app.test_request_context():
        page = render_template("errors/400.html", error=lacking(), reference="")

    assert "记分规则" in page
    assert "rule_text" not in page


def test_a_case_of_every_process_has_a_number_in_chinese() -> None:
    assert case_no("submission:250") == "报送-250"
    assert case_no("seal:3:1") == "封存-3-1"
    assert all(not one.isascii() for one in CASE_TITLES.values())
    assert len(CASE_TITLES) == len(delegates())


def test_faults_of_a_form_are_told_in_chinese() -> None:
    """What a text field, a choice, a date or a whole number says when it cannot be read."""
    plain: list[str] = []
    for schema in schemas():
        for name, field in schema().fields.items():
            told = {"required"} if field.required else set()
            if isinstance(field, fields.Date | fields.Integer):
                told.add("invalid")
            if isinstance(field, fields.Enum):
                told.add("unknown")
            plain += [
                f"{schema.__module__}.{name}.{kind}"
                for kind in told
                if str(field.error_messages[kind]).isascii()
            ]

    assert plain == []
