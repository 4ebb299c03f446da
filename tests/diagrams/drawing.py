"""A shipped diagram as the tests see it: its nodes and flows, and where they are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from lxml import etree

from kaohe_flow.kernel import safe_xml

FOLDER = Path(__file__).parents[2] / "bpmn"
FILES = tuple(sorted(FOLDER.glob("*.bpmn")))
TABLES = tuple(sorted(FOLDER.glob("*.dmn")))
KEYS = tuple(path.name.removesuffix("_v1.bpmn") for path in FILES)

NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "camunda": "http://camunda.org/schema/1.0/bpmn",
    "dmn": "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "dmndi": "https://www.omg.org/spec/DMN/20191111/DMNDI/",
}
# One more level of review, as ``bpmn/README.md`` tells a process owner to draw it.
RECHECK = """
    <bpmn:userTask id="office_recheck" name="考核办复核" camunda:formKey="unit_check"
        camunda:candidateGroups="office@level2" camunda:dueDate="=workdays(review_due_wd)">
      <bpmn:extensionElements>
        <camunda:properties>
          <camunda:property name="decision" value="office_decision" />
          <camunda:property name="outcomes" value="approve=同意;reject=驳回" />
        </camunda:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>line_ok__quality_factor</bpmn:incoming>
      <bpmn:outgoing>recheck_done</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:exclusiveGateway id="recheck_ok" name="复核同意？" default="recheck_rejected">
      <bpmn:incoming>recheck_done</bpmn:incoming>
      <bpmn:outgoing>recheck_approved</bpmn:outgoing>
      <bpmn:outgoing>recheck_rejected</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    <bpmn:sequenceFlow id="recheck_done" sourceRef="office_recheck" targetRef="recheck_ok" />
    <bpmn:sequenceFlow id="recheck_approved" sourceRef="recheck_ok" targetRef="quality_factor">
      <bpmn:conditionExpression>=office_decision = "approve"</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="recheck_rejected" sourceRef="recheck_ok" targetRef="returned" />
