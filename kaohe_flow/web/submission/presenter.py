"""How a claim shows itself in inboxes and as a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from flask import url_for
from sqlalchemy.orm import Session

from kaohe_flow.casework.appeal.queries.listing import hears
from kaohe_flow.casework.submission import commands, queries
from kaohe_flow.casework.submission.rules import (
    FIGURE_TITLES,
    OFFICERS_FORM,
    QUALITY_TITLES,
    ClaimState,
    asked_figures,
    point_limits,
    rule_options,
)
from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.records.attachment import commands as attachments
from kaohe_flow.records.attachment.queries import of_case
from kaohe_flow.results.correction import queries as corrections
from kaohe_flow.scheme.definition.method.rules import Judged
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.web.appeal.act import contest
from kaohe_flow.web.common.attachments import posted, store, tiles
from kaohe_flow.web.common.filters import figure_text, unit_for
from kaohe_flow.web.common.forms import load
from kaohe_flow.web.common.presenter import Act, Form
from kaohe_flow.web.common.scope import scope_of
from kaohe_flow.web.submission.forms import ClaimSchema, FindingSchema
from kaohe_flow.workflow.instance import queries as running

OPINIONS: Final = ("材料齐全，情况属实。", "佐证不足，请补充原始记录。", "完成日期与佐证不符，请核对。")


class SubmissionPresenter:
    """Claims of finished work."""

    template: Final = "submission/_case.html"
    form_template: Final = "submission/_task.html"

    def check_visible(self, session: Session, case_key: str, actor: Actor) -> None:
        """Own claims, claims of units below, claims of one's line, claims one works on or hears."""
        claim = queries.by_case_key(session, case_key)
        if not hears(session, case_key, actor):
            queries.visible(session, claim.id, actor, scope_of(session, actor))

    def show(self, session: Session, case_key: str) -> Mapping[str, Any]:
        """Everything the partials print."""
        claim = queries.by_case_key(session, case_key)
        version = indicators.version(session, claim.indicator_version_id)
        officer = officers.get(session, claim.officer_id)
        item = queries.item_of(session, claim)
        figures, counted_in = asked_figures(item.method), version.unit_of_measure
        return {
            "claim": claim,
            "version": version,
            "officer": officer,
            "unit": units.get(session, claim.unit_id),
            "claim_period": periods.get(session, claim.period_id),
            "figures": [(figure.value, FIGURE_TITLES[figure]) for figure in figures],
            "reported": [
                (FIGURE_TITLES[one], figure_text(getattr(claim, one.value), unit_for(counted_in, one.value)))
                for one in figures
            ],
            "frozen": queries.versions(session, claim.id),
            "verdicts": queries.verdicts(session, claim.id),
            "files": tiles(session, of_case(session, case_key)),
            "is_deferred": bool(corrections.deferred(session, case_key)),
            "voucher": corrections.of_source(session, case_key),
            "judged": isinstance(item.method, Judged),
            "limits": point_limits(item),
            "rule_options": rule_options(item),
            "quality_options": [(quality.value, title) for quality, title in QUALITY_TITLES.items()],
            "opinions": OPINIONS,
        }

    def acts(self, session: Session, case_key: str, actor: Actor, now: datetime) -> Sequence[Act]:
        """撤回 while nobody has taken the claim up; 提请复议 against what was decided."""
        claim = queries.by_case_key(session, case_key)
        instance = running.of_case(session, case_key)
        is_waiting = claim.state is ClaimState.UNDER_REVIEW and instance is not None
        if claim.officer_id != actor.officer_id or not is_waiting or not queries.may_withdraw(session, claim):
            return contest(session, case_key, actor, now)
        return (
            Act(
                "撤回",
                url_for("submission.withdraw", claim_id=claim.id),
                post=True,
                symbol="undo",
                confirm="撤回后本次报送不再送审，确定撤回吗？",
            ),
        )

    def decide(self, work: Work, task_id: int, form: Form) -> None:
        """A reviewer's verdict, or the officer's own step after a rejection."""
        task = running.task(work.session, task_id)
        if running.step_of(work.session, task).form_key != OFFICERS_FORM:
            commands.review(work, task_id, load(FindingSchema(), form))
            return
        claim = queries.by_case_key(work.session, task.instance.case_key)
        if form.get("outcome") == "give_up":
            commands.give_up(work, claim.id, task_id)
            return
        commands.revise(work, claim.id, load(ClaimSchema(), form))
        uploads = posted()
        if uploads:
            attachments.attach(work, store(), claim.case_key, uploads)
        commands.resubmit(work, claim.id, task_id)
