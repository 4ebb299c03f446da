"""Points: exact thousandths, half away from zero."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_flow.kernel.points import from_milli, half_up, to_milli


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("97.175", "97.18"), ("12.495", "12.50"), ("2.345", "2.35"), ("-2.345", "-2.35"), ("-0.004", "0.00")],
)
def test_halves_go_away_from_zero(exact: str, rounded: str) -> None:
    assert half_up(Decimal(exact)) == Decimal(rounded)


def test_a_fourth_decimal_is_refused_not_lost() -> None:
    with pytest.raises(ValueError, match="three decimals"):
        to_milli(Decimal("0.0001"))


@given(st.integers(-(10**9), 10**9))
def test_thousandths_come_back_as_they_went_in(milli: int) -> None:
    assert to_milli(from_milli(milli)) == milli
