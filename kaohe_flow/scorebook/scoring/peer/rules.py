"""Collecting, per item, the figures a subject is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from kaohe_flow.scheme.definition.item.rules import Item
from kaohe_flow.scheme.definition.method.rules import Bands, Compare, Reading, Threshold
from kaohe_flow.scorebook.scoring.admission.rules import items_for
from kaohe_flow.scorebook.scoring.award.reading.rules import NotApplicable, own_figure
from kaohe_flow.scorebook.scoring.award.scene.rules import Scene
from kaohe_flow.scorebook.scoring.facts.rules import Fact, FactRefused, in_order

COMPARED = frozenset({Reading.PERCENT_OF_MEAN, Reading.PERCENT_OF_BEST})


def with_peers(scenes: Sequence[Scene], facts: Mapping[str, Sequence[Fact]]) -> list[Scene]:
    """The same scenes of one sheet, each knowing the figures of its peers. ``facts`` by subject id."""
    if not any(compares(item) for scene in scenes[:1] for item in scene.sheet.items):
        return list(scenes)
    figures: dict[str, list[tuple[Scene, Decimal]]] = {}
    for scene in scenes:
        for item in items_for(scene.sheet, scene.subject, scene.period).values():
            own = _own(item, facts.get(scene.subject.id, ()), scene) if compares(item) else None
            if own is not None:
                figures.setdefault(item.id, []).append((scene, own))
    return [Scene(one.sheet, one.subject, one.period, _around(one, figures)) for one in scenes]


def compares(item: Item) -> bool:
    method = item.method
    return isinstance(method, Compare) or (
        isinstance(method, Threshold | Bands) and method.reading in COMPARED
    )


def _own(item: Item, facts: Iterable[Fact], scene: Scene) -> Decimal | None:
    """The latest figure of the subject, None when it has none that can be compared."""
    method = item.method
    if not isinstance(method, Compare | Threshold | Bands):
        return None
    given = in_order(
        [one for one in facts if one.item == item.id and not one.revoked and one.revokes is None]
    )
    reading = method.reading if method.reading not in COMPARED else Reading.VALUE
    for fact in reversed(given):
        try:
            return own_figure(reading, fact, method.target, scene)
        except (FactRefused, NotApplicable):
            continue
    return None


def _around(
    scene: Scene, figures: Mapping[str, Sequence[tuple[Scene, Decimal]]]
) -> dict[str, tuple[Decimal, ...]]:
    found = {}
    for item in scene.sheet.items:
        method = item.method
        if item.id in figures and isinstance(method, Compare | Threshold | Bands):
            found[item.id] = tuple(
                value
                for other, value in figures[item.id]
                if all(other.facets.get(name) == scene.facets.get(name) for name in method.among)
            )
    return found
