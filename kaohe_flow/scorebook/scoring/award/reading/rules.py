"""Figures read from facts: values, rates, changes, shares of the mean or of the best."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scheme.definition.amount.rules import Amount
from kaohe_flow.scheme.definition.method.rules import Reading
from kaohe_flow.scorebook.scoring.award.scene.rules import Scene, need
from kaohe_flow.scorebook.scoring.facts.rules import Fact, FactRefused

HUNDRED: Final = Decimal(100)


class NotApplicable(Exception):
    """The figure has no meaning here (target or comparison value 0); carries the sentence."""


def target_of(fact: Fact, target: Amount | None, scene: Scene) -> Decimal:
    """The fact's own target, else the item's. Raises ``FactRefused``."""
    if fact.target is not None:
        return fact.target
    if target is None:
        raise FactRefused(fact, "figure-missing", "缺少目标值（target）")
    return scene.number(target, fact)


def optional_target(fact: Fact, target: Amount | None, scene: Scene) -> Decimal | None:
    return None if fact.target is None and target is None else target_of(fact, target, scene)


def own_figure(reading: Reading, fact: Fact, target: Amount | None, scene: Scene) -> Decimal:
    """The figure of the fact alone; rates and changes are per cent (95 is 95 %).

    Raises ``NotApplicable`` for a target or comparison value of 0, ``FactRefused`` when a figure is missing.
    """
    if reading is Reading.RATE:
        done, wanted = need(fact, "done", "完成数"), target_of(fact, target, scene)
        if wanted == ZERO:
            raise NotApplicable("目标为 0，不适用")
        return done * HUNDRED / wanted
    value = need(fact, "value", "数值")
    if reading is Reading.CHANGE:
        previous = need(fact, "previous", "上期数值")
        if previous == ZERO:
            raise NotApplicable("上期数值为 0，不能比较")
        return (value - previous) * HUNDRED / previous
    if reading is Reading.GAP:
        return value - target_of(fact, target, scene)
    return value


def figure(reading: Reading, fact: Fact, target: Amount | None, scene: Scene) -> Decimal:
    """The figure the rule looks at, after comparison with the peers where the reading asks for it."""
    own = own_figure(reading, fact, target, scene)
    if reading not in {Reading.PERCENT_OF_MEAN, Reading.PERCENT_OF_BEST}:
        return own
    peers = scene.peers.get(fact.item, ()) or (own,)
    against = max(peers) if reading is Reading.PERCENT_OF_BEST else sum(peers, ZERO) / len(peers)
    if against == ZERO:
        raise NotApplicable("比较对象的数值为 0，不能比较")
    return own * HUNDRED / against
