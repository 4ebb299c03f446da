"""What the diagram ``score_correction`` may ask of vouchers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from kaohe_flow.casework.standing import queries as standing
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.role.queries import Standing
from kaohe_flow.results.correction import commands, queries
from kaohe_flow.results.correction.model import Correction
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.workflow.delegate import Asked, Candidates
from kaohe_flow.workflow.engine.port import Step, Value

NOTHING: Final[Mapping[str, Value]] = {}


class CorrectionDelegate:
    """Candidates and topics of a correction voucher."""

    forms: Final = frozenset({"correction_check", "correction_order"})
    variables: Final[frozenset[str]] = frozenset()

    def __init__(self) -> None:
        self._topics: Mapping[str, Callable[[Work, Correction], None]] = {
            "correction.apply": commands.apply,
            "correction.rerank": commands.rerank,
            "correction.refuse": commands.refuse,
        }

    @property
    def topics(self) -> frozenset[str]:
        """What service tasks may say."""
        return frozenset(self._topics)

    def candidates(self, session: Session, asked: Asked, now: datetime) -> Candidates:
        """The pool of a step; who proposed or checked the voucher, and whoever it is about, keep out."""
        correction = queries.by_case_key(session, asked.case_key)
        involved = {verdict.decided_by_id for verdict in queries.verdicts(session, correction.id)}
        rows = queries.lines(session, correction.id)
        involved |= {row.subject_id for row in rows if row.subject_kind is SubjectKind.OFFICER}
        if correction.proposed_by_id is not None:
            involved.add(correction.proposed_by_id)
        is_person = correction.subject_kind is SubjectKind.OFFICER
        return standing.candidates(
            session,
            asked,
            Standing(
                subject_officer_id=correction.subject_id if is_person else None,
                unit_id=correction.unit_id,
                day=local_day(now),
                recused=frozenset(involved),
            ),
        )

    def functions(self, session: Session, case_key: str, now: datetime) -> Mapping[str, Callable[..., Value]]:
        """Calendar functions, counted from now on."""
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
        self._topics[step.topic or ""](work, queries.by_case_key(work.session, case_key))
        return NOTHING
