"""Competences are granted and revoked, relations declared."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.line.queries import LineNotFound
from kaohe_flow.organization.officer import commands as officers
from kaohe_flow.organization.role import commands, queries
from kaohe_flow.organization.role.commands import Grant
from kaohe_flow.organization.role.model import RoleAssignment
from kaohe_flow.organization.role.rules import RelationKind, Role
from kaohe_flow.organization.unit.rules import Span
from tests.factories.organization import FOUNDED, TODAY, MiniCity
from tests.organization.conftest import Trail

FROM_TODAY = Span(TODAY)


def test_a_competence_is_held_at_levels_that_have_it(work: Work, city: MiniCity) -> None:
    with pytest.raises(commands.RoleRefused, match="这一级（科所队·内设大队）不设这一职责"):
        commands.grant(work, Grant(city.wang, Role.OFFICE, city.station, FROM_TODAY))
    with pytest.raises(commands.RoleRefused, match="不需要授予"):
        commands.grant(work, Grant(city.wang, Role.OFFICER, city.station, FROM_TODAY))


def test_a_reviewer_has_a_line_and_nobody_else_has(work: Work, city: MiniCity) -> None:
    with pytest.raises(commands.RoleRefused, match="必须指定业务线"):
        commands.grant(work, Grant(city.wang, Role.LINE_REVIEWER, city.county, FROM_TODAY))
    with pytest.raises(commands.RoleRefused):
        commands.grant(work, Grant(city.wang, Role.OFFICE, city.county, FROM_TODAY, line_code="fz"))
    with pytest.raises(LineNotFound):
        commands.grant(work, Grant(city.wang, Role.LINE_REVIEWER, city.county, FROM_TODAY, line_code="xx"))


def test_the_database_knows_who_has_a_line(work: Work, city: MiniCity) -> None:
    work.session.add(
        RoleAssignment(
            officer_id=city.wang,
            role=Role.LINE_REVIEWER,
            unit_id=city.county,
            valid_from=TODAY,
            granted_by="甲",
        )
    )

    with pytest.raises(IntegrityError, match="reviewers_have_a_line"):
        work.session.flush()
    work.session.rollback()


def test_a_competence_is_granted_once_at_a_time(work: Work, city: MiniCity) -> None:
    (held,) = queries.assignments_of(work.session, city.zheng, TODAY)
    with pytest.raises(commands.RoleHeldAlready, match="“郑重”已在“青松县公安局”担任“考核办”"):
        commands.grant(work, Grant(city.zheng, Role.OFFICE, city.county, FROM_TODAY))

    commands.revoke(work, held.id, last_day=date(2026, 11, 9))
    again = commands.grant(work, Grant(city.zheng, Role.OFFICE, city.county, FROM_TODAY))

    assert again.granted_by == "安全管理员"


def test_one_reviewer_may_have_two_lines_at_one_place(work: Work, city: MiniCity) -> None:
    commands.grant(work, Grant(city.wu, Role.LINE_REVIEWER, city.county, FROM_TODAY, line_code="zz"))

    assert len(queries.assignments_of(work.session, city.wu, TODAY)) == 2


def test_whoever_left_is_granted_nothing(work: Work, city: MiniCity) -> None:
    officers.leave_bureau(work, city.wang, last_day=TODAY)

    with pytest.raises(commands.RoleRefused, match="已离职"):
        commands.grant(work, Grant(city.wang, Role.UNIT_ADMIN, city.station, FROM_TODAY))


def test_all_competences_end_on_a_transfer(work: Work, city: MiniCity) -> None:
    assert commands.revoke_all(work, city.chen, last_day=date(2026, 11, 9)) == 4
    assert queries.assignments_of(work.session, city.chen, TODAY) == ()
    assert len(queries.assignments_of(work.session, city.chen, date(2026, 11, 9))) == 4


def test_nothing_ends_before_it_began(work: Work, city: MiniCity) -> None:
    (held,) = queries.assignments_of(work.session, city.zheng, TODAY)

    with pytest.raises(commands.EndsBeforeItBegan):
        commands.revoke(work, held.id, last_day=date(2019, 12, 31))
    with pytest.raises(commands.EndsBeforeItBegan):
        commands.grant(work, Grant(city.wang, Role.UNIT_ADMIN, city.station, Span(TODAY, FOUNDED)))
    with pytest.raises(queries.RoleNotFound):
        commands.revoke(work, 999_999, last_day=TODAY)


def test_a_relation_is_between_two_and_ends(work: Work, city: MiniCity) -> None:
    relation = commands.declare_relation(
        work,
        frozenset({city.zhou, city.wang}),
        kind=RelationKind.COMPLAINT,
        span=Span(FOUNDED),
        remark="投诉",
    )

    assert (relation.officer_id, relation.other_id) == (city.wang, city.zhou)
    commands.end_relation(work, relation.id, last_day=date(2026, 11, 9))
    assert queries.related_to(work.session, city.zhou, TODAY) == frozenset()
    with pytest.raises(commands.RelationRefused):
        commands.declare_relation(work, frozenset({city.wang}), kind=RelationKind.KIN, span=Span(FOUNDED))
    with pytest.raises(queries.RoleNotFound):
        commands.end_relation(work, 999_999, last_day=TODAY)


def test_grants_and_relations_leave_a_trail(work: Work, city: MiniCity, deeds: Trail) -> None:
    held = commands.grant(work, Grant(city.wang, Role.UNIT_ADMIN, city.station, FROM_TODAY))
    commands.revoke(work, held.id, last_day=TODAY)
    pair = frozenset({city.wang, city.li})
    relation = commands.declare_relation(work, pair, kind=RelationKind.KIN, span=FROM_TODAY)

    assert deeds() == [
        ("role.granted", f"officer:{city.wang}"),
        ("role.revoked", f"officer:{city.wang}"),
        ("relation.declared", f"relation:{relation.id}"),
    ]


def test_nobody_grants_themselves_anything(work: Work, city: MiniCity) -> None:
    own = Work(work.session, Actor(city.zheng, "郑重"), work.now)

    with pytest.raises(commands.RoleRefused, match="不能给自己授予职责"):
        commands.grant(own, Grant(city.zheng, Role.LEADING_GROUP, city.county, FROM_TODAY))


def test_nothing_is_held_at_a_unit_that_is_not_there(work: Work, city: MiniCity) -> None:
    with pytest.raises(commands.RoleRefused, match="尚未设立或已撤销"):
        commands.grant(work, Grant(city.wang, Role.UNIT_HEAD, city.station, Span(date(2019, 1, 1))))


def test_revoking_never_prolongs(work: Work, city: MiniCity) -> None:
    (held,) = queries.assignments_of(work.session, city.zheng, TODAY)
    commands.revoke(work, held.id, last_day=TODAY)

    with pytest.raises(commands.RoleOver, match="2026-11-10"):
        commands.revoke(work, held.id, last_day=date(2026, 12, 1))
    assert commands.revoke(work, held.id, last_day=date(2026, 11, 9)).valid_to == date(2026, 11, 9)


def test_a_relation_is_declared_once_at_a_time(work: Work, city: MiniCity) -> None:
    pair = frozenset({city.wang, city.wu})
    first = commands.declare_relation(work, pair, kind=RelationKind.KIN, span=FROM_TODAY)

    with pytest.raises(commands.RelationKnown, match="“王小明”与“吴越”的“亲属”关系已经登记"):
        commands.declare_relation(work, pair, kind=RelationKind.KIN, span=FROM_TODAY)
    commands.declare_relation(work, pair, kind=RelationKind.COMPLAINT, span=FROM_TODAY)
    commands.end_relation(work, first.id, last_day=TODAY)
    with pytest.raises(commands.RelationOver):
        commands.end_relation(work, first.id, last_day=date(2026, 12, 1))
