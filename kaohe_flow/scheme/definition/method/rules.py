"""Ways of scoring: what ``rule`` of an item may be, with the keys of each way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from kaohe_flow.scheme.definition.amount.rules import Amount, Discretion, FeelText
from kaohe_flow.scheme.definition.binding.scalar.rules import Count, Measure, Percent, Points
from kaohe_flow.scheme.definition.limit.rules import BandText, LimitText

ONE: Final = Decimal(1)
TEN: Final = Decimal(10)


class Reading(StrEnum):
    """Which number of the fact is looked at."""

    VALUE = "value"
    RATE = "rate"
    CHANGE = "change"
    GAP = "gap"
    PERCENT_OF_MEAN = "percent_of_mean"
    PERCENT_OF_BEST = "percent_of_best"


class Partial(StrEnum):
    """What a step that is not full counts: nothing, in proportion, or as a full one."""

    IGNORE = "ignore"
    PROPORTIONAL = "proportional"
    WHOLE = "whole"


class Choice(StrEnum):
    """Which of several measured facts of one item and period counts."""

    LAST = "last"
    SUM = "sum"
    MEAN = "mean"
    DAY_WEIGHTED = "day_weighted"
    HIGHEST = "highest"
    LOWEST = "lowest"


class VetoScope(StrEnum):
    """What a veto voids: the line, the module, the total of the period, the grade, honours."""

    LINE = "line"
    MODULE = "module"
    TOTAL = "total"
    GRADE = "grade"
    HONOURS = "honours"


@dataclass(frozen=True, slots=True)
class Option:
    """One named case of a tariff, with consequences of its own."""

    points: Amount | Discretion
    name: str = ""
    veto: tuple[VetoScope, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tier:
    """Points for each count up to and including ``up_to``; the last tier has no end."""

    points: Points
    up_to: Count | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """From this count on the item stands at ``total`` points in all; "all" means that nothing is left."""

    count: Count
    total: Points | Literal["all"]


@dataclass(frozen=True, slots=True)
class Tariff:
    """Points for each time, case or day; ``points`` also stand for a fact that names no option."""

    points: Amount | Discretion | None = None
    options: Mapping[str, Option | Amount | Discretion] = field(default_factory=dict)
    every: Count = ONE
    free: Count = Decimal(0)
    sequence: tuple[Points, ...] = ()
    then: Points | Literal["last"] = "last"
    tiers: tuple[Tier, ...] = ()
    reach: tuple[Reach, ...] = ()

    def __post_init__(self) -> None:
        given = [bool(self.options) or self.points is not None, bool(self.sequence), bool(self.tiers)]
        if sum(given) != 1 and not (self.reach and not any(given)):
            raise ValueError("points（或 options）、sequence、tiers 须写且只写其中一种")
        if self.every <= 0:
            raise ValueError("every 须大于 0")
        ends = [tier.up_to for tier in self.tiers[:-1]]
        if None in ends or ends != sorted(end for end in ends if end is not None):
            raise ValueError("tiers 须按 up_to 从小到大写，只有最后一档可以不写 up_to")


@dataclass(frozen=True, slots=True)
class Ratio:
    """done ÷ target × full points."""

    target: Amount | None = None
    capped: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """``points`` for every ``every`` units away from the limit."""

    every: Measure
    points: Points
    partial: Partial = Partial.IGNORE
    max: Points | None = None

    def __post_init__(self) -> None:
        if self.every <= 0:
            raise ValueError("every 须大于 0")


@dataclass(frozen=True, slots=True)
class Threshold:
    """Full points where the limit holds; otherwise nothing, a line down to ``zero_at``, or steps."""

    full_at: LimitText
    reading: Reading = Reading.VALUE
    target: Amount | None = None
    among: tuple[str, ...] = ()
    otherwise: Literal["zero", "linear", "pro_rata", "steps"] = "zero"
    zero_at: Measure | None = None
    below: Step | None = None
    above: Step | None = None
    choose: Choice = Choice.LAST

    def __post_init__(self) -> None:
        if (self.otherwise == "linear") != (self.zero_at is not None):
            raise ValueError("otherwise: linear 与 zero_at 须同时写")
        if (self.otherwise == "steps") != (self.below is not None):
            raise ValueError("otherwise: steps 与 below 须同时写")


@dataclass(frozen=True, slots=True)
class Band:
    """Points inside a band; with ``to`` they run in a line from its low to its high edge."""

    when: BandText
    points: Amount
    to: Points | None = None


@dataclass(frozen=True, slots=True)
class Bands:
    """The first band that holds gives the points."""

    bands: tuple[Band, ...]
    reading: Reading = Reading.VALUE
    target: Amount | None = None
    among: tuple[str, ...] = ()
    choose: Choice = Choice.LAST


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgement in words, each word with its points."""

    verdicts: Mapping[str, Amount]
    choose: Choice = Choice.LAST