"""
Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    def holds(self, other: Box) -> bool:
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def meets(self, other: Box) -> bool:
        """Whether they share an area; touching borders do not count."""
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )

    def on_border(self, point: Point) -> bool:
        x, y = point
        across = self.x <= x <= self.right and y in {self.y, self.bottom}
        return across or (self.y <= y <= self.bottom and x in {self.x, self.right})

    def cut_by(self, a: Point, b: Point) -> bool:
        """Whether the horizontal or vertical piece from a to b passes through the inside."""
        piece = Box(min(a[0], b[0]), min(a[1], b[1]), abs(a[0] - b[0]), abs(a[1] - b[1]))
        return self.meets(piece)


@dataclass(frozen=True)
class Node:
    id: str
    name: str
    kind: str
    element: etree._Element
    parent: str

    def camunda(self, attribute: str) -> str:
        return self.element.get(f"{{{NS['camunda']}}}{attribute}", "")

    @property
    def properties(self) -> dict[str, str]:
        path = "./bpmn:extensionElements/camunda:properties/camunda:property"
        return {
            str(each.get("name")): str(each.get("value")) for each in self.element.xpath(path, namespaces=NS)
        }

    @property
    def inputs(self) -> dict[str, str]:
        path = "./bpmn:extensionElements/camunda:inputOutput/camunda:inputParameter"
        return {str(each.get("name")): str(each.text) for each in self.element.xpath(path, namespaces=NS)}

    @property
    def outcomes(self) -> dict[str, str]:
        return dict(pair.split("=", 1) for pair in self.properties["outcomes"].split(";"))


@dataclass(frozen=True)
class Flow:
    id: str
    name: str
    source: str
    target: str
    condition: str
    element: etree._Element


@dataclass
class Diagram:
    path: Path
    root: etree._Element
    process: etree._Element
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    lanes: dict[str, str] = field(default_factory=dict)
    """lane id by node id; nodes inside a sub-process are not listed, they live in its lane"""
    lane_names: dict[str, str] = field(default_factory=dict)
    shapes: dict[str, Box] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)
    edges: dict[str, tuple[Point, ...]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return str(self.process.get("id"))

    @property
    def limits(self) -> dict[str, str]:
        return Node(self.key, "", "process", self.process, "").properties

    def of_kind(self, kind: str) -> list[Node]:
        return [node for node in self.nodes.values() if node.kind == kind]

    @property
    def expressions(self) -> Iterator[tuple[str, str]]:
        """Every expression with the id of the element it belongs to."""
        for node in self.nodes.values():
            if node.camunda("dueDate"):
                yield node.id, node.camunda("dueDate")
            for when in node.element.findall("bpmn:timerEventDefinition/*", NS):
                yield node.id, str(when.text)
            loop = node.element.find("bpmn:multiInstanceLoopCharacteristics", NS)
            if loop is not None:
                yield node.id, loop.get(f"{{{NS['camunda']}}}collection", "")
        for flow in self.flows.values():
            if flow.condition:
                yield flow.id, flow.condition

    @property
    def containers(self) -> set[str]:
        """Shapes that hold others: pool, lanes, sub-processes."""
        drawn = {str(each.get("id")) for each in self.root.iter(f"{{{NS['bpmn']}}}participant")}
        return drawn | set(self.lane_names) | {node.id for node in self.of_kind("subProcess")}


NOT_NODES = {"documentation", "extensionElements", "laneSet", "sequenceFlow", "textAnnotation", "association"}
NOT_NODES |= {"incoming", "outgoing", "multiInstanceLoopCharacteristics"}


def _collect(diagram: Diagram, scope: etree._Element) -> None:
    for element in scope:
        kind = etree.QName(element).localname
        name = str(element.get("name") or "")
        if kind == "sequenceFlow":
            condition = element.findtext("bpmn:conditionExpression", "", NS)
            ends = str(element.get("sourceRef")), str(element.get("targetRef"))
            flow = Flow(str(element.get("id")), name, *ends, condition, element)
            diagram.flows[flow.id] = flow
        elif kind not in NOT_NODES and element.get("id") and "EventDefinition" not in kind:
            node = Node(str(element.get("id")), name, kind, element, str(scope.get("id")))
            diagram.nodes[node.id] = node
            if kind == "subProcess":
                _collect(diagram, element)


def _box(element: etree._Element) -> Box:
    bounds = element.find("dc:Bounds", NS)
    assert bounds is not None, element.get("id")
    return Box(*(float(bounds.get(side) or "") for side in ("x", "y", "width", "height")))


def _collect_drawing(diagram: Diagram) -> None:
    for shape in diagram.root.iter(f"{{{NS['bpmndi']}}}BPMNShape", f"{{{NS['bpmndi']}}}BPMNEdge"):
        about = str(shape.get("bpmnElement"))
        assert about not in {*diagram.shapes, *diagram.edges}, f"drawn twice: {about}"
        if etree.QName(shape).localname == "BPMNShape":
            diagram.shapes[about] = _box(shape)
        else:
            points = shape.findall("di:waypoint", NS)
            diagram.edges[about] = tuple((float(p.get("x") or ""), float(p.get("y") or "")) for p in points)
        label = shape.find("bpmndi:BPMNLabel", NS)
        if label is not None:
            diagram.labels[about] = _box(label)


@cache
def read(path: Path) -> Diagram:
    """The diagram of a file; read once."""
    root = safe_xml.parse(path.read_bytes(), what=path.name)
    (process,) = root.findall("bpmn:process", NS)
    diagram = Diagram(path, root, process)
    _collect(diagram, process)
    for lane in process.iter(f"{{{NS['bpmn']}}}lane"):
        diagram.lane_names[str(lane.get("id"))] = str(lane.get("name"))
        for reference in lane.findall("bpmn:flowNodeRef", NS):
            assert reference.text not in diagram.lanes, f"in two lanes: {reference.text}"
            diagram.lanes[str(reference.text)] = str(lane.get("id"))
    _collect_drawing(diagram)
    return diagram
