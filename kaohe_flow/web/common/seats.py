"""Where the person at the keyboard holds what: the units they may act for."""

from __future__ import annotations

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.organization.role.rules import Role, read_principal


def units_of(actor: Actor, *roles: Role) -> tuple[int, ...]:
    """Ids of the units where the person holds one of the roles, in their order."""
    seats = (read_principal(principal) for principal in actor.principals)
    return tuple(sorted({seat.place for seat in seats if seat is not None and seat.role in roles}))


def offices_of(actor: Actor) -> tuple[int, ...]:
    """Ids of the units whose assessment office the person acts for."""
    return units_of(actor, Role.OFFICE)
