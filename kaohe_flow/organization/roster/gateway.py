"""The roster file at the door: xlsx or csv in, rows out; the empty template the other way."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from kaohe_flow.kernel.errors import InvalidInput, Problem
from kaohe_flow.kernel.sheet import read_table
from kaohe_flow.organization.officer.rules import STANDARD_IDENTITIES, OfficerKind
from kaohe_flow.organization.roster.rules import COLUMNS, RosterRow
from kaohe_flow.organization.unit.rules import tidy

AFTER_TITLE: Final = re.compile(r"[(*].*$")
EXAMPLES: Final = (
    ("100001", "王小明", "民警", "QSX-CGPCS", "城关派出所", "社区民警", "2025-03-01", "岗位能手"),
    ("F10002", "李小红", "辅警", "QSX-CGPCS", "城关派出所", "户籍窗口", "2025-03-01", ""),
)
NOTES: Final = (
    ("警号", "必填。4 至 12 位数字，可带字母前缀；同一文件内不能重复"),
    ("姓名", "必填"),
    ("人员类别", "必填。民警或辅警"),
    ("单位编码", "必填。机构表中的编码"),
    ("单位名称", "可不填；填写时必须与编码对应的单位全称或简称一致，用于防止填错编码"),
    ("岗位", "必填。30 字以内"),
    ("任职起始日期", "必填。到现单位任职的第一天，如 2025-03-01；调动人员填调入日期"),
    ("岗位身份", f"可不填，多个用顿号分开：{'、'.join(STANDARD_IDENTITIES)}；或写“名称=系数”"),
)


class RosterRefused(InvalidInput):
    """The table is readable but is not a roster; single rows are judged later."""

    code = "roster-refused"
    message = "警力名单无法导入：{reason}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The filled rows below the header. ``ignored``: titles of columns that nobody reads."""

    rows: tuple[RosterRow, ...]
    ignored: tuple[str, ...] = ()


def read(content: bytes, filename: str) -> Sheet:
    """The rows of an xlsx (first sheet) or csv (UTF-8 or GBK) file, in any order of columns.

    Raises ``UnreadableTable`` for a file that is damaged, hostile, too large or holds formulas, and
    ``RosterRefused`` when columns are missing or nobody is listed.
    """
    table = read_table(content, filename)
    titles = [AFTER_TITLE.sub("", tidy(title).replace(" ", "")) for title in table.header]
    problems = [Problem(title, f"缺少“{title}”一列") for title in _required() if title not in titles]
    problems += [Problem(title, f"“{title}”一列出现了多次") for title in COLUMNS if titles.count(title) > 1]
    if problems:
        raise RosterRefused(reason="；".join(fault.text for fault in problems), problems=tuple(problems))
    if not table.rows:
        raise RosterRefused(reason="表头下面没有人员")
    rows = tuple(
        RosterRow(row.number, {t: cell for t, cell in zip(titles, row.cells, strict=True) if t in COLUMNS})
        for row in table.rows
    )
    return Sheet(rows, tuple(title for title in titles if title not in COLUMNS))


def _required() -> list[str]:
    return [title for title, required in COLUMNS.items() if required]


def template_csv() -> bytes:
    """The header line alone, UTF-8 with a byte order mark so that Excel reads the Chinese."""
    return ("\ufeff" + ",".join(COLUMNS) + "\r\n").encode()


def template_xlsx() -> bytes:
    """An empty table with text columns and a list for 人员类别, and a second sheet that explains."""
    book = Workbook()
    table = book.active
    assert table is not None
    table.title = "警力名单"
    table.append(list(COLUMNS))
    for number, (title, required) in enumerate(COLUMNS.items(), start=1):
        head = table.cell(row=1, column=number)
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", start_color="FFE699" if required else "DDEBF7")
        column = table.column_dimensions[get_column_letter(number)]
        column.width = 24 if title.startswith(("单位", "岗位")) else 14
        column.number_format = "@"
    kinds = DataValidation(type="list", formula1=f'"{",".join(kind.label for kind in OfficerKind)}"')
    kinds.add("C2:C5000")
    table.add_data_validation(kinds)
    table.freeze_panes = "A2"
    notes = book.create_sheet("填写说明")
    for line in (("栏目", "要求"), *NOTES, (), ("填写示例",), tuple(COLUMNS), *EXAMPLES):
        notes.append(line)
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 16, 80
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()
