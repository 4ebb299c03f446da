"""Units, officers and what they hold, established through the commands of the organization."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from kaohe_flow.demo.city import TINY, City, Lot, Place, Post
from kaohe_flow.demo.names import names
from kaohe_flow.kernel.actor import CLOCK, Actor
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.unit_of_work import Database, Work
from kaohe_flow.organization.line import commands as lines
from kaohe_flow.organization.officer import commands as officers
from kaohe_flow.organization.officer import queries as officer_queries
from kaohe_flow.organization.officer.model import Officer
from kaohe_flow.organization.officer.rules import NewOfficer, OfficerKind
from kaohe_flow.organization.role import commands as roles
from kaohe_flow.organization.role.queries import principals_of
from kaohe_flow.organization.role.rules import Role
from kaohe_flow.organization.unit import commands as units
from kaohe_flow.organization.unit.model import Unit
from kaohe_flow.organization.unit.rules import NewUnit, Span

FOUNDED: Final = date(2024, 1, 1)
FIRST_POLICE_NO: Final = 310001
NAME_SEED: Final = 20260101
FORMER_PLACE: Final = "QSX-HK"  # where those who have moved since served first


@dataclass(frozen=True, slots=True)
class Person:
    """An officer on a post, able to act."""

    id: int
    name: str
    post: Post
    actor: Actor
    place_name: str

    @property
    def place(self) -> str:
        """Code of the unit the post belongs to."""
        return self.post.place


@dataclass(frozen=True, slots=True)
class Crowd:
    """The city as loaded: unit ids by code, everybody in the order of the posts.

    ``serving``: the main unit of everybody on the day, by officer.
    """

    city: City
    units: Mapping[str, int]
    people: tuple[Person, ...]
    serving: Mapping[int, int]
    _by_username: dict[str, Person] = field(default_factory=dict)
    _by_place: dict[str, list[Person]] = field(default_factory=dict)
    _by_principal: dict[str, list[Person]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_username.update({person.post.username: person for person in self.people})
        for person in self.people:
            self._by_place.setdefault(person.place, []).append(person)
            for principal in person.actor.principals:
                self._by_principal.setdefault(principal, []).append(person)

    def called(self, username: str) -> Person:
        """Whoever signs in by that name."""
        return self._by_username[username]

    def of(self, place: str) -> tuple[Person, ...]:
        """Everybody on a post of exactly this unit."""
        return tuple(self._by_place.get(place, ()))

    def holding(self, principals: Iterable[str]) -> list[Person]:
        """Everybody who may act as one of the principals, in the order of the posts."""
        found = {person.id: person for one in principals for person in self._by_principal.get(one, ())}
        return [found[officer_id] for officer_id in sorted(found)]

    def at(self, seat: tuple[str, int]) -> Person:
        """Whoever holds the post of that number in a unit, counted from 0."""
        place, number = seat
        return self.of(place)[number]


def settle(database: Database, founded_at: datetime, city: City = TINY) -> Crowd:
    """Establish the tree, hire everybody and grant the roles, all valid since ``FOUNDED``."""
    with database.write_tx(CLOCK, founded_at) as work:
        places = _establish(work, city)
        for code, name, owner in city.lines:
            lines.open_line(work, code=code, name=name, owner_id=places[owner])
        ids = _hire(work, city, places)
        for officer_id, post in zip(ids, city.posts, strict=True):
            for principal in post.roles:
                _grant(work, places, officer_id, principal)
    return crowd_of(database, city, local_day(founded_at))


def crowd_of(database: Database, city: City, day: date) -> Crowd:
    """Everybody of a city that was settled before, found by police number."""
    with database.read() as session:
        places = {unit.code: unit.id for unit in session.scalars(select(Unit).order_by(Unit.id))}
        ids = {police_no: id_ for police_no, id_ in session.execute(select(Officer.police_no, Officer.id))}
        people = []
        for number, (name, post) in enumerate(
            zip(names(NAME_SEED), city.posts, strict=False), FIRST_POLICE_NO
        ):
            actor = Actor(ids[str(number)], name, principals_of(session, ids[str(number)], day))
            people.append(Person(ids[str(number)], name, post, actor, city.by_code[post.place].name))
        posted = officer_queries.units_on(session, ids.values(), day)
    return Crowd(city, places, tuple(people), {id_: unit.id for id_, unit in posted.items()})


def _establish(work: Work, city: City) -> dict[str, int]:
    made: dict[str, int] = {}
    for place in city.places:
        new = NewUnit(
            place.code,
            place.name,
            place.short_name,
            place.level,
            place.kind,
            FOUNDED,
            parent_id=made[place.parent] if place.parent else None,
            sequence=place.sequence,
            peer_group=_peer_group(city, place),
            ranked=place.parent is not None,
        )
        made[place.code] = units.establish(work, new).id
    return made


def _peer_group(city: City, place: Place) -> str | None:
    """Units below a county or branch bureau are compared within it."""
    bureau = city.bureau_of(place.code)
    return bureau if bureau != place.code else None


def _hire(work: Work, city: City, places: Mapping[str, int]) -> list[int]:
    called = names(NAME_SEED)
    return [
        officers.hire(
            work,
            NewOfficer(str(number), next(called), OfficerKind.OFFICER, post.title),
            unit_id=places[FORMER_PLACE if post.lot is Lot.MOVED else post.place],
            since=FOUNDED,
        ).id
        for number, post in enumerate(city.posts, start=FIRST_POLICE_NO)
    ]


def _grant(work: Work, places: Mapping[str, int], officer_id: int, principal: str) -> None:
    competence, _, code = principal.partition("@")
    role, _, line = competence.partition(":")
    roles.grant(
        work, roles.Grant(officer_id, Role(role), places[code], Span(FOUNDED), line_code=line or None)
    )
