"""Reference pages say what the code says: settings, commands, error codes, environment variables."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest
from gunicorn.config import Config

from kaohe_flow.cli import cli
from tests.docs.pages import DOCS, PAGES, ROOT, blocks, name

REFERENCE = DOCS / "reference"
VARIABLE = re.compile(r"\bKAOHE_[A-Z_]+\b")
SOURCES = (
    *(ROOT / "kaohe_flow").rglob("*.py"),
    *(ROOT / "tests").rglob("*.py"),
    ROOT / "dev.py",
    ROOT / "hatch_build.py",
)


@pytest.fixture(scope="module")
def tables() -> ModuleType:
    """The script that writes the tables."""
    spec = importlib.util.spec_from_file_location("make_tables", REFERENCE / "make_tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["errors.md", "settings.md", "cli.md"])
def test_tables_are_those_of_the_code(tables: ModuleType, page: str) -> None:
    written = (REFERENCE / page).read_text(encoding="utf-8")

    assert written == tables.render(written), "python docs/reference/make_tables.py"


def test_every_failure_has_a_code_of_its_own(tables: ModuleType) -> None:
    codes = [kind.code for kind in tables.errors()]

    assert sorted({code for code in codes if codes.count(code) > 1}) == []


def test_every_failure_tells_its_sentence_in_chinese(tables: ModuleType) -> None:
    assert [kind for kind in tables.errors() if not re.search(r"[\u4e00-\u9fff〈{]", kind.message)] == []


def test_every_environment_variable_is_on_the_page_of_settings() -> None:
    written = set(VARIABLE.findall((REFERENCE / "settings.md").read_text(encoding="utf-8")))

    used = {found for path in SOURCES for found in VARIABLE.findall(path.read_text(encoding="utf-8"))}

    assert used == written


def calls() -> Iterator[tuple[Path, str]]:
    """Every line of a shell block that calls ``kaohe``."""
    for page in PAGES:
        for block in blocks(page, "sh"):
            for line in block.replace("\\\n", " ").splitlines():
                if re.match(r"(\S*/)?kaohe\s", line):
                    yield page, line


@pytest.mark.parametrize(
    ("page", "line"), list(calls()), ids=lambda each: name(each) if isinstance(each, Path) else each
)
def test_commands_on_the_pages_exist_with_their_options(page: Path, line: str) -> None:
    words = shlex.split(line.partition("#")[0].partition("&&")[0])
    start = next(place for place, word in enumerate(words) if word.rpartition("/")[2] == "kaohe")
    command: click.Command = cli
    rest = words[start + 1 :]
    while isinstance(command, click.Group):
        assert rest, name(page)
        assert rest[0] in command.commands, f"{name(page)}: {line}"
        command, rest = command.commands[rest[0]], rest[1:]

    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}

    assert {word.partition("=")[0] for word in rest if word.startswith("--")} <= known, (
        f"{name(page)}: {line}"
    )


def test_gunicorn_knows_the_options_of_the_unit_file() -> None:
    unit = next(block for block in blocks(DOCS / "operator" / "install.md", "ini") if "gunicorn" in block)
    line = next(line for line in unit.splitlines() if line.startswith("ExecStart="))
    words = shlex.split(line.removeprefix("ExecStart="))

    read = Config().parser().parse_args(words[1:])

    assert (read.args, read.worker_class, read.threads) == (["kaohe_flow.wsgi:app"], "gthread", 8)
