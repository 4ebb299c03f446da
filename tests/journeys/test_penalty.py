"""A deduction: told first, defended or left unanswered, decided by somebody else, seen by person and unit."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Desk, Site
from tests.journeys.verbs import DONE, JOURNEY, decide, paper, press

pytestmark = JOURNEY
GROUNDS = ("当日窗口只有一人值守，群众等候时间长，并非推诿。", "已当面致歉并取得群众谅解，有书面谅解说明。")


def accuse(zheng: Desk, name: str, count: str, evidence: str, *, look: bool = False) -> str:
    """Choose the officer and the item, say what was found; returns the address of the case."""
    page = zheng.open("/penalties/")
    page.get_by_role("link", name="录入问题").click()
    page.fill("[name=q]", name)
    press(page, "查询")
    if look:
        zheng.check_accessible()
    page.get_by_role("row", name=name).get_by_role("link", name="选择").click()
    page.select_option("[name=indicator]", label="TEAM-08 投诉查实")
    expect(page.get_by_text("决定扣分后，城关派出所按单位考核表的标准同时扣分。")).to_be_visible()
    page.fill("[name=happened_on]", "2026-11-05")
    page.fill("[name=count]", count)
    page.fill("[name=basis]", "信访查处结论第17号")
    page.fill("[name=description]", "11月5日窗口接待群众时态度生硬，经查证属实。")
    page.set_input_files("[name=files]", evidence)
    if look:
        zheng.check_accessible()
    press(page, "登记并告知", asked="登记并告知")
    page.wait_for_url("**/cases/penalty:**")
    expect(page.get_by_text("已登记并告知本人")).to_be_visible()
    return page.url.removeprefix(zheng.base)


def defend(wang: Desk, evidence: str) -> None:
    """Two points, one file."""
    page = wang.open("/inbox/")
    expect(page.get_by_role("heading", name="投诉查实").first).to_be_visible()
    wang.check_accessible()
    decide(page, "提出申辩")
    expect(page.get_by_role("alert")).to_contain_text("申辩")
    for number, ground in enumerate(GROUNDS, start=1):
        page.fill(f"[name=ground_{number}]", ground)
    page.set_input_files("[name=files]", evidence)
    decide(page, "提出申辩")
    expect(page.get_by_text(DONE)).to_be_visible()


def answer(wu: Desk) -> None:
    """Every point gets its answer; one is adopted, so that one of two is left."""
    page = wu.open("/inbox/claimable")
    for ground in GROUNDS:
        expect(page.get_by_text(ground).first).to_be_visible()
    page.locator("#f-adopted_1").get_by_role("radio", name="不采纳").check()
    page.fill("[name=answer_1]", "监控显示当时窗口无人等候。")
    page.locator("#f-adopted_2").get_by_role("radio", name="采纳", exact=True).check()
    page.fill("[name=answer_2]", "谅解说明属实，按一次核定。")
    page.fill("[name=count]", "3")
    decide(page, "决定扣分", "事实清楚、证据充分、依据适用准确。")
    expect(page.locator("#f-count-error")).to_be_visible()
    expect(page.locator("[name=answer_2]")).to_have_value("谅解说明属实，按一次核定。")
    wu.check_accessible()
    page.fill("[name=count]", "1")
    decide(page, "决定扣分")
    expect(page.get_by_text(DONE)).to_be_visible()


def reason_on(page: Page) -> Locator:
    """The way from a booking to what it rests on."""
    return page.get_by_role("link", name="查看依据")


def test_nobody_gives_up_the_defence_by_a_slip(site: Site, tmp_path: Path) -> None:
    accuse(site.sit_down("zheng"), "王小明", "1", paper(tmp_path, "查处结论.pdf"))
    wang = site.sit_down("wang")

    page = wang.open("/inbox/")
    decide(page, "确认无异议")
    expect(page.locator("dialog[open]")).to_contain_text("确认无异议后不能再申辩")
    wang.check_accessible()
    page.locator("dialog[open]").get_by_role("button", name="取消").click()
    decide(page, "确认无异议")
    page.locator("dialog[open]").get_by_role("button", name="确认无异议").click()

    expect(page.get_by_text(DONE)).to_be_visible()


def test_one_defends_one_stays_silent_and_the_unit_answers_for_both(site: Site, tmp_path: Path) -> None:
    evidence, city = paper(tmp_path, "查处结论.pdf"), site.bureau.city
    zheng, wang, wu, sun = map(site.sit_down, ("zheng", "wang", "wu", "sun"))

    contested = accuse(zheng, "王小明", "2", evidence, look=True)
    unanswered = accuse(zheng, "孙立", "1", evidence)
    expect(wu.open("/inbox/claimable").get_by_text("投诉查实")).to_have_count(0)
    defend(wang, paper(tmp_path, "谅解说明.pdf"))
    answer(wu)
    expect(wu.open("/inbox/claimable").get_by_text("投诉查实")).to_have_count(0)

    site.pass_days(4)

    page = wu.open("/inbox/claimable")
    expect(page.get_by_text("逾期未提出异议").first).to_be_visible()
    decide(page, "决定扣分", "事实清楚、证据充分、依据适用准确。")
    expect(page.get_by_text(DONE)).to_be_visible()
    page = sun.open(unanswered)
    expect(page.get_by_text("不视为认可事实；决定作出后仍可申请复议。")).to_be_visible()
    expect(page.get_by_role("link", name="提请复议")).to_be_visible()
    sun.check_accessible()

    page = wang.open("/scores/")
    line = page.get_by_role("row", name="投诉查实").filter(has=reason_on(page))
    expect(line).to_contain_text("−3.00")
    wang.check_accessible()
    reason_on(page).click()
    assert page.url.partition("#")[0] == wang.base + contested
    expect(page.get_by_role("row", name="城关派出所 单位考核表")).to_contain_text("−1.00")
    wang.check_accessible()
    page = zheng.open(f"/scores/unit/{city.station}")
    expect(page.get_by_role("row", name="投诉查实（单位）").filter(has=reason_on(page))).to_have_count(2)
    expect(page.locator(".kpis")).to_contain_text("−2.00")
    zheng.check_accessible()
    zheng.open("/penalties/?view=entered")
    zheng.check_accessible()
