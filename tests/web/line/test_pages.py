"""Business lines opened, handed over and ended by the system administrator."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from kaohe_flow.organization.account.rules import AccountKind
from kaohe_flow.organization.line import queries
from kaohe_flow.organization.line.model import BusinessLine
from kaohe_flow.organization.role.queries import listing
from kaohe_flow.scheme.indicator.model import IndicatorVersion
from tests.factories.casework import Bureau
from tests.factories.organization import TODAY
from tests.web.conftest import AdminOf, ClientOf, Pages


@pytest.fixture
def keeper(admin_of: AdminOf) -> Pages:
    """The system administrator."""
    return admin_of(AccountKind.SYSADMIN)


def line(bureau: Bureau, code: str) -> BusinessLine:
    with bureau.reading() as session:
        return queries.by_code(session, code)


def test_a_line_is_opened(bureau: Bureau, keeper: Pages) -> None:
    typed = {"code": "xz", "name": "刑事侦查", "owner_id": bureau.city.legal, "since": "2026-11-01"}

    assert keeper.post("/lines/", typed).status_code == 303

    page = keeper.get("/lines/").text
    for words in ("刑事侦查", "法制支队", "2026-11-01", "有效"):
        assert words in page


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"code": "刑"}, 400, "code"),
        ({"code": "fz"}, 409, "code"),
        ({"name": "执法监督"}, 409, "name"),
        ({"owner_id": ""}, 400, "owner_id"),
        ({"since": "2010-01-01"}, 422, "owner_id"),
    ],
)
def test_what_cannot_be_opened_is_said_beside_its_field(
    bureau: Bureau, keeper: Pages, changes: dict[str, str], status: int, field: str
) -> None:
    typed = {"code": "xz", "name": "刑事侦查", "owner_id": bureau.city.legal, "since": TODAY, **changes}

    answer = keeper.post("/lines/", typed)

    assert answer.status_code == status
    assert f'id="f-{field}-error"' in answer.text
    assert 'value="刑事侦查"' in answer.text or "name" in changes


def test_a_line_handed_over_remembers_who_was_competent(bureau: Bureau, keeper: Pages) -> None:
    early = keeper.post("/lines/fz/owner", {"owner_id": bureau.city.politics, "since": "2026-12-01"})
    done = keeper.post("/lines/fz/owner", {"owner_id": bureau.city.politics, "since": TODAY, "basis": "纪要"})

    assert early.status_code == 422
    assert done.status_code == 303
    assert line(bureau, "fz").owner_id == bureau.city.politics
    page = keeper.get("/lines/fz").text
    for words in ("政治部", "法制支队", "2026-11-09", "纪要", "吴越"):
        assert words in page


def test_a_line_in_use_is_not_ended(bureau: Bureau, keeper: Pages) -> None:
    with bureau.acting() as work:
        work.session.execute(update(IndicatorVersion).values(state=IndicatorVersion.state))
        codes = {
            version.line_code for version in work.session.query(IndicatorVersion).all() if version.line_code
        }
    used = sorted(codes & {"fz", "zz"})[0]

    answer = keeper.post(f"/lines/{used}/end", {"last_day": TODAY})

    assert answer.status_code == 422
    assert "项指标在用" in answer.text
    assert line(bureau, used).valid_to is None


def test_an_unused_line_ends_with_its_reviewers(bureau: Bureau, keeper: Pages) -> None:
    with bureau.reading() as session:
        used = {version.line_code for version in session.query(IndicatorVersion).all()}
    (unused,) = {"fz", "zz"} - used

    assert keeper.post(f"/lines/{unused}/end", {"last_day": TODAY}).status_code == 303

    with bureau.reading() as session:
        assert listing.of_line_after(session, unused, TODAY) == ()
    again = keeper.post(f"/lines/{unused}/end", {"last_day": "2027-01-01"})
    assert again.status_code == 422
    assert "已定于 2026-11-10 停用" in again.text
    assert "移交归口</h2>" not in keeper.get(f"/lines/{unused}").text


def test_others_read_or_stay_outside(bureau: Bureau, admin_of: AdminOf, client_of: ClientOf) -> None:
    readers = [admin_of(AccountKind.SECADMIN), admin_of(AccountKind.AUDITOR), client_of(bureau.city.zheng)]

    for pages in readers:
        assert pages.get("/lines/").status_code == 200
        assert pages.get("/lines/fz").status_code == 200
        assert "设立业务线</h2>" not in pages.get("/lines/").text
        for path in ("/lines/", "/lines/fz/owner", "/lines/fz/end"):
            assert pages.post(path, {}).status_code == 403
    outside = client_of(bureau.city.wang)
    assert outside.get("/lines/").status_code == 403
    assert outside.get("/lines/fz").status_code == 403


def test_an_unknown_line_is_not_found(keeper: Pages) -> None:
    assert keeper.get("/lines/none").status_code == 404
    assert keeper.post("/lines/none/end", {"last_day": TODAY}).status_code == 404
