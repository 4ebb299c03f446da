"""Which process variables there are, who writes them, and whether they are written before they are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from kaohe_flow.workflow.diagram.graph import Diagram, Node, Scope
from kaohe_flow.workflow.diagram.subject import Subject

COUNTERS: Final = frozenset({"nrOfInstances", "nrOfCompletedInstances", "nrOfActiveInstances"})
MEMBER: Final = frozenset({"loopCounter"})


def outcome_pairs(node: Node) -> tuple[tuple[str, str], ...]:
    """``pass=同意;reject=驳回`` as pairs; a part without ``=`` has an empty title."""
    written = node.owned("outcomes")
    parts = written.value.split(";") if written else []
    pairs = (part.partition("=") for part in parts if part.strip())
    return tuple((code.strip(), title.strip()) for code, _, title in pairs)


def decisions(node: Node) -> tuple[str, ...]:
    """Variables that the person of a user task writes: the decision and what ``also`` names."""
    named = [each.value for name in ("decision", "also") if (each := node.owned(name)) is not None]
    return tuple(part for text in named for part in text.replace(",", " ").split())


def outcomes_of(diagram: Diagram) -> Mapping[str, frozenset[str]]:
    """The values each decision variable can take, over all user tasks that write it."""
    values: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for node in diagram.tasks:
        decision = node.owned("decision")
        if decision is not None and decision.value:
            values[decision.value] |= {code for code, _ in outcome_pairs(node)}
    return values


def written_by(subject: Subject, node: Node) -> frozenset[str]:
    """Variables that are there once the node is done."""
    if node.kind == "userTask":
        names: Iterable[str] = decisions(node)
    elif node.kind == "businessRuleTask":
        names = _results(subject, node)
    else:
        names = node.returned
    collected = node.owned("collectInto")
    more = {collected.value if collected else "", node.loop.collected if node.loop else ""}
    return frozenset(name for name in (*names, *more) if name)


def _results(subject: Subject, node: Node) -> Iterable[str]:
    result = node.camunda.get("resultVariable")
    if result:
        return (result,)
    tables = [table for table in subject.tables if table.id == node.camunda.get("decisionRef")]
    return [output.name for table in tables for output in table.outputs]


def always(subject: Subject) -> frozenset[str]:
    """Variables that may be read anywhere: limits, and what the product itself writes."""
    return subject.vocabulary.variables | {limit.name for limit in subject.diagram.limits}


def everything(subject: Subject) -> frozenset[str]:
    """All variables anybody writes, members of multi-instance tasks included."""
    names = set(always(subject))
    for node in subject.diagram.nodes:
        names |= written_by(subject, node)
        if node.loop is not None:
            names |= MEMBER | {node.loop.variable}
    return frozenset(names)


class Knowledge:
    """What has been written when a token arrives: ``surely`` on every path, ``perhaps`` on some.

    ``surely`` is worked out from above (every variable, less what some path lacks), ``perhaps`` from below.
    Nodes nobody comes to are in neither.
    """

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._top = everything(subject)
        self._scopes = {scope.id: scope for scope in subject.diagram.scopes}
        self._writes = {node.id: written_by(subject, node) for node in subject.diagram.nodes}
        self.surely: dict[str, frozenset[str]] = {}
        self.perhaps: dict[str, frozenset[str]] = {}
        self._walk(subject.diagram.scopes[0], always(subject), always(subject))

    def _walk(self, scope: Scope, surely: frozenset[str], perhaps: frozenset[str]) -> None:
        """Work out one (sub-)process, then what lies inside it with what is known where it begins."""
        for name in scope.reachable:
            self.surely[name], self.perhaps[name] = self._top, frozenset()
        for start in scope.starts:
            self.surely[start.id], self.perhaps[start.id] = surely, perhaps
        self._settle(scope)
        for node in scope.nodes:
            inner = self._scopes.get(node.id)
            if inner is not None and inner is not scope and node.id in self.surely:
                member = MEMBER | {node.loop.variable} if node.loop else frozenset[str]()
                self._walk(inner, self.surely[node.id] | member, self.perhaps[node.id] | member)

    def _settle(self, scope: Scope) -> None:
        first = frozenset(start.id for start in scope.starts)
        rest = [target for start in first for target in scope.successors[start]]
        while rest:
            here = rest.pop()
            if here not in first and self._arrive(scope, here):
                rest.extend(scope.successors[here])

    def _arrive(self, scope: Scope, target: str) -> bool:
        """Take in what the nodes before know; whether that is the first time or changed anything."""
        before = [name for name in scope.predecessors[target] if name in self.surely]
        known = [self.surely[name] | self._added(scope, name, target, sure=True) for name in before]
        guessed = [self.perhaps[name] | self._added(scope, name, target, sure=False) for name in before]
        joins = scope.by_id[target].kind == "parallelGateway"
        surely = frozenset.union(*known) if joins else frozenset.intersection(*known)
        perhaps = frozenset.union(*guessed)
        changed = (self.surely[target], self.perhaps[target]) != (surely, perhaps)
        self.surely[target], self.perhaps[target] = surely, perhaps
        return changed

    def _added(self, scope: Scope, name: str, target: str, *, sure: bool) -> frozenset[str]:
        """What ``name`` has written on the way to ``target``; an interrupted activity wrote nothing."""
        node = scope.by_id[name]
        if scope.by_id[target].attached_to == name:
            return frozenset() if sure else self._inside(node)
        return self._writes[name] | self._inside(node)

    def _inside(self, node: Node) -> frozenset[str]:
        """What an embedded sub-process may have written; taken as written, to keep quiet where unsure."""
        if node.kind != "subProcess":
            return frozenset()
        inside = [each for each in self._subject.diagram.nodes if each.scope == node.id and each is not node]
        return frozenset(name for each in inside for name in self._writes[each.id] | self._inside(each))
