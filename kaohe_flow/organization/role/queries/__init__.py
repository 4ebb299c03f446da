"""Who holds what, who must stand aside, and who may therefore do a task."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.organization.officer.model import Membership, Officer
from kaohe_flow.organization.officer.rules import OfficerState
from kaohe_flow.organization.role.model import Relation, RoleAssignment
from kaohe_flow.organization.role.rules import (
    Chain,
    Ground,
    Role,
    Rung,
    Seat,
    Staircase,
    parse_all,
    read_principal,
    staircase,
)
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.organization.unit.model import Unit

Holdings = Mapping[Seat, frozenset[int]]
NOBODY: frozenset[int] = frozenset()


class RoleNotFound(NotFound):
    """No assignment or relation has this id."""

    code = "role-not-found"
    message = "没有找到这项任职或关系"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a case when its candidates are asked for.

    ``unit_id``: the unit of the subject on the date of the work; ``day``: today, for who holds what;
    ``subject_officer_id`` None: a unit is assessed; ``decider_unit_id``: where the contested decision was
    made; ``receiver_unit_id``: the unit an indicator is issued to; ``recused``: whoever decided before,
    benefits, or is in dispute. The subject and their declared relations are added here, always.
    """

    subject_officer_id: int | None
    unit_id: int
    day: date
    line_code: str | None = None
    decider_unit_id: int | None = None
    receiver_unit_id: int | None = None
    recused: frozenset[int] = NOBODY


@dataclass(frozen=True, slots=True)
class Pool:
    """Who may take the task: holders of the principals, less the recused.

    ``climbed``: levels above the scope that was asked for; ``incident``: a leading group stands in, or
    nobody is left at all; ``unit_id`` and ``level``: where the first principal is held (None: the subject
    in person); ``label``: the pool in words.
    """

    principals: frozenset[str]
    recused: frozenset[int]
    climbed: int
    incident: bool
    unit_id: int | None
    level: int | None
    label: str


def principals_of(session: Session, officer_id: int, day: date) -> frozenset[str]:
    """All that an officer may act as on the day; whoever has left acts as nothing."""
    found = session.execute(
        select(RoleAssignment.role, RoleAssignment.unit_id, RoleAssignment.line_code)
        .select_from(Officer)
        .outerjoin(RoleAssignment, (RoleAssignment.officer_id == Officer.id) & RoleAssignment.on(day))
        .where(Officer.id == officer_id, Officer.state == OfficerState.SERVING)
    ).all()
    seats = {Seat(role, unit_id, line) for role, unit_id, line in found if role is not None}
    person = {Seat(Role.OFFICER, officer_id)} if found else set()
    return frozenset(seat.principal for seat in seats | person)


def assignments_of(session: Session, officer_id: int, day: date) -> tuple[RoleAssignment, ...]:
    """The competences an officer holds on the day."""
    return tuple(
        session.scalars(
            select(RoleAssignment)
            .where(RoleAssignment.officer_id == officer_id, RoleAssignment.on(day))
            .order_by(RoleAssignment.role, RoleAssignment.unit_id)
        )
    )


def granted_at(session: Session, unit_id: int, day: date) -> tuple[tuple[RoleAssignment, Officer], ...]:
    """Who holds which competence at the unit on the day, by role and police number."""
    found = session.execute(
        select(RoleAssignment, Officer)
        .join(Officer, Officer.id == RoleAssignment.officer_id)
        .where(RoleAssignment.unit_id == unit_id, RoleAssignment.on(day))
        .order_by(RoleAssignment.role, Officer.police_no)
    )
    return tuple((assignment, officer) for assignment, officer in found)


def holders(session: Session, principal: str, day: date) -> frozenset[int]:
    """The serving officers behind one principal; nobody for an unknown one."""
    return holders_of(session, (principal,), day)[principal]


