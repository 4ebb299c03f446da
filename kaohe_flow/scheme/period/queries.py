"""What can be asked about periods and working days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kaohe_flow.kernel.calendar import WorkCalendar, local_day
from kaohe_flow.kernel.paging import PAGE_SIZE, Page
from kaohe_flow.scheme.period.model import DayOff, Period
from kaohe_flow.scheme.period.rules import (
    DayOffKind,
    LimitUnreadable,
    PeriodClosed,
    PeriodKind,
    PeriodNotFound,
    PeriodNotStarted,
    PeriodSealed,
    PeriodState,
    in_words,
    is_in_time,
)
from kaohe_flow.workflow.engine.port import Value

# The row as the doors see it.
PeriodView = Period
NEXT_UNKNOWN = "待建立"
WORKDAYS: Final = range(366)


def get(session: Session, period_id: int) -> Period:
    """One period. Raises ``PeriodNotFound``."""
    period = session.get(Period, period_id)
    if period is None:
        raise PeriodNotFound(what=period_id)
    return period


def by_ids(session: Session, period_ids: Iterable[int]) -> dict[int, Period]:
    """Periods by id, in one statement; an id without a period is left out."""
    wanted = select(Period).where(Period.id.in_(sorted(set(period_ids))))
    return {period.id: period for period in session.scalars(wanted)}


def by_code(session: Session, code: str, kind: PeriodKind = PeriodKind.MONTH) -> Period:
    """One period by its code, such as ``2026-11``. Raises ``PeriodNotFound``."""
    period = session.scalar(select(Period).where(Period.kind == kind, Period.code == code))
    if period is None:
        raise PeriodNotFound(what=code)
    return period


def containing(session: Session, day: date, kind: PeriodKind = PeriodKind.MONTH) -> Period:
    """The period a day of work belongs to, whatever its state. Raises ``PeriodNotFound``."""
    found = session.scalar(
        select(Period)
        .where(Period.kind == kind, Period.starts_on <= day, Period.ends_on >= day)
        .order_by(Period.starts_on, Period.id)
        .limit(1)
    )
    if found is None:
        raise PeriodNotFound(what=f"{day} 所在{kind.label}")
    return found


def current(session: Session, now: datetime, kind: PeriodKind = PeriodKind.MONTH) -> Period:
    """The period of today in Shanghai; on the 26th at midnight that is the next month already."""
    return containing(session, local_day(now), kind)


def asked_for(session: Session, code: str | None, now: datetime) -> Period:
    """The period somebody names by its code; that of today for nobody's."""
    return by_code(session, code) if code else current(session, now)


def open_period_for(session: Session, moment: datetime, kind: PeriodKind = PeriodKind.MONTH) -> Period:
    """The period that takes a report made at ``moment``.

    Raises ``PeriodNotFound`` when none was opened for that day, ``PeriodClosed`` past its cut-off.
    """
    return accepting(session, current(session, moment, kind).id, moment)


def accepting(session: Session, period_id: int, moment: datetime) -> Period:
    """The period, if a report made at ``moment`` still counts in it.

    The clock decides, not the job that closes the period: past the cut-off it is shut even while it still
    says open. Raises ``PeriodNotStarted``, ``PeriodClosed`` or ``PeriodSealed``.
    """
    period = writable(session, period_id)
    if local_day(moment) < period.starts_on:
        raise PeriodNotStarted(name=period.name, starts_on=period.starts_on)
    if period.state is not PeriodState.OPEN or not is_in_time(period.cutoff_at, moment):
        following = following_one(session, period)
        raise PeriodClosed(
            name=period.name,
            cutoff=in_words(period.cutoff_at),
            following=following.name if following else NEXT_UNKNOWN,
        )
    return period


def writable(session: Session, period_id: int) -> Period:
    """The period, if points may still be entered in it. Raises ``PeriodSealed`` after the result seal."""
    period = get(session, period_id)
    if period.sealed_at is not None:
        raise PeriodSealed(name=period.name, sealed_at=in_words(period.sealed_at))
    return period


