"""Functions on numbers. All rounding is half up, away from zero: −2.345 to two places is −2.35."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final

from kaohe_flow.kernel.feel import limits
from kaohe_flow.kernel.feel.arithmetic import NUMBERS
from kaohe_flow.kernel.feel.errors import Unfit
from kaohe_flow.kernel.feel.frame import Frame
from kaohe_flow.kernel.feel.functions_text import whole
from kaohe_flow.kernel.feel.signature import Function
from kaohe_flow.kernel.feel.values import Inner

_NUMBER: Final = re.compile(r"-?[0-9]{1,34}(\.[0-9]{1,34})?", re.ASCII)


def to_places(value: Decimal, places: Decimal, rounding: str) -> Decimal:
    """``value`` with ``places`` decimals; a negative number of places rounds to tens, hundreds …"""
    count = whole(places, "小数位数")
    if abs(count) > limits.MAX_SCALE:
        raise Unfit(f"小数位数应在 −{limits.MAX_SCALE} 至 {limits.MAX_SCALE} 之间")
    rounded = value.quantize(Decimal((0, (1,), -count)), rounding=rounding, context=NUMBERS)
    return rounded if count >= 0 else rounded.quantize(Decimal(1), context=NUMBERS)


def _round(frame: Frame, value: Decimal, places: Decimal) -> Inner:
    return to_places(value, places, ROUND_HALF_UP)


def _floor(frame: Frame, value: Decimal, places: Decimal = Decimal(0)) -> Inner:
    return to_places(value, places, ROUND_FLOOR)


def _ceiling(frame: Frame, value: Decimal, places: Decimal = Decimal(0)) -> Inner:
    return to_places(value, places, ROUND_CEILING)


def _modulo(frame: Frame, dividend: Decimal, divisor: Decimal) -> Inner:
    """The remainder has the sign of the divisor: modulo(-7, 3) is 2."""
    if not divisor:
        raise Unfit("modulo() 的除数为 0")
    rest = NUMBERS.remainder(dividend, divisor)
    return NUMBERS.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


def _number(frame: Frame, source: Inner) -> Inner:
    if isinstance(source, Decimal):
        return source
    if isinstance(source, str) and _NUMBER.fullmatch(source):
        return NUMBERS.create_decimal(source)
    raise Unfit('number() 只能转换 "12.5" 这样的文字，不能带单位、空格或千分号')


FUNCTIONS: Final = (
    Function("decimal", ("number", "number"), _round),
    Function("round half up", ("number", "number"), _round),
    Function("floor", ("number", "number?"), _floor),
    Function("ceiling", ("number", "number?"), _ceiling),
    Function("abs", ("number",), lambda frame, value: NUMBERS.abs(value)),
    Function("modulo", ("number", "number"), _modulo),
    Function("number", ("scalar",), _number),
)
