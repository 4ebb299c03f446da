"""What comes in from outside, and what goes out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum

import pytest

from kaohe_flow.kernel.feel import FeelError, compile_expression

D = Decimal


class _Outcome(StrEnum):
    APPROVE = "approve"


class _Level(IntEnum):
    TOP = 1


def test_values_from_outside_become_values_of_the_language():
    given = {
        "whole": 3,
        "enum": _Outcome.APPROVE,
        "level": _Level.TOP,
        "pair": (1, True),
        "at": datetime.fromisoformat("2025-06-30T18:00:00+08:00"),
        "day": date(2025, 6, 30),
        "length": timedelta(hours=1),
    }
    found = {name: compile_expression(name).evaluate(given) for name in given}

    assert found == {
        "whole": D(3),
        "enum": "approve",
        "level": D(1),
        "pair": [D(1), True],
        "at": datetime(2025, 6, 30, 10, tzinfo=UTC),
        "day": date(2025, 6, 30),
        "length": timedelta(hours=1),
    }
    assert type(found["enum"]) is str
    assert type(found["whole"]) is type(found["level"]) is Decimal
    assert found["at"].tzinfo is UTC


CYCLE: list[object] = []
CYCLE.append(CYCLE)
FOREIGN = {
    "float": 0.5,
    "a float in a list": [1, {"a": 0.5}],
    "bytes": b"x",
    "an object": object(),
    "a function": len,
    "a set": {1},
    "nan": D("NaN"),
    "infinity": D("Infinity"),
    "a huge integer": 10**40,
    "a huge exponent": D("1E+200"),
    "35 digits": D("1." + "1" * 34),
    "a naive datetime": datetime(2025, 1, 1),  # noqa: DTZ001
    "a year out of bounds": date(1, 1, 1),
    "a key that is not text": {1: 2},
    "a list without end": CYCLE,
    "a long list": [0] * 10_001,
    "a long text": "x" * 10_001,
    "a long duration": timedelta(days=400_000),
}


@pytest.mark.parametrize("value", FOREIGN.values(), ids=list(FOREIGN))
def test_what_is_not_a_value_is_refused_when_it_is_read(value):
    with pytest.raises(FeelError) as fault:
        compile_expression("x").evaluate({"x": value})

    assert fault.value.text.startswith("变量“x”")


def test_what_is_not_read_is_not_looked_at():
    assert compile_expression("1").evaluate({"x": object()}) == 1


def test_a_result_is_a_copy_that_shares_nothing_with_the_variables():
    given = {"rows": [{"points": [1]}]}

    found = compile_expression("rows").evaluate(given)
    found[0]["points"].append(2)

    assert given == {"rows": [{"points": [1]}]}


def test_a_literal_list_is_new_in_every_evaluation():
    expression = compile_expression('split("a,b", ",")')

    expression.evaluate({}).append("c")

    assert expression.evaluate({}) == ["a", "b"]
