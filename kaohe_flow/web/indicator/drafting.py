"""Drafting and revising: one long form, kept as typed until it fits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import KaoheError, Problem
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.line import queries as lines
from kaohe_flow.records.receipt.commands import AlreadyAnswered
from kaohe_flow.scheme.banlist.rules import BannedIndicator
from kaohe_flow.scheme.indicator import commands, queries
from kaohe_flow.scheme.indicator.rules import (
    OWNERS_WITHOUT_LINE,
    IndicatorNotFound,
    IndicatorRefused,
    Kind,
    Mode,
    Module,
    Split,
    TargetKind,
    tidy_code,
)
from kaohe_flow.web.common.errors import status_of
from kaohe_flow.web.common.forms import errors_of, load
from kaohe_flow.web.common.policy import allow
from kaohe_flow.web.common.security import acting, actor, answered, go, now, reading
from kaohe_flow.web.indicator.forms import IndicatorSchema, Typed, as_typed
from kaohe_flow.web.indicator.rights import check_may_change, drafters
from kaohe_flow.web.indicator.rulings import check_rule

bp = Blueprint("drafting", __name__)
DRAFTED: Final = "草稿已保存；核对无误后选择考核期生效"
CHOICES: Final = {
    "modules": Module,
    "modes": Mode,
    "kinds": Kind,
    "targets": TargetKind,
    "splits": Split,
}


@bp.get("/new")
@allow(drafters)
def new() -> ResponseReturnValue:
    """An empty form."""
    return _form(None, {"kind": Kind.RESULT, "target_kind": TargetKind.BOTH, "split": Split.ADD_UP})


@bp.post("/new")
@allow(drafters)
def create() -> ResponseReturnValue:
    """A new indicator with its first draft."""
    try:
        typed = load(IndicatorSchema(), request.form)
        with acting() as work:
            made = commands.draft(
                work,
                typed.code,
                typed.content,
                check_rule=check_rule,
                override_reason=typed.override_reason or None,
            )
            _serve(work, made.indicator_id, typed)
            location = answered(work, url_for("indicator.show", indicator_id=made.indicator_id))
    except AlreadyAnswered:
        raise
    except KaoheError as error:
        return _form(None, request.form, error)
    flash(DRAFTED, "ok")
    return go(location)


@bp.get("/<int:indicator_id>/draft")
@allow(drafters)
def edit(indicator_id: int) -> ResponseReturnValue:
    """The draft in hand, or the effective wording as the start of the next one."""
    check_may_change(reading(), actor(), indicator_id)
    version = queries.latest(reading(), indicator_id)
    goal = queries.lineage(reading(), indicator_id)[1:2]
    typed = {**as_typed(version.content), "goal": goal[0].code if goal else ""}
    return _form(indicator_id, typed)


@bp.post("/<int:indicator_id>/draft")
@allow(drafters)
def save(indicator_id: int) -> ResponseReturnValue:
    """Rewrite the draft, or begin the next version."""
    check_may_change(reading(), actor(), indicator_id)
    try:
        typed = load(IndicatorSchema(), request.form)
        with acting() as work:
            commands.revise(
                work,
                indicator_id,
                typed.content,
                check_rule=check_rule,
                override_reason=typed.override_reason or None,
            )
            _serve(work, indicator_id, typed)
            location = answered(work, url_for("indicator.show", indicator_id=indicator_id))
    except AlreadyAnswered:
        raise
    except KaoheError as error:
        return _form(indicator_id, request.form, error)
    flash(DRAFTED, "ok")
    return go(location)


def _serve(work: Work, indicator_id: int, typed: Typed) -> None:
    """Put it under the goal that was typed, if that is another than before."""
    code = tidy_code(typed.goal)
    if not code:
        return
    try:
        goal = queries.by_code(work.session, code)
    except IndicatorNotFound as error:
        raise IndicatorRefused(problems=(Problem("goal", str(error)),)) from None
    if queries.get(work.session, indicator_id).parent_id != goal.id:
        commands.serve(work, indicator_id, goal.id)


def _form(
    indicator_id: int | None, typed: Mapping[str, Any], error: KaoheError | None = None
) -> ResponseReturnValue:
    session = reading()
    existing = queries.latest(session, indicator_id) if indicator_id else None
    owners = [(line.code, line.name) for line in lines.in_force(session, local_day(now()))]
    body = render_template(
        "indicator/form.html",
        existing=existing,
        typed=typed,
        errors=errors_of(error) if error else {},
        is_banned=isinstance(error, BannedIndicator) or bool(typed.get("override_reason")),
        owners=[*owners, *OWNERS_WITHOUT_LINE.items()],
        levels=[(level, f"第 {level} 级") for level in range(1, 6)],
        **{name: [(word.value, word.label) for word in words] for name, words in CHOICES.items()},
    )
    return body, status_of(error) if error else 200
