"""Joins the parts: the library's specs get their plans, flows, decisions and called processes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kaohe_flow.workflow.engine.activities import CallActivity, DecisionTask, SubProcess
from kaohe_flow.workflow.engine.decision import Decision
from kaohe_flow.workflow.engine.drawing import Drawing, Faults, identity
from kaohe_flow.workflow.engine.gateways import InclusiveGateway, Join
from kaohe_flow.workflow.engine.library import BpmnProcessSpec, ValidationException
from kaohe_flow.workflow.engine.multi import MultiInstance
from kaohe_flow.workflow.engine.nodes import Node
from kaohe_flow.workflow.engine.parser import OurParser
from kaohe_flow.workflow.engine.plans import Plans
from kaohe_flow.workflow.engine.port import Value
from kaohe_flow.workflow.engine.program import Program
from kaohe_flow.workflow.engine.reach import Reach


@dataclass(frozen=True, slots=True)
class Part:
    """One file, checked and planned."""

    drawing: Drawing
    plans: Plans
    limits: Mapping[str, Value]


def link(parts: Sequence[Part], decisions: Mapping[str, Decision], faults: Faults) -> Program | None:
    """The program of all parts, the first being the process itself; ``None`` if a part is refused."""
    limits = {part.drawing.key: part.limits for part in parts}
    subs: dict[str, BpmnProcessSpec] = {}
    for part in parts:
        try:
            subs.update(_linked(part, decisions, limits))
        except Exception as fault:  # whatever the library trips over, the reader gets a sentence
            _explain(part.drawing, fault, faults)
            return None
    return Program(subs[parts[0].drawing.key], subs)


def _linked(
    part: Part, decisions: Mapping[str, Decision], limits: Mapping[str, Mapping[str, Value]]
) -> dict[str, BpmnProcessSpec]:
    """The process and its embedded sub-processes, by their keys in the program."""
    parser = OurParser()
    parser.add_bpmn_xml(part.drawing.root)
    linker = _Linker(part, decisions, limits)
    linked: dict[str, BpmnProcessSpec] = {}
    for own in (identity(scope) for scope in part.drawing.scopes):
        spec = parser.get_spec(own)
        linker.link(spec)
        linked[own if own == part.drawing.key else part.drawing.shown(own)] = spec
    return linked


def _explain(drawing: Drawing, fault: Exception, faults: Faults) -> None:
    if isinstance(fault, RecursionError) or "RecursionError" in str(fault):
        faults.add(drawing.process, "too-long", "流程太长，无法读入，请拆成几个子流程或被调用的流程")
    else:
        detail = str(fault) if isinstance(fault, ValidationException) else type(fault).__name__
        faults.add(drawing.process, "structure", f"流程结构无法识别，请检查连线和编号（{detail}）")


class _Linker:
    def __init__(
        self, part: Part, decisions: Mapping[str, Decision], limits: Mapping[str, Mapping[str, Value]]
    ) -> None:
        self._drawing = part.drawing
        self._plans = part.plans
        self._decisions = decisions
        self._limits = limits
        self._reach = Reach(part.drawing)

    def link(self, spec: BpmnProcessSpec) -> None:
        """Fill in every node of one process or sub-process."""
        spec.data_objects = {}
        for node in list(spec.task_specs.values()):
            own: str = getattr(node, "bpmn_id", None) or ""
            if own in self._plans.nodes:
                self._fill(node, own)
        for node in spec.task_specs.values():
            if isinstance(node, MultiInstance):
                node.child.element = ""

    def _fill(self, node: Node, own: str) -> None:
        node.plan = self._plans.nodes[own]
        node.element = self._drawing.shown(own)
        order = {identity(edge.node): place for place, edge in enumerate(self._drawing.leaving.get(own, ()))}
        node.flows = [
            replace(flow, id=self._drawing.shown(flow.id), condition=self._plans.conditions.get(flow.id))
            for flow in sorted(node.flows, key=lambda flow: order[flow.id])
        ]
        if isinstance(node, Join):
            node.incoming = frozenset(edge.id for edge in self._drawing.arriving.get(own, ()))
        if isinstance(node, InclusiveGateway):
            node.upstream = self._reach.upstream(own)
        if isinstance(node, MultiInstance) and node.plan.multi is not None:
            node.multi = node.plan.multi
        self._fill_reference(node)

    def _fill_reference(self, node: Node) -> None:
        if isinstance(node, DecisionTask) and node.plan.decision is not None:
            node.asked = node.plan.decision
            node.decision = self._decisions[node.asked.decision]
        if isinstance(node, CallActivity) and node.plan.call is not None:
            node.called = node.plan.call
            node.spec = node.called.key
            node.limits = self._limits[node.called.key]
        elif isinstance(node, SubProcess):
            node.spec = self._drawing.shown(node.spec)
