"""Whose affairs a person may read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """Units whose cases a person may read besides their own, and per business line the units it covers."""

    unit_ids: frozenset[int]
    line_unit_ids: Mapping[str, frozenset[int]]
