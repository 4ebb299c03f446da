"""The islands in a real browser; ``page`` forbids script errors, inline styles and outside requests."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.frontend.conftest import AXE, PIXEL, Received

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    (tmp_path / "回执.png").write_bytes(PIXEL)
    (tmp_path / "太大.pdf").write_bytes(b"%PDF" + b"0" * 3000)
    (tmp_path / "程序.exe").write_bytes(b"MZ")
    return tmp_path


def titles_of_files(page: Page) -> list[str]:
    names: list[str] = page.eval_on_selector("input[type=file]", "each => [...each.files].map(f => f.name)")
    return names


@pytest.mark.parametrize("name", ["work", "form", "ranking"])
def test_a_page_has_no_barriers(page: Page, name: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm ci)")
    page.goto(f"/{name}")
    page.wait_for_load_state("networkidle")

    page.evaluate(AXE.read_text(encoding="utf-8"))
    run = "rules => axe.run({runOnly: rules}).then(r => r.violations.map(v => `${v.id}: ${v.nodes[0].html}`))"

    assert page.evaluate(run, RULES) == []


def test_nothing_can_be_kept_in_the_browser(page: Page) -> None:
    page.goto("/work")
    page.wait_for_load_state("networkidle")

    for store in ("localStorage", "sessionStorage"):
        kept = page.evaluate(
            f"() => {{ try {{ {store}.setItem('a', 'b'); return true }} catch {{ return false }} }}"
        )
        assert kept is False


def test_the_diagram_opens_with_its_tab_and_shows_the_course(page: Page) -> None:
    page.goto("/work")
    assert page.locator(".djs-container").count() == 0

    page.get_by_role("tab", name="流程图").click()
    page.wait_for_selector("[data-island=diagram][data-ready=yes]")

    assert "kf-done" in (page.get_attribute("[data-element-id=unit_check]", "class") or "")
    assert "kf-now" in (page.get_attribute("[data-element-id=line_review]", "class") or "")
    assert "kf-flow" in (page.get_attribute("[data-element-id=unit_ok__line_review]", "class") or "")
    expect(page.locator(".bpmn-badge")).to_have_text("办理中")
    page.locator("[data-element-id=line_review] .djs-hit").hover()
    expect(page.get_by_role("tooltip")).to_have_text("归口审核，剩 1 个工作日")


def test_the_makers_mark_of_the_diagram_stays_uncovered(page: Page) -> None:
    page.goto("/work")
    page.get_by_role("tab", name="流程图").click()
    mark = page.locator(".bjs-powered-by")
    mark.wait_for()
    box = mark.bounding_box()
    assert box is not None

    hit = "([x, y]) => !!document.elementFromPoint(x, y)?.closest('.bjs-powered-by')"

    assert page.evaluate(hit, [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]) is True


def test_the_tools_of_the_diagram_lie_beside_the_drawing_not_on_it(page: Page) -> None:
    page.goto("/work")
    page.get_by_role("tab", name="流程图").click()
    page.wait_for_selector("[data-island=diagram][data-ready=yes]")

    drawing = page.locator(".bpmn .djs-container").bounding_box()
    tools = page.locator(".bpmn-tools").bounding_box()

    assert drawing is not None
    assert tools is not None
    assert drawing["height"] >= 340
    assert tools["y"] >= drawing["y"] + drawing["height"]


def test_the_number_of_waiting_tasks_stands_in_the_title_and_is_asked_anew_on_return(page: Page) -> None:
    page.clock.install()
    page.goto("/work")
    expect(page).to_have_title("（3）待办 · 目标责任考核")

    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.clock.run_for(1_000)
    expect(page).to_have_title("（3）待办 · 目标责任考核")  # asked a moment ago
    page.clock.fast_forward(60_000)
    page.evaluate("window.dispatchEvent(new Event('focus'))")

    expect(page).to_have_title("（5）待办 · 目标责任考核")
    expect(page.get_by_role("link", name="待办任务")).to_contain_text("5")
    assert page.locator(".nav .n.hot").count() == 1


def test_charts_are_drawn_and_their_words_are_the_servers_figures(page: Page) -> None:
    page.goto("/ranking")
    page.wait_for_selector("[data-kind=bar][data-ready=yes] svg text")

    drawn = page.locator("[data-kind=bar] svg text").all_text_contents()

    assert {"46.11", "2.00"} <= set(drawn)
    assert "城关派出所" in drawn


def test_the_total_of_who_only_lost_points_stands_beside_the_bar_not_on_it(page: Page) -> None:
    page.goto("/ranking")
    page.wait_for_selector("[data-kind=bar][data-ready=yes] svg text")

    boxes = "each => each.map(one => one.getBoundingClientRect().toJSON())"
    total = page.locator("[data-kind=bar] svg text", has_text="−9.00").evaluate_all(boxes)
    lost = page.locator("[data-kind=bar] svg path[fill='#2f9e86' i]").evaluate_all(boxes)
    longest = max(lost, key=lambda box: box["width"])

    assert longest["width"] > 50
    assert total[0]["left"] >= longest["right"]


def test_files_are_judged_before_the_upload_and_can_be_taken_back(page: Page, evidence: Path) -> None:
    page.goto("/form")
    page.set_input_files("input[type=file]", [evidence / "回执.png"])

    page.set_input_files("input[type=file]", [evidence / "太大.pdf", evidence / "程序.exe"])

    assert titles_of_files(page) == ["回执.png", "太大.pdf", "程序.exe"]
    expect(page.locator(".picked .bad small")).to_have_text(["3 KB，超过 2 KB", "不支持 .exe 文件"])
    page.get_by_role("button", name="移除 太大.pdf").click()
    page.get_by_role("button", name="移除 程序.exe").click()
    assert titles_of_files(page) == ["回执.png"]
    assert page.eval_on_selector("input[type=file]", "each => each.validationMessage") == ""


def test_a_faulty_form_comes_back_with_everything_that_was_typed_and_picked(
    page: Page, evidence: Path, received: Received
) -> None:
    page.goto("/form")
    page.get_by_label("标题").fill("短")
    page.set_input_files("input[type=file]", [evidence / "回执.png"])

    page.get_by_role("button", name="提交").click()

    expect(page.locator(".error-summary li")).to_have_text(["标题：标题太短"])
    assert received.forms[-1]["files"] == ["回执.png"]
    assert received.forms[-1]["action"] == "submit"
    assert page.get_by_label("标题").input_value() == "短"
    assert titles_of_files(page) == ["回执.png"]


def test_a_conflict_is_said_beside_the_form_and_keeps_the_opinion(page: Page, received: Received) -> None:
    page.goto("/work")
    page.get_by_label("意见").fill("情况属实")

    page.get_by_role("button", name="通过").click()

    expect(page.locator("form [data-answer]")).to_contain_text("这份报送刚刚由王海燕签收")
    assert received.forms[-1]["outcome"] == "approve"
    assert page.get_by_label("意见").input_value() == "情况属实"
    expect(page.get_by_role("button", name="通过")).not_to_have_attribute("aria-disabled", "true")


def test_an_accepted_form_leads_to_the_next_page_with_its_message(page: Page) -> None:
    page.goto("/form")
    page.eval_on_selector("form[data-guard]", "each => { each.action = '/answer/accepted' }")
    page.get_by_label("标题").fill("线索核查")

    page.get_by_role("button", name="提交").click()

    page.wait_for_url("**/work")
    expect(page.locator(".flashes .alert-ok")).to_contain_text("已提交")


def test_a_double_click_sends_a_form_once(page: Page, received: Received) -> None:
    page.goto("/work")
    page.get_by_label("意见").fill("只交一次")

    page.get_by_role("button", name="通过").dblclick()

    expect(page.locator("form [data-answer]")).to_be_visible()
    assert [each["opinion"] for each in received.forms].count("只交一次") == 1


def test_leaving_a_typed_opinion_is_asked_first_and_so_is_a_rejection(page: Page, received: Received) -> None:
    page.goto("/work")
    page.get_by_label("意见").fill("还没写完")
    before = len(received.forms)

    page.get_by_text("第二件").click()
    expect(page.get_by_role("dialog")).to_contain_text("还没有提交")
    page.get_by_role("button", name="取消").click()
    assert page.get_by_label("意见").input_value() == "还没写完"
    page.get_by_text("第二件").click()
    page.get_by_role("button", name="仍然离开").click()
    page.get_by_role("heading", name="第二件").wait_for()
    page.get_by_role("button", name="不通过").click()
    page.get_by_role("dialog").get_by_role("button", name="取消").click()

    assert len(received.forms) == before


def test_a_dialog_opens_counts_and_closes_by_escape(page: Page) -> None:
    page.goto("/work")

    page.get_by_role("button", name="转办").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_label("理由")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_picture_opens_in_a_dialog(page: Page) -> None:
    page.goto("/work")

    page.get_by_text("移交回执.png").click()

    picture = page.get_by_role("dialog").get_by_role("img", name="移交回执.png")
    expect(picture).to_be_visible()
    assert picture.evaluate("each => each.naturalWidth") == 1
    assert (picture.get_attribute("src") or "").endswith("/evidence.png?inline=1")


def test_a_common_opinion_is_added_to_what_was_typed(page: Page) -> None:
    page.goto("/form")
    page.get_by_label("说明").fill("已核对")

    page.get_by_role("button", name="情况属实").click()

    assert page.get_by_label("说明").input_value() == "已核对；情况属实"
    expect(page.locator(".counter")).to_have_text("8 / 20")


def test_without_javascript_everything_is_there_and_the_form_works(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/work")

    expect(page.locator("#t-flow")).to_be_visible()
    expect(page.get_by_role("tab")).to_have_count(0)
    page.locator("a[href='#transfer']").click()
    expect(page.locator("#transfer")).to_be_visible()
    page.goto("/form")
    page.get_by_label("标题").fill("短")
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".error-summary li")).to_have_text(["标题：标题太短"])
    context.close()
