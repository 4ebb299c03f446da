"""``for``, ``some``, ``every`` and filters. Every turn pays for its body before it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from kaohe_flow.kernel.feel import comparison, limits, values
from kaohe_flow.kernel.feel.arithmetic import NUMBERS
from kaohe_flow.kernel.feel.builder import (
    Binding,
    Builder,
    Filtered,
    Node,
    Part,
    Rule,
    children,
    column_of,
    guarded,
    tokens,
)
from kaohe_flow.kernel.feel.errors import FeelError, Unfit
from kaohe_flow.kernel.feel.frame import Code, Frame
from kaohe_flow.kernel.feel.nodes_literal import refuse_reserved
from kaohe_flow.kernel.feel.values import Inner

ITEM: Final = "item"


class _Level(NamedTuple):
    slot: int
    elements: Callable[[Frame], Iterable[Inner] | None]
    cost: int


def _levels(builder: Builder, iterators: list[Node], body: Node) -> tuple[list[_Level], Part]:
    """The nested loops, outermost first, and the body that sees all their names."""
    levels: list[_Level] = []
    bound: list[Binding] = []
    for iterator in iterators:
        token = tokens(iterator)[0]
        refuse_reserved(token)
        with builder.within(*bound):
            elements, cost = _domain(builder, children(iterator)[0])
        bound.append(Binding(token.value, builder.new_slot()))
        levels.append(_Level(bound[-1].slot, elements, cost))
    with builder.within(*bound):
        part = builder.build(body)
    return levels, part


def _domain(builder: Builder, node: Node) -> tuple[Callable[[Frame], Iterable[Inner] | None], int]:
    column = column_of(node)
    if node.data == "span":
        low, high = (builder.build(child) for child in children(node))
        return _span(low.run, high.run, column), low.cost + high.cost + 1
    part = builder.build(node)
    code = part.run

    def elements(frame: Frame) -> Iterable[Inner] | None:
        value = code(frame)
        if value is None or isinstance(value, list):
            return value
        raise FeelError(f"in 后面应是列表，得到的是{values.title(value)}", column)

    return elements, part.cost


def _span(low: Code, high: Code, column: int) -> Callable[[Frame], Iterable[Inner] | None]:
    """``1..5`` or ``5..1``, both ends included; made one by one, so that only turns taken are paid for."""

    def elements(frame: Frame) -> Iterable[Inner] | None:
        first, last = low(frame), high(frame)
        if first is None or last is None:
            return None
        if not (_is_whole(first) and _is_whole(last)):
            raise FeelError("“..”的两端应为整数", column)
        assert isinstance(first, Decimal)
        assert isinstance(last, Decimal)
        if NUMBERS.subtract(last, first).copy_abs() >= limits.MAX_LIST:
            raise FeelError(f"范围超过 {limits.MAX_LIST} 项，请缩小", column)
        start, stop = int(first), int(last)
        step = 1 if start <= stop else -1
        return map(Decimal, range(start, stop + step, step))

    return elements


def _is_whole(value: Inner) -> bool:
    return isinstance(value, Decimal) and value == value.to_integral_value()


def _turns(frame: Frame, levels: Sequence[_Level], cost: int) -> Iterator[bool]:
    """Set the slots for every combination, paying for each turn; yields False once if a domain is null."""
    level, *inner = levels
    elements = level.elements(frame)
    if elements is None:
        yield False
        return
    price = inner[0].cost + 1 if inner else cost + 1
    for element in elements:
        frame.spend(price)
        frame.slots[level.slot] = element
        if inner:
            yield from _turns(frame, inner, cost)
        else:
            yield True


def loop(builder: Builder, node: Node) -> Part:
    """``for x in list, y in 1..3 return …``; null instead of a list makes the whole loop null."""
    *iterators, body = children(node)
    levels, part = _levels(builder, iterators, body)
    code, cost = part.run, part.cost

    def run(frame: Frame) -> Inner:
        made: list[Inner] = []
        for is_turn in _turns(frame, levels, cost):
            if not is_turn:
                return None
            made.append(code(frame))
            if len(made) > limits.MAX_LIST:
                values.within_list(len(made))
        return made

    column = column_of(node)
    return Part(guarded(column, run), cost + sum(level.cost for level in levels) + 1, column)


def quantified(builder: Builder, node: Node) -> Part:
    """``some x in list satisfies …`` and ``every``; three-valued, and stops as soon as it is decided."""
    *iterators, body = children(node)
    word = tokens(node)[0]
    decisive = word.type == "SOME"
    levels, part = _levels(builder, iterators, body)
    code, cost = part.run, part.cost

    def run(frame: Frame) -> Inner:
        unknown = False
        for is_turn in _turns(frame, levels, cost):
            answer = comparison.truth(code(frame), "satisfies 后面") if is_turn else None
            if answer is decisive:
                return decisive
            unknown = unknown or answer is None
        return None if unknown else not decisive

    column = column_of(node)
    total = cost + sum(level.cost for level in levels) + 1
    return Part(guarded(column, run), total, column, condition=True)


def filter_list(builder: Builder, node: Node) -> Part:
    """``list[2]``, ``list[-1]``, ``list[item > 2]``, ``rows[points > 3]``.

    Inside, ``item`` is the element and, if it is a context, its entries are names. A place beyond the end
    gives null. Only true keeps an element; null does not.
    """
    owner = builder.build(children(node)[0])
    slot = builder.new_slot()
    with builder.within(Filtered(slot), Binding(ITEM, slot)):
        body = builder.build(children(node)[1])
    column, code, price = body.column, body.run, body.cost + 1

    def run(frame: Frame) -> Inner:
        elements = owner.run(frame)
        if elements is None:
            return None
        if not isinstance(elements, list):
            raise FeelError(f"“[ ]”前面是{values.title(elements)}，只有列表才能筛选", owner.column)
        kept: list[Inner] = []
        for element in elements:
            frame.spend(price)
            frame.slots[slot] = element
            answer = code(frame)
            if isinstance(answer, Decimal):
                return _at(elements, answer)
            if comparison.truth(answer, "[ ] 里的条件"):
                kept.append(element)
        return kept if elements or body.condition else None

    return Part(guarded(column, run), owner.cost + price, column_of(node))


def _at(elements: list[Inner], place: Decimal) -> Inner:
    if not _is_whole(place) or not place:
        raise Unfit("序号应为整数，从 1 数起，负数从末尾数起")
    if place.copy_abs() > len(elements):
        return None
    return elements[int(place) - 1 if place > 0 else int(place)]


RULES: Final[Mapping[str, Rule]] = {"loop": loop, "quantified": quantified, "filter": filter_list}
