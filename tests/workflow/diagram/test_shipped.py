"""The diagrams that ship pass the inspection as they are; changes to them are judged rightly."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from kaohe_flow.workflow.diagram.rules import Vocabulary, inspect, process_key
from kaohe_flow.workflow.errors import Fault
from tests.workflow.diagram.corpus import FUNCTIONS, SHIPPED, codes

FILES = sorted(SHIPPED.glob("*.bpmn"))
TABLES = {path.stem.rpartition("_v")[0]: path.read_bytes() for path in SHIPPED.glob("*.dmn")}
TEXTS = [path.read_text(encoding="utf-8") for path in FILES]
WORDS = Vocabulary(
    topics=frozenset(topic for text in TEXTS for topic in re.findall(r'camunda:topic="([^"]+)"', text)),
    forms=frozenset(form for text in TEXTS for form in re.findall(r'camunda:formKey="([^"]+)"', text)),
    functions=FUNCTIONS,
    variables=frozenset(
        {"rounds", "rung", "final", "answer_wd", "honour", "capped", "gaps", "clean", "receivers", "late"}
    ),
    scoring_topics=frozenset({"submission.score", "reward.score", "penalty.score", "appeal.rescore"}),
    precedence=frozenset(
        {
            ("penalty.notify", "penalty.score"),
            ("seal.publish_notice", "seal.seal"),
            ("appeal.decide", "appeal.rescore"),
            ("reward.check", "reward.score"),
        }
    ),
)
CLAIM = SHIPPED / "work_submission_v1.bpmn"
LEVEL = """
    <bpmn:userTask id="office_check" name="考核办复核" camunda:formKey="office_approve"
        camunda:candidateGroups="office@level2" camunda:dueDate="=workdays(review_due_wd)">
      <bpmn:extensionElements><camunda:properties>
        <camunda:property name="decision" value="office_decision" />
        <camunda:property name="outcomes" value="approve=同意;reject=驳回" />
      </camunda:properties></bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:exclusiveGateway id="office_ok" name="同意？" default="office_no" />
    <bpmn:sequenceFlow id="office_done" sourceRef="office_check" targetRef="office_ok" />
    <bpmn:sequenceFlow id="office_yes" name="同意" sourceRef="office_ok" targetRef="quality_factor">
      <bpmn:conditionExpression>=office_decision = "approve"</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="office_no" name="驳回" sourceRef="office_ok" targetRef="returned" />
  </bpmn:process>"""


def asked_by(text: str) -> list[bytes]:
    return [table for name, table in TABLES.items() if f'camunda:decisionRef="{name}"' in text]


def inspected(text: str) -> tuple[Fault, ...]:
    return inspect(text.encode(), dmn=asked_by(text), vocabulary=WORDS)


def claim_with_one_more_level() -> str:
    text = CLAIM.read_text(encoding="utf-8")
    before = re.search(r'sourceRef="line_ok" targetRef="quality_factor"', text)
    assert before, "the drawing has changed: adapt the test"
    text = text.replace(before[0], 'sourceRef="line_ok" targetRef="office_check"')
    return text.replace("  </bpmn:process>", LEVEL.lstrip("\n"), 1)


def test_there_are_diagrams_to_inspect() -> None:
    assert len(FILES) >= 7


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_diagram_has_no_fault_and_no_warning(path: Path) -> None:
    assert inspected(path.read_text(encoding="utf-8")) == ()
    assert path.name == f"{process_key(path.read_bytes())}_v1.bpmn"


def test_inserting_one_more_review_level_needs_only_one_task_and_its_gateway() -> None:
    faults = inspected(claim_with_one_more_level())

    assert {fault.rule for fault in faults if fault.severity == "error"} == {"lane-missing"}
    assert {fault.element_id for fault in faults if fault.rule == "lane-missing"} == {"office_check"}
    assert codes(faults) <= {"lane-missing", "drawing-missing", "reminder-missing"}


def test_an_inserted_level_in_its_lane_is_accepted() -> None:
    text = claim_with_one_more_level().replace(
        "<bpmn:flowNodeRef>line_review</bpmn:flowNodeRef>",
        "<bpmn:flowNodeRef>line_review</bpmn:flowNodeRef><bpmn:flowNodeRef>office_check</bpmn:flowNodeRef>",
    )

    assert not [fault for fault in inspected(text) if fault.severity == "error"]


def test_letting_the_clock_score_instead_of_a_reviewer_is_refused() -> None:
    text = CLAIM.read_text(encoding="utf-8")
    escalation = 'id="line_review_escalate_timer" name="超期升级" cancelActivity="false"'
    assert escalation in text
    text = text.replace(escalation, escalation.replace(' cancelActivity="false"', ""))
    text = text.replace(
        'sourceRef="line_review_escalate_timer" targetRef="line_review_escalate"',
        'sourceRef="line_review_escalate_timer" targetRef="quality_factor"',
    )

    assert "silence-approves" in codes(inspected(text))


def test_leaving_out_the_notice_before_a_penalty_is_refused() -> None:
    text = (SHIPPED / "penalty_notice_v1.bpmn").read_text(encoding="utf-8")
    text = text.replace('camunda:topic="penalty.notify"', 'camunda:topic="penalty.open"')

    assert "step-skipped" in codes(inspected(text))


def test_a_table_in_which_two_rows_speak_at_once_is_refused() -> None:
    table = TABLES["review_quality"].decode()
    changed = table.replace('<text>"good"</text>', '<text>"excellent"</text>', 1)
    assert changed != table

    found = inspect(CLAIM.read_bytes(), dmn=[changed.encode()], vocabulary=WORDS)

    assert {"table-overlap", "table-gap"} <= codes(found)


def test_a_diagram_of_forty_nodes_is_inspected_while_the_page_loads() -> None:
    text = (SHIPPED / "indicator_issue_v1.bpmn").read_text(encoding="utf-8")
    inspected(text)

    started = time.perf_counter()
    inspected(text)

    assert time.perf_counter() - started < 1
