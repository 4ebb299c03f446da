"""The roster file at the door."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook, load_workbook

from kaohe_flow.kernel.sheet import UnreadableTable
from kaohe_flow.organization.roster.gateway import RosterRefused, read, template_csv, template_xlsx
from kaohe_flow.organization.roster.rules import COLUMNS

HEADER = ",".join(COLUMNS)
LINE = "100001,王小明,民警,QSX-CG,城关派出所,社区民警,2025-03-01,岗位能手"


def xlsx(*lines: tuple[object, ...]) -> bytes:
    book = Workbook()
    table = book.active
    assert table is not None
    for line in lines:
        table.append(line)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_csv_is_read_in_every_usual_encoding(encoding: str) -> None:
    (row,) = read(f"{HEADER}\r\n{LINE}\r\n".encode(encoding), "名单.csv").rows

    assert row.number == 2
    assert dict(row.cells) == dict(zip(COLUMNS, LINE.split(","), strict=True))


def test_the_columns_may_stand_in_any_order_with_marks_and_strangers_among_them() -> None:
    content = xlsx(
        ("警力名单 2026",),
        ("备注", "姓名*", "警号（必填）", "人员类别", "单位编码", "岗位", "任职起始日期"),
        ("调入", "王小明", 100001, "民警", "QSX-CG", "社区民警", "2025-03-01"),
    )

    sheet = read(content, "名单.xlsx")

    assert sheet.ignored == ("备注",)
    assert sheet.rows[0].number == 3
    assert (sheet.rows[0].cells["警号"], sheet.rows[0].cells["姓名"]) == ("100001", "王小明")
    assert "备注" not in sheet.rows[0].cells


def test_missing_and_doubled_columns_are_named_together() -> None:
    with pytest.raises(RosterRefused) as refused:
        read("警号,姓名,姓名(全名),人员类别,单位编码,岗位\n1,2,3,4,5,6\n".encode(), "名单.csv")

    assert str(refused.value) == "警力名单无法导入：缺少“任职起始日期”一列；“姓名”一列出现了多次"
    assert [problem.where for problem in refused.value.problems] == ["任职起始日期", "姓名"]


def test_an_empty_list_is_refused() -> None:
    with pytest.raises(RosterRefused, match="没有人员"):
        read(template_csv(), "名单.csv")


def test_a_formula_is_refused() -> None:
    with pytest.raises(UnreadableTable, match="公式"):
        read(xlsx(tuple(COLUMNS), ("=1+1", *LINE.split(",")[1:])), "名单.xlsx")


def test_the_templates_have_the_columns_the_reader_wants() -> None:
    table, notes = load_workbook(io.BytesIO(template_xlsx())).worksheets

    assert [cell.value for cell in table[1]] == list(COLUMNS)
    assert template_csv().decode("utf-8-sig").strip() == HEADER
    explained = [line[0].value for line in notes.iter_rows(min_row=2, max_row=1 + len(COLUMNS))]
    assert explained == list(COLUMNS)
    assert table["A1"].number_format == "General"
    assert table.column_dimensions["A"].number_format == "@"


def test_a_filled_template_is_read_back() -> None:
    book = load_workbook(io.BytesIO(template_xlsx()))
    book.worksheets[0].append(LINE.split(","))
    packed = io.BytesIO()
    book.save(packed)

    (row,) = read(packed.getvalue(), "名单.xlsx").rows

    assert list(row.cells.values()) == LINE.split(",")
