"""Levels, kinds and names of units; dated validity, which the whole organization shares."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from typing import Final, Self

from kaohe_flow.kernel.errors import Problem

CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{1,31}")
NAME_LENGTH: Final = range(2, 41)
SHORT_NAME_LENGTH: Final = range(1, 21)
LEVELS: Final = 4


class Titled(StrEnum):
    """A closed list of words: ``value`` for the database and the diagrams, ``label`` for people."""

    _value_: str
    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """``label`` is the Chinese title (``title`` is a method of ``str``); a lookup needs none."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Level(IntEnum):
    """How far below the top a unit stands; officers are the fifth level and not units."""

    AUTHORITY = 1
    BUREAU = 2
    BASIC = 3
    SQUAD = 4

    @property
    def label(self) -> str:
        """What the level is called in both chains."""
        return LEVEL_LABELS[self]


LEVEL_LABELS: Final = {
    Level.AUTHORITY: "市局考核办·市直机关考核办",
    Level.BUREAU: "县（分）局·市直部门",
    Level.BASIC: "科所队·内设大队",
    Level.SQUAD: "中队·科室",
}


class UnitKind(Titled):
    """What a unit is, independent of its level."""

    ASSESSMENT_OFFICE = "assessment_office", "考核办"
    COUNTY_BUREAU = "county_bureau", "县公安局"
    BRANCH = "branch", "分局"
    DEPARTMENT = "department", "市直部门"
    STATION = "station", "派出所"
    BRIGADE = "brigade", "大队"
    SQUAD = "squad", "中队"
    SECTION = "section", "科室"
    CUSTODY = "custody", "监管场所"


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``first`` to ``last``, both included; without ``last`` it goes on."""

    first: date
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Whether ``day`` lies inside."""
        return self.first <= day and (self.last is None or day <= self.last)

    def overlaps(self, other: Span) -> bool:
        """Whether at least one day is in both."""
        return (self.last is None or other.first <= self.last) and (
            other.last is None or self.first <= other.last
        )

    def days_within(self, start: date, end: date) -> int:
        """How many of its days lie between ``start`` and ``end``, both included."""
        first = max(self.first, start)
        last = end if self.last is None else min(self.last, end)
        return max(0, (last - first).days + 1)


def day_before(day: date) -> date:
    """The last day of whatever ends because something new begins on ``day``."""
    return day - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit as it is entered; ``parent_id`` is missing for the two authorities only."""

    code: str
    name: str
    short_name: str
    level: Level
    kind: UnitKind
    valid_from: date
    parent_id: int | None = None
    sequence: str | None = None
    peer_group: str | None = None
    ranked: bool = True
    pilot: bool = False
    predecessor_id: int | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """What a unit is called, in full and for short."""

    name: str
    short_name: str


@dataclass(frozen=True, slots=True)
class Order:
    """An order that changes a unit or a line: from which day on, and the document it stands in."""

    since: date
    basis: str = ""


@dataclass(frozen=True, slots=True)
class RankingPlace:
    """With whom a unit is compared. Not ``ranked``: it judges others. ``pilot``: computed, not published."""

    sequence: str | None
    peer_group: str | None = None
    ranked: bool = True
    pilot: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """One node of the organisation tree; ``officers`` serve in it, ``total`` in it and below it."""

    unit_id: int
    code: str
    name: str
    short_name: str
    level: Level
    kind: UnitKind
    officers: int
    total: int
    children: tuple[Branch, ...]


def tidy(text: str) -> str:
    """Full-width letters, digits and spaces become half-width; outer and doubled spaces go."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def trim(text: str) -> str:
    """Names are kept as written, less outer and doubled spaces of any width."""
    return " ".join(text.split())


def tidy_code(text: str) -> str:
    """A code as it is stored: half-width capitals without any space."""
    return tidy(text).replace(" ", "").upper()


def unit_problems(unit: NewUnit, *, parent_level: Level | None) -> Sequence[Problem]:
    """Every fault of a new unit. ``parent_level`` is the level of ``parent_id``, if that is given."""
    problems = list(name_problems(unit.name, unit.short_name))
    if not CODE.fullmatch(unit.code):
        problems.append(Problem("code", "单位编码由 2 至 32 位大写字母、数字或短横组成，且不以短横开头"))
    if unit.level is Level.AUTHORITY and unit.parent_id is not None:
        problems.append(Problem("parent_id", "一级考核机关没有上级单位，请清空上级单位"))
    if unit.level is not Level.AUTHORITY and unit.parent_id is None:
        problems.append(Problem("parent_id", "请选择上级单位，只有一级考核机关没有上级"))
    if parent_level is not None and parent_level >= unit.level:
        problems.append(Problem("parent_id", "上级单位的层级必须高于本单位的层级"))
    return problems


def name_problems(name: str, short_name: str) -> Sequence[Problem]:
    """Names are for people: not empty, not endless, no control characters."""
    problems = []
    if len(name) not in NAME_LENGTH or not name.isprintable():
        problems.append(Problem("name", "单位名称为 2 至 40 个字，不能含有换行等控制字符"))
    if len(short_name) not in SHORT_NAME_LENGTH or not short_name.isprintable():
        problems.append(Problem("short_name", "单位简称为 1 至 20 个字，不能含有换行等控制字符"))
    return problems
