"""One BPMN file, looked up: process, flow nodes, flows, lanes, messages, with ids as the port shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, TypeVar

from lxml import etree

from kaohe_flow.workflow.errors import Fault

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA: Final = "http://camunda.org/schema/1.0/bpmn"
NAMES: Final = {"bpmn": BPMN, "camunda": CAMUNDA}

PASSIVE: Final = frozenset(
    {
        "documentation", "extensionElements", "laneSet", "sequenceFlow", "textAnnotation", "association",
        "group", "dataObject", "dataObjectReference", "dataStoreReference", "ioSpecification", "property",
        "incoming", "outgoing", "multiInstanceLoopCharacteristics", "auditing", "monitoring", "artifact",
        "standardLoopCharacteristics", "supportedInterfaceRef", "correlationSubscription",
    }
)  # fmt: skip
SCOPES: Final = frozenset({"process", "subProcess", "transaction", "adHocSubProcess"})

Node = etree._Element
Item = TypeVar("Item")


def tag(node: Node) -> str:
    """Local name of a BPMN element; empty for comments and for elements of other namespaces."""
    name: object = node.tag
    if not isinstance(name, str):
        return ""
    space, _, local = name.rpartition("}")
    return local if space == "{" + BPMN else ""


def camunda(node: Node, name: str) -> str | None:
    """A ``camunda:`` attribute, stripped; ``None`` when missing or blank."""
    return (node.get(f"{{{CAMUNDA}}}{name}") or "").strip() or None


def identity(node: Node) -> str:
    """The id of an element, empty when it has none."""
    return node.get("id") or ""


def line_of(node: Node) -> int:
    """The line of the file on which the element begins; 0 when unknown."""
    line: object = node.sourceline
    return line if isinstance(line, int) else 0


def text_of(node: Node | None) -> str:
    """The text of an element, stripped; empty when there is none."""
    return ((node.text if node is not None else None) or "").strip()


def is_feel(language: str | None) -> bool:
    """Whether a declared expression language is ours; none declared means ours."""
    return not language or "feel" in language.lower()


def select(node: Node, path: str) -> list[Node]:
    """Elements at an XPath with the prefixes ``bpmn`` and ``camunda``."""
    found = node.xpath(path, namespaces=NAMES)
    return [each for each in found if isinstance(each, etree._Element)] if isinstance(found, list) else []


def first(node: Node, path: str) -> Node | None:
    """The first element at an XPath, or ``None``."""
    return next(iter(select(node, path)), None)


def properties(node: Node) -> dict[str, str]:
    """``camunda:properties`` of an element."""
    path = "./bpmn:extensionElements/camunda:properties/camunda:property"
    return {each.get("name") or "": each.get("value") or "" for each in select(node, path)}


@dataclass(frozen=True, slots=True)
class Edge:
    """A sequence flow. ``id`` is as the port shows it, ``source`` and ``target`` are ids of the file."""

    id: str
    source: str
    target: str
    node: Node


def _grouped(pairs: Iterable[tuple[str, Item]]) -> Mapping[str, list[Item]]:
    groups: defaultdict[str, list[Item]] = defaultdict(list)
    for key, item in pairs:
        groups[key].append(item)
    return groups


class Faults:
    """Collects every fault; ``add`` never stops the reading."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    @property
    def errors(self) -> bool:
        """Whether any fault forbids to run the diagram."""
        return any(fault.severity == "error" for fault in self.found)

    def add(
        self, node: Node | None, rule: str, text: str, *, severity: Literal["error", "warning"] = "error"
    ) -> None:
        """Note a fault of ``node`` (``None``: of the file as a whole)."""
        if node is None:
            self.found.append(Fault("", "", 0, rule, text, severity))
            return
        name = (node.get("name") or "").strip()
        self.found.append(Fault(identity(node), name, line_of(node), rule, text, severity))


class Drawing:
    """One file with one executable process. Ids of a ``called`` one are shown with its key in front."""

    def __init__(self, root: Node, process: Node, *, called: bool) -> None:
        self.root = root
        self.process = process
        self.key = identity(process)
        self.prefix = f"{self.key}/" if called else ""

    def shown(self, own: str) -> str:
        """The id under which the port shows an element of this file."""
        return self.prefix + own

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """Flow nodes by id, sub-processes' included, in document order; those without id are left out."""
        return {identity(node): node for node in self.all_nodes() if identity(node)}

    def all_nodes(self) -> Iterator[Node]:
        """Flow nodes of the process and of its sub-processes, in document order."""
        for scope in self.scopes:
            for node in scope:
                if tag(node) and tag(node) not in PASSIVE:
                    yield node

    @cached_property
    def scopes(self) -> list[Node]:
        """The process and every sub-process in it, in document order."""
        return [node for node in self.process.iter(etree.Element) if tag(node) in SCOPES]

    @cached_property
    def edges(self) -> list[Edge]:
        """Sequence flows in document order."""
        return [
            Edge(self.shown(identity(node)), node.get("sourceRef") or "", node.get("targetRef") or "", node)
            for scope in self.scopes
            for node in scope
            if tag(node) == "sequenceFlow"
        ]

    @cached_property
    def leaving(self) -> Mapping[str, list[Edge]]:
        """Flows by the element at which they start."""
        return _grouped((edge.source, edge) for edge in self.edges)

    @cached_property
    def arriving(self) -> Mapping[str, list[Edge]]:
        """Flows by the element at which they end."""
        return _grouped((edge.target, edge) for edge in self.edges)

    @cached_property
    def attached(self) -> Mapping[str, list[Node]]:
        """Boundary events by the activity they are attached to."""
        events = (node for node in self.nodes.values() if tag(node) == "boundaryEvent")
        return _grouped((node.get("attachedToRef") or "", node) for node in events)

    @cached_property
    def messages(self) -> Mapping[str, str]:
        """Names of messages by id."""
        return {
            identity(node): (node.get("name") or "").strip() for node in select(self.root, "./bpmn:message")
        }

    @cached_property
    def lanes(self) -> Mapping[str, str]:
        """Name of the innermost lane of an element; children of a sub-process are in its lane."""
        drawn: dict[str, str] = {}
        for lane in select(self.process, ".//bpmn:lane"):
            for reference in select(lane, "./bpmn:flowNodeRef"):
                drawn[text_of(reference)] = (lane.get("name") or identity(lane)).strip()
        return drawn

    def lane(self, node: Node) -> str | None:
        """The lane of an element, looked up through its enclosing sub-processes."""
        holder: Node | None = node
        while holder is not None and holder is not self.process:
            name = self.lanes.get(identity(holder))
            if name:
                return name
            holder = holder.getparent()
        return None
