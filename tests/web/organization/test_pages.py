"""The tree as people see it, and a roster on its way in."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from kaohe_flow.organization.officer.model import Officer
from kaohe_flow.organization.roster.rules import COLUMNS
from tests.factories.casework import Bureau
from tests.web.conftest import ClientOf, Pages

HEADER = ",".join(COLUMNS)
KEPT = re.compile(r'name="kept" value="([^"]+)"')
GOOD = "200001,林一,民警,QSX-CG,城关派出所,社区民警,2026-03-01,"
MOVED = "100001,王小明,民警,QSX-HK,河口派出所,社区民警,2026-11-01,"
NOWHERE = "200002,林二,民警,QSX-XX,,社区民警,2026-03-01,"
ELSEWHERE = "200003,林三,民警,ZZB,,科员,2026-03-01,"


def csv(*lines: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO("\n".join((HEADER, *lines)).encode()), "名单.csv"


def kept_in(text: str) -> str:
    found = KEPT.search(text)
    assert found is not None
    return found.group(1)


@pytest.fixture
def office(bureau: Bureau, client_of: ClientOf) -> Pages:
    """The office of the county."""
    return client_of(bureau.city.zheng)


def names(bureau: Bureau) -> set[str]:
    with bureau.reading() as session:
        return set(session.scalars(select(Officer.name)))


def test_the_tree_has_two_roots_and_counts_everybody_below(bureau: Bureau, client_of: ClientOf) -> None:
    page = client_of(bureau.city.chen).get("/organization/").text

    assert page.count("<details open") == 2
    for name in ("市局考核办", "市直机关考核办", "青松县公安局", "城关派出所社区中队", "12<small>人"):
        assert name in page


def test_a_county_opens_its_own_units_and_no_others(bureau: Bureau, office: Pages) -> None:
    tree = office.get("/organization/").text

    assert f"/organization/units/{bureau.city.station}" in tree
    assert f"/organization/units/{bureau.city.politics}" not in tree
    assert office.get(f"/organization/units/{bureau.city.station}").status_code == 200
    assert office.get(f"/organization/units/{bureau.city.politics}").status_code == 404
    assert office.get(f"/organization/officers/{bureau.city.wang}").status_code == 200
    assert office.get(f"/organization/officers/{bureau.city.feng}").status_code == 404


def test_the_city_office_opens_both_chains(bureau: Bureau, client_of: ClientOf) -> None:
    pages = client_of(bureau.city.chen)

    assert pages.get(f"/organization/units/{bureau.city.politics}").status_code == 200
    assert pages.get(f"/organization/units/{bureau.city.station}").status_code == 200


def test_a_unit_shows_who_serves_and_who_holds_what(bureau: Bureau, office: Pages) -> None:
    page = office.get(f"/organization/units/{bureau.city.station}").text

    for word in ("王小明", "2020-01-01", "至今", "单位内勤", "钱进", "社区中队", "市局考核办"):
        assert word in page


@pytest.mark.parametrize(("words", "found"), [("小明", "王小明"), ("100004", "钱进"), ("河口", "QSX-HK")])
def test_people_and_units_are_found_by_part_of_a_name_or_number(
    office: Pages, words: str, found: str
) -> None:
    assert found in office.get(f"/organization/?q={words}").text


def test_nobody_is_found_outside_ones_reach(office: Pages) -> None:
    assert "没有找到" in office.get("/organization/?q=冯源").text


def test_an_officer_has_no_business_with_the_roster(bureau: Bureau, client_of: ClientOf) -> None:
    pages = client_of(bureau.city.wang)

    assert pages.get("/organization/roster/").status_code == 403
    assert "导入警力名单" not in pages.get("/organization/").text


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_template_has_every_column(office: Pages, kind: str) -> None:
    answer = office.get(f"/organization/roster/template.{kind}")

    if kind == "csv":
        titles = answer.data.decode("utf-8-sig").strip().split(",")
    else:
        titles = [cell.value for cell in load_workbook(io.BytesIO(answer.data)).worksheets[0][1]]
    assert titles == list(COLUMNS)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Disposition"].isascii()


def test_a_preview_tells_the_fate_of_every_row_and_writes_nothing(bureau: Bureau, office: Pages) -> None:
    page = office.post("/organization/roster/", {"file": csv(GOOD, MOVED, NOWHERE, ELSEWHERE)})

    assert page.status_code == 200
    assert "确认导入 2 行" in page.text
    for name, count in (("新增", 1), ("更新", 1), ("未变化", 0), ("退回", 2)):
        assert f'{name}</span><span class="kpi-value">{count}<' in page.text
    assert "没有编码为“QSX-XX”的单位" in page.text
    assert "不在您的管理范围内" in page.text
    assert "城关派出所 → 河口派出所（自 2026-11-01 起）" in page.text
    assert "林一" not in names(bureau)


def test_what_was_shown_is_applied_and_the_second_time_changes_nothing(bureau: Bureau, office: Pages) -> None:
    shown = office.post("/organization/roster/", {"file": csv(GOOD, MOVED, NOWHERE, ELSEWHERE)})
    kept = kept_in(shown.text)

    done = office.post("/organization/roster/import", {"kept": kept})
    again = office.post("/organization/roster/", {"file": csv(GOOD, MOVED, NOWHERE)})

    assert "已写入 2 行" in done.text
    assert "没有编码为“QSX-XX”的单位" in done.text
    assert {"林一"} <= names(bureau)
    assert not {"林二", "林三"} & names(bureau)
    assert "没有需要写入的行" in again.text
    assert "河口派出所" in office.get(f"/organization/officers/{bureau.city.wang}").text


def test_a_second_click_does_not_import_twice(office: Pages) -> None:
    kept = kept_in(office.post("/organization/roster/", {"file": csv(GOOD)}).text)

    office.post("/organization/roster/import", {"kept": kept}, once="one-key-for-both-clicks")
    second = office.post("/organization/roster/import", {"kept": kept}, once="one-key-for-both-clicks")

    assert second.status_code == 303
    assert second.headers["Location"].endswith("/organization/roster/")


def test_a_thousand_rows_go_in(bureau: Bureau, office: Pages) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(list(COLUMNS))
    for number in range(1000):
        book.active.append(
            [str(300000 + number), "赵钱孙", "民警", "QSX-CG", "", "社区民警", "2026-03-01", ""]
        )
    packed = io.BytesIO()
    book.save(packed)
    packed.seek(0)

    shown = office.post("/organization/roster/", {"file": (packed, "名单.xlsx")})
    office.post("/organization/roster/import", {"kept": kept_in(shown.text)})

    with bureau.reading() as session:
        assert len(session.scalars(select(Officer.id).where(Officer.name == "赵钱孙")).all()) == 1000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "请选择一个"),
        (b"\xd0\xcf\x11\xe0old", "旧版"),
        (b"PK\x03\x04broken", "损坏"),
        ("警号,姓名\n1,2\n".encode(), "缺少“单位编码”一列"),
        (HEADER.encode(), "没有人员"),
        ("警号,姓名\n=SUM(A1),2\n".encode(), "公式"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_with_the_reason(
    office: Pages, content: bytes, said: str
) -> None:
    form = {"file": (io.BytesIO(content), "名单.csv")} if content else {}

    answer = office.post("/organization/roster/", form)

    assert answer.status_code == 400
    assert said in answer.text


def test_only_a_file_that_was_shown_is_applied(bureau: Bureau, office: Pages) -> None:
    kept = kept_in(office.post("/organization/roster/", {"file": csv(GOOD)}).text)

    answer = office.post("/organization/roster/import", {"kept": kept[:-3] + "abc"})

    assert answer.status_code == 400
    assert "预览已失效" in answer.text
    assert "林一" not in names(bureau)
