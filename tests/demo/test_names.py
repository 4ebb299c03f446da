from __future__ import annotations

from itertools import islice

from kaohe_flow.demo.city import BUREAU, COUNTY, ORGANS, PLACES, POSTS
from kaohe_flow.demo.names import names
from kaohe_flow.organization.officer.rules import NAME


def test_the_same_people_live_in_the_city_every_time() -> None:
    first, again = list(islice(names(7), 500)), list(islice(names(7), 500))

    assert first == again
    assert len(set(first)) == 500
    assert all(NAME.fullmatch(name) for name in first)


def test_the_city_has_sixty_posts_in_two_chains() -> None:
    codes = {place.code for place in PLACES}

    assert len(POSTS) == 60
    assert {post.place for post in POSTS} == codes
    assert [place.code for place in PLACES if place.parent is None] == [BUREAU, ORGANS]
    assert sum(place.parent == ORGANS for place in PLACES) == 6
    assert sum(place.parent == COUNTY for place in PLACES) == 7


def test_every_competence_has_a_holder_at_both_authorities() -> None:
    held = {role for post in POSTS for role in post.roles}

    for role in ("office", "discipline", "inspection", "political"):
        assert {f"{role}@{root}" for root in (BUREAU, ORGANS)} <= held
    for root in (BUREAU, ORGANS):
        assert sum(f"leading_group@{root}" in post.roles for post in POSTS) >= 3
