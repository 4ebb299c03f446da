"""Handing the indicators down: authority, county or department, unit, squad, named officers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from kaohe_flow.demo.catalogue import Issuable
from kaohe_flow.demo.city import BUREAU, COUNTY, ORGANS, City, Lot
from kaohe_flow.demo.people import Crowd, Person
from kaohe_flow.demo.seasons import Seasons
from kaohe_flow.kernel.unit_of_work import Database, Work
from kaohe_flow.organization.unit.rules import UnitKind
from kaohe_flow.scheme.indicator.rules import Split
from kaohe_flow.scheme.issuance import commands as issuance
from kaohe_flow.scheme.issuance import queries
from kaohe_flow.scheme.issuance.model import Assignment
from kaohe_flow.scheme.issuance.rules import Order, Part

# Brigades by the last part of their code.
ENFORCERS: Final = frozenset({"XZ", "ZA"})
DETECTIVES: Final = frozenset({"XZ"})
STEP: Final = timedelta(hours=6)  # between one level and the next


@dataclass(frozen=True, slots=True)
class Handed:
    """One indicator in an officer's hands."""

    assignment_id: int
    officer_id: int
    issuable: Issuable


def reaches(city: City, issuable: Issuable, place: str) -> bool:
    """Whether the indicator is meant for this unit, its squads included."""
    own = city.by_code[place]
    unit = own.parent if own.kind is UnitKind.SQUAD and own.parent else place
    kind, short = city.kinds[unit], unit.rpartition("-")[2]
    match issuable.reach:
        case "all":
            return True
        case "stations":
            return kind is UnitKind.STATION
        case "enforcers":
            return kind is UnitKind.STATION or short in ENFORCERS
        case "detectives":
            return kind is UnitKind.STATION or short in DETECTIVES
        case "bureaus":
            return kind in {UnitKind.COUNTY_BUREAU, UnitKind.BRANCH}
        case _:
            return issuable.reach == short and kind is not UnitKind.DEPARTMENT


def hand_down(database: Database, crowd: Crowd, seasons: Seasons, issuables: Sequence[Issuable]) -> None:
    """Issue every indicator at both authorities for the whole assessment years the demo touches."""
    moment = seasons.founded_at + STEP
    for year in seasons.years:
        for root, office in ((BUREAU, crowd.called("shiban")), (ORGANS, crowd.called("zhiban"))):
            _Cascade(database, crowd, issuables, moment).run(root, office, year)


