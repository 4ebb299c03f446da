"""为什么是这个分: a total, its steps, its lines, and for each line the case behind it."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.results.ranking import queries as ranking
from kaohe_flow.results.sealing import queries as sealing
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.scorebook.roster.queries import Viewer, may_see
from kaohe_flow.scorebook.scoring.fanout.rules import derived_id
from kaohe_flow.web.common.policy import allow, officers
from kaohe_flow.web.common.scope import scope_of
from kaohe_flow.web.common.security import actor, now, reading
from kaohe_flow.web.score.presenter import explanation

bp = Blueprint("score", __name__, url_prefix="/scores")


@bp.get("/")
@allow(officers)
def mine() -> ResponseReturnValue:
    """My own score of this period."""
    return _page("officer", actor().officer_id or 0)


@bp.get("/<kind>/<int:subject_id>")
@allow(officers)
def show(kind: str, subject_id: int) -> ResponseReturnValue:
    """Anybody's whom one may see: oneself, people and units in one's scope."""
    if kind not in {one.value for one in SubjectKind}:
        raise NotFound
    return _page(kind, subject_id)


def _page(kind: str, subject_id: int) -> ResponseReturnValue:
    session = reading()
    period = periods.asked_for(session, request.args.get("period"), now())
    viewer = Viewer(actor().officer_id, scope_of(session, actor()).unit_ids)
    if not may_see(session, viewer, kind, subject_id, period):
        raise NotFound
    found = ranking.of_subject(session, period, SubjectKind(kind), subject_id)
    name = f"{kind}:{subject_id}"
    entries = ledger.of_subject(session, period.id, SubjectKind(kind), subject_id)
    standing = {one.fact: one for one in entries if not one.is_reversal and not one.is_reversed}
    for fact in ledger.facts_of(session, period.id, SubjectKind(kind), subject_id):
        if str(fact.id) in standing and ledger.is_derived(fact):
            standing[derived_id(fact.content[ledger.ORIGIN], name)] = standing[str(fact.id)]
    lines = [line for line in found.lines if line.subject == name]
    explained = [
        explanation(total, [line for line in lines if line.sheet == total.sheet], standing)
        for total in found.totals
        if total.subject == name
    ]
    subject = next((one for one in found.subjects if one.id == name), None)
    return render_template(
        "score/show.html",
        shown=period,
        listing=periods.listing(session).rows,
        subject=subject,
        kind=kind,
        subject_id=subject_id,
        explained=explained,
        places=sealing.standings(session, period).places_of(name),
        entries=entries,
    )
