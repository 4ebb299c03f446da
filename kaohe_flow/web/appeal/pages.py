"""复议办理: my appeals, those I hear, those in my scope; and the petition."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kaohe_flow.casework.appeal import commands, queries
from kaohe_flow.casework.appeal.queries import listing
from kaohe_flow.casework.appeal.queries.listing import SHELF_TITLES, Shelf
from kaohe_flow.casework.appeal.queries.outlook import as_it_stands
from kaohe_flow.kernel.errors import InvalidInput, KaoheError, RuleBroken
from kaohe_flow.web.appeal.forms import ExtensionSchema, PetitionSchema
from kaohe_flow.web.common.attachments import posted, store
from kaohe_flow.web.common.casefile import timeline
from kaohe_flow.web.common.errors import status_of
from kaohe_flow.web.common.filters import local
from kaohe_flow.web.common.forms import errors_of, load
from kaohe_flow.web.common.policy import allow, holding, officers
from kaohe_flow.web.common.presenter import presenter_of
from kaohe_flow.web.common.scope import scope_of
from kaohe_flow.web.common.security import acting, actor, answered, go, now, reading
from kaohe_flow.workflow.instance import queries as running

bp = Blueprint("appeal", __name__, url_prefix="/appeals")


@bp.get("/")
@allow(officers)
def mine() -> ResponseReturnValue:
    """The lists; whoever hears appeals lands on those."""
    session = reading()
    scope = scope_of(session, actor())
    counts = listing.counts(session, actor(), scope)
    shelf = _shelf(request.args.get("shelf"), heard=counts[Shelf.HEARD], own=counts[Shelf.MINE])
    shelves = [one for one in Shelf if one is not Shelf.SCOPE or scope.unit_ids]
    page = listing.page(session, actor(), scope, shelf, number=max(1, request.args.get("page", 1, type=int)))
    return render_template(
        "appeal/mine.html",
        shelf=shelf,
        shelves=[(one, SHELF_TITLES[one], counts[one]) for one in shelves],
        page=page,
        now=now(),
    )


@bp.get("/new/<case_key>")
@allow(officers)
def new(case_key: str) -> ResponseReturnValue:
    """An empty petition, with what is contested beside it."""
    return _form_page(case_key)


@bp.post("/new/<case_key>")
@allow(officers)
def create(case_key: str) -> ResponseReturnValue:
    """File the appeal."""
    _check_visible(case_key)
    try:
        with acting() as work:
            enclosures = commands.Enclosures(store(), posted())
            appeal = commands.file(work, case_key, load(PetitionSchema(), request.form), enclosures)
            location = answered(work, url_for("case.show", case_key=appeal.case_key))
    except (InvalidInput, RuleBroken) as error:
        return _form_page(case_key, error)
    flash("已提请复议，办理进度和决定都会显示在这里", "ok")
    return go(location)


@bp.post("/<int:appeal_id>/withdrawal")
@allow(officers)
def withdraw(appeal_id: int) -> ResponseReturnValue:
    """撤回, while an office has it."""
    session = reading()
    listing.visible(session, queries.one(session, appeal_id), actor(), scope_of(session, actor()))
    with acting() as work:
        appeal = commands.withdraw(work, appeal_id)
        location = answered(work, url_for("case.show", case_key=appeal.case_key))
    flash("已撤回复议，原决定继续有效", "ok")
    return go(location)


@bp.get("/extension/<case_key>")
@allow(holding("office"))
def extension(case_key: str) -> ResponseReturnValue:
    """More time to contest, for cause."""
    return _extension_page(case_key)


@bp.post("/extension/<case_key>")
@allow(holding("office"))
def extend(case_key: str) -> ResponseReturnValue:
    """准予延期."""
    _check_visible(case_key)
    try:
        with acting() as work:
            given = commands.extend(work, case_key, load(ExtensionSchema(), request.form))
            location = answered(work, url_for("case.show", case_key=case_key))
            last = local(given.until)
    except (InvalidInput, RuleBroken) as error:
        return _extension_page(case_key, error)
    flash(f"已准予延期，{last} 前可以提请复议", "ok")
    return go(location)


def _extension_page(case_key: str, error: KaoheError | None = None) -> ResponseReturnValue:
    _check_visible(case_key)
    dispute = queries.extendable(reading(), case_key, actor(), now())
    body = render_template(
        "appeal/extension.html",
        **_contested_context(case_key),
        dispute=dispute,
        until=queries.until(reading(), dispute),
        errors=errors_of(error) if error else {},
        typed=request.form if error else {},
    )
    return body, status_of(error) if error else 200


def _shelf(name: str | None, *, heard: int, own: int) -> Shelf:
    if name is None:
        return Shelf.HEARD if heard and not own else Shelf.MINE
    try:
        return Shelf(name)
    except ValueError:
        abort(404)


def _check_visible(case_key: str) -> None:
    instance = running.of_case(reading(), case_key)
    if instance is None:
        abort(404)
    presenter_of(instance.process_key).check_visible(reading(), case_key, actor())


def _form_page(case_key: str, error: KaoheError | None = None) -> ResponseReturnValue:
    _check_visible(case_key)
    session = reading()
    opening = queries.open_for(session, case_key, actor(), now())
    context = _contested_context(case_key)
    body = render_template(
        "appeal/form.html",
        **context,
        dispute=opening.contested.dispute,
        until=opening.until,
        first_office=queries.first_office(session, opening.contested.dispute),
        stands=as_it_stands(session, opening.contested.dispute).line_before,
        errors=errors_of(error) if error else {},
        typed=request.form if error else {},
        now=now(),
    )
    return body, status_of(error) if error else 200


def _contested_context(case_key: str) -> dict[str, Any]:
    session = reading()
    instance = running.of_case(session, case_key)
    assert instance is not None, "checked before"
    presenter = presenter_of(instance.process_key)
    return {
        **presenter.show(session, case_key),
        "contested_template": presenter.template,
        "contested_timeline": timeline(session, instance, now()),
        "contested_key": case_key,
    }
