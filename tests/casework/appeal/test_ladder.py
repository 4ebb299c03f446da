"""The ladder: office by office, then discipline; nobody hears what they or their office decided; it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaohe_flow.casework.appeal import commands as appeals
from kaohe_flow.casework.appeal import queries
from kaohe_flow.casework.appeal.queries import ladder
from kaohe_flow.casework.appeal.rules import Outcome, Petition
from kaohe_flow.casework.appeal.rules.ladder import RungKind
from kaohe_flow.jobs.worker import fire_timers
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.role import commands as roles
from kaohe_flow.organization.role.rules import RelationKind, Role
from kaohe_flow.organization.unit.rules import Span
from kaohe_flow.records.audit.model import AuditEntry
from kaohe_flow.workflow.instance import commands as instances
from kaohe_flow.workflow.instance import queries as running
from kaohe_flow.workflow.instance.rules import NotACandidate
from tests.factories.court import GROUNDS, Court
from tests.factories.organization import FOUNDED


def recused(court: Court, appeal_key: str) -> frozenset[int]:
    """Who must keep out of the appeal as it stands."""
    with court.bureau.reading() as session:
        appeal = queries.by_case_key(session, appeal_key)
        return ladder.standing(session, appeal, court.bureau.now).recused


def conflict(work: Work, officer_id: int, other_id: int, kind: RelationKind) -> None:
    """A declared relation, since ever."""
    roles.declare_relation(work, frozenset({officer_id, other_id}), kind=kind, span=Span(FOUNDED))


def test_a_stations_rejection_climbs_from_county_to_city_to_discipline(court: Court) -> None:
    city = court.bureau.city
    appeal_key = court.file(court.rejected())

    court.rule(city.zheng, appeal_key, Outcome.UPHOLD)
    court.answer(appeal_key, "climb")
    court.rule(court.hou, appeal_key, Outcome.UPHOLD)
    court.answer(appeal_key, "climb")
    court.rule(city.chu, appeal_key, Outcome.UPHOLD)

    ladder_of = [(rung.kind, rung.unit_id, rung.answer_wd) for rung in court.rungs(appeal_key)]
    assert ladder_of == [
        (RungKind.OFFICE, city.county, 3),
        (RungKind.OFFICE, city.bureau, 5),
        (RungKind.DISCIPLINE, city.bureau, 10),
    ]
    assert court.bureau.waiting(appeal_key) == []


def test_a_county_reviewers_score_starts_at_the_city(court: Court) -> None:
    appeal_key = court.file(court.scored())

    (rung,) = court.rungs(appeal_key)

    assert (rung.kind, rung.unit_id, rung.answer_wd) == (RungKind.OFFICE, court.bureau.city.bureau, 3)
    assert court.appeal(appeal_key).decision_unit_id == court.bureau.city.county


def test_everybody_of_the_unit_that_decided_keeps_out_then_and_now(court: Court) -> None:
    city = court.bureau.city
    appeal_key = court.file(court.scored())

    out = recused(court, appeal_key)

    assert {city.wu, city.zheng, city.chen, city.qian, city.wang} - {city.wang} <= out
    assert not {court.hou, city.chu, city.wei} & out


def test_the_appellants_subordinates_and_relations_keep_out(court: Court) -> None:
    city = court.bureau.city
    with court.bureau.acting() as work:
        roles.grant(work, roles.Grant(city.wang, Role.UNIT_HEAD, city.squad, Span(FOUNDED)))
        conflict(work, city.wang, city.zheng, RelationKind.KIN)
    appeal_key = court.file(court.rejected())
    task_id = court.bureau.task(appeal_key, "office_examine")

    with court.bureau.reading() as session:
        task = running.task(session, task_id)
        assert task.pool == "青松县局考核办"
    assert city.zhao in recused(court, appeal_key)
    with pytest.raises(NotACandidate):
        court.rule(city.zheng, appeal_key, Outcome.UPHOLD)
    court.rule(city.chen, appeal_key, Outcome.UPHOLD)


def test_an_office_with_nobody_left_is_passed_over(court: Court) -> None:
    city = court.bureau.city
    with court.bureau.acting() as work:
        for officer_id in (city.zheng, city.chen):
            conflict(work, city.wang, officer_id, RelationKind.COMPLAINT)

    appeal_key = court.file(court.rejected())

    (rung,) = court.rungs(appeal_key)
    assert (rung.kind, rung.unit_id, rung.answer_wd) == (RungKind.OFFICE, city.bureau, 3)


def test_where_discipline_itself_is_conflicted_the_leading_group_decides(court: Court) -> None:
    city = court.bureau.city
    with court.bureau.acting() as work:
        for officer_id in (court.hou, city.chen, city.chu):
            conflict(work, city.wang, officer_id, RelationKind.OTHER)

    appeal_key = court.file(court.scored())

    (rung,) = court.rungs(appeal_key)
    assert rung.kind is RungKind.LEADING_GROUP
    court.rule(city.wei, appeal_key, Outcome.UPHOLD)
    assert court.bureau.waiting(appeal_key) == []


def test_whoever_ruled_below_does_not_sit_above(court: Court) -> None:
    city = court.bureau.city
    appeal_key = court.file(court.rejected())
    court.rule(city.chen, appeal_key, Outcome.UPHOLD)
    court.answer(appeal_key, "climb")

    with pytest.raises(NotACandidate):
        court.rule(city.chen, appeal_key, Outcome.CHANGE, quality="excellent")
    court.rule(court.hou, appeal_key, Outcome.UPHOLD)


def test_an_offices_silence_is_kept_against_it_and_climbs(court: Court) -> None:
    city = court.bureau.city
    appeal_key = court.file(court.rejected())

    fire_timers(court.bureau.database, datetime(2026, 11, 12, 16, 0, tzinfo=UTC))
    half = court.bureau.task_row(court.bureau.task(appeal_key, "office_examine"))
    fire_timers(court.bureau.database, datetime(2026, 11, 13, 16, 0, tzinfo=UTC))

    first, second = court.rungs(appeal_key)
    assert half.urged_at is not None
    assert first.silent_at is not None
    assert (second.unit_id, second.answer_wd, second.silent_at) == (city.bureau, 5, None)
    assert court.rulings(appeal_key) == []
    with court.bureau.reading() as session:
        deeds = [row.deed for row in session.query(AuditEntry).filter_by(subject=appeal_key)]
    assert "appeal.silent" in deeds


def test_the_last_instances_silence_alarms_and_decides_nothing(court: Court) -> None:
    appeal_key = court.file(court.rejected())
    for day in range(11, 60):
        fire_timers(court.bureau.database, court.bureau.now + timedelta(days=day - 10))

    *_, last = court.rungs(appeal_key)
    assert last.kind is RungKind.DISCIPLINE
    assert last.alarmed_at is not None
    assert court.bureau.waiting(appeal_key) == ["discipline_examine"]
    assert court.rulings(appeal_key) == []
    assert court.points() == 0


def test_letting_the_days_pass_accepts_the_ruling(court: Court) -> None:
    appeal_key = court.file(court.rejected())
    court.rule(court.bureau.city.zheng, appeal_key, Outcome.UPHOLD)

    fire_timers(court.bureau.database, court.bureau.now + timedelta(days=5))

    assert court.bureau.waiting(appeal_key) == []
    assert len(court.rungs(appeal_key)) == 1


def climb_to_the_end(work: Work, court: Court, case_key: str) -> list[RungKind]:
    """File, and let every rung be silent or missing until the ladder ends; the kinds of its rungs."""
    appeal = appeals.file(work, case_key, Petition(GROUNDS))
    moment = work.now
    for _ in range(12):
        moment += timedelta(days=40)
        later = Work(work.session, work.actor, moment)
        instance = running.of_case(work.session, appeal.case_key)
        assert instance is not None
        instances.tick(later, instance.id)
    return [rung.kind for rung in queries.rungs(work.session, appeal.id)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whoever_must_keep_out_the_ladder_ends_after_at_most_five_rungs(
    court: Court, data: st.DataObject
) -> None:
    city = court.bureau.city
    everybody = (
        city.qian,
        city.sun,
        city.wu,
        city.zheng,
        city.chen,
        city.chu,
        city.wei,
        city.feng,
        court.hou,
    )
    conflicted = data.draw(st.sets(st.sampled_from(everybody)))
    case_key = court.rejected()

    with court.bureau.acting(city.wang) as work:
        trial = work.session.begin_nested()
        for officer_id in conflicted:
            conflict(work, city.wang, officer_id, RelationKind.OTHER)
        kinds = climb_to_the_end(work, court, case_key)
        trial.rollback()

    assert 1 <= len(kinds) <= 5
    assert kinds[-1] is not RungKind.OFFICE
    assert all(kind is RungKind.OFFICE for kind in kinds[:-1])
