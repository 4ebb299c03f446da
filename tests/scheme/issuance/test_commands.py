"""Indicators come down level by level, to own children only, until a person holds each part."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from kaohe_flow.kernel.unit_of_work import Database, Work
from kaohe_flow.organization.officer import commands as officers
from kaohe_flow.organization.unit.queries import UnitNotFound
from kaohe_flow.records.audit.queries import about
from kaohe_flow.scheme.indicator import commands as indicators
from kaohe_flow.scheme.indicator.rules import Split
from kaohe_flow.scheme.issuance import commands, queries
from kaohe_flow.scheme.issuance.model import Assignment
from kaohe_flow.scheme.issuance.rules import (
    AlreadyIssued,
    AssignmentNotFound,
    AssignmentState,
    NotOwnChild,
    Order,
    OutOfTurn,
    Part,
    PartsDoNotAddUp,
    PartsRefused,
    Progress,
    ReasonMissing,
    VersionNotEffective,
)
from tests.factories import organization, scheme
from tests.factories.organization import MiniCity
from tests.factories.scheme import MID_NOVEMBER, OFFICE, Sheet, any_rule, assigned, content, effective

YEAR = queries.year_term(2026)
TEN = Decimal(10)


def order(sheet: Sheet, city: MiniCity, *parts: Part, target: Decimal | None = TEN) -> Order:
    given = parts or (Part(to_unit_id=city.county, target=target),)
    return Order(sheet.task.id, city.bureau, YEAR, given, target)


@pytest.fixture
def root(work: Work, sheet: Sheet, city: MiniCity) -> Assignment:
    return commands.issue_to_children(work, order(sheet, city))


@pytest.fixture
def county(work: Work, root: Assignment) -> Assignment:
    """The county's part, acknowledged."""
    (row,) = queries.children(work.session, root.id)
    return commands.acknowledge(work, row.id)


@pytest.fixture
def stations(work: Work, county: Assignment, city: MiniCity) -> tuple[Assignment, Assignment]:
    """Six and four for the two stations."""
    near, far = commands.decompose(
        work,
        county.id,
        [Part(city.station, target=Decimal(6)), Part(city.far_station, target=Decimal(4))],
    )
    return near, far


def test_the_office_keeps_its_own_total_and_each_child_gets_a_part(
    work: Work, root: Assignment, city: MiniCity
) -> None:
    (child,) = queries.children(work.session, root.id)

    assert (root.to_unit_id, root.target, root.state) == (city.bureau, TEN, AssignmentState.DECOMPOSED)
    assert (child.to_unit_id, child.from_unit_id, child.state) == (
        city.county,
        city.bureau,
        AssignmentState.ISSUED,
    )
    assert child.case_key == root.case_key == f"issuance:{root.id}"
    assert queries.by_case(work.session, f"issuance:{root.id}") == [root, child]


@pytest.mark.parametrize("stranger", ["station", "squad", "politics", "organs", "bureau"])
def test_levels_are_not_skipped_and_nobody_issues_to_another_chain(
    work: Work, sheet: Sheet, city: MiniCity, stranger: str
) -> None:
    part = Part(to_unit_id=getattr(city, stranger), target=TEN)

    with pytest.raises(NotOwnChild):
        commands.issue_to_children(work, order(sheet, city, part))


def test_the_refusal_names_the_stranger(work: Work, sheet: Sheet, city: MiniCity) -> None:
    with pytest.raises(NotOwnChild, match="城关派出所"):
        commands.issue_to_children(work, order(sheet, city, Part(to_unit_id=city.station, target=TEN)))
    with pytest.raises(NotOwnChild, match="王小明"):
        commands.issue_to_children(work, order(sheet, city, Part(to_officer_id=city.wang, target=TEN)))
    with pytest.raises(NotOwnChild, match="没有这个单位"):
        commands.issue_to_children(work, order(sheet, city, Part(to_unit_id=999, target=TEN)))


