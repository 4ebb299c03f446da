"""Every function of the language: what it gives, and what it refuses."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from kaohe_flow.kernel.feel import FeelError, compile_expression

D = Decimal
GIVES = {
    'string length("考核a")': D(3),
    'substring("abcdef", 3)': "cdef",
    'substring("abcdef", 3, 2)': "cd",
    'substring("abcdef", -2)': "ef",
    'substring("abcdef", -9)': "abcdef",
    'substring("abc", 2, 0)': "",
    'substring("abc", 9)': "",
    'substring before("a-b-c", "-")': "a",
    'substring before("abc", "-")': "",
    'substring before("abc", "")': "",
    'substring after("a-b-c", "-")': "b-c",
    'substring after("abc", "-")': "",
    'substring after("abc", "")': "abc",
    'upper case("aBc")': "ABC",
    'lower case("aBc")': "abc",
    'contains("foobar", "ob")': True,
    'contains("foobar", "of")': False,
    'starts with("foobar", "foo")': True,
    'ends with("foobar", "foo")': False,
    'split("a,b,,c", ",")': ["a", "b", "", "c"],
    'string join(["a", "b"], "、")': "a、b",
    'string join(["a", null, "b"])': "ab",
    'matches("XZ-2025-001", "^[A-Z]{2}-\\\\d{4}-\\\\d+$")': True,
    'matches("abc", "^b")': False,
    'matches(null, "a")': None,
    "decimal(2.345, 2)": D("2.35"),
    "decimal(-2.345, 2)": D("-2.35"),
    "decimal(1.005, 2)": D("1.01"),
    "decimal(2, 2)": D("2.00"),
    "decimal(1250, -2)": D(1300),
    "round half up(2.5, 0)": D(3),
    "round half up(-2.5, 0)": D(-3),
    "floor(1.9)": D(1),
    "floor(-1.1)": D(-2),
    "floor(1.59, 1)": D("1.5"),
    "ceiling(1.1)": D(2),
    "ceiling(-1.9)": D(-1),
    "ceiling(1.51, 1)": D("1.6"),
    "abs(-3.5)": D("3.5"),
    "modulo(7, 3)": D(1),
    "modulo(-7, 3)": D(2),
    "modulo(7, -3)": D(-2),
    "modulo(6, 3)": D(0),
    "modulo(5.5, 2)": D("1.5"),
    'number("-12.50")': D("-12.50"),
    "number(3)": D(3),
    "number(null)": None,
    "count([])": D(0),
    "count([1, null])": D(2),
    "sum([1, 2.5])": D("3.5"),
    "sum(1, 2.5)": D("3.5"),
    "sum([])": None,
    "sum([1, null])": None,
    "sum(null)": None,
    "mean([1, 2])": D("1.5"),
    "mean(1, 2, 6)": D(3),
    "mean([])": None,
    "min([3, 1, 2])": D(1),
    "max(3, 1, 2)": D(3),
    "max([1, null])": None,
    "min([])": None,
    'max(["a", "b"])': "b",
    'min(date("2025-02-01"), date("2025-01-01"))': date(2025, 1, 1),
    "all([true, true])": True,
    "all([true, null])": None,
    "all([false, null])": False,
    "all([])": True,
    "any(false, true)": True,
    "any([false, null])": None,
    "any([])": False,
    "list contains([1, null], null)": True,
    'list contains([1, "a"], "a")': True,
    "list contains([1], 2)": False,
    "list contains(null, 2)": None,
    "index of([1, 2, 1], 1)": [D(1), D(3)],
    "append([1], 2)": [D(1), D(2)],
    "append([1], null)": [D(1), None],
    "concatenate([1], [2, 3])": [D(1), D(2), D(3)],
    "distinct values([1, 2, 1.0, null, null])": [D(1), D(2), None],
    "distinct values([[1], {a: 1}, [1.0], {a: 1}, true, 1, true])": [[D(1)], {"a": D(1)}, True, D(1)],
    "count(distinct values(for i in 1..9999 return i))": D(9999),
    "sort(for i in 9999..1 return i)[1]": D(1),
    "flatten([1, [2, [3, []]]])": [D(1), D(2), D(3)],
    "reverse([1, 2])": [D(2), D(1)],
    "sort([3, 1, 2])": [D(1), D(2), D(3)],
    "sort([])": [],
    "sort([1, null])": None,
    "sublist([1, 2, 3], 2)": [D(2), D(3)],
    "sublist([1, 2, 3], -2, 1)": [D(2)],
    'get value({a: 1}, "a")': D(1),
    'get value({a: 1}, "b")': None,
    "string(1.50)": "1.50",
    "string(2 ** 90)": "1237940039285380274899124224",
    "string(1000 * 1000)": "1000000",
    "string(0 * -1)": "0",
    "string(true)": "true",
    "string(false)": "false",
    "string(null)": None,
    'string("a")': "a",
    'string(date("2025-06-30"))': "2025-06-30",
    'string(duration("-P1DT2H3M4.5S"))': "-P1DT2H3M4.5S",
    'string(duration("P14M"))': "P1Y2M",
    'string(duration("PT0S"))': "P0D",
    'duration("P2W")': timedelta(weeks=2),
    "not(false)": True,
    "is defined(x)": False,
}


@pytest.mark.parametrize(("text", "expected"), GIVES.items(), ids=list(GIVES))
def test_a_function_gives_what_the_table_says(text, expected):
    found = compile_expression(text).evaluate({})

    assert found == expected
    assert type(found) is type(expected)
    assert str(found) == str(expected)


REFUSES = [
    'substring("abc", 0)',
    'substring("abc", 1.5)',
    'split("abc", "")',
    'string join(["a", 1], ",")',
    'decimal("2", 1)',
    "decimal(2.345, 1.5)",
    "decimal(2.345, 21)",
    "decimal(10 ** 33, 5)",
    "floor(true)",
    "modulo(1, 0)",
    'number("1,000")',
    'number("\uff13")',
    'number("1e5")',
    'number("NaN")',
    'number("")',
    "number(true)",
    'sum([1, "2"])',
    'max([1, "a"])',
    "max([true, false])",
    "min([[1], [2]])",
    "all([1])",
    "count(5)",
    'count("abc")',
    "string([1])",
    "string({})",
    "sort([1, true])",
    "sublist([1], 0)",
    "get value([1], 1)",
    'upper case(date("2025-01-01"))',
]


@pytest.mark.parametrize("text", REFUSES)
def test_a_function_refuses_what_it_cannot_answer(text):
    with pytest.raises(FeelError) as fault:
        compile_expression(text).evaluate({})

    assert fault.value.column == 1


ARITY = [
    "count()",
    "count([1], 2)",
    "decimal(1)",
    "sum()",
    'substring("a")',
    'substring("a", 1, 2, 3)',
    "string()",
]


@pytest.mark.parametrize("text", ARITY)
def test_a_wrong_number_of_arguments_is_refused_when_it_is_compiled(text):
    with pytest.raises(FeelError, match="个参数"):
        compile_expression(text)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("cuont([1])", "count"),
        ("lengthOf(1)", "手册"),
        ("stringlength(1)", "string length"),
        ("now()", "当前时间"),
    ],
)
def test_an_unknown_function_is_refused_when_it_is_compiled_with_a_suggestion(text, near):
    with pytest.raises(FeelError) as fault:
        compile_expression(text)

    assert fault.value.column == 1
    assert near in fault.value.text


@pytest.mark.parametrize(
    "text", ['date("2025-02-30")', 'duration("2D")', "9 ** 999", "1 / 0", 'number("x")', '-"a"']
)
def test_a_constant_that_cannot_be_worked_out_is_refused_when_it_is_compiled(text):
    with pytest.raises(FeelError):
        compile_expression(text)
