"""What the diagram ``indicator_issue`` may ask of issuings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.role.queries import Standing, pool
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.indicator.rules import OWNERS_WITHOUT_LINE
from kaohe_flow.scheme.issuance import commands, queries
from kaohe_flow.scheme.issuance.queries import Handing
from kaohe_flow.scheme.issuance.rules import GONE
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.workflow.delegate import Asked, Candidates
from kaohe_flow.workflow.engine.port import Step, Value

NOTHING: Final[Mapping[str, Value]] = {}
NOT_CLEAN: Final = "自检不合格：指标要素不全或含有禁设内容"
SENT_BACK: Final = "审批退回"
NOT_RECEIVED: Final = "接收单位退回"
Topic = Callable[[Work, Handing, Mapping[str, Value]], Mapping[str, Value]]


class IssuanceDelegate:
    """Candidates and topics of one handing-down."""

    forms: Final = frozenset({"approve_issue", "acknowledge", "decompose", "close_gaps"})
    variables: Final = frozenset({"clean", "receivers", "gaps"})

    def __init__(self) -> None:
        self._topics: Mapping[str, Topic] = {
            "issue.check": self._check,
            "issue.return": self._return,
            "issue.publish": self._publish,
            "issue.refuse": self._refuse,
            "issue.receive_done": self._receive_done,
            "issue.coverage": self._coverage,
            "issue.effective": self._effective,
        }

    @property
    def topics(self) -> frozenset[str]:
        """What service tasks may say."""
        return frozenset(self._topics)

    def candidates(self, session: Session, asked: Asked, now: datetime) -> Candidates:
        """The pool of a step, seen from the issuing unit; ``asked.item`` is the receiving unit, if any."""
        handed = queries.handing_of(session, asked.case_key)
        line = handed.above.indicator_version.line_code
        found = pool(
            session,
            asked.expressions,
            Standing(
                subject_officer_id=None,
                unit_id=handed.unit_id,
                day=local_day(now),
                line_code=None if line in OWNERS_WITHOUT_LINE else line,
                receiver_unit_id=None if asked.item is None else int(str(asked.item)),
            ),
            climb=asked.climb,
        )
        return Candidates(
            principals=found.principals,
            recused=found.recused,
            climbed=found.climbed,
            is_incident=found.incident,
            label=found.label,
        )

    def functions(self, session: Session, case_key: str, now: datetime) -> Mapping[str, Callable[..., Value]]:
        """Calendar functions; of an issuing for certain periods, those of the first of them."""
        named = queries.handing_of(session, case_key).above.term.period_ids
        return periods.time_functions(session, named[0] if named else None, now)

    def perform(
        self,
        work: Work,
        case_key: str,
        step: Step,
        inputs: Mapping[str, Value],
        known: Mapping[str, Value],
    ) -> Mapping[str, Value]:
        """Do what the diagram asks for."""
        return self._topics[step.topic or ""](work, queries.handing_of(work.session, case_key), known)

    @staticmethod
    def _check(work: Work, handed: Handing, _known: Mapping[str, Value]) -> Mapping[str, Value]:
        return {"clean": not indicators.faults(work.session, handed.above.indicator_version_id)}

    @staticmethod
    def _return(work: Work, handed: Handing, known: Mapping[str, Value]) -> Mapping[str, Value]:
        commands.take_back(work, handed, SENT_BACK if known.get("clean") else NOT_CLEAN)
        return NOTHING

    @staticmethod
    def _publish(work: Work, handed: Handing, known: Mapping[str, Value]) -> Mapping[str, Value]:
        limit = known.get("ack_wd")
        days = int(limit) if isinstance(limit, int | Decimal) else None
        due = None if days is None else periods.calendar(work.session).deadline(work.counts_from, days)
        # Numbers come back from the engine as decimals; the members of a list are better named by text.
        receivers: list[Value] = [str(unit_id) for unit_id in commands.publish(work, handed, due)]
        return {"receivers": receivers}

    @staticmethod
    def _refuse(work: Work, handed: Handing, known: Mapping[str, Value]) -> Mapping[str, Value]:
        part = queries.part_of(work.session, handed.case_key, int(str(known["receiver"])))
        if part.state not in GONE:
            commands.refuse(work, part.id, reason=NOT_RECEIVED)
        return NOTHING

    @staticmethod
    def _receive_done(work: Work, handed: Handing, known: Mapping[str, Value]) -> Mapping[str, Value]:
        part = queries.part_of(work.session, handed.case_key, int(str(known["receiver"])))
        commands.finish_receiving(work, part.id)
        return NOTHING

    @staticmethod
    def _coverage(work: Work, handed: Handing, _known: Mapping[str, Value]) -> Mapping[str, Value]:
        return {"gaps": len(queries.open_gaps(work.session, handed))}

    @staticmethod
    def _effective(work: Work, handed: Handing, _known: Mapping[str, Value]) -> Mapping[str, Value]:
        commands.put_in_effect(work, handed)
        return NOTHING
