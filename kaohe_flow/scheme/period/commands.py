"""What can be done to periods. The closing events belong to the clock: firing one twice changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select

from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.records.audit.commands import record
from kaohe_flow.scheme.period import queries
from kaohe_flow.scheme.period.model import DayOff, Period
from kaohe_flow.scheme.period.rules import (
    NOTICE_WORKING_DAYS,
    REVIEW_WORKING_DAYS,
    DayOffKind,
    DaysOffRefused,
    PeriodClashes,
    PeriodKind,
    PeriodNotFound,
    PeriodOutOfTurn,
    PeriodState,
    Span,
    TooEarly,
    check_span,
    days_off_faults,
    has_reached,
    in_words,
    is_in_time,
    next_step,
)


@dataclass(frozen=True, slots=True)
class Opened:
    """The period, and whether this call opened it."""

    period: Period
    is_new: bool


@dataclass(frozen=True, slots=True)
class FreeDay:
    """One line of the holiday list."""

    day: date
    kind: DayOffKind
    name: str


def open_period(
    work: Work, span: Span, *, review_wd: int = REVIEW_WORKING_DAYS, notice_wd: int | None = None
) -> Opened:
    """Open a period; windows are working days. Opening the same days again changes nothing.

    Raises ``PeriodMisshapen``, and ``PeriodClashes`` when a period of this kind shares days with it
    (campaigns may overlap) or the code already stands for other days.
    """
    check_span(span)
    rival = _rival(work, span)
    if rival is not None:
        if (rival.code, rival.starts_on, rival.ends_on) == (span.code, span.starts_on, span.ends_on):
            return Opened(rival, is_new=False)
        raise PeriodClashes(
            name=span.name,
            starts_on=span.starts_on,
            ends_on=span.ends_on,
            other=rival.name,
            other_starts_on=rival.starts_on,
            other_ends_on=rival.ends_on,
        )
    period = Period(
        kind=span.kind,
        code=span.code,
        name=span.name,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        cutoff_at=span.cutoff_at,
        report_on=span.report_on,
        review_wd=review_wd,
        notice_wd=NOTICE_WORKING_DAYS[span.kind] if notice_wd is None else notice_wd,
        state=PeriodState.OPEN,
        sealed_unsigned=False,
    )
    work.session.add(period)
    work.session.flush()
    record(work, "period.open", subject(period), name=period.name)
    return Opened(period, is_new=True)


def _rival(work: Work, span: Span) -> Period | None:
    of_kind = select(Period).where(Period.kind == span.kind)
    same_code = work.session.scalar(of_kind.where(Period.code == span.code))
    if same_code is not None or span.kind is PeriodKind.CAMPAIGN:
        return same_code
    return work.session.scalar(
        of_kind.where(Period.starts_on <= span.ends_on, Period.ends_on >= span.starts_on).limit(1)
    )


def close_submission(work: Work, period_id: int) -> bool:
    """End of reporting, as of the cut-off even when the clock comes late. False: it was closed already.

    Raises ``TooEarly`` before the cut-off: nobody closes a month ahead of time.
    """
    period = _locked(work, period_id)
    if has_reached(period.state, PeriodState.SUBMISSION_CLOSED):
        return False
    _not_before(period, period.cutoff_at, work.now, PeriodState.SUBMISSION_CLOSED)
    period.state = PeriodState.SUBMISSION_CLOSED
    period.submission_closed_at = period.cutoff_at
    _write(work, period, "period.close_submission")
    return True


def begin_notice(work: Work, period_id: int, *, notice_wd: int | None = None) -> bool:
    """Show the trial totals for objection, until the end of the last working day of the window.

    ``notice_wd`` overrides the window of the period (the limit stands in the diagram). False: the notice
    has begun already. Raises ``PeriodOutOfTurn`` while reports are still taken.
    """
    period = _locked(work, period_id)
    if has_reached(period.state, PeriodState.NOTICE):
        return False
    _in_turn(period, PeriodState.NOTICE)
    window = period.notice_wd if notice_wd is None else notice_wd
    until = queries.calendar(work.session).deadline(work.counts_from, window)
    period.notice_wd, period.state = window, PeriodState.NOTICE
    period.notice_from, period.notice_until = work.now, until
    _write(work, period, "period.begin_notice")
    return True


def seal(work: Work, period_id: int, *, signed: bool) -> bool:
    """Seal the result. Not ``signed``: sealed all the same and marked 未签. False: it was sealed already.

    Raises ``TooEarly`` before the notice window has run out, ``PeriodOutOfTurn`` before there was a notice.
    """
    period = _locked(work, period_id)
    if has_reached(period.state, PeriodState.RESULT_SEALED):
        return False
    _in_turn(period, PeriodState.RESULT_SEALED)
    if period.notice_until is not None:
        _not_before(period, period.notice_until, work.now, PeriodState.RESULT_SEALED)
    period.state = PeriodState.RESULT_SEALED
    period.sealed_at = work.now
    period.sealed_unsigned = not signed
    _write(work, period, "period.seal")
    return True


def set_days_off(work: Work, year: int, days: Sequence[FreeDay]) -> None:
    """Replace the holiday list of one year. Limits already told to somebody keep their date.

    Raises ``DaysOffRefused`` naming every fault.
    """
    faults = days_off_faults([(free.day, free.kind) for free in days], year)
    if faults:
        raise DaysOffRefused(problems=faults)
    within = DayOff.day.between(date(year, 1, 1), date(year, 12, 31))
    work.session.execute(delete(DayOff).where(within))
    work.session.add_all(DayOff(day=free.day, kind=free.kind, name=free.name) for free in days)
    work.session.flush()
    record(work, "calendar.set", f"calendar:{year}", days=[f"{free.day} {free.kind}" for free in days])


def subject(period: Period) -> str:
    """The name of a period in the audit trail."""
    return f"period:{period.id}"


def _locked(work: Work, period_id: int) -> Period:
    """The row as it stands now, held until the end of the command: two clocks must not both fire."""
    held = select(Period).where(Period.id == period_id).with_for_update()
    period = work.session.scalar(held.execution_options(populate_existing=True))
    if period is None:
        raise PeriodNotFound(what=period_id)
    return period


def _in_turn(period: Period, wanted: PeriodState) -> None:
    if next_step(period.state) is not wanted:
        raise PeriodOutOfTurn(name=period.name, state=period.state.label, wanted=wanted.label)


def _not_before(period: Period, due: datetime, now: datetime, wanted: PeriodState) -> None:
    if is_in_time(due, now):
        raise TooEarly(name=period.name, due=in_words(due), wanted=wanted.label)


def _write(work: Work, period: Period, deed: str) -> None:
    work.session.flush()
    record(work, deed, subject(period), state=period.state, unsigned=period.sealed_unsigned)
