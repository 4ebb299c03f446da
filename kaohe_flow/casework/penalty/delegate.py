"""What the diagram ``penalty_notice`` may ask of penalties."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import Final

from sqlalchemy.orm import Session

from kaohe_flow.casework.penalty import queries
from kaohe_flow.casework.penalty.model import Penalty, PenaltyNotice, PenaltyReply
from kaohe_flow.casework.penalty.rules.booking import Span, counting_day, fact_content, for_unit
from kaohe_flow.casework.penalty.rules.defence import ReplyKind
from kaohe_flow.casework.penalty.rules.finding import PenaltyState
from kaohe_flow.casework.standing import queries as standing
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.chain import Plain, canonical
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.role.queries import Standing
from kaohe_flow.records.attachment.queries import of_case
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.indicator.rules import OWNERS_WITHOUT_LINE
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scorebook.ledger import commands as ledger
from kaohe_flow.scorebook.ledger.commands import Finding
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.workflow.delegate import Asked, Candidates
from kaohe_flow.workflow.engine.port import Step, Value

NOTHING: Final[Mapping[str, Value]] = {}


class PenaltyDelegate:
    """Candidates and topics of a penalty."""

    forms: Final = frozenset({"penalty_reply", "penalty_decision"})
    variables: Final[frozenset[str]] = frozenset()

    def __init__(self) -> None:
        self._topics: Mapping[str, Callable[[Work, Penalty], None]] = {
            "penalty.open": self._open,
            "penalty.notify": self._notify,
            "penalty.silent": self._silent,
            "penalty.score": self._score,
            "penalty.dismiss": self._dismiss,
        }

    @property
    def topics(self) -> frozenset[str]:
        """What service tasks may say."""
        return frozenset(self._topics)

    def candidates(self, session: Session, asked: Asked, now: datetime) -> Candidates:
        """The pool of a step; whoever entered the finding keeps out.

        An indicator of the unit itself or of the discipline office has no business line: the office decides.
        """
        penalty = queries.by_case_key(session, asked.case_key)
        line = indicators.version(session, penalty.indicator_version_id).line_code
        return standing.candidates(
            session,
            asked,
            Standing(
                subject_officer_id=penalty.officer_id,
                unit_id=penalty.unit_id,
                day=local_day(now),
                line_code=None if line in OWNERS_WITHOUT_LINE else line,
                recused=frozenset({penalty.found_by_id}),
            ),
        )

    def functions(self, session: Session, case_key: str, now: datetime) -> Mapping[str, Callable[..., Value]]:
        """Calendar functions of the period the finding counts in."""
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

    @staticmethod
    def _open(_work: Work, penalty: Penalty) -> None:
        penalty.state = PenaltyState.NOTIFIED

    @staticmethod
    def _notify(work: Work, penalty: Penalty) -> None:
        """Keep, word for word, what the assessed finds in the inbox from now on."""
        hashes: list[Plain] = [file.sha256 for file in of_case(work.session, penalty.case_key)]
        content = canonical({**queries.accusation_of(penalty).canonical(), "files": hashes})
        work.session.add(
            PenaltyNotice(
                penalty_id=penalty.id,
                content=content,
                sha256=sha256(content).hexdigest(),
                served_at=work.now,
            )
        )
        work.session.flush()

    @staticmethod
    def _silent(work: Work, penalty: Penalty) -> None:
        """逾期未提出异议: the limit ran out; nothing is admitted and the right of appeal stays."""
        work.session.add(
            PenaltyReply(
                penalty_id=penalty.id, kind=ReplyKind.SILENT, replied_by_id=None, replied_at=work.now
            )
        )
        penalty.state = PenaltyState.DECIDING
        work.session.flush()

    @staticmethod
    def _dismiss(_work: Work, penalty: Penalty) -> None:
        penalty.state = PenaltyState.DISMISSED

    @staticmethod
    def _score(work: Work, penalty: Penalty) -> None:
        """Hand the facts to the ledger: the person's always, the unit's by the rule of ``queries``."""
        day, note = _place(work, penalty)
        ruling, decision = queries.ruling_of(work.session, penalty.id)
        told = queries.figures_of(penalty)
        own = queries.item_of(work.session, penalty)
        period = periods.get(work.session, penalty.period_id)
        sheet = queries.tariff(work.session, period, SubjectKind.OFFICER, penalty.officer_id)
        words = fact_content(told, ruling, known=sheet.circumstances, note=note)
        finding = Finding(
            period_id=penalty.period_id,
            subject_kind=SubjectKind.OFFICER,
            subject_id=penalty.officer_id,
            unit_id=penalty.unit_id,
            indicator_version_id=penalty.indicator_version_id,
            item=own.id,
            happened_on=day,
            case_key=penalty.case_key,
            content=words,
            found_by_id=decision.decided_by_id,
            found_by_name=decision.decided_by_name,
        )
        ledger.enter(work, finding)
        penalty.state = PenaltyState.IMPOSED
        beside = queries.unit_item(work.session, penalty, own)
        if beside is None:
            return
        words = fact_content(told, ruling, known=beside[1].circumstances, note=note)
        shared = for_unit(beside[0], words)
        if shared is not None:
            of_unit = replace(
                finding, subject_kind=SubjectKind.UNIT, subject_id=penalty.unit_id, content=shared
            )
            ledger.enter(work, of_unit)


def _place(work: Work, penalty: Penalty) -> tuple[date, str]:
    """The period the facts go to and the day that puts them there; a sealed period is not touched."""
    if periods.get(work.session, penalty.period_id).sealed_at is not None:
        penalty.period_id = periods.current(work.session, work.now).id
    period = periods.get(work.session, penalty.period_id)
    span = Span(period.starts_on, period.ends_on)
    return counting_day(penalty.happened_on, penalty.found_on, local_day(work.now), span)
