"""Points for one figure: ratio, threshold, bands, progressive steps, comparison with peers."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scheme.definition.item.rules import Item
from kaohe_flow.scheme.definition.limit.rules import Range
from kaohe_flow.scheme.definition.method.rules import (
    Bands,
    Compare,
    Partial,
    Progressive,
    Ratio,
    Step,
    Threshold,
)
from kaohe_flow.scorebook.scoring.award.reading.rules import (
    NotApplicable,
    figure,
    optional_target,
    own_figure,
    target_of,
)
from kaohe_flow.scorebook.scoring.award.scene.rules import Raw, Scene, need, signed
from kaohe_flow.scorebook.scoring.facts.rules import Fact, FactRefused
from kaohe_flow.scorebook.scoring.step.rules import shown

HUNDRED: Final = Decimal(100)


def ratio(item: Item, method: Ratio, facts: list[Fact], scene: Scene) -> list[Raw]:
    """Done adds up over the facts; every fact gets what it adds to full × done ÷ target."""
    results = []
    done_so_far, standing = ZERO, ZERO
    agreed: Decimal | None = None
    for fact in facts:
        target = target_of(fact, method.target, scene)
        if agreed is not None and target != agreed:
            text = f"目标值 {shown(target)} 与同一条目此前的 {shown(agreed)} 不一致"
            raise FactRefused(fact, "target-differs", text)
        agreed = target
        if target == ZERO:
            results.append(Raw(fact, ZERO, "目标为 0", "目标为 0，不适用", applicable=False))
            continue
        full = scene.full(item, fact)
        done_so_far += need(fact, "done", "完成数")
        reached = full * done_so_far / target
        capped = min(reached, full) if method.capped else reached
        note = "超额部分不计" if capped < reached else ""
        formula = f"{shown(full)} × {shown(done_so_far)} ÷ {shown(target)}"
        results.append(Raw(fact, signed(item.mode, capped - standing), formula, note, increment=True))
        standing = capped
    return results


def threshold(item: Item, method: Threshold, fact: Fact, scene: Scene) -> tuple[Decimal, str]:
    """Full points at the limit or beyond it, less below it as the rule says."""
    full = scene.full(item, fact)
    value = figure(method.reading, fact, method.target, scene)
    target = optional_target(fact, method.target, scene)
    if method.full_at.bound is None and target is None:
        raise FactRefused(fact, "figure-missing", "缺少目标值（target）")
    bound = method.full_at.against(target)
    met = method.full_at.holds(value, target)
    formula = f"{shown(value)} {'符合' if met else '不符合'} {method.full_at}"
    if met:
        extra, text = _steps(method.above, abs(value - bound)) if method.above else (ZERO, "")
        return full + extra, f"{formula}，得满分 {shown(full)}{text}"
    points, text = _short_of(method, full, value, bound)
    low = scene.number(item.floor, fact) if item.floor is not None else ZERO
    return max(low, points), f"{formula}{text}"


def _short_of(method: Threshold, full: Decimal, value: Decimal, bound: Decimal) -> tuple[Decimal, str]:
    if method.otherwise == "linear" and method.zero_at is not None:
        span = bound - method.zero_at
        points = full * (value - method.zero_at) / span if span else ZERO
        return min(full, points), f"，{shown(full)} ×（{shown(value)} − {method.zero_at}）÷ {shown(span)}"
    if method.otherwise == "pro_rata":
        upper, lower = (value, bound) if method.full_at.upward else (bound, value)
        points = full * upper / lower if lower else ZERO
        return min(full, points), f"，{shown(full)} × {shown(upper)} ÷ {shown(lower)}"
    if method.otherwise == "steps" and method.below is not None:
        lost, text = _steps(method.below, abs(value - bound))
        return full - lost, f"，满分 {shown(full)}，扣{text}"
    return ZERO, "，得 0"


def _steps(step: Step, distance: Decimal) -> tuple[Decimal, str]:
    """Points for a distance from the limit; partial steps as the rule says."""
    count = _whole(distance / step.every, step.partial)
    points = abs(step.points) * count
    if step.max is not None:
        points = min(points, abs(step.max))
    return points, f" {shown(abs(step.points))} × {shown(count)} 档"


def _whole(count: Decimal, partial: Partial) -> Decimal:
    if partial is Partial.PROPORTIONAL:
        return count
    rounding = ROUND_FLOOR if partial is Partial.IGNORE else ROUND_CEILING
    return count.to_integral_value(rounding=rounding)


def bands(item: Item, method: Bands, fact: Fact, scene: Scene) -> tuple[Decimal, str]:
    """The points of the first band that holds. Raises ``FactRefused`` when none does."""
    value = figure(method.reading, fact, method.target, scene)
    target = optional_target(fact, method.target, scene)
    for band in method.bands:
        if not isinstance(band.when, Range) and band.when.bound is None and target is None:
            raise FactRefused(fact, "figure-missing", "缺少目标值（target）")
        if not band.when.holds(value, target):
            continue
        points = scene.number(band.points, fact)
        if band.to is not None and isinstance(band.when, Range) and band.when.high > band.when.low:
            share = (band.to - points) * (value - band.when.low) / (band.when.high - band.when.low)
            return signed(item.mode, points + share), f"{shown(value)} 在 {band.when} 内按比例"
        return signed(item.mode, points), f"{shown(value)} 符合 {band.when}"
    raise FactRefused(fact, "no-band", f"数值 {shown(value)} 不在任何一档之内")


def progressive(_item: Item, method: Progressive, fact: Fact, scene: Scene) -> tuple[Decimal, str]:
    """Always a deduction. Steps of ``every`` per cent of the control figure; with a control of 0, none."""
    control, actual = target_of(fact, method.control, scene), need(fact, "value", "实际数")
    text = f"实际 {shown(actual)}，控制数 {shown(control)}"
    if actual <= control:
        return ZERO, f"{text}，未超"
    excess = (actual - control) * HUNDRED
    steps = _whole(excess / (control * method.every), method.partial) if control else ZERO
    points = abs(method.first) + abs(method.step) * steps
    return -points, f"{text}，{shown(abs(method.first))} + {shown(abs(method.step))} × {shown(steps)} 档"


def compare(item: Item, method: Compare, fact: Fact, scene: Scene) -> tuple[Decimal, str]:
    """Equal figures all get full points; a peer without a figure is not compared."""
    full = scene.full(item, fact)
    own = own_figure(method.reading, fact, method.target, scene)
    peers = scene.peers.get(item.id, ()) or (own,)
    best, worst = (max(peers), min(peers)) if method.direction == "up" else (min(peers), max(peers))
    if method.method == "min_max":
        if best == worst:
            return full, f"各对象数值相同（{shown(own)}），均得满分"
        points = method.base + (full - method.base) * (own - worst) / (best - worst)
        span = f"（{shown(own)} − {shown(worst)}）÷（{shown(best)} − {shown(worst)}）"
        return points, f"{shown(method.base)} + {shown(full - method.base)} × {span}"
    if method.method == "place":
        return _by_place(method, full, own, peers)
    against = best if method.method == "ratio_to_best" else sum(peers, ZERO) / len(peers)
    upper, lower = (own, against) if method.direction == "up" else (against, own)
    if lower == ZERO:
        raise NotApplicable("比较对象的数值为 0，不能比较")
    return max(
        method.base, min(full, full * upper / lower)
    ), f"{shown(full)} × {shown(upper)} ÷ {shown(lower)}"


def _by_place(
    method: Compare, full: Decimal, own: Decimal, peers: tuple[Decimal, ...]
) -> tuple[Decimal, str]:
    better = [one for one in peers if (one > own if method.direction == "up" else one < own)]
    place = len(better) + 1
    if method.places:
        points = method.places[place - 1] if place <= len(method.places) else method.base
        return points, f"第 {place} 名"
    step = abs(method.step or ZERO)
    return max(
        method.base, full - step * (place - 1)
    ), f"第 {place} 名：{shown(full)} − {shown(step)} × {place - 1}"
