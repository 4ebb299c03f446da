"""Schemes in force: read and put into force by the offices of level 1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kaohe_flow.kernel.errors import InvalidInput, KaoheError, NotAllowed, Problem
from kaohe_flow.records.receipt.commands import AlreadyAnswered
from kaohe_flow.scheme.plan import commands, queries
from kaohe_flow.web.common.attachments import posted
from kaohe_flow.web.common.download import download
from kaohe_flow.web.common.errors import status_of
from kaohe_flow.web.common.forms import REFUSALS, Day, FormSchema, errors_of, load
from kaohe_flow.web.common.policy import allow, holding
from kaohe_flow.web.common.seats import holds_city_office
from kaohe_flow.web.common.security import acting, actor, answered, go, reading

bp = Blueprint("plan", __name__, url_prefix="/plans")
offices: Final = holding("office")
LARGEST: Final = 4 * 1024 * 1024


class PlanIsTheCitys(NotAllowed):
    """All offices score by one scheme."""

    code = "plan-is-the-citys"
    message = "考核方案由一级考核办统一导入"


class AdoptionSchema(FormSchema):
    """From which period on a scheme governs."""

    valid_from = Day(required=True)


@bp.get("/")
@allow(offices)
def listing() -> ResponseReturnValue:
    """Every scheme that was ever put into force."""
    return _listing({})


@bp.post("/")
@allow(offices)
def adopt() -> ResponseReturnValue:
    """Check a scheme file and put it into force; with any fault nothing changes."""
    if not holds_city_office(reading(), actor()):
        raise PlanIsTheCitys
    try:
        valid_from = load(AdoptionSchema(), request.form)["valid_from"]
        text, name = _text()
        with acting() as work:
            made = commands.adopt(work, text, valid_from, name=name)
            location = answered(work, url_for(".listing"))
    except AlreadyAnswered:
        raise
    except REFUSALS as error:
        return _listing(request.form, error)
    flash(f"方案“{made.title}”自 {made.valid_from} 起的考核期适用", "ok")
    return go(location)


@bp.get("/<int:plan_id>/text")
@allow(offices)
def text_of(plan_id: int) -> ResponseReturnValue:
    """The file as it was adopted, word for word."""
    plan = queries.get(reading(), plan_id)
    return download(plan.text.encode(), f"{plan.title}-{plan.valid_from}.yaml", "application/yaml")


def _text() -> tuple[str, str]:
    """The file of the form. Raises ``InvalidInput`` beside the field."""
    files = posted("file")
    fault = ""
    if len(files) != 1:
        fault = "请选择一个方案文件"
    elif len(files[0].content) > LARGEST:
        fault = "方案文件不能超过 4 MB"
    else:
        try:
            return files[0].content.decode("utf-8-sig"), files[0].name
        except UnicodeDecodeError:
            fault = "方案文件应为 UTF-8 编码的文本"
    raise InvalidInput(problems=(Problem("file", fault),))


def _listing(typed: Mapping[str, Any], error: KaoheError | None = None) -> ResponseReturnValue:
    session = reading()
    errors = errors_of(error) if error else {}
    own = {name: said for name, said in errors.items() if name in {"", "file", "valid_from"}}
    body = render_template(
        "plan/listing.html",
        plans=queries.adopted(session),
        may_adopt=holds_city_office(session, actor()),
        largest=LARGEST,
        typed=typed,
        errors=own,
        faults=[problem for problem in getattr(error, "problems", ()) if problem.where not in own],
    )
    return body, status_of(error) if error else 200
