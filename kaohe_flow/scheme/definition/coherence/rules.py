"""Checks that need more than one object: references, double ids, unreachable parts, circles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scheme.definition.coherence.weight.rules import unknown_weights, weight_faults
from kaohe_flow.scheme.definition.item.rules import Item, Mode
from kaohe_flow.scheme.definition.limit.rules import Limit
from kaohe_flow.scheme.definition.method.rules import Judged, TotalOf
from kaohe_flow.scheme.definition.rules import Scheme
from kaohe_flow.scheme.definition.sheet.rules import LineType, Sheet
from kaohe_flow.scheme.definition.validity.rules import day_from, day_until


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not fit: the sheet, the list it stands in, the id of the element, the key, the sentence.

    ``wanted`` is the id that a reference does not find; ``about_whole`` marks statements about all elements.
    """

    sheet: str
    part: str
    id: str | None
    key: str | None
    text: str
    wanted: str | None = None
    about_whole: bool = False


Check: TypeAlias = Callable[[Scheme, Sheet], Iterator[Finding]]


def findings(scheme: Scheme) -> Iterator[Finding]:
    """Everything that does not fit together in a scheme that was read."""
    for id_ in _doubles(sheet.id for sheet in scheme.sheets):
        yield Finding(id_, "sheets", id_, "id", f"考核表“{id_}”重复")
    for sheet in scheme.sheets:
        for check in CHECKS:
            yield from check(scheme, sheet)
    yield from _circles(scheme)


def _doubles(ids: Iterable[str]) -> list[str]:
    return [id_ for id_, count in Counter(ids).items() if count > 1]


def _double_ids(_scheme: Scheme, sheet: Sheet) -> Iterator[Finding]:
    named = {
        "modules": [one.id for one in sheet.modules],
        "lines": [one.id for one in sheet.lines],
        "groups": [one.id for one in sheet.groups],
        "unit_factors": [one.id for one in sheet.unit_factors],
        "rankings": [one.id for one in sheet.rankings],
        "grades": [one.id for one in sheet.grades],
    }
    for part, ids in named.items():
        for id_ in _doubles(ids):
            yield Finding(sheet.id, part, id_, "id", f"“{id_}”重复")


def _validity(_scheme: Scheme, sheet: Sheet) -> Iterator[Finding]:
    """Items of one id are versions: their spans of validity may not overlap."""
    spans: dict[str, list[tuple[date, date]]] = {}
    for item in sheet.items:
        try:
            span = (day_from(sheet.period, item.from_), day_until(sheet.period, item.to))
        except ValueError as exc:
            yield Finding(sheet.id, "items", item.id, "from", str(exc))
            continue
        if span[0] > span[1]:
            yield Finding(sheet.id, "items", item.id, "from", "from 晚于 to")
        earlier = spans.setdefault(item.id, [])
        if any(span[0] <= last and first <= span[1] for first, last in earlier):
            text = f"条目“{item.id}”重复；同一条目的不同版本请用 from、to 写明各自的起止"
            yield Finding(sheet.id, "items", item.id, "id", text)
        earlier.append(span)


def _references(scheme: Scheme, sheet: Sheet) -> Iterator[Finding]:
    lines, modules = {one.id for one in sheet.lines}, {one.id for one in sheet.modules}
    groups = {one.id for one in sheet.groups}
    for line in sheet.lines:
        yield from _unknown(sheet, ("lines", line.id, "module"), [line.module], modules, "模块")
    for item in sheet.items:
        yield from _unknown(sheet, ("items", item.id, "line"), [item.line], lines, "线")
        yield from _unknown(sheet, ("items", item.id, "module"), [item.module], modules, "模块")
        yield from _unknown(sheet, ("items", item.id, "group"), item.group, groups, "分组")
        named = item.mitigations or ()
        yield from _unknown(sheet, ("items", item.id, "mitigations"), named, set(sheet.mitigations), "情节")
        yield from _beyond_the_sheet(scheme, sheet, item)
    for change in sheet.temporary_weights:
        for name in unknown_weights(sheet, change):
            text = f"“{name}”不是有权重的线或模块"
            yield Finding(sheet.id, "temporary_weights", None, None, text)


def _unknown(
    sheet: Sheet, at: tuple[str, str, str], wanted: Iterable[str | None], known: set[str], noun: str
) -> Iterator[Finding]:
    part, id_, key = at
    for name in wanted:
        if name is not None and name not in known:
            listed = "、".join(sorted(known)) or "（无）"
            yield Finding(sheet.id, part, id_, key, f"没有名为“{name}”的{noun}，已有：{listed}", name)


def _beyond_the_sheet(scheme: Scheme, sheet: Sheet, item: Item) -> Iterator[Finding]:
    sheets = {one.id for one in scheme.sheets}
    if isinstance(item.method, TotalOf):
        yield from _unknown(sheet, ("items", item.id, "sheet"), [item.method.sheet], sheets, "考核表")
    every = {other.id: other for one in scheme.sheets for other in one.items}
    for fan in item.fan_out:
        yield from _unknown(sheet, ("items", item.id, "fan_out"), [fan.item], set(every), "条目")
        target = every.get(fan.item)
        if fan.share is not None and target is not None and not isinstance(target.method, Judged):
            text = f"按份额 share 连带时，条目“{fan.item}”须是 rule: judged"
            yield Finding(sheet.id, "items", item.id, "fan_out", text)


