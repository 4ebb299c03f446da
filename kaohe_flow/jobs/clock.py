"""What the calendar does by itself: months open, closed months begin their sealing."""

from __future__ import annotations

from datetime import datetime

from kaohe_flow.jobs.correction import ask_for_owed
from kaohe_flow.kernel.actor import CLOCK
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import Conflict
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.results.sealing import commands as sealing
from kaohe_flow.scheme.period import commands as periods
from kaohe_flow.scheme.period import queries
from kaohe_flow.scheme.period.rules import period_of


def turn(database: Database, now: datetime) -> int:
    """Everything the calendar asks for at ``now``; safe to call as often as one likes."""
    return open_months(database, now) + begin_sealing(database, now) + ask_for_owed(database, now)


def open_months(database: Database, now: datetime) -> int:
    """The month of today is there to report in, without anybody having to think of it."""
    with database.read() as session:
        if not units.roots(session):
            return 0
        span = period_of(local_day(now))
        if any(period.code == span.code for period in queries.listing(session, kind=span.kind).rows):
            return 0
    try:
        with database.write_tx(CLOCK, now) as work:
            return int(periods.open_period(work, span).is_new)
    except Conflict:
        return 0


def begin_sealing(database: Database, now: datetime) -> int:
    """Every open period past its cut-off starts its sealing, once per authority."""
    with database.read() as session:
        due = [period.id for period in queries.to_close(session, now)]
        authorities = [unit.id for unit in units.roots(session)] if due else []
    begun = 0
    for period_id in due:
        with database.write_tx(CLOCK, now) as work:  # all authorities or none: a crash leaves it due
            begun += sum(sealing.begin(work, period_id, unit_id) for unit_id in authorities)
    return begun
