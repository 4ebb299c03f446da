"""``kaohe verify``: every check passes on a whole record, and every tampering is found and named."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.orm import Session

from kaohe_flow.cli.installation import installation
from kaohe_flow.cli.verify import checks, verify
from kaohe_flow.jobs.worker import pass_once
from kaohe_flow.kernel.unit_of_work import WRITE
from kaohe_flow.organization.role import commands as roles
from kaohe_flow.organization.role.rules import Role
from kaohe_flow.organization.unit.rules import Span
from kaohe_flow.records.attachment.queries import of_case
from kaohe_flow.results.correction import commands as correction
from kaohe_flow.results.correction.commands import Proposal
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from tests.factories import organization
from tests.factories.casework import Bureau

CUTOFF = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
TITLES = ["审计链", "记分流水链", "记分事实", "汇总数", "结果版本链", "封存总分重算", "附件"]
GUARDED = (
    "audit_entry", "correction_entry", "correction_fact", "fact_revocation", "ledger_entry", "score_fact",
    "score_sum", "snapshot", "snapshot_row", "attachment",
)  # fmt: skip


@pytest.fixture
def record(bureau: Bureau) -> Bureau:
    """Two claims scored, the month sealed, one of them overturned by a voucher."""
    with bureau.acting() as work:
        grant = roles.Grant(bureau.city.zheng, Role.OFFICE, bureau.city.bureau, Span(organization.FOUNDED))
        roles.grant(work, grant)
    for _ in range(2):
        bureau.approve(bureau.submit(bureau.city.wang, count=Decimal(2)))
    for half_day in range(41):
        pass_once(bureau.database, CUTOFF + timedelta(hours=12 * half_day))
    bureau.now = CUTOFF + timedelta(days=21)
    with bureau.reading() as session:
        (fact,) = ledger.live_facts_of_case(session, "submission:1")
    with bureau.acting(bureau.city.chen) as work:
        proposal = Proposal(
            bureau.sheet.period.id,
            SubjectKind.OFFICER,
            bureau.city.wang,
            reason="审计发现该件系重复登记，应予撤销。",
            document_no="审计通报2026第9号",
            overturn=(fact.id,),
        )
        key = correction.propose(work, proposal).case_key
    for officer_id, step_id, outcome in (
        (bureau.city.zheng, "second_check", "confirm"),
        (bureau.city.wei, "order", "order"),
    ):
        task_id = bureau.task(key, step_id)
        with bureau.acting(officer_id) as work:
            correction.decide(work, task_id, outcome, "")
    return bureau


class Undone(Exception):
    """Takes a tampering back, so that the next one begins with a whole record."""


def faults(bureau: Bureau, *statements: str) -> list[tuple[str, str]]:
    """What is found after rows were changed by somebody with the keys of the database: guards off first."""
    found: list[tuple[str, str]] = []
    with contextlib.suppress(Undone), bureau.acting() as work:
        for statement in (*_guards_off(bureau, work.session), *statements):
            work.session.execute(text(statement))
        found = [(one.title, one.fault) for one in checks(work.session, bureau.files) if one.fault]
        raise Undone
    return found


def _guards_off(bureau: Bureau, session: Session) -> list[str]:
    if bureau.database.engine.dialect.name == "sqlite":
        names = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
        return [f"DROP TRIGGER {name}" for name in names]
    return [f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in GUARDED]


def test_a_whole_record_passes_every_check_and_tells_how_much_it_looked_at(record: Bureau) -> None:
    with record.reading() as session:
        found = list(checks(session, record.files))

    assert [one.title for one in found] == TITLES
    assert [one.fault for one in found] == [""] * len(TITLES)
    counted = {one.title: one.counted for one in found}
    assert counted["记分流水链"].endswith("个考核期，3 条流水")
    assert counted["记分事实"] == "3 条"
    assert counted["结果版本链"] == "3 版"
    assert counted["封存总分重算"] == "1 个已封存考核期"
    assert counted["附件"] == "2 个"


TAMPERINGS = (
    ("UPDATE audit_entry SET deed = 'nothing' WHERE seq = 5", "审计链", "第 5 条"),
    ("UPDATE audit_entry SET actor_name = '他人' WHERE seq = 7", "审计链", "第 7 条"),
    ("UPDATE audit_entry SET at = '2020-01-01 00:00:00' WHERE seq = 2", "审计链", "第 2 条"),
    ("DELETE FROM audit_entry WHERE seq = 3", "审计链", "第 3 条"),
    ("UPDATE ledger_entry SET points = 9000 WHERE seq = 2", "记分流水链", "第 2 条流水"),
    ("UPDATE ledger_entry SET subject_id = subject_id + 1 WHERE seq = 1", "记分流水链", "第 1 条流水"),
    ("UPDATE ledger_entry SET case_key = 'submission:9' WHERE seq = 1", "记分流水链", "第 1 条流水"),
    ("UPDATE correction_entry SET points = -1000", "记分流水链", "第 3 条流水"),
    ("UPDATE correction_entry SET voucher_key = 'correction:9'", "记分流水链", "第 3 条流水"),
    ("DELETE FROM ledger_entry WHERE seq = 1", "记分流水链", "第 1 条流水"),
    ("UPDATE score_fact SET item = 'REW-01' WHERE id = 2", "记分事实", "第 2 条流水所依据的事实"),
    ('UPDATE score_fact SET content = \'{"count": "9"}\' WHERE id = 2', "记分事实", "第 2 条流水"),
    (
        "INSERT INTO fact_revocation (fact_id, case_key, reason, revoked_at)"
        " VALUES (2, 'submission:2', '', '2026-12-01 00:00:00')",
        "记分事实",
        "第 2 条流水",
    ),
    ("UPDATE correction_fact SET overturns = 2", "记分事实", "第 2 条流水"),
    ("DELETE FROM correction_fact", "封存总分重算", "第 3 版 officer:"),
    ("DELETE FROM correction_entry", "记分事实", "第 1 条流水"),
    ("UPDATE score_sum SET points = points + 1000", "汇总数", "business"),
    ("UPDATE snapshot_row SET place = 9 WHERE snapshot_id = 2 AND number = 1", "结果版本链", "第 2 版"),
    ("UPDATE snapshot_row SET points = 99000 WHERE snapshot_id = 3 AND number = 1", "结果版本链", "第 3 版"),
    ("DELETE FROM snapshot_row WHERE snapshot_id = 1", "结果版本链", "第 1 版"),
    (
        "DELETE FROM snapshot_row WHERE snapshot_id = 3; DELETE FROM snapshot WHERE version = 3",
        "封存总分重算",
        "第 2 版所依据的流水",
    ),
    ("UPDATE score_fact SET happened_on = '2026-10-01' WHERE id = 2", "封存总分重算", "officer:"),
)


def test_every_tampering_with_rows_is_found(record: Bureau) -> None:
    for deed, title, words in TAMPERINGS:
        found = faults(record, *deed.split("; "))

        assert found, deed
        assert found[0][0] == title, (deed, found)
        assert words in found[0][1], (deed, found)
    assert faults(record) == []


def test_a_file_that_was_altered_or_lost_is_named(record: Bureau) -> None:
    with record.reading() as session:
        (file,) = of_case(session, "submission:1")
    path = record.files.root / file.sha256[:2] / file.sha256
    path.chmod(0o640)
    path.write_bytes(b"%PDF-1.4 something else")

    assert faults(record) == [("附件", "submission:1 的《调解协议.pdf》缺失或被改动")]
    path.unlink()
    assert faults(record) == [("附件", "submission:1 的《调解协议.pdf》缺失或被改动")]


def test_the_command_prints_a_line_per_check_and_fails_at_the_first_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAOHE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("KAOHE_DATABASE_URL", raising=False)
    found = installation()

    whole = CliRunner().invoke(verify)
    with found.database.engine.execution_options(**WRITE).begin() as connection:
        connection.execute(
            text(
                "INSERT INTO audit_entry VALUES"
                " (1, '2026-11-01 00:00:00', NULL, '系统', 'x', 'x', '{}', '', '')"
            )
        )
    broken = CliRunner().invoke(verify)

    assert whole.exit_code == 0, whole.output
    assert [line.partition("：")[0] for line in whole.output.splitlines()] == TITLES
    assert all(line.endswith("，完整") for line in whole.output.splitlines())
    assert broken.exit_code == 1
    assert broken.output.splitlines() == ["审计链：1 条，第 1 条缺失或被改动"]
