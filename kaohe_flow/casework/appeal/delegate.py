"""What the diagram ``appeal_review`` may ask of appeals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from kaohe_flow.casework.appeal import commands, queries
from kaohe_flow.casework.appeal.model import Appeal, AppealRung
from kaohe_flow.casework.appeal.queries import ladder
from kaohe_flow.casework.appeal.rules import AppealState
from kaohe_flow.casework.standing import queries as standing
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.records.audit.commands import record
from kaohe_flow.workflow.delegate import Asked, Candidates
from kaohe_flow.workflow.engine.port import Step, Value

NOTHING: Final[Mapping[str, Value]] = {}
Deed = Callable[[Work, Appeal, Mapping[str, Value]], Mapping[str, Value]]


class AppealDelegate:
    """Candidates and topics of an appeal."""

    forms: Final = frozenset({"appeal_ruling", "appeal_answer"})
    variables: Final = frozenset({"rung", "answer_wd", "final"})

    def __init__(self) -> None:
        self._topics: Mapping[str, Deed] = {
            "appeal.open": self._open,
            "appeal.next_rung": self._next_rung,
            "appeal.withdraw": self._withdraw,
            "appeal.silent": self._silent,
            "appeal.alarm": self._alarm,
            "appeal.decide": self._decide,
            "appeal.rescore": self._rescore,
            "appeal.notify": self._notify,
            "appeal.climb": self._climb,
        }

    @property
    def topics(self) -> frozenset[str]:
        """What service tasks may say."""
        return frozenset(self._topics)

    def candidates(self, session: Session, asked: Asked, now: datetime) -> Candidates:
        """The pool of a rung, less everybody who decided before or stands too near."""
        appeal = queries.by_case_key(session, asked.case_key)
        return standing.candidates(session, asked, ladder.standing(session, appeal, now))

    def functions(self, session: Session, case_key: str, now: datetime) -> Mapping[str, Callable[..., Value]]:
        """Calendar functions of the appeal's period."""
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
    def _open(_work: Work, _appeal: Appeal, _known: Mapping[str, Value]) -> Mapping[str, Value]:
        return NOTHING  # the petition was written by the command that started the case

    @staticmethod
    def _next_rung(work: Work, appeal: Appeal, known: Mapping[str, Value]) -> Mapping[str, Value]:
        """Climb: the unit below the new rung is where the decision now contested was made."""
        rung = ladder.next_rung(work.session, appeal, work.now)
        answer_wd = known[rung.limit]
        assert isinstance(answer_wd, int | Decimal), "the diagram's limits are numbers"
        appeal.decider_unit_id = rung.below_unit_id
        work.session.add(
            AppealRung(
                appeal_id=appeal.id,
                number=len(queries.rungs(work.session, appeal.id)) + 1,
                kind=rung.kind,
                unit_id=rung.unit_id,
                below_unit_id=rung.below_unit_id,
                answer_wd=int(answer_wd),
                opened_at=work.now,
            )
        )
        work.session.flush()
        return {"rung": rung.kind.value, "answer_wd": int(answer_wd), "final": rung.is_final}

    @staticmethod
    def _withdraw(_work: Work, appeal: Appeal, _known: Mapping[str, Value]) -> Mapping[str, Value]:
        appeal.state = AppealState.WITHDRAWN
        return NOTHING

    @staticmethod
    def _silent(work: Work, appeal: Appeal, _known: Mapping[str, Value]) -> Mapping[str, Value]:
        """The office let its days pass: kept against the office, and the appeal goes up."""
        rung = queries.last_rung(work.session, appeal.id)
        rung.silent_at = work.now
        _leave_below(appeal, rung)
        office = units.get(work.session, rung.unit_id).name
        record(work, "appeal.silent", appeal.case_key, rung=rung.number, unit=rung.unit_id, office=office)
        return NOTHING

    @staticmethod
    def _alarm(work: Work, appeal: Appeal, _known: Mapping[str, Value]) -> Mapping[str, Value]:
        """The last instance is late: it is told so, in sight of the leading group, and goes on deciding."""
        rung = queries.last_rung(work.session, appeal.id)
        rung.alarmed_at = work.now
        record(work, "appeal.alarm", appeal.case_key, rung=rung.number, unit=rung.unit_id)
        return NOTHING

    @staticmethod
    def _decide(work: Work, appeal: Appeal, _known: Mapping[str, Value]) -> Mapping[str, Value]:
        rung = queries.last_rung(work.session, appeal.id)
        said = queries.rulings(work.session, appeal.id)[-1]
        assert said.rung == rung.number, "the ruling is written before its task is completed"
        return NOTHING

    @staticmethod
    def _rescore(work: Work, appeal: Appeal, _known: Mapping[str, Value]) -> Mapping[str, Value]:
        commands.rescore(work, appeal)
        return NOTHING

    @staticmethod
    def _notify(work: Work, appeal: Appeal, _known: Mapping[str, Value]) -> Mapping[str, Value]:
        appeal.served_at = work.now
        return NOTHING

    @staticmethod
    def _climb(work: Work, appeal: Appeal, _known: Mapping[str, Value]) -> Mapping[str, Value]:
        _leave_below(appeal, queries.last_rung(work.session, appeal.id))
        return NOTHING


def _leave_below(appeal: Appeal, rung: AppealRung) -> None:
    """What is contested from now on was decided, or left undecided, at this rung."""
    appeal.decider_unit_id = rung.unit_id
