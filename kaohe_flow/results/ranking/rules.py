"""Standings: everybody's total and place in one period, however they were obtained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scorebook.scoring.facts.rules import Subject

OFFICER: Final = "officer"
UNGROUPED: Final = "未编组"


@dataclass(frozen=True, slots=True, order=True)
class Seat:
    """The unit of a subject: its level (1 the highest), its code, its id."""

    level: int
    code: str
    unit_id: int = 0


NOWHERE: Final = Seat(9, "")


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

    def places_of(self, subject: str) -> tuple[tuple[Standing, int], ...]:
        """Where a subject stands in each ranking, and among how many that are ranked."""
        return tuple((row, self._ranked(row)) for row in self.rows if row.subject == subject)

    def _ranked(self, one: Standing) -> int:
        beside = (row for row in self.rows if (row.ranking, row.group) == (one.ranking, one.group))
        return sum(row.place is not None for row in beside)

    def of_kind(self, kind: str) -> tuple[Standing, ...]:
        """Officers or units, by group, then place; those not ranked come last."""
        return tuple(sorted((row for row in self.rows if row.kind == kind), key=order))

    def groups(self, kind: str, seats: Mapping[str, Seat]) -> tuple[str, ...]:
        """Names of the groups as people expect them: ranking by ranking, those of higher levels first.

        On one level the group of more units comes first, then the one whose first unit has the lower code.
        Who is in no group of the scheme comes last.
        """
        members: dict[str, list[Standing]] = {}
        for row in self.rows:
            if row.kind == kind:
                members.setdefault(row.group, []).append(row)
        rankings = list(dict.fromkeys(row.ranking for row in self.rows))

        def key(group: str) -> tuple[int, bool, int, int, str]:
            rows = members[group]
            held = sorted({seats.get(row.subject, NOWHERE) for row in rows})
            return (
                rankings.index(rows[0].ranking),
                group.startswith(UNGROUPED),
                held[0].level,
                -len(held),
                held[0].code,
            )

        return tuple(sorted(members, key=key))


def own_group(rows: Sequence[Standing], groups: Sequence[str], own: str) -> str:
    """The first group in which ``own`` stands, else the first of all; '' without groups."""
    mine = {row.group for row in rows if row.subject == own}
    return next((group for group in groups if group in mine), next(iter(groups), ""))


def order(row: Standing) -> tuple[str, bool, int, str]:
    """By group, ranked before unranked, by place, by name."""
    return (row.group, row.place is None, row.place or 0, row.name)


def zero_list(rows: Sequence[Standing]) -> tuple[Standing, ...]:
    """零分名单: assessed subjects with exactly nothing; missing is never 0."""
    return tuple(row for row in rows if row.points is not None and row.points == ZERO)


def titled(group: str, subjects: Sequence[Subject], codes: Mapping[str, str]) -> str:
    """A group in words: units are named, also those given by their code (``codes``: name by code);
    everything else is as the scheme has it.
    """
    names = {**codes, **{one.id: one.title for one in subjects}}
    return "·".join(names.get(part, part) for part in group.split("·"))
