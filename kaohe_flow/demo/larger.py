"""The larger cities: the people of the story, and around them as many units and officers as the scale says.

Codes follow one pattern: a department ``XZZD``, a county ``QSX``, its brigade ``QSX-XZ``, whose squad is
``QSX-XZ-1``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from kaohe_flow.demo import gazetteer
from kaohe_flow.demo.city import COUNTY, LINES, ORGANS, PLACES, POSTS, City, Lot, Place, Post, everywhere
from kaohe_flow.demo.gazetteer import Brigade
from kaohe_flow.organization.unit.rules import Level, UnitKind

# Officers of a thousand whose lot is a case apart.
LOTS: Final = {
    Lot.SECONDED: 20,
    Lot.ON_LEAVE: 10,
    Lot.TWO_IDENTITIES: 30,
    Lot.APPRENTICE: 40,
    Lot.NO_POINTS: 5,
}
OF_A_THOUSAND: Final = 1000
SEED: Final = 20260701
BIGGEST: Final = f"{COUNTY}-JJ"
FEWEST: Final = 3
OWNERS: Final = 17  # departments that own all sixty indicators between them
TITLES: Final = {
    UnitKind.STATION: ("社区民警", "办案民警", "户籍民警", "社区民警"),
    UnitKind.BRIGADE: ("侦查员", "民警", "一级警员"),
    UnitKind.SQUAD: ("民警", "一级警员"),
    UnitKind.CUSTODY: ("管教民警", "巡视民警"),
    UnitKind.DEPARTMENT: ("科长", "民警", "一级警员"),
}
# How many officers a unit takes beside others, by kind.
WEIGHTS: Final = {UnitKind.STATION: 9, UnitKind.BRIGADE: 7, UnitKind.SQUAD: 4, UnitKind.CUSTODY: 14}


@dataclass(frozen=True, slots=True)
class Size:
    """The figures of a scale.

    ``heads``: officers of the departments, of all counties, of all branches; the two authorities have ten
    more. ``stations``: least and most of a bureau; ``biggest``: officers of the largest brigade, its squads
    not counted.
    """

    scale: str
    counties: int
    branches: int
    departments: int
    heads: tuple[int, int, int]
    stations: tuple[int, int]
    months: int
    each: int
    tasks: int
    biggest: int = 120


SMALL: Final = Size("small", 2, 1, 17, (100, 350, 140), (3, 5), months=6, each=6, tasks=8)
FULL: Final = Size("full", 12, 5, 28, (1270, 3360, 1500), (7, 11), months=12, each=8, tasks=10)


def city_of(size: Size) -> City:
    """The city of a scale, the same one every time."""
    return _Surveyor(size).city()


class _Surveyor:
    """Lays out units and posts."""

    def __init__(self, size: Size) -> None:
        self._size = size
        self._chance = Random(SEED)  # noqa: S311 - a city, no secret
        self._towns = iter(gazetteer.towns())
        self._places = list(PLACES)
        self._posts = list(POSTS)
        self._lines = list(LINES)

    def city(self) -> City:
        counties = gazetteer.COUNTIES[: self._size.counties]
        branches = gazetteer.BRANCHES[: self._size.branches]
        self._departments()
        bureaus = [*counties, *branches]
        for code, name in bureaus:
            self._bureau(code, name, is_county=(code, name) in counties)
        self._fill_all([code for code, _ in counties], [code for code, _ in branches])
        size = self._size
        return City(
            size.scale,
            tuple(self._places),
            tuple(self._posts),
            tuple(self._lines),
            {"": size.tasks},
            months=size.months,
            each=size.each,
            has_all_indicators=size.departments >= OWNERS,
        )

    def _departments(self) -> None:
        """Those that own a line come first: every indicator has its competent department."""
        known = {place.code for place in self._places}
        for code, name, short, line, line_name in gazetteer.DEPARTMENTS[: self._size.departments]:
            if line and line not in {one for one, _, _ in self._lines}:
                self._lines.append((line, line_name, code))
            if code in known:
                continue
            self._place(Place(code, name, short, Level.BUREAU, UnitKind.DEPARTMENT, ORGANS, "市直部门"))
            reviews = everywhere(f"line_reviewer:{line}") if line else ()
            self._posts.append(Post(code, "支队长", (f"unit_head@{code}", *reviews)))
            self._posts.append(Post(code, "综合科科长", (f"unit_admin@{code}", *reviews)))

    def _bureau(self, code: str, name: str, *, is_county: bool) -> None:
        kind = UnitKind.COUNTY_BUREAU if is_county else UnitKind.BRANCH
        if code != COUNTY:
            short = name.replace("公安局", "局") if is_county else name
            self._place(Place(code, name, short, Level.BUREAU, kind, gazetteer.TOP, "县分局"))
            self._posts += _leaders(code)
        brigades = gazetteer.BRIGADES if is_county else gazetteer.BRIGADES[: gazetteer.OF_A_BRANCH]
        for brigade in brigades:
            self._brigade(code, name, brigade)
        for number in range(self._chance.randint(*self._size.stations)):
            self._station(code, f"P{number + 1:02}")
        custody = f"{code}-KS"
        self._place(
            Place(custody, f"{name}看守所", "看守所", Level.BASIC, UnitKind.CUSTODY, code, "监管场所")
        )
        reviews = (f"line_reviewer:jg@{code}",) if "jg" in self._known_lines() else ()
        self._posts.append(Post(custody, "所长", (f"unit_head@{custody}", *reviews)))
        self._posts.append(Post(custody, "内勤", (f"unit_admin@{custody}",)))

    def _brigade(self, bureau: str, name: str, brigade: Brigade) -> None:
        code = f"{bureau}-{brigade.code}"
        lines = [f"line_reviewer:{line}@{bureau}" for line in brigade.lines if line in self._known_lines()]
        if self._place(
            Place(code, f"{name}{brigade.name}", brigade.name, Level.BASIC, UnitKind.BRIGADE, bureau, "大队")
        ):
            own = [f"inspection@{bureau}"] if brigade.code == "DC" else []
            self._posts.append(Post(code, "大队长", (f"unit_head@{code}", *own, *lines)))
            self._posts.append(Post(code, "内勤", (f"unit_admin@{code}", *own)))
            self._posts.append(Post(code, "综合指导民警", tuple(lines)))
        for number, squad in enumerate(brigade.squads, start=1):
            below = f"{code}-{number}"
            self._place(
                Place(below, f"{name}{brigade.name}{squad}", squad, Level.SQUAD, UnitKind.SQUAD, code, "中队")
            )
            self._posts.append(Post(below, "中队长", (f"unit_head@{below}",)))

    def _station(self, bureau: str, number: str) -> None:
        code, town = f"{bureau}-{number}", next(self._towns)
        self._place(
            Place(code, f"{town}派出所", f"{town}派出所", Level.BASIC, UnitKind.STATION, bureau, "派出所")
        )
        self._posts.append(Post(code, "所长", (f"unit_head@{code}",)))
        self._posts.append(Post(code, "内勤", (f"unit_admin@{code}",)))

    def _fill_all(self, counties: list[str], branches: list[str]) -> None:
        """Ordinary officers until each part has as many as the scale says."""
        of_departments, of_counties, of_branches = self._size.heads
        own = [place.code for place in self._places if place.kind is UnitKind.DEPARTMENT]
        self._fill(own, of_departments)
        self._fill_biggest()
        self._fill(self._below(counties), of_counties)
        self._fill(self._below(branches), of_branches)

    def _fill_biggest(self) -> None:
        """One brigade is far larger than all others."""
        there = sum(post.place == BIGGEST for post in self._posts)
        self._posts += [self._officer(BIGGEST) for _ in range(self._size.biggest - there)]

    def _fill(self, codes: list[str], heads: int) -> None:
        """Up to ``heads`` officers in these units; one section stays with three."""
        places = [place for place in self._places if place.code in set(codes) and place.code != BIGGEST]
        smallest = next((place.code for place in places if place.kind is UnitKind.STATION), "")
        weights = {place.code: self._weight(place) for place in places if place.code != smallest}
        if not weights:
            return
        there = sum(post.place in set(codes) for post in self._posts)
        if smallest and there < heads:
            there += self._fill_smallest(smallest)
        chosen = self._chance.choices(tuple(weights), tuple(weights.values()), k=max(0, heads - there))
        self._posts += [self._officer(code) for code in sorted(chosen)]

    def _fill_smallest(self, code: str) -> int:
        there = sum(post.place == code for post in self._posts)
        self._posts += [self._officer(code) for _ in range(FEWEST - there)]
        return max(0, FEWEST - there)

    def _weight(self, place: Place) -> int:
        """Departments differ a lot: from twenty to a hundred and more."""
        if place.kind is UnitKind.DEPARTMENT:
            return self._chance.randrange(20, 110)
        return WEIGHTS.get(place.kind, 0)

    def _officer(self, code: str) -> Post:
        kind = next(place.kind for place in self._places if place.code == code)
        draw = self._chance.randrange(OF_A_THOUSAND)
        for lot, share in LOTS.items():
            if draw < share:
                return Post(code, self._chance.choice(TITLES[kind]), lot=lot)
            draw -= share
        return Post(code, self._chance.choice(TITLES[kind]))

    def _below(self, bureaus: list[str]) -> list[str]:
        inside = set(bureaus)
        for place in self._places:
            if place.parent in inside:
                inside.add(place.code)
        return sorted(inside)

    def _known_lines(self) -> set[str]:
        return {code for code, _, _ in self._lines}

    def _place(self, place: Place) -> bool:
        """Whether the unit is new; the story has some of them already."""
        is_new = all(one.code != place.code for one in self._places)
        if is_new:
            self._places.append(place)
        return is_new


def _leaders(code: str) -> Iterator[Post]:
    """Who leads a county or branch bureau, its assessment office, its discipline."""
    yield Post(code, "局长", (f"unit_head@{code}", f"leading_group@{code}"))
    yield Post(code, "副局长", (f"leading_group@{code}",))
    yield Post(code, "考核办主任", (f"office@{code}",))
    yield Post(code, "考核办干事", (f"office@{code}",))
    yield Post(code, "考核办干事", (f"office@{code}",))
    yield Post(code, "纪检监察员", (f"discipline@{code}",))