def test_only_an_effective_indicator_is_issued(work: Work, sheet: Sheet, city: MiniCity) -> None:
    drafted = indicators.draft(work, "BIZ-99", content(), check_rule=any_rule)

    with pytest.raises(VersionNotEffective, match="草稿"):
        commands.issue_to_children(work, replace(order(sheet, city), version_id=drafted.id))


def test_an_indicator_is_issued_once_for_the_same_days(
    work: Work, root: Assignment, sheet: Sheet, city: MiniCity
) -> None:
    month = queries.period_term(work.session, sheet.period.id)

    with pytest.raises(AlreadyIssued):
        commands.issue_to_children(work, replace(order(sheet, city), term=month))
    commands.issue_to_children(work, replace(order(sheet, city), term=queries.year_term(2027)))
    commands.withdraw(work, root.id, reason="指标调整")
    commands.issue_to_children(work, replace(order(sheet, city), term=month))


def test_parts_of_an_issuing_add_up(work: Work, sheet: Sheet, city: MiniCity) -> None:
    with pytest.raises(PartsDoNotAddUp):
        commands.issue_to_children(work, order(sheet, city, Part(city.county, target=Decimal(9))))

    over = order(sheet, city, Part(city.county, target=Decimal(11)))
    with pytest.raises(PartsDoNotAddUp):
        commands.issue_to_children(work, over)
    root = commands.issue_to_children(work, replace(over, over_reason="留有余量"))
    assert root.over_reason == "留有余量"


def test_acknowledging_twice_changes_nothing(work: Work, county: Assignment) -> None:
    later = replace(work, now=datetime(2026, 11, 12, tzinfo=UTC))

    commands.acknowledge(later, county.id)

    assert county.state is AssignmentState.ACKNOWLEDGED
    assert county.acknowledged_at == MID_NOVEMBER


def test_nothing_is_handed_on_before_it_was_acknowledged(
    work: Work, root: Assignment, city: MiniCity
) -> None:
    (child,) = queries.children(work.session, root.id)

    with pytest.raises(OutOfTurn, match="待签收"):
        commands.decompose(work, child.id, [Part(city.station, target=TEN)])


def test_a_county_decomposes_to_its_stations_and_its_own_officers(
    work: Work, county: Assignment, city: MiniCity
) -> None:
    handed = commands.decompose(
        work,
        county.id,
        [Part(city.station, target=Decimal(7)), Part(None, city.zheng, Decimal(3))],
    )

    assert county.state is AssignmentState.DECOMPOSED
    assert [(row.to_unit_id, row.to_officer_id, row.tree_id) for row in handed] == [
        (city.station, None, county.tree_id),
        (None, city.zheng, county.tree_id),
    ]


def test_a_county_does_not_decompose_to_squads_or_to_officers_of_a_station(
    work: Work, county: Assignment, city: MiniCity
) -> None:
    for part in (Part(city.squad, target=TEN), Part(None, city.wang, TEN)):
        with pytest.raises(NotOwnChild):
            commands.decompose(work, county.id, [part])
    assert county.state is AssignmentState.ACKNOWLEDGED


def test_an_officer_who_has_moved_is_no_longer_the_stations_own(
    work: Work, stations: tuple[Assignment, Assignment], city: MiniCity
) -> None:
    near, _ = stations
    commands.acknowledge(work, near.id)
    officers.transfer(work, city.wang, unit_id=city.far_station, since=organization.TODAY)

    with pytest.raises(NotOwnChild, match="王小明"):
        commands.keep_at_own_level(work, near.id, city.wang)


def test_what_was_decomposed_is_not_decomposed_again(
    work: Work, stations: tuple[Assignment, Assignment], county: Assignment, city: MiniCity
) -> None:
    with pytest.raises(OutOfTurn, match="已分解"):
        commands.decompose(work, county.id, [Part(city.station, target=TEN)])


