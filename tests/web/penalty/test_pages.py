"""惩罚扣分 through the pages, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from sqlalchemy import Engine, event, func, select

from kaohe_flow.casework.penalty import queries
from kaohe_flow.casework.penalty.model import Penalty
from kaohe_flow.casework.penalty.rules.finding import PenaltyState
from tests.factories.casework import PDF, Bureau
from tests.web.conftest import ClientOf, Pages


def filled(bureau: Bureau, **changes: Any) -> dict[str, Any]:
    return {
        "officer_id": str(bureau.city.wang),
        "indicator_version_id": str(bureau.sheet.penalty.id),
        "happened_on": "2026-11-05",
        "found_on": "2026-11-09",
        "count": "\uff12",
        "basis": "信访查处结论第17号",
        "description": "11月5日窗口接待群众时态度生硬，经查证属实。",
        "files": (BytesIO(PDF), "查处结论.pdf"),
        **changes,
    }


def entered(bureau: Bureau, pages: Pages, **changes: Any) -> str:
    answer = pages.post("/penalties/new", filled(bureau, **changes))
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].rpartition("/")[2].replace("%3A", ":")


@contextmanager
def sent_to(engine: Engine) -> Iterator[list[str]]:
    """The SQL sent while the context is open."""
    sent: list[str] = []

    def note(*arguments: object) -> None:
        sent.append(str(arguments[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def the_one(bureau: Bureau) -> Penalty:
    with bureau.reading() as session:
        return session.scalars(select(Penalty)).one()


def count(bureau: Bureau) -> int:
    with bureau.reading() as session:
        return session.scalar(select(func.count()).select_from(Penalty)) or 0


def test_the_finder_chooses_officer_and_indicator_by_links(bureau: Bureau, client_of: ClientOf) -> None:
    pages = client_of(bureau.city.zheng)

    found = pages.get("/penalties/new?q=王小")
    by_number = pages.get("/penalties/new?q=100001")
    chosen = pages.get(f"/penalties/new?officer={bureau.city.wang}")
    form = pages.get(f"/penalties/new?officer={bureau.city.wang}&indicator={bureau.sheet.penalty.id}")

    assert f"officer={bureau.city.wang}" in found.text
    assert "王小明" in by_number.text
    assert "李小红" not in found.text
    assert "TEAM-08 投诉查实" in chosen.text
    assert "BIZ-07" not in chosen.text
    for label in ("依据", "事实经过", "次数", "证明材料", "事发日期"):
        assert label in form.text
    assert "按单位考核表的标准同时扣分" in form.text


def test_officers_outside_the_reach_do_not_exist(bureau: Bureau, client_of: ClientOf) -> None:
    pages = client_of(bureau.city.zheng)

    listed = pages.get("/penalties/new?q=冯源")
    direct = pages.get(f"/penalties/new?officer={bureau.city.feng}")

    assert "没有找到民警" in listed.text
    assert direct.status_code == 404


def test_an_ordinary_officer_has_no_entry_form(bureau: Bureau, client_of: ClientOf) -> None:
    pages = client_of(bureau.city.wang)

    assert pages.get("/penalties/new").status_code == 403
    assert pages.post("/penalties/new", filled(bureau)).status_code == 403
    assert "录入问题" not in pages.get("/penalties/").text


def test_what_was_typed_survives_a_refusal(bureau: Bureau, client_of: ClientOf) -> None:
    pages = client_of(bureau.city.zheng)
    bad = filled(bureau, happened_on="2026-13-45", count="很多", basis="")
    bad.pop("files")

    answer = pages.post("/penalties/new", bad)
    worse = pages.post("/penalties/new", filled(bureau, happened_on="2026-11-12", basis=" "))

    assert answer.status_code == worse.status_code == 400
    assert "请按 2026-11-18 的格式填写日期" in answer.text
    assert "请填写数字" in answer.text
    assert "窗口接待群众时态度生硬" in answer.text
    assert "事发日期不能晚于今天" in worse.text
    assert count(bureau) == 0


def test_finding_defence_and_decision_through_the_inbox(bureau: Bureau, client_of: ClientOf) -> None:
    case_key = entered(bureau, client_of(bureau.city.zheng))
    wang, wu = client_of(bureau.city.wang), client_of(bureau.city.wu)

    told = wang.get("/inbox/")
    replied = wang.post(
        f"/inbox/task/{bureau.task(case_key, 'reply')}",
        {
            "outcome": "defend",
            "ground_1": "当日在处置另一起警情。",
            "ground_3": "投诉人次日已撤回投诉。",
            "files": (BytesIO(PDF), "接处警记录.pdf"),
        },
    )
    decide = bureau.task(case_key, "decide")
    shown = wu.get(f"/inbox/task/{decide}")
    half = wu.post(
        f"/inbox/task/{decide}",
        {"outcome": "impose", "opinion": "事实清楚。", "adopted_1": "no", "answer_1": "不符"},
    )
    done = wu.post(
        f"/inbox/task/{decide}",
        {
            "outcome": "impose",
            "opinion": "事实清楚。",
            "count": "1",
            "adopted_1": "no",
            "answer_1": "该警情在两小时后。",
            "adopted_2": "yes",
            "answer_2": "撤回属实。",
        },
    )
    case = wang.get(f"/cases/{case_key}")

    assert "信访查处结论第17号" in told.text
    assert replied.status_code == done.status_code == 303
    assert "第 2 条：" in shown.text
    assert "接处警记录.pdf" in shown.text
    assert half.status_code == 400
    assert "请答复第 2 条申辩理由" in half.text
    assert "不符" in half.text
    assert the_one(bureau).state is PenaltyState.IMPOSED
    assert "−3.00" in case.text
    assert "该警情在两小时后。" in case.text
    assert "申请复议" in case.text


def test_a_defence_without_grounds_comes_back_with_the_sentence(bureau: Bureau, client_of: ClientOf) -> None:
    case_key = entered(bureau, client_of(bureau.city.zheng))
    pages = client_of(bureau.city.wang)

    answer = pages.post(f"/inbox/task/{bureau.task(case_key, 'reply')}", {"outcome": "defend"})

    assert answer.status_code == 400
    assert "申辩须至少写明一条理由" in answer.text
    assert the_one(bureau).state is PenaltyState.NOTIFIED


def test_each_side_has_its_list_and_outsiders_none(bureau: Bureau, client_of: ClientOf) -> None:
    case_key = entered(bureau, client_of(bureau.city.zheng))

    lists = {
        ("wang", "mine"): True,
        ("wang", "entered"): False,
        ("zheng", "entered"): True,
        ("wu", "units"): True,
        ("qian", "units"): True,
        ("zhou", "units"): False,
        ("li", "mine"): False,
    }
    for (name, view), is_listed in lists.items():
        pages = client_of(getattr(bureau.city, name))
        assert (case_key in pages.get(f"/penalties/?view={view}").text) is is_listed, (name, view)
    outsider = client_of(bureau.city.zhou)
    assert outsider.get(f"/cases/{case_key}").status_code == 404
    assert outsider.get("/penalties/?view=everything").status_code == 404


def test_a_longer_list_costs_no_further_statements(bureau: Bureau, client_of: ClientOf) -> None:
    pages = client_of(bureau.city.zheng)

    entered(bureau, pages)
    with sent_to(bureau.database.engine) as for_one:
        pages.get("/penalties/?view=entered")
    for day in ("2026-11-04", "2026-11-06"):
        entered(bureau, pages, happened_on=day)
    with sent_to(bureau.database.engine) as for_three:
        listed = pages.get("/penalties/?view=entered").text

    assert listed.count("投诉查实") >= 3
    assert len(for_three) == len(for_one)


def test_evidence_is_for_those_who_see_the_case(bureau: Bureau, client_of: ClientOf) -> None:
    case_key = entered(bureau, client_of(bureau.city.zheng))
    wang = client_of(bureau.city.wang)
    link = re.search(r"/attachments/\d+", wang.get(f"/cases/{case_key}").text)
    assert link is not None

    assert wang.get(link.group()).status_code == 200
    assert client_of(bureau.city.zhou).get(link.group()).status_code == 404


def test_a_double_click_enters_one_finding(bureau: Bureau, client_of: ClientOf) -> None:
    pages = client_of(bureau.city.zheng)
    key = "once-and-only-once-1"

    first = pages.post("/penalties/new", filled(bureau), once=key)
    second = pages.post("/penalties/new", filled(bureau), once=key)

    assert first.headers["Location"] == second.headers["Location"]
    assert count(bureau) == 1


def test_finding_against_oneself_is_refused_with_its_reason(bureau: Bureau, client_of: ClientOf) -> None:
    pages = client_of(bureau.city.zheng)

    page = pages.get(f"/penalties/new?officer={bureau.city.zheng}")
    answer = pages.post("/penalties/new", filled(bureau, officer_id=str(bureau.city.zheng)))

    assert "不能对本人提出认定" in page.text
    assert answer.status_code == 403
    with bureau.reading() as session:
        assert not queries.page(session, queries.Penalty.id > 0).rows
