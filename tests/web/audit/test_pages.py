"""The audit trail: all of it for the auditor, security events for the security administrator."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from kaohe_flow.organization.account.rules import AccountKind
from kaohe_flow.organization.role import commands as roles
from kaohe_flow.organization.role.rules import Role
from kaohe_flow.organization.unit.rules import Span
from tests.factories.casework import Bureau
from tests.factories.organization import TODAY
from tests.web.conftest import AdminOf, ClientOf, Pages


@pytest.fixture
def auditor(bureau: Bureau, admin_of: AdminOf) -> Pages:
    """The auditor, after somebody became competent and somebody else submitted work."""
    with bureau.acting() as work:
        roles.grant(work, roles.Grant(bureau.city.wang, Role.UNIT_ADMIN, bureau.city.station, Span(TODAY)))
    bureau.submit(bureau.city.wang)
    return admin_of(AccountKind.AUDITOR)


def test_the_auditor_reads_every_deed_in_words(auditor: Pages) -> None:
    page = auditor.get("/audit/").text

    for words in ("提交报送", "授予职责", "王小明", "职责：城关派出所 单位内勤", "民警 王小明"):
        assert words in page


def test_the_security_administrator_sees_security_events_only(auditor: Pages, admin_of: AdminOf) -> None:
    page = admin_of(AccountKind.SECADMIN).get("/audit/").text

    assert "授予职责" in page
    assert "提交报送" not in page
    assert "提交报送" not in admin_of(AccountKind.SECADMIN).get("/audit/?deed=claim.submitted").text


def test_the_trail_is_narrowed_by_person_deed_subject_and_day(auditor: Pages) -> None:
    rows = "<td>授予职责</td>"

    assert rows in auditor.get("/audit/?deed=role.granted").text
    assert rows not in auditor.get("/audit/?deed=claim.").text
    assert rows not in auditor.get("/audit/?who=王小明").text
    assert rows in auditor.get("/audit/?about=officer:&deed=role.").text
    assert rows not in auditor.get("/audit/?last=2020-01-01").text
    assert auditor.get("/audit/?first=gestern").status_code == 400


def test_a_whole_trail_is_called_whole(auditor: Pages) -> None:
    assert "逐条校验无误" in auditor.get("/audit/check").text


def test_a_changed_line_is_found(bureau: Bureau, auditor: Pages) -> None:
    with bureau.acting() as work:
        if bureau.database.engine.dialect.name == "sqlite":
            work.session.execute(text("DROP TRIGGER audit_entry_no_update"))
        else:
            work.session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_no_change"))
        work.session.execute(text("UPDATE audit_entry SET actor_name = '无名' WHERE seq = 2"))

    assert "从第 2 条起被改动或缺失" in auditor.get("/audit/check").text


def test_the_export_holds_what_was_hashed(auditor: Pages) -> None:
    ordered = auditor.post("/audit/export", {"deed": "role.granted"})
    lines = auditor.get(ordered.headers["Location"]).text.splitlines()

    newest = json.loads(lines[0])
    assert set(newest) == {"seq", "payload", "prev", "hash"}
    assert json.loads(newest["payload"])["deed"] == "role.granted"


def test_an_export_is_itself_on_the_trail_and_nobody_else_s(auditor: Pages, admin_of: AdminOf) -> None:
    ordered = auditor.post("/audit/export", {"who": "王小明"})

    page = auditor.get("/audit/?deed=audit.exported").text
    assert ordered.status_code == 303
    assert "导出审计记录" in page
    assert "王小明" in page
    assert auditor.get("/audit/export/1.jsonl").status_code == 404
    assert auditor.post("/audit/export", {"first": "昨天"}).status_code == 400


def test_nobody_else_reads_the_trail(bureau: Bureau, admin_of: AdminOf, client_of: ClientOf) -> None:
    for pages in (admin_of(AccountKind.SYSADMIN), client_of(bureau.city.chen), client_of(bureau.city.chu)):
        for path in ("/audit/", "/audit/check", "/audit/export/1.jsonl"):
            assert pages.get(path).status_code == 403
    guard = admin_of(AccountKind.SECADMIN)
    assert guard.get("/audit/check").status_code == 403
    assert guard.get("/audit/export/1.jsonl").status_code == 403
    assert guard.post("/audit/export").status_code == 403
