"""What a compiled process tells about its diagram."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest

from kaohe_flow.workflow.engine.compiler import limit
from kaohe_flow.workflow.engine.port import Step, Value
from tests.workflow.engine.drawings import arrows, diagram, extension, node
from tests.workflow.engine.lifecycle import APPEAL, LIFECYCLE, SCORE
from tests.workflow.engine.worlds import Case, compiled

ENDS = node("start", "s") + node("end", "e")
REFERENCE = "<bpmn:flowNodeRef>u</bpmn:flowNodeRef>"
SIMPLE = diagram(ENDS + node("user", "u"), "s->u\nu->e")


def test_a_step_tells_what_the_diagram_says_about_it() -> None:
    claimed = node(
        "user", "u",
        "<bpmn:documentation>先核对附件</bpmn:documentation>" + extension(properties={"hint": "慢"}),
        name=" 归口审核 ", camunda__candidateGroups="line_reviewer:{indicator.line}@level2, office@level1",
        camunda__formKey="review", camunda__dueDate="${workdays(3)}",
    )  # fmt: skip
    lanes = f'<bpmn:laneSet><bpmn:lane id="L1" name="县局">{REFERENCE}</bpmn:lane></bpmn:laneSet>'
    process = compiled(
        diagram(
            lanes + ENDS + "\n" + claimed + node("service", "w", camunda__topic="publish"), "s->u\nu->w\nw->e"
        )
    )

    assert process.steps["u"] == Step(
        id="u",
        name="归口审核",
        kind="user",
        lane="县局",
        candidates=("line_reviewer:{indicator.line}@level2", "office@level1"),
        form_key="review",
        due="${workdays(3)}",
        properties={"hint": "慢"},
        documentation="先核对附件",
        line=2,
    )
    assert (process.steps["w"].kind, process.steps["w"].topic, process.steps["w"].lane) == (
        "service",
        "publish",
        None,
    )
    assert set(process.steps) == {"s", "u", "w", "e"}


def test_the_innermost_lane_counts_and_a_sub_process_hands_its_lane_down() -> None:
    lanes = (
        f'<bpmn:laneSet><bpmn:lane id="L" name="外">{REFERENCE}<bpmn:flowNodeRef>p</bpmn:flowNodeRef>'
        f'<bpmn:childLaneSet><bpmn:lane id="M" name="内">{REFERENCE}</bpmn:lane></bpmn:childLaneSet>'
        "</bpmn:lane></bpmn:laneSet>"
    )
    inner = node("start", "s1") + node("user", "u1") + node("end", "e1") + arrows("s1->u1\nu1->e1")
    process = compiled(
        diagram(lanes + ENDS + node("user", "u") + node("sub", "p", inner), "s->u\nu->p\np->e")
    )

    assert process.steps["u"].lane == "内"
    assert process.steps["u1"].lane == "外"


def test_kinds_are_named_as_the_port_names_them() -> None:
    kinds = {step.kind for step in compiled(LIFECYCLE, dmn=[SCORE], called=[APPEAL]).steps.values()}

    assert kinds == {"user", "service", "decision", "call", "gateway", "event"}


def test_a_process_and_its_steps_cannot_be_changed() -> None:
    process = compiled(SIMPLE)

    with pytest.raises(FrozenInstanceError):
        process.key = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        process.steps["x"] = process.steps["u"]  # type: ignore[index]
    with pytest.raises(TypeError):
        process.steps["u"].properties["x"] = "y"  # type: ignore[index]


def test_limits_become_the_first_variables_and_are_read_as_numbers() -> None:
    limits = {"review_days": "3", "rate": "0.50", "strict": "true", "who": "市局", "none": ""}
    process = compiled(diagram(ENDS + node("user", "u"), "s->u\nu->e", limits=limits))

    case = Case(process, review_days=5)

    assert process.limits == {
        "review_days": 3,
        "rate": Decimal("0.50"),
        "strict": True,
        "who": "市局",
        "none": "",
    }
    assert str(process.limits["rate"]) == "0.50"
    assert case.now.variables == {**process.limits, "review_days": 5}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-3", -3),
        ("-0.5", Decimal("-0.5")),
        ("1.2.3", "1.2.3"),
        (".", "."),
        ("-", "-"),
        ("1e5", "1e5"),
        ("\uff11", "\uff11"),
        ("9" * 16, "9" * 16),
    ],
)
def test_only_plain_numbers_are_numbers(text: str, value: Value) -> None:
    assert limit(text) == value


def test_the_same_files_are_the_same_version_and_others_are_not() -> None:
    first = compiled(LIFECYCLE, dmn=[SCORE], called=[APPEAL])

    assert first.digest == compiled(LIFECYCLE, dmn=[SCORE], called=[APPEAL]).digest
    assert first.digest != compiled(LIFECYCLE, dmn=[SCORE.replace(b"1.5", b"1.6")], called=[APPEAL]).digest
    assert first.messages == {"withdraw"}
