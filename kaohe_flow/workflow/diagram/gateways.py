"""Checks of where the path parts: conditions, defaults, event-based gateways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kaohe_flow.workflow.diagram.catalogue import fault
from kaohe_flow.workflow.diagram.comparisons import covers
from kaohe_flow.workflow.diagram.graph import Flow, Node, Scope, shown
from kaohe_flow.workflow.diagram.subject import Check, Subject
from kaohe_flow.workflow.diagram.variables import outcomes_of
from kaohe_flow.workflow.errors import Fault

CHOOSING: Final = frozenset({"exclusiveGateway", "inclusiveGateway"})
JOINING: Final = frozenset({"parallelGateway", "inclusiveGateway"})
AWAITED: Final = frozenset({"intermediateCatchEvent", "receiveTask"})
KINDS: Final = {
    "parallelGateway": "并行网关",
    "eventBasedGateway": "事件网关",
    "inclusiveGateway": "包容网关",
}


def _choices(subject: Subject) -> Iterator[tuple[Node, list[Flow]]]:
    for scope in subject.diagram.scopes:
        for node in scope.nodes:
            if node.kind in CHOOSING:
                yield node, scope.leaving.get(node.id, [])


def conditions(subject: Subject) -> Iterator[Fault]:
    """Where a gateway chooses, every way has a condition or is the default."""
    for node, leaving in _choices(subject):
        if len(leaving) > 1:
            for flow in leaving:
                if flow.condition is None and flow.id != node.default:
                    text = f"从{shown(node)}出去的这条线没有条件；请写条件，或把它设为默认流向"
                    yield fault(flow, "condition-missing", text)
        yield from _same(node, leaving)


def _same(node: Node, leaving: list[Flow]) -> Iterator[Fault]:
    seen: dict[str, Flow] = {}
    for flow in leaving:
        if flow.condition is None or not flow.condition.value:
            continue
        before = seen.setdefault("".join(flow.condition.value.split()).lstrip("="), flow)
        if before is not flow and node.kind == "exclusiveGateway":
            text = f"条件与第 {before.line} 行的{shown(before)}相同，这条线永远走不到；请改条件或删去"
            yield fault(flow, "condition-duplicate", text)


def defaults(subject: Subject) -> Iterator[Fault]:
    """If no condition holds there must be a way, else the case stops with an error."""
    for node, leaving in _choices(subject):
        own = next((flow for flow in leaving if flow.id == node.default), None)
        if node.default and own is None:
            text = f"默认流向“{node.default}”不是从这里出去的线；请在出线中重新选定"
            yield fault(node, "default-wrong", text)
        elif own is not None and own.condition is not None and len(leaving) > 1:
            text = f"这条线是{shown(node)}的默认流向，不需要条件；请删去条件，或另选默认流向"
            yield fault(own, "default-conditioned", text)
        conditioned = [flow for flow in leaving if flow.condition is not None]
        if own is None and conditioned and len(conditioned) == len(leaving):
            outcomes = outcomes_of(subject.diagram)
            if not covers([flow.condition.value for flow in conditioned if flow.condition], outcomes):
                text = "各条件都不成立时无路可走，案件会停在这里；请把其中一条出线设为默认流向"
                yield fault(node, "default-missing", text)


def misplaced(subject: Subject) -> Iterator[Fault]:
    """A condition anywhere else is not looked at."""
    for scope in subject.diagram.scopes:
        for flow in scope.joined:
            source = scope.by_id[flow.source]
            if flow.condition is None or source.kind in CHOOSING:
                continue
            where = KINDS.get(source.kind, "任务和事件")
            text = (
                f"{where}的出线不看条件，会照走不误；请在{shown(source)}后面加排他网关，把条件写在它的出线上"
            )
            yield fault(flow, "condition-ignored", text)


def awaited(subject: Subject) -> Iterator[Fault]:
    """Behind an event-based gateway come events, each reached from there alone."""
    for scope in subject.diagram.scopes:
        for node in scope.nodes:
            if node.kind == "eventBasedGateway":
                yield from _events(scope, node)


def _events(scope: Scope, node: Node) -> Iterator[Fault]:
    leaving = scope.leaving.get(node.id, [])
    if len(leaving) == 1:
        yield fault(node, "event-gateway", "事件网关要等两样以上，先到先走；只等一样请直接画事件")
    for flow in leaving:
        target = scope.by_id[flow.target]
        if target.kind not in AWAITED:
            text = f"事件网关后面只能是等待事件，{shown(target)}不是；请先画定时或消息事件，再连到它"
            yield fault(flow, "event-gateway", text)
        elif len(scope.arriving[target.id]) > 1:
            text = f"{shown(target)}还有别的来路；请为每个来路各画一个事件"
            yield fault(flow, "event-gateway", text)


def mixed(subject: Subject) -> Iterator[Fault]:
    """A gateway that waits for several and sends out several is hard to read."""
    for scope in subject.diagram.scopes:
        for node in scope.nodes:
            many = min(len(scope.leaving.get(node.id, [])), len(scope.arriving.get(node.id, []))) > 1
            if many and node.kind in JOINING:
                text = f"{KINDS[node.kind]}同时汇合又分叉，看不清先后；请分成两个网关"
                yield fault(node, "gateway-mixed", text)


CHECKS: Final[tuple[Check, ...]] = (conditions, defaults, misplaced, awaited, mixed)
