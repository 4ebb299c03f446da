"""Units come, change and end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.unit import commands, queries
from kaohe_flow.organization.unit.model import Unit
from kaohe_flow.organization.unit.rules import Level, NewUnit, RankingPlace, UnitKind
from tests.factories.organization import FOUNDED, TODAY, MiniCity
from tests.factories.writing import wide

MERGED = date(2026, 7, 1)


def station(parent_id: int, code: str = "QSX-XH") -> NewUnit:
    return NewUnit(code, "西河派出所", "西河所", Level.BASIC, UnitKind.STATION, FOUNDED, parent_id=parent_id)


def test_a_unit_hangs_under_a_higher_one_only(work: Work, city: MiniCity) -> None:
    made = commands.establish(work, station(city.county, code=wide("qsx-xh")))

    with pytest.raises(commands.UnitRefused) as refused:
        commands.establish(work, station(city.squad, code="QSX-XX"))

    assert made.code == "QSX-XH"
    assert [problem.where for problem in refused.value.problems] == ["parent_id"]


def test_a_code_is_used_once_for_all_time(work: Work, city: MiniCity) -> None:
    commands.close(work, city.far_station, last_day=TODAY)

    with pytest.raises(commands.UnitCodeTaken, match="河口派出所"):
        commands.establish(work, station(city.county, code="QSX-HK"))


def test_the_database_knows_that_only_the_top_has_no_parent(work: Work, city: MiniCity) -> None:
    orphan = Unit(
        code="X", name="某所", short_name="某所", level=3, kind=UnitKind.STATION, valid_from=FOUNDED
    )
    work.session.add(orphan)

    with pytest.raises(IntegrityError, match="only_the_top_has_no_parent"):
        work.session.flush()
    work.session.rollback()


def test_a_unit_with_units_below_does_not_end(work: Work, city: MiniCity) -> None:
    with pytest.raises(commands.UnitNotEmpty, match="还有 1 个单位"):
        commands.close(work, city.station, last_day=TODAY)


def test_a_merged_unit_is_succeeded_and_stays_readable(work: Work, city: MiniCity) -> None:
    merged = commands.succeed(
        work, city.far_station, replace(station(city.county), name="河西派出所", valid_from=MERGED)
    )

    old = queries.get(work.session, city.far_station)
    assert merged.predecessor_id == old.id
    assert old.valid_to == date(2026, 6, 30)
    before = {unit.id for unit in queries.children(work.session, city.county, date(2026, 6, 30))}
    after = {unit.id for unit in queries.children(work.session, city.county, MERGED)}
    assert old.id in before
    assert merged.id not in before
    assert old.id not in after
    assert merged.id in after


def test_a_unit_does_not_end_before_it_began(work: Work, city: MiniCity) -> None:
    with pytest.raises(commands.UnitEndsTooEarly):
        commands.close(work, city.squad, last_day=date(2019, 12, 31))


def test_units_that_judge_stand_outside_the_ranking(work: Work, city: MiniCity) -> None:
    unit = commands.classify(work, city.politics, RankingPlace(sequence=" ", ranked=False))

    assert (unit.sequence, unit.ranked, unit.pilot) == (None, False, False)


def test_a_name_is_corrected_in_place(work: Work, city: MiniCity) -> None:
    unit = commands.rename(work, city.station, name="城关　派出所", short_name="城关所")

    assert (unit.name, unit.short_name) == ("城关 派出所", "城关所")
    with pytest.raises(commands.UnitRefused):
        commands.rename(work, city.station, name="", short_name="城关所")
