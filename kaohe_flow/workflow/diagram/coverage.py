"""Checks of decision tables as a whole: rows that overlap, rows never reached, cases without a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations, islice, product
from math import prod
from typing import Final

from kaohe_flow.workflow.diagram.catalogue import fault
from kaohe_flow.workflow.diagram.region import Region, holds, meet, region, samples, within
from kaohe_flow.workflow.diagram.subject import Check, Subject
from kaohe_flow.workflow.diagram.table import Row, Table
from kaohe_flow.workflow.errors import Fault

ONE: Final = frozenset({"UNIQUE", "FIRST", "ANY"})
MAX_ROWS: Final = 400
MAX_CASES: Final = 5_000
NAMED_CASES: Final = 3

Regions = tuple[Region | None, ...]


def _analysed(subject: Subject) -> Iterator[tuple[Table, list[tuple[Row, Regions]]]]:
    """Tables that are whole and not too large, with what their cells accept."""
    for table in subject.tables:
        rows = [row for row in table.rows if len(row.inputs) == len(table.inputs)]
        if table.inputs and len(rows) == len(table.rows) <= MAX_ROWS:
            yield table, [(row, tuple(region(cell.text) for cell in row.inputs)) for row in rows]


def overlaps(subject: Subject) -> Iterator[Fault]:
    """UNIQUE: no two rows hold at once. ANY: only rows with the same results."""
    for table, rows in _analysed(subject):
        if table.policy not in {"UNIQUE", "ANY"}:
            continue
        for (first, one), (second, other) in combinations(rows, 2):
            same = [cell.text for cell in first.outputs] == [cell.text for cell in second.outputs]
            if (table.policy == "ANY" and same) or not _overlap(first, second, one, other):
                continue
            text = (
                f"第 {first.number} 行与第 {second.number} 行会同时符合，命中方式 {table.policy} 不允许；"
                "请让条件互不重叠，或改用 FIRST（取第一行）"
            )
            yield fault(table, "table-overlap", text, line=second.line)


def _overlap(first: Row, second: Row, one: Regions, other: Regions) -> bool:
    """Surely: every column meets. Cells that are not simple meet only if they are written alike."""
    for left, right, a, b in zip(first.inputs, second.inputs, one, other, strict=True):
        if a is None or b is None:
            if left.text != right.text:
                return False
        elif not meet(a, b):
            return False
    return True


def shadowed(subject: Subject) -> Iterator[Fault]:
    """FIRST: a row that accepts no more than an earlier one is never reached."""
    for table, rows in _analysed(subject):
        if table.policy != "FIRST":
            continue
        for number, (row, own) in enumerate(rows):
            for earlier, wide in rows[:number]:
                if all(
                    a is not None and b is not None and within(a, b) for a, b in zip(own, wide, strict=True)
                ):
                    text = (
                        f"第 {row.number} 行永远轮不到，第 {earlier.number} 行已经包括了它；请调换顺序或删去"
                    )
                    yield fault(table, "table-shadowed", text, line=row.line)
                    break


def gaps(subject: Subject) -> Iterator[Fault]:
    """Cases among the listed values, and between the smallest and largest numbers, for which no row is."""
    for table, rows in _analysed(subject):
        if table.policy not in ONE or not rows:
            continue
        columns = [
            samples([own[place] for _, own in rows], column.values, column.kind)
            for place, column in enumerate(table.inputs)
        ]
        if not 0 < prod(len(values) or 1 for values in columns) <= MAX_CASES:
            continue
        missing = list(islice(_missing(columns, [own for _, own in rows]), NAMED_CASES + 1))
        if missing:
            cases = "；".join(_case(table, case) for case in missing[:NAMED_CASES])
            more = "等" if len(missing) > NAMED_CASES else ""
            text = f"这些情形没有规则，查不到结果：{cases}{more}；请补一行，或确认不会出现"
            yield fault(table, "table-gap", text)


def _missing(
    columns: Sequence[tuple[str | Decimal, ...]], rows: Sequence[Regions]
) -> Iterator[tuple[str | Decimal | None, ...]]:
    for case in product(*(values or (None,) for values in columns)):
        if not any(all(_accepts(a, b) for a, b in zip(own, case, strict=True)) for own in rows):
            yield case


def _accepts(accepted: Region | None, atom: str | Decimal | None) -> bool:
    return atom is None or holds(accepted, atom)


def _case(table: Table, case: tuple[str | Decimal | None, ...]) -> str:
    named = [
        f"{column.label or column.expression}={atom}"
        for column, atom in zip(table.inputs, case, strict=True)
        if atom is not None
    ]
    return "、".join(named)


CHECKS: Final[tuple[Check, ...]] = (overlaps, shadowed, gaps)