@dataclass(frozen=True, slots=True)
class Judged:
    """Points given by a reviewer, from ``min`` (0) to ``max`` (the full points)."""

    min: Amount | None = None
    max: Amount | None = None
    choose: Choice = Choice.SUM


@dataclass(frozen=True, slots=True)
class Progressive:
    """Over a control figure: ``first`` points, and ``step`` more for every further ``every`` per cent."""

    first: Points
    step: Points
    control: Amount | None = None
    every: Percent = TEN
    partial: Partial = Partial.IGNORE
    choose: Choice = Choice.LAST

    def __post_init__(self) -> None:
        if self.every <= 0:
            raise ValueError("every 须大于 0")


@dataclass(frozen=True, slots=True)
class Compare:
    """Points by comparison with the peers: spread between worst and best, ratio to best or mean, or place."""

    method: Literal["min_max", "ratio_to_best", "ratio_to_mean", "place"]
    reading: Reading = Reading.VALUE
    target: Amount | None = None
    direction: Literal["up", "down"] = "up"
    among: tuple[str, ...] = ()
    base: Points = Decimal(0)
    places: tuple[Points, ...] = ()
    step: Points | None = None
    choose: Choice = Choice.LAST

    def __post_init__(self) -> None:
        if (self.method == "place") != (bool(self.places) or self.step is not None):
            raise ValueError("method: place 须写 places 或 step，其他 method 不写")


@dataclass(frozen=True, slots=True)
class Poll:
    """Mean of votes or marks on the scale of ``scale``, brought to the full points."""

    votes: Mapping[str, Points] = field(default_factory=dict)
    scale: Points = Decimal(100)
    trim: Count = Decimal(0)
    minimum: Count = ONE
    choose: Choice = Choice.LAST

    def __post_init__(self) -> None:
        if self.scale <= 0:
            raise ValueError("scale 须大于 0")


@dataclass(frozen=True, slots=True)
class TotalOf:
    """The total of another sheet in the same period: one's own, one's unit's, or one's members' mean.

    ``convert`` brings it to the full points of the item: the best of the peers gets all of them, others in
    proportion to the best, or between ``base`` and full by their distance from the worst.
    """

    sheet: str
    whose: Literal["self", "unit", "members"] = "self"
    convert: Literal["none", "ratio_to_best", "min_max"] = "none"
    among: tuple[str, ...] = ()
    base: Points = Decimal(0)


@dataclass(frozen=True, slots=True)
class Formula:
    """Points by a FEEL expression over subject and fact."""

    formula: FeelText
    choose: Choice = Choice.SUM


Method: TypeAlias = (
    Tariff | Ratio | Threshold | Bands | Verdict | Judged | Progressive | Compare | Poll | TotalOf | Formula
)

METHODS: Final[Mapping[str, type[Method]]] = {
    "tariff": Tariff,
    "ratio": Ratio,
    "threshold": Threshold,
    "bands": Bands,
    "verdict": Verdict,
    "judged": Judged,
    "progressive": Progressive,
    "compare": Compare,
    "poll": Poll,
    "total_of": TotalOf,
    "formula": Formula,
}
MEASURED: Final = (Ratio, Threshold, Bands, Verdict, Compare, Poll, TotalOf)
