"""The ranking page: the own group first, judging words only after the cut-off, a workbook of the same."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from io import BytesIO

from openpyxl import load_workbook

from kaohe_flow.scheme.period import commands as periods
from kaohe_flow.scheme.plan.commands import adopt
from tests.factories.casework import PLAN, Bureau
from tests.web.conftest import ClientOf

AFTER_CUTOFF = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
CHOSEN = re.compile(r'<option value="([^"]*)" selected>')
MARKED = PLAN.replace(
    "    rankings:", '    total: {marks: [{when: "< 60", flag: 低于红线}]}\n    rankings:', 1
)


def marked(bureau: Bureau) -> None:
    """From November on a scheme with a red line of 60."""
    with bureau.acting() as work:
        adopt(work, MARKED.replace("id: mini", "id: marked"), date(2026, 10, 26))


def test_the_page_opens_at_the_readers_own_group(bureau: Bureau, client_of: ClientOf) -> None:
    bureau.approve(bureau.submit(bureau.city.wang))

    station = CHOSEN.findall(client_of(bureau.city.wang).get("/rankings/").text)
    county = CHOSEN.findall(client_of(bureau.city.wu).get("/rankings/").text)
    own_unit = CHOSEN.findall(client_of(bureau.city.wu).get("/rankings/?kind=unit").text)

    assert (station[-1], county[-1], own_unit[-1]) == ("派出所", "县分局", "县分局")


def test_nobody_is_below_the_red_line_while_reports_still_come_in(
    bureau: Bureau, client_of: ClientOf
) -> None:
    marked(bureau)
    page = client_of(bureau.city.wang)

    while_open = page.get("/rankings/").text
    with bureau.acting(at=AFTER_CUTOFF) as work:
        periods.close_submission(work, bureau.sheet.period.id)
    after_cutoff = page.get("/rankings/").text

    assert "低于红线" not in while_open
    assert "目前零分" in while_open
    assert "低于红线" in after_cutoff


def test_names_lead_only_where_the_reader_may_go(bureau: Bureau, client_of: ClientOf) -> None:
    bureau.approve(bureau.submit(bureau.city.wang))
    links = re.compile(r"/scores/officer/(\d+)")

    for reader in (bureau.city.li, bureau.city.qian):
        pages = client_of(reader)
        found = set(links.findall(pages.get("/rankings/?group=派出所").text))

        assert str(reader) in found
        assert {pages.get(f"/scores/officer/{one}").status_code for one in found} == {200}
        assert (str(bureau.city.wang) in found) is (reader == bureau.city.qian)


def test_the_workbook_without_a_period_is_that_of_the_page(bureau: Bureau, client_of: ClientOf) -> None:
    bureau.approve(bureau.submit(bureau.city.wang))

    answer = client_of(bureau.city.wang).get("/rankings/export.xlsx")

    assert answer.status_code == 200
    cells = {cell.value for row in load_workbook(BytesIO(answer.data)).active.iter_rows() for cell in row}
    assert "王小明" in cells
    assert any("2026年11月" in str(value) for value in cells)
