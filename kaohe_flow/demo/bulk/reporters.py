"""Who has something to report on in a month: everybody's effective tasks, read in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaohe_flow.demo.bulk.planning import Reporter
from kaohe_flow.demo.bulk.pools import Pools
from kaohe_flow.demo.bulk.script import Place, Task
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.unit.model import Unit
from kaohe_flow.organization.unit.rules import Level
from kaohe_flow.scheme.definition.item.rules import Item
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.indicator.model import IndicatorVersion
from kaohe_flow.scheme.indicator.rules import Mode
from kaohe_flow.scheme.issuance.model import Assignment
from kaohe_flow.scheme.issuance.rules import AssignmentState
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scheme.plan import queries as plans


@dataclass(frozen=True, slots=True)
class Wording:
    """An indicator as a period is measured by it, with its rule."""

    version: IndicatorVersion
    item: Item

    def task(self, assignment_id: int) -> Task:
        """The indicator in somebody's hands."""
        version = self.version
        return Task(
            assignment_id=assignment_id,
            version_id=version.id,
            code=self.item.id,
            title=version.name,
            tag=version.module.label,
            line_code=version.line_code,
            item=self.item,
            evidence=tuple(version.evidence_kinds),
        )


def reporters(session: Session, period: Period, pools: Pools) -> list[Reporter]:
    """Officers with tasks of the period, by id, each with the tasks by code."""
    wordings = {
        one.indicator_id: Wording(one, plans.item(session, period.starts_on, one.indicator.code))
        for one in indicators.all_in_force(session, period)
    }
    held = _held(session, period, wordings)
    places = Places(session)
    first = officers.units_on(session, held, period.starts_on)
    last = officers.units_on(session, held, period.ends_on)
    return [
        Reporter(
            actor=pools.actor(officer_id, period.ends_on),
            tasks=tasks,
            place_on=_place_on(session, places, officer_id, (first.get(officer_id), last[officer_id])),
        )
        for officer_id, tasks in sorted(held.items())
        if officer_id in last
    ]


def _held(session: Session, period: Period, wordings: Mapping[int, Wording]) -> dict[int, list[Task]]:
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
            held[officer_id].append(wordings[indicator_id].task(assignment_id))
    return {officer_id: sorted(tasks, key=lambda task: task.code) for officer_id, tasks in held.items()}


class Places:
    """Units as cases show them, read once."""

    def __init__(self, session: Session) -> None:
        self._units = {unit.id: unit for unit in session.scalars(select(Unit))}

    def of(self, unit_id: int) -> Place:
        """The unit, and what it belongs to."""
        unit = above = self._units[unit_id]
        while above.level > Level.BUREAU and above.parent_id is not None:
            above = self._units[above.parent_id]
        return Place(unit.id, unit.name, above.name)


def _place_on(
    session: Session, places: Places, officer_id: int, stays: tuple[Unit | None, Unit]
) -> Callable[[date], Place]:
    """Where an officer serves on a day; asked of the records only in a month of a move."""
    first, last = stays
    there = places.of(last.id)
    if first is not None and first.id == last.id:
        return lambda _day: there

    def on(day: date) -> Place:
        unit = officers.unit_on(session, officer_id, day)
        return places.of(unit.id) if unit else there

    return on
