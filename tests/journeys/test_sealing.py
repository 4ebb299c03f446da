"""The end of a month: cut-off, trial totals, signatures, seal, ranking, and a correction after the seal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from kaohe_flow.organization.role import commands as roles
from kaohe_flow.organization.role.rules import Role
from kaohe_flow.organization.unit.rules import Span
from kaohe_flow.scheme.period import queries as periods
from tests.factories.organization import FOUNDED
from tests.journeys.conftest import Desk, Site
from tests.journeys.verbs import DONE, JOURNEY, decide, paper, press, settle

pytestmark = JOURNEY
CUTOFF = datetime(2026, 11, 25, 15, 59, 59, tzinfo=UTC)
A_MOMENT = timedelta(seconds=1)


def month(site: Site) -> Any:
    """The month as it stands."""
    with site.bureau.reading() as session:
        return periods.get(session, site.bureau.sheet.period.id)


def fill_in(page: Page, count: str) -> None:
    """A claim form, all but its button."""
    page.get_by_role("row", name="矛盾纠纷化解").get_by_role("link", name="填报").click()
    page.fill("[name=happened_on]", "2026-11-20")
    page.fill("[name=count]", count)
    page.fill("[name=summary]", "化解邻里纠纷，双方当场签订调解协议并已履行。")


def draft(desk: Desk, evidence: str) -> None:
    """A claim begun in time and left on the screen."""
    fill_in(desk.open("/claims/"), "2")
    desk.page.set_input_files("[name=files]", evidence)
    press(desk.page, "存草稿")
    desk.page.wait_for_url("**/claims/*/edit")


def send_late(desk: Desk, *said: str) -> None:
    """The form left open is sent; it is refused and keeps what was typed."""
    press(desk.page, "提交", asked="提交")
    for words in (*said, "报送截止2026-11-25 23:59"):
        expect(desk.page.locator("main")).to_contain_text(words)
    expect(desk.page.locator("[name=count]")).to_have_value("2")
    desk.check_accessible()


def send_in_time(wang: Desk, evidence: str) -> None:
    """Handed in during the last second of the 25th."""
    fill_in(wang.open("/claims/"), "3")
    wang.page.set_input_files("[name=files]", evidence)
    press(wang.page, "提交", asked="提交")
    wang.page.wait_for_url("**/cases/submission:**")


def sign(site: Site, chen: Desk) -> None:
    """After the notice the compiler signs for one authority; that neither hastens nor hinders the seal."""
    site.pass_days(6)
    site.pass_until(month(site).notice_until + timedelta(minutes=1))
    page = chen.open("/inbox/claimable")
    expect(page.get_by_text("汇总人签字").first).to_be_visible()
    chen.check_accessible()
    decide(page, "签字确认")
    expect(page.get_by_text(DONE)).to_be_visible()


def check_ranking(desk: Desk, heading: str, points: str, folder: Path) -> None:
    """Table, chart and workbook say the same."""
    page = desk.open("/rankings/?period=2026-11&group=派出所")
    expect(page.locator("main")).to_contain_text(heading)
    expect(page.get_by_role("row", name="王小明")).to_contain_text(points)
    expect(page.locator("[data-island=charts]")).to_contain_text("王小明")
    desk.check_accessible()
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 Excel").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    rows = [list(map(str, row)) for row in load_workbook(path).worksheets[0].iter_rows(values_only=True)]
    (own,) = (row for row in rows if "王小明" in row)
    assert Decimal(points) in {Decimal(cell) for cell in own if cell.replace(".", "").isdigit()}


def propose(chen: Desk, evidence: str) -> None:
    """A voucher: two of the three were entered twice."""
    page = chen.open("/corrections/")
    page.get_by_role("link", name="提出更正单").click()
    page.get_by_role("row", name="王小明").get_by_role("link", name="选择").click()
    page.select_option("[name=indicator_version_id]", label="BIZ-07 矛盾纠纷化解")
    page.get_by_role("row", name="矛盾纠纷化解").get_by_role("checkbox").check()
    page.fill("[name=happened_on]", "2026-11-20")
    page.fill("[name=count]", "1")
    page.fill("[name=document_no]", "审计通报2026第9号")
    page.fill("[name=reason]", "审计发现三件中两件系重复登记，实际只办结一件。")
    page.set_input_files("[name=files]", evidence)
    chen.check_accessible()
    press(page, "提出更正单", asked="提出")
    page.wait_for_url("**/cases/correction:**")
    chen.check_accessible()


def test_the_clock_closes_and_seals_and_only_a_voucher_changes_what_is_sealed(
    site: Site, tmp_path: Path
) -> None:
    with site.bureau.acting() as work:
        grant = roles.Grant(site.bureau.city.zheng, Role.OFFICE, site.bureau.city.bureau, Span(FOUNDED))
        roles.grant(work, grant)
    wang, qian, wu, chen = map(site.sit_down, ("wang", "qian", "wu", "chen"))
    zheng, wei = map(site.sit_down, ("zheng", "wei"))
    evidence = paper(tmp_path)

    left_open = site.sit_down("wang")
    draft(left_open, evidence)
    site.pass_until(CUTOFF)
    send_in_time(wang, evidence)
    site.pass_until(CUTOFF + A_MOMENT)
    send_late(left_open, "已于 2026年11月25日 23:59:59 截止报送", "请计入下一考核期（2026年12月）")
    settle(qian, "claimable", "材料齐全，转归口审核")
    wu.open("/inbox/claimable")
    wu.page.select_option("[name=quality]", label="优秀")
    decide(wu.page, "通过并评分")
    expect(wu.page.get_by_text(DONE)).to_be_visible()

    sign(site, chen)
    check_ranking(wang, "试算", "6.00", tmp_path)
    site.pass_days(4)
    check_ranking(wang, "已封存，第 2 版", "6.00", tmp_path)
    page = chen.open("/periods/")
    page.get_by_role("link", name="2026年11月").click()
    expect(page.locator("main")).to_contain_text("未签")
    chen.check_accessible()
    send_late(left_open, "考核期的结果已于", "封存")

    propose(chen, evidence)
    settle(zheng, "claimable", "核对无误，报领导小组", "与通报一致。")
    settle(wei, "claimable", "同意更正")
    check_ranking(wang, "封存后更正，第 3 版", "2.00", tmp_path)
    wang.page.get_by_role("link", name="看更正前的第 2 版").click()
    expect(wang.page.get_by_role("row", name="王小明")).to_contain_text("6.00")
    lines = wang.open("/scores/?period=2026-11").get_by_role("row", name="矛盾纠纷化解")
    expect(lines.last).to_contain_text("更正")
    wang.check_accessible()
