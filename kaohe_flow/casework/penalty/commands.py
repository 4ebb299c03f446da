"""Finding, answering and deciding. Each deed writes its rows, moves the case and leaves an audit line."""

from __future__ import annotations

from kaohe_flow.casework.penalty import queries
from kaohe_flow.casework.penalty.model import (
    DefenceAnswer,
    DefenceGround,
    Penalty,
    PenaltyDecision,
    PenaltyReply,
)
from kaohe_flow.casework.penalty.rules.defence import (
    Reply,
    ReplyTaken,
    Ruling,
    check_reply,
    check_ruling,
)
from kaohe_flow.casework.penalty.rules.finding import (
    BY_TARIFF,
    Accusation,
    AccusationRefused,
    NotYoursToFind,
    PenaltyState,
    check_accusation,
)
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import Problem
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.records.attachment import commands as attachments
from kaohe_flow.records.attachment.commands import Upload
from kaohe_flow.records.attachment.gateway import FileStore
from kaohe_flow.records.audit.commands import record
from kaohe_flow.scheme.indicator.model import IndicatorVersion
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.plan.queries import NoItem
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.workflow.instance import commands as instances
from kaohe_flow.workflow.instance import queries as running
from kaohe_flow.workflow.instance.commands import Card
from kaohe_flow.workflow.instance.rules import Decision

PROCESS = "penalty_notice"
EVIDENCE_ROUND, DEFENCE_ROUND = 1, 2


def accuse(work: Work, accusation: Accusation, store: FileStore, uploads: list[Upload]) -> Penalty:
    """Enter a finding with its evidence; the assessed is told at once.

    It counts in the period of discovery, which is the one open now. Raises ``AccusationRefused``,
    ``NotYoursToFind``, ``FileRefused``, ``NoItem``.
    """
    today = local_day(work.now)
    happened_on = accusation.happened_on or today
    now_in = officers.unit_on(work.session, accusation.officer_id, today)
    then_in = officers.unit_on(work.session, accusation.officer_id, happened_on)
    here = frozenset(unit.id for unit in (now_in, then_in) if unit is not None)
    version = queries.check_chargeable(work.session, work.actor, accusation, here)
    period = periods.current(work.session, work.now)
    tariff = queries.tariff(work.session, period, SubjectKind.OFFICER, accusation.officer_id)
    item = tariff.items.get(version.indicator.code)
    if item is None or not isinstance(item.method, BY_TARIFF):
        raise NoItem(plan="", code=version.indicator.code)
    check_accusation(accusation, item, today=today, files=len(uploads))
    if then_in is None:
        text = "该民警当日不在册，请核对事发日期"
        raise AccusationRefused(problems=(Problem("happened_on", text),))
    penalty = _written(work, accusation)
    penalty.unit_id, penalty.period_id = then_in.id, period.id
    work.session.add(penalty)
    work.session.flush()
    attachments.attach(work, store, penalty.case_key, uploads)
    attachments.freeze(work, penalty.case_key, EVIDENCE_ROUND)
    instances.start(work, PROCESS, penalty.case_key, _card(work, penalty, version), {})
    record(work, "penalty.entered", penalty.case_key, indicator=version.indicator.code)
    return penalty


def reply(work: Work, task_id: int, said: Reply, store: FileStore, uploads: list[Upload]) -> Penalty:
    """The assessed confirms or defends, with numbered grounds and files.

    Raises ``DefenceRefused``, ``ReplyTaken``, and what completing a task may.
    """
    task = running.task(work.session, task_id)
    penalty = queries.by_case_key(work.session, task.instance.case_key)
    check_reply(said)
    instances.complete(work, PROCESS, task_id, Decision(said.kind.value))
    if queries.reply_of(work.session, penalty.id) is not None:
        raise ReplyTaken
    work.session.add(
        PenaltyReply(
            penalty_id=penalty.id,
            kind=said.kind,
            replied_by_id=work.actor.officer_id,
            replied_at=work.now,
        )
    )
    work.session.add_all(
        DefenceGround(penalty_id=penalty.id, number=number, ground=ground.strip())
        for number, ground in enumerate(said.grounds, start=1)
    )
    if uploads:
        attachments.attach(work, store, penalty.case_key, uploads)
        attachments.freeze(work, penalty.case_key, DEFENCE_ROUND)
    penalty.state = PenaltyState.DECIDING
    record(work, "penalty.replied", penalty.case_key, kind=said.kind.value, grounds=len(said.grounds))
    return penalty


def decide(work: Work, task_id: int, ruling: Ruling) -> Penalty:
    """Impose or dismiss, with a reason and an answer to every point of the defence.

    Whoever entered the finding is recused by the pool of the task. Raises ``RulingRefused``,
    ``NotACandidate``, ``FactUnscorable``, and what completing a task may.
    """
    task = running.task(work.session, task_id)
    penalty = queries.by_case_key(work.session, task.instance.case_key)
    check_ruling(
        ruling,
        told=queries.figures_of(penalty),
        defence=[ground.number for ground in queries.grounds(work.session, penalty.id)],
        circumstances=queries.circumstances(work.session, penalty),
    )
    row = PenaltyDecision(
        penalty_id=penalty.id,
        step_id=task.step_id,
        outcome=ruling.outcome,
        opinion=ruling.opinion.strip(),
        mitigation=",".join(ruling.mitigation),
        count=ruling.count,
        points=ruling.points,
        decided_by_id=_self(work),
        decided_by_name=work.actor.name,
        decided_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    work.session.add_all(
        DefenceAnswer(
            decision_id=row.id,
            number=answer.number,
            is_adopted=bool(answer.adopted),
            text=answer.text.strip(),
        )
        for answer in ruling.answers
    )
    work.session.flush()
    instances.complete(work, PROCESS, task_id, Decision(ruling.outcome, ruling.opinion.strip()))
    record(work, "penalty.decided", penalty.case_key, outcome=ruling.outcome)
    return penalty


def _written(work: Work, accusation: Accusation) -> Penalty:
    figures = accusation.figures
    happened_on = accusation.happened_on or local_day(work.now)
    return Penalty(
        officer_id=accusation.officer_id,
        indicator_version_id=accusation.indicator_version_id,
        state=PenaltyState.NOTIFIED,
        happened_on=happened_on,
        found_on=accusation.found_on or local_day(work.now),
        basis=accusation.basis.strip(),
        description=accusation.description.strip(),
        option=figures.option,
        count=figures.count,
        value=figures.value,
        target=figures.target,
        points=figures.points,
        found_by_id=_self(work),
        found_by_name=work.actor.name,
        found_at=work.now,
    )


def _card(work: Work, penalty: Penalty, version: IndicatorVersion) -> Card:
    return Card(
        title=version.name,
        subject_id=penalty.officer_id,
        subject_name=officers.get(work.session, penalty.officer_id).name,
        unit_name=units.get(work.session, penalty.unit_id).name,
        tag=version.module.label,
    )


def _self(work: Work) -> int:
    if work.actor.officer_id is None:
        raise NotYoursToFind
    return work.actor.officer_id
