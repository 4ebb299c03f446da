"""A BPMN file as the checks see it: small, frozen, every part with its id, name and line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

from kaohe_flow.workflow.diagram.paths import reach, reversed_edges

ACTIVITIES: Final = frozenset(
    {"userTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "callActivity", "subProcess"}
)
WAITING: Final = frozenset(
    {"userTask", "receiveTask", "callActivity", "intermediateCatchEvent", "eventBasedGateway", "subProcess"}
)
TIMES: Final = frozenset({"timeDate", "timeDuration", "timeCycle"})
NAMED_AT_MOST: Final = 5


class Located(Protocol):
    """What a fault can point at."""

    @property
    def id(self) -> str:
        """Id in the file."""

    @property
    def name(self) -> str:
        """Name as people see it."""

    @property
    def line(self) -> int:
        """Line of the file, 0 when unknown."""


@dataclass(frozen=True, slots=True)
class Element:
    """Anything with an id: a lane, a process, a message."""

    id: str
    name: str
    line: int
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane, the ids of the nodes drawn in it, and the ids of the lanes around it."""

    id: str
    name: str
    line: int
    members: tuple[str, ...]
    within: frozenset[str]


@dataclass(frozen=True, slots=True)
class Text:
    """An expression or literal and where it stands. ``label`` says in Chinese what it is for."""

    value: str
    line: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Property:
    """A ``camunda:property`` or ``camunda:inputParameter``."""

    name: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Trigger:
    """One event definition: ``timer``, ``message``, ``error`` … with its times or reference."""

    kind: str
    line: int
    times: tuple[tuple[str, Text], ...] = ()
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Loop:
    """Multi-instance: over ``collection`` or ``cardinality`` times, until ``completion`` holds."""

    collection: Text | None
    cardinality: Text | None
    completion: Text | None
    variable: str
    collected: str


@dataclass(frozen=True, slots=True)
class Node:
    """One flow node. ``scope`` is the id of the process or sub-process it is drawn in.

    ``camunda`` are its ``camunda:`` attributes; ``settings`` everything else of any vendor that is written
    on it, as ``prefix:name``; ``parts`` the BPMN elements inside it.
    """

    id: str
    name: str
    line: int
    kind: str
    scope: str
    camunda: Mapping[str, str]
    properties: tuple[Property, ...] = ()
    inputs: tuple[Property, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    attached_to: str = ""
    interrupting: bool = True
    default: str = ""
    message: str = ""
    called: str = ""
    returned: tuple[str, ...] = ()
    loop: Loop | None = None
    flags: frozenset[str] = frozenset()
    settings: tuple[str, ...] = ()
    parts: frozenset[str] = frozenset()

    def owned(self, name: str) -> Property | None:
        """The last property of that name, as the engine reads it."""
        return next((each for each in reversed(self.properties) if each.name == name), None)

    def waits_for(self, kind: str) -> bool:
        """Whether one of its event definitions is of that kind."""
        return any(trigger.kind == kind for trigger in self.triggers)

    @property
    def is_gateway(self) -> bool:
        """Whether the path may part or meet here."""
        return self.kind.endswith("Gateway")


@dataclass(frozen=True, slots=True)
class Flow:
    """One sequence flow."""

    id: str
    name: str
    line: int
    source: str
    target: str
    condition: Text | None
    scope: str


def _grouped(pairs: Iterable[tuple[str, Flow]]) -> Mapping[str, list[Flow]]:
    groups: defaultdict[str, list[Flow]] = defaultdict(list)
    for key, flow in pairs:
        groups[key].append(flow)
    return groups


@dataclass(frozen=True)
class Scope:
    """A process or sub-process with what is drawn directly in it. Flows that lead nowhere are left out of
    the lookups."""

    id: str
    name: str
    line: int
    kind: str
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Node]:
        """Nodes by id; of two with the same id the first."""
        return {node.id: node for node in reversed(self.nodes)}

    @cached_property
    def joined(self) -> tuple[Flow, ...]:
        """Flows whose both ends are here."""
        return tuple(flow for flow in self.flows if flow.source in self.by_id and flow.target in self.by_id)

    @cached_property
    def leaving(self) -> Mapping[str, list[Flow]]:
        """Flows by the node they leave, in the order of the file."""
        return _grouped((flow.source, flow) for flow in self.joined)

    @cached_property
    def arriving(self) -> Mapping[str, list[Flow]]:
        """Flows by the node they arrive at."""
        return _grouped((flow.target, flow) for flow in self.joined)

    @cached_property
    def attached(self) -> Mapping[str, list[Node]]:
        """Boundary events by the activity they sit on."""
        groups: defaultdict[str, list[Node]] = defaultdict(list)
        for node in self.nodes:
            if node.kind == "boundaryEvent":
                groups[node.attached_to].append(node)
        return groups

    @cached_property
    def starts(self) -> tuple[Node, ...]:
        """Start events."""
        return tuple(node for node in self.nodes if node.kind == "startEvent")

    @cached_property
    def successors(self) -> Mapping[str, list[str]]:
        """Where a token may be next: over flows, and from an activity to its boundary events."""
        return {
            node.id: [flow.target for flow in self.leaving.get(node.id, ())]
            + [event.id for event in self.attached.get(node.id, ()) if node.kind in ACTIVITIES]
            for node in self.nodes
        }

    @cached_property
    def predecessors(self) -> Mapping[str, list[str]]:
        """``successors``, backwards."""
        return reversed_edges(self.successors)

    @cached_property
    def reachable(self) -> frozenset[str]:
        """Nodes that a token can come to from a start event, by the lines alone."""
        return reach([start.id for start in self.starts], self.successors)


