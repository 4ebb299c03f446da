"""Which places can still send a token to an inclusive join: a question about the drawing, answered once.

Ways that pass the join itself do not count, nor do ways round a loop in which the join stands: a token of the
next round must not hold up this one. Ways round loops in front of the join do count.
"""

from __future__ import annotations

from collections.abc import Mapping

from kaohe_flow.workflow.engine.drawing import Drawing, identity, tag

Way = tuple[str, str]


class Reach:
    """The ways through one drawing: along flows, and from an activity to its boundary events."""

    def __init__(self, drawing: Drawing) -> None:
        self._ahead: dict[str, list[str]] = {}
        self._back: dict[str, list[str]] = {}
        for own in drawing.nodes:
            events = [identity(event) for event in drawing.attached.get(own, ())]
            self._ahead[own] = [edge.target for edge in drawing.leaving.get(own, ())] + events
            for target in self._ahead[own]:
                self._back.setdefault(target, []).append(own)
        starts = [own for own, node in drawing.nodes.items() if tag(node) == "startEvent"]
        self._loops = {way: self._loop(way) for start in starts for way in _closing(start, self._ahead)}

    def upstream(self, join: str) -> frozenset[str]:
        """Ids of the nodes from which a token may come to ``join`` in this round."""
        closing = {way for way, loop in self._loops.items() if join in loop}
        return frozenset(self._collect(join, closing, stop=join))

    def _loop(self, way: Way) -> set[str]:
        """The nodes of the loop that ``way`` closes."""
        last, head = way
        return {head, last} if head == last else {head, last, *self._collect(last, set(), stop=head)}

    def _collect(self, own: str, without: set[Way], stop: str) -> set[str]:
        """Nodes from which ``own`` can be reached without passing ``stop`` or using one of ``without``."""
        found: set[str] = set()
        ahead = [own]
        while ahead:
            place = ahead.pop()
            for source in self._back.get(place, ()):
                if source not in found and source != stop and (source, place) not in without:
                    found.add(source)
                    ahead.append(source)
        return found


def _closing(start: str, ways: Mapping[str, list[str]]) -> set[Way]:
    """The ways that close loops: those that lead back to a node on the path from the start."""
    done, found = set[str](), set[Way]()
    path, on_path = [(start, list(ways[start]))], {start}
    while path:
        own, ahead = path[-1]
        if not ahead:
            path.pop()
            on_path.discard(own)
            done.add(own)
            continue
        target = ahead.pop()
        if target in on_path:
            found.add((own, target))
        elif target not in done:
            path.append((target, list(ways.get(target, ()))))
            on_path.add(target)
    return found
