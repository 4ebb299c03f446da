"""The library as officers read it and the office writes it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from kaohe_flow.scheme.banlist.queries import overrides
from kaohe_flow.scheme.indicator import queries
from kaohe_flow.scheme.indicator.gateway import HEADINGS
from kaohe_flow.scheme.indicator.rules import VersionState
from kaohe_flow.scheme.period.rules import month_period
from tests.factories.casework import Bureau
from tests.factories.scheme import open_month
from tests.web.conftest import ClientOf, Pages

COMPLETE = {
    "code": "BIZ-31",
    "name": "电动车头盔佩戴率",
    "module": "business",
    "mode": "task",
    "kind": "result",
    "base_points": "6",
    "cap": "12",
    "measure": "抽查路口电动车骑乘人",
    "unit_of_measure": "%",
    "formula": "佩戴人数÷抽查人数",
    "data_source": "路口抽查台账",
    "evidence_kinds": "抽查照片、台账",
    "rule_text": "达到 95% 得满分",
    "deadline_text": "每月25日前",
    "line_code": "fz",
    "target_kind": "both",
    "split": "same",
}
BANNED = {**COMPLETE, "name": "刑事拘留数", "measure": "刑拘人数"}


@pytest.fixture
def office(bureau: Bureau, client_of: ClientOf) -> Pages:
    """The office of the city."""
    return client_of(bureau.city.chen)


def drafted(bureau: Bureau, office: Pages, **changes: str) -> int:
    """A draft made through the form; its indicator's id."""
    answer = office.post("/indicators/new", {**COMPLETE, **changes})
    assert answer.status_code == 303, answer.text
    with bureau.reading() as session:
        return queries.by_code(session, changes.get("code", "BIZ-31")).id


def test_every_officer_reads_the_library_and_only_offices_write_it(
    bureau: Bureau, client_of: ClientOf
) -> None:
    pages = client_of(bureau.city.wang)

    library = pages.get("/indicators/").text

    assert "矛盾纠纷化解" in library
    assert "新建指标" not in library
    assert pages.get("/indicators/new").status_code == 403
    assert pages.get(f"/indicators/{bureau.sheet.task.indicator_id}").status_code == 200


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("module=team", {"TEAM-08"}),
        ("mode=reward", {"REW-01"}),
        ("line=fz&q=矛盾 化解", {"BIZ-07"}),
        ("state=draft", set()),
        ("q=biz-07", {"BIZ-07"}),
        ("year=2019", set()),
        ("module=nonsense", {"BIZ-07", "TEAM-08", "REW-01"}),
    ],
)
def test_the_library_is_searched_by_several_conditions(office: Pages, asked: str, found: set[str]) -> None:
    page = office.get(f"/indicators/?{asked}").text

    assert {code for code in ("BIZ-07", "TEAM-08", "REW-01") if f"<td>{code}</td>" in page} == found


def test_the_sheet_prints_everything_an_indicator_must_say(bureau: Bureau, office: Pages) -> None:
    page = office.get(f"/indicators/{bureau.sheet.task.indicator_id}").text

    for word in (
        "化解件数÷登记件数",
        "矛盾纠纷系统",
        "调解协议、系统截图",
        "每月25日前",
        "执法监督",
        "第 1 版",
    ):
        assert word in page


def test_a_draft_made_in_the_form_becomes_effective_from_a_period(bureau: Bureau, office: Pages) -> None:
    indicator_id = drafted(bureau, office)

    sheet = office.get(f"/indicators/{indicator_id}")
    done = office.post(f"/indicators/{indicator_id}/effect", {"period": bureau.sheet.period.id})

    assert "自哪一考核期起生效" in sheet.text
    assert done.status_code == 303
    with bureau.reading() as session:
        version = queries.latest(session, indicator_id)
    assert (version.state, version.valid_from_on) == (
        VersionState.EFFECTIVE,
        bureau.sheet.period.starts_on,
    )


def test_faults_stand_beside_their_fields_and_nothing_typed_is_lost(bureau: Bureau, office: Pages) -> None:
    typed = {**COMPLETE, "base_points": "六分", "mode": "", "measure": "写了很久的口径说明"}

    answer = office.post("/indicators/new", typed)

    assert answer.status_code == 400
    assert 'id="f-base_points-error"' in answer.text
    assert 'id="f-mode-error"' in answer.text
    for word in ("六分", "写了很久的口径说明", "BIZ-31", "抽查照片、台账"):
        assert word in answer.text


