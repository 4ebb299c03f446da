"""A (sub-)process as a net of places and transitions: what tokens may do, without looking at conditions.

Places are sequence flows (by id), ``@task`` for an activity that can be interrupted, ``?gateway`` inside a
choice with several ways in and out, and ``*`` where the part begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from kaohe_flow.workflow.diagram.graph import Flow, Node, Scope
from kaohe_flow.workflow.diagram.paths import reach

BEGIN: Final = "*"
MOST_SUBSETS: Final = 5
CHOOSING: Final = frozenset({"exclusiveGateway", "eventBasedGateway"})


@dataclass(slots=True)
class Transition:
    """Takes a token from every place of ``ins``, or with ``any_of`` from those that have one; fills ``outs``.

    ``path`` are the nodes it stands for, in the order they come; ``covers`` the same with all alternatives
    that were found to be equal. ``clears``: a terminate event, no token is left.
    """

    ins: frozenset[str]
    outs: tuple[str, ...]
    path: tuple[str, ...]
    covers: frozenset[str]
    any_of: bool = False
    clears: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """The main line of a scope, or one side branch: its first node and everything that can follow."""

    scope: Scope
    start: Node
    members: frozenset[str]
    side: bool


@dataclass(slots=True)
class Net:
    """The net of one part. ``spots`` tells at which node a token on a place stands."""

    transitions: list[Transition] = field(default_factory=list)
    spots: dict[str, str] = field(default_factory=dict)


def side_events(scope: Scope) -> list[Node]:
    """Boundary events that start a branch beside the activity instead of interrupting it."""
    return [node for node in scope.nodes if node.kind == "boundaryEvent" and not node.interrupting]


def main_edges(scope: Scope) -> dict[str, list[str]]:
    """Where a token may be next without starting a side branch."""
    apart = {node.id for node in side_events(scope)}
    return {name: [each for each in ahead if each not in apart] for name, ahead in scope.successors.items()}


def parts(scope: Scope) -> Iterator[Part]:
    """The main line from the start event, then each side branch by itself."""
    edges = main_edges(scope)
    for start in scope.starts[:1]:
        yield Part(scope, start, reach([start.id], edges), side=False)
    for event in side_events(scope):
        if event.id in scope.reachable:
            yield Part(scope, event, reach([event.id], edges), side=True)


def net_of(part: Part) -> Net:
    """The unreduced net of a part."""
    net = Net()
    net.spots[BEGIN] = part.start.id
    for flow in part.scope.joined:
        net.spots[flow.id] = flow.target
    for node in part.scope.nodes:
        if node.id in part.members and (node.kind != "boundaryEvent" or node is part.start):
            net.transitions.extend(_Builder(part, net, node).build())
    return net


class _Builder:
    """The transitions of one node."""

    def __init__(self, part: Part, net: Net, node: Node) -> None:
        arriving = part.scope.arriving.get(node.id, [])
        self._scope = part.scope
        self._net = net
        self._node = node
        self._ins = [flow.id for flow in arriving if flow.source in part.members]
        if node is part.start:
            self._ins = [BEGIN]
        self._leaving = part.scope.leaving.get(node.id, [])
        self._outs = tuple(flow.id for flow in self._leaving)

    def build(self) -> Iterator[Transition]:
        """By the kind of the node."""
        if self._node.kind in CHOOSING:
            return self._choice([(out,) for out in self._outs])
        if self._node.kind == "inclusiveGateway":
            return self._inclusive()
        if self._node.kind == "parallelGateway":
            return iter([self._step(self._ins, self._outs)])
        return self._activity()

    def _step(self, ins: Sequence[str], outs: tuple[str, ...], *, any_of: bool = False) -> Transition:
        here = self._node.id
        clears = self._node.kind == "endEvent" and self._node.waits_for("terminate")
        return Transition(frozenset(ins), outs, (here,), frozenset({here}), any_of, clears)

    def _place(self, mark: str) -> str:
        place = mark + self._node.id
        self._net.spots[place] = self._node.id
        return place

    def _choice(self, ways: Sequence[tuple[str, ...]]) -> Iterator[Transition]:
        """Every way in, every way out; one place between when both are many."""
        ways = ways or [()]
        ins: list[str] = self._ins
        if len(ins) > 1 and len(ways) > 1:
            inside = self._place("?")
            for place in ins:
                yield self._step([place], (inside,))
            ins = [inside]
        for place in ins:
            for outs in ways:
                yield self._step([place], outs)

    def _inclusive(self) -> Iterator[Transition]:
        ways = _subsets(self._node, self._leaving) or [()]
        if len(self._ins) <= 1:
            yield from self._choice(ways)
            return
        inside = ways[0] if len(ways) == 1 else (self._place("?"),)
        yield self._step(self._ins, inside, any_of=True)
        if len(ways) > 1:
            for outs in ways:
                yield self._step(inside, outs)

    def _activity(self) -> Iterator[Transition]:
        events = [each for each in self._scope.attached.get(self._node.id, ()) if each.interrupting]
        if not events:
            for place in self._ins:
                yield self._step([place], self._outs)
            return
        inside = self._place("@")
        for place in self._ins:
            yield self._step([place], (inside,))
        yield self._step([inside], self._outs)
        for event in events:
            outs = tuple(flow.id for flow in self._scope.leaving.get(event.id, []))
            yield Transition(frozenset({inside}), outs, (event.id,), frozenset({event.id}))


def _subsets(node: Node, leaving: Sequence[Flow]) -> list[tuple[str, ...]]:
    """What an inclusive gateway may send out: any flows that have a condition, or else the default."""
    default = [flow.id for flow in leaving if flow.id == node.default]
    fixed = [flow.id for flow in leaving if flow.condition is None and flow.id != node.default]
    free = [flow.id for flow in leaving if flow.condition is not None and flow.id != node.default]
    sizes = range(len(free) + 1) if len(free) <= MOST_SUBSETS else (0, 1, 2, len(free))
    chosen = [(*fixed, *some) for size in sizes for some in combinations(free, size)]
    return [each for each in chosen if each] + [tuple(default)] * bool(default and not fixed)
