"""Who holds what, who stands aside, who may therefore do a task."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.officer import commands as officers
from kaohe_flow.organization.role import commands
from kaohe_flow.organization.role.queries import (
    Pool,
    Standing,
    holders,
    holders_of,
    officials_at,
    pool,
    principals_of,
    related_to,
    subordinates,
    widen,
)
from kaohe_flow.organization.role.rules import RelationKind, Role
from kaohe_flow.organization.unit.queries import UnitNotFound
from kaohe_flow.organization.unit.rules import Span
from tests.factories.organization import FOUNDED, TODAY, MiniCity
from tests.organization.conftest import Counter

EVERYTHING = (
    "officer@subject",
    "unit_admin@unit",
    "unit_head@+1",
    "line_reviewer@level2",
    "line_reviewer:zz@level1",
    "office@level2",
    "office@decider+1",
    "office@receiver",
    "discipline@top",
    "inspection@level2",
    "political@level1",
    "leading_group@top",
)


def of_wang(city: MiniCity) -> Standing:
    return Standing(
        subject_officer_id=city.wang,
        unit_id=city.station,
        day=TODAY,
        line_code="fz",
        decider_unit_id=city.county,
        receiver_unit_id=city.station,
    )


def able(session: Session, found: Pool) -> frozenset[int]:
    """Whoever is left of the pool when the inbox has taken out the recused."""
    held = holders_of(session, found.principals, TODAY)
    return frozenset().union(*held.values()) - found.recused


def test_principals_are_the_person_and_every_competence_of_the_day(session: Session, city: MiniCity) -> None:
    assert principals_of(session, city.wang, TODAY) == {f"officer@{city.wang}"}
    assert principals_of(session, city.feng, TODAY) == {
        f"officer@{city.feng}",
        f"line_reviewer:fz@{city.bureau}",
        f"line_reviewer:fz@{city.organs}",
    }
    assert principals_of(session, city.feng, date(2019, 12, 31)) == {f"officer@{city.feng}"}


def test_whoever_left_acts_as_nothing(work: Work, city: MiniCity) -> None:
    officers.leave_bureau(work, city.wu, last_day=TODAY)

    assert principals_of(work.session, city.wu, TODAY) == frozenset()
    assert holders(work.session, f"line_reviewer:fz@{city.county}", TODAY) == frozenset()
    assert holders(work.session, f"officer@{city.wu}", TODAY) == frozenset()


def test_holders_of_many_principals_cost_two_statements(
    session: Session, city: MiniCity, statements: Counter
) -> None:
    asked = (f"office@{city.county}", f"officer@{city.wang}", f"line_reviewer:zz@{city.organs}", "nonsense")

    with statements() as sent:
        found = holders_of(session, asked, TODAY)

    assert list(found.values()) == [{city.zheng}, {city.wang}, {city.chen}, frozenset()]
    assert len(sent) == 2


def test_the_default_chain_of_a_claim(session: Session, city: MiniCity) -> None:
    own = pool(session, ("officer@subject",), of_wang(city))
    complete = pool(session, ("unit_admin@unit",), of_wang(city))
    scored = pool(session, ("line_reviewer@level2",), of_wang(city))

    assert (own.principals, own.label, own.unit_id) == ({f"officer@{city.wang}"}, "本人", None)
    assert city.wang not in own.recused
    assert (complete.principals, complete.label) == ({f"unit_admin@{city.station}"}, "城关派出所单位内勤")
    assert (scored.principals, scored.label) == ({f"line_reviewer:fz@{city.county}"}, "青松县局归口审核")
    assert (scored.climbed, scored.incident, scored.level) == (0, False, 2)
    assert city.wang in scored.recused


def test_a_squad_without_administrator_uses_that_of_the_station(session: Session, city: MiniCity) -> None:
    found = pool(session, ("unit_admin@unit",), replace(of_wang(city), unit_id=city.squad))

    assert (found.principals, found.climbed) == ({f"unit_admin@{city.station}"}, 1)


def test_work_in_a_department_goes_to_the_authority_of_its_own_chain(
    session: Session, city: MiniCity
) -> None:
    of_feng = Standing(city.feng, city.legal, TODAY, line_code="zz")

    found = pool(session, ("line_reviewer@level2",), of_feng)

    assert found.principals == {f"line_reviewer:zz@{city.organs}"}
    assert (found.climbed, found.label) == (0, "市直考核办归口审核")


def test_nobody_decides_on_themselves(session: Session, city: MiniCity) -> None:
    of_wu = replace(of_wang(city), subject_officer_id=city.wu, unit_id=city.county)
    of_qian = replace(of_wang(city), subject_officer_id=city.qian)

    reviewed = pool(session, ("line_reviewer@level2",), of_wu)
    completed = pool(session, ("unit_admin@unit",), of_qian)

    assert able(session, reviewed) == {city.feng}
    assert completed.principals == {f"office@{city.county}"}
    assert completed.climbed == 1


def test_declared_kin_stand_aside(work: Work, city: MiniCity) -> None:
    commands.declare_relation(
        work, frozenset({city.wu, city.wang}), kind=RelationKind.KIN, span=Span(FOUNDED)
    )

    found = pool(work.session, ("line_reviewer@level2",), of_wang(city))

    assert found.principals == {f"line_reviewer:fz@{city.bureau}"}
    assert {city.wu, city.wang} <= found.recused
    assert related_to(work.session, city.wang, TODAY) == {city.wu}
    assert related_to(work.session, city.wang, date(2019, 1, 1)) == frozenset()


def test_at_the_top_the_leading_groups_stand_in_and_it_is_an_incident(
    session: Session, city: MiniCity
) -> None:
    aside = replace(of_wang(city), recused=frozenset({city.wu, city.feng}))
    own_too = replace(aside, recused=aside.recused | {city.wei})
    everybody = replace(own_too, recused=own_too.recused | {city.chu})

    first = pool(session, ("line_reviewer@level2",), aside)
    second = pool(session, ("line_reviewer@level2",), own_too)
    last = pool(session, ("line_reviewer@level2",), everybody)

    assert (first.principals, first.climbed, first.incident) == ({f"leading_group@{city.bureau}"}, 2, True)
    assert (second.principals, second.climbed, second.incident) == ({f"leading_group@{city.organs}"}, 3, True)
    assert (last.principals, last.incident) == ({f"leading_group@{city.bureau}"}, True)
    assert able(session, last) == frozenset()


def test_the_leading_group_asked_for_by_name_is_no_incident(session: Session, city: MiniCity) -> None:
    assert not pool(session, ("leading_group@top",), of_wang(city)).incident


def test_an_appeal_goes_one_above_whoever_decided(session: Session, city: MiniCity) -> None:
    found = pool(session, ("office@decider+1",), of_wang(city))

    assert (found.principals, found.level) == ({f"office@{city.bureau}"}, 1)
    assert pool(session, ("discipline@top",), of_wang(city)).principals == {f"discipline@{city.bureau}"}


def test_a_receiving_station_answers_through_its_administrator_then_its_head(
    session: Session, city: MiniCity
) -> None:
    standing = Standing(None, city.county, TODAY, receiver_unit_id=city.station)

    assert pool(session, ("office@unit",), standing).principals == {f"office@{city.county}"}
    assert pool(session, ("office@receiver",), standing).principals == {f"unit_admin@{city.station}"}
    without = replace(standing, recused=frozenset({city.qian}))
    assert pool(session, ("office@receiver",), without).principals == {f"unit_head@{city.station}"}


def test_a_revoked_competence_counts_up_to_its_last_day(work: Work, city: MiniCity) -> None:
    (held,) = commands.queries.assignments_of(work.session, city.wu, TODAY)
    commands.revoke(work, held.id, last_day=date(2026, 11, 9))
    the_day_before = replace(of_wang(city), day=date(2026, 11, 9))

    assert pool(work.session, ("line_reviewer@level2",), of_wang(city)).climbed == 1
    assert pool(work.session, ("line_reviewer@level2",), the_day_before).climbed == 0


def test_several_expressions_make_one_pool(session: Session, city: MiniCity) -> None:
    found = pool(session, ("unit_head@unit", "line_reviewer@level2", "officer@subject"), of_wang(city))

    assert able(session, found) == {city.sun, city.wu, city.wang}
    assert found.label == "城关派出所单位领导、青松县局归口审核、本人"


def test_an_overdue_pool_widens_upward_but_not_to_another_authority(session: Session, city: MiniCity) -> None:
    expressions = ("line_reviewer@level2",)
    below = pool(session, expressions, of_wang(city))

    above = widen(session, expressions, of_wang(city), below)
    top = widen(session, expressions, of_wang(city), above)
    still = widen(session, expressions, of_wang(city), top)

    assert above.principals == {f"line_reviewer:fz@{city.bureau}"}
    assert (top.principals, top.incident) == ({f"leading_group@{city.bureau}"}, True)
    assert still == top
    subject = pool(session, ("officer@subject",), of_wang(city), climb=2)
    assert subject.principals == {f"officer@{city.wang}"}


def test_a_pool_costs_four_statements_at_most(session: Session, city: MiniCity, statements: Counter) -> None:
    for expression in EVERYTHING:
        with statements() as sent:
            pool(session, (expression, "unit_head@unit"), of_wang(city))

        assert len(sent) <= 4, expression


def test_a_case_in_an_unknown_unit_is_refused(session: Session, city: MiniCity) -> None:
    with pytest.raises(UnitNotFound):
        pool(session, ("office@top",), Standing(city.wang, 999_999, TODAY))


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_task_is_offered_to_a_recused_person_and_none_is_without_people(
    session: Session, city: MiniCity, data: st.DataObject
) -> None:
    everybody = [getattr(city, name) for name in city.__slots__[8:]]
    places = [getattr(city, name) for name in city.__slots__[:8]]
    subject = data.draw(st.sampled_from(everybody))
    recused = data.draw(st.frozensets(st.sampled_from(everybody)))
    standing = Standing(
        subject_officer_id=subject,
        unit_id=data.draw(st.sampled_from(places)),
        day=TODAY,
        line_code=data.draw(st.sampled_from([None, "fz", "zz"])),
        decider_unit_id=data.draw(st.sampled_from(places)),
        receiver_unit_id=data.draw(st.sampled_from(places)),
        recused=recused,
    )
    expressions = data.draw(st.lists(st.sampled_from(EVERYTHING[1:]), min_size=1, max_size=3))

    found = pool(session, expressions, standing, climb=data.draw(st.integers(0, 6)))

    offered = able(session, found)
    leaders_left = {city.wei, city.chu} - recused - {subject}
    assert not offered & (recused | {subject})
    assert offered or not leaders_left
    assert found.principals


def test_subordinates_are_everybody_below_a_head(session: Session, city: MiniCity) -> None:
    assert subordinates(session, city.sun, TODAY) == {city.wang, city.li, city.zhao, city.qian}
    assert subordinates(session, city.wang, TODAY) == frozenset()


def test_officials_then_or_now(work: Work, city: MiniCity) -> None:
    (held,) = commands.queries.assignments_of(work.session, city.zheng, TODAY)
    commands.revoke(work, held.id, last_day=date(2026, 5, 9))
    commands.grant(work, commands.Grant(city.wang, Role.OFFICE, city.county, Span(date(2026, 5, 10))))

    now = officials_at(work.session, city.county, [TODAY])
    then_or_now = officials_at(work.session, city.county, [date(2026, 5, 1), TODAY])

    assert now == {city.wu, city.wang}
    assert then_or_now == {city.wu, city.wang, city.zheng}
