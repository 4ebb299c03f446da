"""Lines and modules of one subject, with weights that parts without data leave to the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scheme.definition.amount.rules import fits
from kaohe_flow.scheme.definition.item.rules import Item
from kaohe_flow.scheme.definition.method.rules import VetoScope
from kaohe_flow.scheme.definition.sheet.rules import Line, LineType, Sheet
from kaohe_flow.scorebook.scoring.award.scene.rules import Scene
from kaohe_flow.scorebook.scoring.entry.rules import ScoreLine
from kaohe_flow.scorebook.scoring.line.rules import (
    ItemResult,
    LineResult,
    add_up,
    is_missing,
    item_result,
    line_result,
    vetoes_on,
)
from kaohe_flow.scorebook.scoring.module.rules import ModuleResult, is_without_data, module_result
from kaohe_flow.scorebook.scoring.step.rules import shown
from kaohe_flow.scorebook.scoring.weight.rules import spread, weight_of

NO_LINE: Final = "*"
ONE: Final = Decimal(1)


def lines_of(scene: Scene, items: Mapping[str, Item], lines: Sequence[ScoreLine]) -> tuple[LineResult, ...]:
    """Declared lines in their order, then items that stand in a module or nowhere, as lines of their own."""
    sheet, facets = scene.sheet, scene.facets
    declared = [line for line in sheet.lines if fits(line.for_, facets)]
    bare = _bare_lines(sheet, items)
    members = {line.id: _members(line, items) for line in (*declared, *bare)}
    by_item: dict[str, list[ScoreLine]] = {}
    for one in lines:
        by_item.setdefault(one.item, []).append(one)
    results = {
        id_: [item_result(item, by_item.get(item.id, []), facets) for item in inside]
        for id_, inside in members.items()
    }
    weights = {
        line.id: weight_of(line, sheet, facets, scene.period) for line in declared if line.weight is not None
    }
    missing = _missing_lines(declared, results, weights)
    done = []
    for line in (*declared, *bare):
        factor = _spread_in(line, declared, weights, missing, sheet)
        weight, why = weights.get(line.id, (ZERO, ""))
        if factor != ONE and line.id in weights and line.id not in missing:
            why = "；".join(part for part in (why, f"原权重 {shown(weight)}，分摊无数据各线的权重") if part)
            weight *= factor
        inside = {item.id for item in members[line.id]}
        vetoed = vetoes_on([one for one in lines if one.item in inside], VetoScope.LINE)
        done.append(line_result(line, results[line.id], (weight, why), vetoed, sheet.rounding))
    return tuple(done)


def _bare_lines(sheet: Sheet, items: Mapping[str, Item]) -> list[Line]:
    homes = dict.fromkeys(item.module for item in items.values() if item.line is None)
    titles = {module.id: module.title for module in sheet.modules}
    return [
        Line(f"{NO_LINE}{home or ''}", LineType.COMMON, titles.get(home or "", "条目"), home)
        for home in homes
    ]


def _members(line: Line, items: Mapping[str, Item]) -> list[Item]:
    if line.id.startswith(NO_LINE):
        return [item for item in items.values() if item.line is None and item.module == line.module]
    return [item for item in items.values() if item.line == line.id]


def _missing_lines(
    declared: Sequence[Line], results: Mapping[str, list[ItemResult]], weights: Mapping[str, object]
) -> frozenset[str]:
    """Weighted lines without any data."""
    return frozenset(
        line.id
        for line in declared
        if line.id in weights and is_missing(line, add_up(results[line.id], rescale=line.full != "items"))
    )


def _spread_in(
    line: Line,
    declared: Sequence[Line],
    weights: Mapping[str, tuple[Decimal, str]],
    missing: frozenset[str],
    sheet: Sheet,
) -> Decimal:
    """A weight is spread inside its weighted module, otherwise over all lines outside weighted modules."""
    heavy = {module.id for module in sheet.modules if module.weight is not None}
    home = line.module if line.module in heavy else None
    beside = [one for one in declared if (one.module if one.module in heavy else None) == home]
    return spread({one.id: weights[one.id][0] for one in beside if one.id in weights}, missing)


def modules_of(
    scene: Scene, results: Sequence[LineResult], lines: Sequence[ScoreLine]
) -> tuple[ModuleResult, ...]:
    sheet, facets = scene.sheet, scene.facets
    inside = {module.id: [one for one in results if one.module == module.id] for module in sheet.modules}
    present = [module for module in sheet.modules if inside[module.id]]
    weights = {
        one.id: weight_of(one, sheet, facets, scene.period) for one in present if one.weight is not None
    }
    missing = [module.id for module in present if is_without_data(inside[module.id])]
    factor = spread({id_: weight for id_, (weight, _) in weights.items()}, missing)
    done = []
    for module in present:
        weight, why = weights.get(module.id, (ZERO, ""))
        if factor != ONE and module.id in weights:
            why = "；".join(part for part in (why, f"原权重 {shown(weight)}，分摊无数据模块的权重") if part)
            weight *= factor
        members = {one.item for line in inside[module.id] for one in line.items}
        vetoed = vetoes_on([one for one in lines if one.item in members], VetoScope.MODULE)
        done.append(module_result(module, inside[module.id], (weight, why), vetoed, facets))
    return tuple(done)
