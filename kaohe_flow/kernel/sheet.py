"""Tables that people upload (xlsx, csv): measured before they are opened, read as plain text.

Numbers arrive as the digits the person saw (Excel's own 15), dates as ISO, formulas not at all: what a
formula shows depends on the program that opened it last.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from kaohe_flow.kernel.errors import InvalidInput

MAX_ROWS: Final = 50_000
MAX_LINES: Final = 2 * MAX_ROWS  # empty ones included: a file may claim its next row to be the millionth
MAX_COLUMNS: Final = 60
MAX_CELL: Final = 4_000
MAX_UPLOAD_BYTES: Final = 20 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 100 * 1024 * 1024
MAX_RATIO: Final = 100
SMALL_MEMBER: Final = 1024 * 1024  # below this the ratio says nothing: short XML packs extremely well
MAX_MEMBERS: Final = 1_000
MAX_TAGS: Final = 2_000_000  # opening and closing ones of one part; some 500,000 filled cells
CHUNK: Final = 1024 * 1024
LEAST_HEADINGS: Final = 2  # a single filled cell above the table is its title
OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
ZIP: Final = b"PK"
FORMULA: Final = re.compile(r"^\s*=[^=\s]")
FORBIDDEN_XML: Final = (b"<!DOCTYPE", b"<!ENTITY")


class UnreadableTable(InvalidInput):
    """``what`` is the file name as uploaded, ``reason`` says what to do."""

    code = "unreadable-table"
    message = "表格“{what}”无法读取：{reason}"


@dataclass(frozen=True, slots=True)
class Row:
    """One filled row; ``number`` is the one Excel shows, so that a fault can be found again."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and filled rows; every row has exactly as many cells as there are headings."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Row number and cells by heading."""
        for row in self.rows:
            yield row.number, dict(zip(self.header, row.cells, strict=True))

    def missing(self, headings: Iterable[str]) -> tuple[str, ...]:
        """Which of the expected headings are not there."""
        return tuple(heading for heading in headings if heading not in self.header)


def read_table(content: bytes, filename: str) -> Table:
    """First sheet of an xlsx, or a csv in UTF-8 or GBK. Raises ``UnreadableTable``.

    The header is the first row with at least two filled cells; empty rows are skipped.
    """
    if not content.strip():
        raise UnreadableTable(what=filename, reason="文件是空的")
    if len(content) > MAX_UPLOAD_BYTES:
        raise UnreadableTable(what=filename, reason=f"文件超过 {MAX_UPLOAD_BYTES // CHUNK} MB，请拆分后上传")
    if content.startswith(OLD_EXCEL):
        raise UnreadableTable(what=filename, reason="这是旧版或加密的 Excel 文件，请另存为未加密的 .xlsx")
    if content.startswith(ZIP):
        _measure(content, filename)
        lines = _xlsx_lines(content, filename)
    else:
        lines = _csv_lines(content, filename)
    return _table(lines, filename)


def _table(lines: Iterable[Sequence[str]], filename: str) -> Table:
    header: tuple[str, ...] | None = None
    rows: list[Row] = []
    for number, line in enumerate(lines, start=1):
        cells = _trimmed(line)
        if number > MAX_LINES:
            raise UnreadableTable(what=filename, reason=f"超过 {MAX_LINES} 行（含空行），请删去多余的行")
        if not cells:
            continue
        _check_size(number, cells, filename)
        if header is None:
            header = _header(cells, number, filename)
            continue
        if len(cells) > len(header):
            reason = f"第 {number} 行比表头多出 {len(cells) - len(header)} 列"
            raise UnreadableTable(what=filename, reason=reason)
        rows.append(Row(number, (*cells, *([""] * (len(header) - len(cells))))))
        if len(rows) > MAX_ROWS:
            raise UnreadableTable(what=filename, reason=f"超过 {MAX_ROWS} 行，请拆分后上传")
    if header is None:
        raise UnreadableTable(what=filename, reason="没有找到表头，请使用模板填写")
    return Table(header, tuple(rows))


def _trimmed(line: Sequence[str]) -> tuple[str, ...]:
    cells = [cell.strip() for cell in line]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _check_size(number: int, cells: tuple[str, ...], filename: str) -> None:
    if len(cells) > MAX_COLUMNS:
        raise UnreadableTable(what=filename, reason=f"第 {number} 行超过 {MAX_COLUMNS} 列")
    for cell in cells:
        if len(cell) > MAX_CELL:
            raise UnreadableTable(what=filename, reason=f"第 {number} 行有单元格超过 {MAX_CELL} 字")


def _header(cells: tuple[str, ...], number: int, filename: str) -> tuple[str, ...] | None:
    if sum(bool(cell) for cell in cells) < LEAST_HEADINGS:
        return None
    names = tuple("".join(cell.split()) for cell in cells)
    if not all(names):
        raise UnreadableTable(what=filename, reason=f"第 {number} 行表头有空列，请删除空列或补上列名")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UnreadableTable(what=filename, reason=f"表头有重复的列：{'、'.join(twice)}")
    return names


def _csv_lines(content: bytes, filename: str) -> Iterator[Sequence[str]]:
    text = _decoded(content, filename)
    dialect = csv.excel_tab if "\t" in text.split("\n", 1)[0] else csv.excel
    reader = csv.reader(io.StringIO(text, newline=""), dialect, strict=True)
    try:
        for line in reader:
            for column, cell in enumerate(line, start=1):
                if FORMULA.match(cell):
                    _refuse_formula(reader.line_num, column, filename)
            yield line
    except csv.Error as exc:
        reason = f"第 {reader.line_num} 行不是合法的 CSV，请检查引号是否成对"
        raise UnreadableTable(what=filename, reason=reason) from exc


def _decoded(content: bytes, filename: str) -> str:
    if b"\0" not in content:
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise UnreadableTable(what=filename, reason="不是 .xlsx，也不是 UTF-8 或 GBK 编码的 .csv，请使用模板填写")


def _measure(content: bytes, filename: str) -> None:
    """Refuse archives that would unpack beyond reason, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_members(members, filename)
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    _check_xml(archive, member, filename)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as exc:
        raise UnreadableTable(what=filename, reason="文件已损坏或被加密，请重新另存为 .xlsx") from exc


