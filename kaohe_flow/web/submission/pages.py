"""我的指标 and the claims filed against them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kaohe_flow.casework.submission import commands, queries
from kaohe_flow.casework.submission.rules import (
    FIGURE_TITLES,
    asked_figures,
    rule_options,
)
from kaohe_flow.kernel.errors import InvalidInput, KaoheError, RuleBroken
from kaohe_flow.records.attachment import commands as attachments
from kaohe_flow.records.attachment.queries import of_case
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.issuance import queries as issuance
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.plan import queries as plans
from kaohe_flow.web.common.attachments import posted, store, tiles
from kaohe_flow.web.common.errors import status_of
from kaohe_flow.web.common.forms import errors_of, load
from kaohe_flow.web.common.policy import allow, officers
from kaohe_flow.web.common.scope import scope_of
from kaohe_flow.web.common.security import acting, actor, answered, go, now, reading
from kaohe_flow.web.submission.forms import ClaimSchema

bp = Blueprint("submission", __name__, url_prefix="/claims")


@bp.get("/")
@allow(officers)
def mine() -> ResponseReturnValue:
    """我的指标: what was issued to me this period, and what I have filed."""
    session = reading()
    period = periods.current(session, now())
    officer_id = actor().officer_id or 0
    return render_template(
        "submission/mine.html",
        current=period,
        assignments=issuance.assigned_to(session, officer_id, period.id),
        claims=queries.of_officer(session, officer_id, period.id),
        names={row.id: row for row in indicators.all_in_force(session, period)},
    )


@bp.get("/new/<int:assignment_id>")
@allow(officers)
def new(assignment_id: int) -> ResponseReturnValue:
    """An empty form for one indicator."""
    return _form_page(_blank(assignment_id))


@bp.post("/new/<int:assignment_id>")
@allow(officers)
def create(assignment_id: int) -> ResponseReturnValue:
    """Save a draft, or submit at once."""
    try:
        with acting() as work:
            claim = commands.draft(work, assignment_id, load(ClaimSchema(), request.form))
            _attach(work, claim.case_key)
            location = answered(work, _after(work, claim.id))
    except (InvalidInput, RuleBroken) as error:
        return _form_page(_blank(assignment_id), error)
    return _done(location)


@bp.get("/<int:claim_id>/edit")
@allow(officers)
def edit(claim_id: int) -> ResponseReturnValue:
    """A draft."""
    return _form_page(_existing(claim_id))


@bp.post("/<int:claim_id>/edit")
@allow(officers)
def save(claim_id: int) -> ResponseReturnValue:
    """Save the draft again, or submit it."""
    queries.visible(reading(), claim_id, actor(), scope_of(reading(), actor()))
    try:
        with acting() as work:
            claim = commands.revise(work, claim_id, load(ClaimSchema(), request.form))
            for attachment_id in request.form.getlist("remove", type=int):
                attachments.remove(work, claim.case_key, attachment_id)
            _attach(work, claim.case_key)
            location = answered(work, _after(work, claim.id))
    except (InvalidInput, RuleBroken) as error:
        return _form_page(_existing(claim_id), error)
    return _done(location)


@bp.post("/<int:claim_id>/withdrawal")
@allow(officers)
def withdraw(claim_id: int) -> ResponseReturnValue:
    """撤回, while nobody has taken the claim up."""
    queries.visible(reading(), claim_id, actor(), scope_of(reading(), actor()))
    with acting() as work:
        claim = commands.withdraw(work, claim_id)
        location = answered(work, url_for("case.show", case_key=claim.case_key))
    flash("已撤回，该报送不再送审", "ok")
    return go(location)


def _attach(work: Any, case_key: str) -> None:
    files = posted()
    if files:
        attachments.attach(work, store(), case_key, files)


def _after(work: Any, claim_id: int) -> str:
    """Submit if that was asked for; where to go next."""
    if request.form.get("action") == "submit":
        claim = commands.submit(work, claim_id)
        return url_for("case.show", case_key=claim.case_key)
    return url_for(".edit", claim_id=claim_id)


def _done(location: str) -> ResponseReturnValue:
    submitted = request.form.get("action") == "submit"
    flash(
        "已提交，可随时查看办理进度" if submitted else "草稿已保存，尚未提交", "ok" if submitted else "info"
    )
    return go(location)


def _blank(assignment_id: int) -> dict[str, Any]:
    session = reading()
    period = periods.current(session, now())
    version = queries.issued_to(session, assignment_id, actor().officer_id or 0, period)
    return {
        "claim": None,
        "version": version,
        "files": [],
        "action": url_for(".create", assignment_id=assignment_id),
    }


def _existing(claim_id: int) -> dict[str, Any]:
    session = reading()
    claim = queries.visible(session, claim_id, actor(), scope_of(session, actor()))
    return {
        "claim": claim,
        "version": indicators.version(session, claim.indicator_version_id),
        "files": tiles(session, of_case(session, claim.case_key)),
        "action": url_for(".save", claim_id=claim_id),
    }


def _form_page(context: dict[str, Any], error: KaoheError | None = None) -> ResponseReturnValue:
    session, claim = reading(), context["claim"]
    period = periods.get(session, claim.period_id) if claim else periods.current(session, now())
    item = plans.item(session, period.starts_on, context["version"].indicator.code)
    figures = [(figure.value, FIGURE_TITLES[figure]) for figure in asked_figures(item.method)]
    body = render_template(
        "submission/form.html",
        **context,
        figures=figures,
        rule_options=rule_options(item),
        current=period,
        errors=errors_of(error) if error else {},
        typed=request.form if error else {},
    )
    return body, status_of(error) if error else 200
