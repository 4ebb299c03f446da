"""The organisation as a tree, its units, its officers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.organization.line import queries as lines
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.officer.queries import Search
from kaohe_flow.organization.role import queries as roles
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.organization.unit.rules import Branch, Level
from kaohe_flow.web.common.policy import (
    administrators,
    allow,
    holding,
    security_administrators,
    signed_in,
    system_administrators,
)
from kaohe_flow.web.common.seats import holds_city_office
from kaohe_flow.web.common.security import actor, now, reading
from kaohe_flow.web.organization import people, roster
from kaohe_flow.web.organization import roles as role_pages
from kaohe_flow.web.organization import units as unit_pages
from kaohe_flow.web.organization.reach import is_seen, managed_by, seen_by

bp = Blueprint("organization", __name__, url_prefix="/organization")
for part in (roster, unit_pages, people, role_pages):
    bp.register_blueprint(part.bp)


@bp.get("/")
@allow(signed_in)
def tree() -> ResponseReturnValue:
    """The whole tree with its two roots; what somebody searches for stands above it."""
    session, today, words = reading(), local_day(now()), request.args.get("q", "").strip()
    seen = seen_by(session, actor())
    branches = officers.tree(session, today)
    number = max(1, request.args.get("page", 1, type=int))
    found = Search(day=today, text=words, within=seen, number=number)
    return render_template(
        "organization/tree.html",
        nodes=[_node(branch, seen) for branch in branches],
        branches=branches,
        headcount=sum(branch.total for branch in branches),
        unit_count=sum(_count(branch) for branch in branches),
        words=words,
        found_units=units.search(session, words, day=today, within=seen) if words else (),
        found_officers=officers.search(session, found) if words else None,
        today=today,
        may_import=roster.may_import(actor()),
        may_keep=system_administrators(actor()),
    )


@bp.get("/units/<int:unit_id>")
@allow(signed_in)
def unit(unit_id: int) -> ResponseReturnValue:
    """One unit: where it stands, what is below it, who serves and served in it, who holds what."""
    session, today = reading(), local_day(now())
    shown = units.get(session, unit_id)
    if not is_seen(seen_by(session, actor()), unit_id):
        raise NotFound
    number = max(1, request.args.get("page", 1, type=int))
    counts = officers.headcount(session, today)
    below = units.children(session, unit_id, today)
    past = units.past(session, unit_id)
    return render_template(
        "organization/unit.html",
        unit=shown,
        chain=list(reversed(units.chain(session, unit_id))),
        below=below,
        counts=counts,
        stays=officers.stays(session, unit_id, number=number),
        granted=roles.granted_at(session, unit_id, today),
        lines=lines.all_by_code(session),
        sponsor=officers.get(session, shown.sponsor_id) if shown.sponsor_id else None,
        predecessor=units.get(session, shown.predecessor_id) if shown.predecessor_id else None,
        past=past,
        superiors=units.by_ids(session, [was.parent_id for was in past if was.parent_id]),
        owned=lines.owned_by(session, unit_id),
        may=_may_with_unit(session, shown.id),
        today=today,
    )


@bp.get("/officers/<int:officer_id>")
@allow(signed_in)
def officer(officer_id: int) -> ResponseReturnValue:
    """One officer: every posting with its days, coefficients, competences."""
    session, today = reading(), local_day(now())
    shown = officers.get(session, officer_id)
    history = officers.history(session, officer_id)
    seen = seen_by(session, actor())
    if officer_id != actor().officer_id and not any(is_seen(seen, stay.unit_id) for stay in history):
        raise NotFound
    held = roles.assignments_of(session, officer_id, today)
    names = units.by_ids(session, [*(stay.unit_id for stay in history), *(one.unit_id for one in held)])
    return render_template(
        "organization/officer.html",
        officer=shown,
        history=list(reversed(history)),
        # What counts in the assessment is no business of the three administrators.
        identities=None if administrators(actor()) else officers.identities_on(session, officer_id, today),
        held=held,
        names=names,
        lines=lines.all_by_code(session),
        today=today,
        seen=seen,
        may_keep=system_administrators(actor()),
        may_grant=security_administrators(actor()),
    )


def _may_with_unit(session: Session, unit_id: int) -> dict[str, bool]:
    """What this person may change about the unit."""
    is_office = holding("office")(actor())
    return {
        "keep": system_administrators(actor()),
        "grant": security_administrators(actor()),
        "rank": is_office
        and (holds_city_office(session, actor()) or unit_id in managed_by(session, actor())),
    }


def _node(branch: Branch, seen: frozenset[int] | None) -> dict[str, Any]:
    """A branch for the tree macro; the authorities are open."""
    return {
        "name": branch.name,
        "url": url_for(".unit", unit_id=branch.unit_id) if is_seen(seen, branch.unit_id) else "",
        "note": branch.kind.label,
        "count": f"{branch.total} 人" if branch.children else f"{branch.officers} 人",
        "open": branch.level == Level.AUTHORITY,
        "children": [_node(child, seen) for child in branch.children],
    }


def _count(branch: Branch) -> int:
    return 1 + sum(_count(child) for child in branch.children)