def test_a_station_keeps_its_part_and_names_an_officer_for_the_whole(
    work: Work, stations: tuple[Assignment, Assignment], city: MiniCity
) -> None:
    near, _ = stations
    commands.acknowledge(work, near.id)

    kept = commands.keep_at_own_level(work, near.id, city.wang)

    assert (kept.to_officer_id, kept.target, kept.state) == (city.wang, Decimal(6), AssignmentState.ISSUED)
    assert near.state is AssignmentState.DECOMPOSED


def test_a_person_hands_nothing_on(work: Work, sheet: Sheet, city: MiniCity) -> None:
    mine = assigned(work, sheet.task, city.wang, city.station)

    with pytest.raises(OutOfTurn):
        commands.decompose(work, mine.id, [Part(None, city.li, TEN)])


def test_a_refusal_needs_a_reason_and_reaches_the_issuer(
    work: Work, stations: tuple[Assignment, Assignment]
) -> None:
    near, _ = stations

    with pytest.raises(ReasonMissing):
        commands.refuse(work, near.id, reason=" 不 ")
    commands.refuse(work, near.id, reason="本所无此职责")

    assert (near.state, near.reason) == (AssignmentState.REFUSED, "本所无此职责")
    with pytest.raises(OutOfTurn):
        commands.acknowledge(work, near.id)


def test_nobody_refuses_what_is_handed_on_already(work: Work, county: Assignment, root: Assignment) -> None:
    commands.take_effect(work, root.id)

    with pytest.raises(OutOfTurn):
        commands.refuse(work, county.id, reason="本局无此职责")


def test_a_refused_part_is_issued_again_to_somebody_else(
    work: Work, stations: tuple[Assignment, Assignment], county: Assignment, city: MiniCity
) -> None:
    near, far = stations
    commands.refuse(work, near.id, reason="本所无此职责")

    again = commands.reissue(work, near.id, Part(None, city.wu, Decimal(6)))

    assert (again.to_officer_id, again.parent_assignment_id) == (city.wu, county.id)
    assert {row.id for row in queries.children(work.session, county.id)} == {far.id, again.id}


def test_issuing_again_does_not_exceed_the_target_without_a_reason(
    work: Work, stations: tuple[Assignment, Assignment], city: MiniCity
) -> None:
    near, _ = stations
    commands.refuse(work, near.id, reason="本所无此职责")
    more = Part(city.station, target=Decimal(7))

    with pytest.raises(PartsDoNotAddUp, match="多 1"):
        commands.reissue(work, near.id, more)
    with pytest.raises(PartsRefused):
        commands.reissue(work, near.id, Part(city.station))
    with pytest.raises(NotOwnChild):
        commands.reissue(work, near.id, Part(city.squad, target=Decimal(6)))
    commands.reissue(work, near.id, more, over_reason="留有余量")


def test_only_what_is_gone_is_issued_again(
    work: Work, stations: tuple[Assignment, Assignment], city: MiniCity
) -> None:
    with pytest.raises(OutOfTurn):
        commands.reissue(work, stations[0].id, Part(city.station, target=Decimal(6)))


def test_a_standard_is_issued_again_as_a_standard(work: Work, sheet: Sheet, city: MiniCity) -> None:
    rate = effective(work, "BIZ-08", sheet.period, split=Split.SAME, unit_of_measure="%")
    target = Decimal(95)
    root = commands.issue_to_children(
        work, Order(rate.id, city.bureau, YEAR, (Part(city.county, target=target),), target)
    )
    (child,) = queries.children(work.session, root.id)
    commands.refuse(work, child.id, reason="基础数据不全")

    with pytest.raises(PartsRefused):
        commands.reissue(work, child.id, Part(city.county, target=Decimal(90)))
    commands.reissue(work, child.id, Part(city.county, target=Decimal(90), reason="农村所占比高"))


