"""更正单: whom it concerns, what is overturned or added and why, and the list of all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kaohe_flow.casework.submission.rules import rule_options
from kaohe_flow.kernel.errors import Conflict, InvalidInput, KaoheError, NotFound, RuleBroken
from kaohe_flow.organization.officer import queries as people
from kaohe_flow.organization.role.rules import Role, read_principal
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.records.receipt.commands import AlreadyAnswered
from kaohe_flow.results.correction import commands, queries
from kaohe_flow.results.correction.commands import Enclosures, Proposal
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.web.common.attachments import posted, store
from kaohe_flow.web.common.errors import status_of
from kaohe_flow.web.common.forms import errors_of
from kaohe_flow.web.common.policy import allow, holding, officers
from kaohe_flow.web.common.scope import scope_of
from kaohe_flow.web.common.security import acting, actor, answered, go, reading
from kaohe_flow.web.correction.forms import read_voucher
from kaohe_flow.workflow.instance import queries as running

bp = Blueprint("correction", __name__, url_prefix="/corrections")
office = holding(Role.OFFICE.value)
SHOWN: Final = 10


@bp.get("/")
@allow(officers)
def listing() -> ResponseReturnValue:
    """Vouchers about me, proposed by me, and about people and units below my competences."""
    session = reading()
    number = max(1, request.args.get("page", 1, type=int))
    page = queries.page(session, queries.in_scope(actor(), scope_of(session, actor())), number)
    cases = {row.id: running.of_case(session, row.case_key) for row in page.rows}
    return render_template(
        "correction/listing.html",
        page=page,
        cases=cases,
        waiting={
            row.id: [task.step_name for task in running.open_tasks(session, case.id)]
            for row in page.rows
            if (case := cases[row.id]) is not None
        },
        periods=periods.by_ids(session, [row.period_id for row in page.rows]),
        may_propose=bool(_reach()),
    )


@bp.get("/new")
@allow(office)
def new() -> ResponseReturnValue:
    """Choose the period, then the subject, then say what is wrong; each choice is a link."""
    return _form_page()


@bp.post("/new")
@allow(office)
def create() -> ResponseReturnValue:
    """Put the voucher forward; what was typed survives every refusal."""
    try:
        typed = read_voucher(request.form)
        with acting() as work:
            proposal = Proposal(
                period_id=typed.period_id,
                subject_kind=typed.kind,
                subject_id=typed.subject_id,
                reason=typed.reason,
                document_no=typed.document_no,
                overturn=typed.overturn,
            )
            if typed.added is not None:
                proposal = replace(proposal, add=(commands.finding_for(work, proposal, typed.added),))
            made = commands.propose(work, proposal, Enclosures(store(), posted()))
            location = answered(work, url_for("case.show", case_key=made.case_key))
    except AlreadyAnswered:
        raise
    except (InvalidInput, RuleBroken, Conflict) as error:
        return _form_page(error)
    flash("更正单已提出，转考核办另一人核对", "ok")
    return go(location)


def _reach() -> frozenset[int]:
    """Units below the authorities whose assessment office one belongs to."""
    session = reading()
    tops = {unit.id for unit in units.roots(session)}
    seats = (read_principal(principal) for principal in actor().principals)
    held = {seat.place for seat in seats if seat is not None and seat.role is Role.OFFICE}
    return units.subtrees_ids(session, held & tops)


def _form_page(error: KaoheError | None = None) -> ResponseReturnValue:
    session, given = reading(), request.form if error else request.args
    sealed = queries.sealed_periods(session)
    period_id = given.get("period_id", type=int)
    kind = SubjectKind.UNIT if given.get("kind") == SubjectKind.UNIT.value else SubjectKind.OFFICER
    context: dict[str, Any] = {
        "sealed": sealed,
        "shown": next((one for one in sealed if one.id == period_id), sealed[0] if sealed else None),
        "kind": kind.value,
        "words": request.args.get("q", ""),
        "found": (),
        "more": False,
        "subject": None,
        "version": None,
        "errors": errors_of(error) if error else {},
        "typed": request.form if error else {},
        "ticked": request.form.getlist("overturn", type=int) if error else [],
    }
    subject_id = given.get("subject_id", type=int)
    if context["shown"] is not None and subject_id is None:
        context["found"], context["more"] = _found(context, kind)
    elif context["shown"] is not None and subject_id is not None:
        context |= _chosen(context["shown"].id, kind, subject_id, given.get("indicator_version_id", type=int))
    body = render_template("correction/form.html", **context)
    return body, status_of(error) if error else 200


def _found(context: dict[str, Any], kind: SubjectKind) -> tuple[list[tuple[int, str, str]], bool]:
    """Number, name and further words of the first subjects that fit what is searched for; whether there are
    more."""
    session, day, within = reading(), context["shown"].ends_on, _reach()
    if kind is SubjectKind.UNIT:
        found = units.search(session, context["words"], day=day, within=within)
        return [(unit.id, unit.name, unit.code) for unit in found[:SHOWN]], len(found) > SHOWN
    wanted = people.Search(day=day, text=context["words"], within=within, size=SHOWN)
    page = people.search(session, wanted)
    return [
        (row.officer.id, row.officer.name, f"{row.officer.police_no} · {row.unit.name if row.unit else ''}")
        for row in page.rows
    ], page.total > len(page.rows)


def _chosen(period_id: int, kind: SubjectKind, subject_id: int, version_id: int | None) -> dict[str, Any]:
    """The subject inside one's reach, its facts with their points, and the fields of the chosen indicator."""
    session = reading()
    period = periods.get(session, period_id)
    if queries.unit_of(session, period, kind, subject_id) not in _reach():
        raise NotFound
    standing = ledger.standing(session, period_id, kind, subject_id)
    lines = {int(line.fact): line for line in standing.scored.lines}
    offered = queries.choices(session, period, standing)
    choice = next((one for one in offered if one.version.id == version_id), None)
    return {
        "subject": standing.scene.subject,
        "subject_id": subject_id,
        "facts": [(fact, lines.get(fact.id)) for fact in standing.facts.values()],
        "choices": offered,
        "version": choice.version if choice else None,
        "asked": choice.asked if choice else [],
        "rule_options": rule_options(choice.item) if choice else [],
    }
