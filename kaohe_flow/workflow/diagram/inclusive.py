"""What an inclusive join waits for: nodes from which a token can still come to it in the same round.

As the engine sees it: ways through the join itself do not count, nor do the ways back of loops in which the
join stands; those belong to the next round.
"""

from __future__ import annotations

from collections.abc import Mapping

from kaohe_flow.workflow.diagram.graph import Scope
from kaohe_flow.workflow.diagram.paths import reversed_edges

Edges = Mapping[str, list[str]]
Walls = tuple[str, ...]


def upstream(scope: Scope, join: str) -> frozenset[str]:
    """Ids of the nodes that the join ``join`` waits for."""
    back = reversed_edges(scope.successors)
    returns = {way for way in _ways_back(scope) if join in _round(way, back)}
    return frozenset(_before(join, back, returns) - {join})


def _ways_back(scope: Scope) -> set[tuple[str, str]]:
    """Edges that lead back to a node on the path from the start."""
    found: set[tuple[str, str]] = set()
    done: set[str] = set()
    for start in scope.starts:
        path = [(start.id, iter(scope.successors[start.id]))]
        above = {start.id}
        while path:
            here, ahead = path[-1]
            target = next(ahead, None)
            if target is None:
                path.pop()
                above.discard(here)
                done.add(here)
            elif target in above:
                found.add((here, target))
            elif target not in done:
                above.add(target)
                path.append((target, iter(scope.successors[target])))
    return found


def _round(way: tuple[str, str], back: Edges) -> set[str]:
    """The nodes of the loop that the edge closes."""
    last, head = way
    return {head, last} | _before(last, back, set(), walls=(head,))


def _before(node: str, back: Edges, without: set[tuple[str, str]], walls: Walls = ()) -> set[str]:
    """Nodes from which one comes to ``node``, not past it or a wall, nor over the edges ``without``."""
    closed = {node, *walls}
    found: set[str] = set()
    rest = [node]
    while rest:
        here = rest.pop()
        for source in back.get(here, ()):
            if source not in found and source not in closed and (source, here) not in without:
                found.add(source)
                rest.append(source)
    return found
