"""A sheet: modules, weighted lines, groups, coefficients, total, ranking and grades around its items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Literal, TypeAlias

from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scheme.definition.amount.rules import Amount, FeelText
from kaohe_flow.scheme.definition.binding.scalar.rules import Factor, Figure, Percent, Points
from kaohe_flow.scheme.definition.cycle.rules import Cycle
from kaohe_flow.scheme.definition.item.rules import Item, Over
from kaohe_flow.scheme.definition.limit.rules import BandText

HUNDRED: Final = Decimal(100)
Coefficient: TypeAlias = Annotated[Decimal, Figure(places=3, low=ZERO)]


class LineType(StrEnum):
    """How the entries of a line become its points; 0 to 3 are accepted as names."""

    REGULAR = "regular"
    DEDUCT = "deduct"
    FROM_ZERO = "from_zero"
    COMMON = "common"
    AFTER = "after"

    @classmethod
    def _missing_(cls, value: object) -> LineType | None:
        return {"0": cls.REGULAR, "1": cls.DEDUCT, "2": cls.FROM_ZERO, "3": cls.COMMON}.get(str(value))

    @property
    def is_weighted(self) -> bool:
        return self in {LineType.REGULAR, LineType.DEDUCT}

    @property
    def has_floor(self) -> bool:
        return self in {LineType.REGULAR, LineType.DEDUCT, LineType.FROM_ZERO}


@dataclass(frozen=True, slots=True)
class Module:
    """A part of the total. With ``weight`` its score counts score ÷ ``full`` × weight, not rounded itself."""

    id: str
    name: str = ""
    weight: Amount | None = None
    full: Points | Literal["items"] = HUNDRED
    cap: Amount | None = None
    floor: Amount | None = None
    add_on: bool = False

    def __post_init__(self) -> None:
        if self.full != "items" and self.full <= ZERO:
            raise ValueError(f"模块“{self.id}”的 full 须大于 0")

    @property
    def title(self) -> str:
        return self.name or self.id


@dataclass(frozen=True, slots=True)
class Line:
    """A weighted line of business. ``base`` and ``full`` concern the regular type alone."""

    id: str
    type: LineType = LineType.COMMON
    name: str = ""
    module: str | None = None
    weight: Amount | None = None
    base: Points | None = None
    full: Points | Literal["items"] = HUNDRED
    cap: Points | None = None
    floor: Points | Literal["none"] | None = None
    add_on: bool = False
    for_: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    basis: str = ""

    def __post_init__(self) -> None:
        if self.type.is_weighted and self.weight is None:
            raise ValueError(f"线“{self.id}”的类型 {self.type.value} 须写 weight（权重）")
        if self.full != "items" and self.full <= ZERO:
            raise ValueError(f"线“{self.id}”的 full 须大于 0")
        if not self.type.is_weighted and self.weight is not None:
            raise ValueError(f"线“{self.id}”的类型 {self.type.value} 不计权重，请去掉 weight")

    @property
    def title(self) -> str:
        return self.name or self.id

    @property
    def lowest(self) -> Decimal | None:
        """The floor of the line's points, None when it may fall without end."""
        if self.floor is not None:
            return None if self.floor == "none" else Decimal(self.floor)
        return ZERO if self.type.has_floor else None


@dataclass(frozen=True, slots=True)
class Group:
    """Items looked at together: same deed only once, and a limit to their sum."""

    id: str
    name: str = ""
    same_deed: Literal["highest", "all"] = "all"
    cap: Points | None = None
    floor: Points | None = None
    over: Over = Over.CUT

    @property
    def title(self) -> str:
        return self.name or self.id


@dataclass(frozen=True, slots=True)
class Coefficients:
    """Factors by identity; ``choose`` decides among several identities of one person."""

    identities: Mapping[str, Coefficient]
    default: Coefficient = Decimal(1)
    choose: Literal["highest", "lowest", "product"] = "highest"
    applies_to: Literal["total", "line"] = "total"
    as_of: Literal["first_day", "last_day"] = "first_day"