def test_what_is_missing_keeps_a_draft_from_taking_effect(bureau: Bureau, office: Pages) -> None:
    indicator_id = drafted(bureau, office, measure="", deadline_text="")

    sheet = office.get(f"/indicators/{indicator_id}").text
    refused = office.post(f"/indicators/{indicator_id}/effect", {"period": bureau.sheet.period.id})

    assert "生效前还须补齐" in sheet
    assert "计量口径、完成时限" in sheet
    assert "自哪一考核期起生效" not in sheet
    assert refused.status_code == 400
    with bureau.reading() as session:
        assert queries.latest(session, indicator_id).state is VersionState.DRAFT


def test_a_code_is_used_once(office: Pages) -> None:
    answer = office.post("/indicators/new", {**COMPLETE, "code": "BIZ-07"})

    assert answer.status_code == 409
    assert "已被“矛盾纠纷化解”使用" in answer.text
    assert "抽查照片、台账" in answer.text


def test_a_forbidden_target_wants_a_reason_which_is_then_shown(bureau: Bureau, office: Pages) -> None:
    refused = office.post("/indicators/new", BANNED)
    short = office.post("/indicators/new", {**BANNED, "override_reason": "需要"})
    passed = office.post(
        "/indicators/new", {**BANNED, "override_reason": "上级专项督办要求统计，不作为考核得分依据"}
    )

    assert refused.status_code == 422
    assert "刑事拘留数" in refused.text
    assert 'name="override_reason"' in refused.text
    assert short.status_code == 400
    assert "不少于10个字" in short.text
    assert passed.status_code == 303
    with bureau.reading() as session:
        indicator_id = queries.by_code(session, "BIZ-31").id
        (row,) = overrides(session, f"indicator:{indicator_id}")
    assert row.decided_by_name == "陈光"
    assert "上级专项督办要求统计" in office.get(f"/indicators/{indicator_id}").text


def test_a_revision_begins_a_new_version_and_the_old_one_stays_readable(
    bureau: Bureau, office: Pages
) -> None:
    indicator_id = bureau.sheet.task.indicator_id
    with bureau.acting() as work:
        december = open_month(work, 2026, 12)
    form = office.get(f"/indicators/{indicator_id}/draft").text
    assert "保存为第 2 版草稿" in form

    office.post(f"/indicators/{indicator_id}/draft", {**COMPLETE, "name": "矛盾纠纷化解（修订）"})
    done = office.post(f"/indicators/{indicator_id}/effect", {"period": december.id})

    assert done.status_code == 303
    assert "矛盾纠纷化解（修订）" in office.get(f"/indicators/{indicator_id}").text
    old = office.get(f"/indicators/{indicator_id}?version=1").text
    assert "化解件数÷登记件数" in old
    assert "2026-11-25" in old


def test_a_revision_does_not_begin_in_a_period_that_runs(bureau: Bureau, office: Pages) -> None:
    indicator_id = bureau.sheet.task.indicator_id
    office.post(f"/indicators/{indicator_id}/draft", COMPLETE)

    answer = office.post(f"/indicators/{indicator_id}/effect", {"period": bureau.sheet.period.id})

    assert answer.status_code == 422
    assert "只能从下一考核期起生效" in answer.text


def test_an_indicator_hangs_under_its_goal(bureau: Bureau, office: Pages) -> None:
    indicator_id = drafted(bureau, office, goal="biz-07")

    assert "矛盾纠纷化解" in office.get(f"/indicators/{indicator_id}").text
    lost = office.post("/indicators/new", {**COMPLETE, "code": "BIZ-32", "goal": "NO-1"})
    assert (lost.status_code, "没有找到指标“NO-1”" in lost.text) == (400, True)


