"""People entered by hand, moved and seen off by the system administrator; many at once by roster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import KaoheError
from kaohe_flow.organization.change import commands as changes
from kaohe_flow.organization.change import queries as outlook
from kaohe_flow.organization.change.commands import Move
from kaohe_flow.organization.line import queries as lines
from kaohe_flow.organization.officer import commands, queries
from kaohe_flow.organization.officer.rules import OfficerKind
from kaohe_flow.organization.role.queries import listing
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.records.receipt.commands import AlreadyAnswered
from kaohe_flow.web.common.errors import status_of
from kaohe_flow.web.common.forms import REFUSALS, errors_of, load
from kaohe_flow.web.common.policy import allow, system_administrators
from kaohe_flow.web.common.security import acting, answered, go, now, reading
from kaohe_flow.web.organization.choices import unit_options
from kaohe_flow.web.organization.forms import EndSchema, OfficerSchema, TransferSchema

bp = Blueprint("people", __name__, url_prefix="/officers")
KINDS: Final = [(kind.value, kind.label) for kind in OfficerKind]
FIELDS: Final = {"警号": "police_no", "姓名": "name", "岗位": "post"}
"""Columns of the roster, by which the rules name faults, and the fields of this form."""


@bp.get("/new")
@allow(system_administrators)
def new() -> ResponseReturnValue:
    """The form of a new officer, in the unit asked for."""
    return _new_form({"unit_id": request.args.get("unit", ""), "kind": "officer", "since": local_day(now())})


@bp.post("/new")
@allow(system_administrators)
def hire() -> ResponseReturnValue:
    """Somebody is on the register."""
    try:
        typed = load(OfficerSchema(), request.form)
        with acting() as work:
            made = commands.hire(work, **typed)
            location = answered(work, url_for("organization.officer", officer_id=made.id))
    except AlreadyAnswered:
        raise
    except REFUSALS as error:
        return _new_form(request.form, error)
    flash(f"“{made.name}”已录入", "ok")
    return go(location)


@bp.get("/<int:officer_id>/transfer")
@allow(system_administrators)
def transfer(officer_id: int) -> ResponseReturnValue:
    """Where to and when; once that is said, what the officer holds and what of it ends."""
    if not request.args.get("unit_id"):
        return _transfer_form(officer_id, {"since": local_day(now())})
    try:
        move = load(TransferSchema(), request.args)
        units.get(reading(), move["unit_id"])
    except REFUSALS as error:
        return _transfer_form(officer_id, request.args, error)
    return _transfer_form(officer_id, request.args, move=Move(officer_id, **move))


@bp.post("/<int:officer_id>/transfer")
@allow(system_administrators)
def make_transfer(officer_id: int) -> ResponseReturnValue:
    """The officer moves; what is ticked ends on the last day in the old unit."""
    move = None
    try:
        move = Move(officer_id, **load(TransferSchema(), request.form))
        ending = frozenset(request.form.getlist("ending", type=int))
        with acting() as work:
            changes.transfer(work, move, ending=ending)
            location = answered(work, url_for("organization.officer", officer_id=officer_id))
    except AlreadyAnswered:
        raise
    except REFUSALS as error:
        return _transfer_form(officer_id, request.form, error, move)
    flash(f"已调动，终止考核职责 {len(ending)} 项", "ok")
    return go(location)


@bp.get("/<int:officer_id>/departure")
@allow(system_administrators)
def departure(officer_id: int) -> ResponseReturnValue:
    """What ends when the officer leaves."""
    return _departure_form(officer_id, {"last_day": local_day(now())})


@bp.post("/<int:officer_id>/departure")
@allow(system_administrators)
def depart(officer_id: int) -> ResponseReturnValue:
    """The officer leaves; the file and the scores stay."""
    try:
        typed = load(EndSchema(), request.form)
        with acting() as work:
            officer = changes.depart(work, officer_id, **typed)
            location = answered(work, url_for("organization.officer", officer_id=officer_id))
    except AlreadyAnswered:
        raise
    except REFUSALS as error:
        return _departure_form(officer_id, request.form, error)
    flash(f"“{officer.name}”已办理离职，账号已停用", "ok")
    return go(location)


def _new_form(typed: Mapping[str, Any], error: KaoheError | None = None) -> ResponseReturnValue:
    errors = errors_of(error) if error else {}
    body = render_template(
        "organization/officer_new.html",
        typed=typed,
        errors={FIELDS.get(name, name): said for name, said in errors.items()},
        kinds=KINDS,
        units=unit_options(reading(), local_day(now())),
    )
    return body, status_of(error) if error else 200


def _transfer_form(
    officer_id: int, typed: Mapping[str, Any], error: KaoheError | None = None, move: Move | None = None
) -> ResponseReturnValue:
    session, today = reading(), local_day(now())
    held = listing.going_on(session, officer_id, move.since if move else today)
    ending = request.form.getlist("ending", type=int) if request.method == "POST" else None
    if move and ending is None:
        ending = sorted(outlook.ending_with_transfer(session, officer_id, move.unit_id, move.since))
    body = render_template(
        "organization/transfer.html",
        officer=queries.get(session, officer_id),
        current=queries.unit_on(session, officer_id, today),
        target=units.by_ids(session, [move.unit_id]).get(move.unit_id) if move else None,
        move=move,
        held=held,
        ending=ending or [],
        names=units.by_ids(session, [one.unit_id for one in held]),
        lines=lines.all_by_code(session),
        units=unit_options(session, today),
        typed=typed,
        errors=errors_of(error) if error else {},
    )
    return body, status_of(error) if error else 200


def _departure_form(
    officer_id: int, typed: Mapping[str, Any], error: KaoheError | None = None
) -> ResponseReturnValue:
    session, today = reading(), local_day(now())
    held = listing.going_on(session, officer_id, today)
    body = render_template(
        "organization/departure.html",
        officer=queries.get(session, officer_id),
        current=queries.unit_on(session, officer_id, today),
        held=held,
        names=units.by_ids(session, [one.unit_id for one in held]),
        lines=lines.all_by_code(session),
        typed=typed,
        errors=errors_of(error) if error else {},
    )
    return body, status_of(error) if error else 200
