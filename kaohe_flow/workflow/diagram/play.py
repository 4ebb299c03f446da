"""The token game: every way in which the tokens of a net can move, at most one token per place."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from kaohe_flow.workflow.diagram.net import BEGIN, Transition

MAX_MARKINGS: Final = 20_000
MAX_MOVES: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class _Move:
    """A transition in bits. ``blockers``: places from which a token could still come to an inclusive join."""

    ins: int
    outs: int
    doubled: int
    any_of: bool
    clears: bool
    blockers: int

    def enabled(self, marking: int) -> bool:
        if self.any_of:
            return bool(marking & self.ins) and not marking & self.blockers
        return marking & self.ins == self.ins

    def crowded(self, marking: int) -> int:
        """Places that would hold two tokens."""
        return 0 if self.clears else self.doubled | ((marking & ~self.ins) & self.outs)

    def after(self, marking: int) -> int:
        return 0 if self.clears else (marking & ~self.ins) | self.outs


@dataclass(slots=True)
class Game:
    """What was found: ``dead`` markings, ``crowded`` places and how, transitions that ``fired``."""

    transitions: list[Transition]
    places: list[str]
    before: dict[int, tuple[int, int] | None] = field(default_factory=dict)
    edges: dict[int, list[int]] = field(default_factory=dict)
    dead: list[int] = field(default_factory=list)
    crowded: dict[str, tuple[int, int]] = field(default_factory=dict)
    fired: set[int] = field(default_factory=set)
    complete: bool = True

    def standing(self, marking: int) -> list[str]:
        """The places that hold a token."""
        return [place for bit, place in enumerate(self.places) if marking >> bit & 1]

    def path(self, marking: int, last: int | None = None) -> list[str]:
        """Nodes on the shortest way to a marking, then those of the transition ``last``."""
        steps: list[int] = []
        while (step := self.before[marking]) is not None:
            marking, number = step
            steps.append(number)
        steps.reverse()
        if last is not None:
            steps.append(last)
        return [name for number in steps for name in self.transitions[number].path]


def play(transitions: list[Transition], blockers: Callable[[Transition], frozenset[str]]) -> Game:
    """All reachable markings, breadth first, within bounds. ``blockers`` are asked for inclusive joins."""
    names = {BEGIN} | {place for each in transitions for place in (*each.ins, *each.outs)}
    game = Game(transitions, sorted(names))
    bits = {place: 1 << number for number, place in enumerate(game.places)}
    moves = [_move(each, bits, blockers) for each in transitions]
    game.before[bits[BEGIN]] = None
    rest = deque([bits[BEGIN]])
    budget = MAX_MOVES
    while rest:
        marking = rest.popleft()
        budget -= len(moves)
        for target in _step(game, moves, marking):
            if target not in game.before or len(game.before) < MAX_MARKINGS:
                rest.append(target)
        if budget < 0 or len(game.before) >= MAX_MARKINGS:
            game.complete = False
            break
    return game


def _step(game: Game, moves: list[_Move], marking: int) -> Iterator[int]:
    """The new markings one move away; notes what is dead or crowded."""
    alive = not marking
    targets = game.edges.setdefault(marking, [])
    for number, move in enumerate(moves):
        if not move.enabled(marking):
            continue
        alive = True
        game.fired.add(number)
        crowded = move.crowded(marking)
        if crowded:
            for place in game.standing(crowded):
                game.crowded.setdefault(place, (marking, number))
            continue
        target = move.after(marking)
        targets.append(target)
        if target not in game.before:
            game.before[target] = (marking, number)
            yield target
    if not alive:
        game.dead.append(marking)


def _move(
    each: Transition, bits: Mapping[str, int], blockers: Callable[[Transition], frozenset[str]]
) -> _Move:
    outs = doubled = 0
    for place in each.outs:
        doubled |= outs & bits[place]
        outs |= bits[place]
    return _Move(
        ins=sum(bits[place] for place in each.ins),
        outs=outs,
        doubled=doubled,
        any_of=each.any_of,
        clears=each.clears,
        blockers=sum(bits[place] for place in blockers(each) if place in bits) if each.any_of else 0,
    )
