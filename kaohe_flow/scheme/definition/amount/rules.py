"""An amount: a number, a table by a property of the subject or fact, or a FEEL formula."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Final, TypeAlias

from kaohe_flow.kernel.errors import RuleBroken
from kaohe_flow.kernel.feel import Expression, FeelError, Value, compile_expression
from kaohe_flow.scheme.definition.binding.scalar.rules import Points, Spelled

MOST: Final = Decimal("1E12")
Facets: TypeAlias = Mapping[str, Value]


class NoAmount(RuleBroken):
    """The table or formula gives no number for this subject and fact."""

    code = "no-amount"
    message = "{reason}"


def checked_formula(text: str) -> str:
    """The text itself, after it compiled; a ``ValueError`` names what FEEL does not understand."""
    try:
        compiled(text)
    except FeelError as exc:
        raise ValueError(f"公式不能理解：{exc}") from exc
    return text


@lru_cache(maxsize=4096)
def compiled(text: str) -> Expression:
    return compile_expression(text)


FeelText: TypeAlias = Annotated[str, Spelled(checked_formula)]


@dataclass(frozen=True, slots=True)
class AmountTable:
    """``values`` by the property named ``by``; without a fitting value and a default there is no amount."""

    by: str
    values: Mapping[str, Amount]
    default: Amount | None = None


@dataclass(frozen=True, slots=True)
class AmountFormula:
    """A FEEL expression over the properties of subject and fact."""

    formula: FeelText


Amount: TypeAlias = Points | AmountTable | AmountFormula


@dataclass(frozen=True, slots=True)
class Discretion:
    """Points a reviewer chooses, between ``min`` and ``max`` (both allowed)."""

    min: Points
    max: Points

    def __post_init__(self) -> None:
        if self.min > self.max:
            raise ValueError(f"min {self.min} 大于 max {self.max}")


def resolve(amount: Amount, facets: Facets) -> Decimal:
    """The number that holds for these properties. Raises ``NoAmount`` with the reason in Chinese."""
    while isinstance(amount, AmountTable):
        value = _text(facets.get(amount.by))
        chosen = amount.values.get(value) if value is not None else None
        chosen = amount.default if chosen is None else chosen
        if chosen is None:
            known = "、".join(amount.values)
            raise NoAmount(reason=f"没有适用的数值：{amount.by} 是“{value or '未填'}”，方案只列了 {known}")
        amount = chosen
    if isinstance(amount, AmountFormula):
        return number_of(amount.formula, facets)
    return amount


def number_of(formula: str, facets: Facets) -> Decimal:
    """Value of a formula, which must be a number. Raises ``NoAmount``."""
    value = value_of(formula, facets)
    if isinstance(value, bool) or not isinstance(value, Decimal):
        raise NoAmount(reason=f"公式“{formula}”没有得出数字")
    if abs(value) > MOST:
        raise NoAmount(reason=f"公式“{formula}”得出的数过大")
    return value


def value_of(formula: str, facets: Facets) -> Value:
    """Value of a formula; names it uses and the facts do not give are null. Raises ``NoAmount``."""
    expression = compiled(formula)
    context = {**dict.fromkeys(expression.names), **facets}
    try:
        return expression.evaluate(context)
    except FeelError as exc:
        raise NoAmount(reason=f"公式“{formula}”不能计算：{exc}") from exc


def _text(value: Value) -> str | None:
    if value is None or isinstance(value, list | dict):
        return None
    return str(value)


def tables_in(amount: Amount | None) -> Iterator[AmountTable]:
    """The tables of an amount, nested ones included."""
    if isinstance(amount, AmountTable):
        yield amount
        for inner in (*amount.values.values(), amount.default):
            yield from tables_in(inner)


def fits(wanted: Mapping[str, tuple[str, ...]], facets: Facets) -> bool:
    """Whether every property named has one of the values listed; nothing named fits everybody."""
    return not wanted or all(_text(facets.get(name)) in values for name, values in wanted.items())
