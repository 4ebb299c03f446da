"""Tariffs: price × count, escalating sequences, tiers, free allowances and "n or more"."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import Final

from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scheme.definition.amount.rules import Amount, Discretion
from kaohe_flow.scheme.definition.item.rules import Item
from kaohe_flow.scheme.definition.method.rules import Option, Tariff
from kaohe_flow.scorebook.scoring.award.scene.rules import Raw, Scene, need, signed, within
from kaohe_flow.scorebook.scoring.facts.rules import Fact, FactRefused
from kaohe_flow.scorebook.scoring.step.rules import shown

ONE: Final = Decimal(1)


def tariff(item: Item, method: Tariff, facts: list[Fact], scene: Scene) -> list[Raw]:
    """One result per fact: what it adds to the points of all occurrences so far, in order."""
    results = []
    counted, standing, uncut = ZERO, ZERO, ZERO
    for fact in facts:
        before, counted = counted, counted + fact.count
        gain, formula = _gain(item, method, fact, scene, (before, counted))
        uncut += gain
        reached = _reached(item, method, counted, scene, fact)
        now = uncut if reached is None else reached
        note = "" if reached is None else f"累计 {shown(counted)} {item.per}，按规定合计 {shown(reached)} 分"
        results.append(Raw(fact, now - standing, formula, note))
        standing = now
    return results


def _gain(
    item: Item, method: Tariff, fact: Fact, scene: Scene, span: tuple[Decimal, Decimal]
) -> tuple[Decimal, str]:
    """Points for the occurrences from the first to the second count of ``span``, and how they came about."""
    before, after = span
    if method.sequence or method.tiers:
        schedule = _escalated if method.sequence else _tiered
        gain = signed(item.mode, schedule(method, after) - schedule(method, before))
        return gain, f"第 {shown(before)} 至 {shown(after)} {item.per}：{shown(gain)}"
    if method.points is None and not method.options:
        return ZERO, f"第 {shown(after)} {item.per}"
    price = signed(item.mode, _price(item, method, fact, scene))
    extra = _surcharge(item, fact)
    times = _effective(method, after) - _effective(method, before)
    more = f"（{shown(price)} 加码 {shown(extra)}）" if extra else shown(price)
    return (price + extra) * times, f"{more} × {shown(times)} {item.per}"


def _price(item: Item, method: Tariff, fact: Fact, scene: Scene) -> Decimal:
    chosen = method.points
    option = chosen_option(method, fact)
    if option is not None:
        chosen = option.points if isinstance(option, Option) else option
    if isinstance(chosen, Discretion):
        given = need(fact, "points", "评分人给的分值")
        limits = sorted((signed(item.mode, chosen.min), signed(item.mode, chosen.max)))
        return within(fact, signed(item.mode, given), limits[0], limits[1])
    if chosen is None:
        raise FactRefused(fact, "no-amount", "条目没有分值")
    return scene.number(chosen, fact)


def chosen_option(method: Tariff, fact: Fact) -> Option | Amount | Discretion | None:
    """The case of the tariff that the fact names, None where it need not name one. Raises ``FactRefused``."""
    if not method.options:
        return None
    is_handed_on = fact.origin is not None and fact.option not in method.options
    if method.points is not None and (fact.option is None or is_handed_on):
        return None
    if fact.option is None or fact.option not in method.options:
        listed = "、".join(method.options)
        raise FactRefused(fact, "unknown-option", f"情形“{fact.option or '未填'}”不在条目所列之内：{listed}")
    return method.options[fact.option]


def _surcharge(item: Item, fact: Fact) -> Decimal:
    unknown = [name for name in fact.surcharges if name not in item.surcharges]
    if unknown:
        raise FactRefused(fact, "unknown-surcharge", f"条目没有加码情形“{'、'.join(unknown)}”")
    return sum((signed(item.mode, item.surcharges[name]) for name in fact.surcharges), ZERO)


def _effective(method: Tariff, count: Decimal) -> Decimal:
    """Occurrences that cost: beyond the free ones, and only whole lots of ``every``."""
    beyond = max(ZERO, count - method.free)
    if method.every == ONE:
        return beyond
    return (beyond / method.every).to_integral_value(rounding=ROUND_FLOOR)


def _escalated(method: Tariff, count: Decimal) -> Decimal:
    """Sum of the first ``count`` steps of the sequence, then the last step or the one named."""
    whole = int((count - method.free).to_integral_value(rounding=ROUND_FLOOR))
    listed = method.sequence[: max(0, whole)]
    beyond = max(0, whole - len(method.sequence))
    after = method.sequence[-1] if method.then == "last" else Decimal(method.then)
    return sum(listed, ZERO) + after * beyond


def _tiered(method: Tariff, count: Decimal) -> Decimal:
    left, start, total = max(ZERO, count - method.free), ZERO, ZERO
    for tier in method.tiers:
        width = left if tier.up_to is None else min(left, tier.up_to - start)
        total += tier.points * width
        left -= width
        start = tier.up_to if tier.up_to is not None else start
    return total


def _reached(item: Item, method: Tariff, count: Decimal, scene: Scene, fact: Fact) -> Decimal | None:
    """What the entries add up to once a count of ``reach`` is met; ``total`` speaks of the item's result."""
    met = [reach for reach in method.reach if count >= reach.count]
    if not met:
        return None
    highest = max(met, key=lambda reach: reach.count)
    if item.starts_full:
        left = ZERO if highest.total == "all" else Decimal(highest.total)
        return left - scene.full(item, fact)
    if highest.total != "all":
        return signed(item.mode, Decimal(highest.total))
    return signed(item.mode, scene.number(item.cap or ZERO, fact))
