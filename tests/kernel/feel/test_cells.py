"""Input cells of decision tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kaohe_flow.kernel.feel import FeelError, compile_unary_tests

PASSES = {
    "-": [1, None, "a"],
    "": [1, None],
    "  ": [1],
    "5": [5, Decimal("5.0")],
    '"a","b"': ["a", "b"],
    '"a", < "0"': ["a"],
    "< 5": [4, -1],
    "<= 5": [5],
    "= 5": [5],
    "!= 5": [4, None, 6],
    "[1..5]": [1, 5],
    "(1..5)": [2],
    "]1..5[": [2],
    "[1..5),9": [1, 4, 9],
    "not(5)": [4, "a"],
    'not("a","b")': ["c"],
    "not([1..5], > 9)": [7],
    "not(null)": [1],
    "null": [None],
    "true": [True],
    "-1": [-1],
    "> limit": [11],
    "limit": [10],
    "allowed": ["x", "y"],
    "[1, 2]": [1, 2, [1, 2]],
    "? > 5 and ? < limit": [6],
    '? = "a" or ? = "b"': ["a"],
    "string length(?) > 3": ["abcd"],
    'contains(?, "x")': ["axb"],
    "list contains(allowed, ?)": ["x"],
    "limit > 3": [None, 1, "anything"],
    "limit + 1": [11],
    "not(? > 5)": [5],
    '> date("2025-01-01")': [date(2025, 1, 2)],
    '[date("2025-01-01")..date("2025-12-31")]': [date(2025, 6, 30)],
    "workdays(?) > 3": [4],
    "${5}": [5],
}
FAILS = {
    "5": [4, None, "5"],
    '"a","b"': ["c", None],
    "< 5": [5, None],
    "[1..5]": [0, 6, None],
    "(1..5)": [1, 5],
    "not(5)": [5],
    "not([1..5])": [3, None],
    "null": [0, False],
    "true": [False],
    "limit": [9],
    "allowed": ["z"],
    "[]": [1],
    "? > 5 and ? < limit": [5, 10, None],
    "limit > 30": [1],
    "workdays(?) > 3": [3],
}
CONTEXT = {"limit": 10, "allowed": ["x", "y"]}


def _passes(text: str, value: object) -> bool:
    tests = compile_unary_tests(text, functions=frozenset({"workdays"}))
    return tests.matches(value, CONTEXT, {"workdays": lambda count: count})


@pytest.mark.parametrize(("text", "value"), [(text, value) for text in PASSES for value in PASSES[text]])
def test_a_value_passes_the_cell(text, value):
    assert _passes(text, value) is True


@pytest.mark.parametrize(("text", "value"), [(text, value) for text in FAILS for value in FAILS[text]])
def test_a_value_does_not_pass_the_cell(text, value):
    assert _passes(text, value) is False


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("< 5", "a"),
        ("[1..5]", "a"),
        ("> missing", 1),
        ("missing", 1),
        ("? > 5", "a"),
        ("= 5", "a"),
        ("if ? then 1 else 2", True),
        ("string(?)", 1),
        ("5", 0.5),
    ],
)
def test_a_cell_that_cannot_be_answered_is_an_error(text, value):
    tests = compile_unary_tests(text)

    with pytest.raises(FeelError) as fault:
        tests.matches(value, CONTEXT)

    assert fault.value.source == text


@pytest.mark.parametrize(
    "text", ["5,", ", 5", "- , 5", "< ", "not()", "[1..", "< 5 < 6", "== 5 ==", "not(1", "a b"]
)
def test_a_cell_that_is_not_the_language_is_refused(text):
    with pytest.raises(FeelError):
        compile_unary_tests(text)


def test_half_open_ranges_side_by_side_are_not_nesting():
    ranges = ",".join(f"({n}..{n + 1}]" for n in range(60))

    assert compile_unary_tests(ranges).matches(Decimal("59.5"), {}) is True


def test_a_cell_knows_its_names_and_hints():
    tests = compile_unary_tests("? == limit && is defined(other)")

    assert tests.names == {"limit", "other"}
    assert len(tests.hints) == 2
