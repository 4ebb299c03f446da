from __future__ import annotations

from datetime import date
from io import BytesIO
from random import Random

import openpyxl
import pytest

from kaohe_flow.demo import evidence
from kaohe_flow.demo.evidence import Deed
from kaohe_flow.demo.picture import COLUMNS, ROWS, jpeg
from kaohe_flow.records.attachment.rules import check_file

DEED = Deed("城关派出所", "孙世华", "矛盾纠纷化解率", date(2026, 11, 3), "登记纠纷十二件，全部化解并回访。")


@pytest.mark.parametrize(
    ("kind", "extension"), [("督察通报", "pdf"), ("现场照片", "jpg"), ("走访记录", "xlsx")]
)
def test_evidence_of_every_kind_passes_the_check_of_uploads(kind: str, extension: str) -> None:
    (upload,) = evidence.files(Random(1), DEED, [kind])

    assert upload.name == f"{kind}_20261103.{extension}"
    assert check_file(upload.name, upload.content).extension == extension


def test_two_claims_never_carry_the_same_bytes() -> None:
    chance = Random(1)

    made = [evidence.files(chance, DEED, ["现场照片"])[0].content for _ in range(20)]

    assert len(set(made)) == 20


def test_the_table_tells_the_unit_and_the_officer() -> None:
    book = openpyxl.load_workbook(BytesIO(evidence.register(Random(1), DEED, "走访记录")))

    rows = list(book.active.iter_rows(values_only=True))

    assert rows[0][:4] == ("序号", "日期", "单位", "民警")
    assert rows[1][2:4] == ("城关派出所", "孙世华")


def test_a_picture_has_the_size_its_header_says() -> None:
    content = jpeg(Random(3))

    frame = content.index(b"\xff\xc0")
    height, width = (int.from_bytes(content[frame + at : frame + at + 2], "big") for at in (5, 7))
    assert (width, height) == (COLUMNS * 8, ROWS * 8)
    assert content.endswith(b"\xff\xd9")


def test_the_places_in_a_pdf_are_where_its_table_says() -> None:
    content = evidence.pdf(["督察通报", "第二行"])

    table = int(content.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    places = [int(line[:10]) for line in content[table:].splitlines()[3:] if line.endswith(b" n ")]
    assert content[table:].startswith(b"xref")
    assert [content[place:].split(b" ", 1)[0] for place in places] == [b"%d" % n for n in range(1, 8)]
