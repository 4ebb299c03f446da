"""Subjects, facts and the book of facts that is scored in one run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Final, TypeAlias

from kaohe_flow.kernel.calendar import WorkCalendar
from kaohe_flow.scheme.definition.binding.scalar.rules import (
    NUMBER,
    Count,
    Factor,
    Measure,
    Points,
    Spelled,
    plain,
)
from kaohe_flow.scheme.definition.item.rules import WORKDAYS
from kaohe_flow.scheme.definition.sheet.rules import Coefficient

ONE: Final = Decimal(1)
Day: TypeAlias = date
DIGITS: Final = re.compile(r"(\d+)")


def parse_attribute(text: str) -> str | bool | Decimal:
    """A property of free choice: number, true/false, or words."""
    if text in {"true", "false"}:
        return text == "true"
    bare = plain(text)
    if NUMBER.fullmatch(bare) and not (bare.startswith("0") and bare[1:2].isdigit()):
        return Decimal(bare)
    return text


Attribute: TypeAlias = Annotated[str | bool | Decimal, Spelled(parse_attribute)]


@dataclass(frozen=True, slots=True)
class Identity:
    """What a person is, from and to which day (both included, open when absent)."""

    identity: str
    from_: date | None = None
    to: date | None = None

    def held_on(self, day: date | None) -> bool:
        if day is None:
            return True
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is assessed. ``unit`` is the unit an officer belongs to; ``parent`` the unit above a unit."""

    id: str
    name: str = ""
    kind: str = "officer"
    unit: str | None = None
    parent: str | None = None
    unit_kind: str | None = None
    sequence: str | None = None
    peer_group: str | None = None
    post: str | None = None
    leads: str | None = None
    identities: tuple[Identity | str, ...] = ()
    factors: Mapping[str, Coefficient] = field(default_factory=dict)
    assessed: bool = True
    reason: str = ""
    ranked: bool = True
    items: tuple[str, ...] | None = None
    carried: Mapping[str, Points] = field(default_factory=dict)
    part_of: str | None = None
    days: Count | None = None
    attributes: Mapping[str, Attribute] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.part_of is not None and not self.days:
            raise ValueError(f"“{self.id}”是“{self.part_of}”的一段，须写 days（天数）")

    @property
    def title(self) -> str:
        return self.name or self.id


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened to one subject under one item.

    ``date`` is the day of the event, ``found`` the day of discovery (decides the period when given),
    ``filed`` the day it was reported. ``revoked``: as if it never was. ``revokes``: takes back the named fact
    from here on.
    """

    id: str
    subject: str = ""
    item: str = ""
    date: Day | None = None
    found: Day | None = None
    filed: Day | None = None
    count: Count = ONE
    points: Points | None = None
    value: Measure | None = None
    previous: Measure | None = None
    done: Measure | None = None
    target: Measure | None = None
    verdict: str | None = None
    option: str | None = None
    votes: Mapping[str, Count] = field(default_factory=dict)
    marks: tuple[Measure, ...] = ()
    surcharges: tuple[str, ...] = ()
    coauthors: Count = ONE
    share: Factor | None = None
    role: str | None = None
    quality: Factor | None = None
    mitigation: tuple[str, ...] = ()
    deed: str | None = None
    days: Count = ONE
    revoked: bool = False
    revokes: str | None = None
    origin: str | None = None
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    note: str = ""

    def __post_init__(self) -> None:
        if self.revokes is None and not (self.subject and self.item):
            raise ValueError(f"缺少“{'item' if self.subject else 'subject'}”")

    @property
    def counts_on(self) -> Day | None:
        return self.found or self.date


@dataclass(frozen=True, slots=True)
class Deadline:
    """A limit in working days to be worked out on the calendar of the file."""

    id: str
    from_: date
    workdays: int

    def __post_init__(self) -> None:
        if self.workdays not in WORKDAYS:
            raise ValueError(f"workdays 应在 0 至 {WORKDAYS[-1]} 之间")


@dataclass(frozen=True, slots=True)
class FactBook:
    """Everything one run is about. Without ``period`` every fact goes to the period of its day."""

    subjects: tuple[Subject, ...] = ()
    facts: tuple[Fact, ...] = ()
    period: str | None = None
    closed: bool = False
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    deadlines: tuple[Deadline, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A fact that does not count, with a code for programs and the reason in Chinese."""

    fact: str
    subject: str
    item: str
    code: str
    reason: str


class FactRefused(Exception):
    """Ends the scoring of one fact; caught where the other facts go on."""

    def __init__(self, fact: Fact, code: str, reason: str) -> None:
        super().__init__(reason)
        self.fact = fact
        self.code = code
        self.reason = reason

    def as_refusal(self) -> Refusal:
        return Refusal(self.fact.id, self.fact.subject, self.fact.item, self.code, self.reason)


def order_key(fact: Fact) -> tuple[date, tuple[tuple[int, int | str], ...]]:
    """By day, then by id with numbers read as numbers (F2 before F10): the order that limits go by."""
    parts = tuple((0, int(part)) if part.isdigit() else (1, part) for part in DIGITS.split(fact.id) if part)
    return fact.counts_on or date.min, parts


def in_order(facts: tuple[Fact, ...] | list[Fact]) -> list[Fact]:
    return sorted(facts, key=order_key)
