"""Units come, change and end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.unit import commands, queries
from kaohe_flow.organization.unit.model import Unit
from kaohe_flow.organization.unit.rules import Level, Names, NewUnit, Order, RankingPlace, UnitKind
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
    unit = commands.rename(work, city.station, Names("城关　派出所", "城关所"))

    assert (unit.name, unit.short_name) == ("城关 派出所", "城关所")
    with pytest.raises(commands.UnitRefused):
        commands.rename(work, city.station, Names("", "城关所"))


def test_a_name_changed_by_order_keeps_the_old_one_with_its_days(work: Work, city: MiniCity) -> None:
    commands.rename(
        work, city.station, Names("城东派出所", "城东所"), Order(date(2026, 6, 1), "编办2026年第8号")
    )
    commands.rename(work, city.station, Names("城东中心派出所", "城东所"), Order(TODAY))

    latest, first = queries.past(work.session, city.station)
    assert (first.name, first.valid_from, first.valid_to) == ("城关派出所", FOUNDED, date(2026, 5, 31))
    assert (latest.name, latest.valid_from, latest.valid_to) == (
        "城东派出所",
        date(2026, 6, 1),
        date(2026, 11, 9),
    )
    with pytest.raises(commands.OrderTooEarly, match="现状自 2026-11-10 起"):
        commands.rename(work, city.station, Names("城北派出所", "城北所"), Order(date(2026, 6, 1)))


def test_a_change_waits_for_its_day(work: Work, city: MiniCity) -> None:
    with pytest.raises(commands.OrderNotDue, match="2026-11-11 还没有到"):
        commands.rename(work, city.station, Names("城东派出所", "城东所"), Order(date(2026, 11, 11)))


def test_a_unit_moves_with_everything_below_it(work: Work, city: MiniCity) -> None:
    commands.move(work, city.station, parent_id=city.legal, order=Order(TODAY))

    assert [unit.id for unit in queries.chain(work.session, city.squad)] == [
        city.squad,
        city.station,
        city.legal,
        city.organs,
    ]
    (past,) = queries.past(work.session, city.station)
    assert past.parent_id == city.county


def test_a_unit_never_stands_under_itself_or_its_like(work: Work, city: MiniCity) -> None:
    for parent_id, reason in (
        (city.squad, "本单位的下级"),
        (city.far_station, "层级必须高于"),
        (city.county, "现在就是它的下级"),
    ):
        with pytest.raises(commands.UnitParentRefused, match=reason):
            commands.move(work, city.station, parent_id=parent_id, order=Order(TODAY))
    with pytest.raises(commands.UnitParentRefused, match="没有上级单位"):
        commands.move(work, city.organs, parent_id=city.bureau, order=Order(TODAY))


def test_what_is_closed_is_changed_no_more(work: Work, city: MiniCity) -> None:
    commands.close(work, city.squad, last_day=TODAY)

    with pytest.raises(commands.UnitClosed, match="已定于 2026-11-10 撤销"):
        commands.rename(work, city.squad, Names("新名称", "新名"))
    with pytest.raises(commands.UnitClosed):
        commands.close(work, city.squad, last_day=date(2027, 1, 1))
    commands.close(work, city.far_station, last_day=TODAY)
    squad = commands.establish(work, below(city))
    with pytest.raises(commands.UnitParentRefused, match="已定期撤销"):
        commands.move(work, squad.id, parent_id=city.far_station, order=Order(TODAY))


def below(city: MiniCity) -> NewUnit:
    return NewUnit(
        "QSX-CG-2", "二中队", "二中队", Level.SQUAD, UnitKind.SQUAD, FOUNDED, parent_id=city.station
    )
