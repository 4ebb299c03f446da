"""Facts made of totals: one's unit, one's members, one's own other sheet; and parts of one period joined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scheme.definition.amount.rules import fits
from kaohe_flow.scheme.definition.item.rules import Item
from kaohe_flow.scheme.definition.method.rules import TotalOf
from kaohe_flow.scheme.definition.rules import Scheme
from kaohe_flow.scheme.definition.sheet.rules import Sheet
from kaohe_flow.scorebook.scoring.award.scene.rules import Scene
from kaohe_flow.scorebook.scoring.facet.rules import facets_of
from kaohe_flow.scorebook.scoring.facts.rules import Fact, Subject
from kaohe_flow.scorebook.scoring.step.rules import Step, settle, shown
from kaohe_flow.scorebook.scoring.total.rules import Total

Known: TypeAlias = Mapping[tuple[str, str, str], Total]
NOUNS: Final = {"self": "本人", "unit": "所在单位", "members": "成员平均"}


def in_dependency_order(scheme: Scheme) -> list[Sheet]:
    """Sheets whose totals are used by others come first; otherwise the order of the file."""
    needs = {
        sheet.id: {one.method.sheet for one in sheet.items if isinstance(one.method, TotalOf)}
        for sheet in scheme.sheets
    }
    ordered: list[Sheet] = []
    waiting = list(scheme.sheets)
    while waiting:
        done = {one.id for one in ordered}
        ready = next((one for one in waiting if needs[one.id] <= done), waiting[0])
        ordered.append(ready)
        waiting.remove(ready)
    return ordered


def facts_from_totals(scene: Scene, subjects: Sequence[Subject], known: Known) -> Iterator[Fact]:
    """One fact per item that takes another total over; none when that total is missing."""
    for item in scene.sheet.items:
        if not isinstance(item.method, TotalOf):
            continue
        value = _value(item.method, scene, scene.subject, subjects, known)
        if value is not None:
            title = f"{NOUNS[item.method.whose]}“{item.method.sheet}”总分"
            converted = _converted(item, value, scene, subjects, known)
            if converted != value:
                title = f"{title} {shown(value)}，折算"
            id_ = f"{item.id}←{item.method.sheet}"
            yield Fact(id_, scene.subject.id, item.id, value=converted, note=title)


def _value(
    method: TotalOf, scene: Scene, whose: Subject, subjects: Sequence[Subject], known: Known
) -> Decimal | None:
    label = scene.period.label if scene.period is not None else ""
    if method.whose == "members":
        members = [one.id for one in subjects if one.unit == whose.id and one.part_of is None]
    else:
        own = whose.id if method.whose == "self" else whose.unit
        members = [own] if own is not None else []
    totals = [known.get((method.sheet, one, label)) for one in members]
    points = [one.points for one in totals if one is not None and one.points is not None]
    return sum(points, ZERO) / len(points) if points else None


def _converted(
    item: Item, value: Decimal, scene: Scene, subjects: Sequence[Subject], known: Known
) -> Decimal:
    """The total on the scale of the item, by comparison with the peers' totals."""
    method = item.method
    if not isinstance(method, TotalOf) or method.convert == "none":
        return value
    peers = [one for one in subjects if _is_peer(one, method, scene)]
    totals = [_value(method, scene, one, subjects, known) for one in peers]
    values = [one for one in totals if one is not None]
    full, best, worst = item.full_points(scene.facets), max(values), min(values)
    if method.convert == "ratio_to_best":
        return full * value / best if best else full
    return full if best == worst else method.base + (full - method.base) * (value - worst) / (best - worst)


def _is_peer(one: Subject, method: TotalOf, scene: Scene) -> bool:
    facets = facets_of(one, scene.sheet, scene.period)
    return fits(scene.sheet.for_, facets) and all(
        facets.get(name) == scene.facets.get(name) for name in method.among
    )


def joined(whole: Subject, parts: Sequence[Total], days: Mapping[str, Decimal], sheet: Sheet) -> Total:
    """The total of somebody assessed in parts: the mean of the parts weighted by their days."""
    known = [(one, days[one.subject], one.points) for one in parts if one.points is not None]
    flags = tuple(dict.fromkeys(flag for one in parts for flag in one.flags))
    vetoes = tuple(dict.fromkeys(veto for one in parts for veto in one.vetoes))
    period = parts[0].period
    if not known or not whole.assessed:
        reason = f"未考核：{whole.reason or '各段均无总分'}"
        return Total(whole.id, sheet.id, period, None, (), (), (), flags, vetoes, reason)
    total_days = sum((count for _, count, _ in known), ZERO)
    exact = sum((points * count for _, count, points in known), ZERO) / total_days
    told = " + ".join(f"{shown(points)} × {shown(count)} 天" for _, count, points in known)
    settled = settle(exact, sheet.rounding.total)
    steps = (
        Step("day_weighted", "按天数加权", f"（{told}）÷ {shown(total_days)}", ZERO, exact),
        Step("rounding", "取位", f"四舍五入到 {sheet.rounding.total} 位", exact, settled),
    )
    return Total(whole.id, sheet.id, period, settled, (), (), steps, flags, vetoes)
