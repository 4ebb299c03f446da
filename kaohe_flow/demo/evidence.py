"""Evidence files as officers attach them: small real PDF, JPEG and XLSX files, different every time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from random import Random
from typing import Final

import xlsxwriter

from kaohe_flow.demo.picture import jpeg
from kaohe_flow.records.attachment.commands import Upload

PHOTOS: Final = ("照片", "截图", "图")
EXPORTS: Final = ("导出", "台账", "记录", "战果单")


@dataclass(frozen=True, slots=True)
class Deed:
    """What a file bears witness to."""

    unit: str
    officer: str
    indicator: str
    day: date
    summary: str


def files(chance: Random, deed: Deed, kinds: Sequence[str]) -> list[Upload]:
    """One file of each of some kinds; the kind decides the format."""
    count = 1 if len(kinds) == 1 else chance.choice((1, 2, 2))
    return [_file(chance, deed, kind) for kind in kinds[:count]]


def _file(chance: Random, deed: Deed, kind: str) -> Upload:
    name = f"{kind}_{deed.day:%Y%m%d}"
    if kind.endswith(PHOTOS):
        return Upload(f"{name}.jpg", jpeg(chance))
    if kind.endswith(EXPORTS):
        return Upload(f"{name}.xlsx", register(chance, deed, kind))
    return Upload(f"{name}.pdf", pdf([kind, *_lines(deed), f"编号：{chance.randrange(10**8):08}"]))


def _lines(deed: Deed) -> list[str]:
    return [
        f"单位：{deed.unit}",
        f"民警：{deed.officer}",
        f"指标：{deed.indicator}",
        f"日期：{deed.day.year}年{deed.day.month}月{deed.day.day}日",
        *(deed.summary[start : start + 34] for start in range(0, len(deed.summary), 34)),
    ]


def register(chance: Random, deed: Deed, kind: str) -> bytes:
    """A table of some rows, as exported from a system."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": datetime.combine(deed.day, time(9))})
    sheet = book.add_worksheet("记录")
    sheet.write_row(0, 0, ("序号", "日期", "单位", "民警", "事项", "编号", "结果"))
    for row in range(1, chance.randrange(4, 12)):
        number = f"{deed.day:%Y%m}{chance.randrange(10**6):06}"
        sheet.write_row(
            row, 0, (row, deed.day.isoformat(), deed.unit, deed.officer, deed.indicator, number, "完成")
        )
    sheet.write(12, 0, f"{kind}：{deed.summary}")
    book.close()
    return out.getvalue()


def pdf(lines: Sequence[str]) -> bytes:
    """One A4 page of text, set in a Chinese font that every viewer brings along."""
    first, *rest = (line.encode("utf-16-be").hex() for line in lines)
    shown = f"BT /F1 20 Tf 72 760 Td <{first}> Tj /F1 12 Tf 0 -16 Td " + " ".join(
        f"0 -24 Td <{line}> Tj" for line in rest
    )
    content = f"{shown} ET".encode()
    parts = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
        b" /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
        b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    )
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, table)
    return bytes(out)
