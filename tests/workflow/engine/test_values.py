"""Process variables are kept exactly, in plain types, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from kaohe_flow.workflow.engine.port import Value
from kaohe_flow.workflow.engine.values import freeze
from kaohe_flow.workflow.errors import VariableRefused

NAIVE = datetime(2025, 1, 1)  # noqa: DTZ001 - what is to be refused


class Grade(StrEnum):
    GOOD = "良"


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ((1, 2), [1, 2]),
        (Grade.GOOD, "良"),
        (datetime(2025, 1, 1, tzinfo=UTC), "2025-01-01T00:00:00+00:00"),
        ({"a": (Decimal("1.0"),)}, {"a": [Decimal("1.0")]}),
        (True, True),
    ],
)
def test_values_are_kept_in_plain_types(value: object, kept: Value) -> None:
    frozen = freeze("v", value)

    assert frozen == kept
    assert type(frozen) is type(kept)


@pytest.mark.parametrize(
    "value",
    [
        0.5,
        float("nan"),
        Decimal("NaN"),
        Decimal("Infinity"),
        NAIVE,
        object(),
        b"x",
        {1: 2},
        {1, 2},
        [[0.5]],
    ],
)
def test_values_that_cannot_be_kept_exactly_are_refused(value: object) -> None:
    with pytest.raises(VariableRefused):
        freeze("v", value)


def test_a_value_nested_beyond_reason_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(50):
        deep = [deep]

    with pytest.raises(VariableRefused):
        freeze("v", deep)
