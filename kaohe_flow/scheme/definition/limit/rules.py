"""Limits and bands of a measured value, exact at the edge: ≥ 95 holds at 95 and not at 94.999."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final, TypeAlias

from kaohe_flow.scheme.definition.binding.scalar.rules import Spelled, number, plain

COMPARISON: Final = re.compile(r"(>=|<=|>|<|=|≥|≤)?\s*(target|[-+]?[\d.]+\s*%?)")
RANGE: Final = re.compile(r"([\[(])\s*([-+]?[\d.]+)\s*%?\s*\.\.\s*([-+]?[\d.]+)\s*%?\s*([\])])")
SAME: Final = {"≥": ">=", "≤": "<="}


@dataclass(frozen=True, slots=True)
class Limit:
    """A comparison with a number, or with the target of the fact when ``bound`` is None."""

    op: str
    bound: Decimal | None

    def holds(self, value: Decimal, target: Decimal | None = None) -> bool:
        """Raises ``ValueError`` when the limit is the target and there is none."""
        bound = self.against(target)
        if self.op == ">=":
            return value >= bound
        if self.op == "<=":
            return value <= bound
        if self.op == ">":
            return value > bound
        if self.op == "<":
            return value < bound
        return value == bound

    def against(self, target: Decimal | None) -> Decimal:
        bound = self.bound if self.bound is not None else target
        if bound is None:
            raise ValueError("缺少目标值 target")
        return bound

    @property
    def upward(self) -> bool:
        """More is better: the limit is a minimum."""
        return self.op in {">=", ">", "="}

    def __str__(self) -> str:
        return f"{self.op} {self.bound if self.bound is not None else '目标值'}"


@dataclass(frozen=True, slots=True)
class Range:
    """From ``low`` to ``high``, each edge in or out."""

    low: Decimal
    high: Decimal
    with_low: bool
    with_high: bool

    def holds(self, value: Decimal, _target: Decimal | None = None) -> bool:
        above = value >= self.low if self.with_low else value > self.low
        below = value <= self.high if self.with_high else value < self.high
        return above and below

    def __str__(self) -> str:
        left, right = "[" if self.with_low else "(", "]" if self.with_high else ")"
        return f"{left}{self.low}..{self.high}{right}"


def parse_limit(text: str) -> Limit:
    """ ">= 95", "≤0.2%", "= 0", "> target"; a bare number means equality. A percent sign is only a unit."""
    matched = COMPARISON.fullmatch(plain(text))
    if not matched:
        raise ValueError(f"“{text}”不是比较条件，应写成 >= 95、< 0.2、= 0 或 >= target")
    op = matched[1] or "="
    bound = None if matched[2] == "target" else number(matched[2].rstrip("% "))
    return Limit(SAME.get(op, op), bound)


def parse_band(text: str) -> Limit | Range:
    """A comparison or a range "[80..95)": square brackets include the edge, round ones do not."""
    matched = RANGE.fullmatch(plain(text))
    if not matched:
        try:
            return parse_limit(text)
        except ValueError:
            raise ValueError(f"“{text}”不是条件，应写成 >= 95、< 80 或 [80..95)") from None
    low, high = number(matched[2]), number(matched[3])
    if low > high:
        raise ValueError(f"“{text}”的下限大于上限")
    return Range(low, high, with_low=matched[1] == "[", with_high=matched[4] == "]")


LimitText: TypeAlias = Annotated[Limit, Spelled(parse_limit)]
BandText: TypeAlias = Annotated[Limit | Range, Spelled(parse_band)]
