"""A city as data, and the reduced one of scale *tiny*.

That has two authorities, six departments, one county bureau, sixty posts.

Roles are written as principals with the unit's code in place of its id: ``line_reviewer:za@QSX``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from kaohe_flow.organization.unit.rules import Level, UnitKind

BUREAU: Final = "SJ"
ORGANS: Final = "SZ"
COUNTY: Final = "QSX"


@dataclass(frozen=True, slots=True)
class Place:
    """A unit to be established below ``parent``, after it in the list."""

    code: str
    name: str
    short_name: str
    level: Level
    kind: UnitKind
    parent: str | None = None
    sequence: str | None = None


class Lot(StrEnum):
    """What makes an officer a case apart; everybody else is ordinary."""

    ORDINARY = ""
    NO_POINTS = "no_points"
    ON_LEAVE = "on_leave"
    SECONDED = "seconded"
    TWO_IDENTITIES = "two_identities"
    APPRENTICE = "apprentice"
    MOVED = "moved"
    TWIN = "twin"
    DISGRACED = "disgraced"


@dataclass(frozen=True, slots=True)
class Post:
    """A post with one officer on it; ``username`` where the officer has a demo account."""

    place: str
    title: str
    roles: tuple[str, ...] = ()
    username: str = ""
    lot: Lot = Lot.ORDINARY


@dataclass(frozen=True)
class City:
    """A city of one scale: its units and posts, and how much of its past is told.

    ``months`` up to now, the newest open; ``each``: claims of every officer in a month that are made in bulk
    (0: none, the story alone tells); ``tasks``: tasks one officer holds, by the first fitting prefix of the
    unit's code; ``thin``: of the ordinary claims of the story every so many-th is made.
    """

    scale: str
    places: tuple[Place, ...]
    posts: tuple[Post, ...]
    lines: tuple[tuple[str, str, str], ...]
    tasks: Mapping[str, int]
    months: int = 2
    each: int = 0
    thin: int = 1
    has_all_indicators: bool = False

    @property
    def is_larger(self) -> bool:
        """Whether there is more to it than the people of the story."""
        return self.each > 0

    @cached_property
    def kinds(self) -> Mapping[str, UnitKind]:
        """Kind of unit by code."""
        return {place.code: place.kind for place in self.places}

    @cached_property
    def by_code(self) -> Mapping[str, Place]:
        """Units by code."""
        return {place.code: place for place in self.places}

    @cached_property
    def below(self) -> Mapping[str, tuple[str, ...]]:
        """Codes of the own child units, by code."""
        found: dict[str, list[str]] = {place.code: [] for place in self.places}
        for place in self.places:
            if place.parent is not None:
                found[place.parent].append(place.code)
        return {code: tuple(children) for code, children in found.items()}

    def bureau_of(self, code: str) -> str:
        """The department, county or branch bureau a unit belongs to; an authority is its own."""
        place = self.by_code[code]
        while place.level not in {Level.AUTHORITY, Level.BUREAU} and place.parent is not None:
            place = self.by_code[place.parent]
        return place.code


PLACES: Final = (
    Place(BUREAU, "市局考核办", "市局考核办", Level.AUTHORITY, UnitKind.ASSESSMENT_OFFICE),
    Place(ORGANS, "市直机关考核办", "市直机关考核办", Level.AUTHORITY, UnitKind.ASSESSMENT_OFFICE),
    Place("ZHZX", "办公室（指挥中心）", "指挥中心", Level.BUREAU, UnitKind.DEPARTMENT, ORGANS, "市直部门"),
    Place("ZZB", "政治部", "政治部", Level.BUREAU, UnitKind.DEPARTMENT, ORGANS, "市直部门"),
    Place("DCZD", "警务督察支队", "督察支队", Level.BUREAU, UnitKind.DEPARTMENT, ORGANS, "市直部门"),
    Place("FZZD", "法制支队", "法制支队", Level.BUREAU, UnitKind.DEPARTMENT, ORGANS, "市直部门"),
    Place("XZZD", "刑事侦查支队", "刑侦支队", Level.BUREAU, UnitKind.DEPARTMENT, ORGANS, "市直部门"),
    Place("ZAZD", "治安管理支队", "治安支队", Level.BUREAU, UnitKind.DEPARTMENT, ORGANS, "市直部门"),
    Place(COUNTY, "青松县公安局", "青松县局", Level.BUREAU, UnitKind.COUNTY_BUREAU, BUREAU, "县分局"),
    Place("QSX-DC", "青松县公安局督察大队", "督察大队", Level.BASIC, UnitKind.BRIGADE, COUNTY, "大队"),
    Place("QSX-FZ", "青松县公安局法制大队", "法制大队", Level.BASIC, UnitKind.BRIGADE, COUNTY, "大队"),
    Place("QSX-XZ", "青松县公安局刑侦大队", "刑侦大队", Level.BASIC, UnitKind.BRIGADE, COUNTY, "大队"),
    Place("QSX-ZA", "青松县公安局治安大队", "治安大队", Level.BASIC, UnitKind.BRIGADE, COUNTY, "大队"),
    Place("QSX-CG", "城关派出所", "城关派出所", Level.BASIC, UnitKind.STATION, COUNTY, "派出所"),
    Place("QSX-HK", "河口派出所", "河口派出所", Level.BASIC, UnitKind.STATION, COUNTY, "派出所"),
    Place("QSX-LL", "柳林镇派出所", "柳林镇派出所", Level.BASIC, UnitKind.STATION, COUNTY, "派出所"),
    Place("QSX-XZ-FZ", "刑侦大队反诈中队", "反诈中队", Level.SQUAD, UnitKind.SQUAD, "QSX-XZ", "中队"),
    Place("QSX-CG-SQ", "城关派出所社区中队", "社区中队", Level.SQUAD, UnitKind.SQUAD, "QSX-CG", "中队"),
)

# Business line: code, name, competent department.
LINES: Final = (
    ("zh", "指挥调度", "ZHZX"),
    ("zz", "队伍建设", "ZZB"),
    ("dc", "警务督察", "DCZD"),
    ("fz", "执法监督", "FZZD"),
    ("xz", "刑事侦查", "XZZD"),
    ("za", "治安管理", "ZAZD"),
)


def everywhere(*roles: str) -> tuple[str, ...]:
    """The same competences at both authorities."""
    return tuple(f"{role}@{root}" for role in roles for root in (BUREAU, ORGANS))


POSTS: Final = (
    Post(BUREAU, "局长", everywhere("leading_group"), "lingdao"),
    Post(BUREAU, "常务副局长", everywhere("leading_group")),
    Post(BUREAU, "副局长", (f"leading_group@{BUREAU}",)),
    Post(BUREAU, "考核办主任", (f"office@{BUREAU}", f"unit_head@{BUREAU}")),
    Post(BUREAU, "考核办干事", (f"office@{BUREAU}",), "shiban"),
    Post(BUREAU, "纪检组组长", everywhere("discipline")),
    Post(BUREAU, "纪检干事", everywhere("discipline"), "jijian"),
    Post(ORGANS, "副局长", (f"leading_group@{ORGANS}",)),
    Post(ORGANS, "考核办主任", (f"office@{ORGANS}", f"unit_head@{ORGANS}")),
    Post(ORGANS, "考核办干事", (f"office@{ORGANS}",), "zhiban"),
    Post("ZHZX", "主任", ("unit_head@ZHZX", *everywhere("line_reviewer:zh"))),
    Post("ZHZX", "指挥长", ("unit_admin@ZHZX", *everywhere("line_reviewer:zh"))),
    Post("ZZB", "副主任", ("unit_head@ZZB", *everywhere("political", "line_reviewer:zz"))),
    Post("ZZB", "民警", everywhere("political", "line_reviewer:zz"), "zhengzhi"),
    Post("ZZB", "内勤", ("unit_admin@ZZB",)),
    Post("DCZD", "支队长", ("unit_head@DCZD", *everywhere("inspection", "line_reviewer:dc"))),
    Post("DCZD", "督察民警", ("unit_admin@DCZD", *everywhere("inspection", "line_reviewer:dc")), "ducha"),
    Post("FZZD", "支队长", ("unit_head@FZZD", *everywhere("line_reviewer:fz")), lot=Lot.TWIN),
    Post("FZZD", "法制民警", ("unit_admin@FZZD", *everywhere("line_reviewer:fz")), lot=Lot.TWIN),
    Post("XZZD", "支队长", ("unit_head@XZZD", *everywhere("line_reviewer:xz"))),
    Post("XZZD", "侦查员", ("unit_admin@XZZD", *everywhere("line_reviewer:xz"))),
    Post("ZAZD", "支队长", ("unit_head@ZAZD", *everywhere("line_reviewer:za"))),
    Post("ZAZD", "综合科科长", ("unit_admin@ZAZD", *everywhere("line_reviewer:za"))),
    Post("ZAZD", "治安民警", (), "minjing2"),
    Post(COUNTY, "局长", (f"unit_head@{COUNTY}", f"leading_group@{COUNTY}")),
    Post(COUNTY, "副局长", (f"leading_group@{COUNTY}",)),
    Post(COUNTY, "考核办主任", (f"office@{COUNTY}",), "xianban"),
    Post(COUNTY, "指挥中心民警", (f"office@{COUNTY}", f"line_reviewer:zh@{COUNTY}")),
    Post(COUNTY, "政工室主任", (f"political@{COUNTY}", f"line_reviewer:zz@{COUNTY}")),
    Post(COUNTY, "纪检监察员", (f"discipline@{COUNTY}",)),
    Post("QSX-DC", "大队长", ("unit_head@QSX-DC", "inspection@QSX", "line_reviewer:dc@QSX")),
    Post("QSX-DC", "督察民警", ("unit_admin@QSX-DC", "inspection@QSX")),
    Post("QSX-DC", "督察民警", lot=Lot.MOVED),
    Post("QSX-FZ", "大队长", ("unit_head@QSX-FZ", "line_reviewer:fz@QSX")),
    Post("QSX-FZ", "法制民警", ("line_reviewer:fz@QSX", "line_reviewer:za@QSX"), "shenhe2"),
    Post("QSX-FZ", "内勤", ("unit_admin@QSX-FZ",)),
    Post("QSX-XZ", "大队长", ("unit_head@QSX-XZ", "line_reviewer:xz@QSX")),
    Post("QSX-XZ", "教导员", ("line_reviewer:xz@QSX",)),
    Post("QSX-XZ", "内勤", ("unit_admin@QSX-XZ",)),
    Post("QSX-ZA", "大队长", ("unit_head@QSX-ZA",)),
    Post("QSX-ZA", "综合指导民警", ("line_reviewer:za@QSX",), "shenhe"),
    Post("QSX-ZA", "内勤", ("unit_admin@QSX-ZA",)),
    Post("QSX-ZA", "治安民警", lot=Lot.SECONDED),
    Post("QSX-CG", "所长", ("unit_head@QSX-CG",)),
    Post("QSX-CG", "内勤", ("unit_admin@QSX-CG",), "neiqin"),
    Post("QSX-CG", "社区民警", (), "minjing"),
    Post("QSX-CG", "社区民警"),
    Post("QSX-CG", "办案民警", lot=Lot.TWO_IDENTITIES),
    Post("QSX-HK", "所长", ("unit_head@QSX-HK",)),
    Post("QSX-HK", "内勤", ("unit_admin@QSX-HK",)),
    Post("QSX-HK", "社区民警", lot=Lot.ON_LEAVE),
    Post("QSX-LL", "所长", ("unit_head@QSX-LL",)),
    Post("QSX-LL", "内勤", ("unit_admin@QSX-LL",)),
    Post("QSX-LL", "社区民警", lot=Lot.NO_POINTS),
    Post("QSX-XZ-FZ", "中队长", ("unit_head@QSX-XZ-FZ",)),
    Post("QSX-XZ-FZ", "侦查员"),
    Post("QSX-XZ-FZ", "侦查员"),
    Post("QSX-CG-SQ", "中队长", ("unit_head@QSX-CG-SQ",)),
    Post("QSX-CG-SQ", "社区民警", lot=Lot.DISGRACED),
    Post("QSX-CG-SQ", "户籍民警", lot=Lot.APPRENTICE),
)

# Tasks one officer holds: street work most, staff work least.
TASKS: Final = {"QSX-CG": 4, "QSX-HK": 4, "QSX-LL": 4, "QSX-": 3, "": 2}
TINY: Final = City("tiny", PLACES, POSTS, LINES, TASKS)
