"""奖励加分: claims, the public notice, objections."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kaohe_flow.casework.reward import commands, queries
from kaohe_flow.casework.reward.rules.claim import (
    FIGURE_TITLES,
    RewardKind,
    asked_figures,
    rule_options,
)
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import InvalidInput, KaoheError, NotAllowed, NotFound, RuleBroken
from kaohe_flow.organization.officer import queries as people
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scorebook.ledger.queries.netting import booked
from kaohe_flow.web.common.attachments import posted, store
from kaohe_flow.web.common.errors import status_of
from kaohe_flow.web.common.forms import errors_of, load
from kaohe_flow.web.common.policy import allow, holding, officers
from kaohe_flow.web.common.scope import scope_of
from kaohe_flow.web.common.security import acting, actor, answered, go, now, reading
from kaohe_flow.web.reward.forms import ChoiceSchema, RewardSchema

bp = Blueprint("reward", __name__, url_prefix="/rewards")
political = holding("political")
SHOWN: Final = 10
VIEWS: Final = {"mine": "我的申报", "filed": "我代申报的", "units": "管辖范围内", "notice": "公示中"}
KINDS: Final = [(kind.value, kind.label) for kind in RewardKind]


@bp.get("/")
@allow(officers)
def listing() -> ResponseReturnValue:
    """My rewards, those I filed for others, those of the units below me, and the honours on show."""
    session = reading()
    view = request.args.get("view", "mine")
    conditions = {
        "mine": queries.claimed_for(actor()),
        "filed": queries.filed_by(actor()),
        "units": queries.in_scope(scope_of(session, actor())),
        "notice": queries.on_show(),
    }
    if view not in conditions:
        raise NotFound
    page = queries.page(session, conditions[view], max(1, request.args.get("page", 1, type=int)))
    rows = page.rows
    return render_template(
        "reward/listing.html",
        view=view,
        views=VIEWS,
        page=page,
        names=people.by_ids(session, [row.officer_id for row in rows]),
        units=units.by_ids(session, [row.unit_id for row in rows]),
        versions=indicators.versions_by_id(session, [row.indicator_version_id for row in rows]),
        booked=booked(session, [row.case_key for row in rows]) if view != "notice" else {},
        is_political=political(actor()),
        own=actor().officer_id,
    )


@bp.get("/new")
@allow(officers)
def new() -> ResponseReturnValue:
    """For oneself, or with ``for=others`` for somebody chosen; then the indicator, then the contents."""
    officer_id = request.args.get("officer", type=int)
    if officer_id is None and not (request.args.get("for") == "others" and political(actor())):
        officer_id = actor().officer_id
    return _form_page(officer_id, request.args.get("indicator", type=int))


@bp.post("/new")
@allow(officers)
def create() -> ResponseReturnValue:
    """File the claim."""
    form = request.form
    try:
        with acting() as work:
            choice = load(ChoiceSchema(), form)
            reward = commands.claim(
                work,
                (choice["officer_id"], choice["indicator_version_id"]),
                load(RewardSchema(), form),
                store(),
                posted(),
            )
            location = answered(work, url_for("case.show", case_key=reward.case_key))
    except (InvalidInput, RuleBroken) as error:
        officer_id = form.get("officer_id", type=int) or actor().officer_id
        return _form_page(officer_id, form.get("indicator_version_id", type=int), error)
    flash("已申报，可随时查看办理进度", "ok")
    return go(location)


@bp.post("/<int:reward_id>/withdrawal")
@allow(officers)
def withdraw(reward_id: int) -> ResponseReturnValue:
    """撤回, while nobody has taken the claim up."""
    queries.visible(reading(), reward_id, actor(), scope_of(reading(), actor()))
    with acting() as work:
        reward = commands.withdraw(work, reward_id)
        location = answered(work, url_for("case.show", case_key=reward.case_key))
    flash("已撤回，该申报不再送审", "ok")
    return go(location)


@bp.get("/<int:reward_id>/objection")
@allow(officers)
def objection(reward_id: int) -> ResponseReturnValue:
    """What is on show, for everybody, and the form of an objection."""
    return _objection_page(reward_id)


@bp.post("/<int:reward_id>/objection")
@allow(officers)
def object_to(reward_id: int) -> ResponseReturnValue:
    """提出异议; the award is held until it is answered."""
    queries.shown(reading(), reward_id)
    try:
        with acting() as work:
            commands.object_to(work, reward_id, request.form.get("reason", ""))
            location = answered(work, url_for(".listing", view="notice"))
    except (InvalidInput, RuleBroken, NotAllowed) as error:
        return _objection_page(reward_id, error)
    flash("异议已提交考核办，核查期间暂缓加分", "ok")
    return go(location)


def _objection_page(reward_id: int, error: KaoheError | None = None) -> ResponseReturnValue:
    session = reading()
    reward = queries.shown(session, reward_id)
    body = render_template(
        "reward/objection.html",
        reward=reward,
        officer=people.get(session, reward.officer_id),
        unit=units.get(session, reward.unit_id),
        version=indicators.version(session, reward.indicator_version_id),
        may_object=actor().officer_id not in {reward.officer_id, reward.claimed_by_id},
        errors=errors_of(error) if error else {},
        typed=request.form if error else {},
    )
    return body, status_of(error) if error else 200


def _form_page(
    officer_id: int | None, version_id: int | None, error: KaoheError | None = None
) -> ResponseReturnValue:
    session = reading()
    today = local_day(now())
    within = queries.reach(session, actor())
    context: dict[str, Any] = {
        "current": periods.current(session, now()),
        "today": today,
        "words": request.args.get("q", ""),
        "found": None,
        "posting": None,
        "choices": [],
        "version": None,
        "reward_kinds": KINDS,
        "reward": None,
        "is_proxy": officer_id != actor().officer_id,
        "errors": errors_of(error) if error else {},
        "typed": request.form if error else {},
    }
    if officer_id is None:
        wanted = people.Search(day=today, text=context["words"], within=within, size=SHOWN)
        context["found"] = people.search(session, wanted)
    else:
        context |= _chosen(session, officer_id, version_id, within)
    return render_template("reward/form.html", **context), status_of(error) if error else 200


def _chosen(
    session: Session, officer_id: int, version_id: int | None, within: frozenset[int]
) -> dict[str, Any]:
    """The officer - oneself or within reach - the indicators to choose from, the fields of the chosen one."""
    unit = people.unit_on(session, officer_id, local_day(now()))
    if unit is None or (officer_id != actor().officer_id and unit.id not in within):
        raise NotFound
    period = periods.current(session, now())
    choices = queries.claimable(session, officer_id, period)
    version = next((one for one in choices if one.id == version_id), None)
    chosen: dict[str, Any] = {
        "posting": people.Posting(people.get(session, officer_id), unit),
        "choices": choices,
        "version": version,
    }
    if version is None:
        return chosen
    item = queries.item_for(session, period, officer_id, version.indicator.code)
    return {
        **chosen,
        "item": item,
        "figures": [(one.value, FIGURE_TITLES[one]) for one in asked_figures(item)],
        "rule_options": rule_options(item),
    }
