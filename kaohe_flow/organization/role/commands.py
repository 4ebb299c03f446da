"""Competences are granted and revoked, relations declared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from kaohe_flow.kernel.errors import Conflict, InvalidInput, RuleBroken
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.line import queries as lines
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.officer.rules import OfficerState
from kaohe_flow.organization.role import queries
from kaohe_flow.organization.role.model import Relation, RoleAssignment
from kaohe_flow.organization.role.rules import HELD_AT, RelationKind, Role, Seat
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.organization.unit.model import Unit
from kaohe_flow.organization.unit.rules import Level, Span, tidy
from kaohe_flow.records.audit.commands import record

PAIR = 2


class RoleRefused(RuleBroken):
    """The competence cannot be held like this."""

    code = "role-refused"
    message = "不能授予“{role}”：{reason}"


class RoleHeldAlready(Conflict):
    """One competence at one place is granted once at a time."""

    code = "role-held-already"
    message = "“{name}”已在“{unit}”担任“{role}”"


class RoleOver(Conflict):
    """What has ended, or is to end sooner, is not prolonged by revoking it again."""

    code = "role-over"
    message = "这项职责已定于 {last} 终止"


class RelationKnown(Conflict):
    """Two officers have one declared relation of a kind at a time."""

    code = "relation-known"
    message = "“{one}”与“{other}”的“{kind}”关系已经登记，自 {first} 起"


class RelationOver(Conflict):
    """What has ended is not ended again."""

    code = "relation-over"
    message = "这项回避关系已定于 {last} 解除"


class RelationRefused(InvalidInput):
    """Nobody is related to themselves."""

    code = "relation-refused"
    message = "回避关系应填写两名不同的民警"


class EndsBeforeItBegan(InvalidInput):
    """A competence or relation has lasted for one day at least."""

    code = "ends-before-it-began"
    message = "终止日期不能早于起始日期 {first}"


@dataclass(frozen=True, slots=True)
class Grant:
    """A competence to be held from ``span.first`` on; ``line_code`` for line reviewers only."""

    officer_id: int
    role: Role
    unit_id: int
    span: Span
    line_code: str | None = None


def grant(work: Work, wanted: Grant) -> RoleAssignment:
    """The officer becomes competent. Raises ``RoleRefused``, ``RoleHeldAlready``, ``LineNotFound``."""
    officer = officers.get(work.session, wanted.officer_id)
    unit = units.get(work.session, wanted.unit_id)
    label = wanted.role.label
    if work.actor.officer_id == officer.id:
        raise RoleRefused(role=label, reason="任何人不能给自己授予职责")
    if officer.state is not OfficerState.SERVING:
        raise RoleRefused(role=label, reason=f"“{officer.name}”已离职")
    if wanted.role is Role.OFFICER:
        raise RoleRefused(role=label, reason="每名民警自然具有，不需要授予")
    if Level(unit.level) not in HELD_AT[wanted.role]:
        raise RoleRefused(role=label, reason=f"“{unit.name}”这一级（{unit.level_label}）不设这一职责")
    if (wanted.role is Role.LINE_REVIEWER) != (wanted.line_code is not None):
        raise RoleRefused(role=label, reason="归口审核必须指定业务线，其他职责不指定")
    if wanted.span.last is not None and wanted.span.last < wanted.span.first:
        raise EndsBeforeItBegan(field="last", first=wanted.span.first)
    _check_there(work, wanted, unit)
    if any(held.span.overlaps(wanted.span) for held in _same(work, wanted)):
        raise RoleHeldAlready(name=officer.name, unit=unit.name, role=label)
    assignment = RoleAssignment(
        officer_id=officer.id,
        role=wanted.role,
        unit_id=unit.id,
        line_code=wanted.line_code,
        valid_from=wanted.span.first,
        valid_to=wanted.span.last,
        granted_by=work.actor.name,
    )
    work.session.add(assignment)
    work.session.flush()
    _note(work, "role.granted", assignment)
    return assignment


def _check_there(work: Work, wanted: Grant, unit: Unit) -> None:
    """A competence needs its unit, and its line, on the day it begins, and does not outlast them."""
    label, first = wanted.role.label, wanted.span.first
    if not unit.span.covers(first):
        raise RoleRefused(role=label, reason=f"“{unit.name}”在 {first} 不存在（尚未设立或已撤销）")
    if _outlasts(wanted.span, unit.span):
        raise RoleRefused(
            role=label, reason=f"“{unit.name}”定于 {unit.valid_to} 撤销，请填写不晚于这一天的终止日期"
        )
    if wanted.line_code is not None:
        line = lines.by_code(work.session, wanted.line_code)
        if not line.span.covers(first):
            raise RoleRefused(role=label, reason=f"业务线“{line.name}”在 {first} 尚未设立或已停用")
        if _outlasts(wanted.span, line.span):
            raise RoleRefused(
                role=label, reason=f"业务线“{line.name}”定于 {line.valid_to} 停用，请填写终止日期"
            )


def _outlasts(wanted: Span, place: Span) -> bool:
    return place.last is not None and (wanted.last is None or wanted.last > place.last)


def _same(work: Work, wanted: Grant) -> list[RoleAssignment]:
    found = select(RoleAssignment).where(
        RoleAssignment.officer_id == wanted.officer_id,
        RoleAssignment.role == wanted.role,
        RoleAssignment.unit_id == wanted.unit_id,
        RoleAssignment.line_code.is_(None)
        if wanted.line_code is None
        else RoleAssignment.line_code == wanted.line_code,
    )
    return list(work.session.scalars(found))


def revoke(work: Work, assignment_id: int, *, last_day: date) -> RoleAssignment:
    """The competence ends after ``last_day``; what was decided under it stands."""
    assignment = work.session.get(RoleAssignment, assignment_id)
    if assignment is None:
        raise queries.RoleNotFound
    if last_day < assignment.valid_from:
        raise EndsBeforeItBegan(field="last_day", first=assignment.valid_from)
    if assignment.valid_to is not None and assignment.valid_to <= last_day:
        raise RoleOver(last=assignment.valid_to)
    assignment.valid_to = last_day
    work.session.flush()
    _note(work, "role.revoked", assignment)
    return assignment


def revoke_all(work: Work, officer_id: int, *, last_day: date) -> int:
    """Every competence of an officer ends, on leaving or on a transfer; how many there were.

    What would only have begun after ``last_day`` ends with its first day.
    """
    open_ones = work.session.scalars(
        select(RoleAssignment).where(
            RoleAssignment.officer_id == officer_id,
            or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to > last_day),
        )
    ).all()
    end(work, open_ones, last_day=last_day)
    return len(open_ones)


def end(work: Work, held: Iterable[RoleAssignment], *, last_day: date) -> None:
    """These competences end; one that would only have begun later ends with its first day."""
    for assignment in held:
        assignment.valid_to = max(assignment.valid_from, last_day)
        _note(work, "role.revoked", assignment)
    work.session.flush()


def _note(work: Work, deed: str, held: RoleAssignment) -> None:
    seat = Seat(held.role, held.unit_id, held.line_code).principal
    last = None if held.valid_to is None else str(held.valid_to)
    record(work, deed, f"officer:{held.officer_id}", seat=seat, first=str(held.valid_from), last=last)


def declare_relation(
    work: Work, pair: frozenset[int], *, kind: RelationKind, span: Span, remark: str = ""
) -> Relation:
    """Two officers do not decide on each other from now on. ``pair``: their ids."""
    if len(pair) != PAIR:
        raise RelationRefused(field="other")
    if span.last is not None and span.last < span.first:
        raise EndsBeforeItBegan(field="last", first=span.first)
    one, other = (officers.get(work.session, officer_id) for officer_id in sorted(pair))
    for known in queries.relations_of(work.session, one.id, other.id):
        if known.kind is kind and known.span.overlaps(span):
            raise RelationKnown(one=one.name, other=other.name, kind=kind.label, first=known.valid_from)
    relation = Relation(
        officer_id=one.id,
        other_id=other.id,
        kind=kind,
        remark=tidy(remark),
        valid_from=span.first,
        valid_to=span.last,
        declared_by=work.actor.name,
    )
    work.session.add(relation)
    work.session.flush()
    record(work, "relation.declared", f"relation:{relation.id}", officers=[one.id, other.id], kind=kind.value)
    return relation


def end_relation(work: Work, relation_id: int, *, last_day: date) -> Relation:
    """The reason to stand aside is gone after ``last_day``."""
    relation = work.session.get(Relation, relation_id)
    if relation is None:
        raise queries.RoleNotFound
    if relation.valid_to is not None and relation.valid_to <= last_day:
        raise RelationOver(last=relation.valid_to)
    if last_day < relation.valid_from:
        raise EndsBeforeItBegan(field="last_day", first=relation.valid_from)
    relation.valid_to = last_day
    work.session.flush()
    record(work, "relation.ended", f"relation:{relation.id}", last_day=str(last_day))
    return relation
