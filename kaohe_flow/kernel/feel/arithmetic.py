"""``+ - * / **`` by the kinds of their operands. Decimal throughout, 34 digits, in a context of our own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import (
    ROUND_HALF_UP,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    Underflow,
)
from typing import Any, Final, TypeAlias

from kaohe_flow.kernel.feel import limits, temporal, values
from kaohe_flow.kernel.feel.errors import Unfit
from kaohe_flow.kernel.feel.values import Inner, Months

NUMBERS: Final = Context(
    prec=limits.MAX_DIGITS,
    rounding=ROUND_HALF_UP,
    Emin=-limits.MAX_EXPONENT,
    Emax=limits.MAX_EXPONENT,
    clamp=0,
    flags=[],
    traps=[InvalidOperation, DivisionByZero, Overflow, Underflow],
)
MICROSECOND: Final = timedelta(microseconds=1)
_LONGEST: Final = timedelta(days=limits.MAX_DURATION_DAYS) // MICROSECOND
Operator: TypeAlias = Callable[[Inner, Inner], Inner]
# The key of a table says the kinds of the operands; the type checker cannot follow that.
_Table: TypeAlias = Mapping[tuple[type, type], Callable[[Any, Any], Inner]]


def _operator(sign: str, table: _Table) -> Operator:
    """One operator: null in, null out; kinds that do not go together are refused, never turned into null."""

    def apply(left: Inner, right: Inner) -> Inner:
        operation = table.get((type(left), type(right)))
        if operation is None:
            if left is None or right is None:
                return None
            raise Unfit(f"{values.title(left)}与{values.title(right)}之间不能用“{sign}”")
        try:
            return operation(left, right)
        except DecimalException as beyond:
            raise Unfit(explain(beyond)) from beyond

    return apply


def explain(beyond: DecimalException) -> str:
    """A sentence for a signal of ``NUMBERS``."""
    if isinstance(beyond, DivisionByZero) or "DivisionUndefined" in str(beyond):
        return "除数为 0"
    return "数字超出范围"


def _join(left: str, right: str) -> str:
    if len(left) + len(right) > limits.MAX_TEXT:
        raise Unfit(f"文字超过 {limits.MAX_TEXT} 个字符，请缩短")
    return left + right


def scale(length: timedelta, factor: Decimal) -> timedelta:
    """``length`` times ``factor``, to the microsecond, half up."""
    micro = NUMBERS.multiply(Decimal(length // MICROSECOND), factor)
    if micro.copy_abs() > _LONGEST:
        raise Unfit("时长过长，请检查单位")
    return values.duration(int(micro.to_integral_value(rounding=ROUND_HALF_UP)) * MICROSECOND)


def _shorten(length: timedelta, divisor: Decimal) -> timedelta:
    return scale(length, NUMBERS.divide(Decimal(1), divisor))


def _ratio(length: timedelta, unit: timedelta) -> Decimal:
    return NUMBERS.divide(Decimal(length // MICROSECOND), Decimal(unit // MICROSECOND))


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    if exponent != exponent.to_integral_value() or exponent.copy_abs() > limits.MAX_EXPONENT:
        raise Unfit(f"乘方的指数应为 −{limits.MAX_EXPONENT} 至 {limits.MAX_EXPONENT} 的整数")
    if not base and exponent <= 0:
        raise Unfit("0 只能有正整数次方")
    return NUMBERS.power(base, exponent)


def negate(value: Inner) -> Inner:
    """``-value`` for numbers and durations; null stays null."""
    if isinstance(value, Decimal):
        return NUMBERS.minus(value)
    if isinstance(value, timedelta):
        return -value
    if isinstance(value, Months):
        return Months(-value.count)
    if value is None:
        return None
    raise Unfit(f"{values.title(value)}前面不能加负号")


add: Final = _operator(
    "+",
    {
        (Decimal, Decimal): NUMBERS.add,
        (str, str): _join,
        (date, timedelta): temporal.later_day,
        (timedelta, date): lambda length, day: temporal.later_day(day, length),
        (datetime, timedelta): temporal.later_moment,
        (timedelta, datetime): lambda length, moment: temporal.later_moment(moment, length),
        (date, Months): temporal.months_later,
        (Months, date): lambda months, day: temporal.months_later(day, months),
        (datetime, Months): temporal.moment_months_later,
        (Months, datetime): lambda months, moment: temporal.moment_months_later(moment, months),
        (timedelta, timedelta): lambda left, right: values.duration(left + right),
        (Months, Months): lambda left, right: Months(left.count + right.count),
    },
)
subtract: Final = _operator(
    "-",
    {
        (Decimal, Decimal): NUMBERS.subtract,
        (date, date): lambda left, right: left - right,
        (datetime, datetime): lambda left, right: left - right,
        (date, timedelta): lambda day, length: temporal.later_day(day, -length),
        (datetime, timedelta): lambda moment, length: temporal.later_moment(moment, -length),
        (date, Months): lambda day, months: temporal.months_later(day, Months(-months.count)),
        (datetime, Months): lambda at, months: temporal.moment_months_later(at, Months(-months.count)),
        (timedelta, timedelta): lambda left, right: values.duration(left - right),
        (Months, Months): lambda left, right: Months(left.count - right.count),
    },
)
multiply: Final = _operator(
    "*",
    {
        (Decimal, Decimal): NUMBERS.multiply,
        (timedelta, Decimal): scale,
        (Decimal, timedelta): lambda factor, length: scale(length, factor),
    },
)
divide: Final = _operator(
    "/",
    {
        (Decimal, Decimal): NUMBERS.divide,
        (timedelta, Decimal): _shorten,
        (timedelta, timedelta): _ratio,
    },
)
power: Final = _operator("**", {(Decimal, Decimal): _power})
