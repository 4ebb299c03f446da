"""What the diagram ``work_submission`` may ask of submissions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from kaohe_flow.casework.standing import queries as standing
from kaohe_flow.casework.submission import queries
from kaohe_flow.casework.submission.model import Claim
from kaohe_flow.casework.submission.rules import OFFICERS_FORM, SCORING_FORM, ClaimState, fact_content
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.role.queries import Standing
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scorebook.ledger import commands as ledger
from kaohe_flow.scorebook.ledger.commands import Finding
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.workflow.delegate import Asked, Candidates
from kaohe_flow.workflow.engine.port import Step, Value

NOTHING: Final[Mapping[str, Value]] = {}


class SubmissionDelegate:
    """Candidates and topics of a claim."""

    forms: Final = frozenset({"unit_check", "opinion", SCORING_FORM, OFFICERS_FORM})
    variables: Final = frozenset({"rounds", "late", "quality"})

    def __init__(self) -> None:
        self._topics: Mapping[str, Callable[[Work, Claim, Mapping[str, Value]], Mapping[str, Value]]] = {
            "submission.open": self._open,
            "submission.reject": self._reject,
            "submission.resubmit": self._resubmit,
            "submission.withdraw": self._ending(ClaimState.WITHDRAWN),
            "submission.close_rejected": self._ending(ClaimState.REJECTED),
            "submission.lapse": self._ending(ClaimState.LAPSED),
            "submission.score": self._score,
        }

    @property
    def topics(self) -> frozenset[str]:
        """What service tasks may say."""
        return frozenset(self._topics)

    def candidates(self, session: Session, asked: Asked, now: datetime) -> Candidates:
        """The pool of a step; whoever judged this round at another step keeps out."""
        claim = queries.by_case_key(session, asked.case_key)
        judged = {
            verdict.decided_by_id
            for verdict in queries.verdicts(session, claim.id)
            if verdict.round == claim.round
        }
        return standing.candidates(
            session,
            asked,
            Standing(
                subject_officer_id=claim.officer_id,
                unit_id=claim.unit_id,
                day=local_day(now),
                line_code=indicators.version(session, claim.indicator_version_id).line_code,
                recused=frozenset(judged),
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
        return self._topics[step.topic or ""](work, queries.by_case_key(work.session, case_key), known)

    @staticmethod
    def _open(_work: Work, claim: Claim, _known: Mapping[str, Value]) -> Mapping[str, Value]:
        return {"rounds": claim.round - 1}

    @staticmethod
    def _reject(_work: Work, claim: Claim, _known: Mapping[str, Value]) -> Mapping[str, Value]:
        claim.state = ClaimState.RETURNED
        return {"rounds": claim.round}

    @staticmethod
    def _resubmit(_work: Work, claim: Claim, _known: Mapping[str, Value]) -> Mapping[str, Value]:
        claim.state = ClaimState.UNDER_REVIEW
        return NOTHING

    @staticmethod
    def _ending(
        state: ClaimState,
    ) -> Callable[[Work, Claim, Mapping[str, Value]], Mapping[str, Value]]:
        def end(_work: Work, claim: Claim, _known: Mapping[str, Value]) -> Mapping[str, Value]:
            claim.state = state
            return NOTHING

        return end

    @staticmethod
    def _score(work: Work, claim: Claim, known: Mapping[str, Value]) -> Mapping[str, Value]:
        """Hand the fact, as the line reviewer found it, to the ledger; after the seal it awaits a voucher."""
        verdict = queries.scoring_verdict(work.session, claim.id)
        version = indicators.version(work.session, claim.indicator_version_id)
        assert claim.happened_on is not None, "checked when the claim was frozen"
        ledger.enter_or_defer(
            work,
            Finding(
                period_id=claim.period_id,
                subject_kind=SubjectKind.OFFICER,
                subject_id=claim.officer_id,
                unit_id=claim.unit_id,
                indicator_version_id=version.id,
                item=version.indicator.code,
                happened_on=claim.happened_on,
                case_key=claim.case_key,
                content=fact_content(queries.content_of(claim), queries.finding_of(verdict), known),
                found_by_id=verdict.decided_by_id,
                found_by_name=verdict.decided_by_name,
            ),
        )
        claim.state = ClaimState.SCORED
        return NOTHING
