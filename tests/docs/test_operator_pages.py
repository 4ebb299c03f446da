"""An empty installation comes to life the way the page for operators says: two commands, then a browser."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from kaohe_flow.cli import cli
from kaohe_flow.cli.installation import installation
from kaohe_flow.organization.roster.rules import COLUMNS
from tests.docs.pages import DOCS, blocks
from tests.factories.casework import PLAN
from tests.web.conftest import Pages

PAGE = DOCS / "operator" / "first-units.md"
SECRET = re.compile(r'<b class="secret">([^<]+)</b>')
FORM_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
FIRST_PASSWORD = "First-words-2026"
SINCE = "2026-01-01"
ROSTER = "\n".join(
    (
        ",".join(COLUMNS),
        "310002,李娜,民警,QSX,青松县公安局,治安民警,2026-01-01,",
        "310003,赵勇,民警,QSX-CG,城关派出所,内勤,2026-01-01,",
    )
)
SignIn = Callable[[str, str], Pages]


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application on an empty database, after the commands of the page."""
    monkeypatch.setenv("KAOHE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("KAOHE_DATABASE_URL", raising=False)
    commands = blocks(PAGE, "sh")[0].splitlines()
    assert len(commands) == 2
    for command in commands:
        typed = f"{FIRST_PASSWORD}\n{FIRST_PASSWORD}\n"
        done = CliRunner().invoke(cli, command.split()[1:], input=typed)
        assert done.exit_code == 0, done.output
    return installation().app


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """Signs in with a password of others and changes it, as everybody has to."""

    def first_time(username: str, password: str) -> Pages:
        pages = Pages(app.test_client())
        token = FORM_TOKEN.search(pages.get("/login").text)
        assert token is not None
        form = {"csrf_token": token.group(1), "username": username, "password": password}
        answer = pages.client.post("/login", data=form)
        assert answer.status_code == 303
        assert answer.location == "/password"
        pages.get("/password")
        own = f"{username[::-1]}-has-own-words"
        assert pages.post("/password", {"old": password, "new": own, "again": own}).status_code == 303
        pages.get("/password")
        return pages

    return first_time


def done(pages: Pages, path: str, form: dict[str, object]) -> str:
    """Post a form that must succeed; where it leads."""
    answer = pages.post(path, form)
    assert answer.status_code == 303, re.findall(r'class="error"[^>]*>(.*?)</p>', answer.text)
    return answer.location


def handed_out(guard: Pages, account: str) -> str:
    """The security administrator opens an account; the password of the first sign-in."""
    found = SECRET.search(guard.post(f"{account}/activate").text)
    assert found is not None
    return found.group(1)


def unit(code: str, name: str, level: int, kind: str, parent: str = "") -> dict[str, object]:
    typed = {"code": code, "name": name, "level": level, "kind": kind, "valid_from": SINCE}
    return {**typed, "parent_id": parent}


def test_an_empty_installation_comes_to_life_in_the_browser(sign_in: SignIn) -> None:
    keeper, guard = sign_in("xitong", FIRST_PASSWORD), sign_in("anquan", FIRST_PASSWORD)
    assert "还没有单位" in keeper.get("/organization/").text

    # 2: the auditor
    account = done(keeper, "/accounts/new", {"kind": "auditor", "username": "shenji"})
    auditor = sign_in("shenji", handed_out(guard, account))

    # 3 and 4: units and a business line
    city = done(keeper, "/organization/units/new", unit("SJ", "市局考核办", 1, "assessment_office"))
    top = city.rpartition("/")[2]
    county = done(keeper, "/organization/units/new", unit("QSX", "青松县公安局", 2, "county_bureau", top))
    middle = county.rpartition("/")[2]
    station = done(keeper, "/organization/units/new", unit("QSX-CG", "城关派出所", 3, "station", middle))
    done(keeper, "/lines/", {"code": "za", "name": "治安管理", "owner_id": middle, "since": SINCE})

    # 5: the first person of the office
    person = {"police_no": "310001", "name": "王军", "kind": "officer", "post": "考核办干事"}
    clerk = done(keeper, "/organization/officers/new", {**person, "unit_id": top, "since": SINCE})
    account = done(keeper, "/accounts/new", {"kind": "officer", "police_no": "310001"})
    roles = f"/organization/roles/officers/{clerk.rpartition('/')[2]}"
    done(guard, roles, {"unit_id": top, "role": "office", "first": SINCE})
    office = sign_in("310001", handed_out(guard, account))

    # 6: roster, ban list, scheme, calendar
    preview = office.post("/organization/roster/", {"file": (io.BytesIO(ROSTER.encode()), "名单.csv")}).text
    kept = re.search(r'name="kept" value="([^"]+)"', preview)
    assert kept is not None
    assert "已写入 2 行" in office.post("/organization/roster/import", {"kept": kept.group(1)}).text
    done(office, "/banlist/statutory", {})
    scheme = (io.BytesIO(PLAN.encode()), "方案.yaml")
    done(office, "/plans/", {"file": scheme, "valid_from": "2026-11-26"})
    done(office, "/periods/calendar", {"year": "2026", "days": "2026-10-01 至 2026-10-07 放假 国庆节"})

    # 7: everybody else
    done(guard, f"/organization/roles/units/{station.rpartition('/')[2]}",
         {"police_no": "310003", "role": "unit_admin", "first": SINCE})  # fmt: skip
    done(guard, f"/organization/roles/units/{middle}",
         {"police_no": "310002", "role": "line_reviewer", "line_code": "za", "first": SINCE})  # fmt: skip
    account = done(keeper, "/accounts/new", {"kind": "officer", "police_no": "310003"})
    admin = sign_in("310003", handed_out(guard, account))

    assert "赵勇" in admin.get(station).text
    assert "小城考核方案" in office.get("/plans/").text
    trail = auditor.get("/audit/").text
    for deed in ("设立单位", "设立业务线", "录入民警", "授予职责", "导入名册", "导入考核方案"):
        assert deed in trail
    assert "逐条校验无误" in auditor.get("/audit/check").text
