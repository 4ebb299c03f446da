"""Reporting work and judging it. Each deed writes its rows, moves the case and leaves an audit line."""

from __future__ import annotations

from hashlib import sha256

from kaohe_flow.casework.submission import queries
from kaohe_flow.casework.submission.model import Claim, ClaimVersion, Verdict
from kaohe_flow.casework.submission.rules import (
    SCORING_FORM,
    CaseClaimedBefore,
    ClaimContent,
    ClaimFrozen,
    ClaimState,
    Finding,
    NotYourClaim,
    Quality,
    asked_figures,
    check_content,
    check_finding,
    point_limits,
)
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.chain import Plain, canonical
from kaohe_flow.kernel.errors import RuleBroken
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.records.attachment import commands as attachments
from kaohe_flow.records.attachment.queries import count_of_case
from kaohe_flow.records.audit.commands import record
from kaohe_flow.scheme.definition.method.rules import Judged
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.workflow.engine.port import Value
from kaohe_flow.workflow.instance import commands as instances
from kaohe_flow.workflow.instance import queries as running
from kaohe_flow.workflow.instance.commands import Card
from kaohe_flow.workflow.instance.rules import Decision

PROCESS = "work_submission"


class ReportedBefore(RuleBroken):
    """One figure counts for the whole period: a second report would only contend with the first."""

    code = "reported-before"
    message = (
        "“{name}”一个考核期只报一次，您已在 {day} 报送过。"
        "内容要改的，没有人签收前可先撤回原来那件，再重新报送；已退回的请在待办里补正"
    )


def draft(work: Work, assignment_id: int, content: ClaimContent) -> Claim:
    """Begin a claim against an indicator that was issued to the officer. Raises ``NotFound``."""
    officer_id = _self(work)
    period = periods.open_period_for(work.session, work.now)
    version = queries.issued_to(work.session, assignment_id, officer_id, period)
    unit = officers.unit_on(work.session, officer_id, local_day(work.now))
    claim = Claim(
        officer_id=officer_id,
        unit_id=unit.id if unit else 0,
        period_id=period.id,
        indicator_version_id=version.id,
        state=ClaimState.DRAFT,
        round=0,
        created_at=work.now,
        is_late=False,
    )
    _write(claim, content)
    work.session.add(claim)
    work.session.flush()
    record(work, "claim.drafted", claim.case_key)
    return claim


def revise(work: Work, claim_id: int, content: ClaimContent) -> Claim:
    """Change the working copy while it is a draft or was returned. Raises ``ClaimFrozen``."""
    claim = _own(work, claim_id)
    if claim.state not in {ClaimState.DRAFT, ClaimState.RETURNED}:
        raise ClaimFrozen
    _write(claim, content)
    return claim


def submit(work: Work, claim_id: int) -> Claim:
    """Freeze the draft and start its case.

    Raises ``ClaimRefused``, ``PeriodClosed``, ``CaseClaimedBefore``.
    """
    claim = _own(work, claim_id)
    if claim.state is not ClaimState.DRAFT:
        raise ClaimFrozen
    periods.accepting(work.session, claim.period_id, work.now)
    _freeze(work, claim)
    work.session.flush()
    instances.start(work, PROCESS, claim.case_key, _card(work, claim), {"late": claim.is_late})
    record(work, "claim.submitted", claim.case_key, round=claim.round)
    return claim


def resubmit(work: Work, claim_id: int, task_id: int) -> Claim:
    """Send a returned claim in again; the task is the officer's 补正."""
    claim = _own(work, claim_id)
    if claim.state is not ClaimState.RETURNED:
        raise ClaimFrozen
    _freeze(work, claim)
    work.session.flush()
    instances.complete(work, PROCESS, task_id, Decision("resubmit"))
    record(work, "claim.resubmitted", claim.case_key, round=claim.round)
    return claim


def give_up(work: Work, claim_id: int, task_id: int) -> Claim:
    """The officer accepts the rejection; the claim is closed."""
    claim = _own(work, claim_id)
    instances.complete(work, PROCESS, task_id, Decision("give_up"))
    record(work, "claim.given_up", claim.case_key)
    return claim


def withdraw(work: Work, claim_id: int) -> Claim:
    """Take back a claim nobody has taken up yet. Raises ``ClaimFrozen`` once somebody has."""
    claim = _own(work, claim_id)
    if not queries.may_withdraw(work.session, claim):
        raise ClaimFrozen
    instances.deliver(work, claim.case_key, "withdraw")
    record(work, "claim.withdrawn", claim.case_key)
    return claim


