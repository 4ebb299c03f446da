"""Arithmetic, comparison, logic, ``if``, ``between`` and ``instance of``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from kaohe_flow.kernel.feel import arithmetic, comparison
from kaohe_flow.kernel.feel.builder import Builder, Node, Part, Rule, children, column_of, guarded, tokens
from kaohe_flow.kernel.feel.errors import FeelError, Unfit
from kaohe_flow.kernel.feel.frame import Frame
from kaohe_flow.kernel.feel.values import Inner, Months

_OPERATORS: Final[Mapping[str, arithmetic.Operator]] = {
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "**": arithmetic.power,
}
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (date,),
    "date and time": (datetime,),
    "duration": (timedelta, Months),
    "list": (list,),
    "context": (dict,),
}


def chain(builder: Builder, node: Node) -> Part:
    """``a + b - c``, ``a * b / c``, ``a ** b``: from left to right."""
    first, *others = (builder.build(child) for child in children(node))
    signs = tokens(node)
    steps = [
        (_OPERATORS[sign.value], part.run, column_of(sign)) for sign, part in zip(signs, others, strict=True)
    ]
    start = first.run

    def run(frame: Frame) -> Inner:
        value = start(frame)
        for operate, code, column in steps:
            try:
                value = operate(value, code(frame))
                if type(value) is str:
                    frame.spend_text(len(value))
            except Unfit as misfit:
                raise FeelError(str(misfit), column) from misfit
        return value

    cost = first.cost + sum(part.cost for part in others) + 1
    constant = first.constant and all(part.constant for part in others)
    return Part(run, cost, column_of(node), constant=constant)


def negation(builder: Builder, node: Node) -> Part:
    """``-x``."""
    part = builder.build(children(node)[0])
    code, column = part.run, column_of(node)
    run = guarded(column, lambda frame: arithmetic.negate(code(frame)))
    return Part(run, part.cost + 1, column, constant=part.constant)


def compare(builder: Builder, node: Node) -> Part:
    """``a < b`` and its kin."""
    left, right = (builder.build(child) for child in children(node))
    sign = tokens(node)[0]
    return comparison_part(sign.value, column_of(sign), left, right)


def comparison_part(sign: str, column: int, left: Part, right: Part) -> Part:
    """A comparison of two compiled operands, faults reported at ``column``."""
    test, left_run, right_run = comparison.COMPARISONS[sign], left.run, right.run

    def run(frame: Frame) -> Inner:
        try:
            return test(frame, left_run(frame), right_run(frame))
        except Unfit as misfit:
            raise FeelError(str(misfit), column) from misfit

    return Part(run, left.cost + right.cost + 1, column, condition=True)


def between(builder: Builder, node: Node) -> Part:
    """``x between a and b``, both ends included."""
    value, low, high = (builder.build(child) for child in children(node))
    column = column_of(tokens(node)[0])

    def run(frame: Frame) -> Inner:
        found = value.run(frame)
        return comparison.both(
            comparison.at_least(frame, found, low.run(frame)),
            comparison.at_most(frame, found, high.run(frame)),
        )

    return Part(guarded(column, run), value.cost + low.cost + high.cost + 1, column, condition=True)


def _connective(decisive: bool, word: str) -> Rule:
    """``and`` is decided by the first false, ``or`` by the first true; what comes after is not evaluated."""

    def rule(builder: Builder, node: Node) -> Part:
        parts = [builder.build(child) for child in children(node)]
        steps = [(part.run, part.column) for part in parts]

        def run(frame: Frame) -> Inner:
            unknown = False
            for code, column in steps:
                value = code(frame)
                if value is decisive:
                    return decisive
                if value is None:
                    unknown = True
                elif not isinstance(value, bool):
                    raise FeelError(_no_truth(value, word), column)
            return None if unknown else not decisive

        return Part(run, sum(part.cost for part in parts) + 1, column_of(node), condition=True)

    return rule


def _no_truth(value: Inner, word: str) -> str:
    try:
        comparison.truth(value, f"{word} 的两边")
    except Unfit as misfit:
        return str(misfit)
    raise AssertionError("a truth value was reported as none")


def bang(builder: Builder, node: Node) -> Part:
    """``!x``, the alias of ``not(x)``."""
    return opposite(builder.build(children(node)[0]), column_of(node))


def opposite(part: Part, column: int) -> Part:
    """``not(x)``: null stays null."""
    code = part.run

    def run(frame: Frame) -> Inner:
        value = comparison.truth(code(frame), "not()")
        return None if value is None else not value

    return Part(guarded(column, run), part.cost + 1, column, condition=True)


def conditional(builder: Builder, node: Node) -> Part:
    """``if a then b else c``; null counts as not true."""
    test, then, otherwise = (builder.build(child) for child in children(node))
    column = test.column

    def run(frame: Frame) -> Inner:
        holds = comparison.truth(test.run(frame), "if 的条件")
        return then.run(frame) if holds else otherwise.run(frame)

    cost = test.cost + then.cost + otherwise.cost + 1
    return Part(guarded(column, run), cost, column_of(node), then.condition and otherwise.condition)


def instance(builder: Builder, node: Node) -> Part:
    """``x instance of number``; null is an instance of nothing."""
    part = builder.build(children(node)[0])
    token = tokens(children(node)[1])[0]
    wanted = _TYPES.get(" ".join(token.value.split()))
    if wanted is None:
        raise FeelError(f"不认识的类型“{token.value}”，可用：{'、'.join(_TYPES)}", column_of(token))
    kinds, code = frozenset(wanted), part.run
    return Part(lambda frame: type(code(frame)) in kinds, part.cost + 1, column_of(node), condition=True)


RULES: Final[Mapping[str, Rule]] = {
    "addition": chain,
    "product": chain,
    "power": chain,
    "negation": negation,
    "comparison": compare,
    "between": between,
    "conjunction": _connective(decisive=False, word="and"),
    "disjunction": _connective(decisive=True, word="or"),
    "bang": bang,
    "conditional": conditional,
    "instance": instance,
}
