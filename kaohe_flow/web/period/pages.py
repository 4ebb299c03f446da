"""Periods, one period with its events, the calendar of working days."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import Conflict, InvalidInput, KaoheError, NotAllowed
from kaohe_flow.records.audit.queries import about
from kaohe_flow.records.receipt.commands import AlreadyAnswered
from kaohe_flow.scheme.period import commands, queries
from kaohe_flow.scheme.period.commands import FreeDay
from kaohe_flow.scheme.period.rules import PeriodKind, PeriodState, has_reached
from kaohe_flow.web.audit.words import told
from kaohe_flow.web.common.errors import status_of
from kaohe_flow.web.common.filters import local
from kaohe_flow.web.common.forms import errors_of, load
from kaohe_flow.web.common.policy import allow, holding, officers
from kaohe_flow.web.common.seats import holds_city_office
from kaohe_flow.web.common.security import acting, actor, answered, go, now, reading
from kaohe_flow.web.period.forms import SpanSchema, read_days, write_days

bp = Blueprint("period", __name__, url_prefix="/periods")
offices: Final = holding("office")
KIND_OPTIONS: Final = [(kind.value, kind.label) for kind in PeriodKind]


class CityAffair(NotAllowed):
    """Periods and working days are the same for the whole bureau."""

    code = "city-affair"
    message = "考核周期和工作日历由一级考核办统一维护"


@bp.get("/")
@allow(officers)
def listing() -> ResponseReturnValue:
    """All periods, the latest first."""
    return _listing()


@bp.post("/")
@allow(offices)
def create() -> ResponseReturnValue:
    """Open a period ahead of its first day, a quarter, a year or a campaign."""
    _check_city(reading())
    try:
        span = load(SpanSchema(), request.form)
        with acting() as work:
            opened = commands.open_period(work, span)
            location = answered(work, url_for(".show", period_id=opened.period.id))
    except AlreadyAnswered:
        raise
    except (InvalidInput, Conflict) as error:
        return _listing(error)
    flash("考核期已建立" if opened.is_new else "该考核期此前已经建立", "ok" if opened.is_new else "info")
    return go(location)


@bp.get("/<int:period_id>")
@allow(officers)
def show(period_id: int) -> ResponseReturnValue:
    """One period: its days, where it stands, everything that happened to it."""
    session = reading()
    period = queries.get(session, period_id)
    return render_template(
        "period/show.html",
        shown=period,
        review_due=queries.review_due(session, period),
        following=queries.following_one(session, period),
        steps=_steps(period, now()),
        events=[
            (local(entry.at), told(entry.deed), entry.actor_name)
            for entry in about(session, commands.subject(period))
        ],
        now=now(),
    )


@bp.get("/calendar")
@allow(officers)
def calendar() -> ResponseReturnValue:
    """Holidays and make-up days of one year."""
    return _calendar(_year())


@bp.post("/calendar")
@allow(offices)
def save_calendar() -> ResponseReturnValue:
    """Replace the list of one year."""
    _check_city(reading())
    year = request.form.get("year", 0, type=int) or _year()
    try:
        days = read_days(request.form.get("days", ""))
        with acting() as work:
            commands.set_days_off(work, year, days)
            location = answered(work, url_for(".calendar", year=year))
    except InvalidInput as error:
        return _calendar(year, error)
    flash(f"{year} 年工作日历已保存，此后新算的期限按此执行", "ok")
    return go(location)


def _listing(error: KaoheError | None = None) -> ResponseReturnValue:
    session, asked = reading(), request.args
    known = {kind.value for kind in PeriodKind}
    kind = PeriodKind(asked["type"]) if asked.get("type") in known else None
    year = asked.get("year", type=int)
    page = queries.listing(session, kind=kind, year=year, number=max(1, asked.get("page", 1, type=int)))
    body = render_template(
        "period/listing.html",
        page=page,
        kind=kind,
        year=year,
        kinds=KIND_OPTIONS,
        may_open=holds_city_office(session, actor()),
        narrowed={key: value for key, value in asked.items() if key != "page" and value},
        errors=errors_of(error) if error else {},
        typed=request.form if error else {"year": local_day(now()).year},
        now=now(),
    )
    return body, status_of(error) if error else 200


def _calendar(year: int, error: KaoheError | None = None) -> ResponseReturnValue:
    session = reading()
    rows = queries.days_off(session, year)
    listed = [FreeDay(row.day, row.kind, row.name) for row in rows]
    faults = [problem.text for problem in getattr(error, "problems", ())] if error else []
    body = render_template(
        "period/calendar.html",
        year=year,
        rows=rows,
        may_edit=holds_city_office(session, actor()),
        typed=request.form.get("days", "") if error else write_days(listed),
        errors={"days": faults} if faults else {},
    )
    return body, status_of(error) if error else 200


def _steps(period: Any, moment: datetime) -> list[dict[str, str]]:
    """The way of a period for the stepper; a step that is due but not done is late."""
    dated = (
        (PeriodState.OPEN, "报送", f"{period.starts_on} 起"),
        (PeriodState.SUBMISSION_CLOSED, "停止报送", local(period.submission_closed_at or period.cutoff_at)),
        (PeriodState.NOTICE, "公示", _window(period)),
        (PeriodState.RESULT_SEALED, "封存", local(period.sealed_at or period.notice_until)),
    )
    late = period.state is PeriodState.OPEN and period.cutoff_at < moment
    return [
        {
            "label": label,
            "note": note,
            "state": _place(period, state, late=late),
        }
        for state, label, note in dated
    ]


def _place(period: Any, state: PeriodState, *, late: bool) -> str:
    if period.state is state:
        return "done" if state is PeriodState.RESULT_SEALED else "late" if late else "now"
    return "done" if has_reached(period.state, state) else "todo"


def _window(period: Any) -> str:
    if period.notice_from is None:
        return f"{period.notice_wd} 个工作日"
    return f"至 {local(period.notice_until)}"


def _year() -> int:
    return request.args.get("year", 0, type=int) or local_day(now()).year


def _check_city(session: Session) -> None:
    if not holds_city_office(session, actor()):
        raise CityAffair
