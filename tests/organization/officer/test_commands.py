"""Officers are hired, move, get coefficients, go on leave, leave."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from kaohe_flow.kernel.errors import KaoheError
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.officer import commands, queries
from kaohe_flow.organization.officer.model import Membership
from kaohe_flow.organization.officer.rules import LeaveKind, MembershipKind, NewOfficer, OfficerKind
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.organization.unit.rules import Span
from tests.factories.organization import FOUNDED, TODAY, MiniCity
from tests.organization.conftest import Trail

TENTH_OF_MAY = date(2026, 5, 10)


def newcomer(police_no: str = "100099") -> NewOfficer:
    return NewOfficer(police_no, "何 新", OfficerKind.OFFICER, "社区民警")


def test_a_new_officer_serves_from_the_first_day(work: Work, city: MiniCity) -> None:
    officer = commands.hire(work, newcomer(), unit_id=city.station, since=TENTH_OF_MAY)

    assert officer.name == "何新"
    unit = queries.unit_on(work.session, officer.id, TENTH_OF_MAY)
    assert unit is not None
    assert unit.id == city.station
    assert queries.unit_on(work.session, officer.id, TENTH_OF_MAY - timedelta(days=1)) is None


def test_a_police_number_is_one_person(work: Work, city: MiniCity) -> None:
    with pytest.raises(commands.PoliceNumberTaken, match="王小明"):
        commands.hire(work, newcomer("100001"), unit_id=city.station, since=TODAY)


def test_nobody_serves_in_a_unit_before_it_exists(work: Work, city: MiniCity) -> None:
    with pytest.raises(commands.UnitNotInForce):
        commands.hire(work, newcomer(), unit_id=city.station, since=date(2019, 12, 31))


def test_after_a_transfer_every_day_has_its_own_unit(work: Work, city: MiniCity) -> None:
    commands.transfer(work, city.wang, unit_id=city.far_station, since=TENTH_OF_MAY)

    before = queries.unit_on(work.session, city.wang, date(2026, 5, 9))
    after = queries.unit_on(work.session, city.wang, TENTH_OF_MAY)
    days = queries.days_in_units(work.session, city.wang, date(2026, 5, 1), date(2026, 5, 31))
    assert before is not None
    assert after is not None
    assert (before.id, after.id) == (city.station, city.far_station)
    assert days == {city.station: 9, city.far_station: 22}


def test_a_transfer_does_not_rewrite_the_past(work: Work, city: MiniCity) -> None:
    commands.transfer(work, city.wang, unit_id=city.far_station, since=TENTH_OF_MAY)

    with pytest.raises(commands.PostingsOverlap):
        commands.transfer(work, city.wang, unit_id=city.squad, since=TENTH_OF_MAY)
    with pytest.raises(commands.AlreadyThere):
        commands.transfer(work, city.wang, unit_id=city.far_station, since=TODAY)


def test_the_database_allows_one_open_main_posting(work: Work, city: MiniCity) -> None:
    work.session.add(Membership(officer_id=city.wang, unit_id=city.squad, valid_from=TODAY))

    with pytest.raises(IntegrityError):
        work.session.flush()
    work.session.rollback()


moves = st.lists(st.tuples(st.integers(-40, 400), st.integers(0, 3)), max_size=8)


@given(moves)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_moves_are_tried_no_day_has_two_main_units(
    work: Work, city: MiniCity, moves: list[tuple[int, int]]
) -> None:
    places = (city.station, city.far_station, city.squad, city.legal)
    undone = work.session.begin_nested()

    for day, place in moves:
        with contextlib.suppress(KaoheError):
            since = FOUNDED + timedelta(days=day)
            commands.transfer(work, city.wang, unit_id=places[place], since=since)

    postings = queries.history(work.session, city.wang)
    assert postings[-1].valid_to is None
    for earlier, later in pairwise(postings):
        assert earlier.valid_to is not None
        assert earlier.valid_to + timedelta(days=1) == later.valid_from
    undone.rollback()


def test_a_secondee_stays_with_the_sending_unit(work: Work, city: MiniCity) -> None:
    commands.second(
        work,
        city.wang,
        unit_id=city.legal,
        stay=Span(date(2026, 9, 1)),
        kind=MembershipKind.SECONDMENT,
    )

    unit = queries.unit_on(work.session, city.wang, TODAY)
    guests = queries.members_on(work.session, city.legal, TODAY, kinds=frozenset({MembershipKind.SECONDMENT}))
    assert unit is not None
    assert unit.id == city.station
    assert [guest.id for guest in guests] == [city.wang]
    assert city.wang not in {o.id for o in queries.members_on(work.session, city.legal, TODAY)}


def test_a_secondee_comes_back(work: Work, city: MiniCity) -> None:
    guest = commands.second(
        work, city.wang, unit_id=city.legal, stay=Span(TENTH_OF_MAY), kind=MembershipKind.TEMPORARY
    )

    commands.end_secondment(work, guest.id, last_day=TODAY)

    kinds = frozenset({MembershipKind.TEMPORARY})
    assert queries.members_on(work.session, city.legal, TODAY, kinds)
    assert not queries.members_on(work.session, city.legal, TODAY + timedelta(days=1), kinds)
    with pytest.raises(commands.SpanReversed):
        commands.end_secondment(work, guest.id, last_day=date(2026, 5, 9))


def test_whoever_left_keeps_the_file_and_can_come_back(work: Work, city: MiniCity) -> None:
    commands.leave_bureau(work, city.wang, last_day=TENTH_OF_MAY)

    assert queries.unit_on(work.session, city.wang, TODAY) is None
    assert queries.unit_on(work.session, city.wang, TENTH_OF_MAY) is not None
    with pytest.raises(commands.NotServing):
        commands.transfer(work, city.wang, unit_id=city.squad, since=TODAY)

    commands.come_back(work, city.wang, unit_id=city.squad, since=TODAY)

    unit = queries.unit_on(work.session, city.wang, TODAY)
    assert unit is not None
    assert unit.id == city.squad
    assert len(queries.history(work.session, city.wang)) == 2


def test_nobody_comes_back_before_leaving(work: Work, city: MiniCity) -> None:
    commands.leave_bureau(work, city.wang, last_day=TENTH_OF_MAY)

    with pytest.raises(commands.PostingsOverlap):
        commands.come_back(work, city.wang, unit_id=city.squad, since=TENTH_OF_MAY)


def test_leaving_is_recorded_when_it_has_happened(work: Work, city: MiniCity) -> None:
    with pytest.raises(commands.StillServes):
        commands.leave_bureau(work, city.wang, last_day=TODAY + timedelta(days=1))


def test_the_highest_of_two_identities_counts(work: Work, city: MiniCity) -> None:
    stay = Span(date(2026, 1, 1))
    commands.grant_identity(work, city.wang, code="兼职法制员", factor=Decimal("1.2"), stay=stay)
    commands.grant_identity(work, city.wang, code="岗位能手", factor=Decimal("1.35"), stay=stay)

    held = queries.identities_on(work.session, city.wang, TODAY)
    factors = queries.coefficients_on(work.session, (city.wang, city.li), TODAY)

    assert [identity.code for identity in held] == ["岗位能手", "兼职法制员"]
    assert factors == {city.wang: Decimal("1.35"), city.li: Decimal(1)}
    assert queries.coefficients_on(work.session, (city.wang,), date(2025, 12, 31)) == {city.wang: Decimal(1)}


def test_the_same_identity_granted_anew_ends_the_old_one(work: Work, city: MiniCity) -> None:
    for first, factor in ((date(2026, 1, 1), "1.35"), (TENTH_OF_MAY, "1.3")):
        commands.grant_identity(work, city.wang, code="岗位能手", factor=Decimal(factor), stay=Span(first))

    factor_before = queries.coefficients_on(work.session, (city.wang,), date(2026, 5, 9))
    factor_after = queries.coefficients_on(work.session, (city.wang,), TENTH_OF_MAY)

    assert (factor_before[city.wang], factor_after[city.wang]) == (Decimal("1.35"), Decimal("1.3"))


def test_coefficients_out_of_bounds_are_refused(work: Work, city: MiniCity) -> None:
    with pytest.raises(commands.CoefficientRefused):
        commands.grant_identity(work, city.wang, code="岗位能手", factor=Decimal("2.5"), stay=Span(TODAY))


def test_overlapping_leaves_count_every_day_once(work: Work, city: MiniCity) -> None:
    for first, last in ((1, 10), (2, 4), (5, 12), (20, None)):
        end = None if last is None else date(2026, 5, last)
        commands.record_leave(
            work, city.wang, kind=LeaveKind.SICK, stay=Span(date(2026, 5, first), end), reason="住院"
        )

    away = queries.leave_days(work.session, (city.wang, city.li), date(2026, 5, 3), date(2026, 5, 31))

    assert away == {city.wang: 10 + 12}


def test_an_open_leave_ends_when_the_officer_is_back(work: Work, city: MiniCity) -> None:
    leave = commands.record_leave(work, city.wang, kind=LeaveKind.MATERNITY, stay=Span(date(2026, 5, 1)))

    commands.end_leave(work, leave.id, last_day=date(2026, 5, 9))

    away = queries.leave_days(work.session, (city.wang,), date(2026, 5, 1), date(2026, 5, 31))
    assert away == {city.wang: 9}
    with pytest.raises(commands.SpanReversed):
        commands.end_leave(work, leave.id, last_day=date(2026, 4, 30))
    with pytest.raises(commands.OfficerRecordNotFound):
        commands.end_leave(work, 999_999, last_day=TODAY)


def test_a_leader_answers_for_a_unit(work: Work, city: MiniCity) -> None:
    commands.sponsor(work, city.station, officer_id=city.wei)
    assert units.get(work.session, city.station).sponsor_id == city.wei

    commands.sponsor(work, city.station, officer_id=None)
    assert units.get(work.session, city.station).sponsor_id is None


def test_a_post_changes_without_a_transfer(work: Work, city: MiniCity) -> None:
    assert commands.appoint(work, city.wang, post="警长　").post == "警长"
    with pytest.raises(commands.OfficerRefused):
        commands.appoint(work, city.wang, post="=1")


def test_every_deed_on_an_officer_leaves_a_trail(work: Work, city: MiniCity, deeds: Trail) -> None:
    stay = Span(TODAY)
    commands.appoint(work, city.wang, post="警长")
    commands.second(work, city.wang, unit_id=city.legal, stay=stay, kind=MembershipKind.SECONDMENT)
    commands.grant_identity(work, city.wang, code="岗位能手", factor=Decimal("1.35"), stay=stay)
    commands.record_leave(work, city.wang, kind=LeaveKind.SICK, stay=stay)
    commands.leave_bureau(work, city.wang, last_day=TODAY)

    assert [deed for deed, subject in deeds() if subject == f"officer:{city.wang}"] == [
        "officer.appointed",
        "officer.seconded",
        "identity.granted",
        "officer.on_leave",
        "officer.left",
    ]
