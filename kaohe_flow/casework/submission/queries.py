"""What can be asked of claims, and who may ask."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from kaohe_flow.casework.standing.rules import Scope
from kaohe_flow.casework.submission.model import Claim, ClaimVersion, Verdict
from kaohe_flow.casework.submission.rules import ClaimContent, ClaimState, Finding, NotReported, Quality
from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.scheme.definition.item.rules import Item
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.indicator.model import IndicatorVersion
from kaohe_flow.scheme.indicator.rules import Mode
from kaohe_flow.scheme.issuance import queries as issuance
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scheme.plan import queries as plans
from kaohe_flow.workflow.instance import queries as running

LIVE = (ClaimState.UNDER_REVIEW, ClaimState.RETURNED, ClaimState.SCORED)


def one(session: Session, claim_id: int) -> Claim:
    """A claim, for a command that has checked who asks. Raises ``NotFound``."""
    claim = session.get(Claim, claim_id)
    if claim is None:
        raise NotFound
    return claim


def by_case_key(session: Session, case_key: str) -> Claim:
    """The claim behind a case key such as ``submission:17``. Raises ``NotFound``."""
    kind, _, number = case_key.partition(":")
    if kind != "submission" or not number.isdigit():
        raise NotFound
    return one(session, int(number))


def issued_to(session: Session, assignment_id: int, officer_id: int, period: Period) -> IndicatorVersion:
    """The wording in force of an indicator issued to the officer to report on.

    Raises ``NotFound``, ``NotReported``.
    """
    assignment = issuance.get(session, assignment_id)
    if assignment.to_officer_id != officer_id:
        raise NotFound
    version = indicators.in_force(session, assignment.indicator_version.indicator_id, period)
    if version.mode is not Mode.TASK:
        raise NotReported(mode=version.mode.label)
    return version


def content_of(claim: Claim) -> ClaimContent:
    """The working copy as the rules read it."""
    return ClaimContent(
        summary=claim.summary,
        happened_on=claim.happened_on,
        case_no=claim.case_no,
        count=claim.count,
        done=claim.done,
        target=claim.target,
        value=claim.value,
        option=claim.option,
    )


def versions(session: Session, claim_id: int) -> Sequence[ClaimVersion]:
    """What was submitted, round by round."""
    return session.scalars(
        select(ClaimVersion).where(ClaimVersion.claim_id == claim_id).order_by(ClaimVersion.round)
    ).all()


def verdicts(session: Session, claim_id: int) -> Sequence[Verdict]:
    """What reviewers said, oldest first."""
    return session.scalars(select(Verdict).where(Verdict.claim_id == claim_id).order_by(Verdict.id)).all()


def scoring_verdict(session: Session, claim_id: int) -> Verdict:
    """The latest verdict that points follow from. Raises ``NotFound``."""
    found = session.scalars(
        select(Verdict)
        .where(Verdict.claim_id == claim_id, Verdict.scores, Verdict.decision == "approve")
        .order_by(Verdict.id.desc())
        .limit(1)
    ).first()
    if found is None:
        raise NotFound
    return found


def finding_of(verdict: Verdict) -> Finding:
    """A verdict as the rules read it."""
    return Finding(
        outcome=verdict.decision,
        opinion=verdict.opinion,
        quality=Quality(verdict.quality) if verdict.quality else None,
        count=verdict.count,
        done=verdict.done,
        value=verdict.value,
        points=verdict.points,
    )


def of_officer(session: Session, officer_id: int, period_id: int) -> Sequence[Claim]:
    """An officer's claims of a period, newest first."""
    return session.scalars(
        select(Claim)
        .where(Claim.officer_id == officer_id, Claim.period_id == period_id)
        .order_by(Claim.id.desc())
    ).all()


def same_case(session: Session, claim: Claim) -> Claim | None:
    """Another live claim with the same case number under the same indicator."""
    if not claim.case_no:
        return None
    return session.scalars(
        select(Claim).where(
            Claim.indicator_version_id == claim.indicator_version_id,
            Claim.case_no == claim.case_no,
            Claim.id != claim.id,
            Claim.state.in_(LIVE),
        )
    ).first()


def same_task(session: Session, claim: Claim) -> Claim | None:
    """Another live claim of the officer against the same indicator in the same period."""
    return session.scalars(
        select(Claim).where(
            Claim.officer_id == claim.officer_id,
            Claim.period_id == claim.period_id,
            Claim.indicator_version_id == claim.indicator_version_id,
            Claim.id != claim.id,
            Claim.state.in_(LIVE),
        )
    ).first()


def may_withdraw(session: Session, claim: Claim) -> bool:
    """Whether this round still waits for its first verdict and nobody has taken it up."""
    instance = running.of_case(session, claim.case_key)
    if instance is None:
        return False
    judged = any(verdict.round == claim.round for verdict in verdicts(session, claim.id))
    waiting = running.open_tasks(session, instance.id)
    return not judged and all(task.assignee_id is None for task in waiting)


def item_of(session: Session, claim: Claim) -> Item:
    """The rule a claim is scored by: the item of its indicator under the plan of its period."""
    period = periods.get(session, claim.period_id)
    version = indicators.version(session, claim.indicator_version_id)
    return plans.item(session, period.starts_on, version.indicator.code)


def visible(session: Session, claim_id: int, actor: Actor, scope: Scope) -> Claim:
    """The claim, if it lies within the person's scope; else ``NotFound``, as if it did not exist."""
    claim = session.scalars(select(Claim).where(Claim.id == claim_id, in_scope(actor, scope))).first()
    if claim is None:
        claim = one(session, claim_id)
        if not running.takes_part(session, claim.case_key, actor):
            raise NotFound
    return claim


def in_scope(actor: Actor, scope: Scope) -> ColumnElement[bool]:
    """The condition that a claim may be read by ``actor``; drafts are their author's alone."""
    reach: list[ColumnElement[bool]] = []
    if scope.unit_ids:
        reach.append(Claim.unit_id.in_(scope.unit_ids))
    for line_code, unit_ids in scope.line_unit_ids.items():
        of_line = select(IndicatorVersion.id).where(IndicatorVersion.line_code == line_code)
        reach.append(Claim.indicator_version_id.in_(of_line) & Claim.unit_id.in_(unit_ids))
    submitted = Claim.state != ClaimState.DRAFT
    return or_(Claim.officer_id == actor.officer_id, *(condition & submitted for condition in reach))