def test_a_retired_indicator_ends_with_its_period(bureau: Bureau, office: Pages) -> None:
    indicator_id = bureau.sheet.task.indicator_id
    form = {"last_period": bureau.sheet.period.id, "reason": "并入新的指标"}

    silent = office.post(f"/indicators/{indicator_id}/end", {**form, "reason": " "})
    done = office.post(f"/indicators/{indicator_id}/end", form)

    assert silent.status_code == 400
    assert done.status_code == 303
    with bureau.reading() as session:
        assert queries.latest(session, indicator_id).valid_until_on == month_period(2026, 11).ends_on


def test_a_county_keeps_its_own_indicators_and_leaves_the_citys_alone(
    bureau: Bureau, client_of: ClientOf
) -> None:
    county = client_of(bureau.city.zheng)
    city_owned = bureau.sheet.task.indicator_id

    own = drafted(bureau, county, code="QSX-01")

    assert county.get(f"/indicators/{city_owned}/draft").status_code == 403
    assert county.post(f"/indicators/{city_owned}/draft", COMPLETE).status_code == 403
    assert county.get(f"/indicators/{own}/draft").status_code == 200


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{", "JSON 对象"),
        ('{"tarif": {}}', "恰好写一种记分办法"),
        ('{"ratio": {"nonsense": 1}}', "不认识的键"),
    ],
)
def test_a_rule_nobody_understands_is_named(office: Pages, rule: str, said: str) -> None:
    answer = office.post("/indicators/new", {**COMPLETE, "rule": rule})

    assert answer.status_code == 400
    assert said in answer.text


def test_what_an_indicator_still_lacks_is_named_in_chinese_wherever_it_is_refused(
    bureau: Bureau, office: Pages
) -> None:
    indicator_id = drafted(bureau, office, rule_text="", formula="")

    answer = office.post(f"/indicators/{indicator_id}/effect", {"period": bureau.sheet.period.id})

    assert answer.status_code == 400
    assert "请填写记分规则" in answer.text
    assert "rule_text" not in answer.text


def test_parameters_for_the_scheme_are_shown_to_those_who_write_them_only(
    bureau: Bureau, office: Pages, client_of: ClientOf
) -> None:
    indicator_id = drafted(bureau, office, rule='{"ratio": {}}')

    reader = client_of(bureau.city.wang).get(f"/indicators/{indicator_id}").text

    assert "规则参数" not in reader
    assert "规则参数" in office.get(f"/indicators/{indicator_id}").text


def sheet(*rows: dict[str, Any]) -> tuple[io.BytesIO, str]:
    lines = [",".join(HEADINGS), *(",".join(str(row.get(name, "")) for name in HEADINGS) for row in rows)]
    return io.BytesIO("\n".join(lines).encode()), "规则表.csv"


def test_a_rules_sheet_becomes_drafts_with_every_faulty_row_named(bureau: Bureau, office: Pages) -> None:
    good = {
        "指标编码": "SPEC-01",
        "指标名称": "夜间巡逻",
        "模块": "专项工作",
        "记分方式": "任务加减分",
        "分值": "4",
    }
    bad = {**good, "指标编码": "SPEC-02", "模块": "杂项", "分值": "四"}

    done = office.post("/indicators/import/", {"file": sheet(good, bad)})

    assert done.status_code == 200
    assert "SPEC-01" in done.text
    assert "“杂项”应为" in done.text
    assert "“四”不是数字" in done.text
    with bureau.reading() as session:
        assert queries.latest(session, queries.by_code(session, "SPEC-01").id).name == "夜间巡逻"


def test_a_file_that_is_no_rules_sheet_is_refused(office: Pages) -> None:
    wrong = office.post("/indicators/import/", {"file": (io.BytesIO("甲,乙\n1,2\n".encode()), "a.csv")})
    none = office.post("/indicators/import/")

    assert (wrong.status_code, none.status_code) == (400, 400)
    assert "缺少列 指标编码" in wrong.text
    assert "请选择一个" in none.text


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_template_of_the_rules_sheet_has_every_column(office: Pages, kind: str) -> None:
    answer = office.get(f"/indicators/import/template.{kind}")

    if kind == "csv":
        titles = answer.data.decode("utf-8-sig").strip().split(",")
    else:
        titles = [cell.value for cell in load_workbook(io.BytesIO(answer.data)).worksheets[0][1]]
    assert titles == list(HEADINGS)
