"""Tests: what stands after ``in`` and in the cells of decision tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from kaohe_flow.kernel.feel import comparison
from kaohe_flow.kernel.feel.builder import Builder, Node, Part, Rule, children, column_of, guarded, tokens
from kaohe_flow.kernel.feel.errors import FeelError, Unfit
from kaohe_flow.kernel.feel.frame import Frame
from kaohe_flow.kernel.feel.nodes_operator import opposite
from kaohe_flow.kernel.feel.values import Inner

Matching: TypeAlias = Callable[[Frame, Inner], bool | None]


class Check(NamedTuple):
    """One compiled test: whether a value passes it; null if that cannot be said."""

    matches: Matching
    cost: int


def input_value(builder: Builder, node: Node) -> Part:
    """``?``, the value a cell is tested against."""
    slot = builder.input_slot
    if slot is None:
        raise FeelError("“?”只能写在决策表的输入单元格里", column_of(node))
    builder.reads_input = True
    return Part(lambda frame: frame.slots[slot], 1, column_of(node))


def within(builder: Builder, node: Node) -> Part:
    """``x in …``: a list, a range, a comparison, or several of them in brackets."""
    subject, target = children(node)
    part = builder.build(subject)
    test = either([build_test(builder, child) for child in _members(target)])
    column, code = column_of(tokens(node)[0]), part.run
    return Part(
        guarded(column, lambda frame: test.matches(frame, code(frame))),
        part.cost + test.cost,
        column,
        condition=True,
    )


def _members(target: Node) -> list[Node]:
    return children(target) if target.data == "group" else [target]


def negated(builder: Builder, node: Node) -> Part:
    """``not(x)`` inside an expression: one condition in the brackets."""
    inner = children(node)
    if len(inner) != 1 or inner[0].data in {"unary", "interval"}:
        raise FeelError("not() 的括号里只写一个条件；排除几个值请写 not(x in (…))", column_of(node))
    return opposite(builder.build(inner[0]), column_of(node))


def either(tests: Sequence[Check]) -> Check:
    """Passed when one of the tests is passed; null when none is but one cannot be said."""
    if len(tests) == 1:
        return tests[0]
    matchings = [test.matches for test in tests]

    def matches(frame: Frame, value: Inner) -> bool | None:
        unknown = False
        for matching in matchings:
            answer = matching(frame, value)
            if answer:
                return True
            unknown = unknown or answer is None
        return None if unknown else False

    return Check(matches, 1 + sum(test.cost for test in tests))


def build_test(builder: Builder, node: Node) -> Check:
    """A comparison ``< 5``, a range ``[1..5]``, or an expression whose value is to be met."""
    if node.data == "unary":
        return _unary(builder, node)
    if node.data == "interval":
        return _interval(builder, node)
    return member_test(builder.build(node))


def member_test(part: Part) -> Check:
    """Passed by the value of the expression or, if that is a list, by each of its elements."""
    code = part.run

    def matches(frame: Frame, value: Inner) -> bool | None:
        wanted = code(frame)
        if comparison.same(frame, value, wanted):
            return True
        if not isinstance(wanted, list):
            return False
        frame.spend(len(wanted))
        return any(comparison.same(frame, value, element) for element in wanted)

    return _check(part.column, matches, part.cost + 1)


def _unary(builder: Builder, node: Node) -> Check:
    sign = tokens(node)[0]
    part = builder.build(children(node)[0])
    compare, code = comparison.COMPARISONS[sign.value], part.run
    return _check(column_of(sign), lambda frame, value: compare(frame, value, code(frame)), part.cost + 1)


def _interval(builder: Builder, node: Node) -> Check:
    """Square brackets that embrace the ends include them; ``(`` ``)`` and reversed ones do not."""
    low, high = (builder.build(child) for child in children(node))
    opening, closing = tokens(node)
    above = comparison.at_least if opening.type == "LSQB" else comparison.greater
    below = comparison.at_most if closing.type == "RSQB" else comparison.less

    def matches(frame: Frame, value: Inner) -> bool | None:
        return comparison.both(above(frame, value, low.run(frame)), below(frame, value, high.run(frame)))

    return _check(column_of(opening), matches, low.cost + high.cost + 1)


def _check(column: int, matches: Matching, cost: int) -> Check:
    """A check whose refusals are reported at ``column``."""

    def guard(frame: Frame, value: Inner) -> bool | None:
        try:
            return matches(frame, value)
        except Unfit as misfit:
            raise FeelError(str(misfit), column) from misfit

    return Check(guard, cost)


def cell(builder: Builder, node: Node) -> Check:
    """All tests of one cell. ``not(…)`` around the whole cell turns the answer round."""
    parts = children(node)
    if len(parts) == 1 and parts[0].data == "negated":
        return _none_of(either([_cell_test(builder, child) for child in children(parts[0])]))
    return either([_cell_test(builder, child) for child in parts])


def _none_of(test: Check) -> Check:
    def matches(frame: Frame, value: Inner) -> bool | None:
        answer = test.matches(frame, value)
        return None if answer is None else not answer

    return Check(matches, test.cost)


def _cell_test(builder: Builder, node: Node) -> Check:
    """In a cell an expression that reads ``?`` or can only be true or false is a condition of its own."""
    if node.data in {"unary", "interval"}:
        return build_test(builder, node)
    builder.reads_input = False
    part = builder.build(node)
    if not (builder.reads_input or part.condition):
        return member_test(part)
    code = part.run
    return _check(part.column, lambda frame, value: comparison.truth(code(frame), "单元格的条件"), part.cost)


RULES: Final[Mapping[str, Rule]] = {"input": input_value, "within": within, "negated": negated}
