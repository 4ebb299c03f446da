"""Rankings as a workbook. Text cells are text: nothing a person typed becomes a formula."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from kaohe_flow.results.ranking.rules import Standing

HEADS = ("名次", "并列", "对象", "所在单位", "序列")


def as_workbook(title: str, rows: Sequence[Standing], *, is_final: bool) -> bytes:
    """One sheet: a title line, heads, one row per subject; points are numbers with two decimals."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("排名")
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "0.00"})
        modules = list(dict.fromkeys(name for row in rows for name, _ in row.modules))
        sheet.write_string(0, 0, f"{title}（{'已封存' if is_final else '试算，未封存'}）", bold)
        for column, head in enumerate((*HEADS, *modules, "总分", "说明")):
            sheet.write_string(2, column, head, bold)
        for line, row in enumerate(rows, start=3):
            _write(sheet, line, row, modules, money)
        sheet.set_column(2, 4, 22)
    return buffer.getvalue()


def _write(sheet: Any, line: int, row: Standing, modules: Sequence[str], money: object) -> None:
    if row.place is not None:
        sheet.write_number(line, 0, row.place)
    tied = f"并列 {row.tied}" if row.tied > 1 else ""
    for column, text in enumerate((tied, row.name, row.unit, row.group), start=1):
        sheet.write_string(line, column, text)
    own = dict(row.modules)
    figures = [*(own.get(name) for name in modules), row.points]
    for column, points in enumerate(figures, start=len(HEADS)):
        if points is not None:
            sheet.write_number(line, column, points, money)
    last = len(HEADS) + len(figures)
    sheet.write_string(line, last, "；".join((*row.flags, row.reason)).strip("；"))
