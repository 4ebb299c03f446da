"""One item of a sheet: what it is worth, how facts score on it, its bounds and its consequences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final, Literal

from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scheme.definition.amount.rules import Amount, Facets, FeelText, resolve
from kaohe_flow.scheme.definition.binding.scalar.rules import Factor, Points
from kaohe_flow.scheme.definition.method.rules import (
    MEASURED,
    Bands,
    Choice,
    Compare,
    Formula,
    Judged,
    Method,
    Progressive,
    Ratio,
    Tariff,
    Threshold,
    TotalOf,
    Verdict,
    VetoScope,
)

WORKDAYS: Final = range(1001)


class Mode(StrEnum):
    """The three scoring modes; the sign of penalties and rewards follows from the mode alone."""

    TASK = "task"
    PENALTY = "penalty"
    REWARD = "reward"


class Over(StrEnum):
    """What happens to points beyond a limit: cut to the limit, or the fact is refused."""

    CUT = "cut"
    REFUSE = "refuse"


class Absent(StrEnum):
    """What an item without data counts: full points, zero, or its points go to the other items."""

    FULL = "full"
    ZERO = "zero"
    REDISTRIBUTE = "redistribute"


class Authors(StrEnum):
    """How points are split between several people: each full, mean, or by shares."""

    FULL = "full"
    MEAN = "mean"
    SHARES = "shares"


@dataclass(frozen=True, slots=True)
class FanOut:
    """A further subject hit by the same fact, on an item of its own tariff.

    ``to``: "unit" the unit of the subject, "parent" the unit above that, "leaders" everyone who leads the
    unit, "members" everyone in it; ``for_`` narrows them by their properties. ``share`` hands on that part
    of the points instead of a tariff.
    """

    to: Literal["unit", "parent", "leaders", "members"]
    item: str
    share: Factor | None = None
    for_: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    only_if: FeelText | None = None


@dataclass(frozen=True, slots=True)
class ItemHead:
    """Everything about an item except its way of scoring. Points are unsigned in penalties and rewards."""

    id: str
    name: str = ""
    line: str | None = None
    module: str | None = None
    mode: Mode = Mode.TASK
    full: Amount | None = None
    start: Literal["full", "zero"] | None = None
    cap: Amount | None = None
    floor: Amount | None = None
    cap_each: Points | None = None
    over: Over = Over.CUT
    group: tuple[str, ...] = ()
    same_deed: Literal["highest", "all"] = "all"
    coauthors: Authors = Authors.FULL
    shares: Mapping[str, Factor] = field(default_factory=dict)
    mitigations: tuple[str, ...] | None = None
    surcharges: Mapping[str, Points] = field(default_factory=dict)
    for_: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    from_: str | None = None
    to: str | None = None
    missing: Absent | None = None
    zero_target: Absent = Absent.REDISTRIBUTE
    veto: tuple[VetoScope, ...] = ()
    flags: tuple[str, ...] = ()
    only_if: FeelText | None = None
    only_if_text: str = ""
    file_within: int | None = None
    fan_out: tuple[FanOut, ...] = ()
    per: str = "次"
    level: str = ""
    basis: str = ""
    owner: str = ""
    evidence: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.line and self.module:
            raise ValueError("line 与 module 只写一个：写了 line，模块由该线决定")
        if self.file_within is not None and self.file_within not in WORKDAYS:
            raise ValueError(f"file_within 是工作日数，应在 0 至 {WORKDAYS[-1]} 之间")


@dataclass(frozen=True, slots=True)
class Item(ItemHead):
    """An item with its way of scoring."""

    method: Method = field(default_factory=Judged)

    def __post_init__(self) -> None:
        ItemHead.__post_init__(self)
        if self.start == "full" and self.full is None:
            raise ValueError("start: full 须同时写 full（满分）")
        if isinstance(self.method, MEASURED) and self.full is None and not self._needs_no_full():
            raise ValueError("按完成情况得分的条目须写 full（满分）")
        if isinstance(self.method, Judged) and self.method.max is None and self.full is None:
            raise ValueError("rule: judged 须写 max 或 full，评分人不能越过它")

    def _needs_no_full(self) -> bool:
        if isinstance(self.method, Compare):
            return self.method.method == "place" and bool(self.method.places)
        if isinstance(self.method, TotalOf):
            return self.method.convert == "none"
        return isinstance(self.method, Bands | Verdict)

    @property
    def title(self) -> str:
        return self.name or self.id

    @property
    def is_measured(self) -> bool:
        """Points come from a figure, so no fact means no data, not nothing done."""
        if isinstance(self.method, Judged | Formula):
            return self.method.choose is not Choice.SUM
        return isinstance(self.method, MEASURED)

    @property
    def starts_full(self) -> bool:
        """Points are taken away from the full ones: always so for a penalty that has full points."""
        if self.start is not None:
            return self.start == "full"
        takes_away = self.mode is Mode.PENALTY or isinstance(self.method, Tariff | Progressive)
        return self.counts_to_full and takes_away

    @property
    def counts_to_full(self) -> bool:
        """Its full points are part of what a subject can reach."""
        return self.full is not None and self.mode is not Mode.REWARD

    @property
    def when_missing(self) -> Absent:
        """Missing is never silently 0: a measured task without data leaves its points to the others."""
        if self.missing is not None:
            return self.missing
        return Absent.REDISTRIBUTE if self.is_measured and self.mode is Mode.TASK else Absent.ZERO

    def full_points(self, facets: Facets) -> Decimal:
        return resolve(self.full, facets) if self.full is not None else ZERO


NO_LIMIT: Final = Decimal("1E12")


@dataclass(frozen=True, slots=True)
class Bounds:
    """Lowest and highest sum of an item's entries, on top of what it starts with."""

    low: Decimal = -NO_LIMIT
    high: Decimal = NO_LIMIT


def bounds_of(item: Item, facets: Facets) -> Bounds:
    """What the entries of ``item`` may add up to.

    ``cap`` and ``floor`` speak of the item's result; a penalty's cap is the most it takes away. An item that
    starts full stays between 0 and its full points unless told otherwise.
    """
    start = item.full_points(facets) if item.starts_full else ZERO
    cap = resolve(item.cap, facets) if item.cap is not None else None
    floor = resolve(item.floor, facets) if item.floor is not None else None
    if item.mode is Mode.PENALTY:
        taken = [] if cap is None else [-abs(cap)]
        taken += [] if floor is None else [floor - start]
        taken += [-start] if item.starts_full and floor is None else []
        return Bounds(max(taken, default=-NO_LIMIT), ZERO)
    if item.counts_to_full and cap is None and (item.starts_full or item.is_measured):
        cap = _ceiling_of_measured(item, facets)
    if item.starts_full and floor is None:
        floor = ZERO
    return Bounds(
        floor - start if floor is not None else -NO_LIMIT,
        cap - start if cap is not None else NO_LIMIT,
    )


def _ceiling_of_measured(item: Item, facets: Facets) -> Decimal | None:
    """Full points, unless the way of scoring may go beyond by its own rule."""
    if isinstance(item.method, Ratio) and not item.method.capped:
        return None
    if isinstance(item.method, Threshold) and item.method.above is not None:
        return None
    return item.full_points(facets)
