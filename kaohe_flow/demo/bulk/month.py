"""The claims of one month: planned, then written; the paths are walked once by the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from kaohe_flow.casework.submission.commands import PROCESS
from kaohe_flow.demo.bulk.planning import CHECK, REVIEW, Planner, Setting
from kaohe_flow.demo.bulk.pools import Pools
from kaohe_flow.demo.bulk.press import Month, press, take_moulds
from kaohe_flow.demo.bulk.reporters import reporters
from kaohe_flow.demo.bulk.script import Script
from kaohe_flow.kernel.actor import CLOCK
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.records.attachment.gateway import FileStore
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.period.rules import Span
from kaohe_flow.workflow.deployment.queries import latest_id, process


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much is reported in a month, and by when all of it must be over."""

    period_id: int
    span: Span
    each: int
    until: datetime


def plan(
    database: Database, wanted: Wanted, spare: Callable[[int], bool] = lambda _officer: False
) -> Sequence[Script]:
    """The scripts of a month, officer by officer; nothing is stored. ``spare`` officers report nothing."""
    with database.read() as session:
        pools = Pools(session)
        setting = Setting(
            period_id=wanted.period_id,
            span=wanted.span,
            calendar=periods.calendar(session),
            until=wanted.until,
            expressions=_expressions(session),
            pools=pools,
        )
        planner = Planner(setting)
        people = reporters(session, periods.get(session, wanted.period_id), pools)
        return [
            script
            for one in people
            if not spare(one.actor.officer_id or 0)
            for script in planner.scripts(one, wanted.each)
        ]


def _expressions(session: Session) -> dict[str, tuple[str, ...]]:
    """Whom the two judging steps of the deployed diagram ask for."""
    steps = process(session, latest_id(session, PROCESS)).steps.values()
    return {step.form_key: step.candidates for step in steps if step.form_key in {CHECK, REVIEW}}


def load_month(
    database: Database,
    files: FileStore,
    wanted: Wanted,
    scripts: Sequence[Script],
    progress: Callable[[int], None] = lambda _done: None,
) -> None:
    """Write a month's scripts in one transaction: all of the month is there afterwards, or nothing of it."""
    with database.read() as session:
        calendar = periods.calendar(session)
    month = Month(wanted.period_id, calendar, files)
    moulds = take_moulds(database, month, scripts)
    with database.write_tx(CLOCK, wanted.until) as work:
        press(work, month, scripts, moulds, progress)
