"""What the engine cannot run, or would run differently from what is drawn: refused with a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lxml import etree

from kaohe_flow.workflow.engine.decision import MAPPINGS
from kaohe_flow.workflow.engine.drawing import (
    SCOPES,
    Drawing,
    Faults,
    Node,
    camunda,
    first,
    identity,
    line_of,
    select,
    tag,
)
from kaohe_flow.workflow.engine.plans import KINDS

REFUSED: Final[Mapping[str, str]] = {
    "task": "没有选择任务类型，请改成用户任务、服务任务或决策任务",
    "manualTask": "手工任务不会出现在任何人的待办里，请改成用户任务",
    "scriptTask": "脚本任务不能运行，请改成服务任务或决策任务",
    "complexGateway": "复杂网关不支持，请改用排他、并行或包容网关",
    "transaction": "事务子流程不支持，请改成普通子流程",
    "adHocSubProcess": "自由子流程不支持，请改成普通子流程",
}
MOST_NODES: Final = 1_000
EVENTS: Final[Mapping[str, frozenset[str]]] = {
    "startEvent": frozenset(),
    "endEvent": frozenset({"terminate"}),
    "intermediateThrowEvent": frozenset(),
    "intermediateCatchEvent": frozenset({"timer", "message"}),
    "boundaryEvent": frozenset({"timer", "message"}),
}
ACTIVITIES: Final = frozenset(
    {"userTask", "serviceTask", "sendTask", "businessRuleTask", "receiveTask", "callActivity", "subProcess"}
)
GATEWAYS: Final = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"})
CONDITIONAL: Final = frozenset({"exclusiveGateway", "inclusiveGateway"})
IGNORED: Final[Mapping[str, str]] = {
    "executionListener": "监听器",
    "taskListener": "监听器",
    "connector": "连接器",
    "outputParameter": "输出参数",
    "script": "脚本",
    "list": "列表参数",
    "map": "映射参数",
}


class Checker:
    """Checks one drawing. Names of decisions and of called processes are known from the other files."""

    def __init__(
        self, drawing: Drawing, processes: frozenset[str], decisions: frozenset[str], faults: Faults
    ) -> None:
        self._drawing = drawing
        self._processes = processes
        self._decisions = decisions
        self._faults = faults

    def check(self) -> None:
        """Note every fault."""
        if len(self._drawing.nodes) > MOST_NODES:
            text = f"流程图有 {len(self._drawing.nodes)} 个环节，上限是 {MOST_NODES}，请拆成几个流程"
            self._faults.add(self._drawing.process, "too-long", text)
            return
        self._check_ids()
        self._check_places()
        for scope in self._drawing.scopes:
            self._check_scope(scope)
        for node in self._drawing.all_nodes():
            self._check_node(node)
        self._check_flows()
        self._check_reach()

    def _check_ids(self) -> None:
        seen = {self._drawing.key}
        flows = [edge.node for edge in self._drawing.edges]
        for node in (*self._drawing.all_nodes(), *flows):
            own = identity(node)
            if not own:
                self._faults.add(node, "id", f"第 {line_of(node)} 行的元素没有编号（id）")
            elif own in seen:
                self._faults.add(node, "id", f"编号“{own}”重复，请在建模工具里改成不同的编号")
            elif "/" in own or "[" in own:
                self._faults.add(node, "id", f"编号“{own}”含有 / 或 [，请改用字母、数字和下划线")
            seen.add(own)

    def _check_places(self) -> None:
        """The library finds flows and ids wherever they are; we must not see less than it does."""
        for element in self._drawing.process.iter(etree.Element):
            parent = element.getparent()
            known = tag(element) in KINDS or tag(element) in REFUSED or tag(element) == "sequenceFlow"
            if known and parent is not None and tag(parent) not in SCOPES:
                self._faults.add(
                    element, "misplaced", "这个元素放错了位置，应直接放在流程或子流程里，请重新绘制"
                )
            other = self._drawing.nodes.get(identity(element))
            if not known and other is not None:
                self._faults.add(
                    other, "id", f"编号“{identity(element)}”与任务里的表单字段等重复，请改成不同的编号"
                )

    def _check_scope(self, scope: Node) -> None:
        what = "流程" if scope is self._drawing.process else "子流程"
        starts = [node for node in scope if tag(node) == "startEvent"]
        if len(starts) != 1:
            self._faults.add(scope, "start", f"{what}要有且只有一个开始事件，现在有 {len(starts)} 个")
        if not any(tag(node) == "endEvent" for node in scope):
            self._faults.add(scope, "end", f"{what}没有结束事件，请在每条路径末尾画上结束事件")
        if scope.get("triggeredByEvent") == "true":
            self._faults.add(scope, "unsupported", "事件子流程不支持，请改成任务上的边界事件")

    def _check_node(self, node: Node) -> None:
        kind = tag(node)
        if kind in REFUSED:
            self._faults.add(node, "unsupported", REFUSED[kind])
        elif kind not in KINDS:
            self._faults.add(node, "unsupported", f"不支持的元素“{kind}”，请删去或换成支持的画法")
        if kind in EVENTS:
            self._check_event(node, EVENTS[kind])
        if kind == "boundaryEvent":
            self._check_boundary(node)
        if first(node, "./bpmn:standardLoopCharacteristics") is not None:
            self._faults.add(node, "unsupported", "循环标记不支持，请用排他网关画出循环")
        if kind not in GATEWAYS and len(self._drawing.leaving.get(identity(node), ())) > 1:
            self._faults.add(node, "split", "有多条流向直接从这里出发，请先接一个网关，写明是并行还是选择")
        self._check_references(node)
        self._check_ignored(node)

    def _check_event(self, node: Node, allowed: frozenset[str]) -> None:
        definitions = [tag(child) for child in node if tag(child).endswith("EventDefinition")]
        kinds = [name.removesuffix("EventDefinition") for name in definitions]
        for kind in kinds:
            if kind not in allowed:
                self._faults.add(node, "unsupported", f"这种事件（{kind}）在这里不支持，请换成其他画法")
        if len(kinds) > 1:
            self._faults.add(node, "unsupported", "一个事件只能等待一件事，请用事件网关分开画")
        if not kinds and tag(node) in {"intermediateCatchEvent", "boundaryEvent"}:
            self._faults.add(node, "event", "事件没有写明等待什么，请选定时器或消息")

    def _check_boundary(self, node: Node) -> None:
        host = self._drawing.nodes.get(node.get("attachedToRef") or "")
        if host is None or tag(host) not in ACTIVITIES or host.getparent() is not node.getparent():
            self._faults.add(node, "boundary", "边界事件没有贴在任务或子流程上，请重新拖放到任务边缘")
        if self._drawing.arriving.get(identity(node)):
            self._faults.add(node, "boundary", "边界事件不能有流向进入")

    def _check_references(self, node: Node) -> None:
        kind = tag(node)
        if kind in {"serviceTask", "sendTask"} and camunda(node, "topic") is None:
            self._faults.add(node, "topic", "服务任务没有写主题（camunda:topic），系统不知道要做什么")
        if kind == "businessRuleTask":
            self._check_decision(node)
        if kind == "callActivity":
            called = node.get("calledElement") or ""
            if called not in self._processes:
                text = f"被调用的流程“{called}”没有一并部署" if called else "没有写明被调用的流程"
                self._faults.add(node, "called", f"{text}，请在右侧面板填写流程编号（不能是表达式）")

    def _check_decision(self, node: Node) -> None:
        reference = camunda(node, "decisionRef")
        if reference is None:
            self._faults.add(node, "decision", "决策任务没有写明决策表（camunda:decisionRef）")
        elif reference not in self._decisions:
            self._faults.add(node, "decision", f"决策表“{reference}”没有一并部署，请上传对应的 DMN 文件")
        mapping = camunda(node, "mapDecisionResult")
        if mapping is not None and mapping not in MAPPINGS:
            self._faults.add(node, "decision", f"决策结果的映射方式“{mapping}”不支持")

    def _check_ignored(self, node: Node) -> None:
        for each in select(node, "./bpmn:extensionElements//camunda:*"):
            name = each.tag.rpartition("}")[2] if isinstance(each.tag, str) else ""
            if name in IGNORED:
                self._faults.add(
                    node, "ignored", f"{IGNORED[name]}（camunda:{name}）不会执行，请改用服务任务"
                )

    def _check_flows(self) -> None:
        nodes = self._drawing.nodes
        for edge in self._drawing.edges:
            source, target = nodes.get(edge.source), nodes.get(edge.target)
            if source is None or target is None or source.getparent() is not target.getparent():
                self._faults.add(edge.node, "flow", "流向的起点或终点不存在，或跨越了子流程边界，请重新连线")
                continue
            if tag(target) == "startEvent" or tag(source) == "endEvent":
                self._faults.add(edge.node, "flow", "流向不能进入开始事件，也不能离开结束事件")
            self._check_condition(edge.node, source)
            if tag(source) == "eventBasedGateway":
                self._check_awaited(edge.node, target)

    def _check_condition(self, flow: Node, source: Node) -> None:
        written = first(flow, "./bpmn:conditionExpression") is not None
        default = source.get("default") == identity(flow)
        if written and tag(source) not in CONDITIONAL:
            self._faults.add(
                flow, "condition", "只有排他网关和包容网关后的流向才能写条件，这里的条件不会起作用"
            )
        elif written and default:
            self._faults.add(flow, "condition", "默认流向不能再写条件，请删去条件或取消默认")
        elif tag(source) in CONDITIONAL and not (written or default or self._alone(source)):
            self._faults.add(flow, "condition", "网关后的这条流向既没有条件，也不是默认流向")

    def _alone(self, source: Node) -> bool:
        return len(self._drawing.leaving[identity(source)]) == 1

    def _check_awaited(self, flow: Node, target: Node) -> None:
        if tag(target) not in {"intermediateCatchEvent", "receiveTask"}:
            self._faults.add(flow, "event-gateway", "事件网关后面只能接等待定时器或消息的中间事件")
        elif len(self._drawing.arriving[identity(target)]) > 1:
            self._faults.add(target, "event-gateway", "事件网关后的事件不能再有别的流向进入")

    def _check_reach(self) -> None:
        reached: set[str] = set()
        ahead = [identity(n) for n in self._drawing.all_nodes() if tag(n) == "startEvent"]
        while ahead:
            own = ahead.pop()
            if own not in reached:
                reached.add(own)
                ahead += [edge.target for edge in self._drawing.leaving.get(own, ())]
                ahead += [identity(event) for event in self._drawing.attached.get(own, ())]
        for own, node in self._drawing.nodes.items():
            if own not in reached and tag(node) not in SCOPES - {"subProcess"}:
                self._faults.add(node, "unreachable", "从开始事件走不到这里，请连上流向或删去")
