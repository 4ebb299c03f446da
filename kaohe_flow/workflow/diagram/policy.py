"""Rules of the product that no diagram may undo: silence never approves, nobody books points unreviewed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from kaohe_flow.kernel.feel import FeelError
from kaohe_flow.workflow.diagram.catalogue import fault
from kaohe_flow.workflow.diagram.graph import Node, Scope, shown
from kaohe_flow.workflow.diagram.subject import Check, Subject
from kaohe_flow.workflow.diagram.variables import everything, outcome_pairs, written_by
from kaohe_flow.workflow.errors import Fault

CHOOSING: Final = frozenset({"exclusiveGateway", "inclusiveGateway"})
SUBJECT_ONLY: Final = "officer@subject"


def is_review(node: Node) -> bool:
    """Whether somebody other than the person concerned decides here."""
    groups = [part.strip() for part in node.camunda.get("candidateGroups", "").split(",") if part.strip()]
    return node.kind == "userTask" and any(group != SUBJECT_ONLY for group in groups)


class _Map:
    """The whole diagram as one graph; a sub-process is entered through its start and left from its ends.

    A boundary event is come to from its activity, or from inside it: the activity was then not finished.
    """

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self.edges: dict[str, list[str]] = {}
        self.start = subject.diagram.scopes[0].starts[0].id if subject.diagram.scopes[0].starts else ""
        inner: Mapping[str, Scope] = {scope.id: scope for scope in subject.diagram.scopes}
        for scope in subject.diagram.scopes:
            for node in scope.nodes:
                self._lead(scope, node, inner.get(node.id))

    def _lead(self, scope: Scope, node: Node, inner: Scope | None) -> None:
        out = [flow.target for flow in scope.leaving.get(node.id, ())]
        aside = [event.id for event in scope.attached.get(node.id, ())]
        if inner is None or not inner.starts:
            self.edges.setdefault(node.id, []).extend((*out, *aside))
            return
        self.edges.setdefault(node.id, []).extend((inner.starts[0].id, *aside))
        for end in inner.nodes:
            if end.kind == "endEvent":
                self.edges.setdefault(end.id, []).extend(out)

    def without_review(self, source: str) -> Mapping[str, str]:
        """Nodes that can be come to from ``source`` with no review finished on the way, and from where."""
        came: dict[str, str] = {source: ""}
        rest = [source]
        while rest:
            here = rest.pop(0)
            for target in self.edges.get(here, ()):
                if target not in came and not self._finishes(here, target):
                    came[target] = here
                    rest.append(target)
        return came

    def _finishes(self, here: str, target: str) -> bool:
        """Whether going on to ``target`` means that a review was done; its boundary events do not count."""
        node, ahead = self._subject.diagram.by_id[here], self._subject.diagram.by_id[target]
        return is_review(node) and ahead.attached_to != here

    def way(self, came: Mapping[str, str], target: str) -> str:
        """The path, in names."""
        names: list[str] = []
        while target:
            names.append(self._subject.diagram.by_id[target].name)
            target = came[target]
        return " → ".join(name for name in reversed(names) if name)


def _scoring(subject: Subject) -> tuple[Node, ...]:
    services = subject.diagram.of_kind("serviceTask", "sendTask")
    return tuple(node for node in services if node.camunda.get("topic") in subject.vocabulary.scoring_topics)


def silence(subject: Subject) -> Iterator[Fault]:
    """When the time of a reviewer is up, somebody else reviews; points are never booked by the clock."""
    scoring = _scoring(subject)
    if not scoring:
        return
    whole = _Map(subject)
    for event in subject.diagram.of_kind("boundaryEvent"):
        if not event.waits_for("timer") or not _covers_review(subject, event.attached_to):
            continue
        came = whole.without_review(event.id)
        for node in scoring:
            if node.id in came:
                text = (
                    f"审核人逾期不办，到点后没有人审核就走到{shown(node)}；走法：{whole.way(came, node.id)}。"
                    "沉默不能当作同意，请改为催办、升级到上一级，或转给另一个用户任务"
                )
                yield fault(event, "silence-approves", text)


def _covers_review(subject: Subject, host_id: str) -> bool:
    """Whether the activity is a review or a sub-process with a review in it."""
    host = subject.diagram.by_id.get(host_id)
    if host is None:
        return False
    inside = [node for node in subject.diagram.nodes if node.scope == host_id and node.id != host_id]
    return is_review(host) or any(_covers_review(subject, node.id) for node in inside)


def unreviewed(subject: Subject) -> Iterator[Fault]:
    """From the start to booking points there is a person who is not the one concerned."""
    whole = _Map(subject)
    scoring = _scoring(subject)
    if not whole.start or not scoring:
        return
    came = whole.without_review(whole.start)
    silent = {each.element_id for each in silence(subject)}
    for node in scoring:
        if node.id in came and not silent & set(_chain(came, node.id)):
            text = (
                f"有一条路没有任何他人审核就计分：{whole.way(came, node.id)}。"
                "请在这条路上放一个由他人办理的用户任务（候选组不能只有 officer@subject）"
            )
            yield fault(node, "score-unreviewed", text)


def _chain(came: Mapping[str, str], target: str) -> Iterator[str]:
    while target:
        yield target
        target = came[target]


def regardless(subject: Subject) -> Iterator[Fault]:
    """A reviewer who can say no must be heard: some gateway before the points asks what was decided."""
    whole = _Map(subject)
    scoring = _scoring(subject)
    for node in subject.diagram.tasks if scoring else ():
        decision = node.owned("decision")
        if decision is None or not is_review(node) or len(outcome_pairs(node)) < len(("yes", "no")):
            continue
        reviews = {each.id for each in subject.diagram.tasks if is_review(each)}
        events = {each.id for each in _events_of(subject, node)}
        came = _avoiding(whole, node.id, reviews | events | set(_asking(subject, node)))
        for target in scoring:
            if target.id in came:
                text = (
                    f"无论选哪个办理结果，都会走到{shown(target)}计分：{whole.way(came, target.id)}。"
                    f"请在中间放网关，按“{decision.value}”分开"
                )
                yield fault(node, "score-regardless", text)


def _asking(subject: Subject, node: Node) -> Iterator[str]:
    """Gateways that look at what the task wrote, and those with wrong conditions: other rules tell."""
    written, known = written_by(subject, node), everything(subject)
    for scope in subject.diagram.scopes:
        for gateway in scope.nodes:
            leaving = scope.leaving.get(gateway.id, [])
            if gateway.kind not in CHOOSING or len(leaving) == 1:
                continue
            texts = [
                flow.condition.value if flow.condition else ""
                for flow in leaving
                if flow.id != gateway.default
            ]
            if any(_looks(subject, text, written, known) for text in texts):
                yield gateway.id


def _looks(subject: Subject, text: str, written: frozenset[str], known: frozenset[str]) -> bool:
    compiled = subject.compiled(text)
    return isinstance(compiled, FeelError) or bool(compiled.names & written or compiled.names - known)


def _events_of(subject: Subject, node: Node) -> Iterator[Node]:
    return (each for each in subject.diagram.of_kind("boundaryEvent") if each.attached_to == node.id)


def precedence(subject: Subject) -> Iterator[Fault]:
    """Steps that the procedure owes people, such as notice before decision, cannot be gone round."""
    whole = _Map(subject)
    by_topic: dict[str, list[Node]] = {}
    for node in subject.diagram.of_kind("serviceTask", "sendTask"):
        by_topic.setdefault(node.camunda.get("topic", ""), []).append(node)
    for first, second in sorted(subject.vocabulary.precedence):
        passed = {node.id for node in by_topic.get(first, ())}
        came = _avoiding(whole, whole.start, passed)
        for node in by_topic.get(second, ()):
            if node.id in came:
                text = (
                    f"有一条路没有经过主题为“{first}”的环节就走到了这里：{whole.way(came, node.id)}。"
                    "这一步是程序规定的，不能省略，请补上"
                )
                yield fault(node, "step-skipped", text)


def _avoiding(whole: _Map, source: str, passed: set[str]) -> Mapping[str, str]:
    """What can be come to from ``source`` without passing through these nodes, and from where."""
    came: dict[str, str] = {source: ""} if source else {}
    rest = list(came)
    while rest:
        here = rest.pop(0)
        for target in whole.edges.get(here, ()):
            if target not in came and target not in passed:
                came[target] = here
                rest.append(target)
    return came


CHECKS: Final[tuple[Check, ...]] = (silence, unreviewed, regardless, precedence)
