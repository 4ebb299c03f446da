"""A claim through the browser: submitted, rejected, mended, approved, scored, ranked, explained."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site
from tests.journeys.verbs import BROWSER, ONE_DATABASE, decide, paper, press

pytestmark = BROWSER


def report_work(page: Page, evidence: str) -> None:
    """Fill the claim form for 矛盾纠纷化解 and submit it."""
    page.get_by_role("row", name="矛盾纠纷化解").get_by_role("link", name="填报").click()
    page.fill("[name=happened_on]", "2026-11-05")
    page.fill("[name=count]", "3")
    page.fill("[name=summary]", "化解邻里纠纷三件，双方当场签订调解协议并已履行。")
    page.set_input_files("[name=files]", evidence)
    press(page, "提交", asked="提交")
    page.wait_for_url("**/cases/**")


def test_a_claim_goes_all_the_way_to_its_place_in_the_ranking(site: Site, tmp_path: Path) -> None:
    evidence = paper(tmp_path, "调解协议.pdf")
    wang, qian, wu = site.sign_in("wang"), site.sit_down("qian"), site.sit_down("wu")

    report_work(wang.open("/claims/"), evidence)
    expect(wang.page.locator("[data-island=diagram]")).to_have_attribute("data-ready", "yes")
    expect(wang.page.get_by_text("城关派出所单位内勤")).to_be_visible()
    wang.check_accessible()

    qian.open("/inbox/claimable")
    expect(qian.page.get_by_role("heading", name="矛盾纠纷化解")).to_be_visible()
    qian.check_accessible()
    decide(qian.page, "驳回")
    expect(qian.page.get_by_text("驳回必须写明理由").first).to_be_visible()
    decide(qian.page, "驳回", "调解协议缺少当事人签字页")
    qian.page.wait_for_url("**/inbox/mine")

    wang.open("/inbox/")
    expect(wang.page.get_by_text("调解协议缺少当事人签字页")).to_be_visible()
    wang.page.fill("[name=summary]", "化解邻里纠纷三件，补充了双方当事人签字页照片。")
    decide(wang.page, "补正后重新提交")
    wang.page.wait_for_url("**/inbox/mine")

    qian.open("/inbox/claimable")
    decide(qian.page, "材料齐全，转归口审核")
    qian.page.wait_for_url("**/inbox/mine")
    wu.open("/inbox/claimable")
    wu.page.select_option("[name=quality]", "excellent")
    decide(wu.page, "通过并评分", "情况属实，同意计分。")
    wu.page.wait_for_url("**/inbox/mine")

    wang.open("/scores/")
    expect(wang.page.get_by_text("6.00").first).to_be_visible()
    wang.check_accessible()
    wang.page.get_by_role("link", name="查看依据").click()
    expect(wang.page.get_by_text("情况属实，同意计分。")).to_be_visible()
    expect(wang.page.get_by_text("2 × 3 次")).to_be_visible()
    wang.open("/rankings/?group=派出所")
    expect(wang.page.get_by_role("row", name="王小明")).to_contain_text("6.00")
    expect(wang.page.locator("[data-island=charts]")).to_have_attribute("data-ready", "yes")
    wang.check_accessible()


@ONE_DATABASE
def test_what_lies_outside_ones_scope_does_not_exist(site: Site) -> None:
    case_key = site.bureau.submit(site.bureau.city.wang)
    zhou_side = site.sit_down("chen")
    stranger = site.sit_down("wei")

    assert stranger.page.request.get(f"{site.base}/cases/{case_key}").status == 200
    assert zhou_side.page.request.get(f"{site.base}/processes/deployment").status == 403
    assert stranger.page.request.get(f"{site.base}/cases/submission:999").status == 404
