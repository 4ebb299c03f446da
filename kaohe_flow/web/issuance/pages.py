"""What was issued and how far it has come, what my unit received, what nobody holds, issuing itself."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import InvalidInput, KaoheError, NotFound, Problem
from kaohe_flow.organization.role.rules import Role
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.records.receipt.commands import AlreadyAnswered
from kaohe_flow.scheme.banlist.rules import BannedIndicator
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.issuance import commands, queries
from kaohe_flow.scheme.issuance.queries import Branch
from kaohe_flow.scheme.issuance.rules import Order, Progress, Term
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.period.rules import PeriodState
from kaohe_flow.web.common.errors import status_of
from kaohe_flow.web.common.filters import figure
from kaohe_flow.web.common.forms import errors_of
from kaohe_flow.web.common.policy import allow, holding
from kaohe_flow.web.common.scope import scope_of
from kaohe_flow.web.common.seats import offices_of, units_of
from kaohe_flow.web.common.security import acting, actor, answered, go, now, reading
from kaohe_flow.web.issuance.parts import even_start, read_figure, read_parts, recipients
from kaohe_flow.workflow.instance import queries as running

bp = Blueprint("issuance", __name__, url_prefix="/issuance")
issuers: Final = holding("office")
TAKERS: Final = (Role.OFFICE, Role.UNIT_ADMIN, Role.UNIT_HEAD, Role.LEADING_GROUP)
takers: Final = holding(*(role.value for role in TAKERS))
VIEWS: Final = {"issued": "本单位下达", "received": "本单位收到", "gaps": "责任缺口"}
TONES: Final = {
    Progress.ISSUED: "warn",
    Progress.RECEIVED: "info",
    Progress.IN_WORK: "info",
    Progress.DONE: "ok",
    Progress.REFUSED: "bad",
    Progress.WITHDRAWN: "",
}


@bp.get("/")
@allow(takers)
def overview() -> ResponseReturnValue:
    """Three lists: issued by my units, received by my units, parts below them without a person."""
    session, view = reading(), request.args.get("view", "")
    own = units_of(actor(), *TAKERS)
    view = view or ("issued" if offices_of(actor()) else "received")
    if view not in VIEWS:
        raise NotFound
    number = max(1, request.args.get("page", 1, type=int))
    words = request.args.get("q", "").strip()
    listed: Mapping[str, Any]
    if view == "issued":
        page = queries.issued_rows(session, own, keyword=words, number=number)
        listed = {"page": page, "standings": queries.standings(session, [row.id for row in page.rows])}
    elif view == "received":
        listed = {"page": queries.received(session, own, number=number)}
    else:
        listed = {"page": queries.unheld(session, units.subtrees_ids(session, own), number=number)}
    return render_template(
        "issuance/overview.html",
        view=view,
        views=VIEWS,
        words=words,
        names=units.by_ids(session, own),
        may_issue=issuers(actor()),
        now=now(),
        **listed,
    )


@bp.get("/<int:assignment_id>")
@allow(takers)
def tree(assignment_id: int) -> ResponseReturnValue:
    """One indicator on its way down, from one assignment on."""
    session = reading()
    top = queries.get(session, assignment_id)
    if top.to_unit_id is None or top.to_unit_id not in _seen(session):
        raise NotFound
    branch = queries.progress_tree(session, assignment_id)
    told: dict[Progress, int] = dict.fromkeys(Progress, 0)
    for one in _below(branch):
        told[one.progress] += 1
    return render_template(
        "issuance/tree.html",
        top=top,
        version=top.indicator_version,
        nodes=[_node(branch)],
        told=told,
        tones=TONES,
        persons=sum(one.is_person for one in _below(branch)),
        gaps=queries.coverage(session, root_id=top.tree_id) if top.parent_assignment_id is None else (),
        case_key=top.case_key if top.case_key and running.of_case(session, top.case_key) else None,
        awaits_approval=queries.awaits_approval(session, top.case_key or ""),
        unit=units.get(session, top.to_unit_id),
    )


@bp.get("/new")
@allow(issuers)
def choose() -> ResponseReturnValue:
    """Which effective indicator to issue."""
    session = reading()
    period = periods.current(session, now())
    return render_template(
        "issuance/choose.html", versions=indicators.all_in_force(session, period), shown=period
    )


@bp.get("/new/<int:version_id>")
@allow(issuers)
def new(version_id: int) -> ResponseReturnValue:
    """The form: for which days, how much in all, how much to whom."""
    return _form(version_id, MultiDict())


@bp.post("/new/<int:version_id>")
@allow(issuers)
def create(version_id: int) -> ResponseReturnValue:
    """Propose the issuing, or fill the table in evenly first."""
    if request.form.get("deed") == "divide":
        return _divided(version_id)
    try:
        order = _order(version_id)
        with acting() as work:
            reason = request.form.get("override_reason", "").strip() or None
            root = commands.propose(work, order, override_reason=reason)
            location = answered(work, url_for("case.show", case_key=root.case_key))
    except AlreadyAnswered:
        raise
    except KaoheError as error:
        return _form(version_id, request.form, error)
    flash("已提请下达，审批同意后送达各接收单位签收", "ok")
    return go(location)


def _order(version_id: int) -> Order:
    session, form = reading(), request.form
    version = indicators.version(session, version_id)
    unit_id = _issuing_unit(form.get("unit", type=int))
    faults: list[Problem] = []
    total = read_figure(form.get("total", ""), "total", faults)
    term = _term(session, form.get("term", ""), faults)
    rows = recipients(session, unit_id, local_day(now()))
    try:
        parts = read_parts(form, rows, total, version.split)
    except InvalidInput as error:
        raise InvalidInput(problems=(*faults, *error.problems)) from None
    if faults or term is None:
        raise InvalidInput(problems=tuple(faults))
    return Order(version_id, unit_id, term, parts, total, form.get("over_reason", ""))


def _divided(version_id: int) -> ResponseReturnValue:
    session, form = reading(), request.form
    version = indicators.version(session, version_id)
    rows = recipients(session, _issuing_unit(form.get("unit", type=int)), local_day(now()))
    faults: list[Problem] = []
    total = read_figure(form.get("total", ""), "total", faults)
    if total is None and not faults:
        faults.append(Problem("total", "请先填写本级目标值"))
    typed = MultiDict(form)
    for row in rows:
        typed.pop(row.key, None)
    typed.update(even_start(rows, form.getlist("pick"), total, version.split))
    return _form(version_id, typed, InvalidInput(problems=tuple(faults)) if faults else None)


def _form(
    version_id: int, typed: MultiDict[str, str], error: KaoheError | None = None
) -> ResponseReturnValue:
    session = reading()
    unit_id = _issuing_unit(typed.get("unit", type=int) or request.args.get("unit", type=int))
    body = render_template(
        "issuance/form.html",
        version=indicators.version(session, version_id),
        unit=units.get(session, unit_id),
        offices=list(units.by_ids(session, offices_of(actor())).values()),
        rows=recipients(session, unit_id, local_day(now())),
        terms=_terms(session),
        typed=typed,
        picked=typed.getlist("pick"),
        total=None,
        counted=True,
        errors=errors_of(error) if error else {},
        is_banned=isinstance(error, BannedIndicator) or bool(typed.get("override_reason")),
    )
    return body, status_of(error) if error else 200


def _issuing_unit(wanted: int | None) -> int:
    """The unit of the form, if the person acts for its office; otherwise the first they do act for."""
    held = offices_of(actor())
    if wanted is not None and wanted not in held:
        raise NotFound
    return wanted or held[0]


def _terms(session: Session) -> list[tuple[str, list[tuple[str, str]]]]:
    open_ones = [one for one in periods.listing(session).rows if one.state is PeriodState.OPEN]
    years = sorted({one.ends_on.year for one in open_ones} | {local_day(now()).year + 1})
    return [
        ("按年度", [(f"year:{year}", f"{year} 年度") for year in years]),
        ("按考核期", [(f"period:{one.id}", one.name) for one in open_ones]),
    ]


def _term(session: Session, typed: str, faults: list[Problem]) -> Term | None:
    offered = {value for _, group in _terms(session) for value, _ in group}
    kind, _, number = typed.partition(":")
    if typed not in offered:
        faults.append(Problem("term", "请选择适用时间"))
        return None
    return queries.year_term(int(number)) if kind == "year" else queries.period_term(session, int(number))


def _seen(session: Session) -> frozenset[int]:
    return scope_of(session, actor()).unit_ids


def _below(branch: Branch) -> list[Branch]:
    return [one for child in branch.children for one in (child, *_below(child))]


def _node(branch: Branch) -> dict[str, Any]:
    """A branch for the tree macro; units are open as long as they are not done."""
    row = branch.assignment
    target: Decimal | None = row.target
    return {
        "name": branch.name,
        "url": "" if branch.is_person else url_for(".tree", assignment_id=row.id),
        "tags": [(branch.progress.label, TONES[branch.progress])],
        "note": row.reason or row.part_reason,
        "count": f"{figure(target)} {row.indicator_version.unit_of_measure}" if target is not None else None,
        "open": branch.progress is not Progress.DONE or row.parent_assignment_id is None,
        "children": [_node(child) for child in branch.children],
    }
