"""Lists of appeals, and whose appeals a person may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, String, cast, exists, false, func, literal, or_, select
from sqlalchemy.orm import Session

from kaohe_flow.casework.appeal import queries
from kaohe_flow.casework.appeal.model import Appeal, AppealRuling, AppealRung
from kaohe_flow.casework.standing.rules import Scope
from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.kernel.paging import PAGE_SIZE, Page
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.officer.model import Officer
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.organization.unit.model import Unit
from kaohe_flow.workflow.instance import queries as running
from kaohe_flow.workflow.instance.model import Candidate, InstanceState, ProcessInstance, Recusal, Task
from kaohe_flow.workflow.instance.tasks import OPEN_STATES

PROCESS: Final = "appeal_review"
HEARINGS: Final = frozenset({"office_examine", "discipline_examine", "leading_group_examine"})
CASE_KEY: Final = literal("appeal:") + cast(Appeal.id, String)


class Shelf(StrEnum):
    """Which appeals a list shows."""

    MINE = "mine"
    HEARD = "heard"
    SCOPE = "scope"


SHELF_TITLES: Final = {Shelf.MINE: "我提请的", Shelf.HEARD: "我办理的", Shelf.SCOPE: "管辖范围内"}


@dataclass(frozen=True, slots=True)
class Course:
    """What an appeal waits for, of whom, until when. ``task_id``: a rung's open task; None elsewhere."""

    task_id: int | None
    step_name: str
    pool: str
    due_at: datetime | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class AppealRow:
    """One line of a list: the appeal, its people, where it is, and what was decided last."""

    appeal: Appeal
    officer: Officer
    unit: Unit
    rung: AppealRung | None
    ruling: AppealRuling | None
    course: Course


def may_see(session: Session, appeal: Appeal, actor: Actor, scope: Scope) -> bool:
    """Own appeals, those of units below one's competences, those one hears."""
    if appeal.officer_id == actor.officer_id or appeal.unit_id in scope.unit_ids:
        return True
    return running.takes_part(session, appeal.case_key, actor)


def visible(session: Session, appeal: Appeal, actor: Actor, scope: Scope) -> None:
    """Raises ``NotFound`` for an appeal outside the person's scope, as if it did not exist."""
    if not may_see(session, appeal, actor, scope):
        raise NotFound


def hears(session: Session, contested_key: str, actor: Actor) -> bool:
    """Whether the person hears an appeal against the case, and may therefore read the case."""
    return any(
        running.takes_part(session, appeal.case_key, actor)
        for appeal in queries.of_case(session, contested_key)
    )


def page(session: Session, actor: Actor, scope: Scope, shelf: Shelf, *, number: int = 1) -> Page[AppealRow]:
    """One page of a list, the newest first; in the scope those where the last instance is late come first."""
    wanted = select(Appeal).where(_on_shelf(actor, scope, shelf))
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    alarmed = exists().where(AppealRung.appeal_id == Appeal.id, AppealRung.alarmed_at.is_not(None))
    ordered = wanted.order_by(*((alarmed.desc(),) if shelf is Shelf.SCOPE else ()), Appeal.id.desc())
    found = session.scalars(ordered.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    return Page(rows=_rows(session, found), number=number, total=total)


def counts(session: Session, actor: Actor, scope: Scope) -> dict[Shelf, int]:
    """How many appeals stand on each shelf."""
    return {
        shelf: session.scalar(select(func.count(Appeal.id)).where(_on_shelf(actor, scope, shelf))) or 0
        for shelf in Shelf
    }


def awaiting_correction(session: Session, period_id: int | None = None) -> Sequence[Appeal]:
    """Appeals ruled upon after the seal and not carried out yet; the correction voucher asks here."""
    due = select(Appeal).where(Appeal.correction_due_at.is_not(None), Appeal.corrected_at.is_(None))
    if period_id is not None:
        due = due.where(Appeal.period_id == period_id)
    return session.scalars(due.order_by(Appeal.id)).all()


def _on_shelf(actor: Actor, scope: Scope, shelf: Shelf) -> ColumnElement[bool]:
    match shelf:
        case Shelf.MINE:
            return Appeal.officer_id == actor.officer_id
        case Shelf.HEARD:
            others = Appeal.officer_id != actor.officer_id
            return others & CASE_KEY.in_(_keys_heard_by(actor))
        case Shelf.SCOPE:
            return Appeal.unit_id.in_(scope.unit_ids) if scope.unit_ids else false()


def _keys_heard_by(actor: Actor) -> Select[str]:
    """Cases the person ruled upon, or could take up now without having to keep out."""
    recused = exists().where(Recusal.task_id == Task.id, Recusal.officer_id == actor.officer_id)
    offered = exists().where(Candidate.task_id == Task.id, Candidate.principal.in_(actor.principals))
    return (
        select(ProcessInstance.case_key)
        .join(Task, Task.instance_id == ProcessInstance.id)
        .where(
            ProcessInstance.process_key == PROCESS,
            or_(Task.closed_by_id == actor.officer_id, offered & ~recused),
        )
    )


def _rows(session: Session, appeals: Sequence[Appeal]) -> tuple[AppealRow, ...]:
    ids = [appeal.id for appeal in appeals]
    people = officers.by_ids(session, (appeal.officer_id for appeal in appeals))
    places = units.by_ids(session, (appeal.unit_id for appeal in appeals))
    stands = {rung.appeal_id: rung for rung in _in_order(session, AppealRung, AppealRung.number, ids)}
    said = {ruling.appeal_id: ruling for ruling in _in_order(session, AppealRuling, AppealRuling.rung, ids)}
    courses = _courses(session, [appeal.case_key for appeal in appeals])
    return tuple(
        AppealRow(
            appeal=appeal,
            officer=people[appeal.officer_id],
            unit=places[appeal.unit_id],
            rung=stands.get(appeal.id),
            ruling=said.get(appeal.id),
            course=courses[appeal.case_key],
        )
        for appeal in appeals
    )


def _in_order(session: Session, table: Any, order: Any, ids: list[int]) -> Sequence[Any]:
    """All rows of the appeals in their order, so that the last one wins in a mapping."""
    return session.scalars(select(table).where(table.appeal_id.in_(ids)).order_by(order)).all()


def _courses(session: Session, case_keys: list[str]) -> dict[str, Course]:
    of_these = ProcessInstance.case_key.in_(case_keys)
    over = ProcessInstance.state == InstanceState.FINISHED
    courses = {
        key: Course(None, "", "", None, bool(is_over))
        for key, is_over in session.execute(select(ProcessInstance.case_key, over).where(of_these))
    }
    waiting = session.execute(
        select(ProcessInstance.case_key, Task)
        .join(Task, Task.instance_id == ProcessInstance.id)
        .where(of_these, Task.state.in_(OPEN_STATES))
    )
    for key, task in waiting:
        heard = task.id if task.step_id in HEARINGS else None
        courses[key] = Course(heard, task.step_name, task.pool, task.due_at, is_over=False)
    return courses
