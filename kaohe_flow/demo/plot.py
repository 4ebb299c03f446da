"""Who reports what, when, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from random import Random
from typing import Final

from kaohe_flow.demo.catalogue import Issuable
from kaohe_flow.demo.city import POSTS, Lot
from kaohe_flow.demo.diary import Diary
from kaohe_flow.demo.lots import is_present
from kaohe_flow.demo.people import Crowd, Person
from kaohe_flow.demo.seasons import Month, Seasons
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.scheme.issuance import queries as issuance
from kaohe_flow.scheme.period import queries as periods

KEPT_BACK: Final = 0.2  # share of an officer's tasks that nobody hears of in a month
OF_THE_STORY: Final = len(POSTS)  # those who come first in every city
HALF: Final = Decimal("0.5")
PROTAGONIST: Final = "minjing"
Held = tuple[int, Issuable]  # id of the assignment, what was assigned


class Fate(StrEnum):
    """What becomes of a claim; the last four leave it waiting at that step."""

    APPROVED = "approved"
    FIXED = "fixed"
    GIVEN_UP = "given_up"
    CONTESTED = "contested"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    WAITS_FOR_CHECK = "waits_for_check"
    WAITS_FOR_REVIEW = "waits_for_review"
    WAITS_FOR_FIX = "waits_for_fix"
    DRAFT = "draft"


SHARES: Final = {
    Fate.APPROVED: 82,
    Fate.FIXED: 11,
    Fate.GIVEN_UP: 2,
    Fate.CONTESTED: 2,
    Fate.LAPSED: 1,
    Fate.WITHDRAWN: 2,
}
# How much of the full points a reviewer finds: mostly all, sometimes less.
FOUND: Final = {Decimal(1): 60, Decimal("0.9"): 20, Decimal("0.8"): 12, Decimal("0.6"): 8}
REJECTED: Final = frozenset({Fate.FIXED, Fate.GIVEN_UP, Fate.CONTESTED, Fate.LAPSED})
WAITING: Final = frozenset({Fate.WAITS_FOR_CHECK, Fate.WAITS_FOR_REVIEW, Fate.WAITS_FOR_FIX, Fate.DRAFT})
# The protagonist's claims of the open month, so that every inbox of the story has something of hers.
SCRIPT: Final = (
    ("BIZ-07", Fate.WAITS_FOR_FIX),
    ("BIZ-09", Fate.WAITS_FOR_REVIEW),
    ("TEAM-03", Fate.WAITS_FOR_CHECK),
    ("BIZ-01", Fate.APPROVED),
    ("SPEC-02", Fate.DRAFT),
)


# The last claim of the open month, by user name or unit: what the demo accounts find on their desks.
LAST_FATES: Final = {
    "minjing2": Fate.WAITS_FOR_FIX,
    "QSX-CG": Fate.WAITS_FOR_CHECK,
    "QSX-CG-SQ": Fate.WAITS_FOR_CHECK,
}
REVIEWED_LATE: Final = ("QSX-HK", "QSX-LL", "QSX-ZA")  # where a claim of this line waits for its reviewer:
BUSY_LINE: Final = "za"


@dataclass(frozen=True, slots=True)
class Filing:
    """One claim to be made."""

    person: Person
    assignment_id: int
    issuable: Issuable
    month: Month
    at: datetime
    fate: Fate
    points: Decimal


def plot(
    database: Database, crowd: Crowd, seasons: Seasons, issuables: Sequence[Issuable]
) -> tuple[Filing, ...]:
    """Every claim of both months, in the order of their moments."""
    known = {one.code: one for one in issuables}
    filings: list[Filing] = []
    with database.read() as session:
        calendar = periods.calendar(session)
        for month in seasons.months:
            for person in filter(is_present, crowd.people[:OF_THE_STORY]):
                held = [
                    (one.assignment.id, known[one.code])
                    for one in issuance.assigned_to(session, person.id, month.id, effective_only=True)
                    if known[one.code].is_claimable
                ]
                chance = Random(f"{month.span.code}:{person.id}")  # noqa: S311 - a story, not a secret
                author = _Author(Diary(calendar, seasons.now, chance), chance, seasons, month)
                filings += author.filings(person, held) if held else []
    return tuple(sorted(filings, key=lambda filing: filing.at))


def thinned(filings: Sequence[Filing], thin: int) -> tuple[Filing, ...]:
    """Every ``thin``-th claim, and all that make a point: of twins, of the disgraced, those left waiting."""
    return tuple(
        filing
        for number, filing in enumerate(filings)
        if number % thin == 0 or filing.fate in WAITING or filing.person.post.lot in {Lot.TWIN, Lot.DISGRACED}
    )


@dataclass(frozen=True, slots=True)
class _Author:
    """Invents the claims of one officer in one month."""

    diary: Diary
    chance: Random
    seasons: Seasons
    month: Month

    def filings(self, person: Person, held: Sequence[Held]) -> list[Filing]:
        """As many claims as the month so far allows, each against another indicator."""
        if person.post.username == PROTAGONIST and self._is_open:
            return self._scripted(person, held)
        if person.post.lot is Lot.TWIN:
            return [self._filing(person, one, Fate.APPROVED, one[1].content.base_points) for one in held]
        chosen = self.chance.sample(held, self._count(person, len(held)))
        fates = [self._fate() for _ in chosen]
        if self._is_open:
            fates[-1] = LAST_FATES.get(person.post.username or person.place, fates[-1])
            lines = [issuable.content.line_code for _, issuable in chosen]
            if person.place in REVIEWED_LATE and BUSY_LINE in lines:
                fates[lines.index(BUSY_LINE)] = Fate.WAITS_FOR_REVIEW
        return [
            self._filing(person, one, fate, self._points(one[1]))
            for one, fate in zip(chosen, fates, strict=True)
        ]

    @property
    def _is_open(self) -> bool:
        return self.month is self.seasons.current

    def _count(self, person: Person, held: int) -> int:
        """Nearly all of the tasks in a whole month, in proportion while it runs."""
        if person.post.lot is Lot.DISGRACED:
            return 1
        span = self.month.span
        days = (min(local_day(self.seasons.now), span.ends_on) - span.starts_on).days + 1
        reported = sum(self.chance.random() >= KEPT_BACK for _ in range(held))
        return max(1, round(Fraction(reported * days, (span.ends_on - span.starts_on).days + 1)))

    def _scripted(self, person: Person, held: Sequence[Held]) -> list[Filing]:
        """The fates of the script; another indicator stands in for one that was not issued to her."""
        by_code = {issuable.code: (assignment, issuable) for assignment, issuable in held}
        named = {code for code, _ in SCRIPT}
        others = iter([one for one in held if one[1].code not in named])
        chosen = [(by_code.get(code) or next(others, None), fate) for code, fate in SCRIPT]
        return [
            self._filing(person, one, fate, self._points(one[1])) for one, fate in chosen if one is not None
        ]

    def _filing(self, person: Person, held: Held, fate: Fate, points: Decimal) -> Filing:
        at = self.diary.submission(self.month.span)
        if fate in WAITING:
            at = self.diary.lately(self.month.span)
        return Filing(person, *held, self.month, at, fate, points)

    def _fate(self) -> Fate:
        return self.chance.choices(tuple(SHARES), tuple(SHARES.values()))[0]

    def _points(self, issuable: Issuable) -> Decimal:
        share = self.chance.choices(tuple(FOUND), tuple(FOUND.values()))[0]
        halves = (issuable.content.base_points * share / HALF).to_integral_value(ROUND_HALF_UP)
        return halves * HALF
