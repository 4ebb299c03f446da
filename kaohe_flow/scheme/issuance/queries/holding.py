"""Who holds which indicator: an officer's own, the tree of an issuing, the parts nobody holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager, joinedload

from kaohe_flow.organization.unit import queries as units
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.indicator.model import Indicator, IndicatorVersion
from kaohe_flow.scheme.indicator.rules import Split
from kaohe_flow.scheme.issuance.model import Assignment
from kaohe_flow.scheme.issuance.rules import (
    GONE,
    AssignmentNotFound,
    AssignmentState,
    Progress,
    Term,
    progress,
    uncovered,
)
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scheme.period.rules import year_period


@dataclass(frozen=True, slots=True)
class Held:
    """One of my indicators in a period: the wording in force then, my part, and the part of my unit above."""

    assignment: Assignment
    version: IndicatorVersion
    above: Assignment | None

    @property
    def code(self) -> str:
        """The indicator's code."""
        return self.version.indicator.code


@dataclass(frozen=True, slots=True)
class Gap:
    """A unit's part that does not reach a named officer; ``missing`` is None where nothing is counted."""

    assignment: Assignment
    version: IndicatorVersion
    unit_name: str
    missing: Decimal | None


@dataclass(frozen=True, slots=True)
class Branch:
    """One node of the progress tree; ``name`` is the unit's or the officer's."""

    assignment: Assignment
    name: str
    progress: Progress
    children: tuple[Branch, ...]

    @property
    def is_person(self) -> bool:
        """Whether the tree ends here in a named officer."""
        return self.assignment.to_officer_id is not None


def get(session: Session, assignment_id: int) -> Assignment:
    """One assignment with its version and recipient. Raises ``AssignmentNotFound``."""
    found = session.scalar(listed().where(Assignment.id == assignment_id))
    if found is None:
        raise AssignmentNotFound(what=assignment_id)
    return found


def year_term(year: int) -> Term:
    """The assessment year, from 26 December to 25 December; its months need not be opened yet."""
    span = year_period(year)
    return Term(span.starts_on, span.ends_on, year=year)


def period_term(session: Session, first_id: int, last_id: int | None = None) -> Term:
    """From the first day of one period to the last day of another, or of the same."""
    first = periods.get(session, first_id)
    last = first if last_id is None else periods.get(session, last_id)
    return Term(first.starts_on, last.ends_on, period_ids=(first.id, last.id))


def by_case(session: Session, case_key: str) -> Sequence[Assignment]:
    """Everything handed down in one process case, in the order of issuing."""
    return session.scalars(listed().where(Assignment.case_key == case_key).order_by(Assignment.id)).all()


def children(session: Session, assignment_id: int) -> Sequence[Assignment]:
    """The parts handed down from one assignment that still stand."""
    wanted = listed().where(Assignment.parent_assignment_id == assignment_id, _stands())
    return session.scalars(wanted.order_by(Assignment.id)).all()


def live_root(session: Session, indicator_id: int, unit_id: int, term: Term) -> Assignment | None:
    """What a unit has issued of an indicator for any of these days, if it still stands."""
    return session.scalar(
        listed()
        .where(
            IndicatorVersion.indicator_id == indicator_id,
            Assignment.parent_assignment_id.is_(None),
            Assignment.from_unit_id == unit_id,
            Assignment.covers_from <= term.last,
            Assignment.covers_to >= term.first,
            _stands(),
        )
        .order_by(Assignment.id)
        .limit(1)
    )


def roots(session: Session, *, unit_id: int | None = None, day: date | None = None) -> Sequence[Assignment]:
    """What was issued at the top of each tree and still stands, by code; of one unit, good for one day."""
    wanted = listed().where(Assignment.parent_assignment_id.is_(None), _stands())
    if unit_id is not None:
        wanted = wanted.where(Assignment.from_unit_id == unit_id)
    if day is not None:
        wanted = wanted.where(Assignment.covers_from <= day, Assignment.covers_to >= day)
    return session.scalars(wanted.order_by(Indicator.code, Assignment.id)).all()


def overdue(session: Session, now: datetime) -> Sequence[Assignment]:
    """Handed down, not yet acknowledged and past the limit: whom to urge, the longest overdue first."""
    late = (Assignment.state == AssignmentState.ISSUED, Assignment.due_at < now)
    return session.scalars(listed().where(*late).order_by(Assignment.due_at, Assignment.id)).all()


def assigned_to(
    session: Session, officer_id: int, period_id: int, *, effective_only: bool = False
) -> tuple[Held, ...]:
    """My indicators of a period, by code.

    The wording is the one in force for the period, which after a revision is not the one once issued; an
    indicator without a wording in force is left out. A constant number of statements however many there are.
    """
    period = periods.get(session, period_id)
    own = listed().where(Assignment.to_officer_id == officer_id)
    return _held(session, own, period, effective_only)


def assigned_to_unit(
    session: Session, unit_id: int, period_id: int, *, effective_only: bool = False
) -> tuple[Held, ...]:
    """The unit's indicators of a period, by code, as ``assigned_to``."""
    period = periods.get(session, period_id)
    own = listed().where(Assignment.to_unit_id == unit_id)
    return _held(session, own, period, effective_only)


def codes_of_officers(
    session: Session, officer_ids: Iterable[int], period: Period
) -> dict[int, frozenset[str]]:
    """The codes of the indicators each of many officers holds in a period; who holds none is left out."""
    return _codes(session, Assignment.to_officer_id, officer_ids, period)


