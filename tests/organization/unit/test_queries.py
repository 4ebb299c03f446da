"""Chains, subtrees, the tree."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from kaohe_flow.organization.unit import queries
from tests.factories.organization import TODAY, MiniCity
from tests.factories.writing import wide
from tests.organization.conftest import Counter


def test_a_chain_runs_from_the_unit_to_its_authority(session: Session, city: MiniCity) -> None:
    chain = queries.chain(session, city.squad)

    assert [unit.id for unit in chain] == [city.squad, city.station, city.county, city.bureau]


def test_there_are_two_authorities_and_each_chain_ends_at_its_own(session: Session, city: MiniCity) -> None:
    assert [unit.id for unit in queries.roots(session)] == [city.bureau, city.organs]
    assert queries.root(session, city.far_station).id == city.bureau
    assert queries.root(session, city.legal).id == city.organs


def test_steps_up_and_levels_find_the_unit_or_none(session: Session, city: MiniCity) -> None:
    above = queries.ancestor(session, city.squad, 2)
    at_two = queries.at_level(session, city.squad, 2)

    assert above is not None
    assert at_two is not None
    assert above.id == at_two.id == city.county
    assert queries.ancestor(session, city.squad, 4) is None
    assert queries.ancestor(session, city.squad, -1) is None
    assert queries.at_level(session, city.legal, 3) is None


def test_many_chains_cost_one_statement(session: Session, city: MiniCity, statements: Counter) -> None:
    with statements() as sent:
        chains = queries.chains(session, [city.squad, city.legal, 999_999])

    assert set(chains) == {city.squad, city.legal}
    assert len(sent) == 1


def test_a_subtree_holds_the_unit_and_all_below(session: Session, city: MiniCity) -> None:
    assert queries.subtree_ids(session, city.county) == {
        city.county,
        city.station,
        city.far_station,
        city.squad,
    }
    assert queries.subtree_ids(session, city.squad) == {city.squad}
    assert queries.subtree_ids(session, 999_999) == frozenset()


def test_the_tree_counts_officers_upward(session: Session, city: MiniCity) -> None:
    bureau, organs = queries.tree(session, TODAY, {city.station: 4, city.squad: 1, city.legal: 1})

    county = bureau.children[0]
    station = next(branch for branch in county.children if branch.unit_id == city.station)
    assert (station.officers, station.total, county.total, bureau.total) == (4, 5, 5, 5)
    assert organs.total == 1


def test_search_stays_within_the_scope_and_takes_signs_literally(session: Session, city: MiniCity) -> None:
    everywhere = queries.search(session, "派出所", day=TODAY)
    own = queries.search(session, wide("qsx-cg"), day=TODAY, within=frozenset({city.station}))

    assert {unit.id for unit in everywhere} == {city.station, city.far_station, city.squad}
    assert [unit.id for unit in own] == [city.station]
    assert queries.search(session, "%", day=TODAY) == ()


def test_an_unknown_unit_is_named(session: Session, city: MiniCity) -> None:
    with pytest.raises(queries.UnitNotFound, match="没有找到单位“XX”"):
        queries.by_code(session, "XX")
    with pytest.raises(queries.UnitNotFound):
        queries.chain(session, 999_999)


def test_children_are_those_of_the_day(session: Session, city: MiniCity) -> None:
    assert [unit.id for unit in queries.children(session, city.county, TODAY)] == [
        city.station,
        city.far_station,
    ]
    assert queries.children(session, city.county, TODAY.replace(year=2019)) == ()
