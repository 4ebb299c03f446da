"""One step of the scoring as it is told to the assessed: 为什么是这个分."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Final

from kaohe_flow.kernel.points import half_up

EXACT: Final = Decimal(1).scaleb(-18)
SHOWN_PLACES: Final = 6
ROOMY: Final = 80


@dataclass(frozen=True, slots=True)
class Step:
    """``name`` is fixed for programs, ``label`` Chinese; figures before and after, exact (not rounded)."""

    name: str
    label: str
    formula: str
    before: Decimal
    after: Decimal
    note: str = ""

    @property
    def changed(self) -> bool:
        return self.before != self.after


def settle(value: Decimal, places: int) -> Decimal:
    """Round half away from zero, after taking off what endless divisions left at the 28th digit."""
    with localcontext(prec=ROOMY):
        return half_up(value.quantize(EXACT, rounding=ROUND_HALF_EVEN), places)


def shown(value: Decimal) -> str:
    """A number for people: no exponent, no trailing zeros, at most six places."""
    places = value.as_tuple().exponent
    if isinstance(places, int) and -places > SHOWN_PLACES:
        value = settle(value, SHOWN_PLACES)
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
