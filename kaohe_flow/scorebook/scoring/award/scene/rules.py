"""The scene of one scoring and the raw points that come out of a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from kaohe_flow.kernel.feel import Value
from kaohe_flow.scheme.definition.amount.rules import Amount, NoAmount, resolve
from kaohe_flow.scheme.definition.cycle.rules import Period
from kaohe_flow.scheme.definition.item.rules import Item, Mode
from kaohe_flow.scheme.definition.sheet.rules import Sheet
from kaohe_flow.scorebook.scoring.facet.rules import facets_of, with_fact
from kaohe_flow.scorebook.scoring.facts.rules import Fact, FactRefused, Subject
from kaohe_flow.scorebook.scoring.step.rules import shown


@dataclass(frozen=True, slots=True)
class Raw:
    """Exact points of one fact with the figures they came from.

    ``applicable`` is false where the item has no meaning for the subject (target 0). ``increment``: a part of
    one figure made of several facts, rounded so that the parts add up.
    """

    fact: Fact
    points: Decimal
    formula: str
    note: str = ""
    applicable: bool = True
    increment: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """One subject on one sheet in one period. ``peers`` holds the figures compared with, by item."""

    sheet: Sheet
    subject: Subject
    period: Period | None = None
    peers: Mapping[str, tuple[Decimal, ...]] = field(default_factory=dict)
    facets: Mapping[str, Value] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facets", facets_of(self.subject, self.sheet, self.period))

    def number(self, amount: Amount, fact: Fact, **more: Decimal) -> Decimal:
        """The amount for this fact. Raises ``FactRefused`` with the reason."""
        try:
            return resolve(amount, with_fact(self.facets, fact, **more))
        except NoAmount as exc:
            raise FactRefused(fact, "no-amount", str(exc)) from exc

    def full(self, item: Item, fact: Fact) -> Decimal:
        return self.number(item.full, fact) if item.full is not None else Decimal(0)


def signed(mode: Mode, points: Decimal) -> Decimal:
    """The sign of penalties and rewards is the mode's; a task keeps its own."""
    if mode is Mode.PENALTY:
        return -abs(points)
    return abs(points) if mode is Mode.REWARD else points


def need(fact: Fact, name: str, what: str) -> Decimal:
    """A figure the rule cannot do without. Raises ``FactRefused``."""
    value = getattr(fact, name)
    if not isinstance(value, Decimal):
        raise FactRefused(fact, "figure-missing", f"缺少{what}（{name}）")
    return value


def within(fact: Fact, points: Decimal, low: Decimal, high: Decimal) -> Decimal:
    """Raises ``FactRefused`` when a reviewer's points leave the limits of the rule."""
    if not low <= points <= high:
        text = f"给分 {shown(points)} 超出规则的 {shown(low)} 至 {shown(high)} 分"
        raise FactRefused(fact, "points-out-of-range", text)
    return points
