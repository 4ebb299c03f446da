"""Weights of lines and modules: the scheme's own, temporary ones, those left by parts without data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal

from kaohe_flow.kernel.feel import Value
from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scheme.definition.amount.rules import resolve
from kaohe_flow.scheme.definition.cycle.rules import Period
from kaohe_flow.scheme.definition.sheet.rules import Line, Module, Sheet, TemporaryWeights
from kaohe_flow.scorebook.scoring.step.rules import shown


def weight_of(
    part: Line | Module, sheet: Sheet, facets: Mapping[str, Value], period: Period | None
) -> tuple[Decimal, str]:
    """The weight in force and, where it is temporary, why. Raises ``NoAmount`` when the table has none."""
    own = resolve(part.weight, facets) if part.weight is not None else ZERO
    if period is None:
        return own, ""
    for change in reversed(sheet.temporary_weights):
        if part.id not in change.weights:
            continue
        other = change.weights[part.id]
        reason = f"（{change.reason}）" if change.reason else ""
        if change.by == "last_day" and change.from_ <= period.last <= change.to:
            return other, f"临时权重 {shown(other)}{reason}，原为 {shown(own)}"
        shared = _shared_days(change, period)
        if change.by == "days" and shared:
            mean = (own * (period.days - shared) + other * shared) / period.days
            text = f"{shared} 天按 {shown(other)}、{period.days - shared} 天按 {shown(own)}"
            return mean, f"临时权重{reason}：{text}"
    return own, ""


def _shared_days(change: TemporaryWeights, period: Period) -> int:
    first, last = max(change.from_, period.first), min(change.to, period.last)
    return max(0, (last - first + timedelta(days=1)).days)


def spread(weights: Mapping[str, Decimal], missing: Iterable[str]) -> Decimal:
    """By what every present weight is multiplied so that none is lost; 1 when no part is left."""
    gone = frozenset(missing)
    present = sum((weight for id_, weight in weights.items() if id_ not in gone), ZERO)
    return sum(weights.values(), ZERO) / present if gone and present else Decimal(1)
