"""惩罚扣分: whom it concerns, what was found, and the lists of both sides."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kaohe_flow.casework.penalty import commands, queries
from kaohe_flow.casework.penalty.rules.finding import (
    FIGURE_TITLES,
    FINDERS,
    asked_figures,
    needed,
    rule_options,
)
from kaohe_flow.casework.penalty.rules.finding import Figures as Told
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import InvalidInput, KaoheError, NotFound, RuleBroken
from kaohe_flow.organization.line import queries as lines
from kaohe_flow.organization.officer import queries as people
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.indicator.rules import OWNERS_WITHOUT_LINE
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scorebook.ledger.queries.netting import booked
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.web.common.attachments import posted, store
from kaohe_flow.web.common.errors import status_of
from kaohe_flow.web.common.forms import errors_of, load
from kaohe_flow.web.common.policy import allow, holding, officers
from kaohe_flow.web.common.scope import scope_of
from kaohe_flow.web.common.security import acting, actor, answered, go, now, reading
from kaohe_flow.web.penalty.forms import AccusationSchema
from kaohe_flow.web.penalty.presenter import fanned

bp = Blueprint("penalty", __name__, url_prefix="/penalties")
finders = holding(*(role.value for role in FINDERS))
SHOWN: Final = 10
VIEWS: Final = {"mine": "对我的认定", "entered": "我认定的", "units": "管辖范围内"}


@bp.get("/")
@allow(officers)
def listing() -> ResponseReturnValue:
    """Findings against me, found by me, and in the units below my competences."""
    session = reading()
    view = request.args.get("view", "mine")
    conditions = {
        "mine": queries.against(actor()),
        "entered": queries.entered_by(actor()),
        "units": queries.in_scope(scope_of(session, actor())),
    }
    if view not in conditions:
        raise NotFound
    number = max(1, request.args.get("page", 1, type=int))
    page = queries.page(session, conditions[view], number)
    rows = page.rows
    return render_template(
        "penalty/listing.html",
        view=view,
        views=VIEWS,
        page=page,
        names=people.by_ids(session, [row.officer_id for row in rows]),
        units=units.by_ids(session, [row.unit_id for row in rows]),
        versions=indicators.versions_by_id(session, [row.indicator_version_id for row in rows]),
        periods=periods.by_ids(session, [row.period_id for row in rows]),
        booked=booked(session, [row.case_key for row in rows]),
        may_find=finders(actor()),
    )


@bp.get("/new")
@allow(finders)
def new() -> ResponseReturnValue:
    """Choose the officer, then the indicator, then say what was found; each choice is a link."""
    officer_id = request.args.get("officer", type=int)
    return _form_page(officer_id, request.args.get("indicator", type=int))


@bp.post("/new")
@allow(finders)
def create() -> ResponseReturnValue:
    """Enter the finding; the assessed is told at once."""
    try:
        with acting() as work:
            penalty = commands.accuse(work, load(AccusationSchema(), request.form), store(), posted())
            location = answered(work, url_for("case.show", case_key=penalty.case_key))
    except (InvalidInput, RuleBroken) as error:
        form = request.form
        return _form_page(form.get("officer_id", type=int), form.get("indicator_version_id", type=int), error)
    flash("已登记并告知本人，答复期满后转归口审核决定", "ok")
    return go(location)


def _form_page(
    officer_id: int | None, version_id: int | None, error: KaoheError | None = None
) -> ResponseReturnValue:
    session = reading()
    today = local_day(now())
    within = queries.reach(queries.mandates(session, actor()))
    context: dict[str, Any] = {
        "current": periods.current(session, now()),
        "today": today,
        "words": request.args.get("q", ""),
        "found": None,
        "posting": None,
        "choices": [],
        "version": None,
        "errors": errors_of(error) if error else {},
        "typed": request.form if error else {},
    }
    if officer_id is None:
        wanted = people.Search(day=today, text=context["words"], within=within, size=SHOWN)
        context["found"] = people.search(session, wanted)
    else:
        context |= _chosen(session, officer_id, version_id, within)
    body = render_template("penalty/form.html", **context)
    return body, status_of(error) if error else 200


def _chosen(
    session: Session, officer_id: int, version_id: int | None, within: frozenset[int]
) -> dict[str, Any]:
    """The officer inside one's reach, the indicators one may find, and the fields of the chosen one."""
    today = local_day(now())
    unit = people.unit_on(session, officer_id, today)
    if unit is None or unit.id not in within:
        raise NotFound
    period = periods.current(session, now())
    choices = queries.chargeable(session, actor(), officer_id, period, today)
    version = next((one for one in choices if one.id == version_id), None)
    chosen: dict[str, Any] = {
        "posting": people.Posting(people.get(session, officer_id), unit),
        "choices": choices,
        "version": version,
    }
    if version is None:
        return chosen
    tariff = queries.tariff(session, period, SubjectKind.OFFICER, officer_id)
    item = tariff.items[version.indicator.code]
    must = needed(item.method, Told())
    return {
        **chosen,
        "item": item,
        "line_name": OWNERS_WITHOUT_LINE.get(version.line_code)
        or lines.by_code(session, version.line_code).name,
        "figures": [(one.value, FIGURE_TITLES[one], one in must) for one in asked_figures(item.method)],
        "rule_options": rule_options(item),
        "fans_out": fanned(item),
        "hits_unit": not item.fan_out and item.id in queries.unit_tariff(session, period, unit.id).items,
    }
