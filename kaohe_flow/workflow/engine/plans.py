"""What each element of a drawing asks of the engine, compiled: expressions, timers, mappings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kaohe_flow.kernel.feel import FeelError
from kaohe_flow.workflow.engine.drawing import (
    Drawing,
    Faults,
    Node,
    camunda,
    first,
    identity,
    is_feel,
    line_of,
    properties,
    select,
    tag,
    text_of,
)
from kaohe_flow.workflow.engine.formula import Formula, compile_formula, is_expression
from kaohe_flow.workflow.engine.iso import BadTime, parse_moment, parse_span
from kaohe_flow.workflow.engine.port import Kind, Step
from kaohe_flow.workflow.engine.timers import Timer, TimerKind, check_literal, is_literal

KINDS: Final[Mapping[str, Kind]] = {
    "userTask": "user",
    "serviceTask": "service",
    "sendTask": "service",
    "businessRuleTask": "decision",
    "callActivity": "call",
    "exclusiveGateway": "gateway",
    "parallelGateway": "gateway",
    "inclusiveGateway": "gateway",
    "eventBasedGateway": "gateway",
    "startEvent": "event",
    "endEvent": "event",
    "intermediateCatchEvent": "event",
    "intermediateThrowEvent": "event",
    "boundaryEvent": "event",
    "receiveTask": "event",
    "subProcess": "subprocess",
}
TIMER_KINDS: Final[tuple[TimerKind, ...]] = ("timeDate", "timeDuration", "timeCycle")

Input = tuple[str, Formula | str]


@dataclass(frozen=True, slots=True)
class Multi:
    """Multi-instance: over a list (``collection``) or a count; ``collect`` gathers one variable of each."""

    sequential: bool
    collection: Formula | None
    cardinality: Formula | None
    variable: str | None
    completion: Formula | None
    collect: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class DecisionCall:
    """Which decision a rule task asks and where the answer goes; ``mapping`` as camunda writes it."""

    decision: str
    result: str | None
    mapping: str | None


@dataclass(frozen=True, slots=True)
class Call:
    """A called process and the variables that go in and come back; ``None`` as source: all of them."""

    key: str
    inward: tuple[tuple[str | None, Formula | None], ...]
    outward: tuple[tuple[str | None, Formula | None], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything one flow node needs at run time, beside its place in the graph."""

    step: Step
    timer: Timer | None = None
    message: str | None = None
    interrupting: bool = True
    terminates: bool = False
    inputs: tuple[Input, ...] = ()
    due: Formula | str | None = None
    multi: Multi | None = None
    decision: DecisionCall | None = None
    call: Call | None = None


@dataclass(frozen=True, slots=True)
class Plans:
    """All of one drawing: ``nodes`` by the ids of the file, ``conditions`` by those of sequence flows."""

    nodes: Mapping[str, Plan]
    conditions: Mapping[str, Formula]


