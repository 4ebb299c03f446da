"""Sums of weights: 100 unless the sheet says otherwise, whatever kind of subject reads the tables."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scheme.definition.amount.rules import (
    Amount,
    AmountFormula,
    Facets,
    NoAmount,
    fits,
    resolve,
    tables_in,
)
from kaohe_flow.scheme.definition.sheet.rules import Line, Module, Sheet, TemporaryWeights

MOST_KINDS: Final = 500
ANYONE: Final = "（其他）"


def weight_faults(sheet: Sheet) -> Iterator[tuple[str, str | None, str]]:
    """Part, id and sentence for every sum of weights that is not what it should be."""
    if sheet.weights_total != "free":
        yield from _sums(sheet, Decimal(sheet.weights_total), {}, "lines" if sheet.lines else "modules")
        for change in sheet.temporary_weights:
            yield from _sums(sheet, Decimal(sheet.weights_total), change.weights, "temporary_weights")
    for module in sheet.modules:
        inside = [line for line in sheet.lines if line.module == module.id and _counts(line)]
        if module.weight is None or module.full == "items" or not inside:
            continue
        for kind, total in _totals(inside, {}):
            if total != module.full:
                yield "modules", module.id, f"{kind}本模块各线权重合计 {total}，应为 {module.full}"


def _sums(
    sheet: Sheet, expected: Decimal, changed: Mapping[str, Decimal], part: str
) -> Iterator[tuple[str, str | None, str]]:
    heavy = [module for module in sheet.modules if _counts(module)]
    names = {module.id for module in heavy}
    parts: list[Line | Module] = [
        *heavy,
        *(line for line in sheet.lines if _counts(line) and line.module not in names),
    ]
    when = "临时权重期间" if changed else ""
    for kind, total in _totals(parts, changed):
        if total != expected:
            advice = "不计入合计的请写 add_on: true，合计另有规定的请写 weights_total"
            yield part, None, f"{when}{kind}权重合计 {total}，应为 {expected}；{advice}"


def _counts(part: Line | Module) -> bool:
    return part.weight is not None and not part.add_on


def _totals(parts: Sequence[Line | Module], changed: Mapping[str, Decimal]) -> Iterator[tuple[str, Decimal]]:
    """The sum of weights for every kind of subject that the tables and ``for`` distinguish."""
    if any(isinstance(part.weight, AmountFormula) for part in parts):
        return
    for facets in _kinds(parts):
        fitting = [part for part in parts if not isinstance(part, Line) or fits(part.for_, facets)]
        try:
            weights = [_weight(part, changed, facets) for part in fitting]
        except NoAmount:
            continue  # a kind one table does not know is no kind of this sheet
        if weights:
            label = "、".join(f"{name}={value}" for name, value in facets.items())
            yield (f"{label} 的" if label else ""), sum(weights, ZERO)


def _weight(part: Line | Module, changed: Mapping[str, Decimal], facets: Facets) -> Decimal:
    if part.id in changed:
        return changed[part.id]
    return resolve(part.weight, facets) if part.weight is not None else ZERO


def _kinds(parts: Iterable[Line | Module]) -> Iterator[dict[str, str]]:
    values: dict[str, dict[str, None]] = {}
    for part in parts:
        for name, listed in _distinctions(part):
            values.setdefault(name, {}).update(dict.fromkeys(listed))
    combined = itertools.product(*([(name, value) for value in listed] for name, listed in values.items()))
    for chosen in itertools.islice(combined, MOST_KINDS):
        yield dict(chosen)


def _distinctions(part: Line | Module) -> Iterator[tuple[str, Iterable[str]]]:
    if isinstance(part, Line):
        yield from part.for_.items()
    weight: Amount | None = part.weight
    for table in tables_in(weight):
        others = [ANYONE] if table.default is not None else []
        yield table.by, [*table.values, *others]


def weighted_ids(sheet: Sheet) -> frozenset[str]:
    """Lines and modules that carry a weight."""
    parts: list[Line | Module] = [*sheet.lines, *sheet.modules]
    return frozenset(part.id for part in parts if part.weight is not None)


def unknown_weights(sheet: Sheet, change: TemporaryWeights) -> list[str]:
    """Names a temporary change speaks of that carry no weight."""
    return sorted(change.weights.keys() - weighted_ids(sheet))
