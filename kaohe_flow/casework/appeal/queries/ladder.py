"""Who hears an appeal next, and who must keep out."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kaohe_flow.casework.appeal import queries
from kaohe_flow.casework.appeal.model import Appeal, AppealRuling, AppealRung
from kaohe_flow.casework.appeal.rules.ladder import Rung, RungKind, limit_name
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.role import queries as roles
from kaohe_flow.organization.role.model import RoleAssignment
from kaohe_flow.organization.role.queries import Standing
from kaohe_flow.organization.role.rules import Role
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.organization.unit.rules import Level

LAST_INSTANCES: Final = frozenset({Role.DISCIPLINE, Role.LEADING_GROUP})


def standing(session: Session, appeal: Appeal, now: datetime) -> Standing:
    """Where the appeal stands, with everybody who must keep out (回避).

    Whoever judged the case or a lower rung, the appellant's subordinates, and everybody of the units and
    offices that decided before, then or now. The appellant and declared relations are added by the pool.
    """
    dispute = queries.contested_by(session, appeal).dispute
    day = local_day(now)
    recused = set(dispute.judges)
    recused |= roles.subordinates(session, appeal.officer_id, day)
    recused |= _colleagues(session, appeal.decision_unit_id, appeal.decided_at, now)
    for ruling in queries.rulings(session, appeal.id):
        recused.add(ruling.decided_by_id)
        recused |= _colleagues(session, _unit_of(session, ruling), ruling.decided_at, now)
    return Standing(
        subject_officer_id=appeal.officer_id,
        unit_id=appeal.unit_id,
        day=day,
        decider_unit_id=appeal.decider_unit_id,
        recused=frozenset(recused),
    )


def _unit_of(session: Session, ruling: AppealRuling) -> int:
    return session.get_one(AppealRung, (ruling.appeal_id, ruling.rung)).unit_id


def _colleagues(session: Session, unit_id: int, decided_at: datetime, now: datetime) -> frozenset[int]:
    """Everybody of the unit that decided, on the day and now.

    At an authority the office decided, not the bodies that stand above it there: discipline and the leading
    group keep out only as persons who signed.
    """
    days = (local_day(decided_at), local_day(now))
    if units.get(session, unit_id).level != Level.AUTHORITY:
        members = {one.id for day in days for one in officers.members_on(session, unit_id, day)}
        return roles.officials_at(session, unit_id, days) | members
    return frozenset(
        session.scalars(
            select(RoleAssignment.officer_id).where(
                RoleAssignment.unit_id == unit_id,
                RoleAssignment.role.not_in(sorted(LAST_INSTANCES)),
                or_(*(RoleAssignment.on(day) for day in days)),
            )
        )
    )


def next_rung(session: Session, appeal: Appeal, now: datetime) -> Rung:
    """Who hears the appeal next: the lowest office above the last decision in which somebody need not keep
    out, else discipline at the top, else the leading group. Always ends: every rung stands higher."""
    ground = standing(session, appeal, now)
    before = [rung for rung in queries.rungs(session, appeal.id) if rung.kind is RungKind.OFFICE]
    office = roles.pool(session, ("office@decider+1",), ground)
    if not office.incident and office.unit_id is not None:
        chain = [unit.id for unit in units.chain(session, appeal.decider_unit_id)]
        below = chain[chain.index(office.unit_id) - 1]
        return Rung(RungKind.OFFICE, office.unit_id, below, limit_name(RungKind.OFFICE, len(before)))
    discipline = roles.pool(session, ("discipline@top",), ground)
    kind = RungKind.LEADING_GROUP if discipline.incident else RungKind.DISCIPLINE
    top = units.root(session, appeal.unit_id).id
    return Rung(kind, top, appeal.decider_unit_id, limit_name(kind, len(before)))
