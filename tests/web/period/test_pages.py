"""Periods as officers read them, the calendar as the city's office keeps it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_flow.jobs.clock import turn
from kaohe_flow.scheme.period import queries
from kaohe_flow.scheme.period.commands import FreeDay
from kaohe_flow.scheme.period.rules import DayOffKind, PeriodKind
from kaohe_flow.web.period.forms import DayLinesRefused, read_days, write_days
from tests.factories.casework import Bureau
from tests.web.conftest import ClientOf, Pages

GOLDEN_WEEK = "2026-10-01 至 2026-10-07 放假 国庆节\n2026-10-10 调休上班 国庆节"


@pytest.fixture
def office(bureau: Bureau, client_of: ClientOf) -> Pages:
    """The office of the city."""
    return client_of(bureau.city.chen)


def test_every_officer_reads_periods_and_the_calendar(bureau: Bureau, client_of: ClientOf) -> None:
    pages = client_of(bureau.city.wang)

    listing = pages.get("/periods/").text

    for word in ("2026年11月", "2026-10-26 至 2026-11-25", "2026-11-25 23:59", "3 工作日", "报送中"):
        assert word in listing
    assert "建立考核期" not in listing
    assert "保存" not in pages.get("/periods/calendar?year=2026").text
    assert pages.get(f"/periods/{bureau.sheet.period.id}").status_code == 200
    assert pages.get("/periods/9999").status_code == 404


def test_periods_are_narrowed_by_kind_and_year(office: Pages) -> None:
    office.post("/periods/", {"kind": "quarter", "year": "2027", "number": "1"})

    quarters, years = office.get("/periods/?type=quarter").text, office.get("/periods/?year=2026").text

    assert "2027年第一季度" in quarters
    assert '<small class="mute">2026-11</small>' not in quarters
    assert "2027年第一季度" not in years
    assert office.get("/periods/?type=nonsense&year=x&page=-3").status_code == 200


def test_a_period_tells_what_happened_to_it(bureau: Bureau, client_of: ClientOf) -> None:
    turn(bureau.database, datetime(2026, 11, 25, 17, 0, tzinfo=UTC))

    page = client_of(bureau.city.wang).get(f"/periods/{bureau.sheet.period.id}").text

    assert "停止报送" in page
    assert "建立考核期" in page
    assert "报送已截止" in page


@pytest.mark.parametrize(
    ("form", "kind", "code", "ends_on"),
    [
        ({"kind": "month", "year": "2026", "number": "12"}, PeriodKind.MONTH, "2026-12", date(2026, 12, 25)),
        (
            {"kind": "quarter", "year": "2026", "number": "4"},
            PeriodKind.QUARTER,
            "2026-Q4",
            date(2026, 12, 20),
        ),
        ({"kind": "half", "year": "2027", "number": "1"}, PeriodKind.HALF, "2027-H1", date(2027, 6, 25)),
        ({"kind": "year", "year": "2027"}, PeriodKind.YEAR, "2027", date(2027, 12, 25)),
        (
            {
                "kind": "campaign",
                "code": "ZX-01",
                "name": "冬季行动",
                "starts_on": "2026-11-20",
                "ends_on": "2027-01-31",
                "cutoff_on": "2027-02-05",
            },
            PeriodKind.CAMPAIGN,
            "ZX-01",
            date(2027, 1, 31),
        ),
    ],
)
def test_the_city_office_opens_periods_of_every_kind(
    bureau: Bureau, office: Pages, form: dict[str, str], kind: PeriodKind, code: str, ends_on: date
) -> None:
    answer = office.post("/periods/", form)

    assert answer.status_code == 303
    with bureau.reading() as session:
        assert queries.by_code(session, code, kind).ends_on == ends_on


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"kind": "month", "year": "2026", "number": "13"}, 400, "在 1 至 12 之间"),
        ({"kind": "month", "year": "26", "number": "1"}, 400, "2000 至 2100"),
        ({"kind": "campaign", "name": "冬季行动"}, 400, "专项考核期须填写"),
        ({"kind": "", "year": "2026"}, 400, "请选择"),
        (
            {
                "kind": "campaign",
                "code": "Z",
                "name": "倒着走",
                "starts_on": "2026-12-02",
                "ends_on": "2026-12-01",
            },
            400,
            "结束日期早于开始日期",
        ),
    ],
)
def test_a_period_that_makes_no_sense_is_refused_with_everything_typed_kept(
    office: Pages, form: dict[str, str], status: int, said: str
) -> None:
    answer = office.post("/periods/", form)

    assert answer.status_code == status
    assert said in answer.text
    assert "data-open-now" in answer.text
    assert all(value in answer.text for value in form.values())


def test_a_county_neither_opens_periods_nor_keeps_the_calendar(bureau: Bureau, client_of: ClientOf) -> None:
    county, officer = client_of(bureau.city.zheng), client_of(bureau.city.wang)
    month = {"kind": "month", "year": "2026", "number": "12"}

    for pages in (county, officer):
        assert pages.post("/periods/", month).status_code == 403
        assert pages.post("/periods/calendar", {"year": 2026, "days": GOLDEN_WEEK}).status_code == 403


def test_the_calendar_of_a_year_is_replaced_and_limits_follow_it(bureau: Bureau, office: Pages) -> None:
    answer = office.post("/periods/calendar", {"year": 2026, "days": GOLDEN_WEEK})

    shown = office.get("/periods/calendar?year=2026").text
    assert answer.status_code == 303
    assert "2026-10-01 至 2026-10-07 放假 国庆节" in shown
    assert "星期六" in shown
    with bureau.reading() as session:
        days = queries.calendar(session)
    assert days.add(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert days.is_workday(date(2026, 10, 10))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("国庆节", "第 1 行"),
        ("2026-02-30 放假 春节", "没有 2026-02-30 这一天"),
        ("2026-10-07 至 2026-10-01 放假 国庆节", "结束日期须不早于开始日期"),
        ("2026-10-01 休息 国庆节", "应为“放假”或“调休上班”"),
        ("2025-10-01 放假 国庆节", "不在2026年"),
        ("2026-10-12 调休上班 国庆节", "本来就是工作日"),
        ("2026-10-01 放假 国庆节\n2026-10-01 放假 中秋节", "重复出现"),
    ],
)
def test_a_faulty_line_of_the_calendar_is_named_and_nothing_is_replaced(
    bureau: Bureau, office: Pages, typed: str, said: str
) -> None:
    office.post("/periods/calendar", {"year": 2026, "days": GOLDEN_WEEK})

    answer = office.post("/periods/calendar", {"year": 2026, "days": typed})

    assert answer.status_code == 400
    assert said in answer.text
    assert typed.splitlines()[0] in answer.text
    with bureau.reading() as session:
        assert len(queries.days_off(session, 2026)) == 8


@given(
    st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=60), st.sampled_from(["春节", "国庆节"])
)
def test_the_calendar_reads_back_what_it_writes(days: set[date], name: str) -> None:
    listed = [FreeDay(day, DayOffKind.HOLIDAY, name) for day in sorted(days)]

    try:
        assert read_days(write_days(listed)) == listed
    except DayLinesRefused:  # a run longer than any holiday
        assert len(days) > 31
