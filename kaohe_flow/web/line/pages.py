"""Business lines: all of them, one with its past, opened, handed over and ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import KaoheError
from kaohe_flow.organization.line import commands, queries
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.role.queries import listing as held
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.organization.unit.rules import Level
from kaohe_flow.records.receipt.commands import AlreadyAnswered
from kaohe_flow.scheme.indicator import commands as indicators
from kaohe_flow.web.common.errors import status_of
from kaohe_flow.web.common.forms import REFUSALS, errors_of, load
from kaohe_flow.web.common.policy import administrators, allow, either, holding, system_administrators
from kaohe_flow.web.common.security import acting, actor, answered, go, now, reading
from kaohe_flow.web.line.forms import HandoverSchema, LineSchema
from kaohe_flow.web.organization.choices import unit_options
from kaohe_flow.web.organization.forms import EndSchema

bp = Blueprint("line", __name__, url_prefix="/lines")
readers: Final = either(holding("office"), administrators)
OWNERS_ABOVE: Final = Level.BASIC
"""Departments are competent from level 2 on."""


@bp.get("/")
@allow(readers)
def listing() -> ResponseReturnValue:
    """Every line, those that ended too."""
    return _listing({"since": local_day(now())})


@bp.post("/")
@allow(system_administrators)
def create() -> ResponseReturnValue:
    """A line is opened."""
    try:
        typed = load(LineSchema(), request.form)
        with acting() as work:
            made = commands.open_line(work, **typed)
            location = answered(work, url_for(".show", code=made.code))
    except AlreadyAnswered:
        raise
    except REFUSALS as error:
        return _listing(request.form, error)
    flash(f"业务线“{made.name}”已设立", "ok")
    return go(location)


@bp.get("/<code>")
@allow(readers)
def show(code: str) -> ResponseReturnValue:
    """One line: who is competent, who was, who reviews."""
    return _show(code)


@bp.post("/<code>/owner")
@allow(system_administrators)
def hand_over(code: str) -> ResponseReturnValue:
    """Another department becomes competent."""
    queries.by_code(reading(), code)
    try:
        typed = load(HandoverSchema(), request.form)
        with acting() as work:
            commands.hand_over(work, code, **typed)
            location = answered(work, url_for(".show", code=code))
    except AlreadyAnswered:
        raise
    except REFUSALS as error:
        return _show(code, error)
    flash("归口部门已变更，已作的决定不受影响", "ok")
    return go(location)


@bp.post("/<code>/end")
@allow(system_administrators)
def close(code: str) -> ResponseReturnValue:
    """The line ends, unless something is still measured under it."""
    queries.by_code(reading(), code)
    try:
        typed = load(EndSchema(), request.form)
        with acting() as work:
            indicators.close_line(work, code, **typed)
            location = answered(work, url_for(".show", code=code))
    except AlreadyAnswered:
        raise
    except REFUSALS as error:
        return _show(code, error)
    flash(f"业务线到 {typed['last_day']} 为止，归口审核职责一并终止", "ok")
    return go(location)


def _listing(typed: Mapping[str, Any], error: KaoheError | None = None) -> ResponseReturnValue:
    session, today = reading(), local_day(now())
    found = list(queries.all_by_code(session).values())
    may_keep = system_administrators(actor())
    body = render_template(
        "line/listing.html",
        lines=found,
        owners=units.by_ids(session, [line.owner_id for line in found]),
        today=today,
        may_keep=may_keep,
        choices=unit_options(session, today, above=OWNERS_ABOVE) if may_keep else [],
        typed=typed,
        errors=errors_of(error) if error else {},
    )
    return body, status_of(error) if error else 200


def _show(code: str, error: KaoheError | None = None) -> ResponseReturnValue:
    session, today = reading(), local_day(now())
    line = queries.by_code(session, code)
    past = queries.past(session).get(line.id, [])
    reviewers = held.of_line_after(session, code, today)
    may_keep = system_administrators(actor())
    body = render_template(
        "line/show.html",
        line=line,
        past=past,
        reviewers=reviewers,
        people=officers.by_ids(session, [one.officer_id for one in reviewers]),
        units=units.by_ids(
            session,
            [line.owner_id, *(was.owner_id for was in past), *(one.unit_id for one in reviewers)],
        ),
        today=today,
        may_keep=may_keep and line.valid_to is None,
        choices=unit_options(session, today, above=OWNERS_ABOVE) if may_keep else [],
        typed=request.form if error else {"since": today},
        errors=errors_of(error) if error else {},
    )
    return body, status_of(error) if error else 200
