"""The manual tells the truth: every function is in it, every example gives what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kaohe_flow.kernel.feel import FeelError, compile_expression, compile_unary_tests, limits
from kaohe_flow.kernel.feel.builtins import BUILTINS, SPECIAL

MANUAL = Path(__file__).parents[3] / "docs" / "reference" / "feel.md"
TEXT = MANUAL.read_text("utf-8")
CODE = re.compile(r"`([^`]+)`")


def tables() -> list[list[dict[str, str]]]:
    """Every table of the manual, a row being its cells by column title."""
    found = []
    for block in re.findall(r"(?:^\|.*\|\n)+", TEXT, re.MULTILINE):
        titles, _, *rows = (
            [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            for line in block.splitlines()
        )
        found.append([dict(zip(titles, row, strict=True)) for row in rows])
    return found


def rows_with(*titles: str) -> list[tuple[str, ...]]:
    """The cells under these titles, of every table that has them all."""
    return [
        tuple(row[title] for title in titles)
        for table in tables()
        if set(titles) <= set(table[0])
        for row in table
    ]


def code(cell: str) -> str:
    found = CODE.findall(cell)
    assert len(found) == 1, cell
    return found[0]


def worked_out(text: str) -> object:
    return compile_expression(text).evaluate(CONTEXT)


SAMPLE = re.search(r"```feel\n(.*?)```", TEXT, re.DOTALL)
assert SAMPLE
CONTEXT = compile_expression(SAMPLE[1]).evaluate({})


def test_every_function_is_in_the_manual_and_nothing_else():
    described = [code(cell).partition("(")[0] for (cell,) in rows_with("函数")]

    assert sorted(described) == sorted(BUILTINS.keys() | SPECIAL)


@pytest.mark.parametrize(("function", "example"), rows_with("函数", "例子"))
def test_the_example_of_a_function_uses_it(function, example):
    assert code(example).startswith(code(function).partition("(")[0] + "(")


@pytest.mark.parametrize(("example", "result"), rows_with("例子", "得到"))
def test_an_example_gives_what_the_manual_says(example, result):
    if result == "报错":
        with pytest.raises(FeelError):
            worked_out(code(example))
        return

    assert worked_out(code(example)) == worked_out(code(result))


@pytest.mark.parametrize(("cell", "passing", "failing"), rows_with("单元格", "匹配", "不匹配"))
def test_a_cell_of_the_manual_is_passed_by_what_it_says(cell, passing, failing):
    tests = compile_unary_tests(code(cell))

    assert [tests.matches(worked_out(value), CONTEXT) for value in CODE.findall(passing)].count(False) == 0
    assert [tests.matches(worked_out(value), CONTEXT) for value in CODE.findall(failing)].count(True) == 0


@pytest.mark.parametrize(("written", "read"), rows_with("写成", "按此理解"))
def test_an_alias_of_the_manual_means_the_same_and_gets_a_hint(written, read):
    assert worked_out(code(written)) == worked_out(code(read))
    assert compile_expression(code(written)).hints
    assert not compile_expression(code(read)).hints


def test_the_limits_of_the_manual_are_those_of_the_language():
    told = [bound for _, bound in rows_with("限制", "上限")]

    assert told == [
        *(
            f"{bound:,}"
            for bound in (
                limits.MAX_SOURCE,
                limits.MAX_NODES,
                limits.MAX_DEPTH,
                limits.MAX_LIST,
                limits.MAX_TEXT,
                limits.MAX_STEPS,
                limits.MAX_DIGITS,
                limits.MAX_EXPONENT,
            )
        ),
        f"{limits.FIRST_YEAR}\u2013{limits.LAST_YEAR}",
    ]


CELLS = {'"good","fair"', ">= 60", "[1..5]"}


@pytest.mark.parametrize("text", [text for (cell,) in rows_with("怎样写") for text in CODE.findall(cell)])
def test_what_the_manual_shows_is_read(text):
    read = compile_unary_tests if text in CELLS else compile_expression

    assert read(text, functions=frozenset({"workdays", "period_end"})).source
