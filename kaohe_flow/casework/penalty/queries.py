"""What can be asked of penalties, who may ask, and what a finding would come to.

Whom else a finding hits is the scheme's to say, in one of two ways and never in both for one item:

* the item fans out (``fan_out``): the person's fact is found, and the ledger keeps with it those of unit,
  superior unit and leaders by the items the scheme names (``scorebook.scoring.fanout``);
* it does not, but the sheet of the unit knows the same item: a second fact is kept for the unit on the day
  of the event, booked by the unit's own price, under the same case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from kaohe_flow.casework.penalty.model import (
    DefenceAnswer,
    DefenceGround,
    Penalty,
    PenaltyDecision,
    PenaltyNotice,
    PenaltyReply,
)
from kaohe_flow.casework.penalty.rules.defence import Ruling
from kaohe_flow.casework.penalty.rules.finding import (
    BY_TARIFF,
    FINDERS,
    Accusation,
    Figures,
    Mandate,
    NotYoursToFind,
    may_find,
)
from kaohe_flow.casework.standing.rules import Scope
from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.kernel.paging import PAGE_SIZE, Page
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.role.rules import read_principal
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.scheme.definition.item.rules import Item
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.indicator.model import IndicatorVersion
from kaohe_flow.scheme.indicator.rules import Mode
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scheme.plan import queries as plans
from kaohe_flow.scorebook.ledger.rules import NoSheet, SubjectKind, scene_for
from kaohe_flow.scorebook.roster.queries import subject_of
from kaohe_flow.scorebook.scoring.admission.rules import items_for
from kaohe_flow.workflow.instance import queries as running

# Rows as the doors see them.
PenaltyView = Penalty


@dataclass(frozen=True, slots=True)
class Tariff:
    """What one subject may be charged with in a period: items by code, circumstances by item's sheet."""

    items: Mapping[str, Item]
    circumstances: frozenset[str]

    def circumstances_of(self, item: Item) -> frozenset[str]:
        """The circumstances that change something for this item."""
        if item.mitigations is None:
            return self.circumstances
        return self.circumstances & frozenset(item.mitigations)


def one(session: Session, penalty_id: int) -> Penalty:
    """A penalty, for a command that has checked who asks. Raises ``NotFound``."""
    penalty = session.get(Penalty, penalty_id)
    if penalty is None:
        raise NotFound
    return penalty


def by_case_key(session: Session, case_key: str) -> Penalty:
    """The penalty behind a case key such as ``penalty:17``. Raises ``NotFound``."""
    kind, _, number = case_key.partition(":")
    if kind != "penalty" or not number.isdigit():
        raise NotFound
    return one(session, int(number))


def mandates(session: Session, actor: Actor) -> tuple[Mandate, ...]:
    """The competences of a person to find something against officers."""
    seats = [read_principal(principal) for principal in sorted(actor.principals)]
    return tuple(
        Mandate(seat.role, units.subtree_ids(session, seat.place), seat.line)
        for seat in seats
        if seat is not None and seat.role in FINDERS
    )


def reach(found: Iterable[Mandate]) -> frozenset[int]:
    """The units whose officers somebody may find something against."""
    return frozenset().union(*(mandate.unit_ids for mandate in found))


def tariff(session: Session, period: Period, kind: SubjectKind, subject_id: int) -> Tariff:
    """What the sheet of a subject holds in a period. Raises ``NoPlan``, ``NoSheet``."""
    scheme = plans.scheme_of(plans.governing(session, period.starts_on))
    scene = scene_for(scheme, subject_of(session, kind.value, subject_id, period), period.code)
    items = items_for(scene.sheet, scene.subject, scene.period)
    return Tariff(items, frozenset(scene.sheet.mitigations))


def unit_tariff(session: Session, period: Period, unit_id: int) -> Tariff:
    """The same of a unit; nothing where the scheme assesses no units of that kind."""
    try:
        return tariff(session, period, SubjectKind.UNIT, unit_id)
    except NoSheet:
        return Tariff({}, frozenset())


def item_of(session: Session, penalty: Penalty) -> Item:
    """The rule a finding is priced by on the sheet of the officer. Raises ``NoItem``."""
    period = periods.get(session, penalty.period_id)
    code = indicators.version(session, penalty.indicator_version_id).indicator.code
    found = tariff(session, period, SubjectKind.OFFICER, penalty.officer_id).items.get(code)
    return found if found is not None else plans.item(session, period.starts_on, code)


def unit_item(session: Session, penalty: Penalty, own: Item) -> tuple[Item, Tariff] | None:
    """The item that hits the unit beside the officer; None where the scheme fans out or knows none."""
    if own.fan_out:
        return None
    period = periods.get(session, penalty.period_id)
    found = unit_tariff(session, period, penalty.unit_id)
    item = found.items.get(own.id)
    return (item, found) if item is not None and item.mode.value == Mode.PENALTY.value else None


def circumstances(session: Session, penalty: Penalty) -> tuple[str, ...]:
    """Circumstances (情节) the scheme knows for the officer's line or the unit's, by name."""
    period = periods.get(session, penalty.period_id)
    own = item_of(session, penalty)
    sheet = tariff(session, period, SubjectKind.OFFICER, penalty.officer_id)
    if own.fan_out:
        return tuple(sorted(sheet.circumstances))
    found = set(sheet.circumstances_of(own))
    beside = unit_item(session, penalty, own)
    if beside is not None:
        found |= beside[1].circumstances_of(beside[0])
    return tuple(sorted(found))


