"""Where officers serve on a day, who serves in a unit, with which coefficient, how long they were away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.kernel.paging import PAGE_SIZE, Page
from kaohe_flow.organization.officer.model import Identity, Leave, Membership, Officer
from kaohe_flow.organization.officer.rules import MembershipKind, OfficerState, coefficient
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.organization.unit.model import Unit
from kaohe_flow.organization.unit.rules import Branch, tidy

MAIN_ONLY = frozenset({MembershipKind.MAIN})


class OfficerNotFound(NotFound):
    """No officer has this id or police number."""

    code = "officer-not-found"
    message = "没有找到警号或编号为“{officer}”的民警"


@dataclass(frozen=True, slots=True)
class Posting:
    """An officer together with the main unit of one day; ``unit`` is missing after leaving."""

    officer: Officer
    unit: Unit | None


@dataclass(frozen=True, slots=True)
class Stay:
    """An officer in one unit from a day to a day; which unit is known from where it was asked."""

    officer: Officer
    membership: Membership


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for: part of a name or police number, inside ``within`` (None = all units)."""

    day: date
    text: str = ""
    within: frozenset[int] | None = None
    number: int = 1
    size: int = PAGE_SIZE


def get(session: Session, officer_id: int) -> Officer:
    """The officer, or ``OfficerNotFound``."""
    officer = session.get(Officer, officer_id)
    if officer is None:
        raise OfficerNotFound(officer=officer_id)
    return officer


def by_police_no(session: Session, police_no: str) -> Officer:
    """The officer with exactly this number, or ``OfficerNotFound``."""
    officer = session.scalar(select(Officer).where(Officer.police_no == police_no))
    if officer is None:
        raise OfficerNotFound(officer=police_no)
    return officer


def by_ids(session: Session, officer_ids: Iterable[int]) -> dict[int, Officer]:
    """Officers by id; an id without an officer is left out."""
    wanted = sorted(set(officer_ids))
    return {officer.id: officer for officer in session.scalars(select(Officer).where(Officer.id.in_(wanted)))}


def history(session: Session, officer_id: int) -> tuple[Membership, ...]:
    """Every membership of an officer, the earliest first."""
    return tuple(
        session.scalars(
            select(Membership)
            .where(Membership.officer_id == officer_id)
            .order_by(Membership.valid_from, Membership.id)
        )
    )


def unit_on(session: Session, officer_id: int, day: date) -> Unit | None:
    """The main unit of the day; none before the first and after the last posting."""
    return units_on(session, (officer_id,), day).get(officer_id)


def units_on(session: Session, officer_ids: Iterable[int], day: date) -> dict[int, Unit]:
    """The main units of many officers on one day, by officer id, in one statement."""
    found = session.execute(
        select(Membership.officer_id, Unit)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(
            Membership.officer_id.in_(sorted(set(officer_ids))),
            Membership.kind == MembershipKind.MAIN,
            Membership.on(day),
        )
    )
    return {officer_id: unit for officer_id, unit in found}


def members_on(
    session: Session,
    unit_id: int,
    day: date,
    kinds: frozenset[MembershipKind] = MAIN_ONLY,
) -> tuple[Officer, ...]:
    """Who serves in exactly this unit on the day, by police number; by default only main postings."""
    return tuple(
        session.scalars(
            select(Officer)
            .join(Membership, Membership.officer_id == Officer.id)
            .where(Membership.unit_id == unit_id, Membership.kind.in_(sorted(kinds)), Membership.on(day))
            .order_by(Officer.police_no)
            .distinct()
        )
    )


def serving_in(session: Session, unit_ids: Iterable[int], day: date) -> frozenset[int]:
    """Ids of everybody with whatever posting in one of the units on the day."""
    found = select(Membership.officer_id).where(
        Membership.unit_id.in_(sorted(set(unit_ids))), Membership.on(day)
    )
    return frozenset(session.scalars(found))


def stays(session: Session, unit_id: int, *, number: int = 1) -> Page[Stay]:
    """Everybody who ever served in exactly this unit, those who still do first, then the latest to leave."""
    listed = (
        select(Officer, Membership)
        .join(Membership, Membership.officer_id == Officer.id)
        .where(Membership.unit_id == unit_id)
    )
    total = session.scalar(select(func.count()).select_from(listed.subquery())) or 0
    order = (Membership.valid_to.is_not(None), Membership.valid_to.desc(), Officer.police_no, Membership.id)
    shown = session.execute(listed.order_by(*order).offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE))
    return Page([Stay(officer, membership) for officer, membership in shown], number, total)


def headcount(session: Session, day: date) -> dict[int, int]:
    """Officers with their main posting in each unit on the day, by unit id; empty units are left out."""
    found = session.execute(
        select(Membership.unit_id, func.count())
        .where(Membership.kind == MembershipKind.MAIN, Membership.on(day))
        .group_by(Membership.unit_id)
    )
    return {unit_id: count for unit_id, count in found}


