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
from kaohe_flow.organization.role.rules import Role, Seat
from kaohe_flow.organization.unit.model import Dated, Unit

ONE_DAY = timedelta(days=1)
OWN = ("officer@subject",)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose claim it is, where the work was done, under which line, and who has judged this round."""

    officer_id: int
    unit_id: int
    line_code: str | None
    judged: frozenset[int] = frozenset()


class Pools:
    """Pools of steps. What is kept holds until the next day on which a competence or a unit begins or ends.

    Recusal only takes people away. So where, without any recusal, every seat that was found still has
    somebody left afterwards, the same seats are found with it; only else the rules are asked anew.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._related = _related(session)
        self._turns = _turns(session)
        self._kept: dict[object, tuple[Pool, tuple[frozenset[int], ...]]] = {}
        self._people: dict[object, tuple[int, ...]] = {}
        self._actors: dict[tuple[int, int], Actor] = {}

    def of(self, expressions: tuple[str, ...], asked: Asked, day: date) -> Pool:
        """The pool of a step for this officer's claim, recusal included."""
        if asked.officer_id in self._related:
            return self._ask(expressions, asked, day)
        if expressions == OWN:
            return self._own(asked, day)
        recused = asked.judged | {asked.officer_id}
        pool, held = self._without_recusal(expressions, asked, day)
        if all(holders - recused for holders in held):
            return replace(pool, recused=recused)
        return self._ask(expressions, asked, day)

    def _ask(self, expressions: tuple[str, ...], asked: Asked, day: date) -> Pool:
        standing = Standing(
            subject_officer_id=asked.officer_id,
            unit_id=asked.unit_id,
            day=day,
            line_code=asked.line_code,
            recused=asked.judged,
        )
        return roles.pool(self._session, expressions, standing)

    def _own(self, asked: Asked, day: date) -> Pool:
        """A step of the officer in person: the same for everybody but for the names."""
        if OWN not in self._kept:
            self._kept[OWN] = self._ask(OWN, asked, day), ()
        person = frozenset({Seat(Role.OFFICER, asked.officer_id).principal})
        return replace(self._kept[OWN][0], principals=person, recused=asked.judged)

    def _without_recusal(
        self, expressions: tuple[str, ...], asked: Asked, day: date
    ) -> tuple[Pool, tuple[frozenset[int], ...]]:
        """The pool where nobody has to keep out, and who sits on each of its seats."""
        key = (expressions, asked.unit_id, asked.line_code, self._turn(day))
        if key not in self._kept:
            standing = Standing(None, asked.unit_id, day, line_code=asked.line_code)
            pool = roles.pool(self._session, expressions, standing)
            held = roles.holders_of(self._session, pool.principals, day)
            self._kept[key] = pool, tuple(held.values())
        return self._kept[key]

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


def _related(session: Session) -> frozenset[int]:
    """Officers with a declared relation: others keep out of their cases too."""
    columns = (Relation.officer_id, Relation.other_id)
    return frozenset(found for column in columns for found in session.scalars(select(column).distinct()))


def _turns(session: Session) -> list[date]:
    """Days from which on a pool may be another."""
    days: set[date] = set()
    for model in (RoleAssignment, Unit):
        days |= set(_ends(session, model))
    return sorted(days)


def _ends(session: Session, model: type[Dated]) -> Iterable[date]:
    yield from session.scalars(select(model.valid_from).distinct())
    for last in session.scalars(select(model.valid_to).distinct()):
        if last is not None:
            yield last + ONE_DAY
