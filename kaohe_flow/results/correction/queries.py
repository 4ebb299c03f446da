"""What can be asked of correction vouchers, and what they would come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, String, cast, exists, false, func, literal, or_, select
from sqlalchemy.orm import Session

from kaohe_flow.casework.appeal.model import Appeal
from kaohe_flow.casework.standing.rules import Scope
from kaohe_flow.casework.submission.rules import FIGURE_TITLES, asked_figures
from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.kernel.paging import PAGE_SIZE, Page
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.role.rules import Role, Seat
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.results.correction.model import Correction, CorrectionLine, CorrectionVerdict
from kaohe_flow.results.correction.rules import CorrectionState, Effect, NoCorrection, parse_case_key
from kaohe_flow.results.ranking import queries as ranking
from kaohe_flow.results.ranking.rules import Standing
from kaohe_flow.results.sealing import queries as sealing
from kaohe_flow.scheme.definition.item.rules import Item
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.indicator.model import IndicatorVersion
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scheme.period.rules import PeriodState
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.scorebook.ledger.model import DeferredFact, ScoreFact
from kaohe_flow.scorebook.ledger.queries import Standing as SubjectStanding
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.scorebook.scoring.admission.rules import items_for
from kaohe_flow.workflow.instance import queries as running
from kaohe_flow.workflow.instance.model import InstanceState, ProcessInstance

JUDGED: Final = ("points", "核定分值")


@dataclass(frozen=True, slots=True)
class Choice:
    """An indicator with the rule it is scored by."""

    version: IndicatorVersion
    item: Item

    @property
    def asked(self) -> list[tuple[str, str]]:
        """Name and title of the figures the rule reads; points where somebody judges."""
        figures = asked_figures(self.item.method)
        return [(one.value, FIGURE_TITLES[one]) for one in figures] or [JUDGED]


# Rows as the doors see them.
CorrectionView = Correction
LineView = CorrectionLine
ON_TRIAL: Final = 2**40  # comes after every fact of the ledger in its order


def one(session: Session, correction_id: int) -> Correction:
    """A voucher, for a command that has checked who asks. Raises ``NoCorrection``."""
    found = session.get(Correction, correction_id)
    if found is None:
        raise NoCorrection
    return found


def by_case_key(session: Session, case_key: str) -> Correction:
    """The voucher behind a case key such as ``correction:3``. Raises ``NoCorrection``."""
    return one(session, parse_case_key(case_key))


def of_source(session: Session, source_key: str) -> Correction | None:
    """The voucher a claim or an appeal brought about."""
    return session.scalars(select(Correction).where(Correction.source_key == source_key)).first()


def lines(session: Session, correction_id: int) -> Sequence[CorrectionLine]:
    """What a voucher overturns and adds, in its order."""
    return session.scalars(
        select(CorrectionLine)
        .where(CorrectionLine.correction_id == correction_id)
        .order_by(CorrectionLine.number)
    ).all()


def verdicts(session: Session, correction_id: int) -> Sequence[CorrectionVerdict]:
    """What the second person and the leading group said, oldest first."""
    return session.scalars(
        select(CorrectionVerdict)
        .where(CorrectionVerdict.correction_id == correction_id)
        .order_by(CorrectionVerdict.id)
    ).all()


def pending_overturn(session: Session, fact_id: int) -> Correction | None:
    """An undecided voucher that would overturn the fact."""
    return session.scalars(
        select(Correction)
        .join(CorrectionLine, CorrectionLine.correction_id == Correction.id)
        .where(CorrectionLine.overturns == fact_id, Correction.state == CorrectionState.PROPOSED)
    ).first()


def deferred(session: Session, case_key: str) -> Sequence[DeferredFact]:
    """Facts of a case that were found after the seal of their period."""
    return session.scalars(
        select(DeferredFact).where(DeferredFact.case_key == case_key).order_by(DeferredFact.id)
    ).all()


def owed(session: Session) -> Sequence[Appeal]:
    """Appeals that ended with a change to a sealed period and have no voucher yet.

    An appeal waits for its end, because a higher rung may still change the ruling, and for an undecided
    voucher of the contested case itself, because that decides what there is to overturn.
    """
    own_key = literal("appeal:") + cast(Appeal.id, String)
    of_appeal = exists().where(Correction.source_key == own_key)
    of_case = exists().where(
        Correction.source_key == Appeal.contested_key, Correction.state == CorrectionState.PROPOSED
    )
    voucher_due = exists().where(
        DeferredFact.case_key == Appeal.contested_key,
        ~exists().where(Correction.source_key == DeferredFact.case_key),
    )
    has_ended = exists().where(
        ProcessInstance.case_key == own_key, ProcessInstance.state == InstanceState.FINISHED
    )
    due = select(Appeal).where(Appeal.correction_due_at.is_not(None), Appeal.corrected_at.is_(None))
    return session.scalars(due.where(~of_appeal, ~of_case, ~voucher_due, has_ended).order_by(Appeal.id)).all()


def sealed_periods(session: Session) -> Sequence[Period]:
    """Periods a voucher can be about, the latest first."""
    return session.scalars(
        select(Period).where(Period.state == PeriodState.RESULT_SEALED).order_by(Period.ends_on.desc())
    ).all()


def unit_of(session: Session, period: Period, kind: SubjectKind, subject_id: int) -> int:
    """The unit that answers for a subject: a unit for itself. Raises ``NotFound`` for who had none then."""
    if kind is SubjectKind.UNIT:
        return units.get(session, subject_id).id
    unit = officers.unit_on(session, subject_id, period.ends_on)
    if unit is None:
        raise NotFound
    return unit.id


def choices(session: Session, period: Period, standing: SubjectStanding) -> list[Choice]:
    """What may be added for a subject: its items that were in force as indicators in the period."""
    scene = standing.scene
    items = items_for(scene.sheet, scene.subject, scene.period)
    versions = indicators.all_in_force(session, period)
    return [Choice(one, items[one.indicator.code]) for one in versions if one.indicator.code in items]


def may_propose(session: Session, actor: Actor, unit_id: int) -> bool:
    """Whether the person is of the assessment office at the top of the unit's chain."""
    return Seat(Role.OFFICE, units.root(session, unit_id).id).principal in actor.principals


