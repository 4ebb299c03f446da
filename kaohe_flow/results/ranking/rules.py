"""Standings: everybody's total and place in one period, however they were obtained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scorebook.scoring.facts.rules import Subject


@dataclass(frozen=True, slots=True)
class Standing:
    """One subject: total (None = not assessed), place in its group (None = not ranked, with the reason).

    ``modules`` are points by module title, for the stacked bar; ``tied`` counts those who share the place.
    """

    subject: str
    name: str
    kind: str
    unit: str
    ranking: str
    group: str
    points: Decimal | None
    place: int | None
    tied: int
    modules: tuple[tuple[str, Decimal], ...]
    reason: str = ""
    flags: tuple[str, ...] = ()

    @property
    def subject_id(self) -> int:
        """The number behind ``officer:17``."""
        return int(self.subject.partition(":")[2])


@dataclass(frozen=True, slots=True)
class Standings:
    """All standings of a period; ``is_final`` once the result is sealed."""

    period_id: int
    is_final: bool
    rows: tuple[Standing, ...]

    def of_kind(self, kind: str) -> tuple[Standing, ...]:
        """Officers or units, by group, then place; those not ranked come last."""
        return tuple(sorted((row for row in self.rows if row.kind == kind), key=order))

    def groups(self, kind: str) -> tuple[str, ...]:
        """Names of the groups, in their order."""
        return tuple(dict.fromkeys(row.group for row in self.of_kind(kind)))


def order(row: Standing) -> tuple[str, bool, int, str]:
    """By group, ranked before unranked, by place, by name."""
    return (row.group, row.place is None, row.place or 0, row.name)


def zero_list(rows: Sequence[Standing]) -> tuple[Standing, ...]:
    """零分名单: assessed subjects with exactly nothing; missing is never 0."""
    return tuple(row for row in rows if row.points is not None and row.points == ZERO)


def titled(group: str, subjects: Sequence[Subject]) -> str:
    """A group in words: units are named, everything else is as the scheme has it."""
    names = {one.id: one.title for one in subjects}
    return "·".join(names.get(part, part) for part in group.split("·"))
