"""Modules: their lines added up, converted to the weight, kept within limits. Never rounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kaohe_flow.kernel.feel import Value
from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scheme.definition.amount.rules import resolve
from kaohe_flow.scheme.definition.sheet.rules import Module
from kaohe_flow.scorebook.scoring.line.rules import LineResult
from kaohe_flow.scorebook.scoring.step.rules import Step, shown


@dataclass(frozen=True, slots=True)
class ModuleResult:
    """The points of a module; None when nothing in it could be assessed."""

    module: str
    title: str
    weight: Decimal | None
    points: Decimal | None
    steps: tuple[Step, ...]


def is_without_data(lines: Sequence[LineResult]) -> bool:
    return bool(lines) and all(line.points is None for line in lines)


def module_result(
    module: Module,
    lines: Sequence[LineResult],
    weight: tuple[Decimal, str],
    vetoed_by: Sequence[str],
    facets: Mapping[str, Value],
) -> ModuleResult:
    """``weight`` is the one in force and why; ``vetoed_by`` the facts that void the module."""
    own_weight = weight[0] if module.weight is not None else None
    if is_without_data(lines):
        return ModuleResult(module.id, module.title, own_weight, None, ())
    points = sum((line.points for line in lines if line.points is not None), ZERO)
    steps = [Step("lines", "各线合计", f"{len(lines)} 条线", ZERO, points)]
    if own_weight is not None:
        full = _full(module, lines)
        after = points * own_weight / full if full else ZERO
        text = f"{shown(points)} × {shown(own_weight)} ÷ {shown(full)}"
        steps.append(Step("module_weight", "按权重折算", text, points, after, weight[1]))
        points = after
    after = _limited(module, points, facets)
    if module.cap is not None or module.floor is not None:
        steps.append(Step("module_limit", "模块限额", _told(module, facets), points, after))
    if vetoed_by:
        steps.append(
            Step("veto", "一票否决", "本模块记 0", after, min(ZERO, after), f"依据 {'、'.join(vetoed_by)}")
        )
        after = min(ZERO, after)
    return ModuleResult(module.id, module.title, own_weight, after, tuple(steps))


def _full(module: Module, lines: Sequence[LineResult]) -> Decimal:
    if module.full != "items":
        return Decimal(module.full)
    items = [one for line in lines for one in line.items if one.counts_to_full and one.points is not None]
    return sum((one.full for one in items), ZERO)


def _limited(module: Module, points: Decimal, facets: Mapping[str, Value]) -> Decimal:
    if module.floor is not None:
        points = max(points, resolve(module.floor, facets))
    return min(points, resolve(module.cap, facets)) if module.cap is not None else points


def _told(module: Module, facets: Mapping[str, Value]) -> str:
    low = f"最低 {shown(resolve(module.floor, facets))}" if module.floor is not None else ""
    high = f"最高 {shown(resolve(module.cap, facets))}" if module.cap is not None else ""
    return "，".join(part for part in (low, high) if part)
