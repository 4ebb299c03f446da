"""How an appeal shows itself in inboxes and as a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from flask import url_for
from sqlalchemy.orm import Session

from kaohe_flow.casework.appeal import commands, queries
from kaohe_flow.casework.appeal.queries import listing
from kaohe_flow.casework.appeal.queries.outlook import as_it_stands
from kaohe_flow.casework.appeal.rules import AppealState
from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.records.attachment.queries import of_case
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.period.rules import PeriodKind
from kaohe_flow.web.appeal.forms import RulingSchema
from kaohe_flow.web.common.attachments import tiles
from kaohe_flow.web.common.casefile import timeline
from kaohe_flow.web.common.forms import load
from kaohe_flow.web.common.presenter import Act, Form, presenter_of
from kaohe_flow.web.common.scope import scope_of
from kaohe_flow.web.common.security import now
from kaohe_flow.workflow.instance import queries as running

REASONS: Final = (
    "经审查，原决定事实清楚、依据充分、程序适当，予以维持。",
    "经审查，原决定认定事实不准，应予更正。",
    "经审查，原决定依据不足，予以撤销。",
)
OFFICE_STEP: Final = "office_examine"
ANSWER_FORM: Final = "appeal_answer"


class AppealPresenter:
    """Appeals against decisions of other cases."""

    template: Final = "appeal/_case.html"
    form_template: Final = "appeal/_task.html"

    def check_visible(self, session: Session, case_key: str, actor: Actor) -> None:
        """The appellant, those responsible for the unit, and those who hear the appeal."""
        appeal = queries.by_case_key(session, case_key)
        listing.visible(session, appeal, actor, scope_of(session, actor))

    def show(self, session: Session, case_key: str) -> Mapping[str, Any]:
        """The contested case as it shows itself, with petition, ladder and rulings around it."""
        appeal = queries.by_case_key(session, case_key)
        contested = queries.contested_by(session, appeal)
        told = running.of_case(session, appeal.contested_key)
        assert told is not None, "only cases on their way are contested"
        presenter = presenter_of(told.process_key)
        period = periods.get(session, appeal.period_id)
        return {
            **presenter.show(session, appeal.contested_key),
            "contested_template": presenter.template,
            "contested_timeline": timeline(session, told, now()),
            "appeal": appeal,
            "appellant": officers.get(session, appeal.officer_id),
            "appellant_unit": units.get(session, appeal.unit_id),
            "decision_unit": units.get(session, appeal.decision_unit_id),
            "appeal_period": period,
            "petition_files": tiles(session, of_case(session, case_key)),
            "ladder": _ladder(session, appeal.id),
            "stands": as_it_stands(session, contested.dispute).line_before,
            "asks": contested.asks(),
            "reasons": REASONS,
            "is_withdrawn": appeal.state is AppealState.WITHDRAWN,
            "is_closed": _is_closed(session, case_key),
            "has_statutory_path": period.kind is PeriodKind.YEAR,
        }

    def acts(self, session: Session, case_key: str, actor: Actor, now: datetime) -> Sequence[Act]:
        """The contested case, and 撤回 while an office has the appeal."""
        appeal = queries.by_case_key(session, case_key)
        leads = Act("查看原案", url_for("case.show", case_key=appeal.contested_key), symbol="file")
        instance = running.of_case(session, case_key)
        waiting = running.open_tasks(session, instance.id) if instance else ()
        with_office = any(task.step_id == OFFICE_STEP for task in waiting)
        if appeal.officer_id != actor.officer_id or not with_office:
            return (leads,)
        withdraw = Act(
            "撤回复议",
            url_for("appeal.withdraw", appeal_id=appeal.id),
            post=True,
            symbol="undo",
            confirm="撤回后原决定继续有效；已有过复议决定的，撤回后不能再次提请。确定撤回吗？",
        )
        return (leads, withdraw)

    def decide(self, work: Work, task_id: int, form: Form) -> None:
        """A ruling, or the appellant's answer to one."""
        task = running.task(work.session, task_id)
        if running.step_of(work.session, task).form_key == ANSWER_FORM:
            commands.answer(work, task_id, form.get("outcome", ""))
            return
        commands.rule(work, task_id, load(RulingSchema(), form))


def _ladder(session: Session, appeal_id: int) -> list[dict[str, Any]]:
    """Rung by rung: who, since when, what was decided or that nothing was."""
    said = {ruling.rung: ruling for ruling in queries.rulings(session, appeal_id)}
    rungs = queries.rungs(session, appeal_id)
    names = units.by_ids(session, (rung.unit_id for rung in rungs))
    return [
        {
            "number": rung.number,
            "name": _rung_name(names[rung.unit_id].short_name, rung.kind.label),
            "rung": rung,
            "is_final": rung.kind.value != "office",
            "ruling": said.get(rung.number),
        }
        for rung in rungs
    ]


def _rung_name(unit: str, kind: str) -> str:
    return unit if unit.endswith(kind) else f"{unit}·{kind}" if kind != "考核办" else f"{unit}考核办"


def _is_closed(session: Session, case_key: str) -> bool:
    instance = running.of_case(session, case_key)
    return instance is not None and instance.ended_at is not None
