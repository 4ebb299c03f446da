"""Claiming, judging, objecting. Each deed writes its rows, moves the case and leaves an audit line."""

from __future__ import annotations

from hashlib import sha256

from kaohe_flow.casework.reward import queries
from kaohe_flow.casework.reward.model import (
    Reward,
    RewardObjection,
    RewardObjectionAnswer,
    RewardOpinion,
    RewardVersion,
)
from kaohe_flow.casework.reward.rules.claim import (
    BY_CLAIM,
    NotClaimable,
    NotYoursToClaim,
    RewardContent,
    RewardFrozen,
    RewardState,
    RewardVerdict,
    check_content,
    check_verdict,
    limits_of,
)
from kaohe_flow.casework.reward.rules.objection import (
    NoticeOver,
    ObjectionRuling,
    OwnHonour,
    check_objection_ruling,
    check_reason,
)
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.chain import Plain, canonical
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.organization.unit.rules import tidy
from kaohe_flow.records.attachment import commands as attachments
from kaohe_flow.records.attachment.commands import Upload
from kaohe_flow.records.attachment.gateway import FileStore
from kaohe_flow.records.attachment.queries import count_of_case
from kaohe_flow.records.audit.commands import record
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.indicator.rules import Mode
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.workflow.errors import NotWaiting
from kaohe_flow.workflow.instance import commands as instances
from kaohe_flow.workflow.instance import queries as running
from kaohe_flow.workflow.instance.commands import Card
from kaohe_flow.workflow.instance.queries import InstanceView
from kaohe_flow.workflow.instance.rules import Decision

PROCESS = "reward_claim"
VERIFYING_FORM = "line_verify"


def claim(
    work: Work,
    subject: tuple[int, int],
    content: RewardContent,
    store: FileStore,
    uploads: list[Upload],
) -> Reward:
    """File a claim for oneself or, as the political department, for somebody below it.

    ``subject``: the officer and the indicator's version. Raises ``RewardRefused``, ``NotYoursToClaim``,
    ``NotClaimable``, ``PeriodClosed``, ``FileRefused``.
    """
    officer_id, version_id = subject
    today = local_day(work.now)
    unit = officers.unit_on(work.session, officer_id, content.happened_on or today)
    unit = unit or officers.unit_on(work.session, officer_id, today)
    if unit is None:
        raise NotYoursToClaim
    queries.check_claimant(work.session, work.actor, officer_id, unit.id)
    period = periods.open_period_for(work.session, work.now)
    version = indicators.version(work.session, version_id)
    item = queries.item_for(work.session, period, officer_id, version.indicator.code)
    if version.mode is not Mode.REWARD or not isinstance(item.method, BY_CLAIM):
        raise NotClaimable
    check_content(content, item, today=today, files=len(uploads))
    reward = Reward(
        officer_id=officer_id,
        unit_id=unit.id,
        period_id=period.id,
        indicator_version_id=version_id,
        state=RewardState.UNDER_REVIEW,
        round=1,
        claimed_by_id=_self(work),
        claimed_by_name=work.actor.name,
        claimed_at=work.now,
        check_text="",
    )
    _write(reward, content)
    work.session.add(reward)
    work.session.flush()
    attachments.attach(work, store, reward.case_key, uploads)
    _freeze(work, reward)
    instances.start(work, PROCESS, reward.case_key, _card(work, reward), {})
    record(work, "reward.claimed", reward.case_key, indicator=version.indicator.code)
    return reward


def resubmit(
    work: Work, task_id: int, content: RewardContent, store: FileStore, uploads: list[Upload]
) -> Reward:
    """Send a returned claim in again, changed or with more evidence; the task is 补正材料."""
    reward = _of_task(work, task_id)
    if reward.state is not RewardState.RETURNED:
        raise RewardFrozen
    if uploads:
        attachments.attach(work, store, reward.case_key, uploads)
    check_content(
        content,
        queries.item_of(work.session, reward),
        today=local_day(work.now),
        files=count_of_case(work.session, reward.case_key),
    )
    _write(reward, content)
    reward.round += 1
    _freeze(work, reward)
    instances.complete(work, PROCESS, task_id, Decision("resubmit"))
    record(work, "reward.resubmitted", reward.case_key, round=reward.round)
    return reward


def give_up(work: Work, task_id: int) -> Reward:
    """The officer accepts the rejection; the claim is closed."""
    reward = _of_task(work, task_id)
    instances.complete(work, PROCESS, task_id, Decision("give_up"))
    record(work, "reward.given_up", reward.case_key)
    return reward


def withdraw(work: Work, reward_id: int) -> Reward:
    """Take back a claim nobody has taken up yet. Raises ``RewardFrozen`` once somebody has."""
    reward = queries.one(work.session, reward_id)
    if not queries.may_withdraw(work.session, reward, work.actor):
        raise RewardFrozen
    instances.deliver(work, reward.case_key, "withdraw")
    record(work, "reward.withdrawn", reward.case_key)
    return reward


