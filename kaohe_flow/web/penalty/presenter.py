"""How a penalty shows itself in inboxes and as a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from kaohe_flow.casework.appeal.queries.listing import hears
from kaohe_flow.casework.penalty import commands, queries
from kaohe_flow.casework.penalty.queries import PenaltyView
from kaohe_flow.casework.penalty.rules.defence import MOST_POINTS_OF_DEFENCE
from kaohe_flow.casework.penalty.rules.finding import FIGURE_TITLES, Figure, asked_figures, rule_options
from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.points import ZERO
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.records.attachment.queries import of_case
from kaohe_flow.scheme.definition.item.rules import Item
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.web.appeal.act import contest
from kaohe_flow.web.common.attachments import posted, store, tiles
from kaohe_flow.web.common.filters import figure
from kaohe_flow.web.common.presenter import Act, Form
from kaohe_flow.web.common.scope import scope_of
from kaohe_flow.web.penalty.forms import read_reply, read_ruling
from kaohe_flow.workflow.instance import queries as running

REPLY_FORM: Final = "penalty_reply"
HIT: Final = {"unit": "所在单位", "parent": "上级单位", "leaders": "单位领导", "members": "单位成员"}
OPINIONS: Final = ("事实清楚、证据充分、依据适用准确。", "申辩理由成立，不予扣分。", "事实有误，不予扣分。")


class PenaltyPresenter:
    """Findings against officers."""

    template: Final = "penalty/_case.html"
    form_template: Final = "penalty/_task.html"

    def check_visible(self, session: Session, case_key: str, actor: Actor) -> None:
        """The assessed, the finder, the deciders, and those responsible for the unit or the line."""
        penalty = queries.by_case_key(session, case_key)
        if not hears(session, case_key, actor):
            queries.visible(session, penalty.id, actor, scope_of(session, actor))

    def show(self, session: Session, case_key: str) -> Mapping[str, Any]:
        """Everything the partials print."""
        penalty = queries.by_case_key(session, case_key)
        item = queries.item_of(session, penalty)
        decision = queries.decision_of(session, penalty.id)
        files = of_case(session, case_key)
        return {
            "penalty": penalty,
            "version": indicators.version(session, penalty.indicator_version_id),
            "officer": officers.get(session, penalty.officer_id),
            "unit": units.get(session, penalty.unit_id),
            "penalty_period": periods.get(session, penalty.period_id),
            "told": _told(penalty, item),
            "notice": queries.notice_of(session, penalty.id),
            "reply": queries.reply_of(session, penalty.id),
            "grounds": queries.grounds(session, penalty.id),
            "ruling": decision,
            "answers": queries.answers(session, decision.id) if decision else {},
            "evidence": tiles(session, [file for file in files if file.round == commands.EVIDENCE_ROUND]),
            "defence_files": tiles(session, [file for file in files if file.round == commands.DEFENCE_ROUND]),
            "shares": _shares(session, penalty),
            "fans_out": fanned(item),
            "circumstances": [(name, name) for name in queries.circumstances(session, penalty)],
            "lowerable": [
                (one.value, FIGURE_TITLES[one].removeprefix("拟"), figure(getattr(penalty, one.value)))
                for one in (Figure.COUNT, Figure.POINTS)
                if getattr(penalty, one.value) is not None
            ],
            "most_grounds": MOST_POINTS_OF_DEFENCE,
            "opinions": OPINIONS,
        }

    def acts(self, session: Session, case_key: str, actor: Actor, now: datetime) -> Sequence[Act]:
        """提请复议 against a penalty that was imposed; findings are answered and decided in the inbox."""
        return contest(session, case_key, actor, now)

    def decide(self, work: Work, task_id: int, form: Form) -> None:
        """The assessed's reply, or the decision."""
        task = running.task(work.session, task_id)
        if running.step_of(work.session, task).form_key == REPLY_FORM:
            commands.reply(work, task_id, read_reply(form), store(), posted())
            return
        commands.decide(work, task_id, read_ruling(form))


def fanned(item: Item) -> list[str]:
    """Whom else the scheme hits, in words."""
    return [HIT[rule.to] for rule in item.fan_out]


def _shares(session: Session, penalty: PenaltyView) -> list[dict[str, Any]]:
    """Who lost how much by this case, each by the sheet that assesses them."""
    found = []
    for fact in ledger.hit_by_case(session, penalty.case_key):
        entries = ledger.of_subject(session, fact.period_id, fact.subject_kind, fact.subject_id)
        is_unit = fact.subject_kind is SubjectKind.UNIT
        named = units.get if is_unit else officers.get
        found.append(
            {
                "name": named(session, fact.subject_id).name,
                "sheet": "单位考核表" if is_unit else "民警考核表",
                "points": sum(
                    (entry.points for entry in entries if entry.case_key == penalty.case_key), ZERO
                ),
            }
        )
    return found


def _told(penalty: PenaltyView, item: Item) -> list[tuple[str, str]]:
    """The figures of the notice, with the case in words."""
    named = dict(rule_options(item))
    found = []
    for one in asked_figures(item.method):
        value = getattr(penalty, one.value)
        text = named.get(value, value) if one is Figure.OPTION else figure(value)
        found.append((FIGURE_TITLES[one], f"{text} {item.per}" if one is Figure.COUNT and text else text))
    return found
