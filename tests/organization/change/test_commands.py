"""Transfers take competences along, departures close accounts, what ends takes with it what hangs on it."""

from __future__ import annotations

from datetime import date

import pytest

from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.account import queries as accounts
from kaohe_flow.organization.account.commands import create_account
from kaohe_flow.organization.account.rules import AccountState, NewAccount
from kaohe_flow.organization.change import commands, queries
from kaohe_flow.organization.change.commands import Move
from kaohe_flow.organization.line import commands as lines
from kaohe_flow.organization.line import queries as line_queries
from kaohe_flow.organization.officer import commands as officers
from kaohe_flow.organization.officer import queries as officer_queries
from kaohe_flow.organization.officer.rules import MembershipKind, NewOfficer, OfficerKind, UnitIsEnding
from kaohe_flow.organization.role import commands as roles
from kaohe_flow.organization.role.queries import RoleNotFound, assignments_of, listing
from kaohe_flow.organization.role.rules import Role
from kaohe_flow.organization.roster import queries as roster
from kaohe_flow.organization.roster.gateway import read
from kaohe_flow.organization.roster.rules import COLUMNS, Fate
from kaohe_flow.organization.unit import commands as units
from kaohe_flow.organization.unit import queries as unit_queries
from kaohe_flow.organization.unit.rules import Level, NewUnit, Order, Span, UnitKind
from tests.factories.organization import FOUNDED, TODAY, MiniCity
from tests.organization.conftest import Counter

LAST_DAY = date(2026, 11, 9)


def held(work: Work, officer_id: int, day: date = TODAY) -> set[tuple[Role, int]]:
    return {(one.role, one.unit_id) for one in assignments_of(work.session, officer_id, day)}


def test_what_is_held_at_the_unit_left_ends_with_the_last_day_there(work: Work, city: MiniCity) -> None:
    commands.transfer(work, Move(city.qian, city.far_station, TODAY))

    assert held(work, city.qian, LAST_DAY) == {(Role.UNIT_ADMIN, city.station)}
    assert held(work, city.qian) == set()


def test_what_is_held_above_both_units_stays(work: Work, city: MiniCity) -> None:
    roles.grant(work, roles.Grant(city.qian, Role.LINE_REVIEWER, city.county, Span(FOUNDED), "fz"))

    commands.transfer(work, Move(city.qian, city.far_station, TODAY))

    assert held(work, city.qian) == {(Role.LINE_REVIEWER, city.county)}


def test_whoever_goes_to_the_other_chain_leaves_the_county_behind(work: Work, city: MiniCity) -> None:
    commands.transfer(work, Move(city.wu, city.legal, TODAY))

    assert held(work, city.wu) == set()


def test_a_transfer_ends_what_the_page_says_and_nothing_else(work: Work, city: MiniCity) -> None:
    commands.transfer(work, Move(city.qian, city.far_station, TODAY), ending=frozenset())

    assert held(work, city.qian) == {(Role.UNIT_ADMIN, city.station)}


def test_a_transfer_does_not_end_what_others_hold(work: Work, city: MiniCity) -> None:
    (another,) = listing.ever_held(work.session, city.sun)

    with pytest.raises(RoleNotFound):
        commands.transfer(work, Move(city.qian, city.far_station, TODAY), ending=frozenset({another.id}))


def test_whoever_leaves_holds_nothing_and_signs_in_no_more(work: Work, city: MiniCity) -> None:
    create_account(work, NewAccount("100004", "Any-words-2026", officer_id=city.qian))

    commands.depart(work, city.qian, last_day=LAST_DAY)

    account = accounts.of_officer(work.session, city.qian)
    assert account is not None
    assert account.state is AccountState.DISABLED
    (once,) = listing.ever_held(work.session, city.qian)
    assert once.valid_to == LAST_DAY


def test_a_unit_with_officers_is_not_abolished(work: Work, city: MiniCity) -> None:
    with pytest.raises(commands.UnitHasOfficers, match="“河口派出所”在 2026-11-10 之后还有 1 名"):
        commands.abolish(work, city.far_station, last_day=TODAY)


def test_a_unit_with_units_below_is_not_abolished(work: Work, city: MiniCity) -> None:
    for officer_id in (city.wang, city.li, city.qian, city.sun):
        commands.transfer(work, Move(officer_id, city.far_station, TODAY))

    with pytest.raises(units.UnitNotEmpty, match="还有 1 个单位"):
        commands.abolish(work, city.station, last_day=TODAY)


def test_a_unit_that_owns_lines_is_not_abolished(work: Work, city: MiniCity) -> None:
    commands.transfer(work, Move(city.feng, city.politics, TODAY))

    with pytest.raises(commands.UnitOwnsLines, match="“执法监督”"):
        commands.abolish(work, city.legal, last_day=LAST_DAY)
    lines.hand_over(work, "fz", owner_id=city.politics, order=Order(TODAY))
    assert commands.abolish(work, city.legal, last_day=LAST_DAY).valid_to == LAST_DAY


