"""What the diagram ``reward_claim`` may ask of rewards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from kaohe_flow.casework.reward import queries
from kaohe_flow.casework.reward.model import Reward
from kaohe_flow.casework.reward.rules.claim import RewardState, must_be_shown
from kaohe_flow.casework.reward.rules.forecast import counting_day, fact_content
from kaohe_flow.casework.standing import queries as standing
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.role.queries import Standing
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.indicator.rules import OWNERS_WITHOUT_LINE
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scorebook.ledger import commands as ledger
from kaohe_flow.scorebook.ledger.commands import Finding
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.workflow.delegate import Asked, Candidates
from kaohe_flow.workflow.engine.port import Step, Value

Topic = Callable[[Work, Reward], Mapping[str, Value]]
NOTHING: Final[Mapping[str, Value]] = {}


class RewardDelegate:
    """Candidates and topics of a reward claim."""

    forms: Final = frozenset(
        {"reward_claim", "unit_opinion", "line_verify", "office_approve", "objection_check"}
    )
    variables: Final = frozenset({"rounds", "honour", "capped"})

    def __init__(self) -> None:
        self._topics: Mapping[str, Topic] = {
            "reward.open": _moving(RewardState.UNDER_REVIEW),
            "reward.withdraw": _moving(RewardState.WITHDRAWN),
            "reward.check": _check,
            "reward.publish": _publish,
            "reward.score": _score,
            "reward.cancel": _moving(RewardState.CANCELLED),
            "reward.reject": _reject,
            "reward.resubmit": _moving(RewardState.UNDER_REVIEW),
            "reward.lapse": _moving(RewardState.LAPSED),
            "reward.close_rejected": _moving(RewardState.REJECTED),
        }

    @property
    def topics(self) -> frozenset[str]:
        """What service tasks may say."""
        return frozenset(self._topics)

    def candidates(self, session: Session, asked: Asked, now: datetime) -> Candidates:
        """The pool of a step. Whoever filed the claim, judged this round or objected keeps out."""
        reward = queries.by_case_key(session, asked.case_key)
        judged = {
            row.decided_by_id for row in queries.opinions(session, reward.id) if row.round == reward.round
        }
        objectors = {row.raised_by_id for row in queries.objections(session, reward.id)}
        line = indicators.version(session, reward.indicator_version_id).line_code
        return standing.candidates(
            session,
            asked,
            Standing(
                subject_officer_id=reward.officer_id,
                unit_id=reward.unit_id,
                day=local_day(now),
                line_code=None if line in OWNERS_WITHOUT_LINE else line,
                recused=frozenset(judged | objectors | {reward.claimed_by_id}),
            ),
        )

    def functions(self, session: Session, case_key: str, now: datetime) -> Mapping[str, Callable[..., Value]]:
        """Calendar functions of the claim's period."""
        return standing.time_functions(session, queries.by_case_key(session, case_key).period_id, now)

    def perform(
        self,
        work: Work,
        case_key: str,
        step: Step,
        inputs: Mapping[str, Value],
        known: Mapping[str, Value],
    ) -> Mapping[str, Value]:
        """Do what the diagram asks for."""
        return self._topics[step.topic or ""](work, queries.by_case_key(work.session, case_key))


def _moving(state: RewardState) -> Topic:
    def move(_work: Work, reward: Reward) -> Mapping[str, Value]:
        reward.state = state
        return NOTHING

    return move


def _reject(_work: Work, reward: Reward) -> Mapping[str, Value]:
    reward.state = RewardState.RETURNED
    return {"rounds": reward.round}


def _check(work: Work, reward: Reward) -> Mapping[str, Value]:
    """Limits, same deeds, public or not: worked out by the scoring rules, kept with the claim in words."""
    found = queries.found_by_line(work.session, reward)
    kind = found.kind or reward.kind
    forecast = queries.forecast(work.session, reward, periods.get(work.session, reward.period_id))
    reward.is_honour = must_be_shown(kind, queries.item_of(work.session, reward))
    reward.is_capped, reward.expected, reward.check_text = forecast.is_capped, forecast.points, forecast.text
    return {"honour": reward.is_honour, "capped": forecast.is_capped}


def _publish(work: Work, reward: Reward) -> Mapping[str, Value]:
    reward.state, reward.notice_from = RewardState.NOTICE, work.now
    return NOTHING


def _score(work: Work, reward: Reward) -> Mapping[str, Value]:
    """Hand the fact to the ledger, at 0 with its reason where a limit or an equal deed leaves nothing.

    Limits are looked at again: others may have been scored during the notice. What the notice carried
    beyond the seal of its period counts in the open one.
    """
    if periods.get(work.session, reward.period_id).sealed_at is not None:
        reward.period_id = periods.current(work.session, work.now).id
    period = periods.get(work.session, reward.period_id)
    filed_on = local_day(reward.claimed_at)
    today = filed_on if filed_on >= period.starts_on else local_day(work.now)
    day, late = counting_day(reward.happened_on, today, period.starts_on, period.ends_on)
    forecast = queries.forecast(work.session, reward, period)
    reward.is_capped, reward.expected, reward.check_text = forecast.is_capped, forecast.points, forecast.text
    note = "；".join(text for text in (late, forecast.text) if text)
    version = indicators.version(work.session, reward.indicator_version_id)
    approval = queries.opinions(work.session, reward.id)[-1]
    words = fact_content(
        queries.content_of(reward),
        queries.found_by_line(work.session, reward),
        is_void=forecast.is_void,
        note=note,
    )
    ledger.enter(
        work,
        Finding(
            period_id=period.id,
            subject_kind=SubjectKind.OFFICER,
            subject_id=reward.officer_id,
            unit_id=reward.unit_id,
            indicator_version_id=version.id,
            item=version.indicator.code,
            happened_on=day,
            case_key=reward.case_key,
            content=words,
            found_by_id=approval.decided_by_id,
            found_by_name=approval.decided_by_name,
        ),
    )
    reward.state = RewardState.SCORED
    return NOTHING
