"""From the facts of one item to raw points: the rule, the share, the mitigation — in this order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeAlias

from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scheme.definition.item.rules import Authors, Item
from kaohe_flow.scheme.definition.method.rules import (
    Bands,
    Choice,
    Compare,
    Formula,
    Judged,
    Option,
    Poll,
    Progressive,
    Ratio,
    Tariff,
    Threshold,
    TotalOf,
    Verdict,
)
from kaohe_flow.scorebook.scoring.award.measure.rules import bands, compare, progressive, ratio, threshold
from kaohe_flow.scorebook.scoring.award.opinion.rules import formula, judged, poll, verdict
from kaohe_flow.scorebook.scoring.award.reading.rules import NotApplicable
from kaohe_flow.scorebook.scoring.award.scene.rules import Raw, Scene, need
from kaohe_flow.scorebook.scoring.award.tariff.rules import chosen_option, tariff
from kaohe_flow.scorebook.scoring.facts.rules import Fact, FactRefused
from kaohe_flow.scorebook.scoring.step.rules import Step, shown

ONE: Final = Decimal(1)


@dataclass(slots=True)
class Draft:
    """A score line in the making; ``value`` is exact until it is rounded."""

    fact: Fact
    item: Item
    value: Decimal
    steps: list[Step]
    applicable: bool = True
    increment: bool = False

    def take(self, name: str, label: str, formula_: str, after: Decimal, note: str = "") -> None:
        """One more step: the value becomes ``after``."""
        self.steps.append(Step(name, label, formula_, self.value, after, note))
        self.value = after


Single: TypeAlias = Callable[[Item, Any, Fact, Scene], tuple[Decimal, str]]


def _total_of(_item: Item, _method: TotalOf, fact: Fact, _scene: Scene) -> tuple[Decimal, str]:
    value = need(fact, "value", "被引用的总分")
    return value, f"{fact.note or '引用总分'} {shown(value)}"


SINGLE: Final[dict[type, Single]] = {
    Threshold: threshold,
    Bands: bands,
    Verdict: verdict,
    Judged: judged,
    Progressive: progressive,
    Compare: compare,
    Poll: poll,
    TotalOf: _total_of,
    Formula: formula,
}


def draft_item(item: Item, facts: list[Fact], scene: Scene) -> list[Draft]:
    """Drafts of all facts of one item, in order. Raises ``FactRefused`` for the first that cannot count."""
    drafts = []
    for raw in _by_rule(item, facts, scene):
        rule = Step("rule", "记分规则", raw.formula, ZERO, raw.points, raw.note)
        draft = Draft(raw.fact, item, raw.points, [rule], raw.applicable, raw.increment)
        _share(draft)
        _mitigate(draft, scene)
        drafts.append(draft)
    return drafts


def _by_rule(item: Item, facts: list[Fact], scene: Scene) -> list[Raw]:
    method = item.method
    if isinstance(method, Tariff):
        return tariff(item, method, facts, scene)
    if isinstance(method, Ratio):
        return ratio(item, method, facts, scene)
    raws = []
    for fact in facts:
        try:
            points, text = SINGLE[type(method)](item, method, fact, scene)
            raws.append(Raw(fact, points, text))
        except NotApplicable as exc:
            raws.append(Raw(fact, ZERO, str(exc), str(exc), applicable=False))
    return _chosen(getattr(method, "choose", Choice.SUM), raws)


def _chosen(choose: Choice, raws: list[Raw]) -> list[Raw]:
    """Which of several figures of one item counts; the others stay visible with 0."""
    counting = [raw for raw in raws if raw.applicable]
    if choose is Choice.SUM or len(counting) < 2:  # noqa: PLR2004 - one figure needs no choice
        return raws
    if choose in {Choice.MEAN, Choice.DAY_WEIGHTED}:
        return [_weighted(raw, counting, choose) if raw.applicable else raw for raw in raws]
    taken = {
        Choice.LAST: counting[-1],
        Choice.HIGHEST: max(counting, key=lambda raw: raw.points),
        Choice.LOWEST: min(counting, key=lambda raw: raw.points),
    }[choose]
    note = f"以 {taken.fact.id} 的数据为准"
    return [raw if raw is taken else Raw(raw.fact, ZERO, raw.formula, note) for raw in raws]


def _weighted(raw: Raw, counting: list[Raw], choose: Choice) -> Raw:
    weights = [one.fact.days if choose is Choice.DAY_WEIGHTED else ONE for one in counting]
    own = raw.fact.days if choose is Choice.DAY_WEIGHTED else ONE
    total = sum(weights, ZERO)
    if total == ZERO:
        raise FactRefused(raw.fact, "figure-missing", "天数合计为 0，不能加权")
    text = f"（{raw.formula}）× {shown(own)} ÷ {shown(total)}"
    return Raw(raw.fact, raw.points * own / total, text, raw.note, increment=True)


def _share(draft: Draft) -> None:
    """Co-authors: everybody in full, the mean, or declared shares."""
    item, fact = draft.item, draft.fact
    if item.coauthors is Authors.MEAN:
        if fact.coauthors < ONE:
            raise FactRefused(fact, "coauthors", "人数（coauthors）不能小于 1")
        draft.take("share", "分摊", f"÷ {shown(fact.coauthors)} 人", draft.value / fact.coauthors)
        return
    if item.coauthors is Authors.FULL:
        if fact.share is not None:
            raise FactRefused(fact, "share", "该条目不按份额计分，请去掉 share")
        draft.take("share", "分摊", "× 1", draft.value, "不分摊")
        return
    share = fact.share if fact.share is not None else item.shares.get(fact.role or "")
    if share is None and fact.coauthors == ONE and fact.role is None:
        share = ONE
    if share is None:
        listed = "、".join(item.shares) or "（未列）"
        raise FactRefused(fact, "share", f"缺少份额：写 share，或 role 为其中之一：{listed}")
    if share > ONE:
        raise FactRefused(fact, "share", f"份额 {shown(share)} 超过 1（100%）")
    draft.take("share", "分摊", f"× {shown(share)}", draft.value * share)


def _mitigate(draft: Draft, scene: Scene) -> None:
    """Quality as found, then named circumstances; one the item does not recognise changes nothing."""
    known = scene.sheet.mitigations
    recognised = known.keys() if draft.item.mitigations is None else set(draft.item.mitigations)
    factor, notes = ONE, []
    if draft.fact.quality is not None:
        if draft.fact.quality > ONE:
            raise FactRefused(draft.fact, "quality", f"完成质量折算 {shown(draft.fact.quality)} 超过 1")
        factor *= draft.fact.quality
        notes.append(f"完成质量 × {shown(draft.fact.quality)}")
    for name in draft.fact.mitigation:
        if name not in known:
            listed = "、".join(known) or "（无）"
            raise FactRefused(draft.fact, "unknown-mitigation", f"方案没有情节“{name}”，已有：{listed}")
        if name in recognised:
            factor *= known[name]
            notes.append(f"{name} × {shown(known[name])}")
        else:
            notes.append(f"{name}不适用于本条目")
    draft.take("mitigation", "情节", f"× {shown(factor)}", draft.value * factor, "；".join(notes))


def consequences(draft: Draft) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Vetoes and flags of the item and of the chosen case."""
    item = draft.item
    vetoes, flags = list(item.veto), list(item.flags)
    if isinstance(item.method, Tariff):
        option = chosen_option(item.method, draft.fact)
        if isinstance(option, Option):
            vetoes += option.veto
            flags += option.flags
    return tuple(dict.fromkeys(one.value for one in vetoes)), tuple(dict.fromkeys(flags))
