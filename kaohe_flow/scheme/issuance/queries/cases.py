"""How a handing-down stands in its case, and lists of issuings that stay cheap however large they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from kaohe_flow.kernel.paging import PAGE_SIZE, Page
from kaohe_flow.scheme.indicator.model import Indicator, IndicatorVersion
from kaohe_flow.scheme.indicator.rules import Split
from kaohe_flow.scheme.issuance.model import Assignment
from kaohe_flow.scheme.issuance.queries.holding import Gap, children, get, holder_name, listed
from kaohe_flow.scheme.issuance.rules import GONE, AssignmentNotFound, AssignmentState, uncovered
from kaohe_flow.workflow.instance.model import ProcessInstance, Task
from kaohe_flow.workflow.instance.tasks import OPEN_STATES

CASE: Final = "issue"
APPROVAL: Final = "approve_issue"  # the step of the diagram before which nobody has been handed anything
GONE_WORDS: Final = sorted(GONE)
AssignmentView = Assignment  # a row as the doors see it, so that pages need not know the table


@dataclass(frozen=True, slots=True)
class Handing:
    """The parts that one unit hands down in one case. ``above`` is what they are parts of: the office's own
    total, or what a unit below received. ``parts`` include those refused and withdrawn, oldest first."""

    case_key: str
    above: Assignment
    parts: tuple[Assignment, ...]

    @property
    def unit_id(self) -> int:
        """The unit that hands down."""
        assert self.above.to_unit_id is not None, "persons hand nothing down"
        return self.above.to_unit_id

    @property
    def standing(self) -> tuple[Assignment, ...]:
        """The parts that were neither refused nor withdrawn."""
        return tuple(part for part in self.parts if part.state not in GONE)

    @property
    def refused(self) -> tuple[Assignment, ...]:
        """The parts that came back."""
        return tuple(part for part in self.parts if part.state is AssignmentState.REFUSED)


@dataclass(frozen=True, slots=True)
class Standings:
    """How many parts of an issuing stand where; its root, the office's own total, is not counted."""

    waiting: int = 0
    received: int = 0
    decomposed: int = 0
    effective: int = 0
    refused: int = 0
    persons: int = 0

    @property
    def total(self) -> int:
        """All parts that stand."""
        return self.waiting + self.received + self.decomposed + self.effective


COUNTED_AS: Final = {
    AssignmentState.ISSUED: "waiting",
    AssignmentState.ACKNOWLEDGED: "received",
    AssignmentState.DECOMPOSED: "decomposed",
    AssignmentState.EFFECTIVE: "effective",
    AssignmentState.REFUSED: "refused",
}


def handing_of(session: Session, case_key: str) -> Handing:
    """The handing-down behind a case key: its number is that of the first part. Raises
    ``AssignmentNotFound``."""
    kind, _, number = case_key.partition(":")
    if kind != CASE or not number.isdigit():
        raise AssignmentNotFound(what=case_key)
    first = get(session, int(number))
    if first.case_key != case_key or first.parent_assignment_id is None:
        raise AssignmentNotFound(what=case_key)
    wanted = listed().where(
        Assignment.case_key == case_key, Assignment.parent_assignment_id == first.parent_assignment_id
    )
    parts = session.scalars(wanted.order_by(Assignment.id)).all()
    return Handing(case_key, get(session, first.parent_assignment_id), tuple(parts))


def part_of(session: Session, case_key: str, unit_id: int) -> Assignment:
    """The part of one receiving unit, the latest if there were several. Raises ``AssignmentNotFound``."""
    mine = [part for part in handing_of(session, case_key).parts if part.to_unit_id == unit_id]
    if not mine:
        raise AssignmentNotFound(what=case_key)
    return mine[-1]


def awaits_approval(session: Session, case_key: str) -> bool:
    """Whether the parts of a case were proposed but not approved: nobody has been handed anything yet."""
    return bool(session.scalar(_awaiting().where(ProcessInstance.case_key == case_key).limit(1)))


def _awaiting() -> Select[str]:
    return (
        select(ProcessInstance.case_key)
        .join(Task, Task.instance_id == ProcessInstance.id)
        .where(Task.step_id == APPROVAL, Task.state.in_(OPEN_STATES))
    )


def open_gaps(session: Session, handing: Handing) -> tuple[Gap, ...]:
    """What this unit still has to see to: a part that came back and was given to nobody else, and receivers
    that have it handed on to no one. What lies deeper is the affair of the receivers' own cases."""
    version = handing.above.indicator_version
    gaps = [
        Gap(part, version, holder_name(part), part.target)
        for part in handing.standing
        if part.to_officer_id is None and not children(session, part.id)
    ]
    if not _begins_with(session, handing):
        return tuple(gaps)
    nodes = [handing.above.node, *(part.node for part in children(session, handing.above.id))]
    own = [each for each in uncovered(nodes, version.split) if each.assignment_id == handing.above.id]
    return (
        *(Gap(handing.above, version, holder_name(handing.above), each.missing) for each in own),
        *gaps,
    )


