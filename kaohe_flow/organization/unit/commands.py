"""Units come, change and end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from kaohe_flow.kernel.errors import Conflict, InvalidInput, RuleBroken
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.unit import queries
from kaohe_flow.organization.unit.model import Unit
from kaohe_flow.organization.unit.rules import (
    Level,
    NewUnit,
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


def establish(work: Work, new: NewUnit) -> Unit:
    """A unit begins to exist. Code and names are tidied first."""
    new = replace(
        new, code=tidy_code(new.code), name=trim(new.name), short_name=trim(new.short_name or new.name)
    )
    parent = queries.get(work.session, new.parent_id) if new.parent_id is not None else None
    problems = unit_problems(new, parent_level=Level(parent.level) if parent else None)
    if problems:
        raise UnitRefused(problems=tuple(problems))
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


def succeed(work: Work, predecessor_id: int, new: NewUnit) -> Unit:
    """A reorganised unit takes over: the old one ends the day before, the new one remembers it.

    In a merger, name the predecessor with more officers: the counters of earlier years follow it.
    Officers are moved by their own transfers; units below the old one must have moved before.
    """
    close(work, predecessor_id, last_day=day_before(new.valid_from))
    return establish(work, replace(new, predecessor_id=predecessor_id))


def close(work: Work, unit_id: int, *, last_day: date) -> Unit:
    """The unit ends after ``last_day``. Its rows stay; its past remains readable."""
    unit = queries.get(work.session, unit_id)
    if last_day < unit.valid_from:
        raise UnitEndsTooEarly(name=unit.name, first=unit.valid_from)
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


def rename(work: Work, unit_id: int, *, name: str, short_name: str) -> Unit:
    """Corrects the wording of a name; a reorganisation is ``succeed``."""
    name, short_name = trim(name), trim(short_name)
    problems = name_problems(name, short_name)
    if problems:
        raise UnitRefused(problems=tuple(problems))
    unit = queries.get(work.session, unit_id)
    before, unit.name, unit.short_name = unit.name, name, short_name
    work.session.flush()
    record(work, "unit.renamed", _subject(unit), before=before, after=name)
    return unit


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
