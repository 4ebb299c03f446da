"""An appeal decided after the seal: its ruling is carried out by a voucher, once the appeal is over."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import update

from kaohe_flow.casework.appeal.rules import Outcome
from kaohe_flow.casework.submission.rules import Quality
from kaohe_flow.jobs.worker import pass_once
from kaohe_flow.results.correction import commands, queries
from kaohe_flow.results.correction.rules import CorrectionSource, CorrectionState
from kaohe_flow.results.sealing import queries as sealing
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.period.rules import PeriodState
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.workflow.instance.model import InstanceState, ProcessInstance
from tests.factories.casework import Bureau
from tests.factories.court import Court, seat

CUTOFF = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)


class Undone(Exception):
    """Takes back what was only tried."""


def wait_for(bureau: Bureau, state: PeriodState) -> None:
    """Let the runner wake up every twelve hours until the month is there."""
    bureau.now = max(bureau.now, CUTOFF)
    for _ in range(60):
        pass_once(bureau.database, bureau.now)
        with bureau.reading() as session:
            if periods.get(session, bureau.sheet.period.id).state is state:
                return
        bureau.now += timedelta(hours=12)
    raise AssertionError(state)


def ruled_after_the_seal(court: Court) -> tuple[str, str]:
    """Filed in the notice, ruled after the seal by the last instance: fair becomes excellent, 4.2 is 6."""
    case_key = court.scored(Quality.FAIR, count=Decimal(3))
    wait_for(court.bureau, PeriodState.NOTICE)
    appeal_key = court.file(case_key)
    wait_for(court.bureau, PeriodState.RESULT_SEALED)
    court.bureau.now += timedelta(hours=1)
    court.rule(court.bureau.city.chu, appeal_key, Outcome.CHANGE, quality="excellent")
    return case_key, appeal_key


def points(bureau: Bureau) -> Decimal | None:
    with bureau.reading() as session:
        rows = sealing.standings(session, periods.get(session, bureau.sheet.period.id)).rows
        return next(row.points for row in rows if row.subject == f"officer:{bureau.city.wang}")


def test_the_voucher_of_an_appeal_waits_for_its_end_and_carries_it_out(bureau: Bureau) -> None:
    court = seat(bureau)
    case_key, appeal_key = ruled_after_the_seal(court)

    with contextlib.suppress(Undone), bureau.acting() as work:
        work.session.execute(
            update(ProcessInstance)
            .where(ProcessInstance.case_key == appeal_key)
            .values(state=InstanceState.RUNNING, ended_at=None)
        )
        assert queries.owed(work.session) == []
        raise Undone
    pass_once(bureau.database, bureau.now)
    pass_once(bureau.database, bureau.now)

    with bureau.reading() as session:
        made = queries.of_source(session, appeal_key)
        assert made is not None
        falls = [row.overturns for row in queries.lines(session, made.id)]
    assert (made.source, made.state) == (CorrectionSource.APPEAL, CorrectionState.PROPOSED)
    assert [number is not None for number in falls] == [True, False]
    assert points(bureau) == Decimal("4.20")
    for officer_id, step_id, outcome in (
        (bureau.city.chen, "second_check", "confirm"),
        (bureau.city.wei, "order", "order"),
    ):
        task_id = bureau.task(made.case_key, step_id)
        with bureau.acting(officer_id) as work:
            commands.decide(work, task_id, outcome, "")

    assert points(bureau) == Decimal("6.00")
    assert court.appeal(appeal_key).corrected_at is not None
    with bureau.reading() as session:
        booked = [entry.points for entry in ledger.of_case(session, case_key)]
        assert sealing.first_differing(session, periods.get(session, bureau.sheet.period.id)) == ""
        assert queries.owed(session) == []
    assert booked == [Decimal("4.2"), Decimal("-4.2"), Decimal(6)]
