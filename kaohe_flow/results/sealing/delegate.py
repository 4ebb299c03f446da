"""What the diagram ``period_seal`` may ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from kaohe_flow.casework.standing import queries as standing
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.role.queries import Standing
from kaohe_flow.results.sealing import commands, queries
from kaohe_flow.results.sealing.rules import SnapshotKind, parse_case_key
from kaohe_flow.scheme.period import commands as periods
from kaohe_flow.scorebook.ledger.queries import head
from kaohe_flow.workflow.delegate import Asked, Candidates
from kaohe_flow.workflow.engine.port import Step, Value

PUBLISH: Final = "seal.publish_notice"
WINDOW: Final = "notice_wd"
NOTHING: Final[Mapping[str, Value]] = {}


class SealingDelegate:
    """Candidates and topics of the sealing of a period by one authority."""

    forms: Final = frozenset({"seal_signature"})
    variables: Final[frozenset[str]] = frozenset()

    def __init__(self) -> None:
        self._topics: Mapping[str, Callable[[Work, int, int], None]] = {
            "seal.close_submission": lambda work, period, _unit: _done(
                periods.close_submission(work, period)
            ),
            "seal.trial_totals": _trial,
            "seal.corrections": _after_notice,
            "seal.mark_unsigned": lambda _work, _period, _unit: None,
            "seal.seal": commands.seal,
            "seal.reports": lambda _work, _period, _unit: None,
        }

    @property
    def topics(self) -> frozenset[str]:
        """What service tasks may say."""
        return frozenset({*self._topics, PUBLISH})

    def candidates(self, session: Session, asked: Asked, now: datetime) -> Candidates:
        """Signers of the authority; who signed one step does not sign the next."""
        period_id, unit_id = parse_case_key(asked.case_key)
        signed = {one.officer_id for one in queries.signatures(session, period_id) if one.unit_id == unit_id}
        return standing.candidates(
            session,
            asked,
            Standing(None, unit_id, local_day(now), recused=frozenset(signed)),
        )

    def functions(self, session: Session, case_key: str, now: datetime) -> Mapping[str, Callable[..., Value]]:
        """Calendar functions of the period."""
        return standing.time_functions(session, parse_case_key(case_key)[0], now)

    def perform(
        self,
        work: Work,
        case_key: str,
        step: Step,
        inputs: Mapping[str, Value],
        known: Mapping[str, Value],
    ) -> Mapping[str, Value]:
        """Do what the diagram asks for."""
        period_id, unit_id = parse_case_key(case_key)
        if step.topic == PUBLISH:
            # The window is the one that the diagram waits for, whatever the period was opened with.
            days = known.get(WINDOW)
            _done(periods.begin_notice(work, period_id, notice_wd=None if days is None else int(str(days))))
        else:
            self._topics[step.topic or ""](work, period_id, unit_id)
        return NOTHING


def _done(_changed: bool) -> None:
    """Both authorities' clocks fire; the second changes nothing."""


def _trial(work: Work, period_id: int, _unit_id: int) -> None:
    if queries.latest(work.session, period_id) is None:
        commands.keep(work, period_id, SnapshotKind.TRIAL, "审核期满，试算")


def _after_notice(work: Work, period_id: int, _unit_id: int) -> None:
    """What objections changed during the notice shows as a version of its own, if anything did."""
    before = queries.latest(work.session, period_id)
    if before is None or before.ledger_seq != head(work.session, period_id)[0]:
        commands.keep(work, period_id, SnapshotKind.TRIAL, "公示期内更正后重新试算")
