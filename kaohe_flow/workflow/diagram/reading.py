"""From XML to ``Diagram``. Nothing is judged here: what is odd is carried over for the checks to find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from kaohe_flow.workflow.diagram import reading_node
from kaohe_flow.workflow.diagram.graph import ACTIVITIES, Diagram, Element, Flow, Lane, Scope, Text
from kaohe_flow.workflow.diagram.reading_node import Xml, element_of, line_of
from kaohe_flow.workflow.engine.drawing import PASSIVE, SCOPES, camunda, first, identity, select, tag, text_of

NESTED: Final = SCOPES - {"process"}
TRIGGERED: Final = frozenset(
    {"startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"}
)
IGNORED: Final = frozenset(
    {"messageFlow", "dataObject", "dataObjectReference", "dataStoreReference", "dataStore", "conversation"}
)
SCRIPTED: Final = {
    "script": "脚本",
    "camunda:script": "脚本",
    "camunda:executionListener": "执行监听器",
    "camunda:taskListener": "任务监听器",
}


ROOT: Final = frozenset({"definitions"})
NODES: Final = ACTIVITIES | frozenset(TRIGGERED) | {"task", "manualTask", "scriptTask"}
HOLDERS: Final = {
    "process": ROOT,
    "message": ROOT,
    "collaboration": ROOT,
    "participant": frozenset({"collaboration"}),
    "laneSet": SCOPES,
    "lane": frozenset({"laneSet", "childLaneSet"}),
    "flowNodeRef": frozenset({"lane"}),
    "sequenceFlow": SCOPES,
    "conditionExpression": frozenset({"sequenceFlow"}),
    "timerEventDefinition": TRIGGERED | ROOT,
    "messageEventDefinition": TRIGGERED | ROOT,
    "terminateEventDefinition": TRIGGERED | ROOT,
    "timeDate": frozenset({"timerEventDefinition"}),
    "timeDuration": frozenset({"timerEventDefinition"}),
    "timeCycle": frozenset({"timerEventDefinition"}),
    "multiInstanceLoopCharacteristics": ACTIVITIES,
    "completionCondition": frozenset({"multiInstanceLoopCharacteristics"}),
    "loopCardinality": frozenset({"multiInstanceLoopCharacteristics"}),
}


class NotBpmn(Exception):
    """The root is not ``bpmn:definitions``; the argument is its name without namespace."""


def read(root: Xml) -> Diagram | None:
    """The first executable process of the file (else the first); ``None`` if there is no process."""
    if tag(root) != "definitions":
        raise NotBpmn(str(root.tag).rpartition("}")[2])
    processes = select(root, "./bpmn:process")
    if not processes:
        return None
    process = next((each for each in processes if _executable(each)), processes[0])
    return Diagram(
        process=element_of(process),
        executable=_executable(process),
        scopes=tuple(_scopes(process)),
        limits=reading_node.properties(process),
        others=tuple((element_of(each), _executable(each)) for each in processes if each is not process),
        lanes=tuple(_lanes(process)),
        messages=_messages(root),
        identified=tuple(_identified(root)),
        drawn=_drawn(root),
        ignored=tuple(_ignored(root)),
        scripts=tuple(_scripts(process)),
        misplaced=tuple(_misplaced(root)),
        nameless=tuple(element_of(each) for each in root if tag(each) and not identity(each)),
    )


def _executable(process: Xml) -> bool:
    """As the engine takes it: executable unless it says no."""
    return process.get("isExecutable", "true") != "false"


def _scopes(holder: Xml) -> Iterator[Scope]:
    inside = [each for each in holder if tag(each) and tag(each) not in PASSIVE]
    here = element_of(holder)
    yield Scope(
        id=here.id,
        name=here.name,
        line=here.line,
        kind=tag(holder),
        nodes=tuple(reading_node.node(each, here.id) for each in inside if tag(each) not in IGNORED),
        flows=tuple(_flow(each, here.id) for each in select(holder, "./bpmn:sequenceFlow")),
    )
    for each in inside:
        if tag(each) in NESTED:
            yield from _scopes(each)


def _flow(xml: Xml, scope: str) -> Flow:
    written = first(xml, "./bpmn:conditionExpression")
    here = element_of(xml)
    return Flow(
        id=here.id,
        name=here.name,
        line=here.line,
        source=xml.get("sourceRef") or "",
        target=xml.get("targetRef") or "",
        condition=None if written is None else Text(text_of(written), line_of(written) or here.line, "条件"),
        scope=scope,
    )


def _lanes(process: Xml) -> Iterator[Lane]:
    for lane in select(process, ".//bpmn:lane"):
        here = element_of(lane)
        members = tuple(text_of(each) for each in select(lane, "./bpmn:flowNodeRef"))
        around = frozenset(identity(each) for each in select(lane, "ancestor::bpmn:lane"))
        yield Lane(here.id, here.name, here.line, members, around)


def _messages(root: Xml) -> Mapping[str, str]:
    return {identity(each): (each.get("name") or "").strip() for each in select(root, "./bpmn:message")}


def _identified(root: Xml) -> Iterator[Element]:
    """Everything of BPMN that has an id."""
    return (element_of(each) for each in root.iter() if tag(each) and each.get("id") is not None)


def _drawn(root: Xml) -> frozenset[str]:
    """Ids of elements that have a shape or an edge in the picture."""
    drawn = (each.get("bpmnElement") for each in root.iter() if each.get("bpmnElement") is not None)
    return frozenset(str(each) for each in drawn)


def _ignored(root: Xml) -> Iterator[Element]:
    """Data and collaboration: read by people, not by the engine."""
    for each in root.iter():
        outside = tag(each) == "participant" and not each.get("processRef")
        if tag(each) in IGNORED or outside:
            yield element_of(each)


def _misplaced(root: Xml) -> Iterator[tuple[Element, Element]]:
    """Elements of which this reading would take no notice where they are, with what they are in."""
    for each in root.iter():
        holder = each.getparent()
        allowed = HOLDERS.get(tag(each))
        if allowed is None and (tag(each).endswith("Gateway") or tag(each) in NODES):
            allowed = SCOPES
        if allowed is not None and holder is not None and tag(holder) not in allowed:
            yield element_of(each), element_of(holder)


def _scripts(process: Xml) -> Iterator[tuple[Element, str]]:
    """Program text wherever it hides, with the element that carries it."""
    for each in process.iter():
        name = reading_node.prefixed(each)
        kind = SCRIPTED.get(name) or ("脚本" if _script_language(each) else "")
        if kind:
            yield reading_node.owner(each), kind


def _script_language(xml: Xml) -> bool:
    if tag(xml) != "conditionExpression":
        return bool(camunda(xml, "scriptFormat"))
    language = (xml.get("language") or "").strip().lower()
    return bool(language) and not language.endswith(("feel", "feel/"))
