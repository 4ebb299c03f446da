"""Chains: one spelling per meaning; a changed byte, place or predecessor shows."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kaohe_flow.kernel.chain import GENESIS, canonical, link


def test_the_order_of_keys_and_the_form_of_accents_do_not_matter() -> None:
    assert canonical({"b": 1, "a": "e\u0301"}) == canonical({"a": "\u00e9", "b": 1})


@pytest.mark.parametrize("value", [1.5, Decimal("1.5"), object()])
def test_what_has_more_than_one_spelling_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical({"points": value})  # type: ignore[dict-item]


def test_stream_place_predecessor_and_content_are_all_bound() -> None:
    whole = link("period:1", 1, GENESIS, b"x")

    others = {
        link("period:2", 1, GENESIS, b"x"),
        link("period:1", 2, GENESIS, b"x"),
        link("period:1", 1, b"\1" * 32, b"x"),
        link("period:1", 1, GENESIS, b"y"),
    }

    assert whole not in others
    assert len(others) == 4
