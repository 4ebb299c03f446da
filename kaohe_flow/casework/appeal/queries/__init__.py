"""What can be asked of appeals: the rows, and who may file one until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from kaohe_flow.casework.appeal import gateway
from kaohe_flow.casework.appeal.model import Appeal, AppealExtension, AppealRuling, AppealRung
from kaohe_flow.casework.appeal.rules import (
    AppealLate,
    AppealState,
    ContestedBefore,
    NotContestable,
    NotYourDecision,
    NotYoursToExtend,
    Outcome,
    last_moment,
)
from kaohe_flow.casework.appeal.rules.contested import Contested, Dispute
from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.period.rules import PeriodState, in_words, is_in_time


@dataclass(frozen=True, slots=True)
class Opening:
    """A decision that may be contested now, and until when."""

    contested: Contested
    until: datetime


def one(session: Session, appeal_id: int) -> Appeal:
    """An appeal, for a command that has checked who asks. Raises ``NotFound``."""
    appeal = session.get(Appeal, appeal_id)
    if appeal is None:
        raise NotFound
    return appeal


def by_case_key(session: Session, case_key: str) -> Appeal:
    """The appeal behind a case key such as ``appeal:17``. Raises ``NotFound``."""
    kind, _, number = case_key.partition(":")
    if kind != "appeal" or not number.isdigit():
        raise NotFound
    return one(session, int(number))


def contested_by(session: Session, appeal: Appeal) -> Contested:
    """The contested decision as it stands now, earlier rulings included. Raises ``NotContestable``."""
    return gateway.contested(session, appeal.contested_key)


def rungs(session: Session, appeal_id: int) -> Sequence[AppealRung]:
    """The rungs an appeal came to, from the first."""
    return session.scalars(
        select(AppealRung).where(AppealRung.appeal_id == appeal_id).order_by(AppealRung.number)
    ).all()


def last_rung(session: Session, appeal_id: int) -> AppealRung:
    """Where the appeal is, or ended. Raises ``NotFound`` before its first rung."""
    found = rungs(session, appeal_id)
    if not found:
        raise NotFound
    return found[-1]


def rulings(session: Session, appeal_id: int) -> Sequence[AppealRuling]:
    """What was decided, from the first rung."""
    return session.scalars(
        select(AppealRuling).where(AppealRuling.appeal_id == appeal_id).order_by(AppealRuling.rung)
    ).all()


def effective_ruling(session: Session, appeal_id: int) -> AppealRuling | None:
    """The last ruling that changed something; upholding leaves it in force."""
    changed = [one for one in rulings(session, appeal_id) if one.outcome is not Outcome.UPHOLD]
    return changed[-1] if changed else None


def of_decision(session: Session, reference: str) -> Appeal | None:
    """The appeal that used up a decision: one still wanted, or one that was ruled upon before withdrawal."""
    ruled = exists().where(AppealRuling.appeal_id == Appeal.id)
    return session.scalars(
        select(Appeal)
        .where(Appeal.decision_reference == reference, or_(Appeal.state == AppealState.FILED, ruled))
        .order_by(Appeal.id.desc())
    ).first()


def of_case(session: Session, contested_key: str) -> Sequence[Appeal]:
    """All appeals against decisions of a case, the first one first."""
    return session.scalars(
        select(Appeal).where(Appeal.contested_key == contested_key).order_by(Appeal.id)
    ).all()


def until(session: Session, dispute: Dispute) -> datetime:
    """The last second in which the decision may be contested."""
    period = periods.get(session, dispute.period_id)
    notice = period.notice_until if period.state is PeriodState.NOTICE else None
    last = last_moment(dispute.decided_at, period.kind, periods.calendar(session), notice)
    return max([last, *(one.until for one in extensions(session, dispute.reference))])


def extensions(session: Session, reference: str) -> Sequence[AppealExtension]:
    """More time that was given for a decision, the first one first."""
    return session.scalars(
        select(AppealExtension)
        .where(AppealExtension.decision_reference == reference)
        .order_by(AppealExtension.id)
    ).all()


def open_for(session: Session, case_key: str, actor: Actor, now: datetime) -> Opening:
    """The decision of a case that the person may contest now.

    Raises ``NotContestable``, ``NotFound``, ``NotYourDecision``, ``ContestedBefore``, ``AppealLate``.
    """
    contested = gateway.contested(session, case_key)
    dispute = contested.dispute
    if dispute.officer_id != actor.officer_id:
        raise NotYourDecision
    before = of_decision(session, dispute.reference)
    if before is not None:
        raise ContestedBefore(when=in_words(before.filed_at), case_key=before.case_key)
    last = until(session, dispute)
    if not is_in_time(last, now):
        raise AppealLate(last=in_words(last), office=first_office(session, dispute))
    return Opening(contested, last)


def opening(session: Session, case_key: str, actor: Actor, now: datetime) -> Opening | None:
    """The same for the button that leads there: None where it would be refused."""
    try:
        return open_for(session, case_key, actor, now)
    except (NotContestable, NotFound, NotYourDecision, ContestedBefore, AppealLate):
        return None


def lateness(session: Session, case_key: str, actor: Actor, now: datetime) -> str:
    """Until when the person could have contested, and what is left to do; '' where time is not the reason."""
    try:
        open_for(session, case_key, actor, now)
    except AppealLate as late:
        return str(late)
    except (NotContestable, NotFound, NotYourDecision, ContestedBefore):
        return ""
    return ""


def extendable(session: Session, case_key: str, actor: Actor, now: datetime) -> Dispute:
    """The decision the person may give more time for: too late to contest, and theirs to hear.

    Raises ``NotContestable``, ``NotFound``, ``NotYoursToExtend``.
    """
    dispute = gateway.contested(session, case_key).dispute
    above = units.chain(session, dispute.decider_unit_id)
    offices = {f"office@{unit.id}" for unit in (above[1:] or above)}
    out = dispute.judges | {dispute.officer_id}
    is_late = not is_in_time(until(session, dispute), now)
    is_new = of_decision(session, dispute.reference) is None
    if not (is_late and is_new and offices & actor.principals) or actor.officer_id in out:
        raise NotYoursToExtend
    return dispute


def may_extend(session: Session, case_key: str, actor: Actor, now: datetime) -> bool:
    """The same for the button that leads there."""
    try:
        extendable(session, case_key, actor, now)
    except (NotContestable, NotFound, NotYoursToExtend):
        return False
    return True


def first_office(session: Session, dispute: Dispute) -> str:
    """Name of the office that would hear an appeal first; the authority itself where none is above."""
    above = units.chain(session, dispute.decider_unit_id)
    return above[min(1, len(above) - 1)].name
