"""Checks of every FEEL text: it compiles, and what it reads and compares with exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kaohe_flow.kernel.feel import FeelError
from kaohe_flow.workflow.diagram.catalogue import fault
from kaohe_flow.workflow.diagram.comparisons import comparisons
from kaohe_flow.workflow.diagram.graph import Flow, Located, Node, Text, shown
from kaohe_flow.workflow.diagram.people import is_variable
from kaohe_flow.workflow.diagram.subject import Check, Subject
from kaohe_flow.workflow.diagram.variables import COUNTERS, MEMBER, Knowledge, everything, outcomes_of
from kaohe_flow.workflow.diagram.wording import offered
from kaohe_flow.workflow.engine.formula import is_expression
from kaohe_flow.workflow.engine.timers import is_literal
from kaohe_flow.workflow.errors import Fault

EXCERPT: Final = 60
ASKS: Final = "is defined"


@dataclass(frozen=True, slots=True)
class Use:
    """One expression: the element to point at, the node where it is worked out, what else it sees."""

    at: Located
    text: Text
    node: str
    extra: frozenset[str] = frozenset()


def uses(subject: Subject) -> Iterator[Use]:
    """Every expression of the diagram, in the order of the file."""
    for flow in subject.diagram.flows:
        if flow.condition is not None:
            yield Use(flow, flow.condition, flow.source)
    for node in subject.diagram.nodes:
        own = MEMBER | {node.loop.variable} if node.loop else frozenset[str]()
        yield from _of_node(node, own)
        if node.loop is not None:
            yield from _of_loop(node, own)


def _of_node(node: Node, own: frozenset[str]) -> Iterator[Use]:
    due = node.camunda.get("dueDate", "")
    if due and not is_literal(due):
        yield Use(node, Text(due, node.line, "办理期限"), node.id, own)
    for each in node.inputs:
        if is_expression(each.value):
            yield Use(node, Text(each.value, each.line, f"输入参数“{each.name}”"), node.id, own)
    for trigger in node.triggers:
        for _, text in trigger.times:
            if text.value and not is_literal(text.value):
                yield Use(node, text, node.attached_to or node.id)


def _of_loop(node: Node, own: frozenset[str]) -> Iterator[Use]:
    assert node.loop is not None
    for text in (node.loop.collection, node.loop.cardinality):
        if text is not None:
            yield Use(node, text, node.id)
    if node.loop.completion is not None:
        decided = frozenset(each.value for each in node.properties if each.name in {"decision", "also"})
        yield Use(node, node.loop.completion, node.id, own | COUNTERS | decided)


def texts(subject: Subject) -> Iterator[Fault]:
    """Everything compiles; aliases of other languages are told as a hint."""
    for use in uses(subject):
        compiled = subject.compiled(use.text.value)
        if isinstance(compiled, FeelError):
            text = f"{use.text.label}“{use.text.value[:EXCERPT]}”写得不对，请改正：{compiled}"
            yield fault(use.at, "expression", text, line=use.text.line)
            continue
        for hint in compiled.hints:
            text = f"{use.text.label}“{use.text.value[:EXCERPT]}”建议改写：{hint}"
            yield fault(use.at, "expression-hint", text, line=use.text.line)


def variables(subject: Subject) -> Iterator[Fault]:
    """What is read has been written, by somebody and in time. A variable without a value stops the case."""
    known = everything(subject)
    knowledge = Knowledge(subject)
    for use in uses(subject):
        compiled = subject.compiled(use.text.value)
        if isinstance(compiled, FeelError):
            continue
        for name in sorted(compiled.names - use.extra):
            if name not in known:
                yield _unknown(use, name, known)
            elif use.node in knowledge.surely:
                yield from _in_time(subject, knowledge, use, name)


def _unknown(use: Use, name: str, known: frozenset[str]) -> Fault:
    text = f"{use.text.label}里的变量“{name}”不存在，请改正（文字要加英文双引号）。{offered(name, known)}"
    return fault(use.at, "variable-unknown", text, line=use.text.line)


def _in_time(subject: Subject, knowledge: Knowledge, use: Use, name: str) -> Iterator[Fault]:
    node = subject.diagram.by_id[use.node]
    if name in knowledge.surely[use.node] or ASKS in use.text.value:
        return
    if name not in knowledge.perhaps[use.node]:
        text = (
            f"{use.text.label}用到“{name}”，但走到{shown(node)}之前没有任何环节给它赋值；"
            "请移到后面，或先设办理环节"
        )
        yield fault(use.at, "variable-too-early", text, line=use.text.line)
    else:
        text = (
            f"{use.text.label}用到“{name}”，但并非每条路都先经过给它赋值的环节，没有值时案件会停住；"
            f"请核对走法，或先判断 is defined({name})"
        )
        yield fault(use.at, "variable-perhaps-unset", text, line=use.text.line)


def outcomes(subject: Subject) -> Iterator[Fault]:
    """A decision is compared with what its buttons can say."""
    possible = outcomes_of(subject.diagram)
    foreign = subject.vocabulary.variables
    for use in uses(subject):
        for found in comparisons(use.text.value):
            values = possible.get(found.variable, frozenset())
            if values and found.variable not in foreign and found.value not in values:
                text = f"“{found.variable}”不会等于“{found.value}”，请改正。{offered(found.value, values)}"
                yield fault(use.at, "outcome-unknown", text, line=use.text.line)


def unhandled(subject: Subject) -> Iterator[Fault]:
    """More than one outcome left to the default of a gateway: somebody added a button and forgot the line."""
    possible = outcomes_of(subject.diagram)
    for scope in subject.diagram.scopes:
        for node in scope.nodes:
            if node.kind == "exclusiveGateway":
                yield from _left_over(node, scope.leaving.get(node.id, []), possible)


def _left_over(node: Node, leaving: list[Flow], possible: Mapping[str, frozenset[str]]) -> Iterator[Fault]:
    tested: dict[str, set[str]] = {}
    for flow in leaving:
        for found in comparisons(flow.condition.value) if flow.condition else ():
            tested.setdefault(found.variable, set()).add(found.value)
    for variable, values in tested.items():
        known = possible.get(variable, frozenset())
        rest = sorted(known - values)
        if len(rest) > 1 and values <= known:
            text = (
                f"“{variable}”的结果{'、'.join(rest)}都没有单独的分支，会一起走默认流向；"
                "确实如此可不理会，否则请补画"
            )
            yield fault(node, "outcome-unhandled", text)


def limits(subject: Subject) -> Iterator[Fault]:
    """Editable limits of the process have a name and a value."""
    seen: set[str] = set()
    for limit in subject.diagram.limits:
        wrong = ""
        if not limit.name or not is_variable(limit.name):
            wrong = f"参数名“{limit.name}”不能用；请用字母、数字、下划线，以字母开头"
        elif not limit.value:
            wrong = f"参数“{limit.name}”没有值；请填数字，如 3"
        elif limit.name in seen:
            wrong = f"参数“{limit.name}”写了两次，只有后一个有效；请删去一个"
        seen.add(limit.name)
        if wrong:
            yield fault(subject.diagram.process, "limit", wrong, line=limit.line)


CHECKS: Final[tuple[Check, ...]] = (texts, variables, outcomes, unhandled, limits)
