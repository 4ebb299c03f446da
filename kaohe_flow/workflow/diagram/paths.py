"""Walking a graph that is given as successors by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def reach(sources: Iterable[str], edges: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Everything that can be come to from ``sources``, themselves included."""
    seen = set(sources)
    rest = list(seen)
    while rest:
        for target in edges.get(rest.pop(), ()):
            if target not in seen:
                seen.add(target)
                rest.append(target)
    return frozenset(seen)


def reversed_edges(edges: Mapping[str, Iterable[str]]) -> Mapping[str, list[str]]:
    """The same graph with every edge turned round."""
    turned: dict[str, list[str]] = {name: [] for name in edges}
    for source, targets in edges.items():
        for target in targets:
            turned.setdefault(target, []).append(source)
    return turned
