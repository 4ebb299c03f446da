"""Lists of officers and batch questions."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.officer import commands, queries
from kaohe_flow.organization.unit import queries as units
from tests.factories.organization import TODAY, MiniCity
from tests.organization.conftest import Counter


def test_members_are_those_of_exactly_the_unit(session: Session, city: MiniCity) -> None:
    members = queries.members_on(session, city.station, TODAY)

    assert [officer.id for officer in members] == [city.wang, city.li, city.qian, city.sun]


def test_the_tree_counts_all_twelve(session: Session, city: MiniCity, statements: Counter) -> None:
    with statements() as sent:
        bureau, organs = queries.tree(session, TODAY)

    assert (bureau.total, organs.total) == (10, 2)
    assert bureau.officers == 2
    assert len(sent) == 2


def test_units_of_many_officers_cost_one_statement(
    session: Session, city: MiniCity, statements: Counter
) -> None:
    with statements() as sent:
        found = queries.units_on(session, (city.wang, city.zhao, city.feng), TODAY)

    assert {officer: unit.id for officer, unit in found.items()} == {
        city.wang: city.station,
        city.zhao: city.squad,
        city.feng: city.legal,
    }
    assert len(sent) == 1


def test_a_station_admin_finds_only_the_own_subtree(session: Session, city: MiniCity) -> None:
    own = units.subtree_ids(session, city.station)

    page = queries.search(session, queries.Search(TODAY, within=own))
    by_name = queries.search(session, queries.Search(TODAY, text="赵", within=own))
    stranger = queries.search(session, queries.Search(TODAY, text="吴越", within=own))

    assert page.total == 5
    assert [(row.officer.name, row.unit and row.unit.id) for row in by_name.rows] == [("赵强", city.squad)]
    assert stranger.total == 0


def test_search_by_number_and_by_pages(session: Session, city: MiniCity) -> None:
    by_number = queries.search(session, queries.Search(TODAY, text="100005"))
    second = queries.search(session, queries.Search(TODAY, number=2, size=5))
    everything = queries.search(session, queries.Search(TODAY, text="_"))

    assert [row.officer.id for row in by_number.rows] == [city.sun]
    assert second.rows[0].officer.police_no == "100006"
    assert (second.total, second.pages, everything.total) == (12, 3, 0)


def test_a_search_shows_those_who_left_without_a_unit(work: Work, city: MiniCity) -> None:
    commands.leave_bureau(work, city.wang, last_day=date(2026, 5, 1))

    (row,) = queries.search(work.session, queries.Search(TODAY, text="王小明")).rows

    assert row.unit is None
    assert queries.serving_among(work.session, (city.wang, city.li)) == {city.li}


def test_unknown_officers_are_named(session: Session, city: MiniCity) -> None:
    with pytest.raises(queries.OfficerNotFound, match="“999999”"):
        queries.by_police_no(session, "999999")
    with pytest.raises(queries.OfficerNotFound):
        queries.get(session, 999_999)
    assert queries.by_police_no(session, "100001").id == city.wang
    assert set(queries.by_ids(session, [city.li, 999_999])) == {city.li}