@dataclass(frozen=True)
class Diagram:
    """One BPMN file. ``scopes`` holds the process first, then its sub-processes in the order of the file;
    ``others`` are further processes and whether they are executable; ``misplaced`` elements come with what
    they are wrongly in; ``nameless`` are shared definitions (messages …) without id.
    """

    process: Element
    executable: bool
    scopes: tuple[Scope, ...]
    limits: tuple[Property, ...]
    others: tuple[tuple[Element, bool], ...]
    lanes: tuple[Lane, ...]
    messages: Mapping[str, str]
    identified: tuple[Element, ...]
    drawn: frozenset[str]
    ignored: tuple[Element, ...]
    scripts: tuple[tuple[Element, str], ...]
    misplaced: tuple[tuple[Element, Element], ...]
    nameless: tuple[Element, ...]

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """All flow nodes, sub-processes' included, in the order of the file."""
        return tuple(sorted((n for scope in self.scopes for n in scope.nodes), key=lambda node: node.line))

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """All sequence flows in the order of the file."""
        return tuple(sorted((f for scope in self.scopes for f in scope.flows), key=lambda flow: flow.line))

    @cached_property
    def by_id(self) -> Mapping[str, Node]:
        """Flow nodes by id."""
        return {node.id: node for node in reversed(self.nodes)}

    def of_kind(self, *kinds: str) -> tuple[Node, ...]:
        """Flow nodes of these kinds."""
        return tuple(node for node in self.nodes if node.kind in kinds)

    @cached_property
    def tasks(self) -> tuple[Node, ...]:
        """User tasks."""
        return self.of_kind("userTask")


def shown(element: Located) -> str:
    """``〈名称〉`` as people find it in the drawing; the id where there is no name."""
    return f"〈{element.name or element.id}〉"


def listed(elements: Iterable[Located]) -> str:
    """The first few elements for a sentence."""
    names = [shown(element) for element in elements]
    more = f" 等 {len(names)} 处" if len(names) > NAMED_AT_MOST else ""
    return "、".join(names[:NAMED_AT_MOST]) + more
