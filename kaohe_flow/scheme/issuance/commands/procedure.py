"""Moving the case of a handing-down: proposed, approved, received, handed on, gaps closed.

One case per unit that hands down. A receiver that divides its part among its own units begins the next one,
so that an indicator travels level by level on the same diagram.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from kaohe_flow.kernel.errors import NotAllowed
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.role.rules import Role, Seat
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.records.audit.commands import record
from kaohe_flow.scheme.banlist import queries as banlist
from kaohe_flow.scheme.banlist.commands import let_pass
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.issuance import queries
from kaohe_flow.scheme.issuance.commands import handing
from kaohe_flow.scheme.issuance.model import Assignment
from kaohe_flow.scheme.issuance.queries import Handing
from kaohe_flow.scheme.issuance.queries.cases import APPROVAL
from kaohe_flow.scheme.issuance.rules import GONE, AssignmentState, Order, Part, check_reason
from kaohe_flow.workflow.instance import commands as instances
from kaohe_flow.workflow.instance import queries as running
from kaohe_flow.workflow.instance.commands import Card
from kaohe_flow.workflow.instance.rules import Decision

PROCESS: Final = "indicator_issue"
APPROVED_IN_DIVIDING: Final = "分解时一并同意"


class NotTheIssuer(NotAllowed):
    """A unit issues through its own assessment office, nobody issues for another."""

    code = "not-the-issuer"
    message = "只有“{unit}”的考核办可以提请由该单位下达指标"


def propose(work: Work, order: Order, *, override_reason: str | None = None) -> Assignment:
    """Put an issuing to approval: the parts are checked and kept, nobody has to receive them yet.

    Raises ``NotTheIssuer``, ``BannedIndicator`` (an office may give a reason), and whatever handing down
    may raise.
    """
    unit = units.get(work.session, order.from_unit_id)
    if Seat(Role.OFFICE, unit.id).principal not in work.actor.principals:
        raise NotTheIssuer(unit=unit.name)
    version = indicators.version(work.session, order.version_id)
    hits = banlist.found_in(work.session, version.content.texts)
    let_pass(work, f"indicator:{version.indicator_id}", hits, override_reason)
    root = handing.issue_to_children(work, order)
    root.case_key = _begin(work, root, queries.children(work.session, root.id))
    work.session.flush()
    return root


def rule_on(work: Work, task_id: int, outcome: str, opinion: str) -> None:
    """Approve the issuing or send it back; sending back wants a reason. Raises ``ReasonMissing``."""
    handed = queries.handing_of(work.session, _case_of(work, task_id))
    said = opinion.strip()
    if outcome == "return":
        said = check_reason(opinion)
        take_back(work, handed, said)
    instances.complete(work, PROCESS, task_id, Decision(outcome, said))


def answer(work: Work, task_id: int, outcome: str, reason: str) -> None:
    """A receiver acknowledges its part or sends it back with a reason. Raises ``ReasonMissing``."""
    part = _part_of_task(work, task_id)
    if outcome == "refuse":
        handing.refuse(work, part.id, reason=reason)
    else:
        handing.acknowledge(work, part.id)
    instances.complete(work, PROCESS, task_id, Decision(outcome, reason.strip()))


def hand_on(work: Work, task_id: int, parts: Sequence[Part], *, over_reason: str = "") -> None:
    """A receiver divides its part among its own units and officers; units get a case of their own."""
    part = _part_of_task(work, task_id)
    handed = handing.decompose(work, part.id, parts, over_reason=over_reason)
    instances.complete(work, PROCESS, task_id, Decision("done", over_reason.strip()))
    _begin_next(work, part, handed)


def keep(work: Work, task_id: int, officer_id: int) -> None:
    """A receiver divides nothing: one of its own officers answers for the whole."""
    handing.keep_at_own_level(work, _part_of_task(work, task_id).id, officer_id)
    instances.complete(work, PROCESS, task_id, Decision("keep"))


def close_gaps(work: Work, task_id: int, replacements: Mapping[int, Part], *, over_reason: str = "") -> None:
    """Give refused parts (assignment id → new part) to somebody and have the coverage checked again.

    Without replacements it is checked all the same: the gap may have been closed elsewhere.
    """
    handed = queries.handing_of(work.session, _case_of(work, task_id))
    for gone_id, part in replacements.items():
        _begin_next(work, handed.above, [handing.reissue(work, gone_id, part, over_reason=over_reason)])
    instances.complete(work, PROCESS, task_id, Decision("recheck", over_reason.strip()))


def publish(work: Work, handed: Handing, due_at: datetime | None) -> list[int]:
    """The parts go out now and are to be acknowledged by ``due_at``; returns the receiving units."""
    for part in handed.standing:
        part.issued_at, part.due_at = work.now, due_at
    work.session.flush()
    return [part.to_unit_id for part in handed.standing if part.to_unit_id is not None]


def take_back(work: Work, handed: Handing, reason: str) -> None:
    """Nothing of this case is handed down: the office's own total goes with it, what a unit holds stays."""
    own_total = handed.above.parent_assignment_id is None
    for row in (handed.above,) if own_total else handed.standing:
        if row.state not in GONE:
            handing.withdraw(work, row.id, reason=reason)


def put_in_effect(work: Work, handed: Handing) -> int:
    """The parts of this case and what their units gave to officers take effect; deeper levels have cases of
    their own. Returns how many became effective."""
    rows = [handed.above] if handed.above.parent_assignment_id is None else []
    for part in handed.standing:
        rows += [part, *(row for row in queries.children(work.session, part.id) if row.to_officer_id)]
    due = [row for row in rows if row.state not in GONE and row.state is not AssignmentState.EFFECTIVE]
    for row in due:
        row.state = AssignmentState.EFFECTIVE
    work.session.flush()
    record(work, "issuance.take_effect", handing.subject(handed.above), count=len(due))
    return len(due)


def _begin_next(work: Work, above: Assignment, handed: Sequence[Assignment]) -> None:
    """The case of what a unit has just handed on. Whoever may approve it has decided by dividing."""
    if not any(row.to_unit_id for row in handed):
        return
    case_key = _begin(work, above, handed)
    instance = running.of_case(work.session, case_key)
    assert instance is not None, "it has just been started"
    for task in running.open_tasks(work.session, instance.id):
        if task.step_id == APPROVAL and running.may_act(work.session, task, work.actor):
            instances.complete(work, PROCESS, task.id, Decision("issue", APPROVED_IN_DIVIDING))


def _begin(work: Work, above: Assignment, handed: Sequence[Assignment]) -> str:
    case_key = f"issue:{min(row.id for row in handed)}"
    for row in handed:
        row.case_key = case_key
    work.session.flush()
    version = indicators.version(work.session, above.indicator_version_id)
    unit = units.get(work.session, handed[0].from_unit_id)
    card = Card(version.name, None, version.indicator.code, unit.name, version.module.label)
    instances.start(work, PROCESS, case_key, card, {})
    return case_key


def _part_of_task(work: Work, task_id: int) -> Assignment:
    item = running.task(work.session, task_id).item
    return queries.part_of(work.session, _case_of(work, task_id), int(str(item)))


def _case_of(work: Work, task_id: int) -> str:
    return running.task(work.session, task_id).instance.case_key
