"""Competences and relations as lists for those who keep them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from kaohe_flow.organization.officer.model import Officer
from kaohe_flow.organization.role.model import Relation, RoleAssignment
from kaohe_flow.organization.role.queries import RoleNotFound
from kaohe_flow.organization.role.rules import Role


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared relation with both officers."""

    relation: Relation
    one: Officer
    other: Officer


def assignment(session: Session, assignment_id: int) -> RoleAssignment:
    """One competence. Raises ``RoleNotFound``."""
    found = session.get(RoleAssignment, assignment_id)
    if found is None:
        raise RoleNotFound
    return found


def ever_held(session: Session, officer_id: int) -> tuple[RoleAssignment, ...]:
    """Every competence of an officer, past and future ones too, the latest to begin first."""
    return tuple(
        session.scalars(
            select(RoleAssignment)
            .where(RoleAssignment.officer_id == officer_id)
            .order_by(RoleAssignment.valid_from.desc(), RoleAssignment.id.desc())
        )
    )


def going_on(session: Session, officer_id: int, day: date) -> tuple[RoleAssignment, ...]:
    """What an officer still holds on ``day`` or will hold later."""
    return tuple(one for one in ever_held(session, officer_id) if one.valid_to is None or one.valid_to >= day)


def led_by(session: Session, officer_ids: Iterable[int], day: date) -> dict[int, int]:
    """The unit each of many officers heads on a day; of several, the one founded first."""
    rows = session.execute(
        select(RoleAssignment.officer_id, func.min(RoleAssignment.unit_id))
        .where(*_heading(day), RoleAssignment.officer_id.in_(sorted(set(officer_ids))))
        .group_by(RoleAssignment.officer_id)
    )
    return {officer_id: unit_id for officer_id, unit_id in rows}


def leaders_of(session: Session, unit_id: int, day: date) -> frozenset[int]:
    """Who heads a unit on a day."""
    found = select(RoleAssignment.officer_id).where(*_heading(day), RoleAssignment.unit_id == unit_id)
    return frozenset(session.scalars(found))


def _heading(day: date) -> tuple[ColumnElement[bool], ...]:
    return (RoleAssignment.role == Role.UNIT_HEAD, RoleAssignment.on(day))


def ever_at(session: Session, unit_id: int) -> tuple[tuple[RoleAssignment, Officer], ...]:
    """Every competence ever held at a unit, those without an end first, then the latest to end."""
    found = session.execute(
        select(RoleAssignment, Officer)
        .join(Officer, Officer.id == RoleAssignment.officer_id)
        .where(RoleAssignment.unit_id == unit_id)
        .order_by(
            RoleAssignment.valid_to.is_not(None),
            RoleAssignment.valid_to.desc(),
            RoleAssignment.role,
            Officer.police_no,
        )
    )
    return tuple((held, officer) for held, officer in found)


def at_unit_after(session: Session, unit_id: int, day: date) -> tuple[RoleAssignment, ...]:
    """Competences at the unit that would outlast ``day``."""
    return tuple(
        session.scalars(select(RoleAssignment).where(RoleAssignment.unit_id == unit_id, _outlasts(day)))
    )


def of_line_after(session: Session, line_code: str, day: date) -> tuple[RoleAssignment, ...]:
    """Reviewers of the line whose competence would outlast ``day``."""
    return tuple(
        session.scalars(select(RoleAssignment).where(RoleAssignment.line_code == line_code, _outlasts(day)))
    )


def _outlasts(day: date) -> ColumnElement[bool]:
    return or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to > day)


def declared(session: Session, within: frozenset[int] | None = None) -> tuple[Declared, ...]:
    """Declared relations, those without an end first; ``within``: at least one of the officers is in it."""
    one, other = aliased(Officer), aliased(Officer)
    wanted = (
        select(Relation, one, other)
        .join(one, one.id == Relation.officer_id)
        .join(other, other.id == Relation.other_id)
        .order_by(Relation.valid_to.is_not(None), Relation.valid_to.desc(), Relation.id.desc())
    )
    if within is not None:
        known = sorted(within)
        wanted = wanted.where(or_(Relation.officer_id.in_(known), Relation.other_id.in_(known)))
    return tuple(Declared(*row) for row in session.execute(wanted))


def relation(session: Session, relation_id: int) -> Relation:
    """One relation. Raises ``RoleNotFound``."""
    found = session.get(Relation, relation_id)
    if found is None:
        raise RoleNotFound
    return found
