"""The shipped diagrams as definitions: names, roles, outcomes, time limits and words, all in their place."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import chain

import pytest

from kaohe_flow.kernel.feel import compile_expression
from tests.diagrams.drawing import FILES, FOLDER, KEYS, NS, Diagram, Node, read
from tests.diagrams.vocabulary import in_use, quoted, table

DIAGRAMS = [read(path) for path in FILES]
each_diagram = pytest.mark.parametrize("diagram", DIAGRAMS, ids=lambda each: each.key)
each_user_task = pytest.mark.parametrize(
    ("diagram", "task"),
    [(diagram, task) for diagram in DIAGRAMS for task in diagram.of_kind("userTask")],
    ids=lambda each: each.key if isinstance(each, Diagram) else each.id,
)
FUNCTIONS = frozenset({"workdays", "period_end", "notice_end", "cutoff"})
CANDIDATE = re.compile(r"([a-z_]+)(:[a-z_]+)?@([a-z_]+(?:\d|\+\d)?|\+\d)")


def outgoing(diagram: Diagram, node: Node) -> list[str]:
    return [flow.id for flow in diagram.flows.values() if flow.source == node.id]


def lane_of(diagram: Diagram, node: Node) -> str:
    while node.parent != diagram.key:
        node = diagram.nodes[node.parent]
    return diagram.lane_names[diagram.lanes[node.id]]


def test_the_seven_procedures_of_the_bureau_are_shipped() -> None:
    assert set(KEYS) == {
        "work_submission",
        "reward_claim",
        "penalty_notice",
        "appeal_review",
        "indicator_issue",
        "period_seal",
        "score_correction",
    }


@each_diagram
def test_the_file_name_carries_the_process_id_and_the_definition_its_chinese_name(diagram: Diagram) -> None:
    name = diagram.process.get("name")

    assert diagram.path.name == f"{diagram.key}_v1.bpmn"
    assert diagram.root.get("name") == f"{name} v1"
    assert diagram.process.get("isExecutable") == "true"
    assert diagram.process.findtext("bpmn:documentation", "", NS)
    assert f"| `{diagram.path.name}` | {name} |" in (FOLDER / "README.md").read_text(encoding="utf-8")


@each_diagram
def test_every_node_has_a_chinese_name(diagram: Diagram) -> None:
    for node in diagram.nodes.values():
        assert re.search(r"[\u4e00-\u9fff]", node.name), node.id


@each_diagram
def test_choices_are_made_by_gateways_whose_branches_are_named_and_conditioned(diagram: Diagram) -> None:
    for node in diagram.nodes.values():
        leaving = outgoing(diagram, node)
        if node.kind == "exclusiveGateway" and len(leaving) > 1:
            default = node.element.get("default")
            assert default in leaving, f"{node.id} has no default branch"
            for flow in (diagram.flows[each] for each in leaving):
                assert flow.name, flow.id
                assert bool(flow.condition) is (flow.id != default), flow.id
        else:
            assert node.kind in {"parallelGateway", "eventBasedGateway"} or len(leaving) <= 1, node.id
            assert not any(diagram.flows[each].condition for each in leaving), node.id


@each_diagram
def test_several_flows_meet_only_in_gateways(diagram: Diagram) -> None:
    for node in diagram.nodes.values():
        arriving = [flow.id for flow in diagram.flows.values() if flow.target == node.id]

        assert len(arriving) <= 1 or node.kind.endswith("Gateway"), node.id


@each_diagram
def test_what_a_default_branch_leads_to_was_never_an_approval(diagram: Diagram) -> None:
    """Nobody's silence and no unknown value may score, impose, issue or correct."""
    gains = {"submission.score", "penalty.score", "reward.check", "issue.publish", "correction.apply"}
    for gateway in diagram.of_kind("exclusiveGateway"):
        default = gateway.element.get("default")
        if default:
            target = diagram.nodes[diagram.flows[default].target]
            assert target.camunda("topic") not in gains, gateway.id
            assert target.kind != "businessRuleTask", gateway.id


@each_user_task
def test_a_user_task_says_who_decides_what_until_when(diagram: Diagram, task: Node) -> None:
    assert task.camunda("candidateGroups"), "nobody"
    assert task.camunda("formKey") in table("表单")
    assert task.camunda("dueDate").startswith("=workdays(")
    assert task.element.findtext("bpmn:documentation", "", NS).endswith("。")
    assert all(re.search(r"[\u4e00-\u9fff]", label) for label in task.outcomes.values())
    assert set(task.outcomes) <= quoted(table("变量")[task.properties["decision"]][1])
    assert all(variable in table("变量") for variable in task.properties.get("also", "").split())


@each_user_task
def test_a_user_task_stands_in_the_lane_of_its_role(diagram: Diagram, task: Node) -> None:
    lane = lane_of(diagram, task)

    for text in task.camunda("candidateGroups").split(","):
        match = CANDIDATE.fullmatch(text.strip())
        assert match, text
        role, scope = match[1], match[3]
        assert scope in table("范围")
        at_the_receiver = (role, scope, lane) == ("office", "receiver", "单位内勤")
        in_the_sign_chain = task.parent == "sign_chain" and lane == "考核办"
        assert table("泳道与角色")[role][0] == lane or at_the_receiver or in_the_sign_chain


