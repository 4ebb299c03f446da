"""Subjects of a period, out of the organization."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.officer.model import Identity as IdentityRow
from kaohe_flow.organization.officer.model import Membership, Officer
from kaohe_flow.organization.officer.rules import MembershipKind
from kaohe_flow.organization.role.queries import listing as roles
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.organization.unit.model import Unit
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.indicator.rules import Mode
from kaohe_flow.scheme.issuance import queries as issuance
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scheme.plan import queries as plans
from kaohe_flow.scorebook.roster.rules import items_for_everybody, own_items
from kaohe_flow.scorebook.scoring.facts.rules import Identity, Subject

OFFICER = "officer"
AWAY: Final[Mapping[str, Any]] = {"assessed": False, "reason": "请假超过考核期一半"}


@dataclass(frozen=True, slots=True)
class _Assessed:
    """What a period is measured by: for everybody, and for each by what was issued."""

    session: Session
    period: Period
    for_everybody: frozenset[str]
    modes: Mapping[str, Mode]

    def own(self, issued: Iterable[str]) -> tuple[str, ...]:
        return own_items(self.for_everybody, issued, self.modes)


def subject_of(session: Session, kind: str, subject_id: int, period: Period) -> Subject:
    """One officer or unit as of the last day of the period. Raises ``NoPlan``."""
    assessed = _assessed(session, period)
    if kind == OFFICER:
        return _people(assessed, [officers.get(session, subject_id)])[0]
    return _units(assessed, [units.get(session, subject_id)])[0]


def _assessed(session: Session, period: Period) -> _Assessed:
    scheme = plans.scheme_of(plans.governing(session, period.starts_on))
    modes = indicators.modes(session, period)
    return _Assessed(session, period, items_for_everybody(scheme, modes), modes)


def _units(assessed: _Assessed, rows: Sequence[Unit]) -> list[Subject]:
    issued = issuance.codes_of_units(assessed.session, (unit.id for unit in rows), assessed.period)
    return [_unit(unit, assessed.own(issued.get(unit.id, ()))) for unit in rows]


def _unit(unit: Unit, items: tuple[str, ...]) -> Subject:
    return Subject(
        id=f"unit:{unit.id}",
        name=unit.name,
        kind="unit",
        parent=f"unit:{unit.parent_id}" if unit.parent_id else None,
        unit_kind=unit.kind.value,
        sequence=unit.sequence,
        peer_group=unit.peer_group,
        ranked=unit.ranked,
        items=items,
    )


def subjects_of(session: Session, period: Period) -> tuple[Subject, ...]:
    """Everybody and every unit assessed in a period: officers with a main unit on its last day, all units.

    Who was away more than half of the period is 未考核: listed, not ranked, never 0.
    """
    posted = select(Membership.officer_id).where(
        Membership.kind == MembershipKind.MAIN, Membership.on(period.ends_on)
    )
    rows = session.scalars(select(Officer).where(Officer.id.in_(posted)).order_by(Officer.id)).all()
    existing = session.scalars(select(Unit).where(Unit.on(period.ends_on)).order_by(Unit.id)).all()
    assessed = _assessed(session, period)
    return (*_people(assessed, rows), *_units(assessed, existing))


def around(session: Session, unit_id: int, period: Period) -> tuple[Subject, ...]:
    """Whom a fact of the unit or of its people may hit too: the unit, the one above, its heads and people."""
    assessed = _assessed(session, period)
    unit = units.get(session, unit_id)
    above = [units.get(session, unit.parent_id)] if unit.parent_id else []
    leading = roles.leaders_of(session, unit_id, period.ends_on)
    serving = [one.id for one in officers.members_on(session, unit_id, period.ends_on)]
    people = officers.by_ids(session, {*leading, *serving})
    return (*_people(assessed, [people[id_] for id_ in sorted(people)]), *_units(assessed, [unit, *above]))


def _people(assessed: _Assessed, rows: Sequence[Officer]) -> list[Subject]:
    session, period = assessed.session, assessed.period
    ids = [officer.id for officer in rows]
    issued = issuance.codes_of_officers(session, ids, period)
    led = roles.led_by(session, ids, period.ends_on)
    placed = officers.units_on(session, ids, period.ends_on)
    held: dict[int, list[IdentityRow]] = defaultdict(list)
    within = (IdentityRow.officer_id.in_(ids), IdentityRow.within(period.starts_on, period.ends_on))
    for row in session.scalars(select(IdentityRow).where(*within)):
        held[row.officer_id].append(row)
    away = officers.leave_days(session, ids, period.starts_on, period.ends_on)
    days = (period.ends_on - period.starts_on).days + 1
    return [
        replace(
            _person(officer, placed.get(officer.id), held.get(officer.id, ())),
            leads=f"unit:{led[officer.id]}" if officer.id in led else None,
            items=assessed.own(issued.get(officer.id, ())),
            **(AWAY if away.get(officer.id, 0) * 2 > days else {}),
        )
        for officer in rows
    ]


def _person(officer: Officer, unit: Unit | None, held: Sequence[IdentityRow]) -> Subject:
    return Subject(
        id=f"officer:{officer.id}",
        name=officer.name,
        kind=OFFICER,
        unit=f"unit:{unit.id}" if unit else None,
        unit_kind=unit.kind.value if unit else None,
        sequence=unit.sequence if unit else None,
        peer_group=unit.peer_group if unit else None,
        post=officer.post or None,
        identities=tuple(Identity(one.code, one.valid_from, one.valid_to) for one in held),
        ranked=unit is None or unit.ranked,
    )


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: the officer, and the units inside their competences."""

    officer_id: int | None
    unit_ids: frozenset[int]


def may_see(session: Session, viewer: Viewer, kind: str, subject_id: int, period: Period) -> bool:
    """Own scores, those of people and units below one's competences, and the total of one's own unit."""
    if kind == OFFICER:
        if subject_id == viewer.officer_id:
            return True
        unit = officers.unit_on(session, subject_id, period.ends_on)
        return unit is not None and unit.id in viewer.unit_ids
    if subject_id in viewer.unit_ids or viewer.officer_id is None:
        return subject_id in viewer.unit_ids
    own = officers.unit_on(session, viewer.officer_id, period.ends_on)
    return own is not None and own.id == subject_id