def issued_rows(
    session: Session, unit_ids: Iterable[int], *, keyword: str = "", number: int = 1
) -> Page[Assignment]:
    """What these units have issued, the latest term first, then by code; withdrawn ones stay listed."""
    wanted = listed().where(
        Assignment.parent_assignment_id.is_(None), Assignment.from_unit_id.in_(sorted(set(unit_ids)))
    )
    for word in keyword.split():
        wanted = wanted.where(
            or_(
                Indicator.code.contains(word.upper(), autoescape=True),
                IndicatorVersion.name.contains(word, autoescape=True),
            )
        )
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.scalars(
        wanted.order_by(Assignment.covers_from.desc(), Indicator.code, Assignment.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return Page(rows=rows, number=number, total=total)


def standings(session: Session, root_ids: Iterable[int]) -> Mapping[int, Standings]:
    """How far each of these issuings has come, in one statement."""
    wanted = sorted(set(root_ids))
    counts: dict[int, dict[str, int]] = {root_id: {} for root_id in wanted}
    found = session.execute(
        select(Assignment.root_id, Assignment.state, func.count(), func.count(Assignment.to_officer_id))
        .where(Assignment.root_id.in_(wanted), Assignment.state != AssignmentState.WITHDRAWN)
        .group_by(Assignment.root_id, Assignment.state)
    )
    for root_id, state, count, persons in found:
        own = counts[root_id or 0]
        own[COUNTED_AS[state]] = count
        own["persons"] = own.get("persons", 0) + (0 if state in GONE else persons)
    return {root_id: Standings(**own) for root_id, own in counts.items()}


def received(session: Session, unit_ids: Iterable[int], *, number: int = 1) -> Page[Assignment]:
    """What these units were handed, what waits for them first. Left out is what was withdrawn, and what
    still waits for approval above."""
    wanted = listed().where(
        Assignment.parent_assignment_id.is_not(None),
        Assignment.to_unit_id.in_(sorted(set(unit_ids))),
        Assignment.state != AssignmentState.WITHDRAWN,
        or_(Assignment.case_key.is_(None), Assignment.case_key.not_in(_awaiting())),
    )
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.scalars(
        wanted.order_by(Assignment.received_at.is_not(None), Assignment.issued_at.desc(), Assignment.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return Page(rows=rows, number=number, total=total)


def unheld(session: Session, unit_ids: Iterable[int], *, number: int = 1) -> Page[Gap]:
    """Parts of these units that reach no named officer, found by the database: nobody below, or less handed
    on than received."""
    below = aliased(Assignment)
    held = func.coalesce(func.sum(below.target), 0)
    short = (
        select(Assignment.id, func.count(below.id).label("parts"), held.label("held"))
        .join(IndicatorVersion, IndicatorVersion.id == Assignment.indicator_version_id)
        .outerjoin(below, and_(below.parent_assignment_id == Assignment.id, below.state.not_in(GONE_WORDS)))
        .where(Assignment.to_unit_id.in_(sorted(set(unit_ids))), Assignment.state.not_in(GONE_WORDS))
        .group_by(Assignment.id, Assignment.target, IndicatorVersion.split)
        .having(
            or_(
                func.count(below.id) == 0,
                and_(IndicatorVersion.split == Split.ADD_UP, Assignment.target > held),
            )
        )
        .subquery()
    )
    total = session.scalar(select(func.count()).select_from(short)) or 0
    found = session.execute(
        listed()
        .add_columns(short.c.parts, short.c.held)
        .join(short, short.c.id == Assignment.id)
        .order_by(Indicator.code, Assignment.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    rows = [_gap(row, parts, held_sum) for row, parts, held_sum in found]
    return Page(rows=rows, number=number, total=total)


def _gap(row: Assignment, parts: int, held: Decimal | int) -> Gap:
    missing = row.target if not parts or row.target is None else row.target - Decimal(held)
    return Gap(row, row.indicator_version, holder_name(row), missing)


def _begins_with(session: Session, handing: Handing) -> bool:
    """Whether this case was the first to hand parts of ``above`` down: the one that answers for the sum."""
    first = session.scalar(
        select(func.min(Assignment.id)).where(Assignment.parent_assignment_id == handing.above.id)
    )
    return bool(handing.parts) and first == handing.parts[0].id
