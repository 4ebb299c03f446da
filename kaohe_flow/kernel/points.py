"""Points and coefficients: ``Decimal`` in code, integer thousandths in the database, never a float."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

THOUSAND: Final = 1000
ZERO: Final = Decimal(0)


def half_up(value: Decimal, places: int = 2) -> Decimal:
    """Round half away from zero: 2.345 → 2.35, −2.345 → −2.35.

    Called once per score line and once per total (decision of the scoring pipeline), nowhere else.
    """
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def to_milli(value: Decimal) -> int:
    """Exact integer thousandths. Raises ``ValueError`` when more than three decimals would be lost."""
    milli = value * THOUSAND
    if milli != milli.to_integral_value():
        raise ValueError(f"{value} has more than three decimals")
    return int(milli)


def from_milli(milli: int) -> Decimal:
    """Points out of integer thousandths, without trailing zeros beyond three places."""
    return Decimal(milli).scaleb(-3)
