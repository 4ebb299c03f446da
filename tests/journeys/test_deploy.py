"""A changed procedure: every fault told at once, then one more level that the next case meets."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.docs.pages import changed, with_recheck
from tests.journeys.conftest import Desk, Site
from tests.journeys.verbs import DONE, JOURNEY, decide, press, settle

pytestmark = JOURNEY
SLIPS = (
    ("office@level2", "office@level9", "元素〈考核办复核〉：没有“@level9”这个范围"),
    (
        '复核" camunda:formKey="unit_check"',
        '复核" camunda:formKey="recheck"',
        "元素〈考核办复核〉：没有“recheck”",
    ),
    (
        '=office_decision = "approve"<',
        "=office_decision = <",
        "元素〈同意〉：条件“=office_decision =”写得不对",
    ),
)


def with_slips() -> str:
    """Three slips of the hand in the new level."""
    return changed(with_recheck(), [passage for old, new, _ in SLIPS for passage in (old, new)])


def told(diagram: str) -> list[str]:
    """What is to be said of them: line, element, fault."""
    lines = diagram.splitlines()
    return [
        f"第 {next(number for number, line in enumerate(lines, 1) if new in line)} 行 {said}"
        for _, new, said in SLIPS
    ]


def upload(page: Page, folder: Path, diagram: str) -> None:
    """Hand a diagram in."""
    path = folder / "work_submission_v2.bpmn"
    path.write_text(diagram, encoding="utf-8")
    page.set_input_files("[name=files]", str(path))
    page.fill("[name=note]", "归口审核后加考核办复核")
    press(page, "检查并发布")


def approve(wu: Desk) -> None:
    """The line's verdict on the first claim that waits."""
    wu.open("/inbox/claimable")
    wu.page.select_option("[name=quality]", label="优秀")
    decide(wu.page, "通过并评分")
    expect(wu.page.get_by_text(DONE)).to_be_visible()


def drawn(desk: Desk, case_key: str) -> Locator:
    """The diagram of a case, on the case page."""
    desk.open(f"/cases/{case_key}")
    desk.look_around()
    return desk.page.locator("[data-island=diagram]")


def test_the_next_case_meets_the_new_level_and_the_running_one_does_not(site: Site, tmp_path: Path) -> None:
    owner, qian, wu = map(site.sit_down, ("liucheng", "qian", "wu"))
    zheng, wang = map(site.sit_down, ("zheng", "wang"))
    running = site.bureau.submit(site.bureau.city.wang)

    page = owner.open("/processes/")
    owner.check_accessible()
    page.get_by_role("link", name="发布新版本").click()
    upload(page, tmp_path, with_slips())
    expect(page.locator(".error-summary li")).to_contain_text(told(with_slips()))
    owner.check_accessible()
    expect(page.locator("[name=note]")).to_have_value("归口审核后加考核办复核")
    deployed = owner.open("/processes/").get_by_role("row", name="工作提交与审核")
    expect(deployed).to_have_count(1)
    upload(owner.open("/processes/deployment"), tmp_path, with_recheck())
    expect(page.get_by_text("已发布 工作提交与审核 第 2 版")).to_be_visible()
    owner.check_accessible()

    following = site.bureau.submit(site.bureau.city.wang)
    for _ in (running, following):
        settle(qian, "claimable", "材料齐全，转归口审核")
        approve(wu)

    current = drawn(wang, following).locator(".kf-now")
    expect(current).to_have_attribute("data-element-id", "office_recheck")
    expect(drawn(wang, running)).not_to_contain_text("考核办复核")
    expect(wang.page.get_by_text("计分 2.00 分")).to_be_visible()
    wang.check_accessible()
    page = zheng.open("/inbox/claimable")
    expect(page.get_by_text("考核办复核").first).to_be_visible()
    zheng.check_accessible()
    decide(page, "同意")
    expect(page.get_by_text(DONE)).to_be_visible()
    wang.open(f"/cases/{following}")
    expect(wang.page.get_by_text("计分 2.00 分")).to_be_visible()
