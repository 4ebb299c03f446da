"""The further facts that one fact brings about, each scored by the tariff of its own item."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from kaohe_flow.scheme.definition.amount.rules import NoAmount, fits, value_of
from kaohe_flow.scheme.definition.item.rules import FanOut, Item
from kaohe_flow.scorebook.scoring.award.scene.rules import Scene
from kaohe_flow.scorebook.scoring.entry.rules import ScoreLine
from kaohe_flow.scorebook.scoring.facet.rules import facets_of, with_fact
from kaohe_flow.scorebook.scoring.facts.rules import Fact, Refusal, Subject

NOUNS: Final = {"unit": "所在单位", "parent": "上级单位", "leaders": "单位领导", "members": "单位成员"}


def derived_id(origin: str, subject: str) -> str:
    """What a derived fact is called."""
    return f"{origin}→{subject}"


def fan_out(
    item: Item, fact: Fact, line: ScoreLine, scene: Scene, subjects: Sequence[Subject]
) -> tuple[list[Fact], list[Refusal]]:
    """What ``fact``, already scored as ``line``, means for unit, leaders and members.

    A derived fact carries ``origin`` and does not fan out again. Somebody who should be hit but is not among
    the subjects is reported, not forgotten.
    """
    derived: list[Fact] = []
    refused: list[Refusal] = []
    for rule in item.fan_out:
        if not _holds(rule, fact, scene):
            continue
        hit = [
            one
            for one in _hit(rule, scene.subject, subjects)
            if fits(rule.for_, facets_of(one, scene.sheet, scene.period))
        ]
        derived += [_derived(rule, fact, line, one) for one in hit]
        if not hit:
            text = f"应连带的对象（{NOUNS[rule.to]}）不在考核对象中"
            refused.append(Refusal(f"{fact.id}→{rule.item}", "", rule.item, "no-such-subject", text))
    return derived, refused


def _holds(rule: FanOut, fact: Fact, scene: Scene) -> bool:
    if rule.only_if is None:
        return True
    try:
        return value_of(rule.only_if, with_fact(scene.facets, fact)) is True
    except NoAmount:
        return False


def _hit(rule: FanOut, subject: Subject, subjects: Sequence[Subject]) -> Iterator[Subject]:
    own_unit = subject.id if subject.kind == "unit" else subject.unit
    if own_unit is None:
        return
    above = {one.id: one.parent for one in subjects if one.kind == "unit"}.get(own_unit)
    for one in subjects:
        found = {
            "unit": one.kind == "unit" and one.id == own_unit,
            "parent": one.kind == "unit" and one.id == above,
            "leaders": one.leads == own_unit,
            "members": one.unit == own_unit,
        }[rule.to]
        if found and one.id != subject.id:
            yield one


def _derived(rule: FanOut, fact: Fact, line: ScoreLine, to: Subject) -> Fact:
    points: Decimal | None = line.raw * rule.share if rule.share is not None else None
    return replace(
        fact,
        id=derived_id(fact.id, to.id),
        subject=to.id,
        item=rule.item,
        points=points if points is not None else fact.points,
        share=None,
        coauthors=Decimal(1),
        origin=fact.id,
        revoked=False,
        revokes=None,
    )
