"""A score contested up the ladder: upheld, climbed, changed; whoever decided before keeps out."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from playwright.sync_api import expect

from kaohe_flow.organization.role import commands as roles
from kaohe_flow.organization.role.rules import Role
from kaohe_flow.organization.unit.rules import Span
from tests.factories.court import GROUNDS, REASONS, Court, seat
from tests.factories.organization import FOUNDED
from tests.journeys.conftest import Desk, Site
from tests.journeys.verbs import DONE, JOURNEY, decide, paper, press

pytestmark = JOURNEY


def crowd_the_ladder(court: Court) -> None:
    """Who scored sits in the office that hears the appeal; who hears it there, with discipline above."""
    bureau = court.bureau
    with bureau.acting() as work:
        for officer_id, role in ((bureau.city.wu, Role.OFFICE), (court.hou, Role.DISCIPLINE)):
            roles.grant(work, roles.Grant(officer_id, role, bureau.city.bureau, Span(FOUNDED)))


def petition(wang: Desk, case_key: str, evidence: str) -> None:
    """From the points to the case to the petition; grounds too short are refused and kept."""
    page = wang.open("/scores/")
    page.get_by_role("link", name="查看依据").click()
    assert case_key in page.url
    page.get_by_role("link", name="提请复议").click()
    page.fill("[name=grounds]", "评分偏低")
    page.set_input_files("[name=files]", evidence)
    wang.check_accessible()
    press(page, "提请复议", asked="提请复议")
    expect(page.locator("#f-grounds-error")).to_be_visible()
    expect(page.locator("[name=grounds]")).to_have_value("评分偏低")
    page.fill("[name=grounds]", GROUNDS)
    press(page, "提请复议", asked="提请复议")
    page.wait_for_url("**/cases/appeal:**")
    expect(page.get_by_role("link", name="原始记录.pdf")).to_be_visible()
    wang.check_accessible()


def rule(judge: Desk, outcome: str, quality: str = "") -> None:
    """Decide the appeal that waits."""
    page = judge.open("/inbox/claimable")
    expect(page.get_by_text(GROUNDS).first).to_be_visible()
    if quality:
        page.select_option("[name=quality]", label=quality)
    judge.check_accessible()
    decide(page, outcome, REASONS)
    expect(page.get_by_text(DONE)).to_be_visible()


def sees_nothing(desk: Desk) -> None:
    """No appeal waits in any box."""
    for box in ("mine", "claimable"):
        expect(desk.open(f"/inbox/{box}").get_by_text("请从左侧选择一件事项")).to_be_visible()


def test_a_score_is_upheld_contested_again_and_changed(site: Site, tmp_path: Path) -> None:
    court = seat(site.bureau)
    crowd_the_ladder(court)
    site.enrol("hou", court.hou)
    case_key = court.scored(count=Decimal(3))
    wang, wu, hou, chu = map(site.sit_down, ("wang", "wu", "hou", "chu"))

    petition(wang, case_key, paper(tmp_path, "原始记录.pdf"))
    sees_nothing(wu)
    rule(hou, "维持")

    page = wang.open("/inbox/")
    expect(page.get_by_text(REASONS).first).to_be_visible()
    wang.check_accessible()
    decide(page, "不服，继续复议")
    expect(page.get_by_text(DONE)).to_be_visible()
    sees_nothing(hou)
    sees_nothing(wu)
    rule(chu, "变更", "优秀")

    page = wang.open("/scores/")
    lines = page.get_by_role("row").filter(has=page.get_by_role("link", name="查看依据"))
    expect(lines).to_contain_text(["+4.20", "−4.20", "+6.00"])
    expect(lines).to_contain_text(["已冲回", "冲回", "有效"])
    expect(page.locator(".kpis")).to_contain_text("6.00")
    wang.check_accessible()
    page = wang.open("/appeals/")
    row = page.get_by_role("row", name="矛盾纠纷化解")
    expect(row).to_contain_text("变更")
    wang.check_accessible()
    row.get_by_role("link", name="查看").click()
    expect(page.get_by_text("4.20 → 6.00 分").first).to_be_visible()
    expect(page.get_by_text("复议已终局")).to_be_visible()
    expect(page.get_by_role("link", name="提请复议")).to_have_count(0)
    chu.open("/appeals/?shelf=heard")
    chu.check_accessible()
