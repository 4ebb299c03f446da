"""What people upload is measured before it is opened, and read as they saw it."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from kaohe_flow.kernel.sheet import CHUNK, MAX_COLUMNS, MAX_ROWS, UnreadableTable, read_table


def xlsx(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(content: bytes, **changed: bytes) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, changed.get(name.rsplit("/", 1)[-1].split(".")[0], old.read(name)))
    return stream.getvalue()


def test_a_sheet_is_read_below_its_title_and_keeps_the_row_numbers_of_excel() -> None:
    content = xlsx(("考核指标表",), (), ("编码", "分值", None), ("BIZ-07", 6), (None, None), ("REW-01", 2.5))

    table = read_table(content, "指标.xlsx")

    assert table.header == ("编码", "分值")
    assert [(row.number, row.cells) for row in table.rows] == [(4, ("BIZ-07", "6")), (6, ("REW-01", "2.5"))]


def test_cells_arrive_as_the_text_people_saw() -> None:
    content = xlsx(
        ("甲", "乙", "丙", "丁", "戊"),
        (0.1 + 0.2, 3300000.0, date(2026, 11, 25), datetime.fromisoformat("2026-11-25T09:30"), True),
    )

    (row,) = read_table(content, "表.xlsx").rows

    assert row.cells == ("0.3", "3300000", "2026-11-25", "2026-11-25 09:30:00", "是")


def test_headings_lose_their_line_breaks_and_short_rows_are_filled_up() -> None:
    table = read_table('"计量\n单位",公式\n件\n'.encode(), "a.csv")

    assert table.header == ("计量单位", "公式")
    assert list(table.records()) == [(2, {"计量单位": "件", "公式": ""})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_csv_is_read_in_the_encodings_of_the_office(encoding: str) -> None:
    table = read_table("编码,名称\nBIZ-07,化解率\n".encode(encoding), "指标.csv")

    assert table.rows[0].cells == ("BIZ-07", "化解率")


def test_missing_headings_are_named() -> None:
    assert read_table("编码,名称\n".encode(), "a.csv").missing(["名称", "分值"]) == ("分值",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"  ", "空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "另存为"),
        (b"PK\x03\x04 not a zip", "已损坏"),
        (b"\x00\x01\x02\xff", "编码"),
        ("标题\n正文\n".encode(), "没有找到表头"),
        ("编码,编码\n".encode(), "重复的列：编码"),
        ("编码,,名称\n".encode(), "空列"),
        ("编码,名称\n1,2,3\n".encode(), "第 2 行比表头多出 1 列"),
        ("编码,名称\n=HYPERLINK(1),2\n".encode(), "第 2 行第 1 列（A2）是公式"),
        ("编码,名称\n1,=1+1\n".encode(), "第 2 行第 2 列（B2）是公式"),
        (("编码,名称\n" + "\n" * 100_000 + "1,2\n").encode(), "超过 100000 行（含空行）"),
        ('编码,名称\n"1,2\n'.encode(), "不是合法的 CSV"),
        (",".join(f"列{n}" for n in range(MAX_COLUMNS + 1)).encode(), "超过 60 列"),
        (f"编码,名称\n{'字' * 4001},1\n".encode(), "超过 4000 字"),
    ],
)
def test_an_unusable_file_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableTable) as refusal:
        read_table(content, "表.csv")

    assert words in str(refusal.value)
    assert "表.csv" in str(refusal.value)


def test_a_formula_is_refused_because_its_value_belongs_to_another_program() -> None:
    with pytest.raises(UnreadableTable, match="第 2 行第 2 列（B2）是公式"):
        read_table(xlsx(("编码", "分值"), ("BIZ-07", "=1+1")), "表.xlsx")


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(UnreadableTable, match="超过 50000 行"):
        read_table(b"a,b\n" + b"1,2\n" * (MAX_ROWS + 1), "a.csv")


def test_an_archive_that_swells_is_refused_before_it_is_unpacked() -> None:
    bomb = repacked(xlsx(("编码", "名称")), sheet1=b" " * 5_000_000)

    with pytest.raises(UnreadableTable, match="解开后过大"):
        read_table(bomb, "表.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_archive_with_entities_is_refused(encoding: str) -> None:
    lol = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'.encode(encoding)

    with pytest.raises(UnreadableTable, match="不安全"):
        read_table(repacked(xlsx(("编码", "名称")), sheet1=lol), "表.xlsx")


def test_entities_are_seen_wherever_the_reading_is_cut() -> None:
    noise = random.Random(7).randbytes(CHUNK // 2).hex().encode()
    split = b"<!--" + noise[: CHUNK - 12] + b"-->" + b"<!DOCTYPE x []><x/>"

    with pytest.raises(UnreadableTable, match="不安全"):
        read_table(repacked(xlsx(("编码", "名称")), sheet1=split), "表.xlsx")


def test_the_extent_a_sheet_declares_is_not_believed() -> None:
    content = xlsx(("编码", "名称"), ("BIZ-07", "化解率"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").replace(b'ref="A1:B2"', b'ref="A1:A1"')

    table = read_table(repacked(content, sheet1=sheet), "表.xlsx")

    assert table.header == ("编码", "名称")
    assert table.rows[0].cells == ("BIZ-07", "化解率")


def test_a_text_that_looks_like_a_formula_stays_the_text_it_is() -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(("编码", "算式"))
    book.active.append(("BIZ-07", "x"))
    book.active["B2"].value = "=1+1"
    book.active["B2"].data_type = "s"
    stream = io.BytesIO()
    book.save(stream)

    (row,) = read_table(stream.getvalue(), "表.xlsx").rows

    assert row.cells == ("BIZ-07", "=1+1")


def test_a_sheet_of_millions_of_cells_is_refused_before_it_is_parsed() -> None:
    # Noise between the tags keeps the file from being refused for swelling.
    noise = random.Random(7).randbytes(600_000).hex()
    cells = "".join(f"<c>{noise[at : at + 1]}</c>" for at in range(1_050_000))
    sheet = f"<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>".encode()

    with pytest.raises(UnreadableTable, match="单元格过多"):
        read_table(repacked(xlsx(("编码", "名称")), sheet1=sheet), "表.xlsx")


def test_a_row_that_claims_to_be_the_millionth_is_refused() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
        b'<row r="1048576"><c r="A1048576"><v>3</v></c></row></sheetData></worksheet>'
    )

    with pytest.raises(UnreadableTable, match="含空行"):
        read_table(repacked(xlsx(("编码", "名称")), sheet1=sheet), "表.xlsx")


def test_an_archive_with_broken_sheets_is_refused() -> None:
    with pytest.raises(UnreadableTable, match=r"不是有效的 \.xlsx"):
        read_table(repacked(xlsx(("编码", "名称")), sheet1=b"<worksheet><sheetData><row>"), "表.xlsx")


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", "编码,名称\n".encode()]))
def test_no_bytes_whatever_end_in_anything_but_a_table_or_a_refusal(content: bytes, start: bytes) -> None:
    try:
        table = read_table(start + content, "x")
    except UnreadableTable:
        return
    assert all(len(row.cells) == len(table.header) for row in table.rows)
