"""Checks of what the system does: topics, decision tables, called processes, whom a reminder is for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kaohe_flow.workflow.diagram.catalogue import fault
from kaohe_flow.workflow.diagram.graph import Node
from kaohe_flow.workflow.diagram.subject import OWN_TOPICS, Check, Subject
from kaohe_flow.workflow.diagram.wording import offered
from kaohe_flow.workflow.engine.decision import MAPPINGS
from kaohe_flow.workflow.engine.formula import is_expression
from kaohe_flow.workflow.errors import Fault

SERVICES: Final = ("serviceTask", "sendTask")


def topics(subject: Subject) -> Iterator[Fault]:
    """A service task says what is to be done, in a word the product knows."""
    for node in subject.diagram.of_kind(*SERVICES):
        topic = node.camunda.get("topic", "")
        if not topic:
            text = "没有写主题，系统不知道做什么；请把实现方式选为外部（external）并填主题（topic）"
            yield fault(node, "topic-missing", text)
        elif topic not in subject.vocabulary.topics | OWN_TOPICS:
            text = f"没有“{topic}”这个主题，请改正。{offered(topic, subject.vocabulary.topics | OWN_TOPICS)}"
            yield fault(node, "topic-unknown", text)


def steps(subject: Subject) -> Iterator[Fault]:
    """Reminders name the user task they are about."""
    for node in subject.diagram.of_kind(*SERVICES):
        written = next((each for each in node.inputs if each.name == "step"), None)
        if written is None:
            if node.camunda.get("topic") in OWN_TOPICS:
                text = "没有写催办哪个环节；请加输入参数 step，值为用户任务的编号"
                yield fault(node, "step-unknown", text)
        elif not is_expression(written.value) and not _is_task(subject, written.value):
            text = (
                f"输入参数 step 写的“{written.value}”不是图中用户任务的编号，请改正（改过任务编号的要一并改）"
            )
            yield fault(node, "step-unknown", text, line=written.line)


def members(subject: Subject) -> Iterator[Fault]:
    """Inside a multi-instance sub-process a reminder says whose task it is about."""
    for node in subject.diagram.of_kind(*SERVICES):
        names = {each.name for each in node.inputs}
        outside = subject.diagram.by_id.get(node.scope)
        if "step" in names and "item" not in names and outside is not None and outside.loop is not None:
            text = (
                "在多实例子流程里没有写是哪一个成员，会把所有成员的这一环节都催一遍；"
                f"请加输入参数 item，值为 ={outside.loop.variable}"
            )
            yield fault(node, "step-item", text)


def _is_task(subject: Subject, node_id: str) -> bool:
    node = subject.diagram.by_id.get(node_id)
    return node is not None and node.kind == "userTask"


def tables(subject: Subject) -> Iterator[Fault]:
    """A business rule task asks a table that came along, and the answer goes somewhere."""
    for node in subject.diagram.of_kind("businessRuleTask"):
        reference = node.camunda.get("decisionRef", "")
        if not reference:
            text = "没有指定决策表；请把实现方式选为 DMN，并填决策编号（decisionRef）"
            yield fault(node, "table-missing", text)
        elif reference not in subject.table_ids:
            text = f"没有编号为“{reference}”的决策表，请一并上传 .dmn 文件或改正编号。"
            text += offered(reference, subject.table_ids)
            yield fault(node, "table-unknown", text)
        yield from _mapping(subject, node, reference)


def _mapping(subject: Subject, node: Node, reference: str) -> Iterator[Fault]:
    mapping = node.camunda.get("mapDecisionResult", "")
    if mapping and mapping not in MAPPINGS:
        text = f"决策结果的取法“{mapping}”不认识，请改正。{offered(mapping, MAPPINGS)}"
        yield fault(node, "result-mapping", text)
    for table in subject.tables:
        if table.id == reference and mapping in {"singleEntry", "collectEntries"} and len(table.outputs) > 1:
            text = f"决策表有 {len(table.outputs)} 列结果，取法“{mapping}”只取一列；请改用 singleResult"
            yield fault(node, "result-mapping", text)


def unused(subject: Subject) -> Iterator[Fault]:
    """A table nobody asks is probably one whose id was changed."""
    asked = {node.camunda.get("decisionRef") for node in subject.diagram.of_kind("businessRuleTask")}
    for table in subject.tables:
        if table.id not in asked:
            text = "随图提交，但图里没有任务用到它；请核对决策任务的决策编号，或不再提交"
            yield fault(table, "table-unused", text)


def calls(subject: Subject) -> Iterator[Fault]:
    """A call activity names a process that is deployed."""
    for node in subject.diagram.of_kind("callActivity"):
        if not node.called:
            yield fault(node, "call", "没有写调用哪个流程；请填流程编号（calledElement）")
        elif node.called == subject.diagram.process.id:
            yield fault(node, "call", "流程调用了自己，会没完没了；重复办理请画回路")
        elif node.called not in subject.vocabulary.called:
            text = (
                f"没有编号为“{node.called}”的流程，请改正。{offered(node.called, subject.vocabulary.called)}"
            )
            yield fault(node, "call", text)


CHECKS: Final[tuple[Check, ...]] = (topics, steps, members, tables, unused, calls)
