"""When a period runs, when it stops taking reports, and in which order it closes.

A period is any range of days with both ends included. The default month runs from the 26th to the 25th and
takes reports until 23:59:59 Asia/Shanghai of its last day (考核办法：每月25日截止).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from kaohe_flow.kernel.calendar import SATURDAY, SHANGHAI, end_of, local_day
from kaohe_flow.kernel.errors import Conflict, InvalidInput, NotFound, Problem, RuleBroken
from kaohe_flow.organization.unit.rules import Titled

MONTH_CLOSES_ON: Final = 25
QUARTER_CLOSES_ON: Final = 20
LATEST_CLOSING_DAY: Final = 28  # the last day that every month has
MONTHS: Final = 12
DECEMBER: Final = 12
REVIEW_WORKING_DAYS: Final = 3
LONGEST_PERIOD_DAYS: Final = 400


class PeriodKind(Titled):
    """How long a period is and what it is called; a campaign has dates of its own."""

    MONTH = "month", "月度"
    QUARTER = "quarter", "季度"
    HALF = "half", "半年"
    YEAR = "year", "年度"
    CAMPAIGN = "campaign", "专项"


NOTICE_WORKING_DAYS: Final = {
    PeriodKind.MONTH: 3,
    PeriodKind.QUARTER: 5,
    PeriodKind.HALF: 5,
    PeriodKind.YEAR: 5,
    PeriodKind.CAMPAIGN: 3,
}


class PeriodState(Titled):
    """The way of a period; it is walked forward only, one step at a time."""

    OPEN = "open", "报送中"
    SUBMISSION_CLOSED = "submission_closed", "报送已截止"
    NOTICE = "notice", "公示中"
    RESULT_SEALED = "result_sealed", "结果已封存"


WAY: Final = tuple(PeriodState)


class DayOffKind(Titled):
    """What the maintained calendar says about a day that its weekday does not."""

    HOLIDAY = "holiday", "放假"
    MAKEUP = "makeup", "调休上班"


class PeriodNotFound(NotFound):
    """No period of that code, kind or day has been opened."""

    code = "period-not-found"
    message = "没有找到考核期“{what}”，请先由考核办建立考核期"


class PeriodClosed(RuleBroken):
    """Reported after the cut-off: the work goes into the next period."""

    code = "period-closed"
    message = "{name}考核期已于 {cutoff} 截止报送，不再受理；请计入下一考核期（{following}）"


class PeriodNotStarted(RuleBroken):
    """Reported before the first day."""

    code = "period-not-started"
    message = "{name}考核期从 {starts_on} 开始，尚未开始报送"


class PeriodSealed(Conflict):
    """Something would be written into a period whose result is sealed."""

    code = "period-sealed"
    message = "{name}考核期的结果已于 {sealed_at} 封存，不能再改动；确需更正的，请走封存后更正程序"


class PeriodOutOfTurn(Conflict):
    """The step asked for does not follow from where the period stands."""

    code = "period-out-of-turn"
    message = "{name}考核期目前是“{state}”，不能进入“{wanted}”"


class TooEarly(RuleBroken):
    """People cannot bring the clock's events forward."""

    code = "period-too-early"
    message = "{name}考核期要到 {due} 才能进入“{wanted}”，届时由系统自动办理"


class PeriodClashes(Conflict):
    """Two periods of one kind share days, or one code stands for different days."""

    code = "period-clashes"
    message = (
        "{name}（{starts_on} 至 {ends_on}）与已建立的{other}（{other_starts_on} 至 {other_ends_on}）日期冲突"
    )


class PeriodMisshapen(InvalidInput):
    """The dates of a period make no sense."""

    code = "period-misshapen"
    message = "考核期的日期有误，请按提示修改"


class DaysOffRefused(InvalidInput):
    """The list of holidays and make-up days contradicts itself; every fault is named."""

    code = "days-off-refused"
    message = "节假日与调休安排有误，请按提示修改"


class LimitUnreadable(RuleBroken):
    """A diagram asks for a limit that is no whole number of working days."""

    code = "limit-unreadable"
    message = "流程图中的期限 workdays({count}) 不是 0 至 365 之间的整数，请流程管理员更正"


@dataclass(frozen=True, slots=True)
class Span:
    """A period before it is opened. Both days are included; ``cutoff_at`` is the last second that counts."""

    kind: PeriodKind
    code: str
    name: str
    starts_on: date
    ends_on: date
    cutoff_at: datetime
    report_on: date | None = None

    def contains(self, day: date) -> bool:
        """Whether work done on ``day`` belongs here."""
        return self.starts_on <= day <= self.ends_on

    def overlaps(self, starts_on: date, ends_on: date) -> bool:
        """Whether the two share a day."""
        return self.starts_on <= ends_on and starts_on <= self.ends_on


def month_period(year: int, month: int, closes_on: int = MONTH_CLOSES_ON) -> Span:
    """The month from the day after ``closes_on`` of the month before; January begins in December."""
    return _months(PeriodKind.MONTH, (year, month, 1), f"{year}-{month:02}", f"{year}年{month}月", closes_on)