def _check_members(members: Sequence[zipfile.ZipInfo], filename: str) -> None:
    unpacked = sum(member.file_size for member in members)
    swollen = any(
        member.file_size > SMALL_MEMBER and member.file_size > MAX_RATIO * max(member.compress_size, 1)
        for member in members
    )
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED_BYTES or swollen:
        raise UnreadableTable(what=filename, reason="文件解开后过大，请只保留需要导入的工作表")


def _check_xml(archive: zipfile.ZipFile, member: zipfile.ZipInfo, filename: str) -> None:
    longest = max(map(len, FORBIDDEN_XML))
    tail, tags = b"", 0
    with archive.open(member) as part:
        while chunk := part.read(CHUNK):
            tags += chunk.count(b"<")
            if tags > MAX_TAGS:
                reason = "单元格过多，请只保留需要导入的行和列，清除多余的空白格式"
                raise UnreadableTable(what=filename, reason=reason)
            seen = tail + chunk
            if b"\0" in chunk or any(word in seen for word in FORBIDDEN_XML):
                reason = "文件内含不安全的声明，请在 Excel 中重新另存为 .xlsx"
                raise UnreadableTable(what=filename, reason=reason)
            tail = seen[-longest:]


def _xlsx_lines(content: bytes, filename: str) -> Iterator[Sequence[str]]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except Exception as exc:  # the library raises whatever its parsers raise; the file is foreign
        raise UnreadableTable(what=filename, reason="不是有效的 .xlsx 文件，请使用模板填写") from exc
    try:
        yield from _sheet_lines(book, filename)
    except UnreadableTable:
        raise
    except Exception as exc:
        raise UnreadableTable(what=filename, reason="工作表内容已损坏，请重新另存为 .xlsx") from exc
    finally:
        book.close()


def _sheet_lines(book: Any, filename: str) -> Iterator[Sequence[str]]:
    if not book.worksheets:
        raise UnreadableTable(what=filename, reason="文件里没有工作表")
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # the declared extent is a claim of the file, not a fact
    for number, line in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), start=1):
        texts: list[str] = []
        for column, cell in enumerate(line, start=1):
            if cell.data_type == "f":
                _refuse_formula(number, column, filename)
            if cell.data_type == "e":
                where = f"{get_column_letter(column)}{number}"
                reason = f"第 {number} 行第 {column} 列（{where}）是错误值 {cell.value}"
                raise UnreadableTable(what=filename, reason=reason)
            texts.append(_as_text(cell.value))
        yield texts


def _refuse_formula(number: int, column: int, filename: str) -> None:
    where = f"{get_column_letter(column)}{number}"
    reason = f"第 {number} 行第 {column} 列（{where}）是公式，请复制后“选择性粘贴为数值”再上传"
    raise UnreadableTable(what=filename, reason=reason)


def _as_text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case int():
            return str(value)
        case float():
            return format(Decimal(f"{value:.15g}").normalize(), "f")
        case datetime():
            text = value.isoformat(sep=" ", timespec="seconds")
            return text.removesuffix(" 00:00:00")
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)