@dataclass(frozen=True, slots=True)
class UnitFactor:
    """A factor on the whole total, given per subject in the facts; several multiply."""

    id: str
    name: str = ""
    default: Coefficient = Decimal(1)
    min: Coefficient | None = None
    max: Coefficient | None = None

    @property
    def title(self) -> str:
        return self.name or self.id


@dataclass(frozen=True, slots=True)
class TemporaryWeights:
    """Other weights of lines or modules for a stretch of days.

    ``by`` "last_day": in force for the period whose last day lies inside; "days": each period gets the mean
    weight over its days.
    """

    from_: date
    to: date
    weights: Mapping[str, Points]
    reason: str = ""
    by: Literal["last_day", "days"] = "last_day"

    def __post_init__(self) -> None:
        if self.from_ > self.to:
            raise ValueError("from 晚于 to")


@dataclass(frozen=True, slots=True)
class Mark:
    """A word put beside a total inside a band, such as 低于红线."""

    when: BandText
    flag: str


@dataclass(frozen=True, slots=True)
class TotalRule:
    """Where the total starts and between which limits it stays (none unless written)."""

    base: Amount = ZERO
    floor: Points | None = None
    ceiling: Points | None = None
    marks: tuple[Mark, ...] = ()

    def __post_init__(self) -> None:
        if self.floor is not None and self.ceiling is not None and self.floor > self.ceiling:
            raise ValueError(f"floor {self.floor} 大于 ceiling {self.ceiling}")


@dataclass(frozen=True, slots=True)
class Rounding:
    """Decimal places; half away from zero. ``line`` "none" leaves lines exact until the total."""

    entry: int = 2
    line: int | Literal["none"] = 2
    total: int = 2

    def __post_init__(self) -> None:
        allowed = range(4)
        places = [self.entry, self.total, *([] if self.line == "none" else [int(self.line)])]
        if any(one not in allowed for one in places):
            raise ValueError("位数应在 0 到 3 之间")


@dataclass(frozen=True, slots=True)
class Ranking:
    """One ordered list per value of ``within``; equal totals share a place and the next is skipped."""

    id: str
    name: str = ""
    within: tuple[str, ...] = ()
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: Literal["high_first", "low_first"] = "high_first"
    small: int = 5

    @property
    def title(self) -> str:
        return self.name or self.id


@dataclass(frozen=True, slots=True)
class Quota:
    """At most ``max`` per cent (rounded down), at least ``min`` per cent (rounded up) of a ranking."""

    max: Percent | None = None
    min: Percent | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade, best first. Without ``when`` it takes whoever is left."""

    id: str
    when: BandText | None = None
    quota: Quota | None = None
    unless_flags: tuple[str, ...] = ()
    only_if: FeelText | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One assessment sheet (考核表)."""

    id: str
    name: str = ""
    for_: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    period: Cycle | None = None
    modules: tuple[Module, ...] = ()
    lines: tuple[Line, ...] = ()
    items: tuple[Item, ...] = ()
    groups: tuple[Group, ...] = ()
    mitigations: Mapping[str, Factor] = field(default_factory=dict)
    coefficients: Coefficients | None = None
    unit_factors: tuple[UnitFactor, ...] = ()
    weights_total: Points | Literal["free"] = HUNDRED
    temporary_weights: tuple[TemporaryWeights, ...] = ()
    total: TotalRule = TotalRule()
    rounding: Rounding = Rounding()
    rankings: tuple[Ranking, ...] = ()
    grades: tuple[Grade, ...] = ()
    grades_within: str | None = None

    @property
    def title(self) -> str:
        return self.name or self.id

    def module(self, id_: str) -> Module | None:
        return next((one for one in self.modules if one.id == id_), None)

    def line(self, id_: str) -> Line | None:
        return next((one for one in self.lines if one.id == id_), None)

    def group(self, id_: str) -> Group | None:
        return next((one for one in self.groups if one.id == id_), None)
