"""The ban list: read by offices and discipline, kept by the offices of level 1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import KaoheError, NotAllowed
from kaohe_flow.records.receipt.commands import AlreadyAnswered
from kaohe_flow.scheme.banlist import commands, queries
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.web.banlist.forms import BanSchema
from kaohe_flow.web.common.errors import status_of
from kaohe_flow.web.common.forms import REFUSALS, errors_of, load
from kaohe_flow.web.common.policy import allow, either, holding
from kaohe_flow.web.common.seats import holds_city_office
from kaohe_flow.web.common.security import acting, actor, answered, go, now, reading

bp = Blueprint("banlist", __name__, url_prefix="/banlist")
offices: Final = holding("office")
readers: Final = either(offices, holding("discipline"))


class BanListIsTheCitys(NotAllowed):
    """What must not be a target is the same for the whole bureau."""

    code = "ban-list-is-the-citys"
    message = "负面清单由一级考核办统一维护"


@bp.get("/")
@allow(readers)
def listing() -> ResponseReturnValue:
    """The entries, and the indicators in which they find something."""
    edited = request.args.get("edit", type=int)
    if edited is None:
        return _listing({})
    entry = queries.get(reading(), edited)
    return _listing({"phrase": entry.phrase, "synonyms": "、".join(entry.synonyms), "basis": entry.basis})


@bp.post("/")
@allow(offices)
def forbid() -> ResponseReturnValue:
    """Add an entry, or word it anew; one that was lifted is in force again."""
    _check_city()
    try:
        ban = load(BanSchema(), request.form)
        with acting() as work:
            commands.forbid(work, ban)
            location = answered(work, url_for(".listing"))
    except AlreadyAnswered:
        raise
    except REFUSALS as error:
        return _listing(request.form, error)
    flash(f"“{ban.phrase}”已列入负面清单", "ok")
    return go(location)


@bp.post("/<int:phrase_id>/end")
@allow(offices)
def lift(phrase_id: int) -> ResponseReturnValue:
    """An entry is looked for no more; it stays readable."""
    _check_city()
    queries.get(reading(), phrase_id)
    try:
        with acting() as work:
            commands.lift(work, phrase_id, reason=request.form.get("reason", ""))
            location = answered(work, url_for(".listing"))
    except AlreadyAnswered:
        raise
    except REFUSALS as error:
        error.field = f"reason-{phrase_id}"
        return _listing({error.field: request.form.get("reason", "")}, error)
    flash("已停用，条目保留备查", "ok")
    return go(location)


@bp.post("/statutory")
@allow(offices)
def seed() -> ResponseReturnValue:
    """Enter what the regulations forbid and the list does not have yet."""
    _check_city()
    with acting() as work:
        count = commands.seed(work)
        location = answered(work, url_for(".listing"))
    flash(f"已录入法定禁设内容 {count} 条", "ok")
    return go(location)


def _listing(typed: Mapping[str, Any], error: KaoheError | None = None) -> ResponseReturnValue:
    session = reading()
    body = render_template(
        "banlist/listing.html",
        entries=queries.entries(session),
        hits=indicators.banned(session, local_day(now())),
        missing=queries.missing(session),
        may_keep=offices(actor()) and holds_city_office(session, actor()),
        typed=typed,
        errors=errors_of(error) if error else {},
    )
    return body, status_of(error) if error else 200


def _check_city() -> None:
    if not holds_city_office(reading(), actor()):
        raise BanListIsTheCitys
