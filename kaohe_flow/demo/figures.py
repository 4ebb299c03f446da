"""Figures that officers report and reviewers find, fitting the way an indicator is scored."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Final

from kaohe_flow.casework.submission.rules import (
    ClaimContent,
    Figure,
    Finding,
    Quality,
    asked_figures,
    point_limits,
)
from kaohe_flow.scheme.definition.item.rules import Item
from kaohe_flow.scheme.definition.method.rules import Judged, Ratio

HALF: Final = Decimal("0.5")
# How much of the full points a reviewer finds: mostly all, sometimes less.
FOUND: Final = {Decimal(1): 60, Decimal("0.9"): 20, Decimal("0.8"): 12, Decimal("0.6"): 8}
QUALITIES: Final = {Quality.EXCELLENT: 70, Quality.GOOD: 22, Quality.FAIR: 8}
HITS: Final = (100, 100, 100, 99, 98, 97, 96, 95, 93, 90, 84)  # per cent of what was to be done
HUNDRED: Final = Decimal(100)
QUOTA: Final = Decimal(40)  # of a ratio; it may not differ between two reports of a month


def reported(chance: Random, item: Item, content: ClaimContent) -> ClaimContent:
    """The report with the figures its rule asks of the officer; none where the reviewer judges."""
    asked = asked_figures(item.method)
    target, share = Decimal(chance.randrange(20, 61)), Decimal(chance.choice(HITS)) / HUNDRED
    target = QUOTA if isinstance(item.method, Ratio) else target
    done = (target * share).to_integral_value(ROUND_HALF_UP)
    return replace(
        content,
        target=target if Figure.TARGET in asked else None,
        done=done if Figure.DONE in asked else None,
        count=Decimal(chance.randrange(1, 4)) if Figure.COUNT in asked else None,
        value=share * HUNDRED if Figure.VALUE in asked else None,
    )


def found(chance: Random, item: Item, opinion: str) -> Finding:
    """What a reviewer who approves finds: the points, or how well the work was done."""
    if not isinstance(item.method, Judged):
        quality = chance.choices(tuple(QUALITIES), tuple(QUALITIES.values()))[0]
        return Finding("approve", opinion, quality=quality)
    full = item.full if isinstance(item.full, Decimal) else point_limits(item)[1]
    share = chance.choices(tuple(FOUND), tuple(FOUND.values()))[0]
    return Finding("approve", opinion, points=(full * share / HALF).to_integral_value(ROUND_HALF_UP) * HALF)
