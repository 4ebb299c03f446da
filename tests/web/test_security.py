"""The door: every route has a policy, no form passes without its tokens, one form has one effect."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from flask import Flask, request
from sqlalchemy import func, select

from kaohe_flow.app import create_app
from kaohe_flow.casework.submission.model import Claim
from kaohe_flow.settings import Settings
from kaohe_flow.web.common.policy import PolicyMissing, check_policies
from tests.factories.casework import Bureau
from tests.web.conftest import ClientOf

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


def claims(bureau: Bureau) -> int:
    with bureau.reading() as session:
        return session.scalar(select(func.count()).select_from(Claim)) or 0


def draft_form() -> dict[str, str]:
    return {
        "happened_on": date(2026, 11, 5).isoformat(),
        "count": "2",
        "summary": "化解邻里纠纷两件，均已履行。",
        "action": "draft",
    }


def test_a_route_without_a_policy_keeps_the_application_from_starting(app: Flask) -> None:
    app.view_functions["forgotten"] = lambda: "open to all"

    with pytest.raises(PolicyMissing, match="forgotten"):
        check_policies(app)


def test_no_changing_route_works_without_the_csrf_token(
    app: Flask, client_of: ClientOf, bureau: Bureau
) -> None:
    pages = client_of(bureau.city.wang)
    rules = [rule for rule in app.url_map.iter_rules() if CHANGING & (rule.methods or set())]
    assert rules

    answers = {}
    for rule in rules:
        path = rule.rule.replace("<int:", "<")
        for name in rule.arguments:
            path = path.replace(f"<{name}>", "1")
        answers[rule.rule] = pages.client.post(path, data={"_once": "x" * 20}).status_code

    assert set(answers.values()) == {400}, answers


def test_the_same_form_twice_has_one_effect_and_one_answer(client_of: ClientOf, bureau: Bureau) -> None:
    pages = client_of(bureau.city.wang)
    path = f"/claims/new/{bureau.assignments['BIZ-07']}"
    before = claims(bureau)

    first = pages.post(path, draft_form(), once="one-time-key-of-a-page")
    second = pages.post(path, draft_form(), once="one-time-key-of-a-page")

    assert claims(bureau) == before + 1
    assert first.status_code == second.status_code == 303
    assert first.location == second.location


def test_a_form_without_a_one_time_key_is_refused(client_of: ClientOf, bureau: Bureau) -> None:
    pages = client_of(bureau.city.wang)

    answer = pages.post(f"/claims/new/{bureau.assignments['BIZ-07']}", draft_form(), once="short")

    assert answer.status_code == 400
    assert claims(bureau) == 0


def test_what_was_typed_survives_a_refusal(client_of: ClientOf, bureau: Bureau) -> None:
    pages = client_of(bureau.city.wang)
    typed = {**draft_form(), "action": "submit", "summary": "太短了", "count": "很多"}

    answer = pages.post(f"/claims/new/{bureau.assignments['BIZ-07']}", typed)

    assert answer.status_code == 400
    assert "太短了" in answer.text
    assert "很多" in answer.text
    assert "请填写数字" in answer.text
    assert claims(bureau) == 0


def test_nobody_reports_against_somebody_elses_indicator(client_of: ClientOf, bureau: Bureau) -> None:
    pages = client_of(bureau.city.zhao)

    assert pages.get(f"/claims/new/{bureau.assignments['BIZ-07']}").status_code == 404


def test_pages_carry_the_strict_policy_and_are_not_stored(client_of: ClientOf, bureau: Bureau) -> None:
    answer = client_of(bureau.city.wang).get("/inbox/")

    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_browsers_keep_the_built_assets_and_no_file_that_was_handed_out(
    client_of: ClientOf, bureau: Bureau
) -> None:
    wang = client_of(bureau.city.wang)
    style_sheet = re.findall(r"/static/dist/app-\w+\.css", wang.get("/claims/").text)[0]

    handed_out = wang.get("/rankings/export.xlsx?period=2026-11")

    assert handed_out.status_code == 200
    assert handed_out.headers["Cache-Control"] == "no-store"
    assert "immutable" in wang.get(style_sheet, buffered=True).headers["Cache-Control"]
    assert wang.get("/static/dist/app-gone.css").headers["Cache-Control"] == "no-store"


def test_strangers_are_led_to_the_login_and_nowhere_else(app: Flask) -> None:
    client = app.test_client()

    assert client.get("/claims/").location == "/login?next=/claims/"
    assert client.get("/login?next=https://elsewhere.example/").status_code == 200


@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, "10.1.2.3")])
def test_an_address_is_believed_from_the_declared_proxies_only(
    bureau: Bureau, tmp_path: Path, proxies: int, address: str
) -> None:
    url = bureau.database.engine.url.render_as_string(hide_password=False)
    behind = create_app(
        Settings(data_dir=str(tmp_path), database_url=url, secret_key="s" * 40, proxies=proxies)
    )
    seen = []
    behind.before_request_funcs.setdefault(None, []).append(lambda: seen.append(request.remote_addr))

    behind.test_client().get("/login", headers={"X-Forwarded-For": "192.0.2.9, 10.1.2.3"})

    assert seen == [address]


def test_an_unknown_page_and_a_foreign_case_answer_alike(client_of: ClientOf, bureau: Bureau) -> None:
    case_key = bureau.submit(bureau.city.wang)
    pages = client_of(bureau.city.zhou)

    foreign, missing = pages.get(f"/cases/{case_key}"), pages.get("/cases/submission:999")

    assert foreign.status_code == missing.status_code == 404
    assert "矛盾纠纷" not in foreign.text


def test_evidence_is_handed_out_within_the_scope_of_its_case(client_of: ClientOf, bureau: Bureau) -> None:
    bureau.submit(bureau.city.wang)

    own = client_of(bureau.city.qian).get("/attachments/1")
    foreign = client_of(bureau.city.zhou).get("/attachments/1")

    assert own.status_code == 200
    disposition = own.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert "filename*=UTF-8''%E8%B0%83" in disposition, "the file keeps its Chinese name"
    assert disposition.isascii(), "a server refuses a header with Chinese in it"
    assert "sandbox" in own.headers["Content-Security-Policy"]
    assert foreign.status_code == 404


def test_the_slower_reviewer_keeps_what_was_typed(client_of: ClientOf, bureau: Bureau) -> None:
    case_key = bureau.submit(bureau.city.wang)
    task_id = bureau.task(case_key, "unit_check")
    pages = client_of(bureau.city.qian)
    pages.post(f"/inbox/task/{task_id}", {"outcome": "pass", "opinion": "属实"})

    answer = pages.post(f"/inbox/task/{task_id}", {"outcome": "reject", "opinion": "佐证缺一页，请补"})

    assert answer.status_code == 409
    assert "钱进" in answer.text
    assert "佐证缺一页，请补" in answer.text