def review(work: Work, task_id: int, finding: Finding) -> Claim:
    """Judge one round at the step the task stands for. Raises ``VerdictRefused`` and what completing may."""
    task = running.task(work.session, task_id)
    claim = queries.by_case_key(work.session, task.instance.case_key)
    item = queries.item_of(work.session, claim)
    scores = running.step_of(work.session, task).form_key == SCORING_FORM
    judged = scores and isinstance(item.method, Judged)
    check_finding(finding, gives_points=judged, scores=scores, limits=point_limits(item))
    work.session.add(
        Verdict(
            claim_id=claim.id,
            round=claim.round,
            step_id=task.step_id,
            scores=scores,
            decision=finding.outcome,
            opinion=finding.opinion.strip(),
            quality=finding.quality,
            count=finding.count,
            done=finding.done,
            value=finding.value,
            points=finding.points,
            decided_by_id=_self(work),
            decided_by_name=work.actor.name,
            decided_at=work.now,
        )
    )
    work.session.flush()
    variables: dict[str, Value] = {}
    if scores and finding.outcome == "approve":
        variables["quality"] = (finding.quality or Quality.EXCELLENT).value
    instances.complete(work, PROCESS, task_id, Decision(finding.outcome, finding.opinion.strip(), variables))
    record(work, "claim.reviewed", claim.case_key, step=task.step_id, decision=finding.outcome)
    return claim


def _freeze(work: Work, claim: Claim) -> None:
    """Check the working copy and keep it, word for word, as the next round."""
    content = queries.content_of(claim)
    period = periods.get(work.session, claim.period_id)
    check_content(
        content,
        figures=asked_figures(queries.item_of(work.session, claim).method),
        first_day=period.starts_on,
        last_day=min(period.ends_on, local_day(work.now)),
        files=count_of_case(work.session, claim.case_key),
    )
    _refuse_second_claim(work, claim)
    unit = officers.unit_on(work.session, claim.officer_id, claim.happened_on or local_day(work.now))
    if unit is not None:
        claim.unit_id = unit.id
    claim.round, claim.state = claim.round + 1, ClaimState.UNDER_REVIEW
    claim.submitted_at = work.now
    hashes: list[Plain] = list(attachments.freeze(work, claim.case_key, claim.round))
    frozen = canonical({**content.canonical(), "files": hashes})
    work.session.add(
        ClaimVersion(
            claim_id=claim.id,
            round=claim.round,
            content=frozen,
            sha256=sha256(frozen).hexdigest(),
            submitted_at=work.now,
        )
    )


def _refuse_second_claim(work: Work, claim: Claim) -> None:
    before = queries.same_case(work.session, claim)
    if before is not None:
        officer = officers.get(work.session, before.officer_id)
        raise CaseClaimedBefore(field="case_no", case_no=claim.case_no, name=officer.name)
    earlier = queries.same_task(work.session, claim)
    if earlier is not None and queries.item_of(work.session, claim).is_measured:
        name = indicators.version(work.session, claim.indicator_version_id).name
        raise ReportedBefore(name=name, day=local_day(earlier.submitted_at or earlier.created_at))


def _card(work: Work, claim: Claim) -> Card:
    version = indicators.version(work.session, claim.indicator_version_id)
    officer = officers.get(work.session, claim.officer_id)
    return Card(
        title=version.name,
        subject_id=claim.officer_id,
        subject_name=officer.name,
        unit_name=units.get(work.session, claim.unit_id).name,
        tag=version.module.label,
    )


def _write(claim: Claim, content: ClaimContent) -> None:
    claim.summary = content.summary.strip()
    claim.happened_on = content.happened_on
    claim.case_no = (content.case_no or "").strip() or None
    claim.count, claim.done, claim.target = content.count, content.done, content.target
    claim.value, claim.option = content.value, content.option


def _own(work: Work, claim_id: int) -> Claim:
    claim = queries.one(work.session, claim_id)
    if claim.officer_id != work.actor.officer_id:
        raise NotYourClaim
    return claim


def _self(work: Work) -> int:
    if work.actor.officer_id is None:
        raise NotYourClaim
    return work.actor.officer_id
