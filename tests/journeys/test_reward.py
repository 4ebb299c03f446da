"""An honour: claimed, verified, shown to everybody, objected to, answered, scored; its deed counts once."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Desk, Site
from tests.journeys.verbs import DONE, JOURNEY, decide, paper, press, settle

pytestmark = JOURNEY
DEED = "11·3溺水救援"


def claim(wang: Desk, kind: str, title: str, evidence: str) -> None:
    """Claim points for oneself."""
    page = wang.open("/rewards/")
    page.get_by_role("link", name="申报加分").click()
    page.select_option("[name=indicator]", label="REW-01 嘉奖")
    expect(page.get_by_label("类别")).to_be_visible()
    page.select_option("[name=kind]", label=kind)
    page.fill("[name=title]", title)
    page.fill("[name=document_no]", "云公政（2026）88号")
    page.fill("[name=happened_on]", "2026-11-06")
    page.fill("[name=deed]", DEED)
    page.fill("[name=summary]", "11月3日跳入冰冷河水救起落水儿童两名。")
    page.set_input_files("[name=files]", evidence)
    press(page, "提交申报", asked="提交申报")
    page.wait_for_url("**/cases/reward:**")


def verify(wu: Desk, points: str) -> None:
    """The line weighs the deed; more than the item allows is refused."""
    page = wu.open("/inbox/claimable")
    page.fill("[name=points]", "6")
    decide(page, "事迹属实", "事迹属实，同意。")
    expect(page.locator("#f-points-error")).to_contain_text("核定分值须在 0 至 5 分之间")
    expect(page.locator("[name=opinion]")).to_have_value("事迹属实，同意。")
    page.fill("[name=points]", points)
    decide(page, "事迹属实")
    expect(page.get_by_text(DONE)).to_be_visible()


def object_to(zhou: Desk) -> None:
    """Anybody reads the excerpt and may object, giving a reason."""
    page = zhou.open("/rewards/?view=notice")
    zhou.check_accessible()
    page.get_by_role("row", name="个人嘉奖").get_by_role("link", name="查看并提出异议").click()
    expect(page.get_by_text("嘉奖令.pdf")).to_have_count(0)
    page.fill("[name=reason]", "救起的儿童只有一名，现场视频可以证明。")
    zhou.check_accessible()
    press(page, "提交异议")
    expect(page.get_by_text("核查期间暂缓加分").first).to_be_visible()


def answer(chen: Desk) -> None:
    """Whoever approved keeps out: the office above looks into it."""
    page = chen.open("/inbox/claimable")
    expect(page.get_by_text("救起的儿童只有一名").first).to_be_visible()
    page.locator("textarea[name^=answer_]").fill("视频显示先后救起两名儿童。")
    chen.check_accessible()
    decide(page, "异议不成立，恢复公示", "已调阅现场视频并询问在场群众。")
    expect(page.get_by_text(DONE)).to_be_visible()


def bookings(page: Page) -> Locator:
    """What the ledger says of the honour."""
    return page.get_by_role("row", name="嘉奖").filter(has=page.get_by_role("link", name="查看依据"))


def test_an_honour_is_shown_before_it_counts_and_its_deed_counts_once(site: Site, tmp_path: Path) -> None:
    wang, qian, wu, zheng = map(site.sit_down, ("wang", "qian", "wu", "zheng"))
    zhou, chen = map(site.sit_down, ("zhou", "chen"))

    claim(wang, "立功受奖、表彰", "个人嘉奖", paper(tmp_path, "嘉奖令.pdf"))
    wang.check_accessible()
    settle(qian, "claimable", "同意申报，转归口核实", "情况属实，同意申报。")
    verify(wu, "4.5")
    expect(zheng.open("/inbox/claimable").get_by_text("须公示").first).to_be_visible()
    zheng.check_accessible()
    settle(zheng, "claimable", "同意加分")
    expect(wang.open("/scores/").get_by_text("本期还没有记分")).to_be_visible()

    object_to(zhou)
    expect(zheng.open("/inbox/claimable").get_by_text("个人嘉奖")).to_have_count(0)
    answer(chen)
    site.pass_days(10)
    expect(bookings(wang.open("/scores/"))).to_contain_text("+4.50")
    wang.check_accessible()

    claim(wang, "宣传报道", "溺水救援见报", paper(tmp_path, "样报.pdf"))
    settle(qian, "claimable", "同意申报，转归口核实", "情况属实，同意申报。")
    verify(wu, "3")
    page = zheng.open("/inbox/claimable")
    expect(page.get_by_text("同一事迹已在2026年11月按“个人嘉奖”计 4.5 分").first).to_be_visible()
    settle(zheng, "claimable", "同意加分")
    page = wang.open("/scores/")
    expect(page.locator(".kpis")).to_contain_text("4.50")
    expect(bookings(page)).to_contain_text(["+4.50", "0.00"])
    wang.open("/rewards/")
    wang.check_accessible()
