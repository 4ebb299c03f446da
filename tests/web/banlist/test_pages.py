"""The ban list kept by the city's office, and the indicators it hits."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from kaohe_flow.organization.account.rules import AccountKind
from kaohe_flow.scheme.banlist import queries
from kaohe_flow.scheme.banlist.model import BannedPhrase
from tests.factories.casework import Bureau
from tests.web.conftest import AdminOf, ClientOf, Pages

ENTRY = {"phrase": "矛盾纠纷化解数", "synonyms": "纠纷化解、矛盾纠纷化解", "basis": "测试规定"}


@pytest.fixture
def office(bureau: Bureau, client_of: ClientOf) -> Pages:
    """The office of the city."""
    return client_of(bureau.city.chen)


def entry(bureau: Bureau, phrase: str) -> BannedPhrase | None:
    with bureau.reading() as session:
        return session.scalar(select(BannedPhrase).where(BannedPhrase.phrase == phrase))


def test_the_statutory_entries_come_in_at_once(bureau: Bureau, office: Pages) -> None:
    with bureau.acting() as work:
        work.session.execute(delete(BannedPhrase))
    assert "录入法定禁设内容（10 条）" in office.get("/banlist/").text

    assert office.post("/banlist/statutory").status_code == 303

    with bureau.reading() as session:
        assert len(queries.entries(session)) == 10
    assert "录入法定禁设内容（" not in office.get("/banlist/").text


def test_an_entry_shows_the_indicators_it_hits(bureau: Bureau, office: Pages) -> None:
    assert "没有指标触及清单" in office.get("/banlist/").text

    ban = {"phrase": "矛盾纠纷", "synonyms": "", "basis": "测试规定"}
    assert office.post("/banlist/", ban).status_code == 303

    page = office.get("/banlist/").text
    assert "BIZ-07" in page
    assert "没有指标触及清单" not in page


def test_an_entry_is_worded_anew(bureau: Bureau, office: Pages) -> None:
    office.post("/banlist/", ENTRY)
    made = entry(bureau, "矛盾纠纷化解数")
    assert made is not None
    assert made.synonyms == ["纠纷化解", "矛盾纠纷化解"]

    assert 'value="测试规定"' in office.get(f"/banlist/?edit={made.id}").text
    office.post("/banlist/", {**ENTRY, "synonyms": "化解数"})

    again = entry(bureau, "矛盾纠纷化解数")
    assert again is not None
    assert (again.id, again.synonyms) == (made.id, ["化解数"])


def test_an_entry_ends_with_a_reason_and_stays_readable(bureau: Bureau, office: Pages) -> None:
    office.post("/banlist/", ENTRY)
    made = entry(bureau, "矛盾纠纷化解数")
    assert made is not None

    short = office.post(f"/banlist/{made.id}/end", {"reason": "不要了"})
    done = office.post(f"/banlist/{made.id}/end", {"reason": "规定已经废止，文号另行存档"})

    assert short.status_code == 400
    assert "不少于10个字" in short.text
    assert 'value="不要了"' in short.text
    assert done.status_code == 303
    page = office.get("/banlist/").text
    assert "矛盾纠纷化解数" in page
    assert "已停用" in page


@pytest.mark.parametrize(("changes", "field"), [({"phrase": "数"}, "phrase"), ({"basis": ""}, "basis")])
def test_an_entry_that_forbids_everything_is_refused(
    office: Pages, changes: dict[str, str], field: str
) -> None:
    answer = office.post("/banlist/", {**ENTRY, **changes})

    assert answer.status_code == 400
    assert f'id="f-{field}-error"' in answer.text
    assert "纠纷化解、矛盾纠纷化解" in answer.text


def test_a_county_reads_and_keeps_nothing(bureau: Bureau, client_of: ClientOf) -> None:
    pages = client_of(bureau.city.zheng)
    assert pages.get("/banlist/").status_code == 200
    assert "列入或修改</h2>" not in pages.get("/banlist/").text
    for path in ("/banlist/", "/banlist/statutory", "/banlist/1/end"):
        answer = pages.post(path, ENTRY)
        assert answer.status_code == 403
        assert "负面清单由一级考核办统一维护" in answer.text


def test_discipline_reads_and_others_stay_outside(
    bureau: Bureau, admin_of: AdminOf, client_of: ClientOf
) -> None:
    assert client_of(bureau.city.chu).get("/banlist/").status_code == 200
    assert client_of(bureau.city.chu).post("/banlist/", ENTRY).status_code == 403
    for pages in (client_of(bureau.city.wang), *(admin_of(kind) for kind in list(AccountKind)[1:])):
        assert pages.get("/banlist/").status_code == 403
        for path in ("/banlist/", "/banlist/statutory", "/banlist/1/end"):
            assert pages.post(path, {}).status_code == 403