def test_withdrawing_takes_everything_below_along(
    work: Work, stations: tuple[Assignment, Assignment], county: Assignment, root: Assignment
) -> None:
    near, far = stations
    commands.refuse(work, far.id, reason="本所无此职责")

    with pytest.raises(ReasonMissing):
        commands.withdraw(work, county.id, reason="")
    assert commands.withdraw(work, county.id, reason="指标调整") == 2

    assert (near.state, near.reason) == (AssignmentState.WITHDRAWN, "指标调整")
    assert (far.state, far.reason) == (AssignmentState.REFUSED, "本所无此职责")
    assert root.state is AssignmentState.DECOMPOSED
    with pytest.raises(OutOfTurn):
        commands.withdraw(work, county.id, reason="指标调整")


def test_silence_does_not_hold_up_what_was_issued_but_stays_visible(
    work: Work, stations: tuple[Assignment, Assignment], root: Assignment
) -> None:
    near, far = stations
    commands.acknowledge(work, near.id)

    assert commands.take_effect(work, root.id) == 4
    assert commands.take_effect(work, root.id) == 0

    assert far.state is AssignmentState.EFFECTIVE
    assert far.acknowledged_at is None
    commands.acknowledge(work, far.id)
    assert far.state is AssignmentState.EFFECTIVE
    assert far.acknowledged_at == MID_NOVEMBER


def test_a_station_may_hand_on_after_the_whole_took_effect(
    work: Work, stations: tuple[Assignment, Assignment], root: Assignment, city: MiniCity
) -> None:
    commands.take_effect(work, root.id)

    kept = commands.keep_at_own_level(work, stations[0].id, city.wang)

    assert kept.state is AssignmentState.ISSUED
    assert commands.take_effect(work, root.id) == 1


def test_receiving_is_finished_once_it_is_acknowledged_and_handed_on(
    work: Work, county: Assignment, city: MiniCity
) -> None:
    with pytest.raises(OutOfTurn):
        commands.finish_receiving(work, county.id)
    (near,) = commands.decompose(work, county.id, [Part(city.station, target=TEN)])
    with pytest.raises(OutOfTurn):
        commands.finish_receiving(work, near.id)

    assert commands.finish_receiving(work, county.id) is True
    assert commands.finish_receiving(work, county.id) is False


def test_a_person_has_finished_receiving_by_acknowledging(work: Work, sheet: Sheet, city: MiniCity) -> None:
    assert commands.finish_receiving(work, assigned(work, sheet.task, city.zhao, city.squad).id)


def test_an_unknown_assignment_or_unit_is_not_found(work: Work, sheet: Sheet, city: MiniCity) -> None:
    with pytest.raises(AssignmentNotFound):
        commands.acknowledge(work, 999)
    with pytest.raises((UnitNotFound, NotOwnChild)):
        commands.issue_to_children(work, replace(order(sheet, city), from_unit_id=999))


def test_every_step_stands_in_the_audit_trail(
    work: Work, stations: tuple[Assignment, Assignment], county: Assignment
) -> None:
    assert [entry.deed for entry in about(work.session, commands.subject(county))] == [
        "issuance.acknowledge",
        "issuance.decompose",
    ]


def test_the_database_itself_refuses_a_part_for_two_recipients(
    work: Work, county: Assignment, city: MiniCity
) -> None:
    county.to_officer_id = city.wang

    with pytest.raises(IntegrityError):
        work.session.flush()
    work.session.rollback()


def test_targets_in_millions_are_stored_exactly(work: Work, sheet: Sheet, city: MiniCity) -> None:
    millions = Decimal("33000000.125")
    mine = assigned(work, sheet.task, city.zhao, city.squad, target=millions)
    work.session.expire_all()

    assert queries.get(work.session, mine.id).target == millions


def test_the_whole_story_stands_after_it_was_committed(database: Database) -> None:
    with database.write_tx(OFFICE, MID_NOVEMBER) as work:
        city = organization.build(work)
        sheet = scheme.sheet(work)
        root_id = assigned(work, sheet.task, city.zhao, city.squad).tree_id

    with database.read() as session:
        assert queries.progress_tree(session, root_id).progress is Progress.DONE
        assert queries.coverage(session, root_id=root_id) == ()
