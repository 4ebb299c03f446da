"""Accounts of a whole unit at once."""

from __future__ import annotations

import re

import pytest

from kaohe_flow.organization.account import queries
from kaohe_flow.organization.account.queries import Wanted
from kaohe_flow.organization.account.rules import AccountKind, AccountState
from kaohe_flow.organization.change import commands as changes
from tests.factories.casework import Bureau
from tests.factories.organization import TODAY
from tests.web.conftest import AdminOf, ClientOf, Pages

SECRET = re.compile(r'<b class="secret">([^<]+)</b>')


@pytest.fixture
def keeper(admin_of: AdminOf) -> Pages:
    """The system administrator."""
    return admin_of(AccountKind.SYSADMIN)


@pytest.fixture
def guard(admin_of: AdminOf) -> Pages:
    """The security administrator."""
    return admin_of(AccountKind.SECADMIN)


def states(bureau: Bureau) -> dict[str, AccountState]:
    with bureau.reading() as session:
        rows = queries.search(session, Wanted(kind=AccountKind.OFFICER), bureau.now).rows
        return {row.account.username: row.account.state for row in rows}


def test_everybody_of_a_unit_and_below_gets_an_account_once(bureau: Bureau, keeper: Pages) -> None:
    with bureau.acting() as work:
        changes.depart(work, bureau.city.li, last_day=TODAY)

    assert keeper.post("/accounts/batch", {"unit_id": bureau.city.station}).status_code == 303
    keeper.post("/accounts/batch", {"unit_id": bureau.city.station})

    expected = {"100001", "100003", "100004", "100005"}
    assert states(bureau) == dict.fromkeys(expected, AccountState.DISABLED)


def test_what_was_entered_is_opened_with_a_password_each(bureau: Bureau, keeper: Pages, guard: Pages) -> None:
    keeper.post("/accounts/batch", {"unit_id": bureau.city.county})

    page = guard.post("/accounts/opening", {"unit_id": bureau.city.station}, once="one-time-key-of-a-page")
    again = guard.post("/accounts/opening", {"unit_id": bureau.city.station}, once="one-time-key-of-a-page")

    assert len(set(SECRET.findall(page.text))) == 5
    assert again.status_code == 303
    found = states(bureau)
    assert found["100001"] is AccountState.ACTIVE
    assert found["100006"] is AccountState.DISABLED
    nothing = guard.post("/accounts/opening", {"unit_id": bureau.city.station})
    assert "没有待启用的账号" in nothing.text


def test_an_account_that_was_closed_is_not_opened_with_the_others(
    bureau: Bureau, keeper: Pages, guard: Pages
) -> None:
    keeper.post("/accounts/batch", {"unit_id": bureau.city.far_station})
    guard.post("/accounts/opening", {"unit_id": bureau.city.far_station})
    with bureau.reading() as session:
        account = queries.by_username(session, "100006")
    assert account is not None
    guard.post(f"/accounts/{account.id}/close")

    guard.post("/accounts/opening", {"unit_id": bureau.city.far_station})

    assert states(bureau) == {"100006": AccountState.DISABLED}


def test_a_unit_must_be_chosen(keeper: Pages, guard: Pages) -> None:
    assert keeper.post("/accounts/batch", {}).status_code == 400
    assert guard.post("/accounts/opening", {"unit_id": "999"}).status_code == 404


def test_powers_are_divided(
    bureau: Bureau, keeper: Pages, guard: Pages, admin_of: AdminOf, client_of: ClientOf
) -> None:
    others = [admin_of(AccountKind.AUDITOR), client_of(bureau.city.chen)]

    assert (keeper.get("/accounts/batch").status_code, guard.get("/accounts/opening").status_code) == (
        200,
        200,
    )
    for pages, path in [(guard, "/accounts/batch"), (keeper, "/accounts/opening")] + [
        (pages, path) for pages in others for path in ("/accounts/batch", "/accounts/opening")
    ]:
        assert pages.get(path).status_code == 403
        assert pages.post(path, {"unit_id": bureau.city.station}).status_code == 403
