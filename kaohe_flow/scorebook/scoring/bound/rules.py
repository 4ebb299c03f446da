"""Item limit → same deed → group limit, on drafts in order.

A deed that is replaced by a higher one takes no room under any limit. Sums are netted first; what still lies
beyond a limit is taken off the latest entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from kaohe_flow.kernel.feel import Value
from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scheme.definition.amount.rules import NoAmount
from kaohe_flow.scheme.definition.item.rules import NO_LIMIT, Bounds, Item, Over, bounds_of
from kaohe_flow.scheme.definition.sheet.rules import Group, Sheet
from kaohe_flow.scorebook.scoring.award.rules import Draft
from kaohe_flow.scorebook.scoring.facts.rules import Fact, FactRefused
from kaohe_flow.scorebook.scoring.step.rules import shown

OPEN: Final = Bounds()


class Limits:
    """The limits that hold for one subject: of its items, of its groups, less what was taken before."""

    def __init__(self, sheet: Sheet, facets: Mapping[str, Value], carried: Mapping[str, Decimal]) -> None:
        self.sheet = sheet
        self.facets = facets
        self.carried = carried

    def of_item(self, item: Item, fact: Fact) -> Bounds:
        try:
            return self._less_carried(bounds_of(item, self.facets), item.id)
        except NoAmount as exc:
            raise FactRefused(fact, "no-amount", str(exc)) from exc

    def of_group(self, group: Group) -> Bounds:
        low = group.floor if group.floor is not None else -NO_LIMIT
        high = group.cap if group.cap is not None else NO_LIMIT
        return self._less_carried(Bounds(low, high), group.id)

    def groups_of(self, item: Item) -> list[Group]:
        return [group for group in self.sheet.groups if group.id in item.group]

    def _less_carried(self, bounds: Bounds, id_: str) -> Bounds:
        taken = self.carried.get(id_, ZERO)
        return Bounds(min(ZERO, bounds.low - taken), max(ZERO, bounds.high - taken)) if taken else bounds


def bound(drafts: list[Draft], limits: Limits, *, cut: bool = True) -> None:
    """Puts the three steps on every draft. With ``cut`` false sums are left as they are, to be judged."""
    singles = {id(draft): _single(draft, limits) for draft in drafts}
    replaced = _replaced(drafts, singles, limits)
    standing = [draft for draft in drafts if id(draft) not in replaced]
    for draft in drafts:
        if id(draft) in replaced:
            draft.take("item_limit", "条目限额", "", singles[id(draft)])
            draft.take("same_deed", "同一事迹", "就高不就低", ZERO, replaced[id(draft)])
    for of_item in _by_item(standing):
        bounds = limits.of_item(of_item[0].item, of_item[0].fact) if cut else OPEN
        kept = _trimmed([singles[id(draft)] for draft in of_item], bounds)
        for draft, value in zip(of_item, kept, strict=True):
            text, note = _told(bounds, draft.value, value)
            draft.take("item_limit", "条目限额", text, value, note)
            draft.take("same_deed", "同一事迹", "", value)
    for group in limits.sheet.groups if cut else ():
        _limit_group(group, [one for one in drafts if group.id in one.item.group], limits.of_group(group))
    for draft in drafts:
        if draft.steps[-1].name != "group_limit":
            draft.take("group_limit", "分组限额", "", draft.value)


def _limit_group(group: Group, members: list[Draft], bounds: Bounds) -> None:
    kept = _trimmed([draft.value for draft in members], bounds)
    for draft, value in zip(members, kept, strict=True):
        text, note = _told(bounds, draft.value, value)
        label = f"{group.title}：{text}" if text else group.title
        draft.take("group_limit", "分组限额", label, value, note)


def _single(draft: Draft, limits: Limits) -> Decimal:
    """One entry alone never exceeds what the item may give or take in all, nor ``cap_each``."""
    bounds = limits.of_item(draft.item, draft.fact)
    each = abs(draft.item.cap_each) if draft.item.cap_each is not None else NO_LIMIT
    if draft.item.over is Over.REFUSE:
        bounds = OPEN
    low, high = max(-each, min(bounds.low, ZERO)), min(each, max(bounds.high, ZERO))
    return max(low, min(high, draft.value))


def _replaced(drafts: list[Draft], singles: Mapping[int, Decimal], limits: Limits) -> dict[int, str]:
    """Drafts whose deed counts elsewhere already, with the sentence that says where."""
    beaten: dict[int, str] = {}
    circles: dict[tuple[str, str, bool], list[Draft]] = {}
    for draft in drafts:
        if draft.fact.deed is None or singles[id(draft)] == ZERO:
            continue
        names = [f"group:{one.id}" for one in limits.groups_of(draft.item) if one.same_deed == "highest"]
        if draft.item.same_deed == "highest":
            names.append(f"item:{draft.item.id}")
        for name in names:
            circles.setdefault((name, draft.fact.deed, singles[id(draft)] > ZERO), []).append(draft)
    for (_, deed, _), rivals in circles.items():
        winner = max(rivals, key=lambda one: abs(singles[id(one)]))
        for draft in rivals:
            if draft is not winner:
                beaten[id(draft)] = f"同一事迹“{deed}”已按 {winner.fact.id} 计"
    return beaten


def _by_item(drafts: Iterable[Draft]) -> list[list[Draft]]:
    circles: dict[str, list[Draft]] = {}
    for draft in drafts:
        circles.setdefault(draft.item.id, []).append(draft)
    return list(circles.values())


def _trimmed(values: list[Decimal], bounds: Bounds) -> list[Decimal]:
    """The same values with the excess of their sum taken off the latest ones of the excess's sign."""
    total = sum(values, ZERO)
    excess = total - max(bounds.low, min(bounds.high, total))
    kept = list(values)
    for position in reversed(range(len(kept))):
        if excess > ZERO and kept[position] > ZERO:
            taken = min(excess, kept[position])
        elif excess < ZERO and kept[position] < ZERO:
            taken = max(excess, kept[position])
        else:
            continue
        kept[position] -= taken
        excess -= taken
    return kept