def quarter_period(year: int, quarter: int, closes_on: int = QUARTER_CLOSES_ON) -> Span:
    """Quarter 1 to 4; by default from the 21st: the first one from 21 December to 20 March."""
    names = (f"{year}-Q{quarter}", f"{year}年第{'一二三四'[quarter - 1 : quarter]}季度")
    return _months(PeriodKind.QUARTER, (year, 3 * quarter - 2, 3), *names, closes_on)


def half_period(year: int, half: int, closes_on: int = MONTH_CLOSES_ON) -> Span:
    """First (1) or second (2) half of the year, made of whole months."""
    names = (f"{year}-H{half}", f"{year}年{'上下'[half - 1 : half]}半年")
    return _months(PeriodKind.HALF, (year, 6 * half - 5, 6), *names, closes_on)


def year_period(year: int, closes_on: int = MONTH_CLOSES_ON) -> Span:
    """Twelve whole months: by default from 26 December of the year before to 25 December."""
    return _months(PeriodKind.YEAR, (year, 1, MONTHS), str(year), f"{year}年度", closes_on)


def _months(kind: PeriodKind, months: tuple[int, int, int], code: str, name: str, closes_on: int) -> Span:
    """``months`` = (year, first month, how many)."""
    year, first, count = months
    if not 1 <= closes_on <= LATEST_CLOSING_DAY:
        raise PeriodMisshapen(problems=(Problem("closes_on", "截止日须在每月1日至28日之间"),))
    if not 1 <= first <= MONTHS:
        raise PeriodMisshapen(problems=(Problem("month", "月份须在1至12之间"),))
    before = date(year, first - 1, closes_on) if first > 1 else date(year - 1, DECEMBER, closes_on)
    last = date(year, first + count - 1, closes_on)
    return Span(kind, code, name, before + timedelta(days=1), last, end_of(last))


def campaign_period(
    code: str, name: str, starts_on: date, ends_on: date, *, cutoff_at: datetime | None = None
) -> Span:
    """A special campaign with days of its own; its cut-off is the end of its last day unless given."""
    cutoff = end_of(ends_on) if cutoff_at is None else cutoff_at
    span = Span(PeriodKind.CAMPAIGN, code.strip(), name.strip(), starts_on, ends_on, cutoff)
    check_span(span)
    return span


def check_span(span: Span) -> None:
    """Raises ``PeriodMisshapen`` naming everything wrong with the dates at once."""
    faults = []
    if not span.code or not span.name:
        faults.append(Problem("code", "考核期须有编号和名称"))
    if span.ends_on < span.starts_on:
        faults.append(Problem("ends_on", "结束日期早于开始日期"))
    elif (span.ends_on - span.starts_on).days >= LONGEST_PERIOD_DAYS:
        faults.append(Problem("ends_on", f"考核期不能超过{LONGEST_PERIOD_DAYS}天"))
    if local_day(span.cutoff_at) < span.starts_on:
        faults.append(Problem("cutoff_at", "截止时间早于考核期开始"))
    if faults:
        raise PeriodMisshapen(problems=tuple(faults))


def period_of(day: date, closes_on: int = MONTH_CLOSES_ON) -> Span:
    """The month a day belongs to: the 26th already belongs to the next one."""
    if day.day <= closes_on:
        return month_period(day.year, day.month, closes_on)
    following = (day.year + 1, 1) if day.month == DECEMBER else (day.year, day.month + 1)
    return month_period(*following, closes_on)


def is_in_time(cutoff_at: datetime, moment: datetime) -> bool:
    """Whether ``moment`` still counts: the whole second of the cut-off does, the next one does not."""
    return moment.replace(microsecond=0) <= cutoff_at


def next_step(state: PeriodState) -> PeriodState | None:
    """The one state that may follow; None after the seal."""
    place = WAY.index(state)
    return WAY[place + 1] if place + 1 < len(WAY) else None


def has_reached(state: PeriodState, wanted: PeriodState) -> bool:
    """Whether the period is there already, or beyond."""
    return WAY.index(state) >= WAY.index(wanted)


def in_words(moment: datetime) -> str:
    """A moment as officers read it: Shanghai time to the second."""
    local = moment.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M:%S}"


def days_off_faults(days: Iterable[tuple[date, DayOffKind]], year: int) -> tuple[Problem, ...]:
    """Days outside the year, named twice, or make-up days that are working days anyway."""
    faults: list[Problem] = []
    seen: set[date] = set()
    for day, kind in days:
        if day.year != year:
            faults.append(Problem(day.isoformat(), f"{day} 不在{year}年"))
        if day in seen:
            faults.append(Problem(day.isoformat(), f"{day} 重复出现"))
        if kind is DayOffKind.MAKEUP and day.weekday() < SATURDAY:
            faults.append(Problem(day.isoformat(), f"{day} 本来就是工作日，不能列为调休上班"))
        seen.add(day)
    return tuple(faults)
