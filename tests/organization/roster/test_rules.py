"""How a row of the roster file is read, checked and compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_flow.organization.officer.rules import NewOfficer, OfficerKind
from kaohe_flow.organization.roster.rules import (
    COLUMNS,
    Entry,
    KnownOfficer,
    KnownUnit,
    Register,
    RosterRow,
    check_row,
    differences,
    obstacles,
    read_day,
)
from kaohe_flow.organization.unit.rules import Span
from tests.factories.writing import wide

TODAY = date(2026, 11, 10)
STATION = KnownUnit(7, "城关派出所", "城关所", Span(date(2020, 1, 1)))
CLOSED = KnownUnit(8, "河口派出所", "河口所", Span(date(2020, 1, 1), date(2025, 12, 31)))
REGISTER = Register({"QSX-CG": STATION, "QSX-HK": CLOSED}, TODAY)
GOOD = {
    "警号": "100001",
    "姓名": "王小明",
    "人员类别": "民警",
    "单位编码": "QSX-CG",
    "单位名称": "城关派出所",
    "岗位": "社区民警",
    "任职起始日期": "2025-03-01",
    "岗位身份": "",
}
MARCH = date(2025, 3, 1)


def row(**changed: str) -> RosterRow:
    return RosterRow(2, {**GOOD, **changed})


def entry(**changed: str) -> Entry:
    read = check_row(row(**changed), REGISTER)
    assert isinstance(read, Entry), read
    return read


def faults(**changed: str) -> dict[str, str]:
    read = check_row(row(**changed), REGISTER)
    assert not isinstance(read, Entry)
    return {problem.where: problem.text for problem in read}


def known(**changed: object) -> KnownOfficer:
    officer = KnownOfficer(
        id=1,
        new=NewOfficer("100001", "王小明", OfficerKind.OFFICER, "社区民警"),
        serving=True,
        unit_id=7,
        unit_name="城关派出所",
        since=MARCH,
        earlier=None,
        identities={},
    )
    return replace(officer, **changed)  # type: ignore[arg-type]


def test_a_good_row_is_an_entry() -> None:
    read = entry(岗位身份="岗位能手、法医=1.15")

    assert read.new == NewOfficer("100001", "王小明", OfficerKind.OFFICER, "社区民警")
    assert (read.unit_id, read.since) == (7, MARCH)
    assert read.identities == {"岗位能手": Decimal("1.35"), "法医": Decimal("1.15")}


def test_full_width_writing_reads_like_half_width() -> None:
    typed = {title: wide(text) for title, text in GOOD.items()}

    assert check_row(RosterRow(2, typed), REGISTER) == entry()


def test_every_fault_of_a_row_is_named_once_in_the_order_of_the_columns() -> None:
    found = faults(
        警号="12", 姓名="张3", 人员类别="协警", 单位编码="X9", 岗位="", 任职起始日期="去年", 岗位身份="神探"
    )

    assert list(found) == [title for title in COLUMNS if title != "单位名称"]
    assert found["单位编码"] == "没有编码为“X9”的单位，请核对机构表"
    assert found["岗位"] == "岗位没有填写"
    assert "“去年”应写作 2025-03-01 这样的日期" in found["任职起始日期"]


@pytest.mark.parametrize("title", [title for title, required in COLUMNS.items() if required])
def test_a_required_cell_that_is_empty_is_said_to_be_empty(title: str) -> None:
    assert faults(**{title: " "}) == {title: f"{title}没有填写"}


@pytest.mark.parametrize("title", COLUMNS)
def test_a_formula_is_refused_in_every_column(title: str) -> None:
    assert "含有公式" in faults(**{title: "=cmd|'/c calc'!A1"})[title]


def test_the_name_of_the_unit_guards_against_a_wrong_code() -> None:
    assert faults(单位名称="河口派出所") == {
        "单位名称": "单位编码 QSX-CG 对应“城关派出所”，与所填“河口派出所”不一致"
    }
    assert entry(单位名称="城关所") == entry(单位名称="")


def test_nobody_is_posted_to_a_unit_that_is_closed() -> None:
    found = faults(单位编码="QSX-HK", 单位名称="", 任职起始日期="2026-01-01")

    assert found == {"单位编码": "单位“河口派出所”在 2026-01-01 不存在（尚未设立或已撤销）"}


def test_a_station_admin_imports_only_into_units_in_reach() -> None:
    read = check_row(row(), replace(REGISTER, within=frozenset({99})))

    assert not isinstance(read, Entry)
    assert [problem.text for problem in read] == ["单位“城关派出所”不在您的管理范围内"]


@pytest.mark.parametrize(
    "text",
    ["2025-03-01", "2025/3/1", "2025.3.1", "2025年3月1日", "20250301", "2025-03-01 00:00:00", "45717"],
)
def test_dates_are_read_as_people_and_excel_write_them(text: str) -> None:
    assert read_day(text) == MARCH


@pytest.mark.parametrize(
    "text", ["", "2025-13-01", "2025-02-29", "2025-03-01 08:30", "3月1日", "1234", "今天"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_day(text) is None


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_writing_of_a_day_means_the_same_day(day: date) -> None:
    serial = str((day - date(1899, 12, 30)).days)

    writings = [day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}", serial]
    assert {read_day(writing) for writing in writings} == {day}


@given(st.text(max_size=30))
def test_no_text_makes_the_reading_of_a_row_fall_over(text: str) -> None:
    for title in COLUMNS:
        check_row(row(**{title: text}), REGISTER)


def test_a_posting_far_in_the_future_is_a_typing_error() -> None:
    day = TODAY + timedelta(days=367)

    assert "晚于今天一年以上" in faults(任职起始日期=day.isoformat())["任职起始日期"]
    assert entry(任职起始日期=(TODAY + timedelta(days=366)).isoformat())


@pytest.mark.parametrize(
    "word", ["法医=0.4", "法医=2.1", "法医=1.2345", "=1.2", "法医=", "法医=1,2", "法医=一"]
)
def test_a_coefficient_is_a_plain_number_within_bounds(word: str) -> None:
    assert list(faults(岗位身份=word)) == ["岗位身份"]


def test_the_same_row_again_changes_nothing() -> None:
    assert differences(entry(), known()) == ()
    assert obstacles(entry(), known(), REGISTER) == ()


def test_a_later_start_in_the_same_unit_changes_nothing() -> None:
    assert differences(entry(任职起始日期="2026-01-01"), known()) == ()


def test_changes_are_told_one_by_one() -> None:
    probation = {"见习期": Decimal("0.85")}

    told = differences(
        entry(姓名="王晓明", 人员类别="辅警", 岗位="内勤", 岗位身份="岗位能手"),
        known(unit_id=9, unit_name="河口派出所", since=date(2024, 1, 1), identities=probation),
    )

    assert told == (
        "姓名：王小明 → 王晓明",
        "人员类别：民警 → 辅警",
        "岗位：社区民警 → 内勤",
        "单位：河口派出所 → 城关派出所（自 2025-03-01 起）",
        "岗位身份：见习期（0.85） → 岗位能手（1.35）",
    )


def test_an_earlier_start_is_a_correction_unless_it_meets_the_posting_before() -> None:
    earlier = entry(任职起始日期="2025-01-01")

    assert differences(earlier, known()) == ("任职起始日期：2025-03-01 → 2025-01-01",)
    assert obstacles(earlier, known(earlier=date(2024, 12, 31)), REGISTER) == ()
    assert "重叠" in obstacles(earlier, known(earlier=date(2025, 1, 1)), REGISTER)[0]


def test_a_move_back_in_time_is_refused() -> None:
    elsewhere = known(unit_id=9, unit_name="河口派出所", since=MARCH)

    assert "重叠" in obstacles(entry(), elsewhere, REGISTER)[0]
    assert obstacles(entry(任职起始日期="2025-03-02"), elsewhere, REGISTER) == ()


def test_whoever_left_is_not_brought_back_by_a_list() -> None:
    assert "已办理离职" in obstacles(entry(), known(serving=False), REGISTER)[0]


def test_officers_of_other_units_are_not_pulled_over() -> None:
    reach = replace(REGISTER, within=frozenset({7}))
    stranger = known(unit_id=9, unit_name="河口派出所", since=date(2024, 1, 1))

    assert obstacles(entry(), stranger, reach) == ("“王小明”现属“河口派出所”，不在您的管理范围内",)
