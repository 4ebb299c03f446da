"""How far somebody sees into the organisation, and how far a roster of theirs may reach."""

from __future__ import annotations

from sqlalchemy.orm import Session

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.web.common.policy import administrators
from kaohe_flow.web.common.scope import scope_of
from kaohe_flow.web.common.seats import holds_city_office, offices_of
from kaohe_flow.web.common.security import now


def seen_by(session: Session, actor: Actor) -> frozenset[int] | None:
    """Units whose people the person may read: below any competence, and the own one. None = everywhere,
    for the offices of level 1 and the three administrators, who see nobody's points."""
    if administrators(actor) or holds_city_office(session, actor):
        return None
    own = officers.unit_on(session, actor.officer_id or 0, local_day(now()))
    return scope_of(session, actor).unit_ids | ({own.id} if own else set())


def managed_by(session: Session, actor: Actor) -> frozenset[int]:
    """Units into which a roster of the person may put people: those below the offices they act for."""
    return units.subtrees_ids(session, offices_of(actor))


def is_seen(seen: frozenset[int] | None, unit_id: int | None) -> bool:
    """Whether a unit lies within what is seen."""
    return seen is None or unit_id in seen
