"""Who may take a task, worked out by the bureau's own rules once for each kind of case and kept."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.role import queries as roles
from kaohe_flow.organization.role.model import Relation, RoleAssignment
from kaohe_flow.organization.role.queries import Pool, Standing
from kaohe_flow.organization.unit.model import Dated, Unit

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose claim it is, where the work was done, under which line, and who has judged this round."""

    officer_id: int
    unit_id: int
    line_code: str | None
    judged: frozenset[int] = frozenset()


class Pools:
    """Pools of steps. Two officers without any office or declared relation find the same pool.

    What is kept holds until the next day on which a competence, a relation or a unit begins or ends.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._special = _special(session)
        self._turns = _turns(session)
        self._kept: dict[object, tuple[int, Pool]] = {}
        self._people: dict[object, tuple[int, ...]] = {}
        self._actors: dict[tuple[int, int], Actor] = {}

    def of(self, expressions: tuple[str, ...], asked: Asked, day: date) -> Pool:
        """The pool of a step for this officer's claim, recusal included."""
        own = asked.officer_id if asked.officer_id in self._special else 0
        key = (expressions, asked.unit_id, asked.line_code, asked.judged, own, self._turn(day))
        if key not in self._kept:
            standing = Standing(
                subject_officer_id=asked.officer_id,
                unit_id=asked.unit_id,
                day=day,
                line_code=asked.line_code,
                recused=asked.judged,
            )
            self._kept[key] = asked.officer_id, roles.pool(self._session, expressions, standing)
        first, pool = self._kept[key]
        if first == asked.officer_id or first not in pool.recused:
            return pool
        return replace(pool, recused=pool.recused - {first} | {asked.officer_id})

    def people(self, pool: Pool, day: date) -> list[int]:
        """The officers who may decide, by id."""
        key = (pool.principals, self._turn(day))
        if key not in self._people:
            held = roles.holders_of(self._session, pool.principals, day)
            self._people[key] = tuple(sorted(frozenset[int]().union(*held.values())))
        return [officer_id for officer_id in self._people[key] if officer_id not in pool.recused]

    def actor(self, officer_id: int, day: date) -> Actor:
        """An officer with the competences of the day."""
        key = (officer_id, self._turn(day))
        if key not in self._actors:
            name = officers.get(self._session, officer_id).name
            self._actors[key] = Actor(officer_id, name, roles.principals_of(self._session, officer_id, day))
        return self._actors[key]

    def _turn(self, day: date) -> int:
        return bisect_right(self._turns, day)


def _special(session: Session) -> frozenset[int]:
    """Officers whose own claim may find another pool: they hold something, or are related to somebody."""
    columns = (RoleAssignment.officer_id, Relation.officer_id, Relation.other_id)
    return frozenset(found for column in columns for found in session.scalars(select(column).distinct()))


def _turns(session: Session) -> list[date]:
    """Days from which on a pool may be another."""
    days: set[date] = set()
    for model in (RoleAssignment, Relation, Unit):
        days |= set(_ends(session, model))
    return sorted(days)


def _ends(session: Session, model: type[Dated]) -> Iterable[date]:
    yield from session.scalars(select(model.valid_from).distinct())
    for last in session.scalars(select(model.valid_to).distinct()):
        if last is not None:
            yield last + ONE_DAY
