"""House rules that no import graph sees."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "kaohe_flow"
SOURCES = sorted(PACKAGE.rglob("*.py"))
DOORS = ("web", "cli", "jobs", "demo")
LONGEST_FILE = 300
LONGEST_FUNCTION = 50
MOST_PUBLIC_METHODS = 12


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(path: Path) -> Iterator[ast.Attribute]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func


def is_below_the_doors(path: Path) -> bool:
    return path.relative_to(PACKAGE).parts[0] not in DOORS


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_only_the_unit_of_work_commits(path: Path) -> None:
    if path == PACKAGE / "kernel" / "unit_of_work.py":
        return

    assert not [call.attr for call in calls(path) if call.attr in {"commit", "rollback"}]


@pytest.mark.parametrize("path", sorted((PACKAGE / "cli").glob("*.py")), ids=name)
def test_a_command_says_what_it_did_only_once_it_is_kept(path: Path) -> None:
    """A closed pipe raises where something is said: inside the transaction it would take the deed back."""
    inside = [
        block
        for block in ast.walk(tree(path))
        if isinstance(block, ast.With) and any("write_tx" in ast.unparse(item) for item in block.items)
    ]

    assert not [one for block in inside for one in ast.walk(block) if "echo" in getattr(one, "attr", "")]


@pytest.mark.parametrize("path", list(filter(is_below_the_doors, SOURCES)), ids=name)
def test_time_comes_in_from_the_doors(path: Path) -> None:
    clocks = {"now", "today", "utcnow", "time"}

    asked = [
        call.attr
        for call in calls(path)
        if call.attr in clocks
        and isinstance(call.value, ast.Name)
        and call.value.id in {"datetime", "date", "time"}
    ]

    assert not asked


@pytest.mark.parametrize(
    "path", [path for path in SOURCES if {"scorebook", "results"} & set(path.parts)], ids=name
)
def test_no_float_comes_near_a_score(path: Path) -> None:
    floats = [
        node
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float")
    ]

    assert not floats


@pytest.mark.parametrize("path", [path for path in SOURCES if path.name == "queries.py"], ids=name)
def test_queries_do_not_write(path: Path) -> None:
    assert not [
        call.attr
        for call in calls(path)
        if call.attr in {"add", "add_all", "delete", "flush"} and _is_session(call)
    ]


def _is_session(call: ast.Attribute) -> bool:
    return isinstance(call.value, ast.Name) and call.value.id in {"session", "work"}


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_file_has_one_reason_and_fits_the_screen(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= LONGEST_FILE
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, node.name
        if isinstance(node, ast.ClassDef):
            public = [m for m in node.body if isinstance(m, ast.FunctionDef) and not m.name.startswith("_")]
            assert len(public) <= MOST_PUBLIC_METHODS, node.name


def test_every_folder_is_a_package() -> None:
    bare = [
        name(folder)
        for folder in PACKAGE.rglob("*")
        if folder.is_dir()
        and "static" not in folder.parts
        and folder.name != "__pycache__"
        and not (folder / "__init__.py").exists()
    ]

    assert not bare


def test_error_codes_are_unique() -> None:
    codes: dict[str, str] = {}
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                for code in _codes(node):
                    assert code not in codes, f"{code}: {codes.get(code)} and {node.name}"
                    codes[code] = node.name


def _codes(node: ast.ClassDef) -> Iterator[str]:
    for item in node.body:
        target = item.targets[0] if isinstance(item, ast.Assign) else getattr(item, "target", None)
        if isinstance(target, ast.Name) and target.id == "code":
            value = getattr(item, "value", None)
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value


def test_nothing_is_called_a_helper() -> None:
    vague = re.compile(r"(utils?|helpers?|manager|misc|common_stuff)\.py$")

    assert not [name(path) for path in SOURCES if vague.search(path.name)]


def test_no_code_is_ever_built_from_text() -> None:
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"eval", "exec", "compile"}, name(path)
