"""Diagrams made by tests: lists of nodes and flows that can be changed before they become a file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from xml.sax.saxutils import quoteattr

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="defs" targetNamespace="urn:test">\n'
    '<bpmn:message id="note" name="note" />\n'
)
TASK = (
    "<bpmn:extensionElements><camunda:properties>"
    '<camunda:property name="decision" value="d_{id}" />'
    '<camunda:property name="outcomes" value="yes=同意;no=不同意" />'
    "</camunda:properties></bpmn:extensionElements>"
)
WHO = ' camunda:formKey="line_review" camunda:candidateGroups="office@level2" camunda:dueDate="P3D"'
TIMER = (
    "<bpmn:timerEventDefinition><bpmn:timeDuration>P{days}D</bpmn:timeDuration></bpmn:timerEventDefinition>"
)


@dataclass(frozen=True)
class N:
    """One node: ``kind`` is the tag; ``more`` further attributes, ``inside`` its content."""

    id: str
    kind: str
    more: str = ""
    inside: str = ""

    def xml(self) -> str:
        return (
            f"<bpmn:{self.kind} id={quoteattr(self.id)} name={quoteattr('环节 ' + self.id)}{self.more}>"
            f"{self.inside}</bpmn:{self.kind}>\n"
        )


@dataclass(frozen=True)
class F:
    """One flow."""

    id: str
    source: str
    target: str
    condition: str = ""

    def xml(self) -> str:
        inside = f"<bpmn:conditionExpression>{self.condition}</bpmn:conditionExpression>" * bool(
            self.condition
        )
        return (
            f'<bpmn:sequenceFlow id="{self.id}" name="{self.id}" sourceRef="{self.source}"'
            f' targetRef="{self.target}">{inside}</bpmn:sequenceFlow>\n'
        )


@dataclass
class Drawn:
    """A process under the pen."""

    nodes: list[N] = field(default_factory=list)
    flows: list[F] = field(default_factory=list)
    count: int = 0

    def add(self, kind: str, more: str = "", inside: str = "") -> str:
        self.count += 1
        own = f"{kind[:4]}{self.count}"
        self.nodes.append(N(own, kind, more, inside))
        return own

    def user(self) -> str:
        own = self.add("userTask", WHO)
        self.nodes[-1] = replace(self.nodes[-1], inside=TASK.format(id=own))
        return own

    def service(self) -> str:
        return self.add("serviceTask", ' camunda:type="external" camunda:topic="claim.notify"')

    def boundary(self, host: str, *, interrupting: bool, days: int = 3) -> str:
        how = "" if interrupting else ' cancelActivity="false"'
        return self.add("boundaryEvent", f' attachedToRef="{host}"{how}', TIMER.format(days=days))

    def end(self, before: str) -> str:
        own = self.add("endEvent")
        self.flow(before, own)
        return own

    def flow(self, source: str, target: str, condition: str = "") -> str:
        own = f"flow{len(self.flows) + 1}"
        self.flows.append(F(own, source, target, condition))
        return own

    def default(self, gateway: str, flow: str) -> None:
        self.change(gateway, more=f' default="{flow}"')

    def change(self, own: str, **values: str) -> None:
        """Replace a node by one with other values."""
        place = next(number for number, node in enumerate(self.nodes) if node.id == own)
        self.nodes[place] = replace(self.nodes[place], **values)

    def reroute(self, own: str, **values: str) -> None:
        """Replace a flow by one with other values."""
        place = next(number for number, flow in enumerate(self.flows) if flow.id == own)
        self.flows[place] = replace(self.flows[place], **values)

    def erase(self, own: str) -> None:
        """Take a flow away."""
        self.flows = [flow for flow in self.flows if flow.id != own]

    def of_kind(self, kind: str) -> list[str]:
        return [node.id for node in self.nodes if node.kind == kind]

    def leaving(self, own: str) -> list[F]:
        return [flow for flow in self.flows if flow.source == own]

    def arriving(self, own: str) -> list[F]:
        return [flow for flow in self.flows if flow.target == own]

    def bpmn(self) -> bytes:
        members = "".join(f"<bpmn:flowNodeRef>{node.id}</bpmn:flowNodeRef>" for node in self.nodes)
        lane = f'<bpmn:lane id="lane" name="考核办">{members}</bpmn:lane>'
        lanes = f'<bpmn:laneSet id="lanes">{lane}</bpmn:laneSet>\n'
        body = "".join(node.xml() for node in self.nodes) + "".join(flow.xml() for flow in self.flows)
        start = '<bpmn:process id="drawn" name="试画" isExecutable="true">\n'
        return f"{HEAD}{start}{lanes}{body}</bpmn:process>\n</bpmn:definitions>\n".encode()
