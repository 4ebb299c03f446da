"""Deploying: faults all at once, nothing stored; new cases on the new version, running ones on theirs."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from kaohe_flow.casework.submission.rules import Finding, Quality
from kaohe_flow.settings import bundle
from kaohe_flow.workflow.deployment import queries
from kaohe_flow.workflow.deployment.commands import deploy
from kaohe_flow.workflow.deployment.model import Deployment
from kaohe_flow.workflow.errors import DiagramRefused
from tests.diagrams.drawing import RECHECK
from tests.factories.casework import Bureau

SHIPPED = (bundle() / "bpmn" / "work_submission_v1.bpmn").read_text(encoding="utf-8")


def with_one_more_level() -> bytes:
    """The shipped diagram with a look by the county's office between the reviewer and the points."""
    drawn = SHIPPED.replace(
        'sourceRef="line_ok" targetRef="quality_factor"', 'sourceRef="line_ok" targetRef="office_recheck"'
    )
    drawn = drawn.replace(
        "<bpmn:incoming>line_ok__quality_factor</bpmn:incoming>",
        "<bpmn:incoming>recheck_approved</bpmn:incoming>",
    )
    drawn = drawn.replace(
        "<bpmn:flowNodeRef>line_ok</bpmn:flowNodeRef>",
        "<bpmn:flowNodeRef>line_ok</bpmn:flowNodeRef><bpmn:flowNodeRef>office_recheck</bpmn:flowNodeRef>"
        "<bpmn:flowNodeRef>recheck_ok</bpmn:flowNodeRef>",
    )
    return drawn.replace("</bpmn:process>", RECHECK + "</bpmn:process>", 1).encode()


def count(bureau: Bureau) -> int:
    with bureau.reading() as session:
        return session.scalar(select(func.count()).select_from(Deployment)) or 0


def test_one_more_level_of_review_shows_in_the_next_case_and_not_in_running_ones(bureau: Bureau) -> None:
    running = bureau.submit(bureau.city.wang)
    with bureau.acting() as work:
        made, _ = deploy(work, with_one_more_level(), decisions={}, note="增加考核办复核")
    later = bureau.submit(bureau.city.wang)

    for case_key in (running, later):
        bureau.approve(case_key)

    assert made.version == 2
    assert bureau.waiting(running) == []
    assert bureau.waiting(later) == ["office_recheck"]
    bureau.review(bureau.city.zheng, later, "office_recheck", Finding("approve", "同意"))
    assert bureau.waiting(later) == []


def test_a_faulty_diagram_is_refused_whole_with_every_fault(bureau: Bureau) -> None:
    before = count(bureau)
    broken = SHIPPED.replace('camunda:topic="submission.score"', 'camunda:topic="submission.gift"')
    broken = broken.replace("line_reviewer@level2", "boss@level9").replace(
        "rounds &gt;= max_rounds", "rounds &gt;= "
    )

    with pytest.raises(DiagramRefused) as refusal, bureau.acting() as work:
        deploy(work, broken.encode(), decisions={})

    told = {fault.element_id for fault in refusal.value.faults}
    assert {"submission_score", "line_review"} <= told
    assert len(refusal.value.faults) >= 3
    assert all(fault.line > 0 for fault in refusal.value.faults)
    assert count(bureau) == before


def test_a_process_nobody_stands_behind_is_refused_with_the_known_ones(bureau: Bureau) -> None:
    with pytest.raises(DiagramRefused, match="work_submission"), bureau.acting() as work:
        deploy(work, SHIPPED.replace("work_submission", "my_process").encode(), decisions={})


def test_deploying_the_same_text_again_makes_no_new_version(bureau: Bureau) -> None:
    with bureau.acting() as work:
        made, _ = deploy(work, SHIPPED.encode(), decisions={})

    assert made.version == 1


def test_a_silent_path_to_points_is_refused(bureau: Bureau) -> None:
    silent = SHIPPED.replace(
        'sourceRef="line_review_urge_timer" targetRef="line_review_urge"',
        'sourceRef="line_review_urge_timer" targetRef="submission_score"',
    )

    with pytest.raises(DiagramRefused), bureau.acting() as work:
        deploy(work, silent.encode(), decisions={})


def test_a_changed_table_changes_the_points_of_new_cases_only(bureau: Bureau) -> None:
    running = bureau.submit(bureau.city.wang)
    table = (bundle() / "bpmn" / "review_quality_v1.dmn").read_text(encoding="utf-8")
    with bureau.acting() as work:
        deploy(work, SHIPPED.encode(), decisions={"review_quality": table.replace("0.9", "0.8").encode()})
    later = bureau.submit(bureau.city.wang)

    for case_key in (running, later):
        bureau.approve(case_key, quality=Quality.GOOD)

    with bureau.reading() as session:
        versions = [row.version for row in queries.catalogue(session) if row.key == "work_submission"]
    assert versions == [2, 1]
    assert points_of(bureau, running) > points_of(bureau, later)


def points_of(bureau: Bureau, case_key: str) -> object:
    from kaohe_flow.scorebook.ledger.queries import of_case

    with bureau.reading() as session:
        return of_case(session, case_key)[0].points
