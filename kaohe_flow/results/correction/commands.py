"""Proposing a correction, deciding on it, carrying it out. Each deed writes its rows and is audited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kaohe_flow.casework.appeal import commands as appeals
from kaohe_flow.casework.appeal import queries as appeal_queries
from kaohe_flow.kernel.errors import Problem
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.records.attachment import commands as attachments
from kaohe_flow.records.attachment.commands import Upload
from kaohe_flow.records.attachment.gateway import FileStore
from kaohe_flow.records.audit.commands import record
from kaohe_flow.results.correction import queries
from kaohe_flow.results.correction.model import Correction, CorrectionLine, CorrectionVerdict
from kaohe_flow.results.correction.rules import (
    Added,
    CorrectionSource,
    CorrectionState,
    FactFollows,
    NotYourVoucher,
    OverturnPending,
    VoucherRefused,
    check_added,
    check_opinion,
    check_voucher,
)
from kaohe_flow.results.sealing import commands as sealing
from kaohe_flow.results.sealing.rules import SnapshotKind
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scorebook.ledger import commands as ledger
from kaohe_flow.scorebook.ledger import queries as ledger_queries
from kaohe_flow.scorebook.ledger.commands import FactGone, Finding, PeriodNotSealed
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.scorebook.roster.queries import subject_of
from kaohe_flow.workflow.instance import commands as instances
from kaohe_flow.workflow.instance import queries as running
from kaohe_flow.workflow.instance.commands import Card
from kaohe_flow.workflow.instance.rules import Decision

PROCESS = "score_correction"
OWN_CASE = ""  # a fact that no case brought about belongs to its voucher


@dataclass(frozen=True, slots=True)
class Enclosures:
    """Files that prove the need, and where they are kept."""

    store: FileStore
    uploads: Sequence[Upload]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a voucher would change for one subject in one sealed period, and why.

    ``overturn``: numbers of facts that hold (negative for those a correction added); ``add``: facts to be
    added, which may also concern others that the same event hit. ``source_key``: the claim or appeal that
    brings it about; None when the office proposes of its own accord.
    """

    period_id: int
    subject_kind: SubjectKind
    subject_id: int
    reason: str
    document_no: str
    overturn: tuple[int, ...] = ()
    add: tuple[Finding, ...] = ()
    source: CorrectionSource = CorrectionSource.OFFICE
    source_key: str | None = None


def finding_for(work: Work, proposal: Proposal, added: Added) -> Finding:
    """What the office asks to be added, as a fact of the voucher itself.

    Raises ``VoucherRefused`` for a day outside the period, missing figures or an indicator not in force.
    """
    period = periods.get(work.session, proposal.period_id)
    kind, subject_id = proposal.subject_kind, proposal.subject_id
    standing = ledger_queries.standing(work.session, period.id, kind, subject_id)
    offered = queries.choices(work.session, period, standing)
    choice = next((one for one in offered if one.version.id == added.indicator_version_id), None)
    if choice is None:
        raise VoucherRefused(problems=(Problem("indicator_version_id", "该项目不适用于这一对象或本期"),))
    check_added(added, choice.asked, period.starts_on, period.ends_on)
    assert added.happened_on is not None, "checked above"
    at_that_time = officers.unit_on(work.session, subject_id, added.happened_on)
    of_person = at_that_time.id if at_that_time else queries.unit_of(work.session, period, kind, subject_id)
    return Finding(
        period_id=period.id,
        subject_kind=kind,
        subject_id=subject_id,
        unit_id=of_person if kind is SubjectKind.OFFICER else subject_id,
        indicator_version_id=choice.version.id,
        item=choice.item.id,
        happened_on=added.happened_on,
        case_key=OWN_CASE,
        content=added.figures,
        found_by_id=work.actor.officer_id,
        found_by_name=work.actor.name,
    )


def propose(work: Work, proposal: Proposal, enclosures: Enclosures | None = None) -> Correction:
    """Put a voucher forward and start its case; a claim or appeal that has one already gets the same again.

    Raises ``PeriodNotSealed``, ``NotYourVoucher``, ``VoucherRefused``, ``FactGone``, ``OverturnPending``,
    ``FactUnscorable``.
    """
    if proposal.source_key is not None:
        before = queries.of_source(work.session, proposal.source_key)
        if before is not None:
            return before
    period = periods.get(work.session, proposal.period_id)
    if not period.is_sealed:
        raise PeriodNotSealed(name=period.name)
    unit_id = queries.unit_of(work.session, period, proposal.subject_kind, proposal.subject_id)
    _check_proposer(work, proposal, unit_id)
    changes = len(proposal.overturn) + len(proposal.add)
    check_voucher(proposal.reason, proposal.document_no, changes=changes)
    rows = _rows(work, proposal)
    correction = Correction(
        period_id=proposal.period_id,
        subject_kind=proposal.subject_kind,
        subject_id=proposal.subject_id,
        unit_id=unit_id,
        source=proposal.source,
        source_key=proposal.source_key,
        reason=proposal.reason.strip(),
        document_no=proposal.document_no.strip(),
        proposed_by_id=work.actor.officer_id,
        proposed_by_name=work.actor.name,
        proposed_at=work.now,
        state=CorrectionState.PROPOSED,
    )
    work.session.add(correction)
    work.session.flush()
    for number, row in enumerate(rows, start=1):
        named = {**row, "case_key": row["case_key"] or correction.case_key}
        work.session.add(CorrectionLine(correction_id=correction.id, number=number, **named))
    work.session.flush()
    if enclosures is not None and enclosures.uploads:
        attachments.attach(work, enclosures.store, correction.case_key, list(enclosures.uploads))
        attachments.freeze(work, correction.case_key, 1)
    instances.start(work, PROCESS, correction.case_key, _card(work, correction), {})
    record(work, "correction.proposed", correction.case_key, period=period.id, source=proposal.source_key)
    return correction


