"""Variables: who writes them, and whether they have a value where they are read."""

from __future__ import annotations

import pytest

from tests.workflow.diagram.corpus import BPMN, codes, inspected
from tests.workflow.diagram.drawn import TASK, Drawn

SUBPROCESS = (BPMN / "sound" / "embedded_subprocess.bpmn").read_text(encoding="utf-8")


def asking(drawn: Drawn, before: str, condition: str) -> set[str]:
    """What is said of a gateway behind ``before`` that asks ``condition``."""
    gateway, done = drawn.add("exclusiveGateway"), drawn.add("endEvent")
    drawn.flow(before, gateway)
    merge = drawn.add("exclusiveGateway")
    drawn.flow(gateway, merge, condition)
    service = drawn.service()
    drawn.default(gateway, drawn.flow(gateway, service))
    drawn.flow(service, merge)
    drawn.flow(merge, done)
    return {code for code in codes(inspected(drawn.bpmn())) if code.startswith(("variable", "expression"))}


def begun(drawn: Drawn, first: str) -> None:
    drawn.flow(drawn.add("startEvent"), first)


def test_a_decision_has_a_value_behind_its_task() -> None:
    drawn = Drawn()
    task = drawn.user()
    begun(drawn, task)

    assert asking(drawn, task, f'd_{task} = "yes"') == set()


def test_a_decision_has_no_value_where_the_time_ran_out() -> None:
    drawn = Drawn()
    task = drawn.user()
    begun(drawn, task)
    drawn.end(task)

    late = drawn.boundary(task, interrupting=True)

    assert asking(drawn, late, f'd_{task} = "yes"') == {"variable-too-early"}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("parallelGateway", set()), ("exclusiveGateway", {"variable-perhaps-unset"})],
)
def test_both_branches_have_written_behind_a_parallel_join_only(kind: str, expected: set[str]) -> None:
    drawn = Drawn()
    fork, join, one, other = drawn.add(kind), drawn.add(kind), drawn.user(), drawn.user()
    begun(drawn, fork)
    drawn.default(fork, drawn.flow(fork, one))
    drawn.flow(fork, other, "rounds = 1" if kind == "exclusiveGateway" else "")
    drawn.flow(one, join)
    drawn.flow(other, join)

    assert asking(drawn, join, f'd_{one} = "yes" and d_{other} = "yes"') == expected


def test_a_variable_that_is_asked_for_first_may_be_unset() -> None:
    drawn = Drawn()
    fork, join, task = drawn.add("exclusiveGateway"), drawn.add("exclusiveGateway"), drawn.user()
    begun(drawn, fork)
    drawn.default(fork, drawn.flow(fork, join))
    drawn.flow(fork, task, "rounds = 1")
    drawn.flow(task, join)

    assert asking(drawn, join, f'if is defined(d_{task}) then d_{task} = "yes" else false') == set()


def test_a_variable_that_the_form_sends_along_is_known() -> None:
    drawn = Drawn()
    task = drawn.user()
    more = '<camunda:property name="also" value="remark, grade" />'
    drawn.change(
        task, inside=TASK.format(id=task).replace("</camunda:properties>", f"{more}</camunda:properties>")
    )
    begun(drawn, task)

    assert asking(drawn, task, 'remark = "x" and grade = 1') == set()


def test_what_a_sub_process_writes_is_known_but_not_in_front_of_it() -> None:
    inner = (
        '<bpmn:userTask id="stamp" name="编号" camunda:formKey="line_review"'
        ' camunda:candidateGroups="office@level2" camunda:dueDate="P1D">'
        "<bpmn:extensionElements><camunda:properties>"
        '<camunda:property name="decision" value="stamped" />'
        '<camunda:property name="outcomes" value="yes=编好" />'
        "</camunda:properties></bpmn:extensionElements></bpmn:userTask>"
    )
    service = (
        '<bpmn:serviceTask id="stamp" name="编号" camunda:type="external" camunda:topic="claim.notify" />'
    )
    assert service in SUBPROCESS
    text = SUBPROCESS.replace(service, inner).replace(
        '<camunda:inputParameter name="step">review</camunda:inputParameter>',
        '<camunda:inputParameter name="step">review</camunda:inputParameter>'
        '<camunda:inputParameter name="note">=stamped</camunda:inputParameter>',
    )

    found = {fault.rule: fault.element_id for fault in inspected(text.encode())}

    assert "variable-unknown" not in found
    assert found["variable-too-early"] == "urge"


def test_the_member_of_a_multi_instance_part_is_known_inside_it_only() -> None:
    loop = (
        '<bpmn:multiInstanceLoopCharacteristics camunda:collection="members" camunda:elementVariable="one" />'
    )
    start = '<bpmn:startEvent id="sign_start"'
    topic = 'camunda:topic="claim.notify" />'
    given = "<bpmn:extensionElements><camunda:inputOutput>{}</camunda:inputOutput></bpmn:extensionElements>"
    parameter = '<camunda:inputParameter name="who">=one</camunda:inputParameter>'
    inside = SUBPROCESS.replace(start, loop + start).replace(
        topic, f'camunda:topic="claim.notify">{given.format(parameter)}</bpmn:serviceTask>'
    )
    outside = SUBPROCESS.replace(start, loop + start).replace(
        "<camunda:inputOutput>", f"<camunda:inputOutput>{parameter}", 1
    )

    assert not {code for code in codes(inspected(inside.encode())) if code.startswith("variable")}
    assert {code for code in codes(inspected(outside.encode())) if code.startswith("variable")} == {
        "variable-too-early"
    }
