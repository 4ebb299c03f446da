"""Which competences go with a place."""

from __future__ import annotations

from collections.abc import Iterable


def left_behind(old_chain: Iterable[int], new_chain: Iterable[int]) -> frozenset[int]:
    """Units at which competences end when an officer moves; both chains begin with the officer's unit.

    The unit left, and every unit above it that the new one does not stand under: whoever goes from the
    county to the city no longer reviews for the county; whoever changes stations within it still does.
    """
    old = tuple(old_chain)
    return frozenset(old[:1]) | (frozenset(old) - frozenset(new_chain))
