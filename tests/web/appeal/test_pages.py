"""提请复议, ruling and answering as people do it: on pages."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

from kaohe_flow.casework.appeal.rules import Outcome
from kaohe_flow.casework.submission.rules import Quality
from tests.factories.casework import PDF
from tests.factories.court import GROUNDS, REASONS, Court
from tests.web.conftest import ClientOf


def petition(**changes: object) -> dict[str, object]:
    return {"grounds": GROUNDS, "files": (BytesIO(PDF), "原始记录.pdf"), **changes}


def test_the_button_stands_on_ones_own_contested_case_and_leads_to_the_petition(
    court: Court, client_of: ClientOf
) -> None:
    case_key = court.rejected()
    own, colleague = client_of(court.bureau.city.wang), client_of(court.bureau.city.qian)

    assert f"/appeals/new/{case_key}" in own.get(f"/cases/{case_key}").text
    assert f"/appeals/new/{case_key}" not in colleague.get(f"/cases/{case_key}").text
    page = own.get(f"/appeals/new/{case_key}").text
    assert "缺少签字页" in page
    assert "2026-11-13 23:59" in page
    assert "不再补正" in page


def test_the_case_says_until_when_it_may_be_contested_and_afterwards_why_not_any_more(
    court: Court, client_of: ClientOf
) -> None:
    case_key = court.rejected()
    own = client_of(court.bureau.city.wang)

    in_time = own.get(f"/cases/{case_key}").text
    court.bureau.now = datetime(2026, 11, 14, 4, 0, tzinfo=UTC)
    too_late = own.get(f"/cases/{case_key}").text

    assert "可以在 2026年11月13日 23:59:59 之前提请复议" in in_time
    assert f"/appeals/new/{case_key}" not in too_late
    assert "最后期限是 2026年11月13日 23:59:59，现已超过" in too_late
    assert "申请延长期限" in too_late


def test_a_petition_is_filed_with_its_file_and_shown_with_the_contested_case(
    court: Court, client_of: ClientOf
) -> None:
    case_key = court.rejected()
    own = client_of(court.bureau.city.wang)

    answer = own.post(f"/appeals/new/{case_key}", petition())

    assert answer.status_code == 303
    page = own.get(answer.location).text
    assert GROUNDS in page
    assert "原始记录.pdf" in page
    assert "化解邻里纠纷" in page
    assert "撤回复议" in page
    assert "查看复议" in own.get(f"/cases/{case_key}").text


def test_what_was_typed_survives_a_refusal(court: Court, client_of: ClientOf) -> None:
    case_key = court.rejected()
    own = client_of(court.bureau.city.wang)

    answer = own.post(f"/appeals/new/{case_key}", petition(grounds="我不服这个决定"))

    assert answer.status_code == 400
    assert "我不服这个决定" in answer.text
    assert "至少 20 个字" in answer.text


def test_a_late_petition_is_told_the_last_day(court: Court, client_of: ClientOf) -> None:
    case_key = court.scored()
    court.bureau.now = court.bureau.now.replace(day=20)
    own = client_of(court.bureau.city.wang)

    page = own.get(f"/appeals/new/{case_key}")

    assert page.status_code == 422
    assert "2026年11月13日 23:59:59" in page.text
    assert f"/appeals/new/{case_key}" not in own.get(f"/cases/{case_key}").text


def test_the_office_gives_more_time_on_the_case_page(court: Court, client_of: ClientOf) -> None:
    case_key = court.scored()
    court.bureau.now = court.bureau.now.replace(day=20)
    office, own = client_of(court.hou), client_of(court.bureau.city.wang)
    path = f"/appeals/extension/{case_key}"

    assert path in office.get(f"/cases/{case_key}").text
    assert office.get(path).status_code == 200
    assert own.get(path).status_code == 403
    refused = office.post(path, {"working_days": "三天", "reason": "本人住院治疗，已核对住院记录。"})
    granted = office.post(path, {"working_days": "3", "reason": "本人住院治疗，已核对住院记录。"})

    assert refused.status_code == 400
    assert "三天" in refused.text
    assert granted.status_code == 303
    assert f"/appeals/new/{case_key}" in own.get(f"/cases/{case_key}").text


def test_a_ruling_in_the_inbox_changes_the_points_and_both_figures_are_shown(
    court: Court, client_of: ClientOf
) -> None:
    case_key = court.scored(Quality.FAIR, count=Decimal(3))
    appeal_key = court.file(case_key)
    task_id = court.bureau.task(appeal_key, "office_examine")
    judge = client_of(court.hou)

    shown = judge.get(f"/inbox/task/{task_id}").text
    answer = judge.post(
        f"/inbox/task/{task_id}", {"outcome": "change", "quality": "excellent", "opinion": REASONS}
    )

    assert "化解邻里纠纷" in shown
    assert GROUNDS in shown
    assert answer.status_code == 303
    page = client_of(court.bureau.city.wang).get(f"/cases/{appeal_key}").text
    assert "4.20 → 6.00 分" in page
    case = client_of(court.bureau.city.wang).get(f"/cases/{case_key}").text
    assert case.count("入账") == 2
    assert "冲回" in case


def test_a_ruling_to_the_appellants_loss_is_refused_beside_its_field(
    court: Court, client_of: ClientOf
) -> None:
    appeal_key = court.file(court.scored(Quality.GOOD, count=Decimal(3)))
    task_id = court.bureau.task(appeal_key, "office_examine")

    answer = client_of(court.hou).post(
        f"/inbox/task/{task_id}", {"outcome": "change", "quality": "fair", "opinion": REASONS}
    )

    assert answer.status_code == 400
    assert "复议不得加重" in answer.text
    assert REASONS in answer.text
    assert court.points() == Decimal("5.4")


def test_the_appellant_climbs_from_the_inbox_and_at_the_end_is_told_where_it_ends(
    court: Court, client_of: ClientOf
) -> None:
    appeal_key = court.file(court.scored())
    court.rule(court.hou, appeal_key, Outcome.UPHOLD)
    own = client_of(court.bureau.city.wang)
    task_id = court.bureau.task(appeal_key, "accept_or_climb")

    assert "继续复议" in own.get(f"/inbox/task/{task_id}").text
    assert own.post(f"/inbox/task/{task_id}", {"outcome": "climb"}).status_code == 303
    court.rule(court.bureau.city.chu, appeal_key, Outcome.UPHOLD)

    page = own.get(f"/cases/{appeal_key}").text
    assert "复议已终局" in page
    assert "第二级复议决定" in page


def test_the_lists_show_ones_own_those_one_hears_and_those_in_ones_scope(
    court: Court, client_of: ClientOf
) -> None:
    court.file(court.rejected())
    city = court.bureau.city

    assert "王小明" in client_of(city.wang).get("/appeals/?shelf=mine").text
    assert "王小明" in client_of(city.zheng).get("/appeals/").text
    assert "王小明" in client_of(city.sun).get("/appeals/?shelf=scope").text
    assert "王小明" not in client_of(city.zhou).get("/appeals/?shelf=scope").text
    assert "王小明" not in client_of(city.sun).get("/appeals/?shelf=heard").text
    assert client_of(city.wang).get("/appeals/?shelf=all").status_code == 404


def test_an_appeal_outside_ones_scope_does_not_exist(court: Court, client_of: ClientOf) -> None:
    case_key = court.rejected()
    appeal_key = court.file(case_key)
    stranger = client_of(court.bureau.city.zhou)

    assert stranger.get(f"/cases/{appeal_key}").status_code == 404
    assert stranger.get(f"/appeals/new/{case_key}").status_code == 404
    assert stranger.post(f"/appeals/new/{case_key}", petition()).status_code == 404
    assert stranger.post(f"/appeals/{court.appeal(appeal_key).id}/withdrawal").status_code == 404


def test_the_appellant_withdraws_from_the_case_page(court: Court, client_of: ClientOf) -> None:
    appeal_key = court.file(court.rejected())

    answer = client_of(court.bureau.city.wang).post(f"/appeals/{court.appeal(appeal_key).id}/withdrawal")

    assert answer.status_code == 303
    assert court.bureau.waiting(appeal_key) == []
