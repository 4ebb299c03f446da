"""Units, officers and what they hold, established through the commands of the organization."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from kaohe_flow.demo.city import COUNTY, LINES, PLACES, POSTS, Lot, Post
from kaohe_flow.demo.names import names
from kaohe_flow.kernel.actor import CLOCK, Actor
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.unit_of_work import Database, Work
from kaohe_flow.organization.line import commands as lines
from kaohe_flow.organization.officer import commands as officers
from kaohe_flow.organization.officer.rules import NewOfficer, OfficerKind
from kaohe_flow.organization.role import commands as roles
from kaohe_flow.organization.role.queries import principals_of
from kaohe_flow.organization.role.rules import Role
from kaohe_flow.organization.unit import commands as units
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

    @property
    def place(self) -> str:
        """Code of the unit the post belongs to."""
        return self.post.place

    @property
    def place_name(self) -> str:
        """Name of that unit."""
        return next(place.name for place in PLACES if place.code == self.post.place)


@dataclass(frozen=True, slots=True)
class Crowd:
    """The city as loaded: unit ids by code, everybody in the order of the posts."""

    units: Mapping[str, int]
    people: tuple[Person, ...]
    _by_username: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_username.update({person.post.username: person for person in self.people})

    def called(self, username: str) -> Person:
        """Whoever signs in by that name."""
        return self._by_username[username]

    def of(self, place: str) -> tuple[Person, ...]:
        """Everybody on a post of exactly this unit."""
        return tuple(person for person in self.people if person.place == place)

    def at(self, seat: tuple[str, int]) -> Person:
        """Whoever holds the post of that number in a unit, counted from 0."""
        place, number = seat
        return self.of(place)[number]


def settle(database: Database, founded_at: datetime) -> Crowd:
    """Establish the tree, hire everybody and grant the roles, all valid since ``FOUNDED``."""
    with database.write_tx(CLOCK, founded_at) as work:
        places = _establish(work)
        for code, name, owner in LINES:
            lines.open_line(work, code=code, name=name, owner_id=places[owner])
        ids = _hire(work, places)
        for officer_id, post in zip(ids, POSTS, strict=True):
            for principal in post.roles:
                _grant(work, places, officer_id, principal)
    day, called = local_day(founded_at), names(NAME_SEED)
    with database.read() as session:
        people = tuple(
            Person(
                officer_id,
                name := next(called),
                post,
                Actor(officer_id, name, principals_of(session, officer_id, day)),
            )
            for officer_id, post in zip(ids, POSTS, strict=True)
        )
    return Crowd(places, people)


def _establish(work: Work) -> dict[str, int]:
    made: dict[str, int] = {}
    for place in PLACES:
        new = NewUnit(
            place.code,
            place.name,
            place.short_name,
            place.level,
            place.kind,
            FOUNDED,
            parent_id=made[place.parent] if place.parent else None,
            sequence=place.sequence,
            peer_group=COUNTY if place.code.startswith(f"{COUNTY}-") else None,
            ranked=place.parent is not None,
        )
        made[place.code] = units.establish(work, new).id
    return made


def _hire(work: Work, places: Mapping[str, int]) -> list[int]:
    called = names(NAME_SEED)
    return [
        officers.hire(
            work,
            NewOfficer(str(number), next(called), OfficerKind.OFFICER, post.title),
            unit_id=places[FORMER_PLACE if post.lot is Lot.MOVED else post.place],
            since=FOUNDED,
        ).id
        for number, post in enumerate(POSTS, start=FIRST_POLICE_NO)
    ]


def _grant(work: Work, places: Mapping[str, int], officer_id: int, principal: str) -> None:
    competence, _, code = principal.partition("@")
    role, _, line = competence.partition(":")
    roles.grant(
        work, roles.Grant(officer_id, Role(role), places[code], Span(FOUNDED), line_code=line or None)
    )
