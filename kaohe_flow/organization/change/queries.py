"""What a change would take along, before it is made."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from kaohe_flow.organization.change.rules import left_behind
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.officer.model import Membership
from kaohe_flow.organization.role.queries import listing
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.organization.unit.rules import day_before


def ending_with_transfer(session: Session, officer_id: int, unit_id: int, since: date) -> frozenset[int]:
    """Ids of the competences that end when the officer goes to the unit, unless told otherwise."""
    old = officers.unit_on(session, officer_id, day_before(since))
    if old is None:
        return frozenset()
    chains = units.chains(session, (old.id, unit_id))
    left = left_behind((unit.id for unit in chains[old.id]), (unit.id for unit in chains.get(unit_id, ())))
    return frozenset(held.id for held in listing.going_on(session, officer_id, since) if held.unit_id in left)


def serving_after(session: Session, unit_id: int, day: date) -> int:
    """Officers, posted or seconded, whose days in the unit would outlast ``day``."""
    found = select(func.count(Membership.officer_id.distinct())).where(
        Membership.unit_id == unit_id, or_(Membership.valid_to.is_(None), Membership.valid_to > day)
    )
    return session.scalar(found) or 0
