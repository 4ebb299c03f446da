"""封存后更正 through the pages, without scripts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select

from kaohe_flow.jobs.worker import pass_once, run_jobs
from kaohe_flow.organization.role import commands as roles
from kaohe_flow.organization.role.rules import Role
from kaohe_flow.organization.unit.rules import Span
from kaohe_flow.results.correction.model import Correction
from kaohe_flow.scorebook.ledger import queries as ledger
from tests.factories import organization
from tests.factories.casework import PDF, Bureau
from tests.web.conftest import ClientOf, Pages, text_of

CUTOFF = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
AFTER = CUTOFF + timedelta(days=21)


def seal(bureau: Bureau) -> None:
    for half_day in range(41):
        pass_once(bureau.database, CUTOFF + timedelta(hours=12 * half_day))
    bureau.now = AFTER


@pytest.fixture
def sealed(bureau: Bureau) -> Bureau:
    """Two people in the office of the bureau; November sealed with 6.00 for Wang."""
    with bureau.acting() as work:
        grant = roles.Grant(bureau.city.zheng, Role.OFFICE, bureau.city.bureau, Span(organization.FOUNDED))
        roles.grant(work, grant)
    bureau.approve(bureau.submit(bureau.city.wang, count=Decimal(3)))
    seal(bureau)
    return bureau


def filled(bureau: Bureau, **changes: Any) -> dict[str, Any]:
    with bureau.reading() as session:
        (fact,) = ledger.live_facts_of_case(session, "submission:1")
    return {
        "period_id": str(bureau.sheet.period.id),
        "kind": "officer",
        "subject_id": str(bureau.city.wang),
        "overturn": str(fact.id),
        "indicator_version_id": str(bureau.sheet.task.id),
        "happened_on": "2026-11-06",
        "count": "\uff11",
        "document_no": "审计通报2026第9号",
        "reason": "审计发现三件中两件系重复登记，实际只办结一件。",
        "files": (BytesIO(PDF), "审计通报.pdf"),
        **changes,
    }


def proposed(bureau: Bureau, pages: Pages, **changes: Any) -> str:
    answer = pages.post("/corrections/new", filled(bureau, **changes))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"]).rpartition("/")[2].replace("%3A", ":")


def count(bureau: Bureau) -> int:
    with bureau.reading() as session:
        return session.scalar(select(func.count()).select_from(Correction)) or 0


def decide(bureau: Bureau, pages: Pages, case_key: str, step_id: str, **typed: str) -> Any:
    return pages.post(f"/inbox/task/{bureau.task(case_key, step_id)}", typed)


def test_the_office_chooses_period_and_subject_by_links(sealed: Bureau, client_of: ClientOf) -> None:
    pages = client_of(sealed.city.chen)

    found = pages.get("/corrections/new?q=王小")
    units = pages.get("/corrections/new?kind=unit&q=城关")
    form = pages.get(
        f"/corrections/new?period_id={sealed.sheet.period.id}&kind=officer&subject_id={sealed.city.wang}"
        f"&indicator_version_id={sealed.sheet.task.id}"
    )

    assert f"subject_id={sealed.city.wang}" in found.text
    assert f"subject_id={sealed.city.station}" in units.text
    for words in ("撤销的记分", "矛盾纠纷化解", "完成数量", "文书编号", "更正理由", "+6.00"):
        assert words in form.text, words


def test_from_voucher_to_new_version_through_the_inbox(sealed: Bureau, client_of: ClientOf) -> None:
    case_key = proposed(sealed, client_of(sealed.city.chen))
    zheng, wei, wang = (client_of(who) for who in (sealed.city.zheng, sealed.city.wei, sealed.city.wang))

    shown = text_of(zheng.get(f"/inbox/task/{sealed.task(case_key, 'second_check')}").text)
    checked = decide(sealed, zheng, case_key, "second_check", outcome="confirm", opinion="与通报一致。")
    ordered = decide(sealed, wei, case_key, "order", outcome="order", opinion="")

    assert (checked.status_code, ordered.status_code) == (303, 303)
    assert "预计更正前后" in shown
    assert "6.002.00" in shown
    case = text_of(wang.get(f"/cases/{case_key}").text)
    for words in ("已更正", "审计通报2026第9号", "与通报一致。", "第2版→第3版", "6.002.00", "审计通报.pdf"):
        assert words in case, words
    claim = text_of(wang.get("/cases/submission:1").text)
    assert "冲回（封存后更正）" in claim
    score = wang.get(f"/scores/officer/{sealed.city.wang}?period=2026-11")
    assert score.text.count(">更正</span>") == 2


def test_the_ranking_says_corrected_and_keeps_every_version(sealed: Bureau, client_of: ClientOf) -> None:
    case_key = proposed(sealed, client_of(sealed.city.chen))
    decide(sealed, client_of(sealed.city.zheng), case_key, "second_check", outcome="confirm")
    decide(sealed, client_of(sealed.city.wei), case_key, "order", outcome="order")
    pages = client_of(sealed.city.wang)

    now = pages.get("/rankings/?period=2026-11&group=派出所")
    before = pages.get("/rankings/?period=2026-11&group=派出所&version=2")
    none = pages.get("/rankings/?period=2026-11&version=9")
    book = pages.get("/rankings/export.xlsx?period=2026-11&version=2")

    assert "封存后更正，第 3 版" in now.text
    assert "看更正前的第 2 版" in now.text
    assert "审计发现三件中两件系重复登记" in now.text
    assert "已封存，第 2 版" in before.text
    assert "现行结果为第 3 版" in before.text
    assert ">2.00<" in now.text
    assert ">6.00<" in before.text
    assert none.status_code == 404
    assert book.status_code == 200


def test_what_was_typed_survives_every_refusal(sealed: Bureau, client_of: ClientOf) -> None:
    pages = client_of(sealed.city.chen)
    words = "审计发现三件中两件系重复登记"

    bad = pages.post(
        "/corrections/new", filled(sealed, happened_on="2026-13-45", count="三件", document_no="")
    )
    outside = pages.post("/corrections/new", filled(sealed, happened_on="2026-10-01"))
    gone = pages.post("/corrections/new", filled(sealed, overturn="4711"))
    empty = pages.post(
        "/corrections/new", filled(sealed, overturn="", indicator_version_id="", count="", happened_on="")
    )
    executable = pages.post("/corrections/new", filled(sealed, files=(BytesIO(b"MZ\x90"), "通报.pdf")))

    assert [one.status_code for one in (bad, outside, gone, empty, executable)] == [400, 400, 409, 400, 400]
    assert "请按 2026-11-18 的格式填写日期" in bad.text
    assert "请填写数字" in bad.text
    assert "须在 2026-10-26 至 2026-11-25 之间" in outside.text
    assert "编号 4711" in gone.text
    assert "请选择要撤销的记分" in empty.text
    for answer in (bad, outside, gone, empty, executable):
        assert words in answer.text
    assert "checked" in outside.text
    assert count(sealed) == 0


def test_a_refusal_without_a_reason_comes_back(sealed: Bureau, client_of: ClientOf) -> None:
    case_key = proposed(sealed, client_of(sealed.city.chen))
    zheng = client_of(sealed.city.zheng)

    bare = decide(sealed, zheng, case_key, "second_check", outcome="refuse", opinion=" ")
    said = decide(sealed, zheng, case_key, "second_check", outcome="refuse", opinion="通报未附清单。")

    assert (bare.status_code, said.status_code) == (400, 303)
    assert "不予更正必须写明理由" in bare.text
    case = client_of(sealed.city.chen).get(f"/cases/{case_key}")
    assert "通报未附清单。" in case.text
    assert "预计更正前后" not in case.text


def test_only_those_concerned_see_a_voucher(sealed: Bureau, client_of: ClientOf) -> None:
    case_key = proposed(sealed, client_of(sealed.city.chen))

    seen = {
        who: client_of(getattr(sealed.city, who)).get(f"/cases/{case_key}").status_code
        for who in ("wang", "qian", "zheng", "wei", "zhou", "li")
    }

    assert seen == {"wang": 200, "qian": 200, "zheng": 200, "wei": 200, "zhou": 404, "li": 404}
    assert case_key in client_of(sealed.city.wang).get("/corrections/").text
    assert case_key not in client_of(sealed.city.zhou).get("/corrections/").text


def test_only_the_office_at_the_top_proposes(sealed: Bureau, client_of: ClientOf) -> None:
    wang, chen = client_of(sealed.city.wang), client_of(sealed.city.chen)

    assert wang.get("/corrections/new").status_code == 403
    assert wang.post("/corrections/new", filled(sealed)).status_code == 403
    assert "提出更正单" not in wang.get("/corrections/").text
    assert "提出更正单" in chen.get("/corrections/").text
    against = {"subject_id": str(sealed.city.chen), "indicator_version_id": str(sealed.sheet.penalty.id)}
    own = chen.post("/corrections/new", filled(sealed, **against, overturn=""))
    assert own.status_code == 403
    assert count(sealed) == 0


def test_a_double_click_proposes_once(sealed: Bureau, client_of: ClientOf) -> None:
    pages = client_of(sealed.city.chen)

    first = pages.post("/corrections/new", filled(sealed), once="k" * 24)
    second = pages.post("/corrections/new", filled(sealed), once="k" * 24)

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert count(sealed) == 1


def test_the_page_of_a_late_claim_says_where_its_points_are(bureau: Bureau, client_of: ClientOf) -> None:
    late = bureau.submit(bureau.city.wang, count=Decimal(3))
    seal(bureau)
    bureau.approve(late)
    pages = client_of(bureau.city.wang)

    waiting = pages.get(f"/cases/{late}")
    run_jobs(bureau.database, AFTER)
    linked = pages.get(f"/cases/{late}")
    chen, wei = client_of(bureau.city.chen), client_of(bureau.city.wei)
    decide(bureau, chen, "correction:1", "second_check", outcome="confirm")
    decide(bureau, wei, "correction:1", "order", outcome="order")
    booked = pages.get(f"/cases/{late}")

    assert "待更正入账" in waiting.text
    assert "correction:1" in linked.text.replace("%3A", ":")
    assert "已更正入账" in booked.text
    assert "计分 6.00 分" in booked.text