def test_competences_end_with_their_unit(work: Work, city: MiniCity) -> None:
    roles.grant(work, roles.Grant(city.sun, Role.UNIT_HEAD, city.far_station, Span(FOUNDED)))
    commands.transfer(work, Move(city.zhou, city.station, TODAY))

    commands.abolish(work, city.far_station, last_day=LAST_DAY)

    assert listing.at_unit_after(work.session, city.far_station, LAST_DAY) == ()
    assert (Role.UNIT_HEAD, city.station) in held(work, city.sun)


def test_a_merger_takes_everybody_over_on_one_day(work: Work, city: MiniCity) -> None:
    officers.second(
        work, city.wang, unit_id=city.far_station, stay=Span(FOUNDED), kind=MembershipKind.SECONDMENT
    )

    closed = commands.merge(work, city.far_station, into_id=city.station, since=TODAY)

    assert closed.valid_to == LAST_DAY
    unit = officer_queries.unit_on(work.session, city.zhou, TODAY)
    assert unit is not None
    assert unit.id == city.station
    assert held(work, city.zhou) == set()
    assert queries.serving_after(work.session, city.far_station, LAST_DAY) == 0


def test_a_unit_merges_into_another_one_that_goes_on(work: Work, city: MiniCity) -> None:
    with pytest.raises(commands.MergedIntoItself):
        commands.merge(work, city.squad, into_id=city.squad, since=TODAY)
    commands.transfer(work, Move(city.zhou, city.station, TODAY))
    commands.abolish(work, city.far_station, last_day=TODAY)
    with pytest.raises(officers.UnitNotInForce):
        commands.merge(work, city.squad, into_id=city.far_station, since=TODAY)


def test_reviewers_end_with_their_line(work: Work, city: MiniCity) -> None:
    commands.close_line(work, "zz", last_day=TODAY)

    assert listing.of_line_after(work.session, "zz", TODAY) == ()
    assert [line.code for line in line_queries.in_force(work.session, date(2026, 11, 11))] == ["fz"]
    with pytest.raises(roles.RoleRefused, match="尚未设立或已停用"):
        roles.grant(
            work,
            roles.Grant(city.wu, Role.LINE_REVIEWER, city.county, Span(date(2026, 11, 11)), line_code="zz"),
        )


def test_everybody_who_is_taken_along_is_on_record(work: Work, city: MiniCity) -> None:
    chain = unit_queries.chain(work.session, city.squad)
    assert [unit.id for unit in chain] == [city.squad, city.station, city.county, city.bureau]

    commands.merge(work, city.squad, into_id=city.station, since=TODAY)

    assert unit_queries.children(work.session, city.station, TODAY) == ()


def test_nothing_begins_for_good_where_the_end_is_set(work: Work, city: MiniCity) -> None:
    last_day = date(2026, 12, 31)
    commands.transfer(work, Move(city.zhao, city.station, TODAY))
    commands.abolish(work, city.squad, last_day=last_day)
    person = NewOfficer("200001", "林一", OfficerKind.OFFICER, "民警")

    with pytest.raises(UnitIsEnding, match="定于 2026-12-31 撤销"):
        officers.hire(work, person, unit_id=city.squad, since=TODAY)
    with pytest.raises(UnitIsEnding):
        commands.transfer(work, Move(city.wang, city.squad, TODAY))
    with pytest.raises(roles.RoleRefused, match="不晚于这一天"):
        roles.grant(work, roles.Grant(city.wang, Role.UNIT_HEAD, city.squad, Span(TODAY)))
    roles.grant(work, roles.Grant(city.wang, Role.UNIT_HEAD, city.squad, Span(TODAY, last_day)))


def test_no_unit_is_established_below_one_whose_end_is_set(work: Work, city: MiniCity) -> None:
    below = NewUnit("X-1", "新中队", "新中队", Level.SQUAD, UnitKind.SQUAD, TODAY, parent_id=city.far_station)
    commands.transfer(work, Move(city.zhou, city.station, TODAY))
    commands.abolish(work, city.far_station, last_day=TODAY)

    with pytest.raises(units.UnitParentRefused, match="已定期撤销"):
        units.establish(work, below)


def test_a_roster_puts_nobody_where_the_end_is_set(work: Work, city: MiniCity) -> None:
    commands.transfer(work, Move(city.zhou, city.station, TODAY))
    commands.abolish(work, city.far_station, last_day=date(2026, 12, 31))
    line = "200001,林一,民警,QSX-HK,,社区民警,2026-11-01,"
    sheet = read("\n".join((",".join(COLUMNS), line)).encode(), "名单.csv")

    (row,) = roster.preview(work.session, sheet, roster.register(work.session, TODAY)).lines

    assert row.fate is Fate.REJECTED
    assert "定于 2026-12-31 撤销" in row.remarks[0]


@pytest.mark.parametrize("deed", ["abolish", "transfer"])
def test_a_unit_is_taken_up_alone(work: Work, city: MiniCity, statements: Counter, deed: str) -> None:
    if work.session.get_bind().dialect.name == "sqlite":
        pytest.skip("on SQLite writers queue at a lock file")

    with statements() as sent:
        if deed == "transfer":
            commands.transfer(work, Move(city.wang, city.far_station, TODAY))
        else:
            with pytest.raises(commands.UnitHasOfficers):
                commands.abolish(work, city.far_station, last_day=TODAY)

    assert any("FROM unit" in one and "FOR UPDATE" in one for one in sent)
