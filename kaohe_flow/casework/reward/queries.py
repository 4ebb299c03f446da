"""What can be asked of rewards, who may ask, and what a claim would come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from kaohe_flow.casework.reward.model import (
    Reward,
    RewardObjection,
    RewardObjectionAnswer,
    RewardOpinion,
)
from kaohe_flow.casework.reward.rules.claim import (
    BY_CLAIM,
    NotYoursToClaim,
    RewardContent,
    RewardState,
    RewardVerdict,
)
from kaohe_flow.casework.reward.rules.forecast import Forecast, Rival, against_rivals, fact_content
from kaohe_flow.casework.standing.rules import Scope
from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.kernel.paging import PAGE_SIZE, Page
from kaohe_flow.kernel.points import ZERO
from kaohe_flow.organization.role.rules import Role, read_principal
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.scheme.definition.amount.rules import resolve
from kaohe_flow.scheme.definition.item.rules import Item
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.indicator.model import IndicatorVersion
from kaohe_flow.scheme.indicator.rules import Mode
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scheme.plan import queries as plans
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.scorebook.ledger.model import ScoreFact
from kaohe_flow.scorebook.ledger.queries import Standing, as_fact
from kaohe_flow.scorebook.ledger.queries.netting import booked
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.scorebook.scoring.admission.rules import items_for
from kaohe_flow.scorebook.scoring.entry.rules import ScoreLine, score_lines
from kaohe_flow.workflow.instance import queries as running

TRIAL: Final = 2_000_000_000  # id of the fact on trial: later than every fact of the same day
OVER_LIMIT: Final = "over-limit"
ON_SHOW: Final = (RewardState.NOTICE, RewardState.OBJECTED)

# Rows as the doors see them.
RewardView = Reward


def one(session: Session, reward_id: int) -> Reward:
    """A claim, for a command that has checked who asks. Raises ``NotFound``."""
    reward = session.get(Reward, reward_id)
    if reward is None:
        raise NotFound
    return reward


def by_case_key(session: Session, case_key: str) -> Reward:
    """The claim behind a case key such as ``reward:17``. Raises ``NotFound``."""
    kind, _, number = case_key.partition(":")
    if kind != "reward" or not number.isdigit():
        raise NotFound
    return one(session, int(number))


def reach(session: Session, actor: Actor) -> frozenset[int]:
    """The units for whose officers a person of the political department may file claims."""
    seats = [read_principal(principal) for principal in actor.principals]
    places = [seat.place for seat in seats if seat is not None and seat.role is Role.POLITICAL]
    return units.subtrees_ids(session, places)


def check_claimant(session: Session, actor: Actor, officer_id: int, unit_id: int) -> None:
    """Raises ``NotYoursToClaim`` unless it is one's own, or below one's political department."""
    if officer_id != actor.officer_id and unit_id not in reach(session, actor):
        raise NotYoursToClaim


def standing_of(session: Session, period_id: int, officer_id: int) -> Standing:
    """The officer's facts and lines of a period. Raises ``NoPlan``, ``NoSheet``."""
    return ledger.standing(session, period_id, SubjectKind.OFFICER, officer_id)


def claimable(session: Session, officer_id: int, period: Period) -> list[IndicatorVersion]:
    """The reward indicators that can be claimed for an officer in a period, by code."""
    items = _items(standing_of(session, period.id, officer_id))
    return [
        version
        for version in indicators.all_in_force(session, period)
        if version.mode is Mode.REWARD
        and version.indicator.code in items
        and isinstance(items[version.indicator.code].method, BY_CLAIM)
    ]


def item_for(session: Session, period: Period, officer_id: int, code: str) -> Item:
    """The rule of an indicator on the officer's sheet. Raises ``NoItem``."""
    found = _items(standing_of(session, period.id, officer_id)).get(code)
    return found if found is not None else plans.item(session, period.starts_on, code)


def item_of(session: Session, reward: Reward) -> Item:
    """The rule a claim is scored by."""
    code = indicators.version(session, reward.indicator_version_id).indicator.code
    return item_for(session, periods.get(session, reward.period_id), reward.officer_id, code)


def _items(standing: Standing) -> Mapping[str, Item]:
    scene = standing.scene
    return items_for(scene.sheet, scene.subject, scene.period)


def content_of(reward: Reward) -> RewardContent:
    """The working copy as the rules read it."""
    return RewardContent(
        kind=reward.kind,
        title=reward.title,
        document_no=reward.document_no,
        deed=reward.deed,
        summary=reward.summary,
        happened_on=reward.happened_on,
        option=reward.option,
        count=reward.count,
        coauthors=reward.coauthors,
    )


def opinions(session: Session, reward_id: int) -> Sequence[RewardOpinion]:
    """What reviewers said, oldest first."""
    said = select(RewardOpinion).where(RewardOpinion.reward_id == reward_id)
    return session.scalars(said.order_by(RewardOpinion.id)).all()


def found_by_line(session: Session, reward: Reward) -> RewardVerdict:
    """The figures the line reviewer found in this round; the claimed ones until then."""
    rows = [row for row in opinions(session, reward.id) if row.round == reward.round and row.kind]
    if not rows:
        return RewardVerdict("approve")
    last = rows[-1]
    return RewardVerdict(last.decision, last.opinion, last.kind, last.count, last.points)


def objections(session: Session, reward_id: int) -> Sequence[RewardObjection]:
    """Objections raised, oldest first."""
    raised = select(RewardObjection).where(RewardObjection.reward_id == reward_id)
    return session.scalars(raised.order_by(RewardObjection.id)).all()


