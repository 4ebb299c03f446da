"""Making a net small without changing what can go wrong in it.

Three steps, repeated until nothing changes: equal transitions become one; of twin places (same
producers, same consumers) one is kept; a transition whose only input comes from one other transition
is joined to that one. The last step spares the exits of cycles that end at once: there tokens could
pile up unseen.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

from kaohe_flow.workflow.diagram.net import BEGIN, Transition


def reduced(transitions: list[Transition], cyclic: frozenset[str]) -> list[Transition]:
    """An equivalent smaller net. ``cyclic`` are the nodes that lie on a cycle."""
    before = -1
    while before != len(transitions) or _twins(transitions):
        before = len(transitions)
        transitions = _Fusion(_distinct(_without_twins(transitions)), cyclic).run()
    return transitions


def _distinct(transitions: list[Transition]) -> list[Transition]:
    kept: dict[object, Transition] = {}
    for each in transitions:
        key = (each.ins, tuple(sorted(each.outs)), each.any_of, each.clears)
        twin = kept.get(key)
        kept[key] = each if twin is None else replace(twin, covers=twin.covers | each.covers)
    return list(kept.values())


def _twins(transitions: list[Transition]) -> frozenset[str]:
    """Places that another place stands for."""
    producers: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    consumers: defaultdict[str, list[int]] = defaultdict(list)
    fixed = {BEGIN}
    for number, each in enumerate(transitions):
        for place, count in Counter(each.outs).items():
            producers[place].append((number, count))
        for place in each.ins:
            consumers[place].append(number)
        if each.any_of:
            fixed |= each.ins
    seen: set[object] = set()
    drop: set[str] = set()
    for place in sorted(consumers.keys() & producers.keys() - fixed):
        key = (tuple(producers[place]), tuple(consumers[place]))
        if key in seen:
            drop.add(place)
        seen.add(key)
    return frozenset(drop)


def _without_twins(transitions: list[Transition]) -> list[Transition]:
    drop = _twins(transitions)
    if not drop:
        return transitions
    return [
        replace(each, ins=each.ins - drop, outs=tuple(out for out in each.outs if out not in drop))
        for each in transitions
    ]


class _Fusion:
    """One pass over all places, joining transitions that can only follow one another."""

    def __init__(self, transitions: list[Transition], cyclic: frozenset[str]) -> None:
        self._live = dict(enumerate(transitions))
        self._cyclic = cyclic
        self._producers: defaultdict[str, set[int]] = defaultdict(set)
        self._consumers: defaultdict[str, set[int]] = defaultdict(set)
        for number, each in self._live.items():
            for place in each.outs:
                self._producers[place].add(number)
            for place in each.ins:
                self._consumers[place].add(number)

    def run(self) -> list[Transition]:
        """The transitions that are left."""
        for place in list(self._consumers):
            pair = self._pair(place)
            if pair is not None:
                self._join(place, *pair)
        return list(self._live.values())

    def _pair(self, place: str) -> tuple[int, int] | None:
        if len(self._producers[place]) != 1 or len(self._consumers[place]) != 1:
            return None
        first, second = next(iter(self._producers[place])), next(iter(self._consumers[place]))
        before, after = self._live[first], self._live[second]
        plain = after.ins == {place} and not after.any_of and not after.clears and not before.clears
        if first == second or not plain or before.outs.count(place) != 1:
            return None
        piles_up = not after.outs and bool(before.covers & self._cyclic)
        return None if piles_up else (first, second)

    def _join(self, place: str, first: int, second: int) -> None:
        before, after = self._live[first], self._live.pop(second)
        rest = tuple(out for out in before.outs if out != place)
        self._live[first] = replace(
            before,
            outs=rest + after.outs,
            path=before.path + after.path,
            covers=before.covers | after.covers,
        )
        for out in after.outs:
            self._producers[out].discard(second)
            self._producers[out].add(first)
        self._producers.pop(place)
        self._consumers[place].clear()
