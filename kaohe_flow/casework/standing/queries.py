"""Candidates and time limits of a case: the same for every kind of case, so written once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from kaohe_flow.casework.standing.rules import Scope
from kaohe_flow.kernel.actor import Actor
from kaohe_flow.organization.role.queries import Standing, pool
from kaohe_flow.organization.role.rules import Role, read_principal
from kaohe_flow.organization.unit.queries import subtrees_ids
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.workflow.delegate import Asked, Candidates
from kaohe_flow.workflow.engine.port import Value


def candidates(session: Session, asked: Asked, standing: Standing) -> Candidates:
    """Who may take a task of the case: the pool of its expressions, recusal applied."""
    found = pool(session, asked.expressions, standing, climb=asked.climb)
    return Candidates(
        principals=found.principals,
        recused=found.recused,
        climbed=found.climbed,
        is_incident=found.incident,
        label=found.label,
    )


def time_functions(session: Session, period_id: int, now: datetime) -> Mapping[str, Callable[..., Value]]:
    """What diagrams may ask of the calendar, from ``now`` on: always the last second that counts."""
    return periods.time_functions(session, period_id, now)


def scope(session: Session, actor: Actor) -> Scope:
    """Whose cases a person may read: units below any competence, and lines within the units they cover."""
    places: set[int] = set()
    lines: dict[str, set[int]] = {}
    for principal in actor.principals:
        seat = read_principal(principal)
        if seat is None or seat.role is Role.OFFICER:
            continue
        if seat.line is None:
            places.add(seat.place)
        else:
            lines.setdefault(seat.line, set()).add(seat.place)
    return Scope(
        unit_ids=subtrees_ids(session, places) if places else frozenset(),
        line_unit_ids={line: subtrees_ids(session, units) for line, units in lines.items()},
    )
