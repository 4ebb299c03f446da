"""From XML to ``Node``: one flow node with everything that is written on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kaohe_flow.workflow.diagram.graph import TIMES, Element, Loop, Node, Property, Text, Trigger
from kaohe_flow.workflow.engine.drawing import BPMN, CAMUNDA, camunda, first, identity, select, tag, text_of
from kaohe_flow.workflow.engine.drawing import Node as Xml

VENDORS: Final = {
    CAMUNDA: "camunda",
    "http://camunda.org/schema/zeebe/1.0": "zeebe",
    "http://flowable.org/bpmn": "flowable",
    "http://activiti.org/bpmn": "activiti",
    "http://jbpm.org/activiti": "jbpm",
    BPMN: "",
}
UNDERSTOOD: Final = frozenset({"properties", "inputOutput", "in", "out"})
FLAGS: Final = ("triggeredByEvent", "isForCompensation", "isInterrupting", "instantiate")
__all__ = ["Xml", "element_of", "line_of", "node", "owner", "prefixed", "properties"]


def line_of(xml: Xml) -> int:
    """Line of the file, 0 when unknown."""
    line: object = xml.sourceline
    return line if isinstance(line, int) else 0


def element_of(xml: Xml) -> Element:
    """Id, name, line and tag of an element."""
    return Element(identity(xml), (xml.get("name") or "").strip(), line_of(xml), tag(xml))


def prefixed(xml: Xml) -> str:
    """Local name of BPMN elements, ``vendor:name`` of known vendors, else empty."""
    return _prefixed(xml.tag) if isinstance(xml.tag, str) else ""


def _prefixed(name: str) -> str:
    space, _, local = name.rpartition("}")
    vendor = VENDORS.get(space.removeprefix("{"))
    return "" if vendor is None else f"{vendor}:{local}" if vendor else local


def owner(xml: Xml) -> Element:
    """The nearest element around (or at) ``xml`` that people can find in the drawing."""
    at: Xml | None = xml
    while at is not None and not (tag(at) and identity(at) and not tag(at).endswith("Expression")):
        at = at.getparent()
    found = element_of(at if at is not None else xml)
    return Element(found.id, found.name, line_of(xml) or found.line, found.tag)


def properties(xml: Xml) -> tuple[Property, ...]:
    """``camunda:properties`` with their lines, in the order of the file."""
    path = "./bpmn:extensionElements/camunda:properties/camunda:property"
    return tuple(_property(each, each.get("value") or "") for each in select(xml, path))


def _property(xml: Xml, value: str) -> Property:
    return Property((xml.get("name") or "").strip(), value.strip(), line_of(xml))


def node(xml: Xml, scope: str) -> Node:
    """One flow node; whatever is unknown about it is listed in ``settings`` and ``parts``."""
    here = element_of(xml)
    return Node(
        id=here.id,
        name=here.name,
        line=here.line,
        kind=here.tag,
        scope=scope,
        camunda={name: (xml.get(f"{{{CAMUNDA}}}{name}") or "").strip() for name in _camunda_names(xml)},
        properties=properties(xml),
        inputs=tuple(_property(each, text_of(each)) for each in select(xml, _INPUTS)),
        triggers=tuple(_triggers(xml)),
        attached_to=xml.get("attachedToRef") or "",
        interrupting=xml.get("cancelActivity", "true") != "false",
        default=xml.get("default") or "",
        message=xml.get("messageRef") or "",
        called=(xml.get("calledElement") or "").strip(),
        returned=tuple((each.get("target") or "").strip() for each in select(xml, _OUTPUTS)),
        loop=_loop(xml),
        flags=frozenset(flag for flag in FLAGS if xml.get(flag) == "true"),
        settings=tuple(_settings(xml)),
        parts=frozenset(tag(each) for each in xml if tag(each)),
    )


_INPUTS: Final = "./bpmn:extensionElements/camunda:inputOutput/camunda:inputParameter"
_OUTPUTS: Final = "./bpmn:extensionElements/camunda:out"


def _camunda_names(xml: Xml) -> Iterator[str]:
    for name in xml.attrib:
        if str(name).startswith(f"{{{CAMUNDA}}}"):
            yield str(name).rpartition("}")[2]


def _settings(xml: Xml) -> Iterator[str]:
    """Attributes and extension elements of every vendor, as ``vendor:name``."""
    for name in xml.attrib:
        if "}" in str(name) and ":" in _prefixed(str(name)):
            yield _prefixed(str(name))
    for each in select(xml, "./bpmn:extensionElements/*"):
        if ":" in prefixed(each) and prefixed(each).removeprefix("camunda:") not in UNDERSTOOD:
            yield prefixed(each)
    for each in select(xml, "./bpmn:extensionElements/camunda:inputOutput/camunda:outputParameter"):
        yield prefixed(each)


def _triggers(xml: Xml) -> Iterator[Trigger]:
    for each in xml:
        name = tag(each)
        if name == "eventDefinitionRef" or name.endswith("EventDefinition"):
            kind = name.removesuffix("EventDefinition")
            reference = each.get(f"{kind}Ref") or ""
            yield Trigger(kind, line_of(each), tuple(_times(each)), reference)


def _times(definition: Xml) -> Iterator[tuple[str, Text]]:
    for each in definition:
        if tag(each) in TIMES:
            yield tag(each), Text(text_of(each), line_of(each), "定时器的时间")


def _loop(xml: Xml) -> Loop | None:
    loop = first(xml, "./bpmn:multiInstanceLoopCharacteristics")
    if loop is None:
        return None
    line = line_of(loop)
    collection = camunda(loop, "collection") or text_of(first(loop, "./bpmn:loopDataInputRef"))
    cardinality = first(loop, "./bpmn:loopCardinality")
    completion = first(loop, "./bpmn:completionCondition")
    item = first(loop, "./bpmn:inputDataItem")
    standard = (item.get("name") or identity(item)) if item is not None else ""
    return Loop(
        collection=Text(collection, line, "会签成员（集合）") if collection else None,
        cardinality=_text(cardinality, "会签次数"),
        completion=_text(completion, "会签完成条件"),
        variable=camunda(loop, "elementVariable") or standard or "item",
        collected=text_of(first(loop, "./bpmn:loopDataOutputRef")),
    )


def _text(xml: Xml | None, label: str) -> Text | None:
    return None if xml is None else Text(text_of(xml), line_of(xml), label)