def holders_of(session: Session, principals: Iterable[str], day: date) -> dict[str, frozenset[int]]:
    """The serving officers behind each principal, in at most two statements."""
    asked = {principal: read_principal(principal) for principal in principals}
    seats = [seat for seat in asked.values() if seat is not None]
    roles = sorted({seat.role for seat in seats if seat.role is not Role.OFFICER})
    held = _holdings(session, {seat.place for seat in seats}, roles, day) if roles else {}
    persons = [seat.place for seat in seats if seat.role is Role.OFFICER]
    serving = set(
        session.scalars(
            select(Officer.id).where(Officer.id.in_(persons), Officer.state == OfficerState.SERVING)
        )
        if persons
        else ()
    )
    return {
        principal: held.get(seat, NOBODY)
        if seat is not None and seat.role is not Role.OFFICER
        else frozenset(serving & {seat.place} if seat else ())
        for principal, seat in asked.items()
    }


def _holdings(
    session: Session, unit_ids: Iterable[int], roles: Sequence[Role], day: date
) -> dict[Seat, frozenset[int]]:
    found = session.execute(
        select(
            RoleAssignment.role, RoleAssignment.unit_id, RoleAssignment.line_code, RoleAssignment.officer_id
        )
        .join(Officer, Officer.id == RoleAssignment.officer_id)
        .where(
            RoleAssignment.unit_id.in_(sorted(set(unit_ids))),
            RoleAssignment.role.in_(roles),
            RoleAssignment.on(day),
            Officer.state == OfficerState.SERVING,
        )
    )
    held: dict[Seat, set[int]] = defaultdict(set)
    for role, unit_id, line, officer_id in found:
        held[Seat(role, unit_id, line)].add(officer_id)
    return {seat: frozenset(officers) for seat, officers in held.items()}


def related_to(session: Session, officer_id: int, day: date) -> frozenset[int]:
    """Officers with a declared relation to this one on the day."""
    pairs = session.execute(
        select(Relation.officer_id, Relation.other_id).where(
            or_(Relation.officer_id == officer_id, Relation.other_id == officer_id), Relation.on(day)
        )
    )
    return frozenset(one if other == officer_id else other for one, other in pairs)


def relations_of(session: Session, one_id: int, other_id: int) -> tuple[Relation, ...]:
    """Every relation ever declared between two officers, the smaller id first."""
    pair = (Relation.officer_id == one_id, Relation.other_id == other_id)
    return tuple(session.scalars(select(Relation).where(*pair)))


def subordinates(session: Session, officer_id: int, day: date) -> frozenset[int]:
    """Everybody serving on the day in units the officer heads, or below them; never the officer."""
    headed = select(RoleAssignment.unit_id).where(
        RoleAssignment.officer_id == officer_id, RoleAssignment.role == Role.UNIT_HEAD, RoleAssignment.on(day)
    )
    unit_ids = units.subtrees_ids(session, session.scalars(headed))
    serving = select(Membership.officer_id).where(
        Membership.unit_id.in_(sorted(unit_ids)), Membership.on(day)
    )
    return frozenset(session.scalars(serving)) - {officer_id}


def officials_at(session: Session, unit_id: int, days: Iterable[date]) -> frozenset[int]:
    """Whoever held any competence at the unit on one of the days ("then or now" of an appeal)."""
    held = select(RoleAssignment.officer_id).where(
        RoleAssignment.unit_id == unit_id, or_(*(RoleAssignment.on(day) for day in days))
    )
    return frozenset(session.scalars(held))


