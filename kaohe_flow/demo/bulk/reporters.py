"""Who has something to report on in a month: everybody's effective tasks, read in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaohe_flow.demo.bulk.planning import Reporter
from kaohe_flow.demo.bulk.pools import Pools
from kaohe_flow.demo.bulk.script import Place, Task
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.unit.model import Unit
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.indicator.model import IndicatorVersion
from kaohe_flow.scheme.indicator.rules import Mode
from kaohe_flow.scheme.issuance.model import Assignment
from kaohe_flow.scheme.issuance.rules import AssignmentState
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scheme.plan import queries as plans

Wordings = dict[int, IndicatorVersion]


def reporters(session: Session, period: Period, pools: Pools) -> list[Reporter]:
    """Officers with tasks of the period, by id, each with the tasks by code."""
    wordings = {one.indicator_id: one for one in indicators.all_in_force(session, period)}
    held = _held(session, period, wordings)
    first = officers.units_on(session, held, period.starts_on)
    last = officers.units_on(session, held, period.ends_on)
    return [
        Reporter(
            actor=pools.actor(officer_id, period.ends_on),
            tasks=tasks,
            place_on=_place_on(session, officer_id, first.get(officer_id), last[officer_id]),
        )
        for officer_id, tasks in sorted(held.items())
        if officer_id in last
    ]


def _held(session: Session, period: Period, wordings: Wordings) -> dict[int, list[Task]]:
    rows = session.execute(
        select(Assignment.to_officer_id, Assignment.id, IndicatorVersion.indicator_id)
        .join(IndicatorVersion, IndicatorVersion.id == Assignment.indicator_version_id)
        .where(
            Assignment.to_officer_id.is_not(None),
            Assignment.covers_from <= period.ends_on,
            Assignment.covers_to >= period.ends_on,
            Assignment.state == AssignmentState.EFFECTIVE,
            IndicatorVersion.mode == Mode.TASK,
        )
        .order_by(Assignment.id)
    )
    held: dict[int, list[Task]] = defaultdict(list)
    for officer_id, assignment_id, indicator_id in rows:
        if indicator_id in wordings and officer_id is not None:
            held[officer_id].append(_task(session, period, assignment_id, wordings[indicator_id]))
    return {officer_id: sorted(tasks, key=lambda task: task.code) for officer_id, tasks in held.items()}


def _task(session: Session, period: Period, assignment_id: int, version: IndicatorVersion) -> Task:
    code = version.indicator.code
    return Task(
        assignment_id=assignment_id,
        version_id=version.id,
        code=code,
        title=version.name,
        tag=version.module.label,
        line_code=version.line_code,
        item=plans.item(session, period.starts_on, code),
        evidence=tuple(version.content.evidence_kinds),
    )


def _place_on(session: Session, officer_id: int, first: Unit | None, last: Unit) -> Callable[[date], Place]:
    """Where an officer serves on a day; asked of the records only in a month of a move."""
    stays = Place(last.id, last.name)
    if first is not None and first.id == last.id:
        return lambda _day: stays

    def on(day: date) -> Place:
        unit = officers.unit_on(session, officer_id, day) or last
        return Place(unit.id, unit.name)

    return on
