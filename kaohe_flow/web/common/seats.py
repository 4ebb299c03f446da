"""Where the person at the keyboard holds what: the units they may act for."""

from __future__ import annotations

from sqlalchemy.orm import Session

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.organization.role.rules import Role, read_principal
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.organization.unit.rules import Level


def units_of(actor: Actor, *roles: Role) -> tuple[int, ...]:
    """Ids of the units where the person holds one of the roles, in their order."""
    seats = (read_principal(principal) for principal in actor.principals)
    return tuple(sorted({seat.place for seat in seats if seat is not None and seat.role in roles}))


def holds_city_office(session: Session, actor: Actor) -> bool:
    """Whether the person acts for an office of level 1, which keeps what is the same for the whole bureau."""
    held = units.by_ids(session, offices_of(actor))
    return any(unit.level == Level.AUTHORITY for unit in held.values())


def offices_of(actor: Actor) -> tuple[int, ...]:
    """Ids of the units whose assessment office the person acts for."""
    return units_of(actor, Role.OFFICE)
