"""Limits hold exactly at their edge."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kaohe_flow.scheme.definition.limit.rules import parse_band, parse_limit

TINY = Decimal("0.001")


@pytest.mark.parametrize(
    ("text", "edge", "below", "at", "above"),
    [
        (">= 95%", 95, False, True, True),
        ("≥80", 80, False, True, True),
        ("> 90", 90, False, False, True),
        ("= 100", 100, False, True, False),
        ("100", 100, False, True, False),
        ("≤0.2%", "0.2", True, True, False),
        ("<= 330", 330, True, True, False),
        ("< 60", 60, True, False, False),
        ("\uff1e\uff1d 3", 3, False, True, True),
    ],
)
def test_a_comparison_below_at_and_above_its_limit(
    text: str, edge: int | str, below: bool, at: bool, above: bool
) -> None:
    limit, bound = parse_limit(text), Decimal(edge)

    assert [limit.holds(one) for one in (bound - TINY, bound, bound + TINY)] == [below, at, above]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("[80..95)", True, False),
        ("(80..95]", False, True),
        ("[80..95]", True, True),
        ("(80 .. 95%)", False, False),
    ],
)
def test_a_band_has_its_edges_in_or_out(text: str, low: bool, high: bool) -> None:
    band = parse_band(text)

    assert (band.holds(Decimal(80)), band.holds(Decimal(95))) == (low, high)
    assert band.holds(Decimal(90))
    assert not band.holds(Decimal("79.999"))
    assert not band.holds(Decimal("95.001"))


def test_a_limit_may_be_the_target() -> None:
    limit = parse_limit(">= target")

    assert limit.holds(Decimal(8), Decimal(8))
    with pytest.raises(ValueError, match="目标值"):
        limit.holds(Decimal(8))


@pytest.mark.parametrize("text", ["", "95 以上", ">> 3", "[1..2", "1..2", ">=", "about 3", "[2..1]"])
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        parse_band(text)