def decide(work: Work, task_id: int, outcome: str, opinion: str) -> Correction:
    """Check or order at the step the task stands for. Raises ``OpinionRefused`` and what completing may."""
    task = running.task(work.session, task_id)
    correction = queries.by_case_key(work.session, task.instance.case_key)
    check_opinion(outcome, opinion)
    assert work.actor.officer_id is not None, "the clock decides nothing"
    work.session.add(
        CorrectionVerdict(
            correction_id=correction.id,
            step_id=task.step_id,
            decision=outcome,
            opinion=opinion.strip(),
            decided_by_id=work.actor.officer_id,
            decided_by_name=work.actor.name,
            decided_at=work.now,
        )
    )
    work.session.flush()
    instances.complete(work, PROCESS, task_id, Decision(outcome, opinion.strip()))
    record(work, "correction.decided", correction.case_key, step=task.step_id, decision=outcome)
    return correction


def apply(work: Work, correction: Correction) -> None:
    """Overturn and add in the second volume of the period's ledger; the sealed ledger is not touched.

    Raises ``FactGone`` when another voucher was faster, ``FactUnscorable``.
    """
    rows = queries.lines(work.session, correction.id)
    ledger.correct(
        work,
        correction.period_id,
        correction.case_key,
        overturn=[row.overturns for row in rows if row.overturns is not None],
        add=[_finding(row) for row in rows if row.overturns is None],
    )
    correction.state, correction.decided_at = CorrectionState.APPLIED, work.now
    if correction.source is CorrectionSource.APPEAL and correction.source_key is not None:
        appeal = appeal_queries.by_case_key(work.session, correction.source_key)
        appeals.mark_corrected(work, appeal.id)


def rerank(work: Work, correction: Correction) -> None:
    """Keep the corrected result as the next version of the period; the versions before stay."""
    reason = f"更正单 {correction.case_key}（{correction.document_no}）：{correction.reason}"
    kept = sealing.keep(work, correction.period_id, SnapshotKind.CORRECTED, reason)
    correction.snapshot_version = kept.version


def refuse(work: Work, correction: Correction) -> None:
    """Nothing changes; who refused and why is on record."""
    correction.state, correction.decided_at = CorrectionState.REFUSED, work.now


def _check_proposer(work: Work, proposal: Proposal, unit_id: int) -> None:
    """The clock proposes what a decision has already brought about; people only from the top office."""
    if work.actor.is_clock and proposal.source_key is not None:
        return
    is_own = proposal.subject_kind is SubjectKind.OFFICER and proposal.subject_id == work.actor.officer_id
    if is_own or not queries.may_propose(work.session, work.actor, unit_id):
        raise NotYourVoucher


def _rows(work: Work, proposal: Proposal) -> list[dict[str, Any]]:
    """The lines of the voucher as columns: what falls first, then what is added, tried out by the rules."""
    holding = ledger_queries.facts_in(work.session, proposal.period_id) if proposal.overturn else ()
    standing = {fact.id: fact for fact in holding}
    rows: list[dict[str, Any]] = []
    for fact_id in dict.fromkeys(proposal.overturn):
        if fact_id not in standing:
            raise FactGone(fact=fact_id)
        if ledger_queries.is_derived(standing[fact_id]):
            raise FactFollows(fact=fact_id, origin=standing[fact_id].content[ledger_queries.ORIGIN])
        rival = queries.pending_overturn(work.session, fact_id)
        if rival is not None:
            raise OverturnPending(fact=fact_id, voucher=f"更正-{rival.id}")
        same = {name: getattr(standing[fact_id], name) for name in ledger_queries.FOUND}
        rows.append({**same, "overturns": fact_id})
    for finding in proposal.add:
        ledger.try_out(work, finding, proposal.overturn)
        rows.append({**ledger.columns(finding), "found_at": work.now, "overturns": None})
    return rows


def _finding(row: CorrectionLine) -> Finding:
    names: Mapping[str, Any] = {
        name: getattr(row, name) for name in ledger_queries.FOUND if name != "found_at"
    }
    return Finding(**names)


def _card(work: Work, correction: Correction) -> Card:
    period = periods.get(work.session, correction.period_id)
    kind = correction.subject_kind
    subject = subject_of(work.session, kind.value, correction.subject_id, period)
    return Card(
        title=f"{period.name}更正：{subject.title}",
        subject_id=correction.subject_id if kind is SubjectKind.OFFICER else None,
        subject_name=subject.title,
        unit_name=units.get(work.session, correction.unit_id).name,
        tag=correction.source.label,
    )