class _Cascade:
    """One authority's indicators of one year on their way down."""

    def __init__(
        self, database: Database, crowd: Crowd, issuables: Sequence[Issuable], moment: datetime
    ) -> None:
        self._database = database
        self._crowd = crowd
        self._issuables = issuables
        self._moment = moment
        self._by_id = {unit_id: code for code, unit_id in crowd.units.items()}
        self._on_the_way: list[tuple[int, str, Issuable, Decimal | None]] = []
        self._personal: dict[int, list[int]] = {}
        self._city = crowd.city
        self._holding: dict[tuple[str, str], tuple[Person, ...]] = {}
        self._heads: dict[tuple[str, str], int] = {}

    def run(self, root: str, office: Person, year: int) -> None:
        with self._database.write_tx(office.actor, self._moment) as work:
            roots = [
                self._issue(work, root, year, one)
                for one in self._issuables
                if self._parts(root, one, one.target)
            ]
        level = self._moment
        while self._on_the_way:
            level += STEP
            self._decompose_level(level)
        for person in self._crowd.people:
            self._receive(person, level + STEP)
        with self._database.write_tx(office.actor, level + 2 * STEP) as work:
            for root_id in roots:
                issuance.take_effect(work, root_id)

    def _issue(self, work: Work, root: str, year: int, one: Issuable) -> int:
        order = Order(
            version_id=one.version_id,
            from_unit_id=self._crowd.units[root],
            term=queries.year_term(year),
            parts=self._parts(root, one, one.target),
            target=one.target,
        )
        issued = issuance.issue_to_children(work, order)
        self._note(queries.children(work.session, issued.id), one)
        return issued.id

    def _decompose_level(self, moment: datetime) -> None:
        """Everything that stands at one level is received and handed on by whoever administers the unit."""
        waiting, self._on_the_way = self._on_the_way, []
        for place in dict.fromkeys(code for _, code, _, _ in waiting):
            with self._database.write_tx(self._administrator(place).actor, moment) as work:
                for assignment_id, code, one, target in waiting:
                    if code == place:
                        issuance.acknowledge(work, assignment_id)
                        self._note(
                            issuance.decompose(work, assignment_id, self._parts(place, one, target)), one
                        )

    def _note(self, handed: Sequence[Assignment], one: Issuable) -> None:
        for row in handed:
            if row.to_unit_id is not None:
                self._on_the_way.append((row.id, self._by_id[row.to_unit_id], one, row.target))
            elif row.to_officer_id is not None and one.is_claimable:
                self._personal.setdefault(row.to_officer_id, []).append(row.id)

    def _receive(self, person: Person, moment: datetime) -> None:
        """An officer signs for the tasks; what only costs or earns points takes effect in silence."""
        mine = self._personal.get(person.id, [])
        if mine:
            with self._database.write_tx(person.actor, moment) as work:
                for assignment_id in mine:
                    issuance.acknowledge(work, assignment_id)

    def _administrator(self, place: str) -> Person:
        """Whoever hands on what a unit received; the chief reviewer of a county or branch is its office."""
        if place == COUNTY:
            return self._crowd.called("xianban")
        for role in ("office", "unit_admin", "unit_head"):
            found = next((one for one in self._crowd.of(place) if f"{role}@{place}" in one.post.roles), None)
            if found is not None:
                return found
        raise ValueError(f"nobody administers {place}")

    def _parts(self, place: str, one: Issuable, target: Decimal | None) -> tuple[Part, ...]:
        """Own units the indicator is meant for, then own officers; a number is divided by headcount."""
        below = [code for code in self._city.below[place] if self._headcount(code, one)]
        people = self._holders(place, one)
        shares = self._shares([self._headcount(code, one) for code in below] + [1] * len(people), one, target)
        units = [
            Part(to_unit_id=self._crowd.units[code], target=share)
            for code, share in zip(below, shares, strict=False)
        ]
        own = [
            Part(to_officer_id=person.id, target=share)
            for person, share in zip(people, shares[len(below) :], strict=True)
        ]
        return (*units, *own)

    def _headcount(self, place: str, one: Issuable) -> int:
        key = (place, one.code)
        if key not in self._heads:
            below = sum(self._headcount(code, one) for code in self._city.below[place])
            self._heads[key] = len(self._holders(place, one)) + below
        return self._heads[key]

    def _holders(self, place: str, one: Issuable) -> tuple[Person, ...]:
        key = (place, one.code)
        if key not in self._holding:
            self._holding[key] = self._chosen(place, one)
        return self._holding[key]

    def _chosen(self, place: str, one: Issuable) -> tuple[Person, ...]:
        """Tasks go round, a handful to each officer. Deductions and rewards are everybody's; in a larger
        city one officer of the unit answers for them."""
        if place in {BUREAU, ORGANS} or not reaches(self._city, one, place):
            return ()
        people = self._crowd.of(place)
        if not one.is_claimable and self._city.is_larger:
            return people[:1]
        if not one.is_claimable or all(person.post.lot is Lot.TWIN for person in people):
            return people
        tasks = [each for each in self._issuables if each.is_claimable and reaches(self._city, each, place)]
        wanted = next(count for prefix, count in self._city.tasks.items() if place.startswith(prefix))
        each_has = min(len(people), -(-wanted * len(people) // len(tasks)))
        first = tasks.index(one) * each_has
        return tuple(people[(first + turn) % len(people)] for turn in range(each_has))

    def _shares(self, heads: Sequence[int], one: Issuable, target: Decimal | None) -> list[Decimal | None]:
        if target is None or one.content.split is Split.SAME:
            return [target] * len(heads)
        whole, done, given = int(target), 0, 0
        shares: list[Decimal | None] = []
        for head in heads:
            done += head
            upto = whole * done // sum(heads)
            shares.append(Decimal(upto - given))
            given = upto
        return shares
