"""Figures as people read them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kaohe_flow.web.common.filters import figure_text, points, unit_for


@pytest.mark.parametrize(
    ("unit", "name", "shown"),
    [("%", "done", ""), ("%", "target", ""), ("%", "value", "%"), ("件", "done", "件")],
)
def test_only_a_rate_itself_is_told_in_per_cent(unit: str, name: str, shown: str) -> None:
    assert unit_for(unit, name) == shown


def test_a_figure_without_a_unit_ends_with_its_digits() -> None:
    assert figure_text(Decimal("28.000"), "") == "28"
    assert figure_text(None, "件") == "—"


def test_points_are_shown_rounded_as_they_are_booked() -> None:
    assert points(Decimal("2.345")) == "2.35"
    assert points(Decimal("-2.345")) == "−2.35"