class Planner:
    """Reads the plans of one drawing; what cannot be read becomes a fault."""

    def __init__(self, drawing: Drawing, functions: frozenset[str], faults: Faults) -> None:
        self._drawing = drawing
        self._functions = functions
        self._faults = faults

    def plans(self) -> Plans:
        """Plans of every node the engine knows, and the conditions of the flows."""
        nodes = {own: self._plan(node) for own, node in self._drawing.nodes.items() if tag(node) in KINDS}
        return Plans(nodes, self._conditions())

    def _conditions(self) -> dict[str, Formula]:
        compiled: dict[str, Formula] = {}
        for edge in self._drawing.edges:
            written = first(edge.node, "./bpmn:conditionExpression")
            if written is None:
                continue
            if not is_feel(written.get("language")):
                self._faults.add(edge.node, "expression", "条件只能用 FEEL 表达式，请把类型改为“表达式”")
            element = self._drawing.shown(edge.source)
            formula = self._formula(edge.node, text_of(written), "流向的条件", element)
            if formula is not None:
                compiled[identity(edge.node)] = formula
        return compiled

    def _plan(self, node: Node) -> Plan:
        step = self._step(node)
        return Plan(
            step=step,
            timer=self._timer(node),
            message=self._message(node),
            interrupting=node.get("cancelActivity", "true") != "false",
            terminates=first(node, "./bpmn:terminateEventDefinition") is not None,
            inputs=self._inputs(node),
            due=self._due(node),
            multi=self._multi(node),
            decision=self._decision(node),
            call=self._call(node),
        )

    def _step(self, node: Node) -> Step:
        groups = camunda(node, "candidateGroups") or ""
        return Step(
            id=self._drawing.shown(identity(node)),
            name=(node.get("name") or "").strip(),
            kind=KINDS[tag(node)],
            lane=self._drawing.lane(node),
            candidates=tuple(group.strip() for group in groups.split(",") if group.strip()),
            form_key=camunda(node, "formKey"),
            topic=camunda(node, "topic"),
            due=camunda(node, "dueDate"),
            properties=properties(node),
            documentation=text_of(first(node, "./bpmn:documentation")),
            line=line_of(node),
        )

    def _formula(self, node: Node, text: str, where: str, element: str | None = None) -> Formula | None:
        if not text:
            self._faults.add(node, "expression", f"{where}是空的，请写出表达式")
            return None
        try:
            return compile_formula(text, element or self._drawing.shown(identity(node)), self._functions)
        except FeelError as fault:
            self._faults.add(node, "expression", f"{where}“{text[:80]}”写得不对：{fault}")
            return None

    def _timer(self, node: Node) -> Timer | None:
        definition = first(node, "./bpmn:timerEventDefinition")
        if definition is None:
            return None
        written = [(kind, found) for kind in TIMER_KINDS for found in select(definition, f"./bpmn:{kind}")]
        if len(written) != 1:
            self._faults.add(node, "timer", "定时器要写明一个时间：时刻、时长或循环，三者选一")
            return None
        kind, text = written[0][0], text_of(written[0][1])
        element = self._drawing.shown(identity(node))
        if not is_literal(text):
            formula = self._formula(node, text, "定时器的时间")
            return Timer(element, kind, text, formula) if formula else None
        try:
            check_literal(kind, text)
        except (BadTime, OverflowError) as fault:
            self._faults.add(node, "timer", f"定时器的时间不对：{fault}")
            return None
        return Timer(element, kind, text)

    def _message(self, node: Node) -> str | None:
        definition = first(node, "./bpmn:messageEventDefinition")
        if definition is None and tag(node) == "receiveTask":
            definition = node
        if definition is None:
            return None
        name = self._drawing.messages.get(definition.get("messageRef") or "")
        if not name:
            self._faults.add(
                node, "message", "消息事件没有选定消息，或消息没有名称，请在右侧面板中选定并命名"
            )
        return name or None

    def _inputs(self, node: Node) -> tuple[Input, ...]:
        path = "./bpmn:extensionElements/camunda:inputOutput/camunda:inputParameter"
        read: list[Input] = []
        for each in select(node, path):
            name, text = each.get("name") or "", text_of(each)
            if not is_expression(text):
                read.append((name, text))
            elif formula := self._formula(node, text, f"输入参数“{name}”"):
                read.append((name, formula))
        return tuple(read)

    def _due(self, node: Node) -> Formula | str | None:
        text = camunda(node, "dueDate")
        if text is None:
            return None
        if not is_literal(text):
            return self._formula(node, text, "办理期限")
        try:
            _ = parse_span(text) if text.startswith("P") else parse_moment(text)
        except (BadTime, OverflowError) as fault:
            self._faults.add(node, "due", f"办理期限不对：{fault}")
        return text

    def _multi(self, node: Node) -> Multi | None:
        loop = first(node, "./bpmn:multiInstanceLoopCharacteristics")
        if loop is None:
            return None
        collection = camunda(loop, "collection") or text_of(first(loop, "./bpmn:loopDataInputRef"))
        cardinality = text_of(first(loop, "./bpmn:loopCardinality"))
        if bool(collection) == bool(cardinality):
            self._faults.add(node, "multi-instance", "多实例任务要写明一项：成员列表（集合）或次数，两者选一")
            return None
        completion = first(loop, "./bpmn:completionCondition")
        return Multi(
            sequential=loop.get("isSequential") == "true",
            collection=self._formula(node, collection, "多实例的集合") if collection else None,
            cardinality=self._formula(node, cardinality, "多实例的次数") if cardinality else None,
            variable=_item_name(loop) if collection else None,
            completion=None
            if completion is None
            else self._formula(node, text_of(completion), "多实例的完成条件"),
            collect=_collected(node, loop),
        )

    def _decision(self, node: Node) -> DecisionCall | None:
        reference = camunda(node, "decisionRef")
        if tag(node) != "businessRuleTask" or reference is None:
            return None
        return DecisionCall(reference, camunda(node, "resultVariable"), camunda(node, "mapDecisionResult"))

    def _call(self, node: Node) -> Call | None:
        key = node.get("calledElement")
        if tag(node) != "callActivity" or not key:
            return None
        return Call(key, self._mapping(node, "in"), self._mapping(node, "out"))

    def _mapping(self, node: Node, way: str) -> tuple[tuple[str | None, Formula | None], ...]:
        read: list[tuple[str | None, Formula | None]] = []
        for each in select(node, f"./bpmn:extensionElements/camunda:{way}"):
            if each.get("businessKey") is not None:
                continue
            if each.get("variables") == "all":
                read.append((None, None))
                continue
            source = each.get("sourceExpression") or each.get("source") or ""
            if formula := self._formula(node, source, "调用活动的变量映射"):
                read.append((each.get("target") or source, formula))
        return tuple(read)


def _item_name(loop: Node) -> str:
    data_item = first(loop, "./bpmn:inputDataItem")
    standard = (data_item.get("name") or identity(data_item)) if data_item is not None else None
    return camunda(loop, "elementVariable") or standard or "item"


def _collected(node: Node, loop: Node) -> tuple[str, str] | None:
    """``(variable of each, list variable)`` by the standard's elements or by the properties of the task."""
    owned = properties(node)
    if owned.get("collect") and owned.get("collectInto"):
        return owned["collect"], owned["collectInto"]
    data_item, target = first(loop, "./bpmn:outputDataItem"), text_of(first(loop, "./bpmn:loopDataOutputRef"))
    if data_item is None or not target:
        return None
    return data_item.get("name") or identity(data_item), target
