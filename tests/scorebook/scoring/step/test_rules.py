"""Rounding and showing of figures."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_flow.scorebook.scoring.step.rules import settle, shown


@pytest.mark.parametrize(
    ("exact", "settled"),
    [("2.345", "2.35"), ("-2.345", "-2.35"), ("12.495", "12.50"), ("97.175", "97.18"), ("-0.004", "0.00")],
)
def test_half_goes_away_from_zero(exact: str, settled: str) -> None:
    assert settle(Decimal(exact), 2) == Decimal(settled)


def test_nine_ninths_are_one() -> None:
    """Nine times 0.111…1 falls short of 1 at the 28th digit; the half must not be lost to that."""
    exact = sum([Decimal(1) / 9] * 9) - Decimal("0.005")

    assert exact < Decimal("0.995")
    assert settle(exact, 2) == Decimal("1.00")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("10.00", "10"),
        ("0.50", "0.5"),
        ("-0.00", "0"),
        ("1E+2", "100"),
        ("0.12345678", "0.123457"),
        ("-3", "-3"),
    ],
)
def test_a_figure_is_shown_plainly(value: str, text: str) -> None:
    assert shown(Decimal(value)) == text


@given(st.decimals(-1000, 1000, places=3))
def test_what_is_shown_is_the_value(value: Decimal) -> None:
    assert Decimal(shown(value)) == value
