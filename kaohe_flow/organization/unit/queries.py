"""Where a unit stands: its chain upward, its subtree, the whole tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import Select, literal, or_, select
from sqlalchemy.orm import Session

from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.organization.unit.model import Unit, UnitPast
from kaohe_flow.organization.unit.rules import LEVELS, Branch, Level, tidy

SEARCH_LIMIT = 20


class UnitNotFound(NotFound):
    """No unit has this id or code."""

    code = "unit-not-found"
    message = "没有找到单位“{unit}”"


def get(session: Session, unit_id: int) -> Unit:
    """The unit, or ``UnitNotFound``."""
    unit = session.get(Unit, unit_id)
    if unit is None:
        raise UnitNotFound(unit=unit_id)
    return unit


def by_code(session: Session, code: str) -> Unit:
    """The unit with exactly this code, or ``UnitNotFound``."""
    unit = session.scalar(select(Unit).where(Unit.code == code))
    if unit is None:
        raise UnitNotFound(unit=code)
    return unit


def by_ids(session: Session, unit_ids: Iterable[int]) -> dict[int, Unit]:
    """Units by id; an id without a unit is left out."""
    wanted = sorted(set(unit_ids))
    return {unit.id: unit for unit in session.scalars(select(Unit).where(Unit.id.in_(wanted)))}


def all_by_code(session: Session) -> dict[str, Unit]:
    """Every unit that was ever there, by code (some hundreds of rows)."""
    return {unit.code: unit for unit in session.scalars(select(Unit))}


def roots(session: Session) -> tuple[Unit, ...]:
    """The level-1 authorities, by code."""
    return tuple(session.scalars(select(Unit).where(Unit.level == Level.AUTHORITY).order_by(Unit.code)))


def chain(session: Session, unit_id: int) -> tuple[Unit, ...]:
    """From the unit upward to its authority, the unit first. Raises ``UnitNotFound``."""
    found = chains(session, (unit_id,)).get(unit_id)
    if found is None:
        raise UnitNotFound(unit=unit_id)
    return found


def chains(session: Session, unit_ids: Iterable[int]) -> dict[int, tuple[Unit, ...]]:
    """The chains of many units in one statement; an id without a unit is left out."""
    steps: dict[int, list[Unit]] = defaultdict(list)
    for start, unit in session.execute(_upward(sorted(set(unit_ids)))):
        steps[start].append(unit)
    return {start: tuple(units) for start, units in steps.items()}


def _upward(unit_ids: list[int]) -> Select[int, Unit]:
    # The depth is bounded although levels fall strictly on the way up: damaged rows must not hang a page.
    up = (
        select(Unit.id.label("start"), Unit.id, Unit.parent_id, literal(1).label("depth"))
        .where(Unit.id.in_(unit_ids))
        .cte("up", recursive=True)
    )
    up = up.union_all(
        select(up.c.start, Unit.id, Unit.parent_id, up.c.depth + 1)
        .join(Unit, Unit.id == up.c.parent_id)
        .where(up.c.depth < LEVELS)
    )
    return select(up.c.start, Unit).join(Unit, Unit.id == up.c.id).order_by(up.c.start, up.c.depth)


def ancestor(session: Session, unit_id: int, levels_up: int) -> Unit | None:
    """``levels_up`` steps to the parent; 0 is the unit itself, beyond the top there is none."""
    steps = chain(session, unit_id)
    return steps[levels_up] if 0 <= levels_up < len(steps) else None


def at_level(session: Session, unit_id: int, level: int) -> Unit | None:
    """The unit of the chain that stands at ``level``; a chain may skip a level."""
    return next((unit for unit in chain(session, unit_id) if unit.level == level), None)


def root(session: Session, unit_id: int) -> Unit:
    """The level-1 authority of the unit's chain."""
    return chain(session, unit_id)[-1]


def subtree_ids(session: Session, unit_id: int) -> frozenset[int]:
    """The unit and everything that was ever below it; empty when there is no such unit."""
    return subtrees_ids(session, (unit_id,))


def subtrees_ids(session: Session, unit_ids: Iterable[int]) -> frozenset[int]:
    """The union of several subtrees, in one statement."""
    down = select(Unit.id).where(Unit.id.in_(sorted(set(unit_ids)))).cte("down", recursive=True)
    down = down.union(select(Unit.id).join(down, Unit.parent_id == down.c.id))
    return frozenset(session.scalars(select(down.c.id)))


def children(session: Session, unit_id: int, day: date) -> tuple[Unit, ...]:
    """Units directly below that exist on ``day``, by level and code."""
    return tuple(
        session.scalars(
            select(Unit).where(Unit.parent_id == unit_id, Unit.on(day)).order_by(Unit.level, Unit.code)
        )
    )


def past(session: Session, unit_id: int) -> tuple[UnitPast, ...]:
    """Former names and places of a unit, the latest first."""
    return tuple(
        session.scalars(
            select(UnitPast).where(UnitPast.unit_id == unit_id).order_by(UnitPast.valid_from.desc())
        )
    )


def all_on(session: Session, day: date) -> tuple[Unit, ...]:
    """Every unit of the day, by level and code, for lists to choose from (some hundreds of rows)."""
    return tuple(session.scalars(select(Unit).where(Unit.on(day)).order_by(Unit.level, Unit.code)))


def search(
    session: Session, text: str, *, day: date, within: frozenset[int] | None = None
) -> tuple[Unit, ...]:
    """At most ``SEARCH_LIMIT`` units of ``day`` whose name, short name or code contains ``text``.

    ``within`` is the scope of whoever searches; None means all units.
    """
    words = tidy(text)
    found = select(Unit).where(
        Unit.on(day),
        or_(
            Unit.name.contains(words, autoescape=True),
            Unit.short_name.contains(words, autoescape=True),
            Unit.code.contains(words.upper(), autoescape=True),
        ),
    )
    if within is not None:
        found = found.where(Unit.id.in_(sorted(within)))
    return tuple(session.scalars(found.order_by(Unit.level, Unit.code).limit(SEARCH_LIMIT)))


def tree(session: Session, day: date, headcount: Mapping[int, int]) -> tuple[Branch, ...]:
    """The organisation of ``day`` from the authorities down; ``headcount`` is officers by unit id.

    A unit whose parent no longer exists on ``day`` is shown as a tree of its own, never lost.
    """
    units = all_on(session, day)
    present = {unit.id for unit in units}
    below: dict[int | None, list[Unit]] = defaultdict(list)
    for unit in units:
        below[unit.parent_id if unit.parent_id in present else None].append(unit)
    return tuple(_branch(unit, below, headcount) for unit in below[None])


def _branch(unit: Unit, below: Mapping[int | None, list[Unit]], headcount: Mapping[int, int]) -> Branch:
    children = tuple(_branch(child, below, headcount) for child in below.get(unit.id, ()))
    officers = headcount.get(unit.id, 0)
    return Branch(
        unit_id=unit.id,
        code=unit.code,
        name=unit.name,
        short_name=unit.short_name,
        level=Level(unit.level),
        kind=unit.kind,
        officers=officers,
        total=officers + sum(child.total for child in children),
        children=children,
    )
