"""What a step asks for is chosen by its form, and called what the diagram calls it."""

from __future__ import annotations

import re

from kaohe_flow.settings import bundle
from kaohe_flow.workflow.deployment.commands import deploy
from tests.docs.test_process_owner_pages import with_recheck
from tests.factories.casework import Bureau
from tests.web.conftest import ClientOf
from tests.web.reward.test_pages import claimed, decided

HEADING = re.compile(r"<h2[^>]*>([^<]*)</h2>")


def deployed(bureau: Bureau, text: str) -> None:
    with bureau.acting() as work:
        deploy(work, text.encode(), decisions={}, note="试")


def renamed_steps() -> str:
    """The reward diagram with other ids and names of its steps; the forms stay."""
    text = (bundle() / "bpmn" / "reward_claim_v1.bpmn").read_text(encoding="utf-8")
    text = re.sub(r'(?<!formKey=")line_verify', "county_facts", text)
    return (
        text.replace('name="核实事迹"', 'name="查实经过"')
        .replace('"fix"', '"mend"')
        .replace(">fix<", ">mend<")
    )


def test_the_count_of_the_inbox_is_answered_for_pages_left_open(bureau: Bureau, client_of: ClientOf) -> None:
    qian = client_of(bureau.city.qian)

    before = qian.get("/inbox/count").json
    bureau.submit(bureau.city.wang)
    after = qian.get("/inbox/count").json

    assert before == {"count": 0, "hot": False}
    assert after == {"count": 1, "hot": False}
    assert 'data-count-url="/inbox/count"' in qian.get("/inbox/").text


def test_an_added_level_of_review_is_called_what_the_diagram_calls_it(
    bureau: Bureau, client_of: ClientOf
) -> None:
    with bureau.acting() as work:
        tables = {"review_quality": (bundle() / "bpmn" / "review_quality_v1.dmn").read_bytes()}
        deploy(work, with_recheck().encode(), decisions=tables, note="复核")
    case_key = bureau.submit(bureau.city.wang)
    bureau.approve(case_key)

    page = client_of(bureau.city.chen).get(f"/inbox/task/{bureau.task(case_key, 'office_recheck')}").text

    assert "考核办复核" in HEADING.findall(page)
    assert "只核对材料" not in page


def test_a_step_of_another_id_asks_for_what_its_form_says(bureau: Bureau, client_of: ClientOf) -> None:
    deployed(bureau, renamed_steps())
    wang, wu = client_of(bureau.city.wang), client_of(bureau.city.wu)

    case_key = claimed(bureau, wang)
    decided(bureau, client_of(bureau.city.qian), case_key, "unit_opinion", outcome="pass", opinion="属实")
    asked = wu.get(f"/inbox/task/{bureau.task(case_key, 'county_facts')}").text
    decided(bureau, wu, case_key, "county_facts", outcome="reject", opinion="日期不符，请核对。")
    mending = wang.get(f"/inbox/task/{bureau.task(case_key, 'mend')}").text
    decided(bureau, wang, case_key, "mend", outcome="give_up")

    assert "查实经过" in HEADING.findall(asked)
    assert "核定类别" in asked
    assert 'name="deed"' in mending
    assert bureau.waiting(case_key) == []