def objection_answers(session: Session, reward_id: int) -> Mapping[int, RewardObjectionAnswer]:
    """Answers given, by the objection."""
    rows = session.scalars(
        select(RewardObjectionAnswer)
        .join(RewardObjection, RewardObjection.id == RewardObjectionAnswer.objection_id)
        .where(RewardObjection.reward_id == reward_id)
    )
    return {row.objection_id: row for row in rows}


def open_objections(session: Session, reward_id: int) -> list[RewardObjection]:
    """Objections without an answer: while there is one, the award is held."""
    answered = objection_answers(session, reward_id)
    return [row for row in objections(session, reward_id) if row.id not in answered]


def forecast(session: Session, reward: Reward, period: Period) -> Forecast:
    """What the claim comes to beside everything already counted, by the rules that will score it."""
    standing = standing_of(session, period.id, reward.officer_id)
    item = item_of(session, reward)
    words = fact_content(content_of(reward), found_by_line(session, reward), is_void=False, note="")
    trial = ScoreFact(
        id=TRIAL,
        subject_kind=SubjectKind.OFFICER,
        subject_id=reward.officer_id,
        item=item.id,
        happened_on=reward.happened_on,
        content=words,
    )
    facts = [as_fact(row) for row in standing.facts.values()]
    scored = score_lines(standing.scene, [*facts, as_fact(trial)])
    line = next((one for one in scored.lines if int(one.fact) == TRIAL), None)
    if line is None:
        refusal = next(one for one in scored.refused if int(one.fact) == TRIAL)
        is_full = refusal.code == OVER_LIMIT
        told = f"{refusal.reason}，记 0 分" if is_full else refusal.reason
        return against_rivals(Forecast(ZERO, ZERO, is_full, is_full, (told,)), rivals(session, reward))
    return against_rivals(_weighed(standing, line), rivals(session, reward))


def _weighed(standing: Standing, line: ScoreLine) -> Forecast:
    notes = tuple(step.note for step in line.steps if step.note and step.changed and step.name != "share")
    is_cut = any(step.changed for step in line.steps if step.name in {"item_limit", "group_limit"})
    full = _module_full(standing, line)
    return Forecast(line.points, line.raw, is_cut or bool(full), False, (*notes, *full))


def _module_full(standing: Standing, line: ScoreLine) -> tuple[str, ...]:
    """What is said when the module the line counts in has reached its limit already."""
    sheet = standing.scene.sheet
    module = sheet.module(standing.module_of(line.item))
    if module is None or module.cap is None:
        return ()
    cap = resolve(module.cap, standing.scene.facets)
    counted = [one.points for one in standing.scored.lines if standing.module_of(one.item) == module.id]
    is_full = sum(counted, ZERO) >= cap
    return (f"{module.title}本期已达上限 {cap} 分，汇总时不再增加",) if is_full else ()


def rivals(session: Session, reward: Reward) -> list[Rival]:
    """Other rewards of the officer for the same deed that were scored, in whatever period."""
    rows = session.scalars(
        select(Reward).where(
            Reward.officer_id == reward.officer_id,
            Reward.deed == reward.deed,
            Reward.id != reward.id,
            Reward.state == RewardState.SCORED,
        )
    ).all()
    points = booked(session, [row.case_key for row in rows])
    return [
        Rival(row.title, periods.get(session, row.period_id).name, points.get(row.case_key, ZERO))
        for row in rows
    ]


def may_withdraw(session: Session, reward: Reward, actor: Actor) -> bool:
    """Whether the claim is one's own and its first opinion still waits in its pool, taken up by nobody."""
    instance = running.of_case(session, reward.case_key)
    if instance is None or actor.officer_id not in {reward.officer_id, reward.claimed_by_id}:
        return False
    waiting = running.open_tasks(session, instance.id)
    return any(task.step_id == "unit_opinion" and task.assignee_id is None for task in waiting)


def claimed_for(actor: Actor) -> ColumnElement[bool]:
    """Rewards of the person."""
    return Reward.officer_id == actor.officer_id


def filed_by(actor: Actor) -> ColumnElement[bool]:
    """Rewards the person filed for others."""
    return (Reward.claimed_by_id == actor.officer_id) & (Reward.officer_id != actor.officer_id)


def on_show() -> ColumnElement[bool]:
    """Honours in their notice, those held by an objection included: everybody may read the excerpt."""
    return Reward.state.in_(ON_SHOW)


def page(session: Session, condition: ColumnElement[bool], number: int = 1) -> Page[Reward]:
    """One page of rewards, newest first."""
    wanted = select(Reward).where(condition)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.scalars(
        wanted.order_by(Reward.id.desc()).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    ).all()
    return Page(rows=rows, number=number, total=total)


def shown(session: Session, reward_id: int) -> Reward:
    """A reward in its public notice. Raises ``NotFound`` for any other, as if it did not exist."""
    reward = one(session, reward_id)
    if reward.state not in ON_SHOW:
        raise NotFound
    return reward


def visible(session: Session, reward_id: int, actor: Actor, scope: Scope) -> Reward:
    """The claim, if it lies within the person's scope; else ``NotFound``, as if it did not exist."""
    reward = one(session, reward_id)
    mine = or_(claimed_for(actor), filed_by(actor), in_scope(scope))
    is_near = session.scalar(select(Reward.id).where(Reward.id == reward_id, mine)) is not None
    if not is_near and not running.takes_part(session, reward.case_key, actor):
        raise NotFound
    return reward


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """The condition that a reward belongs to the units and lines below somebody's competences."""
    reaches: list[ColumnElement[bool]] = [Reward.unit_id.in_(scope.unit_ids)]
    for line_code, unit_ids in scope.line_unit_ids.items():
        of_line = select(IndicatorVersion.id).where(IndicatorVersion.line_code == line_code)
        reaches.append(Reward.indicator_version_id.in_(of_line) & Reward.unit_id.in_(unit_ids))
    return or_(*reaches)
