"""Checks of the drawing's lines: beginnings and ends, flows that lead nowhere, nodes nobody comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from kaohe_flow.workflow.diagram.catalogue import fault
from kaohe_flow.workflow.diagram.graph import ACTIVITIES, WAITING, Flow, Node, Scope, listed, shown
from kaohe_flow.workflow.diagram.paths import reach
from kaohe_flow.workflow.diagram.subject import Check, Subject
from kaohe_flow.workflow.errors import Fault

MERGING: Final = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "endEvent"})


def beginnings(subject: Subject) -> Iterator[Fault]:
    """Exactly one start and at least one end in the process and in every sub-process."""
    for scope in subject.diagram.scopes:
        kind = "流程" if scope.kind == "process" else "子流程"
        if not scope.starts:
            yield fault(scope, "start-missing", f"{kind}{shown(scope)}没有开始事件，请画一个并连到第一个环节")
        for extra in scope.starts[1:]:
            text = f"{kind}只能有一个开始事件，已有{shown(scope.starts[0])}；请删去这一个，分支用网关表达"
            yield fault(extra, "start-several", text)
        if not any(node.kind == "endEvent" for node in scope.nodes):
            yield fault(scope, "end-missing", f"{kind}{shown(scope)}没有结束事件，请在每条路的尽头画一个")


def directions(subject: Subject) -> Iterator[Fault]:
    """Nothing comes into a start or a boundary event, nothing goes out of an end."""
    for scope in subject.diagram.scopes:
        for flow in scope.joined:
            source, target = scope.by_id[flow.source], scope.by_id[flow.target]
            if source.kind == "endEvent":
                text = f"连线从结束事件{shown(source)}出发，请改用中间事件，或把线删去"
                yield fault(flow, "flow-against-direction", text)
            if target.kind in {"startEvent", "boundaryEvent"}:
                text = f"连线指向{shown(target)}，开始事件和边界事件只出不进；请指到后面的环节，汇合用网关"
                yield fault(flow, "flow-against-direction", text)


def flows(subject: Subject) -> Iterator[Fault]:
    """Both ends of a flow exist and lie in the same (sub-)process."""
    for scope in subject.diagram.scopes:
        drawn: dict[tuple[str, str], Flow] = {}
        for flow in scope.flows:
            yield from _ends(subject, scope, flow)
            before = drawn.setdefault((flow.source, flow.target), flow)
            if before is not flow and flow.source in scope.by_id:
                ends = _between(scope, flow)
                text = f"{ends}之间画了两条线（另一条在第 {before.line} 行），请删去一条，条件用 or 合并"
                yield fault(flow, "flow-duplicate", text)


def _ends(subject: Subject, scope: Scope, flow: Flow) -> Iterator[Fault]:
    for end, word in ((flow.source, "起点"), (flow.target, "终点")):
        if end in scope.by_id:
            continue
        if end in subject.diagram.by_id:
            other = subject.diagram.by_id[end]
            text = f"连线穿过了子流程的边界：{word}{shown(other)}不在同一层；请连到子流程本身"
            yield fault(flow, "flow-crosses", text)
        else:
            text = f"连线的{word}“{end}”不存在，请在建模工具里重新连上或删去这条线"
            yield fault(flow, "flow-dangling", text)


def _between(scope: Scope, flow: Flow) -> str:
    target = scope.by_id.get(flow.target)
    return f"{shown(scope.by_id[flow.source])}与{shown(target) if target else flow.target}"


def ways(subject: Subject) -> Iterator[Fault]:
    """From the start one comes to every node, and from every node to an end."""
    for scope in subject.diagram.scopes:
        if not scope.starts:
            continue
        yield from _islands(scope)
        for node in scope.nodes:
            if node.id in scope.reachable and node.kind != "endEvent" and not scope.leaving.get(node.id):
                yield fault(
                    node, "dead-end", "后面没有连线，流程到这里就断了；请连到下一环节，或画一个结束事件"
                )
        final = {node.id for node in scope.nodes if not scope.leaving.get(node.id)}
        caught = scope.reachable - reach(final, scope.predecessors)
        inside = [node for node in scope.nodes if node.id in caught]
        if inside:
            text = f"走到{listed(inside)}之后，绕来绕去也到不了任何结束事件，案件永远办不完；请画一条出路"
            yield fault(inside[0], "no-way-out", text)


def _islands(scope: Scope) -> Iterator[Fault]:
    """Nodes nobody comes to: one fault where each unconnected part begins."""
    apart = [node.id for node in scope.nodes if _apart(scope, node)]
    known = scope.reachable | reach(apart, scope.successors)
    lost = [node for node in scope.nodes if node.id not in known]
    ahead = {node.id: scope.predecessors[node.id] for node in lost}
    heads = [node for node in lost if not any(before != node.id for before in ahead[node.id])]
    covered: set[str] = set()
    for head in (*heads, *lost):
        if head.id in covered:
            continue
        part = reach([head.id], scope.successors) - known - covered
        covered |= part
        rest = [node for node in lost if node.id in part and node is not head]
        tail = f"（连同后面的{listed(rest)}）" if rest else ""
        text = f"从开始事件走不到这里{tail}，永远不会执行；请从前面的环节连一条线过来，或者删去"
        yield fault(head, "unreachable", text)


def _apart(scope: Scope, node: Node) -> bool:
    """Whether another rule already says why nobody comes here."""
    if node.kind == "boundaryEvent":
        host = scope.by_id.get(node.attached_to)
        return host is None or host.kind not in ACTIVITIES
    return bool(node.flags & {"triggeredByEvent", "isForCompensation"})


def splits(subject: Subject) -> Iterator[Fault]:
    """Paths part and meet at gateways, where everybody sees how."""
    for scope in subject.diagram.scopes:
        for node in scope.nodes:
            leaving, arriving = scope.leaving.get(node.id, []), scope.arriving.get(node.id, [])
            if len(leaving) > 1 and not node.is_gateway:
                text = f"有 {len(leaving)} 条出线，会同时走；要同时办请用并行网关，要择一请用排他网关"
                yield fault(node, "split-implicit", text)
            if len(arriving) > 1 and node.kind not in MERGING:
                text = f"有 {len(arriving)} 条线直接指到这里，来几次就办几次；建议先用网关汇合"
                yield fault(node, "merge-implicit", text)


def loops(subject: Subject) -> Iterator[Fault]:
    """A round without a person, a clock or a message would run until the engine stops it."""
    for scope in subject.diagram.scopes:
        moving: Mapping[str, list[str]] = {
            node.id: [each for each in scope.successors[node.id] if scope.by_id[each].kind not in WAITING]
            for node in scope.nodes
            if node.kind not in WAITING
        }
        told: set[str] = set()
        for node in scope.nodes:
            if node.id not in moving or node.id in told:
                continue
            ahead = reach(moving[node.id], moving)
            if node.id in ahead:
                round_ = [
                    each for each in scope.nodes if each.id in ahead and node.id in reach([each.id], moving)
                ]
                told |= {each.id for each in round_}
                text = (
                    f"{listed(round_)}构成回路，中间没有人、时限或消息可等，会一直转下去；"
                    "请在回路里加一个等待的环节"
                )
                yield fault(node, "busy-loop", text)


CHECKS: Final[tuple[Check, ...]] = (beginnings, directions, flows, ways, splits, loops)
