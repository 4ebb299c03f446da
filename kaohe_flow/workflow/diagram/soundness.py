"""Checks of the whole by playing: does every case come to an end, with nothing done twice?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kaohe_flow.workflow.diagram.catalogue import fault
from kaohe_flow.workflow.diagram.graph import listed, shown
from kaohe_flow.workflow.diagram.inclusive import upstream
from kaohe_flow.workflow.diagram.net import Net, Part, Transition, main_edges, net_of, parts, side_events
from kaohe_flow.workflow.diagram.paths import reach
from kaohe_flow.workflow.diagram.play import Game, play
from kaohe_flow.workflow.diagram.reduction import reduced
from kaohe_flow.workflow.diagram.subject import Check, Subject
from kaohe_flow.workflow.errors import Fault

HEAD: Final = 3
TAIL: Final = 6


def side_branches(subject: Subject) -> Iterator[Fault]:
    """What starts beside an activity must end beside it."""
    for scope in subject.diagram.scopes:
        edges = main_edges(scope)
        main = reach([start.id for start in scope.starts], edges)
        for event in side_events(scope):
            beside = reach(edges[event.id], edges) if event.id in scope.reachable else frozenset()
            both = [n for n in scope.nodes if n.id in beside & main and n.kind != "endEvent"]
            if both:
                text = (
                    f"不中断的边界事件引出的支线又并回了主线的{shown(both[0])}，后面的环节会办两遍；"
                    "请让支线（催办、提醒）单独结束，或把事件改为中断"
                )
                yield fault(event, "side-branch-joins", text)


def playing(subject: Subject) -> Iterator[Fault]:
    """The token game on the main line and on every side branch."""
    for scope in subject.diagram.scopes:
        for part in parts(scope):
            yield from _Verdict(part).faults()


class _Verdict:
    """What the game on one part says, in words."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._scope = part.scope
        net: Net = net_of(part)
        self._spots = net.spots
        self._makers = {flow.id: flow.source for flow in part.scope.joined}
        self._covered = frozenset[str]().union(*(each.covers for each in net.transitions))
        self._game: Game = play(reduced(net.transitions, _cyclic(part)), self._blockers)

    def _blockers(self, join: Transition) -> frozenset[str]:
        """Places from which a token can still come to an inclusive join in this round."""
        before = upstream(self._scope, join.path[0])
        return frozenset(place for place, node in self._spots.items() if node in before) - join.ins

    def faults(self) -> Iterator[Fault]:
        """Twice, stuck, never. That nothing circles for ever follows from these and from ``no-way-out``."""
        game = self._game
        yield from self._crowded()
        yield from self._dead()
        if not game.complete:
            text = f"分支和并行太多，只查了 {len(game.before)} 种情形，没有查完；请把一部分拆成子流程"
            yield fault(self._scope, "soundness-incomplete", text)
        elif not game.crowded and not game.dead:
            yield from self._idle()

    def _crowded(self) -> Iterator[Fault]:
        told: set[str] = set()
        for place, (marking, number) in self._game.crowded.items():
            spot = self._makers.get(place, self._spots[place])
            if spot in told:
                continue
            told.add(spot)
            node = self._scope.by_id[spot]
            text = (
                f"并行分出去的几条线没有合并就先后走到这里，会办几遍；走法：{self._way(marking, number)}。"
                "请在前面用并行网关汇合，或把前面的分叉改为排他网关"
            )
            yield fault(node, "unsynchronised", text)

    def _dead(self) -> Iterator[Fault]:
        told: set[str] = set()
        for marking in self._game.dead:
            standing = frozenset(self._game.standing(marking))
            for join in self._game.transitions:
                if join.path[0] in told or not join.ins & standing:
                    continue
                told.add(join.path[0])
                yield self._stuck(marking, join, standing)

    def _stuck(self, marking: int, join: Transition, standing: frozenset[str]) -> Fault:
        node = self._scope.by_id[join.path[0]]
        missing = {flow.source for flow in self._scope.arriving[node.id] if flow.id in join.ins - standing}
        waits = listed(self._scope.by_id[each] for each in sorted(missing)) or "别的汇合网关"
        text = (
            f"会卡死：在等从{waits}来的线，但它不会来了；走法：{self._way(marking)}。"
            "请核对分叉与汇合是否成对：排他分叉配排他汇合，并行分叉配并行汇合"
        )
        return fault(node, "deadlock", text)

    def _idle(self) -> Iterator[Fault]:
        fired = frozenset[str]().union(*(self._game.transitions[each].covers for each in self._game.fired))
        idle = [node for node in self._scope.nodes if node.id in self._covered - fired]
        if idle:
            text = f"{listed(idle)}虽然连着线，却永远轮不到：前面的汇合等不齐；请核对分叉与汇合是否成对"
            yield fault(idle[0], "never-executed", text)

    def _way(self, marking: int, last: int | None = None) -> str:
        """The shortest way there, in names."""
        names: list[str] = []
        for each in self._game.path(marking, last):
            name = self._scope.by_id[each].name
            if name and (not names or names[-1] != name):
                names.append(name)
        if len(names) > HEAD + TAIL:
            names = [*names[:HEAD], "……", *names[-TAIL:]]
        return " → ".join(names) or "从头开始"


def _cyclic(part: Part) -> frozenset[str]:
    """Nodes of the part that lie on a cycle."""
    edges = {name: part.scope.successors[name] for name in part.members}
    return frozenset(name for name in part.members if name in reach(edges[name], edges))


CHECKS: Final[tuple[Check, ...]] = (side_branches, playing)
