"""Vouchers that a decision brings about by itself: a claim approved after the seal, an appeal that changed a
sealed result. Both are only proposals; people check and order them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from kaohe_flow.casework.appeal import commands as appeals
from kaohe_flow.casework.appeal import queries as appeal_queries
from kaohe_flow.jobs.table import job
from kaohe_flow.kernel.actor import CLOCK
from kaohe_flow.kernel.outbox import enqueue
from kaohe_flow.kernel.unit_of_work import Database, Work
from kaohe_flow.results.correction import commands, queries
from kaohe_flow.results.correction.commands import Proposal
from kaohe_flow.results.correction.rules import CorrectionSource
from kaohe_flow.scorebook.ledger.commands import PROPOSING, Finding
from kaohe_flow.scorebook.ledger.model import DeferredFact
from kaohe_flow.scorebook.ledger.queries import FOUND
from kaohe_flow.scorebook.ledger.rules import SubjectKind

LATE: Final = "该项工作在考核期内报送，封存后方审核通过，按规定以更正单补记入账。"
RULED: Final = "复议决定（{case}）变更了已封存考核期的记分，按规定以更正单执行。决定理由：{reasons}"
MAX_REASONS: Final = 800


@job(PROPOSING)
def propose(work: Work, payload: Mapping[str, int | str]) -> None:
    """Put a voucher forward for a deferred fact or an appeal; asked again, it finds the one there is."""
    if "deferred_id" in payload:
        _for_deferred(work, int(payload["deferred_id"]))
    else:
        _for_appeal(work, int(payload["appeal_id"]))


def ask_for_owed(database: Database, now: datetime) -> int:
    """Ask for the vouchers of appeals that ended with a change to a sealed period."""
    with database.read() as session:
        owed = [appeal.id for appeal in queries.owed(session)]
    if owed:
        with database.write_tx(CLOCK, now) as work:
            for appeal_id in owed:
                enqueue(work, PROPOSING, {"appeal_id": appeal_id}, key=f"{PROPOSING}:appeal:{appeal_id}")
    return len(owed)


def _for_deferred(work: Work, deferred_id: int) -> None:
    asked = work.session.get_one(DeferredFact, deferred_id)
    rows = queries.deferred(work.session, asked.case_key)
    commands.propose(
        work,
        Proposal(
            period_id=asked.period_id,
            subject_kind=asked.subject_kind,
            subject_id=asked.subject_id,
            reason=LATE,
            document_no=f"审核记录 {asked.case_key}",
            add=tuple(_finding(row) for row in rows),
            source=CorrectionSource.LATE_REVIEW,
            source_key=asked.case_key,
        ),
    )


def _for_appeal(work: Work, appeal_id: int) -> None:
    appeal = appeal_queries.one(work.session, appeal_id)
    said = appeal_queries.effective_ruling(work.session, appeal_id)
    assert said is not None, "only rulings that change something owe a voucher"
    contested = appeal_queries.contested_by(work.session, appeal)
    replacement = contested.replacement(said.outcome, appeals.relief_of(said))
    commands.propose(
        work,
        Proposal(
            period_id=appeal.period_id,
            subject_kind=SubjectKind.OFFICER,
            subject_id=appeal.officer_id,
            reason=RULED.format(case=appeal.case_key, reasons=said.reasons[:MAX_REASONS]),
            document_no=f"复议决定 {appeal.case_key}",
            overturn=replacement.revoke,
            add=tuple(appeals.findings(appeal, said, replacement)),
            source=CorrectionSource.APPEAL,
            source_key=appeal.case_key,
        ),
    )


def _finding(row: DeferredFact) -> Finding:
    named: dict[str, Any] = {name: getattr(row, name) for name in FOUND if name != "found_at"}
    return Finding(**named)