def effects(session: Session, correction: Correction) -> tuple[Effect, ...]:
    """Everybody concerned or moved, before and after: as kept once applied, else as it would be."""
    period = periods.get(session, correction.period_id)
    if correction.snapshot_version is not None:
        before = sealing.standings(session, period, correction.snapshot_version - 1).rows
        after = sealing.standings(session, period, correction.snapshot_version).rows
    else:
        before = sealing.standings(session, period).rows
        after = before
        if correction.state is CorrectionState.PROPOSED:
            after = ranking.current(session, period, _facts_then(session, correction)).rows
    concerned = {f"{row.subject_kind.value}:{row.subject_id}" for row in lines(session, correction.id)}
    return _compared(before, after, concerned)


def _facts_then(session: Session, correction: Correction) -> Sequence[ScoreFact]:
    rows = lines(session, correction.id)
    fallen = {row.overturns for row in rows}
    kept = [fact for fact in ledger.facts_in(session, correction.period_id) if fact.id not in fallen]
    added = [row for row in rows if row.overturns is None]
    return [*kept, *(as_trial(row, ON_TRIAL + row.number) for row in added)]


def as_trial(row: CorrectionLine, id_: int) -> ScoreFact:
    """A fact of a voucher as the scoring rules read it; never stored."""
    return ScoreFact(id=id_, **{name: getattr(row, name) for name in ledger.FOUND})


def _compared(
    before: Sequence[Standing], after: Sequence[Standing], concerned: set[str]
) -> tuple[Effect, ...]:
    """Those concerned first, then whoever else moved; one line per subject and ranking."""
    earlier: Mapping[tuple[str, str], Standing] = {(row.subject, row.ranking): row for row in before}
    found = []
    for row in after:
        old = earlier.get((row.subject, row.ranking))
        points, place = (old.points, old.place) if old else (None, None)
        effect = Effect(row.subject, row.name, row.group, points, row.points, place, row.place)
        if row.subject in concerned or effect.is_changed:
            found.append(effect)
    return tuple(
        sorted(found, key=lambda one: (one.subject not in concerned, one.group, one.place_after or 0))
    )


def page(session: Session, condition: ColumnElement[bool], number: int = 1) -> Page[Correction]:
    """One page of vouchers, newest first."""
    wanted = select(Correction).where(condition)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.scalars(
        wanted.order_by(Correction.id.desc()).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    ).all()
    return Page(rows=rows, number=number, total=total)


def in_scope(actor: Actor, scope: Scope) -> ColumnElement[bool]:
    """Vouchers about oneself, proposed by oneself, or about people and units below one's competences."""
    about_me = (Correction.subject_kind == SubjectKind.OFFICER) & (Correction.subject_id == actor.officer_id)
    below = Correction.unit_id.in_(scope.unit_ids) if scope.unit_ids else false()
    return or_(about_me, Correction.proposed_by_id == actor.officer_id, below)


def visible(session: Session, case_key: str, actor: Actor, scope: Scope) -> Correction:
    """The voucher, if it lies within the person's scope; else ``NoCorrection``, as if it did not exist."""
    correction = by_case_key(session, case_key)
    reach = select(Correction.id).where(Correction.id == correction.id, in_scope(actor, scope))
    if session.scalar(reach) is None and not running.takes_part(session, case_key, actor):
        raise NoCorrection
    return correction
