"""What expressions mean, as tables: left what is written, right what comes out."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kaohe_flow.kernel.errors import InvalidInput
from kaohe_flow.kernel.feel import FeelError, compile_expression

D = Decimal
CASE = {
    "decision": "approve",
    "rounds": 2,
    "得分": D("3.50"),
    "nothing": None,
    "on_time": True,
    "indicator": {"line": "xz", "cap": 5, "owner": None, "in": 1},
    "rows": [{"points": 3, "kind": "a"}, {"points": 5, "kind": "b"}, {"points": None, "kind": "b"}],
    "numbers": [4, 1, 3],
    "empty": [],
}

ARITHMETIC = {
    "1 + 2 * 3": D(7),
    "(1 + 2) * 3": D(9),
    "10 - 2 - 3": D(5),
    "8 / 4 / 2": D(1),
    "1.35 * 3": D("4.05"),
    "0.1 + 0.2": D("0.3"),
    "1 / 3": D("0.3333333333333333333333333333333333"),
    "2 ** 10": D(1024),
    "2 ** -1": D("0.5"),
    "-3 + 5": D(2),
    "--3": D(3),
    "-(2 ** 2)": D(-4),
    "(-2) ** 2": D(4),
    ".5 + .25": D("0.75"),
    "nothing + 1": None,
    "1 - nothing": None,
    "-nothing": None,
    '"考核" + "办法"': "考核办法",
    "得分 * 2": D("7.00"),
    "rounds + 1": D(3),
}
COMPARISON = {
    "1 = 1.0": True,
    "1 != 2": True,
    '"a" < "b"': True,
    "2 >= 2": True,
    "2 > 2": False,
    "null = null": True,
    "nothing = null": True,
    "rounds = null": False,
    "rounds != null": True,
    "null < 3": None,
    "3 >= nothing": None,
    "[1, 2] = [1, 2.0]": True,
    "[1, 2] = [2, 1]": False,
    "{a: 1} = {a: 1}": True,
    "{a: 1} = {b: 1}": False,
    "true = false": False,
    "rounds between 1 and 2": True,
    "rounds between 3 and 4": False,
    "rounds between 1 and 2 and on_time": True,
    "nothing between 1 and 2": None,
    "5 between nothing and 2": False,
}
LOGIC = {
    "true and true": True,
    "true and false": False,
    "true and null": None,
    "null and false": False,
    "null and null": None,
    "false or true": True,
    "null or true": True,
    "null or false": None,
    "not(true)": False,
    "not(null)": None,
    "not(rounds > 5) and on_time": True,
    "true or false and false": True,
    'decision = "approve" and rounds < 3': True,
    "false and 1 / (rounds - 2) = 1": False,
    "true or missing": True,
    "is defined(missing) and missing > 3": False,
    'if rounds > 1 then "again" else "first"': "again",
    "if null then 1 else 2": D(2),
    "if false then 1 else if true then 2 else 3": D(2),
    "(if on_time then 1 else 0) + 1": D(2),
}
MEMBERSHIP = {
    "rounds in 1": False,
    "rounds in (1, 2)": True,
    "rounds in [1, 2]": True,
    "rounds in numbers": False,
    "rounds in [1..2]": True,
    "rounds in [1..2)": False,
    "rounds in (2..5]": False,
    "rounds in ]1..5[": True,
    "rounds in ]2..5]": False,
    "rounds in ([5..9], 2)": True,
    "rounds in (< 2, > 5)": False,
    "rounds in (<= 2)": True,
    "rounds in > 1": True,
    'decision in ("reject", "approve")': True,
    "nothing in [1..5]": None,
    "nothing in (1, null)": True,
    "null in (1, [2..3])": None,
    "rounds in [1..5] and on_time": True,
    "rounds in (1 + 1)": True,
    'rounds in ("a", 2)': True,
    "[1] in [[1], [2]]": True,
    "rounds in empty": False,
}
LISTS_AND_CONTEXTS = {
    "[1, 2, 3][1]": D(1),
    "[1, 2, 3][-1]": D(3),
    "[1, 2, 3][4]": None,
    "[1, 2, 3][item > 1]": [D(2), D(3)],
    "[1, null, 3][item > 1]": [D(3)],
    "numbers[rounds]": D(1),
    "empty[1]": None,
    "empty[item > 1]": [],
    "nothing[1]": None,
    'rows[kind = "b"].points': [D(5), None],
    'rows[item.kind = "a"][1].points': D(3),
    "rows[points > rounds].kind": ["a", "b"],
    "[[1, 2], [3]][2][1]": D(3),
    "[[1, 2], [3]][count(item) > 1]": [[D(1), D(2)]],
    "[{item: 1}, {item: 2}][item.item > 1]": [{"item": D(2)}],
    "{a: 1, b: a + 1}.b": D(2),
    '{"两个 词": 1}': {"两个 词": D(1)},
    "{}": {},
    "[]": [],
    "indicator.line": "xz",
    "indicator.in": D(1),
    "indicator.owner": None,
    "indicator.owner.name": None,
    "nothing.name": None,
    "is defined(rounds)": True,
    "is defined(nothing)": True,
    "is defined(missing)": False,
    "is defined(missing.entry)": False,
    "is defined(indicator.line)": True,
    "is defined(indicator.lnie)": False,
    "is defined(indicator.owner.name)": False,
}
LOOPS = {
    "for x in [1, 2] return x * 2": [D(2), D(4)],
    "for i in 1..3 return i": [D(1), D(2), D(3)],
    "for i in 3..1 return i": [D(3), D(2), D(1)],
    "for i in 1..2, j in i..2 return i * 10 + j": [D(11), D(12), D(22)],
    "for x in nothing return x": None,
    "for x in [] return x": [],
    "for rounds in [7] return rounds": [D(7)],
    "for x in [1] return for x in [2] return x": [[D(2)]],
    "for r in rows return r.kind": ["a", "b", "b"],
    "some x in [1, 2] satisfies x > 1": True,
    "some x in [1, null] satisfies x > 5": None,
    "some x in [] satisfies x > 5": False,
    "every x in [1, 2] satisfies x > 0": True,
    "every x in [1, null] satisfies x > 0": None,
    "every x in [0, null] satisfies x > 0": False,
    "every x in [] satisfies x > 5": True,
    "every x in [1, 2], y in [3, 4] satisfies x < y": True,
    "some x in nothing satisfies x": None,
}
TYPES = {
    "rounds instance of number": True,
    "rounds instance of string": False,
    "decision instance of string": True,
    "null instance of string": False,
    "[] instance of list": True,
    "{} instance of context": True,
    'date("2025-01-01") instance of date': True,
    'date and time("2025-01-01T00:00") instance of date': False,
    'date and time("2025-01-01T00:00") instance of date and time': True,
    'duration("P1D") instance of duration': True,
}
TEXTS = {
    r'"\"\\\n\t\r\u8003"': '"\\\n\t\r考',
    '"#{not} a ${hint} == !"': "#{not} a ${hint} == !",
    '"名" + string(1)': "名1",
}
ALIASES = {
    "${rounds}": D(2),
    "#{rounds}": D(2),
    " ${ rounds } ": D(2),
    "= rounds + 1": D(3),
    "rounds == 2": True,
    "!on_time": False,
    "!!on_time": True,
    "!(rounds == 2 && on_time)": False,
    "rounds == 5 || on_time": True,
    "rounds != 5": True,
    '${decision == "approve"}': True,
}
TABLE = {
    **ARITHMETIC,
    **COMPARISON,
    **LOGIC,
    **MEMBERSHIP,
    **LISTS_AND_CONTEXTS,
    **LOOPS,
    **TYPES,
    **TEXTS,
    **ALIASES,
}


@pytest.mark.parametrize(("text", "expected"), TABLE.items(), ids=list(TABLE))
def test_an_expression_means_what_the_table_says(text, expected):
    found = compile_expression(text).evaluate(CASE)

    assert found == expected
    assert type(found) is type(expected)


MISTAKES = {
    'rounds + "a"': 8,
    '1 < "a"': 3,
    'rounds = "2"': 8,
    "[1] < [2]": 5,
    "true > false": 6,
    "rounds and true": 1,
    "not(1)": 1,
    "-on_time": 1,
    "missing > 3": 1,
    "on_time and missing": 13,
    "indicator.lnie": 11,
    "decision.line": 10,
    "rounds / 0": 8,
    "0 / rounds / (rounds - 2)": 12,
    "if 1 then 2 else 3": 4,
    "rounds[1]": 1,
    "numbers[1.5]": 9,
    "numbers[0]": 9,
    'numbers["a"]': 9,
    "for x in 5 return x": 10,
    "for x in 1..2.5 return x": 10,
    "some x in [1] satisfies x": 1,
    "rounds in (< nothing, > true)": 23,
    'date("2025-01-01") = date and time("2025-01-01T00:00")': 20,
}


@pytest.mark.parametrize(("text", "column"), MISTAKES.items(), ids=list(MISTAKES))
def test_operands_that_do_not_go_together_are_an_error_at_their_place(text, column):
    expression = compile_expression(text)

    with pytest.raises(FeelError) as fault:
        expression.evaluate(CASE)

    assert fault.value.column == column
    assert fault.value.source == text
    assert str(fault.value) == f"表达式第 {column} 个字符：{fault.value.text}"
    assert isinstance(fault.value, InvalidInput)
