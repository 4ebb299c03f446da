"""奖励加分 through the pages, without scripts."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from sqlalchemy import select

from kaohe_flow.casework.reward.model import Reward, RewardObjection
from kaohe_flow.casework.reward.rules.claim import RewardState
from kaohe_flow.organization.role import commands as roles
from kaohe_flow.organization.role.rules import Role
from kaohe_flow.organization.unit.rules import Span
from tests.factories.casework import PDF, Bureau
from tests.factories.organization import FOUNDED
from tests.web.conftest import ClientOf, Pages

REASON = "救起的儿童只有一名，现场视频可以证明。"


def filled(bureau: Bureau, **changes: Any) -> dict[str, Any]:
    return {
        "officer_id": str(bureau.city.wang),
        "indicator_version_id": str(bureau.sheet.reward.id),
        "kind": "honour",
        "title": "个人嘉奖",
        "document_no": "云公政（2026）88号",
        "deed": "11·3溺水救援",
        "happened_on": "2026-11-06",
        "summary": "11月3日跳入冰冷河水救起落水儿童两名。",
        "files": (BytesIO(PDF), "嘉奖令.pdf"),
        **changes,
    }


def claimed(bureau: Bureau, pages: Pages, **changes: Any) -> str:
    answer = pages.post("/rewards/new", filled(bureau, **changes))
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].rpartition("/")[2].replace("%3A", ":")


def decided(bureau: Bureau, pages: Pages, case_key: str, step: str, **form: str) -> None:
    answer = pages.post(f"/inbox/task/{bureau.task(case_key, step)}", form)
    assert answer.status_code == 303, answer.text


def on_show(bureau: Bureau, client_of: ClientOf) -> str:
    case_key = claimed(bureau, client_of(bureau.city.wang))
    decided(bureau, client_of(bureau.city.qian), case_key, "unit_opinion", outcome="pass", opinion="属实")
    found = {"outcome": "approve", "kind": "honour", "points": "4.5"}
    decided(bureau, client_of(bureau.city.wu), case_key, "line_verify", **found)
    decided(bureau, client_of(bureau.city.zheng), case_key, "office_approve", outcome="approve")
    return case_key


def the_one(bureau: Bureau) -> Reward:
    with bureau.reading() as session:
        return session.scalars(select(Reward)).one()


def test_an_officer_claims_without_scripts(bureau: Bureau, client_of: ClientOf) -> None:
    pages = client_of(bureau.city.wang)

    first = pages.get("/rewards/new")
    form = pages.get(f"/rewards/new?indicator={bureau.sheet.reward.id}")
    case_key = claimed(bureau, pages)
    case = pages.get(f"/cases/{case_key}")

    assert "REW-01 嘉奖" in first.text
    assert "同一事迹请用同一名称" in form.text
    assert "云公政（2026）88号" in case.text
    assert "撤回" in case.text
    assert "嘉奖令.pdf" in case.text


def test_what_was_typed_survives_a_refusal(bureau: Bureau, client_of: ClientOf) -> None:
    pages = client_of(bureau.city.wang)
    bad = filled(bureau, kind="", summary="短", title="")
    bad.pop("files")

    without_kind = pages.post("/rewards/new", bad)
    with_kind = pages.post("/rewards/new", {**bad, "kind": "media"})

    assert without_kind.status_code == with_kind.status_code == 400
    assert "请选择类别" in without_kind.text
    assert "请至少上传一份证明材料" in with_kind.text
    assert "11·3溺水救援" in with_kind.text


def test_the_check_of_limits_stands_before_the_office(bureau: Bureau, client_of: ClientOf) -> None:
    case_key = claimed(bureau, client_of(bureau.city.wang))
    decided(bureau, client_of(bureau.city.qian), case_key, "unit_opinion", outcome="pass", opinion="属实")
    wu, task_id = client_of(bureau.city.wu), bureau.task(case_key, "line_verify")

    form = {"outcome": "approve", "kind": "honour", "points": "6"}
    beyond = wu.post(f"/inbox/task/{task_id}", form)
    decided(bureau, wu, case_key, "line_verify", **{**form, "points": "4.5"})
    office = client_of(bureau.city.zheng).get(f"/inbox/task/{bureau.task(case_key, 'office_approve')}")

    assert beyond.status_code == 400
    assert "核定分值须在 0 至 5 分之间" in beyond.text
    assert "封顶与同一事迹核查" in office.text
    assert "4.50 分" in office.text
    assert "须公示" in office.text


def test_any_officer_reads_the_excerpt_and_objects(bureau: Bureau, client_of: ClientOf) -> None:
    case_key = on_show(bureau, client_of)
    pages, path = client_of(bureau.city.zhou), f"/rewards/{the_one(bureau).id}/objection"

    listed = pages.get("/rewards/?view=notice")
    excerpt = pages.get(path)
    short = pages.post(path, {"reason": "不服"})
    sent = pages.post(path, {"reason": REASON})

    assert path in listed.text
    assert "个人嘉奖" in excerpt.text
    assert "嘉奖令.pdf" not in excerpt.text
    assert pages.get(f"/cases/{case_key}").status_code == 404
    assert short.status_code == 400
    assert "不服" in short.text
    assert sent.status_code == 303
    assert the_one(bureau).state is RewardState.OBJECTED


def test_the_office_answers_the_objection_before_the_notice_resumes(
    bureau: Bureau, client_of: ClientOf
) -> None:
    case_key = on_show(bureau, client_of)
    client_of(bureau.city.zhou).post(f"/rewards/{the_one(bureau).id}/objection", {"reason": REASON})
    chen, task_id = client_of(bureau.city.chen), bureau.task(case_key, "objection_check")
    with bureau.reading() as session:
        objection = session.scalars(select(RewardObjection)).one()

    asked = chen.get(f"/inbox/task/{task_id}")
    silent = chen.post(f"/inbox/task/{task_id}", {"outcome": "resume", "opinion": "已核查视频"})
    answer = {
        "outcome": "resume",
        "opinion": "已核查视频",
        f"answer_{objection.id}": "视频显示救起两名儿童。",
    }
    decided(bureau, chen, case_key, "objection_check", **answer)
    case = client_of(bureau.city.wang).get(f"/cases/{case_key}")

    assert REASON in asked.text
    assert silent.status_code == 400
    assert "请答复这条异议" in silent.text
    assert "已核查视频" in silent.text
    assert the_one(bureau).state is RewardState.NOTICE
    assert "视频显示救起两名儿童。" in case.text


def test_the_honoured_find_no_form_to_object(bureau: Bureau, client_of: ClientOf) -> None:
    on_show(bureau, client_of)
    pages, path = client_of(bureau.city.wang), f"/rewards/{the_one(bureau).id}/objection"

    page = pages.get(path)
    answer = pages.post(path, {"reason": REASON})

    assert "不能对它提出异议" in page.text
    assert answer.status_code == 403
    assert the_one(bureau).state is RewardState.NOTICE


def test_what_is_not_on_show_cannot_be_looked_up(bureau: Bureau, client_of: ClientOf) -> None:
    claimed(bureau, client_of(bureau.city.wang))

    assert client_of(bureau.city.zhou).get(f"/rewards/{the_one(bureau).id}/objection").status_code == 404


def test_the_political_department_files_for_officers_below_it(bureau: Bureau, client_of: ClientOf) -> None:
    with bureau.acting() as work:
        roles.grant(work, roles.Grant(bureau.city.sun, Role.POLITICAL, bureau.city.county, Span(FOUNDED)))
    pages = client_of(bureau.city.sun)

    found = pages.get("/rewards/new?for=others&q=王小明")
    outside = pages.get(f"/rewards/new?officer={bureau.city.feng}")
    case_key = claimed(bureau, pages)

    assert f"officer={bureau.city.wang}" in found.text
    assert outside.status_code == 404
    assert case_key in pages.get("/rewards/?view=filed").text
    assert case_key in client_of(bureau.city.wang).get("/rewards/").text


def test_an_officer_does_not_claim_for_a_colleague(bureau: Bureau, client_of: ClientOf) -> None:
    pages = client_of(bureau.city.li)

    assert pages.get(f"/rewards/new?officer={bureau.city.wang}").status_code == 404
    assert pages.post("/rewards/new", filled(bureau)).status_code == 403
    assert "代为申报" not in pages.get("/rewards/").text


def test_a_returned_claim_is_mended_with_a_further_file_and_given_up_or_withdrawn(
    bureau: Bureau, client_of: ClientOf
) -> None:
    wang = client_of(bureau.city.wang)
    case_key = claimed(bureau, wang)
    decided(bureau, client_of(bureau.city.qian), case_key, "unit_opinion", outcome="reject", opinion="缺原件")
    task_id = bureau.task(case_key, "fix")

    form = wang.get(f"/inbox/task/{task_id}")
    more = filled(bureau, outcome="resubmit", files=(BytesIO(PDF + b"2"), "命令原件.pdf"))
    sent = wang.post(f"/inbox/task/{task_id}", more)
    withdrawn = wang.post(f"/rewards/{the_one(bureau).id}/withdrawal")

    assert "云公政（2026）88号" in form.text
    assert sent.status_code == withdrawn.status_code == 303
    assert "命令原件.pdf" in wang.get(f"/cases/{case_key}").text
    assert the_one(bureau).state is RewardState.WITHDRAWN