def tree(session: Session, day: date) -> tuple[Branch, ...]:
    """The organisation of the day with the officers of every unit counted, in two statements."""
    return units.tree(session, day, headcount(session, day))


def identities_on(session: Session, officer_id: int, day: date) -> tuple[Identity, ...]:
    """The identities valid on the day, the highest coefficient first."""
    return tuple(
        session.scalars(
            select(Identity)
            .where(Identity.officer_id == officer_id, Identity.on(day))
            .order_by(Identity.coefficient.desc(), Identity.code)
        )
    )


def coefficients_on(session: Session, officer_ids: Iterable[int], day: date) -> dict[int, Decimal]:
    """The coefficient that counts on the day for each of these officers: the highest; 1 without any."""
    wanted = sorted(set(officer_ids))
    held: dict[int, list[Decimal]] = defaultdict(list)
    for officer_id, factor in session.execute(
        select(Identity.officer_id, Identity.coefficient).where(
            Identity.officer_id.in_(wanted), Identity.on(day)
        )
    ):
        held[officer_id].append(factor)
    return {officer_id: coefficient(held[officer_id]) for officer_id in wanted}


def days_in_units(session: Session, officer_id: int, start: date, end: date) -> dict[int, int]:
    """Calendar days of main posting by unit id, ``start`` and ``end`` included."""
    return days_of_many(session, (officer_id,), start, end).get(officer_id, {})


def days_of_many(
    session: Session, officer_ids: Iterable[int], start: date, end: date
) -> dict[int, dict[int, int]]:
    """``days_in_units`` for many officers, by officer id, in one statement."""
    days: dict[int, dict[int, int]] = defaultdict(dict)
    for membership in session.scalars(
        select(Membership)
        .where(
            Membership.officer_id.in_(sorted(set(officer_ids))),
            Membership.kind == MembershipKind.MAIN,
            Membership.within(start, end),
        )
        .order_by(Membership.valid_from)
    ):
        spent = days[membership.officer_id]
        more = membership.span.days_within(start, end)
        spent[membership.unit_id] = spent.get(membership.unit_id, 0) + more
    return dict(days)


def leave_days(session: Session, officer_ids: Iterable[int], start: date, end: date) -> dict[int, int]:
    """Calendar days of leave from ``start`` to ``end`` by officer id; overlapping leaves count once."""
    away: dict[int, list[Leave]] = defaultdict(list)
    for leave in session.scalars(
        select(Leave)
        .where(Leave.officer_id.in_(sorted(set(officer_ids))), Leave.within(start, end))
        .order_by(Leave.valid_from)
    ):
        away[leave.officer_id].append(leave)
    return {officer_id: _union_days(leaves, start, end) for officer_id, leaves in away.items()}


def _union_days(leaves: list[Leave], start: date, end: date) -> int:
    total, counted_to = 0, start.toordinal() - 1
    for leave in leaves:
        last = min(leave.valid_to or end, end).toordinal()
        total += max(0, last - max(leave.valid_from.toordinal() - 1, counted_to))
        counted_to = max(counted_to, last)
    return total


def search(session: Session, wanted: Search) -> Page[Posting]:
    """Officers in the scope, by police number, one page at a time.

    With ``within`` only officers with their main posting in one of those units on the day; without it
    everybody, also those who have left.
    """
    listed = (
        select(Officer, Unit)
        .outerjoin(
            Membership,
            (Membership.officer_id == Officer.id)
            & (Membership.kind == MembershipKind.MAIN)
            & Membership.on(wanted.day),
        )
        .outerjoin(Unit, Unit.id == Membership.unit_id)
    )
    words = tidy(wanted.text)
    if words:
        listed = listed.where(
            or_(
                Officer.name.contains(words, autoescape=True),
                Officer.police_no.contains(words.upper(), autoescape=True),
            )
        )
    if wanted.within is not None:
        listed = listed.where(Membership.unit_id.in_(sorted(wanted.within)))
    total = session.scalar(select(func.count()).select_from(listed.subquery())) or 0
    shown = session.execute(
        listed.order_by(Officer.police_no).offset((wanted.number - 1) * wanted.size).limit(wanted.size)
    )
    rows = [Posting(officer, unit) for officer, unit in shown]
    return Page(rows=rows, number=wanted.number, total=total, size=wanted.size)


def serving_among(session: Session, officer_ids: Iterable[int]) -> frozenset[int]:
    """Those of the officers who have not left."""
    return frozenset(
        session.scalars(
            select(Officer.id).where(
                Officer.id.in_(sorted(set(officer_ids))), Officer.state == OfficerState.SERVING
            )
        )
    )
