"""Totals: lines → modules → sum → coefficient → unit factors → outside → limits and veto → rounding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scheme.definition.amount.rules import resolve
from kaohe_flow.scheme.definition.method.rules import VetoScope
from kaohe_flow.scheme.definition.sheet.rules import LineType, Sheet
from kaohe_flow.scorebook.scoring.admission.rules import items_for
from kaohe_flow.scorebook.scoring.award.scene.rules import Scene
from kaohe_flow.scorebook.scoring.composition.rules import lines_of, modules_of
from kaohe_flow.scorebook.scoring.entry.rules import ScoreLine, coefficient_of
from kaohe_flow.scorebook.scoring.line.rules import (
    LineResult,
    vetoes_on,
)
from kaohe_flow.scorebook.scoring.module.rules import ModuleResult
from kaohe_flow.scorebook.scoring.step.rules import Step, settle, shown

NO_LINE: Final = "*"
ONE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Total:
    """The total of one subject on one sheet in one period; ``points`` None means not assessed, never 0.

    ``deducted`` is the sum of the score lines below 0: it orders equals on a list.
    """

    subject: str
    sheet: str
    period: str
    points: Decimal | None
    lines: tuple[LineResult, ...]
    modules: tuple[ModuleResult, ...]
    steps: tuple[Step, ...]
    flags: tuple[str, ...] = ()
    vetoes: tuple[str, ...] = ()
    reason: str = ""
    deducted: Decimal = ZERO


def total_of(scene: Scene, lines: Sequence[ScoreLine]) -> Total:
    """Everything after the score lines. Raises ``NoAmount`` when a weight or limit has no number here."""
    sheet, subject = scene.sheet, scene.subject
    label = scene.period.label if scene.period is not None else ""
    flags, vetoes = _consequences(lines)
    if not subject.assessed:
        reason = subject.reason or "本期不考核"
        return Total(subject.id, sheet.id, label, None, (), (), (), flags, vetoes, f"未考核：{reason}")
    items = items_for(sheet, subject, scene.period)
    results = lines_of(scene, items, lines)
    modules = modules_of(scene, results, lines)
    if _nothing_known(sheet, results, modules, lines):
        reason = "未考核：本期没有任务，也没有加减分"
        return Total(subject.id, sheet.id, label, None, results, modules, (), flags, vetoes, reason)
    points, steps = _pipeline(scene, results, modules, lines)
    marks = tuple(mark.flag for mark in sheet.total.marks if mark.when.holds(points))
    merged = tuple(dict.fromkeys((*flags, *marks)))
    deducted = sum((line.points for line in lines if line.points < ZERO), ZERO)
    done = Total(subject.id, sheet.id, label, points, results, modules, steps, merged, vetoes)
    return replace(done, deducted=deducted)


def _consequences(lines: Sequence[ScoreLine]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    flags = dict.fromkeys(flag for line in lines for flag in line.flags)
    vetoes = dict.fromkeys(veto for line in lines for veto in line.vetoes)
    return tuple(flags), tuple(vetoes)


def _nothing_known(
    sheet: Sheet,
    results: Sequence[LineResult],
    modules: Sequence[ModuleResult],
    lines: Sequence[ScoreLine],
) -> bool:
    """No start, no data. Where weights are to be filled, open places for additions are no data either."""
    if sheet.total.base != ZERO:
        return False
    parts: list[LineResult | ModuleResult] = [*results, *modules]
    weighted = [one for one in parts if one.weight is not None]
    if weighted and not lines:
        return all(one.points is None for one in weighted)
    return all(one.points is None for one in results)


def _pipeline(
    scene: Scene, results: Sequence[LineResult], modules: Sequence[ModuleResult], lines: Sequence[ScoreLine]
) -> tuple[Decimal, tuple[Step, ...]]:
    sheet = scene.sheet
    steps: list[Step] = []
    points = _sum(scene, results, modules, steps)
    points = _coefficient(scene, points, steps)
    points = _unit_factors(scene, points, steps)
    points = _outside(results, points, steps)
    points = _limits(sheet, points, vetoes_on(lines, VetoScope.TOTAL), steps)
    settled = settle(points, sheet.rounding.total)
    steps.append(Step("rounding", "取位", f"四舍五入到 {sheet.rounding.total} 位", points, settled))
    return settled, tuple(steps)


def _sum(
    scene: Scene, results: Sequence[LineResult], modules: Sequence[ModuleResult], steps: list[Step]
) -> Decimal:
    base = resolve(scene.sheet.total.base, scene.facets)
    known = {module.id for module in scene.sheet.modules}
    parts = [(one.title, one.points) for one in modules]
    parts += [
        (one.title, one.points)
        for one in results
        if one.module not in known and one.type != LineType.AFTER.value
    ]
    given = [(title, points) for title, points in parts if points is not None]
    total = base + sum((points for _, points in given), ZERO)
    told = " + ".join(f"{title} {shown(points)}" for title, points in given)
    text = " + ".join(part for part in (f"起点 {shown(base)}" if base else "", told) if part)
    steps.append(Step("sum", "合计", text, ZERO, total))
    return total


def _coefficient(scene: Scene, points: Decimal, steps: list[Step]) -> Decimal:
    rule = scene.sheet.coefficients
    if rule is None or rule.applies_to == "line":
        steps.append(
            Step("coefficient", "系数", "× 1", points, points, "系数已计在明细" if rule else "未设系数")
        )
        return points
    factor, why = coefficient_of(rule, scene.subject, scene.period)
    after = points * factor
    steps.append(Step("coefficient", "系数", f"× {shown(factor)}", points, after, why))
    return after


def _unit_factors(scene: Scene, points: Decimal, steps: list[Step]) -> Decimal:
    after, told = points, []
    for rule in scene.sheet.unit_factors:
        factor = scene.subject.factors.get(rule.id, rule.default)
        factor = factor if rule.min is None else max(rule.min, factor)
        factor = factor if rule.max is None else min(rule.max, factor)
        after *= factor
        told.append(f"{rule.title} {shown(factor)}")
    text = " × ".join(told) if told else "1"
    steps.append(Step("unit_factors", "单位系数", f"× {text}", points, after, "" if told else "未设单位系数"))
    return after


def _outside(results: Sequence[LineResult], points: Decimal, steps: list[Step]) -> Decimal:
    outside = [one for one in results if one.type == LineType.AFTER.value and one.points is not None]
    after = points + sum((one.points for one in outside if one.points is not None), ZERO)
    told = "，".join(f"{one.title} {shown(one.points or ZERO)}" for one in outside)
    steps.append(Step("outside", "总分外加扣分", told or "无", points, after))
    return after


def _limits(sheet: Sheet, points: Decimal, vetoed_by: Sequence[str], steps: list[Step]) -> Decimal:
    """Floor and ceiling, then the veto, which gives 0 but never more than there was."""
    rule = sheet.total
    after = points if rule.floor is None else max(rule.floor, points)
    after = after if rule.ceiling is None else min(rule.ceiling, after)
    low = "" if rule.floor is None else f"最低 {shown(rule.floor)}"
    high = "" if rule.ceiling is None else f"最高 {shown(rule.ceiling)}"
    text = "，".join(part for part in (low, high) if part) or "不设上下限"
    steps.append(Step("total_limit", "总分上下限", text, points, after))
    voided = min(ZERO, after) if vetoed_by else after
    note = f"依据 {'、'.join(vetoed_by)}" if vetoed_by else "无"
    steps.append(Step("veto", "一票否决", "总分记 0" if vetoed_by else "", after, voided, note))
    return voided
