"""What a cell of a decision table accepts, where that is simple: texts, truth values, ranges of numbers.

Cells that are not simple have no region; the checks then keep quiet about them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final, TypeAlias

ANYTHING: Final = frozenset({"", "-"})
_NUMBER: Final = r"-?\s*\d+(?:\.\d+)?"
_TEXT: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ITEM: Final = re.compile(
    rf'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<truth>true|false)(?!\w)|(?P<open>[\[\](])\s*(?P<low>{_NUMBER})\s*\.\.'
    rf"\s*(?P<high>{_NUMBER})\s*(?P<close>[\[\])])|(?P<sign><=|>=|<|>|=)?\s*(?P<number>{_NUMBER}))\s*(?:,|$)"
)
_NOT: Final = re.compile(r"not\s*\((.*)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers from ``low`` to ``high``; ``None``: no bound; ``*_in``: the bound belongs to it."""

    low: Decimal | None
    high: Decimal | None
    low_in: bool = False
    high_in: bool = False

    def holds(self, number: Decimal) -> bool:
        above = self.low is None or number > self.low or (self.low_in and number == self.low)
        below = self.high is None or number < self.high or (self.high_in and number == self.high)
        return above and below

    def meets(self, other: Span) -> bool:
        """Whether some number is in both."""
        return _begins_within(self, other) and _begins_within(other, self)


def _begins_within(left: Span, right: Span) -> bool:
    """Whether ``left`` begins before ``right`` ends."""
    if left.low is None or right.high is None:
        return True
    return left.low < right.high or (left.low == right.high and left.low_in and right.high_in)


@dataclass(frozen=True, slots=True)
class Values:
    """Some texts or truth values, or (``all_but``) all but these."""

    named: frozenset[str]
    all_but: bool = False

    def holds(self, value: str) -> bool:
        return (value in self.named) != self.all_but

    def meets(self, other: Values) -> bool:
        if self.all_but and other.all_but:
            return True
        if self.all_but or other.all_but:
            listed, excluded = (other, self) if self.all_but else (self, other)
            return bool(listed.named - excluded.named)
        return bool(self.named & other.named)

    def within(self, other: Values) -> bool:
        """Whether everything accepted here is accepted there."""
        if self.all_but:
            return other.all_but and other.named <= self.named
        return not self.named & other.named if other.all_but else self.named <= other.named


Region: TypeAlias = Values | tuple[Span, ...]
EVERYTHING: Final = Values(frozenset(), all_but=True)


def region(text: str) -> Region | None:
    """What the cell accepts; ``None`` where that is not simple. ``EVERYTHING`` fits any kind of column."""
    if text.strip() in ANYTHING:
        return EVERYTHING
    negated = _NOT.fullmatch(text.strip())
    if negated is None:
        return _listed(text)
    inside = _listed(negated[1])
    return Values(inside.named, not inside.all_but) if isinstance(inside, Values) else None


def _listed(text: str) -> Region | None:
    place, values, spans = 0, set[str](), list[Span]()
    while place < len(text):
        match = _ITEM.match(text, place)
        if match is None:
            return None
        if match["text"] or match["truth"]:
            values.add(match["text"] or match["truth"])
        else:
            spans.append(_span(match))
        place = match.end()
    if bool(values) == bool(spans):
        return None
    return Values(frozenset(values)) if values else tuple(spans)


def _span(match: re.Match[str]) -> Span:
    if match["open"]:
        return Span(number(match["low"]), number(match["high"]), match["open"] == "[", match["close"] == "]")
    value = number(match["number"])
    sign = match["sign"] or "="
    if sign == "=":
        return Span(value, value, low_in=True, high_in=True)
    if sign.startswith("<"):
        return Span(None, value, high_in=sign == "<=")
    return Span(value, None, low_in=sign == ">=")


def number(text: str) -> Decimal:
    """A numeral as written in a cell."""
    return Decimal("".join(text.split()))


def meet(left: Region, right: Region) -> bool:
    """Whether some value is accepted by both."""
    if isinstance(left, Values) and isinstance(right, Values):
        return left.meets(right)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return any(a.meets(b) for a in left for b in right)
    return EVERYTHING in (left, right)


def within(inner: Region, outer: Region) -> bool:
    """Whether everything ``inner`` accepts is accepted by ``outer``; false where that takes several spans."""
    if outer == EVERYTHING:
        return True
    if isinstance(inner, Values) and isinstance(outer, Values):
        return inner.within(outer)
    if isinstance(inner, tuple) and isinstance(outer, tuple):
        return all(any(_inside(a, b) for b in outer) for a in inner)
    return False


def _inside(inner: Span, outer: Span) -> bool:
    low = outer.low is None or (
        inner.low is not None
        and (inner.low > outer.low or (inner.low == outer.low and (outer.low_in or not inner.low_in)))
    )
    high = outer.high is None or (
        inner.high is not None
        and (inner.high < outer.high or (inner.high == outer.high and (outer.high_in or not inner.high_in)))
    )
    return low and high


def holds(accepted: Region | None, atom: str | Decimal) -> bool:
    """Whether one value is accepted; a cell that is not simple is taken to accept everything."""
    if accepted is None or accepted == EVERYTHING:
        return True
    if isinstance(accepted, tuple):
        return isinstance(atom, Decimal) and any(span.holds(atom) for span in accepted)
    return isinstance(atom, str) and accepted.holds(atom)


def literals(text: str) -> tuple[str, ...]:
    """The quoted texts of a list such as ``"a","b"``, quotes included."""
    return tuple(match.group() for match in _TEXT.finditer(text))


def samples(regions: Sequence[Region | None], listed: str, kind: str) -> tuple[str | Decimal, ...]:
    """Values that stand for all a column can meet between the smallest and the largest it speaks of.

    Texts: the listed values, else those named. Numbers: every bound and one number between two neighbours.
    """
    if kind == "boolean":
        return ("true", "false")
    if literals(listed):
        return literals(listed)
    named = {name for each in regions if isinstance(each, Values) for name in each.named}
    bounds = sorted({bound for each in regions if isinstance(each, tuple) for bound in _bounds(each)})
    numbers = sorted([*bounds, *((low + high) / 2 for low, high in pairwise(bounds))])
    met = [each for each in numbers if each not in (numbers[0], numbers[-1]) or _met(each, regions)]
    return (*sorted(named), *met)


def _met(number: Decimal, regions: Sequence[Region | None]) -> bool:
    """Whether some cell speaks of a number; the outermost bounds may belong to nobody."""
    return any(isinstance(each, tuple) and holds(each, number) for each in regions)


def _bounds(spans: tuple[Span, ...]) -> Iterable[Decimal]:
    return (bound for span in spans for bound in (span.low, span.high) if bound is not None)