def following_one(session: Session, period: Period) -> Period | None:
    """The next period of the same kind, None while it has not been opened."""
    return session.scalar(
        select(Period)
        .where(Period.kind == period.kind, Period.starts_on > period.ends_on)
        .order_by(Period.starts_on)
        .limit(1)
    )


def listing(
    session: Session, *, kind: PeriodKind | None = None, year: int | None = None, number: int = 1
) -> Page[Period]:
    """Periods, latest first. ``year`` is the year of the last day, so January counts from 26 December."""
    wanted = select(Period)
    if kind is not None:
        wanted = wanted.where(Period.kind == kind)
    if year is not None:
        wanted = wanted.where(Period.ends_on.between(date(year, 1, 1), date(year, 12, 31)))
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.scalars(
        wanted.order_by(Period.ends_on.desc(), Period.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return Page(rows=rows, number=number, total=total)


def every(session: Session) -> Sequence[Period]:
    """All periods, the earliest first."""
    return session.scalars(select(Period).order_by(Period.starts_on, Period.id)).all()


def to_close(session: Session, now: datetime) -> Sequence[Period]:
    """Open periods past their cut-off, oldest first: what the clock must close now."""
    due = select(Period).where(Period.state == PeriodState.OPEN, Period.cutoff_at < now)
    return [
        row for row in session.scalars(due.order_by(Period.cutoff_at)) if not is_in_time(row.cutoff_at, now)
    ]


def to_seal(session: Session, now: datetime) -> Sequence[Period]:
    """Periods whose notice window has run out, oldest first: what the clock must seal now."""
    due = select(Period).where(Period.state == PeriodState.NOTICE, Period.notice_until < now)
    return [
        row
        for row in session.scalars(due.order_by(Period.notice_until))
        if row.notice_until is not None and not is_in_time(row.notice_until, now)
    ]


def review_due(session: Session, period: Period) -> datetime:
    """Until when reviewers decide what was reported in time: ``review_wd`` working days after the cut-off."""
    return calendar(session).deadline(period.cutoff_at, period.review_wd)


def days_off(session: Session, year: int) -> Sequence[DayOff]:
    """Holidays and make-up days of one calendar year, in order."""
    within = DayOff.day.between(date(year, 1, 1), date(year, 12, 31))
    return session.scalars(select(DayOff).where(within).order_by(DayOff.day)).all()


def calendar(session: Session) -> WorkCalendar:
    """The working days of the bureau, from the maintained list."""
    rows = session.execute(select(DayOff.day, DayOff.kind)).all()
    return WorkCalendar(
        holidays=frozenset(day for day, kind in rows if kind is DayOffKind.HOLIDAY),
        makeup_days=frozenset(day for day, kind in rows if kind is DayOffKind.MAKEUP),
    )


def time_functions(
    session: Session, period_id: int | None, now: datetime
) -> Mapping[str, Callable[..., Value]]:
    """What diagrams may ask of the calendar, from ``now`` on: always the last second that counts.

    A case that belongs to no period (None) is answered for the month of ``now``, if a diagram asks at all.
    """
    days = calendar(session)

    def period() -> Period:
        return current(session, now) if period_id is None else get(session, period_id)

    def workdays(count: object) -> str:
        if not isinstance(count, Decimal | int) or count != int(count) or count not in WORKDAYS:
            raise LimitUnreadable(count=count)
        return days.deadline(now, int(count)).isoformat()

    def cutoff() -> str:
        return period().cutoff_at.isoformat()

    def notice_end() -> str:
        asked = period()
        return days.deadline(asked.cutoff_at, asked.review_wd + asked.notice_wd).isoformat()

    return {"workdays": workdays, "cutoff": cutoff, "period_end": cutoff, "notice_end": notice_end}
