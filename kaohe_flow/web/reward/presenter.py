"""How a reward claim shows itself in inboxes and as a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from flask import url_for
from sqlalchemy.orm import Session

from kaohe_flow.casework.reward import commands, queries
from kaohe_flow.casework.reward.rules.claim import (
    FIGURE_TITLES,
    Figure,
    RewardKind,
    asked_figures,
    limits_of,
    rule_options,
)
from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.records.attachment.queries import of_case
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.web.common.attachments import posted, store, tiles
from kaohe_flow.web.common.filters import figure
from kaohe_flow.web.common.forms import load
from kaohe_flow.web.common.presenter import Act, Form
from kaohe_flow.web.common.scope import scope_of
from kaohe_flow.web.reward.forms import RewardSchema, VerdictSchema, read_objection_ruling
from kaohe_flow.workflow.instance import queries as running

OWN_FORM: Final = "reward_claim"
OBJECTION_FORM: Final = "objection_check"
OPINIONS: Final = ("事迹属实，同意。", "证明材料不全，请补充命令原件。", "与命令记载不符，请核对。")


class RewardPresenter:
    """Claims of rewards."""

    template: Final = "reward/_case.html"
    form_template: Final = "reward/_task.html"

    def check_visible(self, session: Session, case_key: str, actor: Actor) -> None:
        """The rewarded, the claimant, the reviewers, and those responsible for the unit or the line."""
        reward = queries.by_case_key(session, case_key)
        queries.visible(session, reward.id, actor, scope_of(session, actor))

    def show(self, session: Session, case_key: str) -> Mapping[str, Any]:
        """Everything the partials print."""
        reward = queries.by_case_key(session, case_key)
        version = indicators.version(session, reward.indicator_version_id)
        item = queries.item_of(session, reward)
        named = dict(rule_options(item))
        figures = asked_figures(item)
        return {
            "reward": reward,
            "version": version,
            "item": item,
            "officer": officers.get(session, reward.officer_id),
            "unit": units.get(session, reward.unit_id),
            "reward_period": periods.get(session, reward.period_id),
            "figures": [(one.value, FIGURE_TITLES[one]) for one in figures],
            "claimed": [
                (
                    FIGURE_TITLES[one],
                    named.get(reward.option or "")
                    if one is Figure.OPTION
                    else figure(getattr(reward, one.value)),
                )
                for one in figures
            ],
            "reward_opinions": queries.opinions(session, reward.id),
            "objections": queries.objections(session, reward.id),
            "objection_answers": queries.objection_answers(session, reward.id),
            "files": tiles(session, of_case(session, case_key)),
            "limits": limits_of(item, reward.option),
            "rule_options": rule_options(item),
            "reward_kinds": [(kind.value, kind.label) for kind in RewardKind],
            "opinions": OPINIONS,
        }

    def acts(self, session: Session, case_key: str, actor: Actor, now: datetime) -> Sequence[Act]:
        """撤回 while nobody has taken the claim up; 提出异议 while it is on show."""
        reward = queries.by_case_key(session, case_key)
        if queries.may_withdraw(session, reward, actor):
            confirm = "撤回后本次申报不再送审，确定撤回吗？"
            url = url_for("reward.withdraw", reward_id=reward.id)
            return (Act("撤回", url, post=True, symbol="undo", confirm=confirm),)
        is_own = actor.officer_id in {reward.officer_id, reward.claimed_by_id}
        if reward.state in queries.ON_SHOW and not is_own:
            return (Act("提出异议", url_for("reward.objection", reward_id=reward.id), symbol="alert"),)
        return ()

    def decide(self, work: Work, task_id: int, form: Form) -> None:
        """An opinion, a verification, an approval; the officer's own step; the answers to objections."""
        task = running.task(work.session, task_id)
        asked = running.step_of(work.session, task).form_key
        if asked == OWN_FORM and form.get("outcome") == "give_up":
            commands.give_up(work, task_id)
        elif asked == OWN_FORM:
            commands.resubmit(work, task_id, load(RewardSchema(), form), store(), posted())
        elif asked == OBJECTION_FORM:
            reward = queries.by_case_key(work.session, task.instance.case_key)
            waiting = [row.id for row in queries.open_objections(work.session, reward.id)]
            commands.settle_objections(work, task_id, read_objection_ruling(form, waiting))
        else:
            commands.review(work, task_id, load(VerdictSchema(), form))
