"""Who holds what, seen from a unit or from a person; granted and ended by the security administrator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import KaoheError, NotFound
from kaohe_flow.organization.line import queries as lines
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.role import commands
from kaohe_flow.organization.role.commands import Grant
from kaohe_flow.organization.role.queries import listing
from kaohe_flow.organization.role.rules import HELD_AT, Role
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.records.receipt.commands import AlreadyAnswered
from kaohe_flow.web.common.errors import status_of
from kaohe_flow.web.common.forms import REFUSALS, errors_of, load
from kaohe_flow.web.common.policy import allow, security_administrators, signed_in
from kaohe_flow.web.common.security import acting, actor, answered, go, now, reading
from kaohe_flow.web.organization.choices import line_options, unit_options
from kaohe_flow.web.organization.forms import EndSchema, GrantSchema
from kaohe_flow.web.organization.reach import is_seen, seen_by

bp = Blueprint("roles", __name__, url_prefix="/roles")
GRANTED: Final = [role for role in Role if role is not Role.OFFICER]


@dataclass(frozen=True, slots=True)
class Place:
    """What the page is about: exactly one of them."""

    unit_id: int = 0
    officer_id: int = 0


@bp.get("/units/<int:unit_id>")
@allow(signed_in)
def at_unit(unit_id: int) -> ResponseReturnValue:
    """Everybody who held, holds or will hold something at the unit."""
    return _show(Place(unit_id=unit_id))


@bp.get("/officers/<int:officer_id>")
@allow(signed_in)
def of_officer(officer_id: int) -> ResponseReturnValue:
    """Everything an officer held, holds or will hold."""
    return _show(Place(officer_id=officer_id))


@bp.post("/units/<int:unit_id>")
@allow(security_administrators)
def grant_at(unit_id: int) -> ResponseReturnValue:
    """Somebody becomes competent at the unit."""
    return _grant(Place(unit_id=unit_id), url_for(".at_unit", unit_id=unit_id))


@bp.post("/officers/<int:officer_id>")
@allow(security_administrators)
def grant_to(officer_id: int) -> ResponseReturnValue:
    """The officer becomes competent somewhere."""
    return _grant(Place(officer_id=officer_id), url_for(".of_officer", officer_id=officer_id))


@bp.post("/<int:assignment_id>/end")
@allow(security_administrators)
def end(assignment_id: int) -> ResponseReturnValue:
    """A competence ends after a day; what was decided under it stands."""
    officer_id = listing.assignment(reading(), assignment_id).officer_id
    try:
        typed = load(EndSchema(), request.form)
        with acting() as work:
            commands.revoke(work, assignment_id, **typed)
            location = answered(work, url_for(".of_officer", officer_id=officer_id))
    except AlreadyAnswered:
        raise
    except REFUSALS as error:
        return _show(Place(officer_id=officer_id), error, ending=assignment_id)
    flash(f"职责到 {typed['last_day']} 为止", "ok")
    return go(location)


def _grant(place: Place, location: str) -> ResponseReturnValue:
    try:
        typed = load(GrantSchema(), request.form)
        police_no = typed.pop("police_no").strip()
        unit_id = place.unit_id or typed["unit_id"]
        officer_id = place.officer_id or officers.by_police_no(reading(), police_no).id
        with acting() as work:
            wanted = Grant(**{**typed, "officer_id": officer_id, "unit_id": unit_id})
            commands.grant(work, wanted)
            answered(work, location)
    except AlreadyAnswered:
        raise
    except officers.OfficerNotFound as error:
        error.field = "police_no"
        return _show(place, error)
    except REFUSALS as error:
        return _show(place, error)
    flash(f"已授予“{wanted.role.label}”", "ok")
    return go(location)


def _show(place: Place, error: KaoheError | None = None, ending: int = 0) -> ResponseReturnValue:
    session, today = reading(), local_day(now())
    unit = units.get(session, place.unit_id) if place.unit_id else None
    officer = officers.get(session, place.officer_id) if place.officer_id else None
    _check_seen(session, place)
    if unit is not None:
        rows = list(listing.ever_at(session, unit.id))
    else:
        assert officer is not None
        rows = [(held, officer) for held in listing.ever_held(session, officer.id)]
    may_grant = security_administrators(actor())
    level = unit.level if unit else None
    body = render_template(
        "organization/roles.html",
        unit=unit,
        officer=officer,
        rows=rows,
        names=units.by_ids(session, [held.unit_id for held, _ in rows]),
        lines=lines.all_by_code(session),
        today=today,
        may_grant=may_grant,
        roles=[(role.value, role.label) for role in GRANTED if level is None or level in HELD_AT[role]],
        line_choices=line_options(session, today) if may_grant else [],
        unit_choices=unit_options(session, today) if may_grant and unit is None else [],
        typed=_typed(error, ending, today),
        errors=errors_of(error) if error else {},
    )
    return body, status_of(error) if error else 200


def _typed(error: KaoheError | None, ending: int, today: Any) -> Mapping[str, Any]:
    return request.form if error and not ending else {"first": today}


def _check_seen(session: Session, place: Place) -> None:
    """Raises ``NotFound`` for what lies outside the person's reach; one's own is never outside."""
    seen = seen_by(session, actor())
    if place.unit_id:
        visible = is_seen(seen, place.unit_id)
    else:
        history = officers.history(session, place.officer_id)
        own = place.officer_id == actor().officer_id
        visible = own or seen is None or any(is_seen(seen, stay.unit_id) for stay in history)
    if not visible:
        raise NotFound
