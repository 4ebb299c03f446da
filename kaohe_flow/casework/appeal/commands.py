"""Contesting, ruling, answering, withdrawing. Each deed writes its rows, moves the case and is audited."""

from __future__ import annotations

from dataclasses import dataclass

from kaohe_flow.casework.appeal import queries
from kaohe_flow.casework.appeal.model import Appeal, AppealExtension, AppealRuling
from kaohe_flow.casework.appeal.queries.outlook import as_it_stands, outlook
from kaohe_flow.casework.appeal.rules import (
    AppealBeyondWithdrawal,
    AppealState,
    Extension,
    NotYourDecision,
    Outcome,
    Petition,
    check_extension,
    check_petition,
)
from kaohe_flow.casework.appeal.rules.contested import Contested, Dispute, Relief, Replacement
from kaohe_flow.casework.appeal.rules.ruling import (
    Outlook,
    Ruling,
    RulingRefused,
    outlook_faults,
    reasons_faults,
)
from kaohe_flow.kernel.errors import Problem
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.records.attachment import commands as attachments
from kaohe_flow.records.attachment.commands import Upload
from kaohe_flow.records.attachment.gateway import FileStore
from kaohe_flow.records.audit.commands import record
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scorebook.ledger import commands as ledger
from kaohe_flow.workflow.errors import NotWaiting
from kaohe_flow.workflow.instance import commands as instances
from kaohe_flow.workflow.instance import queries as running
from kaohe_flow.workflow.instance.commands import Card
from kaohe_flow.workflow.instance.rules import Decision

PROCESS = "appeal_review"


@dataclass(frozen=True, slots=True)
class Enclosures:
    """Files handed in with the petition, and where they are kept."""

    store: FileStore
    uploads: list[Upload]


def file(work: Work, case_key: str, petition: Petition, enclosures: Enclosures | None = None) -> Appeal:
    """Contest the decision of a case and start the ladder.

    A claim that waits to be mended is given up by it. Raises ``NotContestable``, ``NotYourDecision``,
    ``ContestedBefore``, ``AppealLate``, ``PetitionRefused``.
    """
    dispute = queries.open_for(work.session, case_key, work.actor, work.now).contested.dispute
    check_petition(petition)
    appeal = Appeal(
        contested_key=case_key,
        decision_reference=dispute.reference,
        matter=dispute.matter,
        title=dispute.title,
        officer_id=dispute.officer_id,
        unit_id=dispute.unit_id,
        period_id=dispute.period_id,
        grounds=petition.grounds.strip(),
        filed_at=work.now,
        decided_at=dispute.decided_at,
        decided_by_name=dispute.decider_name,
        decision_opinion=dispute.opinion,
        decision_unit_id=dispute.decider_unit_id,
        decider_unit_id=dispute.decider_unit_id,
        points_before=as_it_stands(work.session, dispute).line_before,
        state=AppealState.FILED,
    )
    work.session.add(appeal)
    work.session.flush()
    if enclosures is not None and enclosures.uploads:
        attachments.attach(work, enclosures.store, appeal.case_key, enclosures.uploads)
        attachments.freeze(work, appeal.case_key, 1)
    if dispute.closing_task_id is not None:
        _give_up_mending(work, dispute)
    instances.start(work, PROCESS, appeal.case_key, _card(work, appeal), {})
    record(work, "appeal.filed", appeal.case_key, contested=case_key, decision=dispute.reference)
    return appeal


def rule(work: Work, task_id: int, ruling: Ruling) -> Appeal:
    """Decide at the rung the task stands for. Raises ``RulingRefused`` and what completing may."""
    task = running.task(work.session, task_id)
    appeal = queries.by_case_key(work.session, task.instance.case_key)
    contested = queries.contested_by(work.session, appeal)
    faults = reasons_faults(ruling.reasons)
    figures = _figures_faults(contested, ruling)
    found = None if figures else _outlook(work, contested, ruling)
    if found is not None and ruling.outcome is not Outcome.UPHOLD:
        owed = queries.effective_ruling(work.session, appeal.id) if appeal.correction_due_at else None
        figures = outlook_faults(found, _first_ask(contested), owed.total_after if owed else None)
    if faults or figures or found is None:
        raise RulingRefused(problems=(*figures, *faults))
    _keep(work, appeal, ruling, found)
    decision = Decision(ruling.outcome.value, ruling.reasons.strip())
    instances.complete(work, PROCESS, task_id, decision)
    record(work, "appeal.ruled", appeal.case_key, step=task.step_id, ruling=ruling.outcome.value)
    return appeal


def answer(work: Work, task_id: int, outcome: str) -> Appeal:
    """The appellant accepts the ruling, or takes it to the next rung."""
    task = running.task(work.session, task_id)
    appeal = queries.by_case_key(work.session, task.instance.case_key)
    instances.complete(work, PROCESS, task_id, Decision(outcome))
    record(work, "appeal.answered", appeal.case_key, answer=outcome)
    return appeal


def withdraw(work: Work, appeal_id: int) -> Appeal:
    """Take the appeal back while an office has it. Raises ``AppealBeyondWithdrawal``, ``NotYourDecision``."""
    appeal = queries.one(work.session, appeal_id)
    if appeal.officer_id != work.actor.officer_id:
        raise NotYourDecision
    try:
        instances.deliver(work, appeal.case_key, "withdraw")
    except NotWaiting:
        raise AppealBeyondWithdrawal from None
    record(work, "appeal.withdrawn", appeal.case_key)
    return appeal