def _starting_points(_scheme: Scheme, sheet: Sheet) -> Iterator[Finding]:
    """A line's base and its items' full points must not both be counted by accident."""
    for line in sheet.lines:
        inside = [item for item in sheet.items if item.line == line.id]
        full = [item for item in inside if item.counts_to_full]
        if line.type is LineType.REGULAR and line.base is None and full and line.full != "items":
            text = f"本线条目“{full[0].id}”有满分，请写明 base: 0（从条目算起）或 base: 100（从百分起）"
            yield Finding(sheet.id, "lines", line.id, "base", text)
        if line.type is LineType.DEDUCT and any(item.starts_full for item in inside):
            text = "从权重里扣分的线，条目不能再从满分起算，请给条目写 start: zero"
            yield Finding(sheet.id, "lines", line.id, "type", text)
        if line.type is LineType.AFTER and line.module is not None:
            text = "type: after 的线在各模块之后计算，不能属于模块"
            yield Finding(sheet.id, "lines", line.id, "module", text)
        if line.full == "items" and not full:
            yield Finding(
                sheet.id, "lines", line.id, "full", "full: items 要求本线有带 full 的条目", None, True
            )


def _reachable_full(_scheme: Scheme, sheet: Sheet) -> Iterator[Finding]:
    """A part divided by a full score that its items cannot reach would never give its weight."""
    for line in sheet.lines:
        inside = [item for item in sheet.items if item.line == line.id]
        if line.type is LineType.REGULAR and line.base == ZERO and line.full != "items":
            yield from _short(sheet, ("lines", line.id), inside, Decimal(line.full))
    homes = {line.module for line in sheet.lines}
    for module in sheet.modules:
        if module.weight is None or module.full == "items" or module.id in homes:
            continue
        inside = [item for item in sheet.items if item.module == module.id]
        if inside and all(item.mode is Mode.PENALTY and item.full is None for item in inside):
            text = (
                "有权重的模块里只有扣分，没有可扣的起点：请改用线（type: regular 或 deduct），或给条目写 full"
            )
            yield Finding(sheet.id, "modules", module.id, "weight", text, about_whole=True)
        yield from _short(sheet, ("modules", module.id), inside, Decimal(module.full))


def _short(sheet: Sheet, at: tuple[str, str], inside: Sequence[Item], full: Decimal) -> Iterator[Finding]:
    """Only where every full score is a plain number that holds for everybody."""
    scored = [item for item in inside if item.counts_to_full]
    varying = [item for item in scored if item.for_ or item.from_ or item.to]
    fulls = [item.full for item in scored if isinstance(item.full, Decimal)]
    if not scored or varying or len(fulls) < len(scored):
        return
    reached = sum(fulls, ZERO)
    if reached < full:
        text = f"条目满分合计 {reached}，达不到折算的分母 {full}；请写 full: items 或 full: {reached}"
        yield Finding(sheet.id, at[0], at[1], "full", text, about_whole=True)


def _bounds(_scheme: Scheme, sheet: Sheet) -> Iterator[Finding]:
    for group in sheet.groups:
        if group.cap is not None and group.floor is not None and group.cap < group.floor:
            yield Finding(sheet.id, "groups", group.id, "cap", f"cap {group.cap} 小于 floor {group.floor}")
    for factor in sheet.unit_factors:
        if factor.min is not None and factor.max is not None and factor.min > factor.max:
            yield Finding(sheet.id, "unit_factors", factor.id, "min", "min 大于 max")


def _weights(_scheme: Scheme, sheet: Sheet) -> Iterator[Finding]:
    for part, id_, text in weight_faults(sheet):
        yield Finding(sheet.id, part, id_, "weight" if id_ else None, text, about_whole=True)


def _grades(_scheme: Scheme, sheet: Sheet) -> Iterator[Finding]:
    for grade in sheet.grades[:-1]:
        if grade.when is None and grade.quota is None and grade.only_if is None:
            text = f"等次“{grade.id}”没有条件，排在它后面的等次永远轮不到"
            yield Finding(sheet.id, "grades", grade.id, "when", text)
    limits = [grade.when for grade in sheet.grades if isinstance(grade.when, Limit)]
    bounds = [one.bound for one in limits if one.op in {">=", ">"} and one.bound is not None]
    if bounds != sorted(bounds, reverse=True):
        yield Finding(sheet.id, "grades", sheet.grades[0].id, "when", "等次须从高到低写")
    names = {one.id for one in sheet.rankings}
    if sheet.grades_within is not None and sheet.grades_within not in names:
        text = f"没有名为“{sheet.grades_within}”的排名"
        yield Finding(sheet.id, "grades", sheet.grades[0].id if sheet.grades else None, None, text)


def _items(_scheme: Scheme, sheet: Sheet) -> Iterator[Finding]:
    if not sheet.items:
        yield Finding(sheet.id, "items", None, None, "考核表没有条目（items）", about_whole=True)


def _circles(scheme: Scheme) -> Iterator[Finding]:
    """Sheets that take each other's totals could never be worked out."""
    needs = {
        sheet.id: {item.method.sheet for item in sheet.items if isinstance(item.method, TotalOf)}
        for sheet in scheme.sheets
    }
    for sheet in scheme.sheets:
        if sheet.id in _reachable(needs, sheet.id):
            text = f"考核表“{sheet.id}”直接或间接引用了自己的总分"
            yield Finding(sheet.id, "sheets", sheet.id, None, text)


def _reachable(needs: dict[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = list(needs.get(start, ()))
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting.extend(needs.get(one, ()))
    return seen


CHECKS: Final[tuple[Check, ...]] = (
    _items,
    _double_ids,
    _validity,
    _references,
    _starting_points,
    _reachable_full,
    _bounds,
    _weights,
    _grades,
)
