"""Which competences go with a place."""

from __future__ import annotations

import pytest

from kaohe_flow.organization.change.rules import left_behind

CITY, COUNTY, OTHER_COUNTY, STATION, FAR, SQUAD = range(1, 7)


@pytest.mark.parametrize(
    ("old", "new", "left"),
    [
        ((STATION, COUNTY, CITY), (FAR, COUNTY, CITY), {STATION}),
        ((STATION, COUNTY, CITY), (SQUAD, STATION, COUNTY, CITY), {STATION}),
        ((SQUAD, STATION, COUNTY, CITY), (STATION, COUNTY, CITY), {SQUAD}),
        ((STATION, COUNTY, CITY), (OTHER_COUNTY, CITY), {STATION, COUNTY}),
        ((STATION, COUNTY, CITY), (), {STATION, COUNTY, CITY}),
        ((), (STATION, COUNTY), set()),
    ],
)
def test_what_is_held_where_one_no_longer_serves_is_left_behind(
    old: tuple[int, ...], new: tuple[int, ...], left: set[int]
) -> None:
    assert left_behind(old, new) == left
