"""How a voucher shows itself in inboxes and as a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from flask import url_for
from sqlalchemy.orm import Session

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.records.attachment.queries import of_case
from kaohe_flow.results.correction import commands, queries
from kaohe_flow.results.correction.queries import LineView
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scorebook.ledger.queries import FIGURES
from kaohe_flow.scorebook.roster.queries import subject_of
from kaohe_flow.web.common.attachments import tiles
from kaohe_flow.web.common.filters import figure
from kaohe_flow.web.common.forms import load
from kaohe_flow.web.common.presenter import Act, Form
from kaohe_flow.web.common.scope import scope_of
from kaohe_flow.web.correction.forms import OpinionSchema

OPINIONS: Final = ("依据充分，更正内容无误。", "依据不足，不予更正。", "更正内容与文书不符，不予更正。")
WORDS: Final = {
    "count": "数量",
    "done": "完成数",
    "target": "应完成数",
    "value": "实际值",
    "points": "核定分值",
    "share": "折算系数",
    "option": "情形",
    "deed": "案件·通知编号",
    "mitigation": "从轻情节",
    "note": "附注",
}
STEPS: Final = {"second_check": "核对", "order": "领导小组决定"}


class CorrectionPresenter:
    """Cases of the diagram ``score_correction``."""

    template: Final = "correction/_case.html"
    form_template: Final = "correction/_task.html"

    def check_visible(self, session: Session, case_key: str, actor: Actor) -> None:
        """The subject, the proposer, those who decide, and those responsible for the unit."""
        queries.visible(session, case_key, actor, scope_of(session, actor))

    def show(self, session: Session, case_key: str) -> Mapping[str, Any]:
        """Everything the partials print."""
        correction = queries.by_case_key(session, case_key)
        period = periods.get(session, correction.period_id)
        kind = correction.subject_kind.value
        return {
            "correction": correction,
            "corrected_period": period,
            "subject": subject_of(session, kind, correction.subject_id, period),
            "subject_unit": units.get(session, correction.unit_id),
            "changes": [_change(session, row) for row in queries.lines(session, correction.id)],
            "effects": queries.effects(session, correction),
            "verdicts": queries.verdicts(session, correction.id),
            "step_titles": STEPS,
            "files": tiles(session, of_case(session, case_key)),
            "opinions": OPINIONS,
        }

    def acts(self, session: Session, case_key: str, actor: Actor, now: datetime) -> Sequence[Act]:
        """The case that brought the voucher about, and the ranking as it stands."""
        correction = queries.by_case_key(session, case_key)
        period = periods.get(session, correction.period_id)
        ranking = Act("查看排名", url_for("ranking.show", period=period.code), symbol="chart")
        if correction.source_key is None:
            return (ranking,)
        return (Act("查看来源案件", url_for("case.show", case_key=correction.source_key)), ranking)

    def decide(self, work: Work, task_id: int, form: Form) -> None:
        """Check, or order."""
        typed = load(OpinionSchema(), form)
        commands.decide(work, task_id, typed["outcome"], typed["opinion"])


def _plain(name: str, value: str) -> str:
    return figure(Decimal(value)) if name in FIGURES else value


def _change(session: Session, row: LineView) -> dict[str, Any]:
    version = indicators.version(session, row.indicator_version_id)
    told = row.content.items()
    return {
        "falls": row.overturns is not None,
        "number": row.overturns,
        "code": row.item,
        "name": version.name,
        "day": row.happened_on,
        "content": "，".join(f"{WORDS.get(name, name)} {_plain(name, value)}" for name, value in told),
        "found_by": row.found_by_name,
        "case_key": row.case_key,
    }
