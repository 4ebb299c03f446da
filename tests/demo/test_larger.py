from __future__ import annotations

from collections import Counter

import pytest

from kaohe_flow.demo import pen
from kaohe_flow.demo.catalogue import contents
from kaohe_flow.demo.city import POSTS, City
from kaohe_flow.demo.loading import CITIES
from kaohe_flow.organization.unit.rules import UnitKind
from kaohe_flow.scheme.indicator.rules import Mode

SMALL, FULL = CITIES["small"](), CITIES["full"]()
BOTH = pytest.mark.parametrize("city", [SMALL, FULL], ids=lambda city: city.scale)


@pytest.mark.parametrize(
    ("city", "officers", "months", "each"), [(SMALL, 600, 6, 6), (FULL, 6140, 12, 8)], ids=["small", "full"]
)
def test_a_scale_has_the_figures_it_announces(city: City, officers: int, months: int, each: int) -> None:
    assert (len(city.posts), city.months, city.each) == (officers, months, each)


def test_the_full_city_has_all_departments_counties_and_branches() -> None:
    kinds = Counter(FULL.kinds.values())

    assert kinds[UnitKind.DEPARTMENT] == 28
    assert (kinds[UnitKind.COUNTY_BUREAU], kinds[UnitKind.BRANCH]) == (12, 5)
    assert 140 <= kinds[UnitKind.STATION] <= 160


@BOTH
def test_the_people_of_the_story_come_first(city: City) -> None:
    assert city.posts[: len(POSTS)] == POSTS


@BOTH
def test_every_unit_has_a_code_of_its_own_and_somebody_in_it(city: City) -> None:
    codes = [place.code for place in city.places]

    assert len(set(codes)) == len(codes)
    assert {post.place for post in city.posts} == set(codes)
    assert all(place.parent is None or place.parent in set(codes) for place in city.places)


@BOTH
def test_every_line_is_reviewed_in_every_bureau(city: City) -> None:
    held = {role for post in city.posts for role in post.roles}
    bureaus = {city.bureau_of(code) for code, kind in city.kinds.items() if kind is UnitKind.STATION}

    missing = {f"line_reviewer:{line}@{one}" for line, _, _ in city.lines for one in bureaus} - held
    assert not missing


@BOTH
def test_one_brigade_has_120_officers_and_one_station_three(city: City) -> None:
    heads = Counter(post.place for post in city.posts)

    assert max(heads.values()) == heads["QSX-JJ"] == 120
    assert 3 in {heads[code] for code, kind in city.kinds.items() if kind is UnitKind.STATION}


def test_all_sixty_indicators_are_worded_and_every_task_has_its_sentences() -> None:
    chance = pen.Random(1)

    assert len(contents()) == 60
    told = [code for code, one in contents().items() if one.mode is Mode.TASK and one.measure]
    assert all(pen.summary(chance, code) for code in told if code != "SPEC-04")