def review(work: Work, task_id: int, verdict: RewardVerdict) -> Reward:
    """Judge one round at the step the task stands for: opinion, verification or approval.

    Raises ``RewardVerdictRefused`` and what completing a task may.
    """
    task = running.task(work.session, task_id)
    reward = queries.by_case_key(work.session, task.instance.case_key)
    item = queries.item_of(work.session, reward)
    verifies = running.step_of(work.session, task).form_key == VERIFYING_FORM
    check_verdict(verdict, verifies=verifies, claimed=reward.count, limits=limits_of(item, reward.option))
    work.session.add(
        RewardOpinion(
            reward_id=reward.id,
            round=reward.round,
            step_id=task.step_id,
            step_name=task.step_name,
            decision=verdict.outcome,
            opinion=verdict.opinion.strip(),
            kind=verdict.kind if verifies else None,
            count=verdict.count if verifies else None,
            points=verdict.points if verifies else None,
            decided_by_id=_self(work),
            decided_by_name=work.actor.name,
            decided_at=work.now,
        )
    )
    work.session.flush()
    instance = instances.complete(work, PROCESS, task_id, Decision(verdict.outcome, verdict.opinion.strip()))
    _note_notice(reward, instance)
    record(work, "reward.reviewed", reward.case_key, step=task.step_id, decision=verdict.outcome)
    return reward


def object_to(work: Work, reward_id: int, reason: str) -> RewardObjection:
    """Raise an objection, by name, while the honour is on show; the award is held until it is answered.

    A further objection while one is being looked into joins it. Raises ``ObjectionRefused``,
    ``NoticeOver``, ``OwnHonour``.
    """
    reward = queries.one(work.session, reward_id)
    check_reason(reason)
    if reward.state not in queries.ON_SHOW:
        raise NoticeOver
    if work.actor.officer_id in {reward.officer_id, reward.claimed_by_id}:
        raise OwnHonour
    objection = RewardObjection(
        reward_id=reward.id,
        reason=reason.strip(),
        raised_by_id=_self(work),
        raised_by_name=work.actor.name,
        raised_at=work.now,
    )
    work.session.add(objection)
    work.session.flush()
    if reward.state is RewardState.NOTICE:
        _hold(work, reward)
    record(work, "reward.objected", reward.case_key, objection=objection.id)
    return objection


def settle_objections(work: Work, task_id: int, ruling: ObjectionRuling) -> Reward:
    """Answer every open objection, then resume the notice from its beginning or cancel the reward.

    Raises ``ObjectionRefused`` and what completing a task may.
    """
    reward = _of_task(work, task_id)
    waiting = queries.open_objections(work.session, reward.id)
    check_objection_ruling(ruling, [row.id for row in waiting])
    said = {answer.objection_id: answer.text.strip() for answer in ruling.answers}
    work.session.add_all(
        RewardObjectionAnswer(
            objection_id=row.id,
            outcome=ruling.outcome,
            text=said[row.id],
            answered_by_id=_self(work),
            answered_by_name=work.actor.name,
            answered_at=work.now,
        )
        for row in waiting
    )
    work.session.flush()
    instance = instances.complete(work, PROCESS, task_id, Decision(ruling.outcome, ruling.opinion.strip()))
    if reward.state is RewardState.OBJECTED:
        reward.state, reward.notice_from = RewardState.NOTICE, work.now
        _note_notice(reward, instance)
    record(work, "reward.objections_settled", reward.case_key, outcome=ruling.outcome)
    return reward


def _hold(work: Work, reward: Reward) -> None:
    """Stop the notice: the diagram hears of the objection."""
    reward.state = RewardState.OBJECTED
    work.session.flush()
    try:
        instances.deliver(work, reward.case_key, "objection")
    except NotWaiting:
        raise NoticeOver from None


def _note_notice(reward: Reward, instance: InstanceView) -> None:
    """The end of the notice is the timer of the diagram, whatever its limit is called there."""
    if reward.state is RewardState.NOTICE:
        reward.notice_until = instance.next_due_at


def _freeze(work: Work, reward: Reward) -> None:
    """Keep the claim, word for word, as this round."""
    hashes: list[Plain] = list(attachments.freeze(work, reward.case_key, reward.round))
    frozen = canonical({**queries.content_of(reward).canonical(), "files": hashes})
    work.session.add(
        RewardVersion(
            reward_id=reward.id,
            round=reward.round,
            content=frozen,
            sha256=sha256(frozen).hexdigest(),
            submitted_at=work.now,
        )
    )
    work.session.flush()


def _write(reward: Reward, content: RewardContent) -> None:
    assert content.happened_on is not None, "checked before"
    reward.kind, reward.title = content.kind, content.title.strip()
    reward.document_no, reward.deed = content.document_no.strip(), tidy(content.deed)
    reward.summary, reward.happened_on = content.summary.strip(), content.happened_on
    reward.option, reward.count, reward.coauthors = content.option, content.count, content.coauthors


def _card(work: Work, reward: Reward) -> Card:
    version = indicators.version(work.session, reward.indicator_version_id)
    return Card(
        title=f"{version.name}：{reward.title}",
        subject_id=reward.officer_id,
        subject_name=officers.get(work.session, reward.officer_id).name,
        unit_name=units.get(work.session, reward.unit_id).name,
        tag=version.module.label,
    )


def _of_task(work: Work, task_id: int) -> Reward:
    task = running.task(work.session, task_id)
    return queries.by_case_key(work.session, task.instance.case_key)


def _self(work: Work) -> int:
    if work.actor.officer_id is None:
        raise NotYoursToClaim
    return work.actor.officer_id
