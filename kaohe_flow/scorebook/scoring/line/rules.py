"""Line-type formulas: score lines of a line's items → the line's points, rounded once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kaohe_flow.kernel.feel import Value
from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scheme.definition.item.rules import Absent, Item
from kaohe_flow.scheme.definition.method.rules import VetoScope
from kaohe_flow.scheme.definition.sheet.rules import Line, LineType, Rounding
from kaohe_flow.scorebook.scoring.entry.rules import ScoreLine
from kaohe_flow.scorebook.scoring.step.rules import Step, settle, shown

HUNDRED: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What an item stands at. ``points`` is None when it has no data and its points go to the others."""

    item: str
    title: str
    full: Decimal
    points: Decimal | None
    counts_to_full: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class LineResult:
    """The points of a line; None when nothing in it could be assessed."""

    line: str
    title: str
    module: str | None
    type: str
    weight: Decimal | None
    points: Decimal | None
    items: tuple[ItemResult, ...]
    steps: tuple[Step, ...]


def item_result(item: Item, lines: Sequence[ScoreLine], facets: Mapping[str, Value]) -> ItemResult:
    """Start (full or 0) and entries; without data what the item's policy says."""
    full = item.full_points(facets)
    counted = [line for line in lines if line.applicable]
    if item.is_measured and not counted:
        policy = item.zero_target if lines else item.when_missing
        why = "不适用" if lines else "无数据"
        points, text = {
            Absent.FULL: (full, "按满分"),
            Absent.ZERO: (ZERO, "按 0 分"),
            Absent.REDISTRIBUTE: (None, "分值分摊给其他条目"),
        }[policy]
        return ItemResult(item.id, item.title, full, points, item.counts_to_full, f"{why}，{text}")
    start = full if item.starts_full else ZERO
    points = start + sum((line.points for line in counted), ZERO)
    return ItemResult(item.id, item.title, full, points, item.counts_to_full)


@dataclass(slots=True)
class Sum:
    """Items of a line added up, with what those without data leave to the others."""

    points: Decimal
    full: Decimal
    steps: list[Step]
    is_missing: bool


def add_up(results: Sequence[ItemResult], *, rescale: bool) -> Sum:
    """``full`` is the full points of the items that have data.

    With ``rescale`` the items with full points are stretched so that those without data are not lost.
    """
    scored = [one for one in results if one.counts_to_full]
    present = [one for one in scored if one.points is not None]
    others = sum((one.points for one in results if not one.counts_to_full and one.points is not None), ZERO)
    gained = sum((one.points for one in present if one.points is not None), ZERO)
    whole, reached = sum((one.full for one in scored), ZERO), sum((one.full for one in present), ZERO)
    lacking = "、".join(one.title for one in results if one.points is None)
    plain = gained + others
    steps = [
        Step(
            "items",
            "条目合计",
            f"{len(results)} 个条目",
            ZERO,
            plain,
            f"无数据：{lacking}" if lacking else "",
        )
    ]
    if rescale and reached and reached != whole:
        stretched = gained * whole / reached + others
        text = f"{shown(gained)} × {shown(whole)} ÷ {shown(reached)}"
        steps.append(
            Step("redistribute", "分值分摊", text, plain, stretched, f"{lacking}的分值分摊给其他条目")
        )
        plain = stretched
    nothing_left = bool(lacking) and not present and not any(one.points for one in results)
    return Sum(plain, reached, steps, is_missing=nothing_left)


def line_result(
    line: Line,
    results: Sequence[ItemResult],
    weight: tuple[Decimal, str],
    vetoed_by: Sequence[str],
    rounding: Rounding,
) -> LineResult:
    """``weight`` and why it is not the usual one; ``vetoed_by`` the facts that void the line."""
    total = add_up(results, rescale=line.full != "items")
    steps = total.steps
    points: Decimal | None = None
    if not is_missing(line, total):
        points = _formula(line, total, weight, steps)
        points = _limits(line, points, steps)
        points = _veto(points, vetoed_by, steps)
        if rounding.line != "none":
            settled = settle(points, int(rounding.line))
            steps.append(Step("rounding", "取位", f"四舍五入到 {rounding.line} 位", points, settled))
            points = settled
    shown_weight = weight[0] if line.weight is not None else None
    return LineResult(
        line.id, line.title, line.module, line.type.value, shown_weight, points, tuple(results), tuple(steps)
    )


def is_missing(line: Line, total: Sum) -> bool:
    """A line with a start of its own (base or weight) is never without data."""
    if line.type is LineType.DEDUCT or base_of(line) != ZERO:
        return False
    return total.is_missing or (line.full == "items" and total.full == ZERO and total.points == ZERO)


def base_of(line: Line) -> Decimal:
    """Where the line starts: 100 for a regular one unless its items bring their own full points."""
    if line.type is not LineType.REGULAR:
        return ZERO
    if line.base is not None:
        return line.base
    return ZERO if line.full == "items" else HUNDRED


def _formula(line: Line, total: Sum, weight: tuple[Decimal, str], steps: list[Step]) -> Decimal:
    before = total.points
    if line.type is LineType.REGULAR:
        base, full = base_of(line), total.full if line.full == "items" else Decimal(line.full)
        if full == ZERO:
            steps.append(
                Step("line_type", "按权重折算", shown(before), before, before, "没有带满分的条目，按原分计")
            )
            return before
        after = (base + before) * weight[0] / full
        start = f"（{shown(base)} + {shown(before)}）" if base else shown(before)
        text = f"{start} × 权重 {shown(weight[0])} ÷ 满分 {shown(full)}"
        steps.append(Step("line_type", "按权重折算", text, before, after, weight[1]))
        return after
    if line.type is LineType.DEDUCT:
        after = weight[0] + before
        text = f"{shown(weight[0])} + {shown(before)}"
        steps.append(Step("line_type", "从权重里扣", text, before, after, weight[1]))
        return after
    label = {LineType.FROM_ZERO: "得分制", LineType.COMMON: "公共加扣分", LineType.AFTER: "总分外加扣分"}[
        line.type
    ]
    steps.append(Step("line_type", label, shown(before), before, before))
    return before


def _limits(line: Line, points: Decimal, steps: list[Step]) -> Decimal:
    low = line.lowest
    high = line.cap
    after = points if low is None else max(low, points)
    after = after if high is None else min(high, after)
    text = "，".join(
        part
        for part in ("" if low is None else f"最低 {low}", "" if high is None else f"最高 {high}")
        if part
    )
    if text:
        note = "扣完为止" if after > points else ("封顶" if after < points else "")
        steps.append(Step("line_limit", "线的限额", text, points, after, note))
    return after


def _veto(points: Decimal, vetoed_by: Sequence[str], steps: list[Step]) -> Decimal:
    """A veto gives 0, never more than there was."""
    if not vetoed_by:
        return points
    after = min(ZERO, points)
    steps.append(Step("veto", "一票否决", "本线记 0", points, after, f"依据 {'、'.join(vetoed_by)}"))
    return after


def vetoes_on(lines: Sequence[ScoreLine], scope: VetoScope) -> list[str]:
    """The facts among ``lines`` whose veto has this scope."""
    return [line.fact for line in lines if scope.value in line.vetoes]
