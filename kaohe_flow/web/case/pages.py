"""A whole case: contents, what happened, who is expected next, the diagram, and the points it led to."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.web.common.casefile import course, diagram_url, timeline
from kaohe_flow.web.common.policy import allow, officers
from kaohe_flow.web.common.presenter import presenter_of
from kaohe_flow.web.common.security import actor, now, reading
from kaohe_flow.workflow.instance import queries as running

bp = Blueprint("case", __name__, url_prefix="/cases")


@bp.get("/<case_key>")
@allow(officers)
def show(case_key: str) -> ResponseReturnValue:
    """The case file."""
    session = reading()
    instance = running.of_case(session, case_key)
    if instance is None:
        raise NotFound
    presenter = presenter_of(instance.process_key)
    presenter.check_visible(session, case_key, actor())
    return render_template(
        "case/show.html",
        instance=instance,
        case_template=presenter.template,
        timeline=timeline(session, instance, now()),
        course=course(session, instance, now()),
        diagram_src=diagram_url(instance),
        entries=ledger.of_case(session, case_key),
        is_own=instance.started_by_id == actor().officer_id,
        acts=presenter.acts(session, case_key, actor(), now()),
        **presenter.show(session, case_key),
    )