def extend(work: Work, case_key: str, extension: Extension) -> AppealExtension:
    """Give more time to contest a decision, for cause. Raises ``NotYoursToExtend``, ``ExtensionRefused``."""
    dispute = queries.extendable(work.session, case_key, work.actor, work.now)
    check_extension(extension)
    assert work.actor.officer_id is not None, "an office is held by a person"
    given = AppealExtension(
        decision_reference=dispute.reference,
        contested_key=case_key,
        until=periods.calendar(work.session).deadline(work.now, extension.working_days),
        reason=extension.reason.strip(),
        granted_by_id=work.actor.officer_id,
        granted_by_name=work.actor.name,
        granted_at=work.now,
    )
    work.session.add(given)
    work.session.flush()
    record(work, "appeal.extended", case_key, until=given.until.isoformat())
    return given


def rescore(work: Work, appeal: Appeal) -> None:
    """Carry the last ruling out in the ledger: the old facts are overturned, the new one entered beside them.

    The new fact belongs to the contested case, so that its page shows the old line, its reversal and the new
    one. A sealed period is not written to: the ruling is marked for a correction voucher instead.
    """
    contested = queries.contested_by(work.session, appeal)
    said = queries.effective_ruling(work.session, appeal.id)
    assert said is not None, "the diagram comes here only after a ruling that changes something"
    replacement = contested.replacement(said.outcome, relief_of(said))
    if periods.get(work.session, appeal.period_id).is_sealed:
        appeal.correction_due_at = work.now
        return
    reason = f"复议（{appeal.case_key}）{said.outcome.label}：{said.reasons}"
    for fact_id in replacement.revoke:
        ledger.revoke(work, fact_id, case_key=appeal.case_key, reason=reason)
    for finding in findings(appeal, said, replacement):
        ledger.enter(work, finding)
    contested.settle(work, said.outcome)


def findings(appeal: Appeal, said: AppealRuling, replacement: Replacement) -> list[ledger.Finding]:
    """The facts of a replacement as the ledger takes them, found by whoever ruled."""
    return [
        ledger.Finding(
            period_id=appeal.period_id,
            subject_kind=fact.subject_kind,
            subject_id=fact.subject_id,
            unit_id=fact.unit_id,
            indicator_version_id=fact.indicator_version_id,
            item=fact.item,
            happened_on=fact.happened_on,
            case_key=appeal.contested_key,
            content=fact.content,
            found_by_id=said.decided_by_id,
            found_by_name=said.decided_by_name,
        )
        for fact in replacement.enter
    ]


def mark_corrected(work: Work, appeal_id: int) -> Appeal:
    """A correction voucher has carried out what was ruled after the seal; the contested case follows."""
    appeal = queries.one(work.session, appeal_id)
    said = queries.effective_ruling(work.session, appeal.id)
    assert said is not None, "only rulings that changed something wait for a voucher"
    queries.contested_by(work.session, appeal).settle(work, said.outcome)
    appeal.corrected_at = work.now
    record(work, "appeal.corrected", appeal.case_key)
    return appeal


def relief_of(said: AppealRuling) -> Relief:
    """The figures of a ruling as they were given."""
    return Relief(
        quality=said.quality,
        option=said.option,
        mitigation=said.mitigation,
        count=said.count,
        done=said.done,
        value=said.value,
        points=said.points,
    )


def _give_up_mending(work: Work, dispute: Dispute) -> None:
    """Close the step that waits for the officer; its days may be over although the clock has not come by."""
    assert dispute.closing_task_id is not None
    instance = running.task(work.session, dispute.closing_task_id).instance
    instances.tick(work, instance.id)
    if running.task(work.session, dispute.closing_task_id).closed_at is None:
        decision = Decision("give_up", "提请复议")
        instances.complete(work, instance.process_key, dispute.closing_task_id, decision)


def _figures_faults(contested: Contested, ruling: Ruling) -> tuple[Problem, ...]:
    if ruling.outcome is Outcome.UPHOLD:
        return ()
    return contested.faults(ruling.outcome, ruling.relief)


def _first_ask(contested: Contested) -> str:
    return next((ask.name for ask in contested.asks()), "opinion")


def _outlook(work: Work, contested: Contested, ruling: Ruling) -> Outlook:
    if ruling.outcome is Outcome.UPHOLD:
        return as_it_stands(work.session, contested.dispute)
    return outlook(work.session, contested.dispute, contested.replacement(ruling.outcome, ruling.relief))


def _keep(work: Work, appeal: Appeal, ruling: Ruling, found: Outlook) -> None:
    assert work.actor.officer_id is not None, "the clock decides nothing"
    relief = Relief() if ruling.outcome is Outcome.UPHOLD else ruling.relief
    work.session.add(
        AppealRuling(
            appeal_id=appeal.id,
            rung=queries.last_rung(work.session, appeal.id).number,
            outcome=ruling.outcome,
            reasons=ruling.reasons.strip(),
            quality=relief.quality,
            option=relief.option,
            mitigation=relief.mitigation,
            count=relief.count,
            done=relief.done,
            value=relief.value,
            points=relief.points,
            line_before=found.line_before,
            line_after=found.line_after,
            total_before=found.total_before,
            total_after=found.total_after,
            decided_by_id=work.actor.officer_id,
            decided_by_name=work.actor.name,
            decided_at=work.now,
        )
    )
    work.session.flush()


def _card(work: Work, appeal: Appeal) -> Card:
    return Card(
        title=f"复议：{appeal.title}",
        subject_id=appeal.officer_id,
        subject_name=officers.get(work.session, appeal.officer_id).name,
        unit_name=units.get(work.session, appeal.unit_id).name,
        tag=f"对{appeal.matter.label}不服",
    )
