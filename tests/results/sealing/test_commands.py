"""The seal: the clock brings it, nobody can stop or hasten it, and what is sealed stays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kaohe_flow.jobs.worker import pass_once
from kaohe_flow.kernel.actor import CLOCK
from kaohe_flow.kernel.calendar import end_of, local_day
from kaohe_flow.results.sealing import commands as sealing
from kaohe_flow.results.sealing import queries
from kaohe_flow.results.sealing.rules import SnapshotKind, case_key
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.period.rules import PeriodSealed, PeriodState
from kaohe_flow.scorebook.ledger import commands as ledger
from kaohe_flow.scorebook.ledger.queries import facts_in
from kaohe_flow.settings import bundle
from kaohe_flow.workflow.deployment.commands import deploy
from tests.factories.casework import Bureau

CUTOFF = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)


def pass_days(bureau: Bureau, days: int, start: datetime = CUTOFF) -> None:
    """The runner wakes up every twelve hours."""
    for half_day in range(days * 2 + 1):
        pass_once(bureau.database, start + timedelta(hours=12 * half_day))


def state_of(bureau: Bureau) -> PeriodState:
    with bureau.reading() as session:
        return periods.get(session, bureau.sheet.period.id).state


def sign_everywhere(bureau: Bureau, moment: datetime) -> None:
    signers = {
        bureau.city.bureau: (bureau.city.chen, bureau.city.zheng, bureau.city.wei),
        bureau.city.organs: (bureau.city.chen, None, bureau.city.chu),
    }
    bureau.now = moment
    for unit_id, (compiler, _head, _leader) in signers.items():
        task_id = bureau.task(case_key(bureau.sheet.period.id, unit_id), "sign_compiler")
        with bureau.acting(compiler) as work:
            sealing.sign(work, task_id)


def test_a_month_closes_shows_trial_totals_and_seals_itself(bureau: Bureau) -> None:
    bureau.approve(bureau.submit(bureau.city.wang, count=Decimal(3)))
    assert state_of(bureau) is PeriodState.OPEN

    pass_days(bureau, 0)
    assert state_of(bureau) is PeriodState.SUBMISSION_CLOSED
    pass_days(bureau, 6)
    assert state_of(bureau) is PeriodState.NOTICE
    pass_days(bureau, 14)

    assert state_of(bureau) is PeriodState.RESULT_SEALED
    with bureau.reading() as session:
        period = periods.get(session, bureau.sheet.period.id)
        kinds = [one.kind for one in queries.versions(session, period.id)]
        own = queries.standings(session, period).of_kind("officer")
        assert queries.first_altered(session, period.id) is None
    assert kinds == [SnapshotKind.SEALED, SnapshotKind.TRIAL]
    assert period.sealed_unsigned
    points = {row.subject: (row.points, row.place) for row in own}
    assert points[f"officer:{bureau.city.wang}"] == (Decimal("6.00"), 1)


def test_every_window_counts_from_the_day_the_one_before_it_ended(bureau: Bureau) -> None:
    pass_days(bureau, 14)

    with bureau.reading() as session:
        period = periods.get(session, bureau.sheet.period.id)
    # Cut off on Wednesday the 25th: three working days to review, three of notice, one to sign.
    assert period.notice_from is not None
    assert period.notice_until is not None
    assert period.sealed_at is not None
    assert local_day(period.notice_from) == date(2026, 12, 1)
    assert period.notice_until == end_of(date(2026, 12, 3))
    assert local_day(period.sealed_at) == date(2026, 12, 5)


def test_the_window_of_the_notice_is_the_one_in_the_diagram(bureau: Bureau) -> None:
    drawing = (bundle() / "bpmn" / "period_seal_v1.bpmn").read_bytes()
    shorter = drawing.replace(b'name="notice_wd" value="3"', b'name="notice_wd" value="1"')
    with bureau.acting() as work:
        deploy(work, shorter, decisions={})

    pass_days(bureau, 14)

    with bureau.reading() as session:
        period = periods.get(session, bureau.sheet.period.id)
    assert period.notice_until == end_of(date(2026, 12, 1))
    assert period.sealed_at is not None
    assert local_day(period.sealed_at) == date(2026, 12, 3)


def test_a_window_nobody_could_see_has_not_begun(bureau: Bureau) -> None:
    pass_days(bureau, 2)
    back_again = datetime(2026, 12, 7, 4, 0, tzinfo=UTC)  # a week after the review was over
    pass_once(bureau.database, back_again)

    with bureau.reading() as session:
        period = periods.get(session, bureau.sheet.period.id)
    assert period.notice_until == end_of(date(2026, 12, 10))


def test_a_server_that_was_down_seals_once_as_of_the_25th(bureau: Bureau) -> None:
    pass_days(bureau, 40, start=CUTOFF + timedelta(days=9))

    with bureau.reading() as session:
        period = periods.get(session, bureau.sheet.period.id)
        versions = queries.versions(session, period.id)
    assert period.submission_closed_at == datetime(2026, 11, 25, 15, 59, 59, tzinfo=UTC)
    assert period.state is PeriodState.RESULT_SEALED
    assert [one.kind for one in versions].count(SnapshotKind.SEALED) == 1


def test_a_signature_confirms_and_does_not_hasten(bureau: Bureau) -> None:
    pass_days(bureau, 6)
    moment = CUTOFF + timedelta(days=7)
    with bureau.reading() as session:
        until = periods.get(session, bureau.sheet.period.id).notice_until
    assert until is not None
    pass_once(bureau.database, until + timedelta(minutes=1))

    sign_everywhere(bureau, until + timedelta(hours=1))

    assert moment < until
    assert state_of(bureau) is PeriodState.NOTICE
    with bureau.reading() as session:
        assert len(queries.signatures(session, bureau.sheet.period.id)) == 2


def test_nothing_is_written_into_a_sealed_month_by_code_or_by_sql(bureau: Bureau) -> None:
    bureau.approve(bureau.submit(bureau.city.wang))
    pass_days(bureau, 20)

    bureau.now = CUTOFF + timedelta(days=21)
    with bureau.reading() as session:
        (fact,) = facts_in(session, bureau.sheet.period.id)
    with pytest.raises(PeriodSealed), bureau.acting() as work:
        ledger.revoke(work, fact.id, case_key="submission:1", reason="试改")
    columns = (
        "kind, fact_id, subject_kind, subject_id, unit_id, module, points, case_key, at, actor_name, hash"
    )
    rest = f"{columns}, payload, prev"
    with pytest.raises(DBAPIError, match="period sealed"), bureau.acting() as work:
        work.session.execute(
            text(
                f"INSERT INTO ledger_entry (period_id, seq, {rest}) "
                f"SELECT period_id, seq + 100, {rest} FROM ledger_entry"
            )
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET points = 9000",
        "DELETE FROM ledger_entry",
        "UPDATE score_fact SET item = 'X'",
        "DELETE FROM verdict",
        "UPDATE claim_version SET sha256 = ''",
        "DELETE FROM audit_entry",
        "DELETE FROM history_entry",
        "UPDATE deployment SET bpmn = ''",
    ],
)
def test_the_database_itself_refuses_to_change_the_record(bureau: Bureau, statement: str) -> None:
    bureau.approve(bureau.submit(bureau.city.wang))

    with pytest.raises(DBAPIError, match="append-only"), bureau.acting() as work:
        work.session.execute(text(statement))


def test_replacing_or_truncating_is_refused_too(bureau: Bureau) -> None:
    bureau.approve(bureau.submit(bureau.city.wang))
    is_sqlite = bureau.database.engine.dialect.name == "sqlite"
    statement = "INSERT OR REPLACE INTO ledger_entry SELECT * FROM ledger_entry"

    with pytest.raises(DBAPIError, match="append-only"), bureau.acting() as work:
        work.session.execute(text(statement if is_sqlite else "TRUNCATE ledger_entry CASCADE"))


def test_an_altered_result_row_is_found(bureau: Bureau) -> None:
    bureau.approve(bureau.submit(bureau.city.wang))
    with bureau.database.write_tx(CLOCK, bureau.now) as work:
        sealing.keep(work, bureau.sheet.period.id, SnapshotKind.TRIAL, "试算")
    is_sqlite = bureau.database.engine.dialect.name == "sqlite"
    on = "" if is_sqlite else " ON snapshot_row"

    with bureau.database.write_tx(CLOCK, bureau.now) as work:  # somebody with the keys to the database
        trigger = "snapshot_row_no_update" if is_sqlite else "snapshot_row_no_change"
        work.session.execute(text(f"DROP TRIGGER {trigger}{on}"))
        work.session.execute(text("UPDATE snapshot_row SET place = 99 WHERE number = 1"))

    with bureau.reading() as session:
        assert queries.first_altered(session, bureau.sheet.period.id) == 1
