"""A target on its way down: roster, draft, force, issuing, division, until every part has a name."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.factories.court import seat
from tests.journeys.conftest import Desk, Site
from tests.journeys.verbs import DONE, JOURNEY, decide, press, settle

pytestmark = JOURNEY
ROSTER = (
    ("100201", "林峰", "民警", "QSX-CG", "城关派出所", "社区民警", "2026-11-01", ""),
    ("100001", "王小明", "民警", "QSX-CG", "城关派出所", "社区警长", "2020-01-01", "岗位能手"),
    ("100202", "何苗", "民警", "QSX-XX", "", "社区民警", "2026-11-01", ""),
    ("100203", "郭靖", "协警", "QSX-CG", "", "社区民警", "十一月一日", ""),
)
WORDING = {
    "code": "BIZ-21",
    "name": "入户走访",
    "cap": "12",
    "measure": "当期上门走访并登记的住户",
    "unit_of_measure": "户",
    "data_source": "一标三实系统",
    "evidence_kinds": "走访记录、照片",
    "formula": "走访户数÷应走访户数",
    "rule_text": "完成目标得满分，每少一户按比例扣减",
}


def filled(template: Path) -> str:
    """The downloaded table with people under its own headings."""
    book = load_workbook(template)
    sheet = book.worksheets[0]
    for row in ROSTER:
        sheet.append(row)
    book.save(template.with_name("警力名单.xlsx"))
    return str(template.with_name("警力名单.xlsx"))


def counted(page: Page) -> list[str]:
    """新增, 更新, 未变化, 退回 as the page counts them."""
    return ["".join(text.split()) for text in page.locator(".kpis .kpi").all_inner_texts()]


def test_an_office_imports_the_roster_it_was_given(site: Site, tmp_path: Path) -> None:
    chen = site.sit_down("chen")
    page = chen.open("/organization/roster/")
    chen.check_accessible()

    with page.expect_download() as download:
        page.get_by_role("link", name="Excel 模板").click()
    template = tmp_path / download.value.suggested_filename
    download.value.save_as(template)
    roster = filled(template)
    page.set_input_files("[name=file]", roster)
    press(page, "上传并预览")

    expect(page.get_by_role("heading", name="导入预览")).to_be_visible()
    assert counted(page) == ["新增1行", "更新1行", "未变化0行", "退回2行"]
    expect(page.get_by_role("row", name="何苗")).to_contain_text("QSX-XX")
    expect(page.get_by_role("row", name="郭靖")).to_contain_text("协警")
    expect(page.get_by_role("row", name="郭靖")).to_contain_text("十一月一日")
    chen.check_accessible()
    press(page, "确认导入 2 行")
    expect(page.get_by_text("已写入 2 行")).to_be_visible()
    chen.check_accessible()

    page = chen.open("/organization/roster/")
    page.set_input_files("[name=file]", roster)
    press(page, "上传并预览")
    expect(page.get_by_text("没有需要写入的行")).to_be_visible()
    assert counted(page) == ["新增0行", "更新0行", "未变化2行", "退回2行"]


def draft(chen: Desk) -> None:
    """What cannot be read is refused with everything kept; what is missing keeps the draft out of force."""
    page = chen.open("/indicators/new")
    for name, words in WORDING.items():
        page.fill(f"[name={name}]", words)
    page.select_option("[name=module]", label="业务工作")
    page.select_option("[name=mode]", label="任务加减分")
    page.select_option("[name=line_code]", label="执法监督")
    page.fill("[name=base_points]", "六分")
    press(page, "保存草稿")
    expect(page.locator("#f-base_points-error")).to_contain_text("数字")
    expect(page.locator("[name=measure]")).to_have_value(WORDING["measure"])
    expect(page.locator("[name=line_code]")).to_have_value("fz")
    chen.check_accessible()

    page.fill("[name=base_points]", "6")
    press(page, "保存草稿")
    expect(page.locator(".alert-warn")).to_contain_text("生效前还须补齐")
    expect(page.locator(".alert-warn")).to_contain_text("完成时限")
    expect(page.get_by_role("button", name="生效", exact=True)).to_have_count(0)
    chen.check_accessible()


def put_into_force(chen: Desk) -> None:
    """The draft is mended where it was left, and frozen from the open month on."""
    page = chen.page
    page.get_by_role("link", name="修改草稿", exact=True).click()
    expect(page.locator("[name=formula]")).to_have_value(WORDING["formula"])
    page.fill("[name=deadline_text]", "每月25日前")
    press(page, "保存草稿")
    page.select_option("[name=period]", label="2026年11月（2026-10-26 起）")
    press(page, "生效", asked="生效")
    expect(page.get_by_text("入户走访 第 1 版自 2026-10-26 起生效")).to_be_visible()
    chen.check_accessible()


def propose(chen: Desk) -> None:
    """Parts that do not add up are refused; ten are proposed for the county."""
    page = chen.page
    page.get_by_role("link", name="提请下达").click()
    page.select_option("[name=term]", label="2026年11月")
    page.fill("[name=total]", "10")
    page.get_by_label("青松县公安局的目标值").fill("9")
    press(page, "提请下达")
    expect(page.get_by_text("分解合计 9 与上级目标 10 不一致（少 1）").first).to_be_visible()
    expect(page.locator("[name=total]")).to_have_value("10")
    chen.check_accessible()
    page.get_by_label("青松县公安局的目标值").fill("10")
    press(page, "提请下达")
    page.wait_for_url("**/cases/issue:**")
    chen.check_accessible()


def divide(desk: Desk, **parts: str) -> None:
    """Who gets how much, in the task at hand."""
    for name, target in parts.items():
        desk.page.get_by_label(f"{name}的目标值").fill(target)
    decide(desk.page, "分解完成")


def test_a_target_goes_down_until_a_named_officer_holds_each_part(site: Site) -> None:
    site.enrol("hou", seat(site.bureau).hou)
    chen, hou, zheng, qian, wang = map(site.sit_down, ("chen", "hou", "zheng", "qian", "wang"))

    draft(chen)
    put_into_force(chen)
    propose(chen)
    settle(hou, "claimable", "同意下达", "口径清楚，同意下达。")

    zheng.open("/inbox/claimable")
    zheng.check_accessible()
    settle(zheng, "claimable", "确认接收")
    zheng.open("/inbox/claimable")
    divide(zheng, 城关派出所="6", 吴越="3")
    expect(zheng.page.get_by_text("分解合计 9 与上级目标 10 不一致（少 1）").first).to_be_visible()
    expect(zheng.page.get_by_label("城关派出所的目标值")).to_have_value("6")
    zheng.check_accessible()
    divide(zheng, 吴越="4")
    expect(zheng.page.get_by_text(DONE)).to_be_visible()

    gap = chen.open("/issuance/?view=gaps").get_by_role("row", name="入户走访")
    expect(gap).to_contain_text("城关派出所")
    expect(gap).to_contain_text("6 户")
    expect(gap).to_contain_text("尚未签收")
    chen.check_accessible()
    gap.get_by_role("link", name="入户走访").click()
    expect(chen.page.get_by_role("navigation", name="落实进度")).to_contain_text("6 户")
    chen.check_accessible()

    settle(qian, "claimable", "确认接收")
    qian.open("/inbox/claimable")
    divide(qian, 王小明="6")
    expect(qian.page.get_by_text(DONE)).to_be_visible()
    expect(qian.open("/issuance/?view=received").get_by_role("row", name="入户走访")).to_contain_text("6 户")
    qian.check_accessible()

    expect(chen.open("/issuance/?view=gaps").get_by_text("没有责任缺口")).to_be_visible()
    expect(wang.open("/claims/").get_by_role("row", name="入户走访")).to_contain_text("填报")
