"""What a compiled expression tells about itself, and the functions its host offers."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kaohe_flow.kernel.feel import FeelError, compile_expression

D = Decimal
CASE = {"rounds": 2, "on_time": True}
HINTED = {
    "${rounds}": "${…}",
    "#{rounds}": "#{…}",
    "= rounds": "开头的“=”",
    "rounds == 1": "“==”",
    "on_time && on_time": "“&&”",
    "on_time || on_time": "“||”",
    "!on_time": "not(…)",
}


@pytest.mark.parametrize(("text", "mark"), HINTED.items(), ids=list(HINTED))
def test_an_alias_is_read_and_reported(text, mark):
    hints = compile_expression(text).hints

    assert len(hints) == 1
    assert mark in hints[0]


def test_several_aliases_are_reported_in_their_order_each_kind_once():
    hints = compile_expression("${!on_time && !(rounds == 1) && on_time}").hints

    assert [hint[:5] for hint in hints] == ["“${…}", "“!”已按", "“&&”已", "“==”已"]


@pytest.mark.parametrize("text", ["rounds != 1", '"a == b && c"', "not(on_time) and on_time"])
def test_plain_feel_has_no_hints(text):
    assert compile_expression(text).hints == ()


def test_the_names_an_expression_reads_are_known():
    text = (
        "a + b.c > 1 and is defined(d) and (for x in xs return x + y)[item > z] = workdays(n)"
        " and {k: 1, m: k} = f"
    )

    expression = compile_expression(text, functions=frozenset({"workdays"}))

    assert expression.names == {"a", "b", "d", "xs", "y", "n", "f"}


def test_a_host_function_gets_values_and_gives_values():
    seen = []

    def workdays(count, start=None):
        seen.append((count, start))
        return datetime(2025, 6, 30, 23, 59, 59, tzinfo=UTC)

    expression = compile_expression("workdays(rounds + 1)", functions=frozenset({"workdays"}))

    assert expression.evaluate(CASE, {"workdays": workdays}) == datetime(2025, 6, 30, 23, 59, 59, tzinfo=UTC)
    assert seen == [(D(3), None)]


@pytest.mark.parametrize("implementations", [{}, {"workdays": lambda: 1}, {"workdays": lambda n: 0.5}])
def test_a_host_function_missing_or_misused_or_giving_floats_is_an_error(implementations):
    expression = compile_expression("workdays(3)", functions=frozenset({"workdays"}))

    with pytest.raises(FeelError) as fault:
        expression.evaluate({}, implementations)

    assert "workdays()" in fault.value.text


def test_a_failure_inside_a_host_function_comes_through_unchanged():
    class Broken(Exception):
        pass

    def workdays(count):
        raise Broken

    expression = compile_expression("is defined(x) or workdays(3) = 1", functions=frozenset({"workdays"}))

    with pytest.raises(Broken):
        expression.evaluate({}, {"workdays": workdays})


def test_a_host_cannot_offer_a_name_of_the_language():
    with pytest.raises(ValueError, match="count"):
        compile_expression("1", functions=frozenset({"count"}))
