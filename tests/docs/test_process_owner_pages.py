"""What the pages for process owners tell them to type is typed here, and does what they say."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Protocol

import pytest
from click.testing import CliRunner, Result

from kaohe_flow.casework.submission.rules import ClaimState, Finding, Quality
from kaohe_flow.cli import cli
from kaohe_flow.cli.installation import Installation, installation
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.workflow.deployment.commands import deploy
from kaohe_flow.workflow.errors import Fault
from tests.docs.pages import DOCS, ROOT, SHIPPED, TUTORIAL, blocks, changed, with_recheck
from tests.factories.casework import Bureau
from tests.web.conftest import Pages

HOW_TO = DOCS / "process-owner" / "how-to.md"
TABLE = ROOT / "bpmn" / "review_quality_v1.dmn"


def with_reminder() -> str:
    steps = [block for block in blocks(HOW_TO, "xml") if "camunda:property " not in block]
    return changed(with_recheck(), steps[:6])


def with_another_factor() -> str:
    return changed(TABLE.read_text(encoding="utf-8"), blocks(HOW_TO, "xml")[-2:])


class Command(Protocol):
    """``kaohe`` on the bureau's database."""

    def __call__(self, *arguments: str | Path) -> Result: ...


@pytest.fixture
def kaohe(bureau: Bureau, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    monkeypatch.setenv("KAOHE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KAOHE_SECRET_KEY", "k" * 48)
    url = bureau.database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("KAOHE_DATABASE_URL", url)

    opened: list[Installation] = []

    def remembered() -> Installation:
        opened.append(installation())
        return opened[-1]

    monkeypatch.setattr(import_module("kaohe_flow.cli.process"), "installation", remembered)

    def call(*arguments: str | Path) -> Result:
        return CliRunner().invoke(cli, [str(one) for one in arguments], catch_exceptions=False)

    yield call
    for one in opened:
        one.database.engine.dispose()


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[[str, str], Path]:
    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def deployed(bureau: Bureau, text: str, **tables: str) -> tuple[Fault, ...]:
    """Deploy below the doors; what the inspection remarks."""
    with bureau.acting() as work:
        decisions = {name: table.encode() for name, table in tables.items()}
        return tuple(deploy(work, text.encode(), decisions=decisions, note="试")[1])


def test_the_changed_diagram_draws_only_the_remark_that_the_page_quotes(bureau: Bureau) -> None:
    (remark,) = deployed(bureau, with_recheck())

    assert (remark.rule, remark.severity) == ("reminder-missing", "warning")
    assert f"> {remark.text}" in TUTORIAL.read_text(encoding="utf-8").splitlines()


def test_the_new_level_is_deployed_by_command_and_met_by_the_next_case(
    bureau: Bureau, kaohe: Command, file_of: Callable[[str, str], Path]
) -> None:
    before = bureau.submit(bureau.city.wang)

    result = kaohe("process", "deploy", file_of("work_submission_v2.bpmn", with_recheck()), "--note", "复核")

    assert result.exit_code == 0, result.output
    assert "第 2 版" in result.output
    assert "v2" in kaohe("process", "list").output
    after = bureau.submit(bureau.city.wang)
    bureau.approve(before)
    bureau.approve(after)
    assert bureau.claim_of(before).state is ClaimState.SCORED
    assert bureau.waiting(after) == ["office_recheck"]
    bureau.review(bureau.city.chen, after, "office_recheck", Finding("approve"))
    assert bureau.claim_of(after).state is ClaimState.SCORED
    with bureau.reading() as session:
        assert len(ledger.of_case(session, after)) == 1


def test_the_new_level_is_deployed_on_the_page_and_shown_with_its_level(
    bureau: Bureau, process_owner: Pages
) -> None:
    upload = (io.BytesIO(with_recheck().encode()), "work_submission_v2.bpmn")

    answer = process_owner.post("/processes/deployment", {"files": upload, "note": "加一级复核"})

    assert answer.status_code == 303, answer.text
    shown = process_owner.get(answer.location)
    assert "office@level2" in shown.text
    case_key = bureau.submit(bureau.city.wang)
    bureau.approve(case_key)
    assert bureau.waiting(case_key) == ["office_recheck"]


def test_what_the_new_level_rejects_returns_to_the_officer(bureau: Bureau) -> None:
    deployed(bureau, with_recheck())
    case_key = bureau.submit(bureau.city.wang)
    bureau.approve(case_key)

    bureau.review(bureau.city.chen, case_key, "office_recheck", Finding("reject", "尺度与上月不一致"))

    assert bureau.waiting(case_key) == ["fix"]


def test_the_reminder_of_the_how_to_silences_the_remark(bureau: Bureau) -> None:
    assert deployed(bureau, with_reminder()) == ()


def test_the_limits_shown_are_those_of_the_shipped_diagram() -> None:
    shown = next(block for block in blocks(HOW_TO, "xml") if "camunda:property " in block)

    text = SHIPPED.read_text(encoding="utf-8")

    assert all(text.count(line.strip()) == 1 for line in shown.splitlines())


def test_a_changed_table_is_deployed_with_its_diagram_and_changes_the_points(
    bureau: Bureau, kaohe: Command, file_of: Callable[[str, str], Path]
) -> None:
    table = file_of("review_quality.dmn", with_another_factor())

    result = kaohe("process", "deploy", SHIPPED, table, "--note", "良好按 95% 计")

    assert result.exit_code == 0, result.output
    case_key = bureau.submit(bureau.city.wang)
    bureau.approve(case_key, quality=Quality.GOOD)
    with bureau.reading() as session:
        (entry,) = ledger.of_case(session, case_key)
    assert str(entry.points.normalize()) == "1.9"