@each_user_task
def test_each_outcome_that_the_next_gateway_asks_for_is_offered(diagram: Diagram, task: Node) -> None:
    asked = {
        value
        for flow in diagram.flows.values()
        for variable, value in re.findall(r'(\w+) = "(\w+)"', flow.condition)
        if variable == task.properties["decision"]
    }
    other_tasks = [
        each
        for each in diagram.of_kind("userTask")
        if each.properties["decision"] == task.properties["decision"]
    ]

    assert asked <= set(task.outcomes)
    assert all(each.outcomes.keys() == task.outcomes.keys() for each in other_tasks)


@each_diagram
def test_machines_work_in_the_lane_of_the_system(diagram: Diagram) -> None:
    for node in [*diagram.of_kind("serviceTask"), *diagram.of_kind("businessRuleTask")]:
        assert lane_of(diagram, node) == "系统" or node.parent != diagram.key, node.id
    for node in diagram.of_kind("serviceTask"):
        assert node.camunda("type") == "external"
        assert node.camunda("topic") in table("主题"), node.id


@each_diagram
def test_urging_and_climbing_leave_the_task_open_and_end_by_themselves(diagram: Diagram) -> None:
    for node in diagram.of_kind("serviceTask"):
        if node.camunda("topic") not in {"task.urge", "task.escalate", "appeal.alarm"}:
            continue
        (before,) = [flow.source for flow in diagram.flows.values() if flow.target == node.id]
        (after,) = [flow.target for flow in diagram.flows.values() if flow.source == node.id]
        timer = diagram.nodes[before].element

        assert timer.get("cancelActivity") == "false"
        assert timer.find("bpmn:timerEventDefinition", NS) is not None
        told = {"step": timer.get("attachedToRef")} | (
            {"item": "=receiver"} if node.parent == "receive" else {}
        )
        assert node.inputs == told
        assert diagram.nodes[after].kind == "endEvent"


@each_diagram
def test_every_reviewer_is_urged_when_late(diagram: Diagram) -> None:
    """The assessed person has time limits that end the task; the signers have one for all three."""
    urged = {
        node.inputs["step"] for node in diagram.of_kind("serviceTask") if node.camunda("topic") == "task.urge"
    }
    for task in diagram.of_kind("userTask"):
        if "officer@subject" not in task.camunda("candidateGroups") and task.parent != "sign_chain":
            assert task.id in urged, task.id


@each_diagram
def test_every_expression_compiles_and_asks_only_for_known_names(diagram: Diagram) -> None:
    known = set(table("变量")) | set(diagram.limits)
    for element, text in diagram.expressions:
        compiled = compile_expression(text.removeprefix("="), functions=FUNCTIONS)

        assert compiled.names <= known, element
        assert not compiled.hints, element


@each_diagram
def test_time_limits_are_numbers_listed_with_their_default_and_all_of_use(diagram: Diagram) -> None:
    asked = " ".join(text for _, text in diagram.expressions)
    for name, value in diagram.limits.items():
        default = table("时限")[name][0]

        assert Decimal(value) > 0
        assert value == default or (name, diagram.key, value) == ("notice_wd", "period_seal", "3")
        assert name in asked or name.startswith("appeal_answer_"), name


@each_diagram
def test_messages_are_in_the_table_and_caught(diagram: Diagram) -> None:
    messages = {each.get("id"): each.get("name") for each in diagram.root.findall("bpmn:message", NS)}
    caught = {each.get("messageRef") for each in diagram.root.iter(f"{{{NS['bpmn']}}}messageEventDefinition")}

    assert caught == set(messages)
    assert set(messages.values()) <= set(table("消息"))


def test_every_word_of_the_tables_is_used_by_some_diagram() -> None:
    nodes = list(chain.from_iterable(diagram.nodes.values() for diagram in DIAGRAMS))
    tasks = [node for node in nodes if node.kind == "userTask"]
    groups = [
        CANDIDATE.fullmatch(text) for task in tasks for text in task.camunda("candidateGroups").split(",")
    ]

    assert in_use("主题") == {node.camunda("topic") for node in nodes if node.kind == "serviceTask"}
    assert in_use("表单") == {task.camunda("formKey") for task in tasks}
    assert in_use("泳道与角色") == {group[1] for group in groups if group}
    assert in_use("范围") == {group[3] for group in groups if group}
    assert in_use("时限") == set(chain.from_iterable(diagram.limits for diagram in DIAGRAMS))


def test_every_variable_of_the_table_is_written_by_somebody() -> None:
    tasks = [task for diagram in DIAGRAMS for task in diagram.of_kind("userTask")]
    decided = {task.properties["decision"] for task in tasks} | {
        task.properties.get("also") for task in tasks
    }
    returned = set(chain.from_iterable(quoted(row[1]) for row in table("主题").values()))
    elsewhere = {"late", "factor", "receiver"}

    assert set(table("变量")) == (decided | returned | elsewhere) - {None}
