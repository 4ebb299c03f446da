"""The inbox: a list, the task in hand beside it, and its decision."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kaohe_flow.kernel.errors import Conflict, InvalidInput, KaoheError, RuleBroken
from kaohe_flow.web.common.casefile import course, diagram_url, timeline
from kaohe_flow.web.common.errors import status_of
from kaohe_flow.web.common.forms import errors_of
from kaohe_flow.web.common.policy import allow, officers
from kaohe_flow.web.common.presenter import Form, presenter_of
from kaohe_flow.web.common.security import acting, actor, answered, go, now, reading
from kaohe_flow.workflow.inbox import queries
from kaohe_flow.workflow.inbox.queries import Filter
from kaohe_flow.workflow.inbox.rules import BOX_TITLES, Box, light
from kaohe_flow.workflow.instance import commands
from kaohe_flow.workflow.instance import queries as running
from kaohe_flow.workflow.instance.rules import outcomes

# Asked once more before the person concerned gives something up, by form and decision.
LAST_WORDS: Final = {
    ("penalty_reply", "confirm"): "确认无异议后不能再申辩，将直接进入决定环节；决定作出后仍可申请复议。",
    ("work_claim", "give_up"): "放弃补正后，这件报送就此结束，不能再改。",
    ("appeal_answer", "accept"): "接受结果后复议终结，不能再向上一级提出。",
}

bp = Blueprint("inbox", __name__, url_prefix="/inbox")


@bp.get("/")
@bp.get("/<box>")
@allow(officers)
def show(box: str = Box.MINE.value) -> ResponseReturnValue:
    """A box; the first task of a working box is opened at once."""
    listing = _listing(_box(box))
    rows = listing["page"].rows
    first = rows[0].task_id if rows and box in {Box.MINE.value, Box.CLAIMABLE.value} else None
    nothing: dict[str, Any] = {"errors": {}, "typed": {}, "failure": None}
    detail = _detail(first) if first else {"task": None}
    return render_template("inbox/show.html", **listing, **detail, **nothing)


@bp.get("/count")
@allow(officers)
def count() -> ResponseReturnValue:
    """How much waits, for pages that are looked at again; they ask when they come to the front."""
    waiting = queries.counts(reading(), actor())
    return {"count": sum(waiting.values()), "hot": bool(waiting.get(Box.MINE))}


@bp.get("/task/<int:task_id>")
@allow(officers)
def task(task_id: int) -> ResponseReturnValue:
    """One task beside its box."""
    return _page(task_id)


@bp.post("/task/<int:task_id>/claim")
@allow(officers)
def claim(task_id: int) -> ResponseReturnValue:
    """签收: take the task out of its pool."""
    with acting() as work:
        commands.claim(work, task_id)
        location = answered(work, url_for(".task", task_id=task_id))
    return go(location)


@bp.post("/task/<int:task_id>/release")
@allow(officers)
def release(task_id: int) -> ResponseReturnValue:
    """退回待签: put it back."""
    with acting() as work:
        commands.release(work, task_id)
        location = answered(work, url_for(".show", box=Box.CLAIMABLE.value))
    return go(location)


@bp.post("/task/<int:task_id>")
@allow(officers)
def decide(task_id: int) -> ResponseReturnValue:
    """Finish the task. What was typed survives every refusal."""
    process_key = running.task(reading(), task_id).instance.process_key
    try:
        with acting() as work:
            presenter_of(process_key).decide(work, task_id, request.form)
            location = answered(work, url_for(".show", box=Box.MINE.value))
    except (InvalidInput, RuleBroken, Conflict) as error:
        if isinstance(error, Conflict) and hasattr(error, "location"):
            raise
        return _page(task_id, errors=errors_of(error), typed=request.form, failure=error)
    flash("已办理，流程已转入下一环节", "ok")
    return go(location)


def _page(
    task_id: int,
    *,
    errors: dict[str, list[str]] | None = None,
    typed: Form | None = None,
    failure: KaoheError | None = None,
) -> ResponseReturnValue:
    status = status_of(failure) if failure else 200
    body = render_template(
        "inbox/show.html",
        **_listing(_box_of(task_id)),
        **_detail(task_id),
        errors=errors or {},
        typed=typed or {},
        failure=failure,
    )
    return body, status


def _box(name: str) -> Box:
    try:
        return Box(name)
    except ValueError:
        abort(404)


def _box_of(task_id: int) -> Box:
    found = running.task(reading(), task_id)
    if found.closed_at is not None:
        return Box.DONE
    mine = found.assignee_id == actor().officer_id
    personal = f"officer@{actor().officer_id}" in running.principals_of(reading(), task_id)
    return Box.MINE if mine or personal else Box.CLAIMABLE


def _listing(box: Box) -> dict[str, Any]:
    wanted = Filter(words=request.args.get("q", ""), process_key=request.args.get("kind", ""))
    number = max(1, request.args.get("page", 1, type=int))
    page = queries.page(reading(), actor(), box, filter=wanted, number=number)
    lights = {
        row.task_id: light(now(), row.opened_at, row.due_at, row.urged_at)
        for row in page.rows
        if row.task_id is not None and not row.is_over
    }
    return {
        "box": box,
        "boxes": BOX_TITLES,
        "counts": queries.counts(reading(), actor()),
        "page": page,
        "filter": wanted,
        "lights": lights,
        "now": now(),
        "kinds": queries.kinds(reading()),
    }


def _detail(task_id: int) -> dict[str, Any]:
    session = reading()
    found = running.task(session, task_id)
    instance = found.instance
    presenter = presenter_of(instance.process_key)
    presenter.check_visible(session, instance.case_key, actor())
    step = running.step_of(session, found)
    may_act = found.closed_at is None and running.may_act(session, found, actor())
    held_by_other = found.assignee_id not in {None, actor().officer_id}
    return {
        "task": found,
        "instance": instance,
        "step": step,
        "outcomes": outcomes(step),
        "questions": {outcome: text for (form, outcome), text in LAST_WORDS.items() if form == step.form_key},
        "may_act": may_act and not held_by_other,
        "personal": f"officer@{actor().officer_id}" in running.principals_of(session, task_id),
        "is_mine": found.assignee_id == actor().officer_id,
        "case_template": presenter.template,
        "form_template": presenter.form_template,
        "timeline": timeline(session, instance, now()),
        "course": course(session, instance, now()),
        "diagram_src": diagram_url(instance),
        **presenter.show(session, instance.case_key),
    }