def codes_of_units(session: Session, unit_ids: Iterable[int], period: Period) -> dict[int, frozenset[str]]:
    """The same of units, whatever they handed further down included."""
    return _codes(session, Assignment.to_unit_id, unit_ids, period)


def coverage(
    session: Session, *, root_id: int | None = None, unit_id: int | None = None, day: date | None = None
) -> tuple[Gap, ...]:
    """Parts without a named officer: of one tree, of one unit and everything below it, or of all.

    ``day`` keeps to assignments that are good for that day.
    """
    wanted = listed().where(_stands())
    if root_id is not None:
        wanted = wanted.where(or_(Assignment.id == root_id, Assignment.root_id == root_id))
    if day is not None:
        wanted = wanted.where(Assignment.covers_from <= day, Assignment.covers_to >= day)
    rows = session.scalars(wanted.order_by(Assignment.id)).all()
    scope = None if unit_id is None else units.subtree_ids(session, unit_id)
    return tuple(gap for gap in _gaps(rows) if scope is None or gap.assignment.to_unit_id in scope)


def progress_tree(session: Session, assignment_id: int) -> Branch:
    """Who has been issued, has received, is at work, is done: the whole tree below one assignment."""
    top = get(session, assignment_id)
    rows = session.scalars(
        listed()
        .where(or_(Assignment.id == top.tree_id, Assignment.root_id == top.tree_id))
        .order_by(Assignment.id)
    ).all()
    come = progress(row.node for row in rows)
    below: dict[int | None, list[Assignment]] = {}
    for row in rows:
        below.setdefault(row.parent_assignment_id, []).append(row)
    return _branch(top, below, come)


def holder_name(assignment: Assignment) -> str:
    """The unit's or the officer's name; the recipient must have been loaded."""
    if assignment.to_officer is not None:
        return assignment.to_officer.name
    return assignment.to_unit.name if assignment.to_unit is not None else ""


def _codes(
    session: Session, recipient: InstrumentedAttribute[int | None], ids: Iterable[int], period: Period
) -> dict[int, frozenset[str]]:
    rows = session.execute(
        select(recipient, Indicator.code)
        .join(IndicatorVersion, IndicatorVersion.id == Assignment.indicator_version_id)
        .join(Indicator, Indicator.id == IndicatorVersion.indicator_id)
        .where(recipient.in_(sorted(set(ids))), *_good_for(period))
    )
    found: dict[int, set[str]] = {}
    for holder, code in rows:
        if holder is not None:
            found.setdefault(holder, set()).add(code)
    return {holder: frozenset(codes) for holder, codes in found.items()}


def _held(
    session: Session, own: Select[Assignment], period: Period, effective_only: bool
) -> tuple[Held, ...]:
    wanted = own.where(*_good_for(period))
    if effective_only:
        wanted = wanted.where(Assignment.state == AssignmentState.EFFECTIVE)
    rows = session.scalars(wanted.order_by(Indicator.code, Assignment.id)).all()
    wording = indicators.in_force_of(session, [row.indicator_version.indicator_id for row in rows], period)
    above = _by_id(session, [row.parent_assignment_id for row in rows])
    return tuple(
        Held(row, wording[row.indicator_version.indicator_id], above.get(row.parent_assignment_id))
        for row in rows
        if row.indicator_version.indicator_id in wording
    )


def _by_id(session: Session, ids: Sequence[int | None]) -> dict[int | None, Assignment]:
    wanted = sorted({each for each in ids if each is not None})
    rows = session.scalars(listed().where(Assignment.id.in_(wanted))) if wanted else ()
    return {row.id: row for row in rows}


def _gaps(rows: Sequence[Assignment]) -> list[Gap]:
    by_id = {row.id: row for row in rows}
    found = []
    for split in Split:
        trees = {row.tree_id for row in rows if row.indicator_version.split is split}
        for part in uncovered((row.node for row in rows if row.tree_id in trees), split):
            row = by_id[part.assignment_id]
            found.append(Gap(row, row.indicator_version, holder_name(row), part.missing))
    return sorted(found, key=lambda gap: (gap.version.indicator.code, gap.assignment.id))


def _branch(top: Assignment, below: dict[int | None, list[Assignment]], come: dict[int, Progress]) -> Branch:
    return Branch(
        assignment=top,
        name=holder_name(top),
        progress=come[top.id],
        children=tuple(_branch(child, below, come) for child in below.get(top.id, [])),
    )


def _good_for(period: Period) -> tuple[ColumnElement[bool], ...]:
    """Standing on the last day of a period."""
    day = period.ends_on
    return (Assignment.covers_from <= day, Assignment.covers_to >= day, _stands())


def _stands() -> ColumnElement[bool]:
    return Assignment.state.not_in(sorted(GONE))


def listed() -> Select[Assignment]:
    """Assignments with indicator, version and recipient loaded: what every list of them begins with."""
    return (
        select(Assignment)
        .join(IndicatorVersion, IndicatorVersion.id == Assignment.indicator_version_id)
        .join(Indicator, Indicator.id == IndicatorVersion.indicator_id)
        .options(
            contains_eager(Assignment.indicator_version).contains_eager(IndicatorVersion.indicator),
            joinedload(Assignment.to_unit),
            joinedload(Assignment.to_officer),
        )
    )
