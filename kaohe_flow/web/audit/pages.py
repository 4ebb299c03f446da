"""The audit trail: all of it for the auditor, security events for the security administrator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson
from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kaohe_flow.kernel.calendar import end_of, start_of
from kaohe_flow.kernel.errors import InvalidInput, KaoheError
from kaohe_flow.kernel.paging import PAGE_SIZE
from kaohe_flow.records.audit import queries
from kaohe_flow.records.audit.commands import record
from kaohe_flow.records.audit.queries import Search
from kaohe_flow.records.audit.rules import SECURITY
from kaohe_flow.web.audit.presenter import lines
from kaohe_flow.web.audit.words import DEEDS, SUBJECTS
from kaohe_flow.web.common.download import download
from kaohe_flow.web.common.errors import status_of
from kaohe_flow.web.common.forms import Day, FormSchema, errors_of, load
from kaohe_flow.web.common.policy import allow, auditors, either, security_administrators
from kaohe_flow.web.common.security import acting, actor, answered, go, reading

bp = Blueprint("audit", __name__, url_prefix="/audit")
readers: Final = either(auditors, security_administrators)
ASKED: Final = ("who", "deed", "about", "first", "last")
EXPORTING: Final = "audit.exported"
EXPORTED: Final = 100_000
"""Lines of one export; more are exported by days."""


class DaysSchema(FormSchema):
    """From which day to which."""

    first = Day(load_default=None)
    last = Day(load_default=None)


@bp.get("/")
@allow(readers)
def listing() -> ResponseReturnValue:
    """Who did what, the latest first."""
    try:
        page = max(1, request.args.get("page", 1, type=int))
        wanted, error = _wanted(_asked(request.args), number=page), None
    except InvalidInput as refused:
        wanted, error = Search(security_only=not auditors(actor())), refused
    return _listing(wanted, error)


@bp.get("/check")
@allow(auditors)
def check() -> ResponseReturnValue:
    """Read the whole trail again, link by link."""
    broken = queries.first_broken(reading())
    count = queries.count(reading())
    if broken is None:
        flash(f"审计记录完整：共 {count} 条，逐条校验无误", "ok")
    else:
        flash(f"审计记录从第 {broken} 条起被改动或缺失，请立即报告", "bad")
    return _listing(Search())


@bp.post("/export")
@allow(auditors)
def order_export() -> ResponseReturnValue:
    """Record what is taken out of the house, then hand it out: an export is itself a deed."""
    asked = _asked(request.form)
    load(DaysSchema(), asked)
    with acting() as work:
        number = record(work, EXPORTING, "audit", asked=[[name, text] for name, text in asked.items()])
        where = answered(work, url_for(".export", number=number))
    return go(where)


@bp.get("/export/<int:number>.jsonl")
@allow(auditors)
def export(number: int) -> ResponseReturnValue:
    """What was asked for under this number of the trail, as the very texts that were hashed, latest first."""
    ordered = queries.own_deed(reading(), number, EXPORTING, actor())
    asked = _asked(dict(ordered["asked"]))  # type: ignore[arg-type]
    found = queries.search(reading(), _wanted(asked, EXPORTED))
    texts = [
        orjson.dumps(
            {
                "seq": entry.seq,
                "payload": entry.payload.decode(),
                "prev": entry.prev.hex(),
                "hash": entry.hash.hex(),
            }
        )
        for entry in found.rows
    ]
    return download(b"\n".join([*texts, b""]), "审计记录.jsonl", "application/jsonl")


def _asked(given: Mapping[str, str]) -> dict[str, str]:
    return {name: given[name] for name in ASKED if given.get(name)}


def _wanted(asked: Mapping[str, str], size: int = PAGE_SIZE, number: int = 1) -> Search:
    days = load(DaysSchema(), asked)
    return Search(
        actor=asked.get("who", "").strip(),
        deed=asked.get("deed", ""),
        subject=asked.get("about", "").strip(),
        first=start_of(days["first"]) if days["first"] else None,
        last=end_of(days["last"]) if days["last"] else None,
        security_only=not auditors(actor()),
        number=number,
        size=size,
    )


def _listing(wanted: Search, error: KaoheError | None = None) -> ResponseReturnValue:
    asked: dict[str, Any] = _asked(request.args)
    seen = [deed for deed in DEEDS if not wanted.security_only or deed.startswith(SECURITY)]
    page = queries.search(reading(), wanted)
    body = render_template(
        "audit/listing.html",
        page=page,
        lines=lines(reading(), page.rows),
        wanted=wanted,
        asked=asked,
        deeds=[(deed, DEEDS[deed]) for deed in seen],
        kinds=[] if wanted.security_only else [(f"{kind}.", title) for kind, title in SUBJECTS.items()],
        link=url_for(".listing", **asked) + ("&" if asked else "?") + "page={page}",
        may_check=auditors(actor()),
        errors=errors_of(error) if error else {},
    )
    return body, status_of(error) if error else 200
