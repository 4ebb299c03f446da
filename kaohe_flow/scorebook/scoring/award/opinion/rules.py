"""Verdicts in words, points given by reviewers, votes and marks of many."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scheme.definition.amount.rules import NoAmount, number_of
from kaohe_flow.scheme.definition.item.rules import Item, Mode
from kaohe_flow.scheme.definition.method.rules import Formula, Judged, Poll, Verdict
from kaohe_flow.scorebook.scoring.award.scene.rules import Scene, need, signed, within
from kaohe_flow.scorebook.scoring.facet.rules import with_fact
from kaohe_flow.scorebook.scoring.facts.rules import Fact, FactRefused
from kaohe_flow.scorebook.scoring.step.rules import shown

ONE: Final = Decimal(1)


def verdict(item: Item, method: Verdict, fact: Fact, scene: Scene) -> tuple[Decimal, str]:
    if fact.verdict is None or fact.verdict not in method.verdicts:
        listed = "、".join(method.verdicts)
        raise FactRefused(fact, "unknown-verdict", f"结论“{fact.verdict or '未填'}”不在所列之内：{listed}")
    points = scene.number(method.verdicts[fact.verdict], fact)
    return signed(item.mode, points), f"结论“{fact.verdict}”：{shown(points)}"


def judged(item: Item, method: Judged, fact: Fact, scene: Scene) -> tuple[Decimal, str]:
    """The reviewer's points inside the limits; a penalty may be written with or without its minus."""
    given = need(fact, "points", "评分人给的分值")
    low = scene.number(method.min, fact) if method.min is not None else ZERO
    high = scene.number(method.max, fact) if method.max is not None else scene.full(item, fact)
    if item.mode is Mode.REWARD and given < ZERO:
        raise FactRefused(fact, "sign", "加分条目不能给负分")
    amount = abs(given) if item.mode is Mode.PENALTY else given
    if item.mode is Mode.PENALTY:
        low, high = sorted((abs(low), abs(high)))
    within(fact, amount, low, high)
    points = signed(item.mode, amount)
    return points, f"评定 {shown(points)} 分"


def poll(item: Item, method: Poll, fact: Fact, scene: Scene) -> tuple[Decimal, str]:
    """Mean of the votes or trimmed mean of the marks, from the scale of the form to the full points."""
    tally = [(mark, ONE) for mark in fact.marks]
    for word, count in fact.votes.items():
        if word not in method.votes:
            listed = "、".join(method.votes)
            raise FactRefused(fact, "unknown-vote", f"票“{word}”不在所列之内：{listed}")
        tally.append((method.votes[word], count))
    given = sum((count for _, count in tally), ZERO)
    if given < method.minimum:
        text = f"有效 {shown(given)} 份，少于最少 {shown(method.minimum)} 份，按无数据处理"
        raise FactRefused(fact, "too-few", text)
    lower = _without_first(sorted(tally), method.trim)
    kept = _without_first(lower[::-1], method.trim)
    left = sum((count for _, count in kept), ZERO)
    if left == ZERO:
        raise FactRefused(fact, "too-few", f"去掉最高、最低各 {shown(method.trim)} 个后没有剩下的评分")
    full, marks = scene.full(item, fact), sum((mark * count for mark, count in kept), ZERO)
    points = full * marks / (left * method.scale)
    text = f"{shown(left)} 份平均 {shown(marks / left)}，× {shown(full)} ÷ {shown(method.scale)}"
    return signed(item.mode, points), text


def _without_first(tally: list[tuple[Decimal, Decimal]], count: Decimal) -> list[tuple[Decimal, Decimal]]:
    """The tally of (mark, how often) without its first ``count`` marks."""
    kept = []
    for mark, often in tally:
        dropped = min(count, often)
        count -= dropped
        if often > dropped:
            kept.append((mark, often - dropped))
    return kept


def formula(item: Item, method: Formula, fact: Fact, scene: Scene) -> tuple[Decimal, str]:
    full = scene.full(item, fact)
    try:
        points = number_of(method.formula, with_fact(scene.facets, fact, full=full))
    except NoAmount as exc:
        raise FactRefused(fact, "no-amount", str(exc)) from exc
    return signed(item.mode, points), f"{method.formula} = {shown(points)}"
