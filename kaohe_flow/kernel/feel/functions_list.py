"""Functions on lists and contexts. Missing is never 0: a null among the numbers makes the answer null."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from kaohe_flow.kernel.feel import comparison, values
from kaohe_flow.kernel.feel.arithmetic import NUMBERS
from kaohe_flow.kernel.feel.errors import Unfit
from kaohe_flow.kernel.feel.frame import Frame
from kaohe_flow.kernel.feel.functions_text import whole
from kaohe_flow.kernel.feel.signature import Function
from kaohe_flow.kernel.feel.values import Inner, title


def _count(frame: Frame, elements: list[Inner]) -> Inner:
    return Decimal(len(elements))


def _numbers(name: str, elements: Sequence[Inner]) -> list[Decimal] | None:
    """The elements as numbers; None if there are none or one of them is null."""
    for element in elements:
        if element is not None and not isinstance(element, Decimal):
            raise Unfit(f"{name}() 只能用于数字，列表里有{title(element)}")
    numbers = [element for element in elements if isinstance(element, Decimal)]
    return numbers if numbers and len(numbers) == len(elements) else None


def _total(numbers: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for number in numbers:
        total = NUMBERS.add(total, number)
    return total


def _sum(frame: Frame, elements: Sequence[Inner]) -> Inner:
    numbers = _numbers("sum", elements)
    return None if numbers is None else _total(numbers)


def _mean(frame: Frame, elements: Sequence[Inner]) -> Inner:
    numbers = _numbers("mean", elements)
    return None if numbers is None else NUMBERS.divide(_total(numbers), Decimal(len(numbers)))


def _comparable(frame: Frame, name: str, elements: Sequence[Inner]) -> list[Any] | None:
    """The elements, if they are all of one ordered kind; None if there are none or one of them is null."""
    kinds = {type(element) for element in elements if element is not None}
    if len(kinds) > 1 or not kinds <= comparison.ORDERED:
        raise Unfit(f"{name}() 的各项要是同一种可以比较大小的值")
    for element in elements:
        if isinstance(element, str):
            frame.spend_text(len(element))
    return None if not kinds or None in elements else list(elements)


def _min(frame: Frame, elements: Sequence[Inner]) -> Inner:
    found = _comparable(frame, "min", elements)
    return None if found is None else min(found)


def _max(frame: Frame, elements: Sequence[Inner]) -> Inner:
    found = _comparable(frame, "max", elements)
    return None if found is None else max(found)


def _sort(frame: Frame, elements: list[Inner]) -> Inner:
    found = _comparable(frame, "sort", elements) if elements else []
    return None if found is None else sorted(found)


def _quantifier(name: str, decisive: bool) -> Callable[[Frame, Sequence[Inner]], Inner]:
    def apply(frame: Frame, elements: Sequence[Inner]) -> Inner:
        answers = [comparison.truth(element, f"{name}() 的每一项") for element in elements]
        if decisive in answers:
            return decisive
        return None if None in answers else not decisive

    return apply


def _list_contains(frame: Frame, elements: list[Inner], wanted: Inner) -> Inner:
    return any(comparison.same(frame, element, wanted) for element in elements)


def _index_of(frame: Frame, elements: list[Inner], wanted: Inner) -> Inner:
    return [Decimal(n) for n, element in enumerate(elements, 1) if comparison.same(frame, element, wanted)]


def _built(frame: Frame, elements: list[Inner]) -> list[Inner]:
    values.within_list(len(elements))
    frame.spend(len(elements))
    return elements


def _append(frame: Frame, elements: list[Inner], element: Inner) -> Inner:
    return _built(frame, [*elements, element])


def _concatenate(frame: Frame, left: list[Inner], right: list[Inner]) -> Inner:
    values.within_list(len(left) + len(right))
    return _built(frame, left + right)


def _distinct_values(frame: Frame, elements: list[Inner]) -> Inner:
    """In the order of their first appearance. Only lists and contexts have to be compared one by one."""
    kept: list[Inner] = []
    compound: list[Inner] = []
    seen: set[tuple[type, object]] = set()
    for element in elements:
        if isinstance(element, list | dict):
            frame.spend(1 + len(compound))
            if any(comparison.same(frame, element, other) for other in compound):
                continue
            compound.append(element)
        elif (type(element), element) in seen:
            continue
        else:
            seen.add((type(element), element))
        kept.append(element)
    return kept


def _flatten(frame: Frame, elements: list[Inner]) -> Inner:
    flat: list[Inner] = []
    rest = [iter(elements)]
    while rest:
        element = next(rest[-1], _END)
        frame.spend(1)
        if element is _END:
            rest.pop()
        elif isinstance(element, list):
            rest.append(iter(element))
        else:
            values.within_list(len(flat) + 1)
            flat.append(element)
    return flat


_END: Final[Any] = object()


def _sublist(frame: Frame, elements: list[Inner], start: Decimal, length: Decimal | None = None) -> Inner:
    first = whole(start, "起始位置")
    if first == 0:
        raise Unfit("起始位置从 1 数起，负数从末尾数起，不能是 0")
    begin = first - 1 if first > 0 else max(len(elements) + first, 0)
    if length is None:
        return elements[begin:]
    return elements[begin : begin + max(whole(length, "长度"), 0)]


def _get_value(frame: Frame, context: dict[str, Inner], key: str) -> Inner:
    return context.get(key)


FUNCTIONS: Final = (
    Function("count", ("list",), _count),
    Function("sum", (), _sum, spread=True),
    Function("mean", (), _mean, spread=True),
    Function("min", (), _min, spread=True),
    Function("max", (), _max, spread=True),
    Function("all", (), _quantifier("all", decisive=False), spread=True, condition=True),
    Function("any", (), _quantifier("any", decisive=True), spread=True, condition=True),
    Function("list contains", ("list", "any"), _list_contains, condition=True),
    Function("index of", ("list", "any"), _index_of),
    Function("append", ("list", "any"), _append),
    Function("concatenate", ("list", "list"), _concatenate),
    Function("distinct values", ("list",), _distinct_values),
    Function("flatten", ("list",), _flatten),
    Function("reverse", ("list",), lambda frame, elements: elements[::-1]),
    Function("sort", ("list",), _sort),
    Function("sublist", ("list", "number", "number?"), _sublist),
    Function("get value", ("context", "text"), _get_value),
)
