"""Equality, order and truth, with null as the third answer.

Where the standard answers null because the operands do not go together (``1 < "a"``), this language
refuses to answer: a gateway must not take its default way because of a misspelt condition. Null itself
is no mistake: ``null < 3`` is null, ``null = null`` is true, ``null = 3`` is false.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, TypeAlias

from kaohe_flow.kernel.feel.errors import Unfit
from kaohe_flow.kernel.feel.frame import Frame
from kaohe_flow.kernel.feel.values import Inner, title

Comparison: TypeAlias = Callable[[Frame, Inner, Inner], bool | None]

ORDERED: Final = frozenset({Decimal, str, date, datetime, timedelta})


def same(frame: Frame, left: Inner, right: Inner) -> bool:
    """Whether the values are equal; values of different kinds are not. Numbers by value: 1.0 is 1."""
    if type(left) is not type(right):
        return False
    if isinstance(left, list) and isinstance(right, list):
        return _same_lists(frame, left, right)
    if isinstance(left, dict) and isinstance(right, dict):
        return _same_contexts(frame, left, right)
    if isinstance(left, str):
        frame.spend_text(len(left))
    return left == right


def _same_lists(frame: Frame, left: list[Inner], right: list[Inner]) -> bool:
    frame.spend(1 + len(left))
    return len(left) == len(right) and all(same(frame, *pair) for pair in zip(left, right, strict=True))


def _same_contexts(frame: Frame, left: dict[str, Inner], right: dict[str, Inner]) -> bool:
    frame.spend(1 + len(left))
    return left.keys() == right.keys() and all(same(frame, left[key], right[key]) for key in left)


def equal(frame: Frame, left: Inner, right: Inner) -> bool:
    """``=``: like ``same``, but values of two different kinds are a mistake, unless one is null."""
    if type(left) is not type(right) and left is not None and right is not None:
        raise Unfit(f"{title(left)}与{title(right)}不能比较，请先转换成同一种")
    return same(frame, left, right)


def unequal(frame: Frame, left: Inner, right: Inner) -> bool:
    """``!=``."""
    return not equal(frame, left, right)


def _ordering(compare: Callable[[Any, Any], bool]) -> Comparison:
    def apply(frame: Frame, left: Inner, right: Inner) -> bool | None:
        kind = type(left)
        if kind is type(right) and kind in ORDERED:
            if isinstance(left, str):
                frame.spend_text(len(left))
            return compare(left, right)
        if left is None or right is None:
            return None
        if kind is type(right):
            raise Unfit(f"{title(left)}之间不能比较先后或大小")
        raise Unfit(f"{title(left)}与{title(right)}不能比较大小，请先转换成同一种")

    return apply


less: Final = _ordering(operator.lt)
at_most: Final = _ordering(operator.le)
greater: Final = _ordering(operator.gt)
at_least: Final = _ordering(operator.ge)

COMPARISONS: Final[Mapping[str, Comparison]] = {
    "=": equal,
    "==": equal,
    "!=": unequal,
    "<": less,
    "<=": at_most,
    ">": greater,
    ">=": at_least,
}


def truth(value: Inner, where: str) -> bool | None:
    """``value`` if it is true, false or null; anything else is not a condition. ``where`` names the place."""
    if value is None or isinstance(value, bool):
        return value
    raise Unfit(f"{where}需要是非值（true 或 false），得到的是{title(value)}")


def both(left: bool | None, right: bool | None) -> bool | None:
    """Three-valued conjunction."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True