def pool(session: Session, expressions: Iterable[str], standing: Standing, *, climb: int = 0) -> Pool:
    """Who may do a task with these ``candidateGroups``, in at most four statements.

    Recusal applies after resolution. When nobody is left, all scopes move up one level together; at the
    top the leading group stands in, then that of the other authority. ``climb``: start so many levels
    higher (an overdue task), at most at the own leading group. ``officer@subject`` never climbs.
    Raises ``CandidateRefused``, ``ScopeUnknown``, ``UnitNotFound``.
    """
    candidates = parse_all(expressions)
    ground = _ground(session, standing)
    flights = [staircase(candidate, ground) for candidate in candidates]
    seats = {seat for flight in flights for stair in flight.stairs for seat in stair}
    roles = sorted({seat.role for seat in seats if seat.role is not Role.OFFICER})
    places = {seat.place for seat in seats if seat.role is not Role.OFFICER}
    held: dict[Seat, frozenset[int]] = _holdings(session, places, roles, standing.day) if roles else {}
    recused = standing.recused
    subject = standing.subject_officer_id
    if subject is not None:
        recused |= related_to(session, subject, standing.day) | {subject}
        own = Seat(Role.OFFICER, subject)
        if own in seats:
            recused -= {subject}
            held[own] = frozenset({subject})
    step, taken = _choose(flights, held, recused, climb)
    names = {rung.unit_id: rung for rung in (*ground.unit, *ground.receiver, *ground.decider, *ground.tops)}
    place = next((names[found.seat.place] for found in taken if found.seat.role is not Role.OFFICER), None)
    return Pool(
        principals=frozenset(found.seat.principal for found in taken),
        recused=recused,
        climbed=step,
        incident=all(found.stands_in for found in taken),
        unit_id=place.unit_id if place else None,
        level=place.level if place else None,
        label="、".join(dict.fromkeys(_label(found.seat, names) for found in taken)),
    )


def widen(session: Session, expressions: Iterable[str], standing: Standing, below: Pool) -> Pool:
    """The same expressions one level above a pool that let its limit pass."""
    return pool(session, expressions, standing, climb=below.climbed + 1)


def _ground(session: Session, standing: Standing) -> Ground:
    asked = (standing.unit_id, standing.receiver_unit_id, standing.decider_unit_id)
    chains = units.chains(session, [unit_id for unit_id in asked if unit_id is not None])
    missing = next((unit_id for unit_id in asked if unit_id is not None and unit_id not in chains), None)
    if missing is not None:
        raise units.UnitNotFound(unit=missing)
    own, receiver, decider = (_rungs(chains.get(unit_id or 0, ())) for unit_id in asked)
    return Ground(
        subject_officer_id=standing.subject_officer_id,
        line_code=standing.line_code,
        unit=own,
        receiver=receiver,
        decider=decider,
        tops=_rungs(units.roots(session)),
    )


def _rungs(chain: Iterable[Unit]) -> Chain:
    return tuple(Rung(unit.id, unit.level, unit.short_name) for unit in chain)


@dataclass(frozen=True, slots=True)
class _Taken:
    """A seat somebody may decide from; ``stands_in``: a leading group in place of what was asked for."""

    seat: Seat
    stands_in: bool


def _choose(
    flights: Sequence[Staircase], held: Holdings, recused: frozenset[int], climb: int
) -> tuple[int, list[_Taken]]:
    """The lowest step from ``climb`` on with somebody left, and the seats there."""
    highest_own = max(flight.foreign for flight in flights) - 1
    for step in range(min(climb, highest_own), max(len(flight.stairs) for flight in flights)):
        taken = [found for flight in flights if (found := _occupied(flight, step, held, recused))]
        if taken:
            return step, taken
    longest = max(flights, key=lambda flight: flight.foreign)
    return highest_own, [_Taken(longest.stairs[highest_own][0], stands_in=True)]


def _occupied(flight: Staircase, step: int, held: Holdings, recused: frozenset[int]) -> _Taken | None:
    index = min(step, len(flight.stairs) - 1)
    seat = next((seat for seat in flight.stairs[index] if held.get(seat, NOBODY) - recused), None)
    return None if seat is None else _Taken(seat, stands_in=index >= flight.own)


def _label(seat: Seat, names: Mapping[int, Rung]) -> str:
    if seat.role is Role.OFFICER:
        return "本人"
    return names[seat.place].name.removesuffix(seat.role.label) + seat.role.label
