"""Diagrams from the command line: a table once changed stays changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from kaohe_flow.cli.installation import deploy_shipped, installation
from kaohe_flow.cli.process import process
from kaohe_flow.settings import bundle
from kaohe_flow.workflow.deployment import queries

KEY = "work_submission"


@pytest.fixture(autouse=True)
def an_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAOHE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("KAOHE_DATABASE_URL", raising=False)


def deployed(*files: Path) -> None:
    answer = CliRunner().invoke(process, ["deploy", *map(str, files)])
    assert answer.exit_code == 0, answer.output


def in_force() -> tuple[int, bytes, dict[str, bytes]]:
    with installation().database.read() as session:
        found = queries.latest(session, KEY)
        return found.version, found.bpmn, queries.decisions_of(found)


def test_a_changed_table_and_a_changed_diagram_outlive_what_is_shipped(tmp_path: Path) -> None:
    shipped = bundle() / "bpmn" / "work_submission_v1.bpmn"
    table = tmp_path / "review_quality_v2.dmn"
    text = (bundle() / "bpmn" / "review_quality_v1.dmn").read_text(encoding="utf-8")
    table.write_text(text.replace("0.9", "0.8"), encoding="utf-8")
    diagram = tmp_path / "changed.bpmn"
    diagram.write_text(
        shipped.read_text(encoding="utf-8").replace("归口审核", "业务线审核"), encoding="utf-8"
    )

    deployed(shipped, table)
    deployed(diagram)
    deploy_shipped(installation())

    version, bpmn, tables = in_force()
    assert (version, bpmn) == (2, diagram.read_bytes())
    assert tables == {"review_quality": table.read_bytes()}
