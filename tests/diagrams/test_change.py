"""What ``bpmn/README.md`` tells a process owner to do to a diagram works as it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kaohe_flow.workflow.engine.port import Process
from kaohe_flow.workflow.errors import DiagramRefused
from tests.diagrams.drawing import FILES, KEYS, RECHECK, TABLES
from tests.diagrams.world import ENGINE, Case

SUBMISSION = FILES[KEYS.index("work_submission")].read_text(encoding="utf-8")
QUALITY = TABLES[0].read_text(encoding="utf-8")

TO_FACTOR = 'sourceRef="line_ok" targetRef="quality_factor"'


@pytest.fixture
def deploy(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Process]:
    """Cases of work_submission run on a changed diagram or table from now on."""

    def changed(diagram: str = SUBMISSION, quality: str = QUALITY) -> Process:
        process = ENGINE.compile(diagram.encode(), dmn=[quality.encode()])
        monkeypatch.setattr("tests.diagrams.world.compiled", lambda _key: process)
        return process

    return changed


def replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


def to_the_line(**variables: bool) -> Case:
    return Case("work_submission", answers={"submission.reject": {"rounds": 1}}, **variables)


def with_one_more_level() -> str:
    drawn = replaced(SUBMISSION, TO_FACTOR, 'sourceRef="line_ok" targetRef="office_recheck"')
    old, new = (
        "<bpmn:incoming>line_ok__quality_factor</bpmn:incoming>",
        "<bpmn:incoming>recheck_approved</bpmn:incoming>",
    )
    return replaced(replaced(drawn, old, new), "  </bpmn:process>", f"{RECHECK}  </bpmn:process>")


def test_one_more_level_of_review_is_one_more_task(deploy: Callable[..., Process]) -> None:
    process = deploy(with_one_more_level())

    case = (
        to_the_line(late=False).decide("unit_check", "pass").decide("line_review", "approve", quality="good")
    )

    assert process.steps["office_recheck"].candidates == ("office@level2",)
    assert case.open == ["office_recheck"]
    assert case.decide("office_recheck", "approve").ended_at == "scored"


def test_what_the_new_level_rejects_goes_back_to_the_officer(deploy: Callable[..., Process]) -> None:
    deploy(with_one_more_level())

    case = (
        to_the_line(late=False).decide("unit_check", "pass").decide("line_review", "approve", quality="good")
    )

    assert case.decide("office_recheck", "reject").open == ["fix"]


def test_a_time_limit_is_changed_in_the_properties_of_the_process(deploy: Callable[..., Process]) -> None:
    deploy(replaced(SUBMISSION, 'name="review_due_wd" value="3"', 'name="review_due_wd" value="1"'))

    assert to_the_line(late=False).wait().waited == "03-03 23:59:59"


def test_a_factor_is_changed_in_the_last_column_of_the_table(deploy: Callable[..., Process]) -> None:
    deploy(quality=replaced(QUALITY, "<text>0.9</text>", "<text>0.95</text>"))

    case = (
        to_the_line(late=False).decide("unit_check", "pass").decide("line_review", "approve", quality="good")
    )

    assert str(case.snapshot.variables["factor"]) == "0.95"


def test_a_mistake_in_a_limit_is_refused_with_the_element_that_has_it(deploy: Callable[..., Process]) -> None:
    with pytest.raises(DiagramRefused) as refused:
        deploy(SUBMISSION.replace("=workdays(fix_due_wd)", "=workdays(fix_due_wd"))

    assert {fault.element_id for fault in refused.value.faults} >= {"fix", "fix_timer"}
