"""The library's parser with our nodes in it: it walks the flows, we decide what stands at each place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from kaohe_flow.workflow.engine.activities import CallActivity, DecisionTask, ServiceTask, SubProcess
from kaohe_flow.workflow.engine.drawing import BPMN, identity
from kaohe_flow.workflow.engine.events import BoundaryEvent, CatchEvent, EventGateway
from kaohe_flow.workflow.engine.gateways import ExclusiveGateway, InclusiveGateway, ParallelGateway
from kaohe_flow.workflow.engine.library import (
    BpmnParser,
    CallActivityParser,
    GatewayParser,
    SubWorkflowParser,
    TaskParser,
)
from kaohe_flow.workflow.engine.multi import MultiInstance
from kaohe_flow.workflow.engine.nodes import EndEvent, Flow, Frame, Node, UserTask


class OurTaskParser(TaskParser):
    """What we change in every task parser of the library: extensions, flows, frames, multi-instance, data."""

    def parse_extensions(self, node: Any = None) -> dict[str, Any]:
        """Extensions are read into plans; the library need not carry them."""
        return {}

    def parse_incoming_data_references(self) -> list[Any]:
        """Data objects are pictures here; variables belong to the process."""
        return []

    def parse_outgoing_data_references(self) -> list[Any]:
        """See ``parse_incoming_data_references``."""
        return []

    def parse_io_spec(self) -> None:
        """See ``parse_incoming_data_references``."""

    def connect_outgoing(self, outgoing_task: Any, sequence_flow_node: Any, is_default: bool) -> None:
        """Keep the flow's id. Conditions are compiled apart and joined to it later."""
        self.task.connect(outgoing_task)
        flow = Flow(identity(sequence_flow_node), outgoing_task.name, None, is_default)
        self.task.flows.append(flow)

    def _add_multiinstance_task(self, loop_characteristics: Any) -> None:
        original = self.spec.task_specs.pop(self.task.name)
        self.task = MultiInstance(self.spec, original.name, lane=original.lane, bpmn_name=original.bpmn_name)
        self._copy_task_attrs(original)
        self.task.child = original

    def _add_boundary_event(self, children: list[Any]) -> Node:
        """The frame stands before its events are read: their ways may lead back to this very activity."""
        frame = Frame(self.spec, f"{self.bpmn_id}.BoundaryEventSplit", self.task)
        frame.events = [self.process_parser.parse_node(event) for event in children]
        return frame


class StartEvent(Node):
    """Where a token begins."""


class ThrowEvent(Node):
    """A plain intermediate event: a milestone on the way."""


class StartParser(OurTaskParser):
    """A start event hangs on the root of its process."""

    def create_task(self) -> Node:
        """Connect it where the library looks for the beginning."""
        task = StartEvent(self.spec, self.bpmn_id)
        self.spec.start.connect(task)
        return task


def _ours(base: type[TaskParser]) -> type[TaskParser]:
    return type(f"Our{base.__name__}", (OurTaskParser, base), {})


_TASK, _GATEWAY = _ours(TaskParser), _ours(GatewayParser)

NODES: Final[dict[str, tuple[type[TaskParser], type[Node]]]] = {
    "startEvent": (StartParser, StartEvent),
    "endEvent": (_TASK, EndEvent),
    "userTask": (_TASK, UserTask),
    "serviceTask": (_TASK, ServiceTask),
    "sendTask": (_TASK, ServiceTask),
    "businessRuleTask": (_TASK, DecisionTask),
    "receiveTask": (_TASK, CatchEvent),
    "intermediateCatchEvent": (_TASK, CatchEvent),
    "intermediateThrowEvent": (_TASK, ThrowEvent),
    "boundaryEvent": (_TASK, BoundaryEvent),
    "subProcess": (_ours(SubWorkflowParser), SubProcess),
    "callActivity": (_ours(CallActivityParser), CallActivity),
    "exclusiveGateway": (_GATEWAY, ExclusiveGateway),
    "parallelGateway": (_GATEWAY, ParallelGateway),
    "inclusiveGateway": (_GATEWAY, InclusiveGateway),
    "eventBasedGateway": (_GATEWAY, EventGateway),
}


class OurParser(BpmnParser):
    """Knows our nodes and no others. One parser reads one file, once."""

    PARSER_CLASSES: ClassVar[Mapping[str, tuple[type, type]]] = {
        f"{{{BPMN}}}{name}": pair for name, pair in NODES.items()
    }

    def _add_data_stores(self, bpmn: Any) -> None:
        """Data stores are pictures here."""
