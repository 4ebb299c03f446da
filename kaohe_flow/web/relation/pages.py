"""Declared relations: kept by discipline within their reach, and by the security administrator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import InvalidInput, KaoheError, NotFound, Problem
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.role import commands
from kaohe_flow.organization.role.queries import listing as relations
from kaohe_flow.organization.role.rules import RelationKind, Role
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.records.receipt.commands import AlreadyAnswered
from kaohe_flow.web.common.errors import status_of
from kaohe_flow.web.common.forms import REFUSALS, errors_of, load
from kaohe_flow.web.common.policy import (
    administrators,
    allow,
    auditors,
    either,
    holding,
    security_administrators,
)
from kaohe_flow.web.common.seats import units_of
from kaohe_flow.web.common.security import acting, actor, answered, go, now, reading
from kaohe_flow.web.organization.forms import EndSchema
from kaohe_flow.web.relation.forms import RelationSchema

bp = Blueprint("relation", __name__, url_prefix="/relations")
keepers: Final = either(holding("discipline"), security_administrators)
readers: Final = either(keepers, auditors)
KINDS: Final = [(kind.value, kind.label) for kind in RelationKind]


class OutOfReach(InvalidInput):
    """Discipline of a county keeps relations of its own people."""

    code = "relation-out-of-reach"
    message = "两名民警都不在您的管理范围内"


@bp.get("/")
@allow(readers)
def listing() -> ResponseReturnValue:
    """Relations of everybody within reach."""
    return _listing({"first": local_day(now())})


@bp.post("/")
@allow(keepers)
def declare() -> ResponseReturnValue:
    """Two officers do not decide on each other any more."""
    try:
        typed = load(RelationSchema(), request.form)
        pair = _pair(reading(), typed.pop("one"), typed.pop("other"))
        with acting() as work:
            commands.declare_relation(work, pair, **typed)
            location = answered(work, url_for(".listing"))
    except AlreadyAnswered:
        raise
    except REFUSALS as error:
        return _listing(request.form, error)
    flash("回避关系已登记，此后的办件不再分给对方", "ok")
    return go(location)


@bp.post("/<int:relation_id>/end")
@allow(keepers)
def end(relation_id: int) -> ResponseReturnValue:
    """The reason to stand aside is gone."""
    session = reading()
    relation = relations.relation(session, relation_id)
    reach = _reach(session)
    if reach is not None and not reach & {relation.officer_id, relation.other_id}:
        raise NotFound
    try:
        typed = load(EndSchema(), request.form)
        with acting() as work:
            commands.end_relation(work, relation_id, **typed)
            location = answered(work, url_for(".listing"))
    except AlreadyAnswered:
        raise
    except REFUSALS as error:
        return _listing({"first": local_day(now())}, error)
    flash(f"回避关系到 {typed['last_day']} 为止", "ok")
    return go(location)


def _pair(session: Session, *police_nos: str) -> frozenset[int]:
    found, faults = [], []
    for field, police_no in zip(("one", "other"), police_nos, strict=True):
        try:
            found.append(officers.by_police_no(session, police_no.strip().upper()).id)
        except officers.OfficerNotFound as error:
            faults.append(Problem(field, str(error)))
    if faults:
        raise InvalidInput(problems=tuple(faults))
    reach = _reach(session)
    if reach is not None and not reach & set(found):
        raise OutOfReach(field="one")
    return frozenset(found)


def _reach(session: Session) -> frozenset[int] | None:
    """Officers whose relations the person keeps: those below the seat of discipline. None = everybody."""
    if administrators(actor()):
        return None
    places = units.subtrees_ids(session, units_of(actor(), Role.DISCIPLINE))
    return officers.serving_in(session, places, local_day(now()))


def _listing(typed: Mapping[str, Any], error: KaoheError | None = None) -> ResponseReturnValue:
    session, today = reading(), local_day(now())
    found = relations.declared(session, _reach(session))
    people = [person.id for each in found for person in (each.one, each.other)]
    body = render_template(
        "relation/listing.html",
        rows=found,
        places=officers.units_on(session, people, today),
        kinds=KINDS,
        today=today,
        may_keep=keepers(actor()),
        typed=typed,
        errors=errors_of(error) if error else {},
    )
    return body, status_of(error) if error else 200
