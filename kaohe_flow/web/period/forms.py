"""Forms of periods and of the list of days off."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from marshmallow import fields, post_load, validate

from kaohe_flow.kernel.calendar import end_of
from kaohe_flow.kernel.errors import InvalidInput, Problem
from kaohe_flow.scheme.period.commands import FreeDay
from kaohe_flow.scheme.period.rules import (
    DayOffKind,
    PeriodKind,
    Span,
    campaign_period,
    half_period,
    month_period,
    quarter_period,
    year_period,
)
from kaohe_flow.web.common.forms import FormSchema

DATE: Final = "请按 2026-11-18 的格式填写日期"
LINE: Final = re.compile(
    r"(?P<first>\d{4}-\d{1,2}-\d{1,2})(?:\s*(?:至|到|~|～)\s*(?P<last>\d{4}-\d{1,2}-\d{1,2}))?\s+(?P<kind>\S+)\s+(?P<name>\S.*)"
)
KINDS: Final = {word.label: word for word in DayOffKind} | {
    "调休": DayOffKind.MAKEUP,
    "上班": DayOffKind.MAKEUP,
}
LONGEST_HOLIDAY: Final = 31
NUMBERS: Final = {PeriodKind.MONTH: 12, PeriodKind.QUARTER: 4, PeriodKind.HALF: 2, PeriodKind.YEAR: 1}


class DayLinesRefused(InvalidInput):
    """Lines of the calendar that cannot be read, each with its number."""

    code = "day-lines-refused"
    message = "节假日安排有误，请按提示修改"


class SpanSchema(FormSchema):
    """A period to be opened: regular ones by year and number, a campaign by its days."""

    kind = fields.Enum(
        PeriodKind, by_value=True, required=True, error_messages={"required": "请选择", "unknown": "请选择"}
    )
    year = fields.Integer(load_default=0, error_messages={"invalid": "请填写年份"})
    number = fields.Integer(load_default=1, error_messages={"invalid": "请填写数字"})
    code = fields.String(load_default="", validate=validate.Length(max=32, error="编号最多 32 个字符"))
    name = fields.String(load_default="", validate=validate.Length(max=40, error="名称最多 40 个字"))
    starts_on = fields.Date(load_default=None, error_messages={"invalid": DATE})
    ends_on = fields.Date(load_default=None, error_messages={"invalid": DATE})
    cutoff_on = fields.Date(load_default=None, error_messages={"invalid": DATE})

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> Span:
        """The period as the rules have it. Raises ``InvalidInput``, ``PeriodMisshapen``."""
        return _campaign(data) if data["kind"] is PeriodKind.CAMPAIGN else _regular(data)


def _regular(data: Mapping[str, Any]) -> Span:
    kind, year, number = data["kind"], data["year"], data["number"]
    faults = []
    if not 2000 <= year <= 2100:  # noqa: PLR2004 - years people mean
        faults.append(Problem("year", "请填写 2000 至 2100 之间的年份"))
    if not 1 <= number <= NUMBERS[kind]:
        faults.append(Problem("number", f"{kind.label}的序号在 1 至 {NUMBERS[kind]} 之间"))
    if faults:
        raise InvalidInput(problems=tuple(faults))
    match kind:
        case PeriodKind.MONTH:
            return month_period(year, number)
        case PeriodKind.QUARTER:
            return quarter_period(year, number)
        case PeriodKind.HALF:
            return half_period(year, number)
        case _:
            return year_period(year)


def _campaign(data: Mapping[str, Any]) -> Span:
    wanted = ("code", "name", "starts_on", "ends_on")
    faults = [Problem(name, "专项考核期须填写") for name in wanted if not data[name]]
    if faults:
        raise InvalidInput(problems=tuple(faults))
    cutoff = end_of(data["cutoff_on"]) if data["cutoff_on"] else None
    return campaign_period(data["code"], data["name"], data["starts_on"], data["ends_on"], cutoff_at=cutoff)


def read_days(text: str) -> list[FreeDay]:
    """One line per day or run of days: ``2026-10-01 至 2026-10-07 放假 国庆节``. Empty lines are skipped.

    Raises ``DayLinesRefused`` naming every line that cannot be read.
    """
    days: list[FreeDay] = []
    faults: list[Problem] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                days += _days(line.strip())
            except ValueError as error:
                faults.append(Problem("days", f"第 {number} 行：{error}"))
    if faults:
        raise DayLinesRefused(problems=tuple(faults))
    return days


def _days(line: str) -> list[FreeDay]:
    found = LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"“{line[:40]}”应写作“2026-10-01 至 2026-10-07 放假 国庆节”")
    if found["kind"] not in KINDS:
        raise ValueError(f"“{found['kind']}”应为“放假”或“调休上班”")
    first, last = _day(found["first"]), _day(found["last"] or found["first"])
    if not 0 <= (last - first).days < LONGEST_HOLIDAY:
        raise ValueError(f"结束日期须不早于开始日期，且不超过 {LONGEST_HOLIDAY} 天")
    count = (last - first).days + 1
    name = found["name"].strip()
    return [FreeDay(first + timedelta(days=n), KINDS[found["kind"]], name) for n in range(count)]


def _day(text: str) -> date:
    try:
        return date(*map(int, text.split("-")))
    except ValueError:
        raise ValueError(f"没有 {text} 这一天") from None


def write_days(days: Iterable[FreeDay]) -> str:
    """The list as it is typed: runs of neighbouring days under one name in one line."""
    return "\n".join(_line(run) for run in _runs(days))


def _runs(days: Iterable[FreeDay]) -> Iterator[list[FreeDay]]:
    run: list[FreeDay] = []
    for free in days:
        goes_on = run and (run[-1].kind, run[-1].name) == (free.kind, free.name)
        if goes_on and free.day - run[-1].day == timedelta(days=1):
            run.append(free)
            continue
        if run:
            yield run
        run = [free]
    if run:
        yield run


def _line(run: list[FreeDay]) -> str:
    days = str(run[0].day) if len(run) == 1 else f"{run[0].day} 至 {run[-1].day}"
    return f"{days} {run[0].kind.label} {run[0].name}"
