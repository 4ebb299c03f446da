"""Units come, change and end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import Conflict, InvalidInput, RuleBroken
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.unit import queries
from kaohe_flow.organization.unit.model import Unit, UnitPast
from kaohe_flow.organization.unit.rules import (
    Level,
    Names,
    NewUnit,
    Order,
    RankingPlace,
    day_before,
    name_problems,
    tidy_code,
    trim,
    unit_problems,
)
from kaohe_flow.records.audit.commands import record


class UnitRefused(InvalidInput):
    """What was entered about a unit cannot be used."""

    code = "unit-refused"
    message = "单位资料有误，请按提示修改"


class UnitCodeTaken(Conflict):
    """Codes are unique for all time, so that old files keep their meaning."""

    code = "unit-code-taken"
    message = "单位编码“{unit_code}”已被“{name}”使用，请换一个编码"


class UnitNotEmpty(RuleBroken):
    """A unit ends only when nothing hangs under it."""

    code = "unit-not-empty"
    message = "“{name}”下面还有 {count} 个单位，请先调整或撤销这些下级单位"


class UnitEndsTooEarly(RuleBroken):
    """A unit cannot end before it began."""

    code = "unit-ends-too-early"
    message = "“{name}”自 {first} 起设立，撤销日期不能早于这一天"


class UnitClosed(RuleBroken):
    """What has ended is changed no more."""

    code = "unit-closed"
    message = "“{name}”已定于 {last} 撤销，不能再变更"


class UnitParentRefused(RuleBroken):
    """A unit stands under a higher one that is there on the day, never under itself."""

    code = "unit-parent-refused"
    message = "“{name}”不能隶属于“{parent}”：{reason}"


class OrderTooEarly(RuleBroken):
    """Changes follow one another."""

    code = "order-too-early"
    message = "“{name}”现状自 {first} 起，变更日期不能早于这一天"


class OrderNotDue(RuleBroken):
    """A name, a place, a competent department: what has one value only changes when the day has come."""

    code = "order-not-due"
    message = "变更日期 {day} 还没有到，请在当日或之后办理"


def establish(work: Work, new: NewUnit) -> Unit:
    """A unit begins to exist. Code and names are tidied first."""
    new = replace(
        new, code=tidy_code(new.code), name=trim(new.name), short_name=trim(new.short_name or new.name)
    )
    parent = queries.get(work.session, new.parent_id) if new.parent_id is not None else None
    problems = unit_problems(new, parent_level=Level(parent.level) if parent else None)
    if problems:
        raise UnitRefused(problems=tuple(problems))
    if parent is not None and (parent.valid_to is not None or parent.valid_from > new.valid_from):
        reason = "它在这一天不存在，或已定期撤销"
        raise UnitParentRefused(field="parent_id", name=new.name, parent=parent.name, reason=reason)
    taken = work.session.scalar(select(Unit).where(Unit.code == new.code))
    if taken is not None:
        raise UnitCodeTaken(field="code", unit_code=new.code, name=taken.name)
    unit = Unit(
        code=new.code,
        name=new.name,
        short_name=new.short_name,
        level=new.level.value,
        kind=new.kind,
        sequence=new.sequence,
        peer_group=new.peer_group,
        parent_id=new.parent_id,
        predecessor_id=new.predecessor_id,
        ranked=new.ranked,
        pilot=new.pilot,
        valid_from=new.valid_from,
    )
    work.session.add(unit)
    work.session.flush()
    record(work, "unit.established", _subject(unit), code=unit.code, name=unit.name, parent=unit.parent_id)
    return unit


def lock(work: Work, unit_id: int) -> Unit:
    """The unit as it is now; until this work is done nobody else ends it or posts people to it."""
    unit = work.session.get(Unit, unit_id, with_for_update=True, populate_existing=True)
    if unit is None:
        raise queries.UnitNotFound(unit=unit_id)
    return unit


def succeed(work: Work, predecessor_id: int, new: NewUnit) -> Unit:
    """A reorganised unit takes over: the old one ends the day before, the new one remembers it.

    In a merger, name the predecessor with more officers: the counters of earlier years follow it.
    Officers are moved by their own transfers; units below the old one must have moved before.
    """
    close(work, predecessor_id, last_day=day_before(new.valid_from))
    return establish(work, replace(new, predecessor_id=predecessor_id))


def close(work: Work, unit_id: int, *, last_day: date) -> Unit:
    """The unit ends after ``last_day``. Its rows stay; its past remains readable."""
    unit = lock(work, unit_id)
    if unit.valid_to is not None:
        raise UnitClosed(name=unit.name, last=unit.valid_to)
    if last_day < unit.valid_from:
        raise UnitEndsTooEarly(field="last_day", name=unit.name, first=unit.valid_from)
    below = [
        child
        for child in work.session.scalars(select(Unit).where(Unit.parent_id == unit_id))
        if child.valid_to is None or child.valid_to > last_day
    ]
    if below:
        raise UnitNotEmpty(name=unit.name, count=len(below))
    unit.valid_to = last_day
    work.session.flush()
    record(work, "unit.closed", _subject(unit), last_day=str(last_day))
    return unit


def rename(work: Work, unit_id: int, names: Names, order: Order | None = None) -> Unit:
    """Another name by ``order``, the old one kept with its days; without one a slip of the pen is mended.

    A reorganisation that makes another unit is ``succeed``.
    """
    names = Names(trim(names.name), trim(names.short_name))
    problems = name_problems(names.name, names.short_name)
    if problems:
        raise UnitRefused(problems=tuple(problems))
    unit = _changeable(work, unit_id)
    if order is not None:
        _keep_past(work, unit, order)
    before, unit.name, unit.short_name = unit.name, names.name, names.short_name
    work.session.flush()
    record(work, "unit.renamed", _subject(unit), before=before, after=names.name, **_told(order))
    return unit


def move(work: Work, unit_id: int, *, parent_id: int, order: Order) -> Unit:
    """Another superior from the day of the order on; everything below comes along."""
    unit, parent = _changeable(work, unit_id), queries.get(work.session, parent_id)
    reason = _why_not_under(work, unit, parent, order.since)
    if reason:
        raise UnitParentRefused(field="parent_id", name=unit.name, parent=parent.name, reason=reason)
    _keep_past(work, unit, order)
    before, unit.parent_id = unit.parent_id, parent.id
    work.session.flush()
    record(work, "unit.moved", _subject(unit), before=before, after=parent.id, **_told(order))
    return unit


def _why_not_under(work: Work, unit: Unit, parent: Unit, day: date) -> str:
    if unit.parent_id is None:
        return "一级考核机关没有上级单位"
    if unit.parent_id == parent.id:
        return "现在就是它的下级"
    if parent.id in queries.subtree_ids(work.session, unit.id):
        return "它是本单位或本单位的下级"
    if parent.level >= unit.level:
        return "上级单位的层级必须高于本单位"
    if not parent.span.covers(day) or (parent.valid_to is not None):
        return "它在这一天不存在，或已定期撤销"
    return ""


def _changeable(work: Work, unit_id: int) -> Unit:
    unit = lock(work, unit_id)
    if unit.valid_to is not None:
        raise UnitClosed(name=unit.name, last=unit.valid_to)
    return unit


def _keep_past(work: Work, unit: Unit, order: Order) -> None:
    """What the unit was until the day before; a change on the very first day leaves no past behind."""
    earlier = queries.past(work.session, unit.id)
    first = earlier[0].valid_to + timedelta(days=1) if earlier and earlier[0].valid_to else unit.valid_from
    check_due(work, order, unit.name, first)
    if order.since == first:
        return
    work.session.add(
        UnitPast(
            unit_id=unit.id,
            name=unit.name,
            short_name=unit.short_name,
            parent_id=unit.parent_id,
            valid_from=first,
            valid_to=day_before(order.since),
            basis=trim(order.basis),
        )
    )


def check_due(work: Work, order: Order, name: str, first: date) -> None:
    """Raises ``OrderNotDue`` before the day has come, ``OrderTooEarly`` before what it changes began."""
    if order.since > local_day(work.now):
        raise OrderNotDue(field="since", day=order.since)
    if order.since < first:
        raise OrderTooEarly(field="since", name=name, first=first)


def _told(order: Order | None) -> dict[str, str]:
    return {} if order is None else {"since": str(order.since), "basis": trim(order.basis)}


def classify(work: Work, unit_id: int, place: RankingPlace) -> Unit:
    """Puts the unit into its ranking sequence and group, or outside the ranking."""
    unit = queries.get(work.session, unit_id)
    unit.sequence = trim(place.sequence or "") or None
    unit.peer_group = trim(place.peer_group or "") or None
    unit.ranked, unit.pilot = place.ranked, place.pilot
    work.session.flush()
    record(
        work,
        "unit.classified",
        _subject(unit),
        sequence=unit.sequence,
        peer_group=unit.peer_group,
        ranked=unit.ranked,
        pilot=unit.pilot,
    )
    return unit


def _subject(unit: Unit) -> str:
    return f"unit:{unit.id}"
