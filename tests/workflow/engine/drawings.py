"""Small diagrams for tests, written as lists of nodes and arrows."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="defs" targetNamespace="t">'
)
TAGS = {
    "start": "startEvent",
    "end": "endEvent",
    "user": "userTask",
    "service": "serviceTask",
    "decision": "businessRuleTask",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "or": "inclusiveGateway",
    "events": "eventBasedGateway",
    "catch": "intermediateCatchEvent",
    "throw": "intermediateThrowEvent",
    "receive": "receiveTask",
    "sub": "subProcess",
    "call": "callActivity",
}


def attrs(values: Mapping[str, object]) -> str:
    return "".join(
        f" {key.replace('__', ':')}={quoteattr(str(value))}"
        for key, value in values.items()
        if value is not None
    )


def node(kind: str, own: str, inner: str = "", /, **values: object) -> str:
    tag = TAGS.get(kind, kind)
    return f'<bpmn:{tag} id="{own}"{attrs(values)}>{inner}</bpmn:{tag}>'


def timer(kind: str, text: str) -> str:
    written = f'<bpmn:{kind} xsi:type="bpmn:tFormalExpression">{escape(text)}</bpmn:{kind}>'
    return f"<bpmn:timerEventDefinition>{written}</bpmn:timerEventDefinition>"


def message(ref: str) -> str:
    return f'<bpmn:messageEventDefinition messageRef="{ref}"/>'


def boundary(own: str, host: str, definition: str, *, interrupting: bool = True) -> str:
    return (
        f'<bpmn:boundaryEvent id="{own}" attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}">'
        f"{definition}</bpmn:boundaryEvent>"
    )


def multi(
    *, collection: str = "", variable: str = "", count: str = "", until: str = "", sequential: bool = False
) -> str:
    given = attrs({"camunda__collection": collection or None, "camunda__elementVariable": variable or None})
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}"{given}>'
        + (f"<bpmn:loopCardinality>{escape(count)}</bpmn:loopCardinality>" if count else "")
        + (f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>" if until else "")
        + "</bpmn:multiInstanceLoopCharacteristics>"
    )


def extension(
    *, properties: Mapping[str, str] | None = None, inputs: Mapping[str, str] | None = None, raw: str = ""
) -> str:
    owned = "".join(
        f"<camunda:property{attrs({'name': k, 'value': v})}/>" for k, v in (properties or {}).items()
    )
    given = "".join(
        f"<camunda:inputParameter{attrs({'name': k})}>{escape(v)}</camunda:inputParameter>"
        for k, v in (inputs or {}).items()
    )
    return (
        "<bpmn:extensionElements>"
        + (f"<camunda:properties>{owned}</camunda:properties>" if owned else "")
        + (f"<camunda:inputOutput>{given}</camunda:inputOutput>" if given else "")
        + raw
        + "</bpmn:extensionElements>"
    )


def arrow(line: str) -> str:
    """``a -> b``, ``a -> b : condition``, with ``id =`` in front for an id of one's own."""
    path, _, condition = line.partition(" : ")
    own, _, path = path.rpartition("=")
    source, target = (part.strip() for part in path.split("->"))
    given = (
        f"<bpmn:conditionExpression>{escape(condition.strip())}</bpmn:conditionExpression>"
        if condition
        else ""
    )
    own = own.strip() or f"{source}-{target}"
    return (
        f'<bpmn:sequenceFlow id="{own}" sourceRef="{source}" targetRef="{target}">{given}</bpmn:sequenceFlow>'
    )


def arrows(text: str) -> str:
    return "".join(arrow(line) for line in text.strip().splitlines() if line.strip())


def diagram(
    nodes: str,
    flows: str,
    *,
    key: str = "P",
    messages: tuple[str, ...] = (),
    limits: Mapping[str, str] | None = None,
) -> bytes:
    named = "".join(f'<bpmn:message id="m_{name}" name="{name}"/>' for name in messages)
    body = f'<bpmn:process id="{key}" name="流程{key}" isExecutable="true">'
    body += extension(properties=limits) if limits else ""
    return (HEAD + named + body + nodes + arrows(flows) + "</bpmn:process></bpmn:definitions>").encode()


def table(
    own: str,
    inputs: tuple[str, ...],
    outputs: tuple[str, ...],
    rules: tuple[tuple[str, ...], ...],
    policy: str = "UNIQUE",
    more: str = "",
) -> bytes:
    head = "".join(
        f'<input id="i{n}"><inputExpression><text>{escape(x)}</text></inputExpression></input>'
        for n, x in enumerate(inputs)
    )
    head += "".join(f'<output id="o{n}" name="{x}"/>' for n, x in enumerate(outputs))
    body = ""
    for number, rule in enumerate(rules):
        cells = "".join(f"<inputEntry><text>{escape(x)}</text></inputEntry>" for x in rule[: len(inputs)])
        cells += "".join(f"<outputEntry><text>{escape(x)}</text></outputEntry>" for x in rule[len(inputs) :])
        body += f'<rule id="r{number}">{cells}</rule>'
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="t">'
        f'<decision id="{own}" name="表{own}"><decisionTable hitPolicy="{policy}"{more}>'
        f"{head}{body}</decisionTable></decision></definitions>"
    ).encode()