def chargeable(
    session: Session, actor: Actor, officer_id: int, period: Period, day: date
) -> list[IndicatorVersion]:
    """The penalty indicators this person may find against the officer now, by code."""
    if officer_id == actor.officer_id:
        return []
    unit = officers.unit_on(session, officer_id, day)
    own = mandates(session, actor)
    items = tariff(session, period, SubjectKind.OFFICER, officer_id).items
    return [
        version
        for version in indicators.all_in_force(session, period)
        if version.mode is Mode.PENALTY
        and unit is not None
        and may_find(own, {unit.id}, version.line_code, version.module)
        and version.indicator.code in items
        and isinstance(items[version.indicator.code].method, BY_TARIFF)
    ]


def check_chargeable(
    session: Session, actor: Actor, accusation: Accusation, unit_ids: frozenset[int]
) -> IndicatorVersion:
    """The indicator, if the person may find it against an officer of these units. Raises
    ``NotYoursToFind``."""
    version = indicators.version(session, accusation.indicator_version_id)
    is_own = accusation.officer_id == actor.officer_id
    covered = may_find(mandates(session, actor), unit_ids, version.line_code, version.module)
    if is_own or not covered or version.mode is not Mode.PENALTY:
        raise NotYoursToFind
    return version


def figures_of(penalty: Penalty) -> Figures:
    """The figures that were told."""
    return Figures(penalty.option, penalty.count, penalty.value, penalty.target, penalty.points)


def accusation_of(penalty: Penalty) -> Accusation:
    """The finding as the rules read it."""
    return Accusation(
        officer_id=penalty.officer_id,
        indicator_version_id=penalty.indicator_version_id,
        happened_on=penalty.happened_on,
        found_on=penalty.found_on,
        basis=penalty.basis,
        description=penalty.description,
        figures=figures_of(penalty),
    )


def notice_of(session: Session, penalty_id: int) -> PenaltyNotice | None:
    """What was served; None only while the case is being opened."""
    return session.get(PenaltyNotice, penalty_id)


def reply_of(session: Session, penalty_id: int) -> PenaltyReply | None:
    """The reply; None while the limit runs."""
    return session.get(PenaltyReply, penalty_id)


def grounds(session: Session, penalty_id: int) -> Sequence[DefenceGround]:
    """The points of the defence, in their order."""
    return session.scalars(
        select(DefenceGround).where(DefenceGround.penalty_id == penalty_id).order_by(DefenceGround.number)
    ).all()


def decision_of(session: Session, penalty_id: int) -> PenaltyDecision | None:
    """The decision that counts; None before there is one."""
    return session.scalars(
        select(PenaltyDecision)
        .where(PenaltyDecision.penalty_id == penalty_id)
        .order_by(PenaltyDecision.id.desc())
        .limit(1)
    ).first()


def answers(session: Session, decision_id: int) -> Mapping[int, DefenceAnswer]:
    """What a decision says to the points of the defence, by number."""
    rows = session.scalars(select(DefenceAnswer).where(DefenceAnswer.decision_id == decision_id))
    return {row.number: row for row in rows}


def ruling_of(session: Session, penalty_id: int) -> tuple[Ruling, PenaltyDecision]:
    """The decision as the rules read it, and its row. Raises ``NotFound`` before there is one."""
    row = decision_of(session, penalty_id)
    if row is None:
        raise NotFound
    names = tuple(name for name in row.mitigation.split(",") if name)
    ruling = Ruling(row.outcome, row.opinion, names, count=row.count, points=row.points)
    return ruling, row


def against(actor: Actor) -> ColumnElement[bool]:
    """Penalties in which the person is the assessed."""
    return Penalty.officer_id == actor.officer_id


def entered_by(actor: Actor) -> ColumnElement[bool]:
    """Penalties the person found."""
    return Penalty.found_by_id == actor.officer_id


def page(session: Session, condition: ColumnElement[bool], number: int = 1) -> Page[Penalty]:
    """One page of penalties, newest first."""
    wanted = select(Penalty).where(condition)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.scalars(
        wanted.order_by(Penalty.id.desc()).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    ).all()
    return Page(rows=rows, number=number, total=total)


def visible(session: Session, penalty_id: int, actor: Actor, scope: Scope) -> Penalty:
    """The penalty, if it lies within the person's scope; else ``NotFound``, as if it did not exist."""
    mine = or_(against(actor), entered_by(actor), in_scope(scope))
    penalty = session.scalars(select(Penalty).where(Penalty.id == penalty_id, mine)).first()
    if penalty is None:
        penalty = one(session, penalty_id)
        if not running.takes_part(session, penalty.case_key, actor):
            raise NotFound
    return penalty


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """The condition that a penalty belongs to the units and lines below somebody's competences."""
    reaches: list[ColumnElement[bool]] = [Penalty.unit_id.in_(scope.unit_ids)]
    for line_code, unit_ids in scope.line_unit_ids.items():
        of_line = select(IndicatorVersion.id).where(IndicatorVersion.line_code == line_code)
        reaches.append(Penalty.indicator_version_id.in_(of_line) & Penalty.unit_id.in_(unit_ids))
    return or_(*reaches)