def _told(bounds: Bounds, before: Decimal, after: Decimal) -> tuple[str, str]:
    low = "" if bounds.low <= -NO_LIMIT else f"最低 {shown(bounds.low)}"
    high = "" if bounds.high >= NO_LIMIT else f"最高 {shown(bounds.high)}"
    note = "" if before == after else f"超出限额 {shown(before - after)} 分不计"
    return "，".join(part for part in (low, high) if part), note


def refuses(sheet: Sheet) -> bool:
    """Whether some limit of the sheet turns facts away instead of cutting them."""
    parts: list[Item | Group] = [*sheet.groups, *sheet.items]
    return any(part.over is Over.REFUSE for part in parts)


def judge(fact: Fact, drafts: list[Draft], limits: Limits) -> None:
    """Raises ``FactRefused`` when ``fact``, the latest of ``drafts``, breaks a limit that refuses."""
    own = next(draft for draft in drafts if draft.fact is fact)
    if own.item.over is Over.REFUSE:
        total = sum((draft.value for draft in drafts if draft.item.id == own.item.id), ZERO)
        _judge_sum(own, total, limits.of_item(own.item, fact), f"条目“{own.item.title}”")
    for group in limits.groups_of(own.item):
        if group.over is Over.REFUSE:
            total = sum((draft.value for draft in drafts if group.id in draft.item.group), ZERO)
            _judge_sum(own, total, limits.of_group(group), f"分组“{group.title}”")


def _judge_sum(own: Draft, total: Decimal, bounds: Bounds, where: str) -> None:
    before = total - own.value
    if total > bounds.high and own.value > ZERO:
        left = shown(max(ZERO, bounds.high - before))
        text = f"{where}只剩 {left} 分可加，本次要加 {shown(own.value)} 分，不予计入"
        raise FactRefused(own.fact, "over-limit", text)
    if total < bounds.low and own.value < ZERO:
        left = shown(max(ZERO, before - bounds.low))
        text = f"{where}只剩 {left} 分可扣，本次要扣 {shown(-own.value)} 分，不予计入"
        raise FactRefused(own.fact, "over-limit", text)
