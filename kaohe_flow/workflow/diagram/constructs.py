"""Checks of what is drawn at all: elements and settings the engine does not run or passes over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kaohe_flow.workflow.diagram.catalogue import fault
from kaohe_flow.workflow.diagram.graph import ACTIVITIES, Node, shown
from kaohe_flow.workflow.diagram.subject import Check, Subject
from kaohe_flow.workflow.errors import Fault

GATEWAYS: Final = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"})
EVENTS: Final = frozenset(
    {"startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"}
)
SUPPORTED: Final = ACTIVITIES | GATEWAYS | EVENTS
CURES: Final = {
    "task": "没有类型的任务没有人办；由人办的请改成用户任务，由系统办的请改成服务任务",
    "manualTask": "手工任务不进待办；请改成用户任务",
    "scriptTask": "不执行脚本；计算写成网关条件或决策表，其他事情请用服务任务",
    "complexGateway": "不支持复杂网关；请用排他、并行或包容网关",
    "transaction": "不支持事务子流程；请用普通子流程",
    "adHocSubProcess": "不支持即席子流程；请把顺序画出来",
    "callChoreography": "不支持编排；请用调用活动",
}
LABELS: Final = {
    "timer": "定时",
    "message": "消息",
    "signal": "信号",
    "error": "错误",
    "escalation": "升级",
    "compensate": "补偿",
    "cancel": "取消",
    "link": "链接",
    "conditional": "条件",
    "terminate": "终止",
    "eventDefinitionRef": "引用的",
}
TRIGGERS: Final = {
    "startEvent": frozenset[str](),
    "endEvent": frozenset({"terminate"}),
    "intermediateThrowEvent": frozenset[str](),
    "intermediateCatchEvent": frozenset({"timer", "message"}),
    "boundaryEvent": frozenset({"timer", "message"}),
}
KINDS: Final = {
    "startEvent": "开始事件",
    "endEvent": "结束事件",
    "intermediateThrowEvent": "中间抛出事件",
    "intermediateCatchEvent": "中间捕获事件",
    "boundaryEvent": "边界事件",
}
INSTEAD: Final = {
    "startEvent": "流程由办理人或系统发起，请改成普通的开始事件",
    "endEvent": "结束时不会发出任何东西；请改成普通结束，要通知就在前面放一个服务任务",
    "intermediateThrowEvent": "这里不会发出任何东西；要通知请改成服务任务",
    "intermediateCatchEvent": "请改用定时或消息事件",
    "boundaryEvent": "请改用定时或消息边界事件",
}
LINK: Final = "链接事件之后的路会丢失，流程会当作办完；请直接连线"
READ: Final = {
    "userTask": frozenset({"candidateGroups", "formKey", "dueDate"}),
    "serviceTask": frozenset({"type", "topic", "inputParameter"}),
    "sendTask": frozenset({"type", "topic", "inputParameter"}),
    "businessRuleTask": frozenset({"decisionRef", "resultVariable", "mapDecisionResult"}),
}
HARMLESS: Final = frozenset(
    {
        "asyncBefore",
        "asyncAfter",
        "exclusive",
        "jobPriority",
        "priority",
        "taskPriority",
        "retryTimeCycle",
        "failedJobRetryTimeCycle",
        "followUpDate",
        "initiator",
        "formRefBinding",
        "formRefVersion",
        "decisionRefBinding",
        "calledElementBinding",
        "modelerTemplate",
        "modelerTemplateVersion",
        "modelerTemplateIcon",
        "formHandlerClass",
    }
)
PEOPLE: Final = frozenset({"assignee", "candidateUsers"})


def elements(subject: Subject) -> Iterator[Fault]:
    """Only kinds that run."""
    for node in subject.diagram.nodes:
        if node.kind not in SUPPORTED:
            cure = CURES.get(
                node.kind, f"不认识的元素“{node.kind}”；请改用任务、网关、事件或子流程，并检查拼写"
            )
            rule = "script" if node.kind == "scriptTask" else "element-unsupported"
            yield fault(node, rule, cure)
        if "triggeredByEvent" in node.flags:
            text = "不支持事件子流程；请改成贴在任务上的边界事件"
            yield fault(node, "event-subprocess", text)
        if "isForCompensation" in node.flags:
            text = "不支持补偿任务；更正请用单独的流程（冲回再入账）"
            yield fault(node, "element-unsupported", text)


def scripts(subject: Subject) -> Iterator[Fault]:
    """No program text from diagrams, wherever it is written."""
    for element, kind in subject.diagram.scripts:
        if element.tag != "scriptTask":
            text = f"写有{kind}，出于安全不予执行；条件请写 FEEL 表达式，动作请用服务任务"
            yield fault(element, "script", text)


def events(subject: Subject) -> Iterator[Fault]:
    """Events catch a time or a message; nothing else happens in this engine."""
    for node in subject.diagram.nodes:
        allowed = TRIGGERS.get(node.kind)
        if allowed is None:
            continue
        for trigger in node.triggers:
            if trigger.kind not in allowed:
                label = LABELS.get(trigger.kind, trigger.kind)
                cure = LINK if trigger.kind == "link" else INSTEAD[node.kind]
                text = f"不支持{label}{KINDS[node.kind]}：{cure}"
                yield fault(node, "event-unsupported", text)
        if len(node.triggers) > 1:
            text = "一个事件只能等一样东西；请分成几个事件，用事件网关或几个边界事件"
            yield fault(node, "event-trigger", text)
        if not node.triggers and node.kind in {"intermediateCatchEvent", "boundaryEvent"}:
            yield fault(node, "event-trigger", "没有写明等什么，请选定时或消息")


def messages(subject: Subject) -> Iterator[Fault]:
    """A message that is waited for is chosen and has a name."""
    for node in subject.diagram.nodes:
        awaited = [each.reference for each in node.triggers if each.kind == "message"]
        if node.kind == "receiveTask":
            awaited.append(node.message)
        elif node.kind not in {"intermediateCatchEvent", "boundaryEvent"}:
            continue
        for reference in awaited:
            if not subject.diagram.messages.get(reference):
                text = "没有选定消息，或消息没有名称；请在属性面板选定并命名（如 withdraw）"
                yield fault(node, "message", text)


def hosts(subject: Subject) -> Iterator[Fault]:
    """Boundary events sit on something that lasts."""
    for scope in subject.diagram.scopes:
        for node in scope.nodes:
            if node.kind != "boundaryEvent":
                continue
            host = scope.by_id.get(node.attached_to)
            if host is None:
                text = "没有贴在任务上（或贴着的任务已删除）；请拖到任务的边框上"
                yield fault(node, "boundary-host", text)
            elif host.kind not in ACTIVITIES:
                text = f"贴在了{shown(host)}上，那里不停留；请贴到用户任务、子流程或调用活动上"
                yield fault(node, "boundary-host", text)


def repetitions(subject: Subject) -> Iterator[Fault]:
    """Repeating is drawn as a loop of flows; several at once is a multi-instance task with members."""
    for node in subject.diagram.nodes:
        if "standardLoopCharacteristics" in node.parts:
            text = "不支持循环标记；请画一条回到前面的线，用网关判断"
            yield fault(node, "loop", text)
        if node.loop is None:
            continue
        if node.kind not in ACTIVITIES:
            yield fault(node, "multi-instance", "这里不能做多实例；请放在任务、子流程或调用活动上")
        elif bool(node.loop.collection) == bool(node.loop.cardinality):
            text = "会签请写明一项：成员列表（集合）或次数，二者选一"
            yield fault(node, "multi-instance", text)


def settings(subject: Subject) -> Iterator[Fault]:
    """Settings of other engines: told, because people would rely on them."""
    for node in subject.diagram.nodes:
        written = (*node.settings, *(("camunda:inputParameter",) if node.inputs else ()))
        refused = sorted({each for each in written if _refused(node, each)})
        if refused:
            yield fault(node, "setting-refused", f"{_quoted(refused)}写了也不会生效，{_cure(refused)}")
        unused = sorted({each for each in node.settings if _bare(each) in HARMLESS})
        if unused:
            yield fault(node, "setting-unused", f"{_quoted(unused)}用不到，可以删去")
        foreign = sorted({each for each in node.settings if not each.startswith("camunda:")})
        if foreign:
            text = f"{_quoted(foreign)}是别家产品的设置，这里不读；请用 Camunda 7 格式（camunda:…）重新填写"
            yield fault(node, "vendor", text)


def _refused(node: Node, setting: str) -> bool:
    if not setting.startswith("camunda:"):
        return False
    name = _bare(setting)
    if name in {"executionListener", "taskListener", "script"} or name in HARMLESS:
        return False
    return name not in READ.get(node.kind, frozenset[str]())


def _bare(setting: str) -> str:
    return setting.removeprefix("camunda:")


def _quoted(names: list[str]) -> str:
    return "、".join(f"“{name}”" for name in names)


def _cure(refused: list[str]) -> str:
    if PEOPLE & {_bare(each) for each in refused}:
        return "办理人请写在候选组（candidateGroups），按“角色@范围”填写"
    return "请删去，改用本系统的写法（服务任务用 topic，用户任务用 formKey 和候选组）"


CHECKS: Final[tuple[Check, ...]] = (
    elements,
    scripts,
    events,
    messages,
    hosts,
    repetitions,
    settings,
)
