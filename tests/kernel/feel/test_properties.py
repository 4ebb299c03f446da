"""Random expressions agree with a reading of our own, and what is printed is read back."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_flow.kernel.feel import FeelError, compile_expression

REFERENCE = Context(prec=34, rounding=ROUND_HALF_UP)
numbers = st.decimals(-(10**6), 10**6, places=3, allow_nan=False, allow_infinity=False)


def printed(value: Decimal) -> str:
    return f"{value:f}"


@st.composite
def arithmetic(draw, depth=4):
    """A text and its value, brackets only where the grammar needs them."""
    if depth == 0 or draw(st.booleans()):
        value = draw(numbers)
        return (f"({printed(value)})" if value < 0 else printed(value)), value
    sign = draw(st.sampled_from("+-*"))
    left, left_value = draw(arithmetic(depth=depth - 1))
    right, right_value = draw(arithmetic(depth=depth - 1))
    operations = {"+": REFERENCE.add, "-": REFERENCE.subtract, "*": REFERENCE.multiply}
    return f"({left}) {sign} ({right})", operations[sign](left_value, right_value)


@given(arithmetic())
def test_arithmetic_agrees_with_decimal(pair):
    text, value = pair

    assert compile_expression(text).evaluate({}) == value


@given(st.lists(st.tuples(st.sampled_from("+-*/"), numbers), min_size=1, max_size=12), numbers)
def test_chains_bind_like_arithmetic_at_school(steps, first):
    text = printed(first)
    sums, product = [], first
    try:
        for sign, value in steps:
            text += f" {sign} {printed(value)}"
            if sign == "*":
                product = REFERENCE.multiply(product, value)
            elif sign == "/":
                product = REFERENCE.divide(product, value)
            else:
                sums.append(product)
                product = value if sign == "+" else REFERENCE.minus(value)
        expected = Decimal(0)
        for part in [*sums, product]:
            expected = REFERENCE.add(expected, part)
    except ArithmeticError:
        with pytest.raises(FeelError):
            compile_expression(text)
        return

    assert compile_expression(text).evaluate({}) == expected


@given(numbers, numbers)
def test_comparison_agrees_with_decimal(left, right):
    context = {"a": left, "b": right}

    for sign, expected in {
        "<": left < right,
        "<=": left <= right,
        "=": left == right,
        "!=": left != right,
    }.items():
        assert compile_expression(f"a {sign} b").evaluate(context) is expected


@given(numbers)
def test_a_number_as_text_is_the_same_number(value):
    assert compile_expression("number(string(x))").evaluate({"x": value}) == value


truths = st.sampled_from([True, False, None])


@given(truths, truths)
def test_de_morgan_holds_for_three_values(a, b):
    context = {"a": a, "b": b}

    left = compile_expression("not(a and b)").evaluate(context)
    right = compile_expression("not(a) or not(b)").evaluate(context)

    assert left is right


values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=20).filter(lambda text: text.isprintable()),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), inner, max_size=4)
    ),
    max_leaves=20,
)


def literal(value: object) -> str:
    """A value as it is written in the language."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Decimal():
            return printed(value)
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case list():
            return f"[{', '.join(literal(element) for element in value)}]"
        case dict():
            return f"{{{', '.join(f'{key}: {literal(element)}' for key, element in value.items())}}}"
    raise AssertionError(value)


@given(values)
def test_a_value_written_as_literal_is_read_back(value):
    assert compile_expression(literal(value)).evaluate({}) == value


@given(values)
def test_a_value_equals_itself(value):
    assert compile_expression("x = x and x in [x]").evaluate({"x": value}) is True


def fault_of(text, context):
    """The failure of an expression, if it fails; any other exception is a broken promise."""
    try:
        compile_expression(text).evaluate(context)
    except FeelError as fault:
        return fault
    return None


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_place(text):
    fault = fault_of(text, {})

    assert fault is None or (1 <= fault.column <= len(text) + 1 and fault.text)


SIGNS = ["(", ")", "[", "]", "{", "}", "+", "-", "*", "/", "<", ">", "=", "!", ",", ".", ":", "?", "..", "**"]
WORDS = [
    "if",
    "then",
    "else",
    "for",
    "in",
    "return",
    "some",
    "every",
    "satisfies",
    "and",
    "or",
    "not",
    "between",
]
OTHERS = [
    "==",
    "&&",
    "||",
    "!=",
    '"a"',
    "x",
    "得分",
    "1",
    "2.5",
    "null",
    "true",
    "item",
    "instance",
    "of",
    "number",
]
CALLS = ["count", "sum", "matches", "string length", "date and time", "is defined"]
FRAGMENTS = st.sampled_from(SIGNS + WORDS + OTHERS + CALLS)


@given(st.lists(FRAGMENTS, max_size=25))
def test_any_heap_of_words_is_read_or_refused_and_never_breaks(words):
    fault = fault_of(" ".join(words), {"x": [1, {"x": 2}], "得分": Decimal("1.5")})

    assert fault is None or fault.column >= 1


@given(numbers, numbers.filter(bool))
def test_the_callers_decimal_context_changes_nothing(left, right):
    expression = compile_expression("decimal(a / b, 3) + modulo(a, b) * -1")
    expected = expression.evaluate({"a": left, "b": right})

    with localcontext(prec=3) as narrow:
        narrow.traps[Inexact] = True
        found = expression.evaluate({"a": left, "b": right})

    assert found == expected
