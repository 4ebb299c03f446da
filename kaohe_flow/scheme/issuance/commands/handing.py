"""Handing indicators down, receiving them, sending them back.

Who may act is decided by the diagram and the doors; what may be handed to whom is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import Problem
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.records.audit.commands import record
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.indicator.rules import Split, VersionState, check_complete
from kaohe_flow.scheme.issuance import queries
from kaohe_flow.scheme.issuance.model import Assignment
from kaohe_flow.scheme.issuance.rules import (
    GONE,
    AlreadyIssued,
    AssignmentNotFound,
    AssignmentState,
    NotOwnChild,
    Order,
    OutOfTurn,
    Part,
    PartsRefused,
    VersionNotEffective,
    check_excess,
    check_parts,
    check_reason,
)

RECEIVABLE = frozenset({AssignmentState.ACKNOWLEDGED, AssignmentState.EFFECTIVE})
RETURNABLE = frozenset({AssignmentState.ISSUED, AssignmentState.ACKNOWLEDGED})


def issue_to_children(work: Work, order: Order) -> Assignment:
    """Issue an effective indicator for a term to own children and own officers; returns the root.

    Raises ``VersionNotEffective``, ``IndicatorIncomplete``, ``AlreadyIssued``, ``NotOwnChild``,
    ``PartsRefused``, ``PartsDoNotAddUp``.
    """
    version = indicators.version(work.session, order.version_id)
    if version.state is not VersionState.EFFECTIVE:
        raise VersionNotEffective(name=version.name, number=version.number, state=version.state.label)
    check_complete(version.content)
    rival = queries.live_root(work.session, version.indicator_id, order.from_unit_id, order.term)
    if rival is not None:
        raise AlreadyIssued(name=version.name, first=rival.covers_from, last=rival.covers_to)
    check_parts(order.parts, order.target, version.split, order.over_reason)
    _check_recipients(work, order.from_unit_id, order.parts)
    root = Assignment(
        indicator_version=version,
        year=order.term.year,
        covers_from=order.term.first,
        covers_to=order.term.last,
        from_unit_id=order.from_unit_id,
        to_unit_id=order.from_unit_id,
        target=order.target,
        over_reason=order.over_reason.strip(),
        part_reason="",
        state=AssignmentState.DECOMPOSED,
        due_at=order.due_at,
        issued_at=work.now,
        issued_by_id=work.actor.officer_id,
        acknowledged_at=work.now,
    )
    if order.term.period_ids is not None:
        root.period_from_id, root.period_to_id = order.term.period_ids
    work.session.add(root)
    work.session.flush()
    root.case_key = order.case_key or f"issuance:{root.id}"
    _hand_down(work, root, order.parts, order.due_at)
    record(work, "issuance.issue", subject(root), indicator=version.indicator.code, parts=len(order.parts))
    return root


def acknowledge(work: Work, assignment_id: int) -> Assignment:
    """The recipient has received it; a second time changes nothing. Raises ``OutOfTurn`` if it is gone."""
    row = _standing(work, assignment_id, "签收")
    if row.acknowledged_at is not None:
        return row
    row.acknowledged_at = work.now
    if row.state is AssignmentState.ISSUED:
        row.state = AssignmentState.ACKNOWLEDGED
    return _written(work, row, "issuance.acknowledge")


def refuse(work: Work, assignment_id: int, *, reason: str) -> Assignment:
    """The recipient sends it back, before anything of it is handed on. Raises ``ReasonMissing``."""
    said = check_reason(reason)
    row = _locked(work, assignment_id)
    if row.state not in RETURNABLE or row.parent_assignment_id is None:
        raise OutOfTurn(state=row.state.label, deed="退回")
    row.reason, row.state = said, AssignmentState.REFUSED
    return _written(work, row, "issuance.refuse")


def decompose(
    work: Work,
    assignment_id: int,
    parts: Sequence[Part],
    *,
    over_reason: str = "",
    due_at: datetime | None = None,
) -> Sequence[Assignment]:
    """Hand what was received on to own child units and own officers, in parts that add up.

    Raises ``OutOfTurn`` before it was acknowledged and after it was decomposed, ``NotOwnChild``,
    ``PartsRefused``, ``PartsDoNotAddUp``.
    """
    row = _locked(work, assignment_id)
    if row.to_unit_id is None or row.state not in RECEIVABLE or queries.children(work.session, row.id):
        raise OutOfTurn(state=row.state.label, deed="分解")
    split = indicators.version(work.session, row.indicator_version_id).split
    check_parts(parts, row.target, split, over_reason)
    _check_recipients(work, row.to_unit_id, parts)
    row.over_reason = over_reason.strip()
    row.acknowledged_at = row.acknowledged_at or work.now
    if row.state is AssignmentState.ACKNOWLEDGED:
        row.state = AssignmentState.DECOMPOSED
    handed = _hand_down(work, row, parts, due_at)
    record(work, "issuance.decompose", subject(row), parts=len(parts), over_reason=row.over_reason)
    return handed


def keep_at_own_level(work: Work, assignment_id: int, officer_id: int) -> Assignment:
    """The unit hands nothing further down: one of its own officers answers for the whole."""
    target = queries.get(work.session, assignment_id).target
    (kept,) = decompose(work, assignment_id, (Part(to_officer_id=officer_id, target=target),))
    return kept


def reissue(work: Work, assignment_id: int, part: Part, *, over_reason: str = "") -> Assignment:
    """A new part in place of a refused or withdrawn one, to the same recipient or another.

    What still lacks is told by ``coverage``; more than the target above wants a declared reason.
    """
    gone = queries.get(work.session, assignment_id)
    if gone.state not in GONE or gone.parent_assignment_id is None:
        raise OutOfTurn(state=gone.state.label, deed="重新下达")
    above = _standing(work, gone.parent_assignment_id, "重新下达")
    split, siblings = gone.indicator_version.split, queries.children(work.session, above.id)
    check_parts((part,), part.target if split is Split.ADD_UP else above.target, split, "")
    if above.target is not None and part.target is None:
        raise PartsRefused(problems=(Problem(part.where, "请填写目标值"),))
    if above.target is not None and split is Split.ADD_UP:
        held = sum((row.target or Decimal(0) for row in siblings), part.target or Decimal(0))
        check_excess(held, above.target, over_reason or above.over_reason)
    _check_recipients(work, gone.from_unit_id, (part,))
    above.over_reason = over_reason.strip() or above.over_reason
    (handed,) = _hand_down(work, above, (part,), gone.due_at)
    record(work, "issuance.reissue", subject(handed), instead_of=gone.id)
    return handed


def withdraw(work: Work, assignment_id: int, *, reason: str) -> int:
    """Take back an assignment and everything handed on from it; returns how many were taken back."""
    said = check_reason(reason)
    row = _standing(work, assignment_id, "撤回")

    def take_back(each: Assignment) -> bool:
        if each.state in GONE:
            return False
        each.reason, each.state = said, AssignmentState.WITHDRAWN
        return True

    count = _throughout(work, row, take_back)
    record(work, "issuance.withdraw", subject(row), reason=said, count=count)
    return count


def take_effect(work: Work, assignment_id: int) -> int:
    """Everything that stands in the tree below (and including) an assignment is in effect.

    Silence of a recipient does not hold it up; that nobody acknowledged stays visible. Returns how many
    became effective: 0 when called again.
    """
    row = _standing(work, assignment_id, "生效")

    def put_in_effect(each: Assignment) -> bool:
        if each.state in GONE or each.state is AssignmentState.EFFECTIVE:
            return False
        each.state = AssignmentState.EFFECTIVE
        return True

    count = _throughout(work, row, put_in_effect)
    if count:
        record(work, "issuance.take_effect", subject(row), count=count)
    return count


def finish_receiving(work: Work, assignment_id: int) -> bool:
    """A recipient is through: acknowledged by a person, handed on by a unit. False: it was before.

    Raises ``OutOfTurn`` while it still waits.
    """
    row = _locked(work, assignment_id)
    handed_on = row.to_unit_id is None or bool(queries.children(work.session, row.id))
    if row.state in GONE or row.acknowledged_at is None or not handed_on:
        raise OutOfTurn(state=row.state.label, deed="办结签收")
    if row.received_at is not None:
        return False
    row.received_at = work.now
    _written(work, row, "issuance.receive_done")
    return True


def subject(assignment: Assignment) -> str:
    """The name of an assignment in the audit trail."""
    return f"assignment:{assignment.id}"


def _check_recipients(work: Work, unit_id: int, parts: Sequence[Part]) -> None:
    """Own children of today and officers whose main unit today is this one; nobody else."""
    day = local_day(work.now)
    own_units = {unit.id for unit in units.children(work.session, unit_id, day)}
    own_officers = {officer.id for officer in officers.members_on(work.session, unit_id, day)}
    strange_units = {part.to_unit_id for part in parts if part.to_unit_id is not None} - own_units
    strange_officers = {part.to_officer_id for part in parts if part.to_officer_id is not None} - own_officers
    if not strange_units and not strange_officers:
        return
    names = [unit.name for unit in units.by_ids(work.session, strange_units).values()]
    names += [officer.name for officer in officers.by_ids(work.session, strange_officers).values()]
    raise NotOwnChild(names="、".join(names) or "没有这个单位或民警")


def _hand_down(
    work: Work, above: Assignment, parts: Sequence[Part], due_at: datetime | None
) -> Sequence[Assignment]:
    rows = [
        Assignment(
            indicator_version_id=above.indicator_version_id,
            year=above.year,
            period_from_id=above.period_from_id,
            period_to_id=above.period_to_id,
            covers_from=above.covers_from,
            covers_to=above.covers_to,
            from_unit_id=above.to_unit_id,
            to_unit_id=part.to_unit_id,
            to_officer_id=part.to_officer_id,
            parent_assignment_id=above.id,
            root_id=above.tree_id,
            target=part.target,
            share=part.share,
            part_reason=part.reason.strip(),
            over_reason="",
            state=AssignmentState.ISSUED,
            due_at=due_at,
            case_key=above.case_key,
            issued_at=work.now,
            issued_by_id=work.actor.officer_id,
        )
        for part in parts
    ]
    work.session.add_all(rows)
    work.session.flush()
    return rows


def _throughout(work: Work, top: Assignment, change: Callable[[Assignment], bool]) -> int:
    """Apply ``change`` to an assignment and everything below it; counts where it changed something."""
    count, level = int(change(top)), [top.id]
    while level:
        below = select(Assignment).where(Assignment.parent_assignment_id.in_(level)).order_by(Assignment.id)
        rows = work.session.scalars(below.with_for_update()).all()
        count += sum(change(row) for row in rows)
        level = [row.id for row in rows]
    work.session.flush()
    return count


def _locked(work: Work, assignment_id: int) -> Assignment:
    """The row as it stands now, held until the end of the command."""
    held = select(Assignment).where(Assignment.id == assignment_id).with_for_update()
    row = work.session.scalar(held.execution_options(populate_existing=True))
    if row is None:
        raise AssignmentNotFound(what=assignment_id)
    return row


def _standing(work: Work, assignment_id: int, deed: str) -> Assignment:
    row = _locked(work, assignment_id)
    if row.state in GONE:
        raise OutOfTurn(state=row.state.label, deed=deed)
    return row


def _written(work: Work, row: Assignment, deed: str) -> Assignment:
    work.session.flush()
    record(work, deed, subject(row), state=row.state, reason=row.reason or "")
    return row
