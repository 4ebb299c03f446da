"""Values of the language: which Python types they are, how they come in and how they go out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import NoneType
from typing import Final, TypeAlias, cast

from kaohe_flow.kernel.feel import limits
from kaohe_flow.kernel.feel.errors import Unfit

Value: TypeAlias = (
    bool | Decimal | str | date | datetime | timedelta | list["Value"] | dict[str, "Value"] | None
)
"""What an evaluation gives. Datetimes are aware and in UTC."""


@dataclass(frozen=True, slots=True)
class Months:
    """A duration of calendar months (``P1Y2M``). Its length is unknown until it meets a date, so it cannot
    be a result: it has no place in ``Value``."""

    count: int


Inner: TypeAlias = (
    bool | Decimal | str | date | datetime | timedelta | Months | list["Inner"] | dict[str, "Inner"] | None
)
"""What flows between closures: exact types only, never a subclass, so that ``type(value)`` decides."""

_TITLES: Final[Mapping[type, str]] = {
    NoneType: "空值",
    bool: "是非值",
    Decimal: "数字",
    str: "文字",
    date: "日期",
    datetime: "日期时间",
    timedelta: "时长",
    Months: "按月的时长",
    list: "列表",
    dict: "对象",
}


def title(value: Inner) -> str:
    """The Chinese name of the kind of ``value``, for messages."""
    return _TITLES[type(value)]


def within_text(value: str) -> str:
    """``value`` itself if it is not too long."""
    if len(value) > limits.MAX_TEXT:
        raise Unfit(f"文字超过 {limits.MAX_TEXT} 个字符，请缩短")
    return value


def within_list(count: int) -> None:
    """Refuse a list of more elements than any list may have, before it is built."""
    if count > limits.MAX_LIST:
        raise Unfit(f"列表超过 {limits.MAX_LIST} 项，请缩小范围")


def _integer(value: int) -> Decimal:
    if abs(value) >= 10**limits.MAX_DIGITS:
        raise Unfit(f"整数超过 {limits.MAX_DIGITS} 位")
    return Decimal(value)


def _decimal(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise Unfit("数字不是有限的数")
    if len(value.as_tuple().digits) > limits.MAX_DIGITS or abs(value.adjusted()) > limits.MAX_EXPONENT:
        raise Unfit(f"数字超过 {limits.MAX_DIGITS} 位有效数字或超出范围")
    return value


def moment(value: datetime) -> datetime:
    """An aware instant in UTC, with a year within bounds. A datetime without offset is refused."""
    if value.utcoffset() is None:
        raise Unfit("日期时间缺少时区")
    day(value)
    return value.astimezone(UTC)


def day(value: date) -> date:
    """``value`` itself if its year is within bounds."""
    if not limits.FIRST_YEAR <= value.year <= limits.LAST_YEAR:
        raise Unfit(f"年份应在 {limits.FIRST_YEAR} 至 {limits.LAST_YEAR} 之间")
    return value


def duration(value: timedelta) -> timedelta:
    """``value`` itself if it is within a thousand years."""
    if abs(value.days) > limits.MAX_DURATION_DAYS:
        raise Unfit("时长过长，请检查单位")
    return value


def _same(value: Inner) -> Inner:
    return value


_SCALARS: Final[Mapping[type, Callable[..., Inner]]] = {
    NoneType: _same,
    bool: _same,
    str: within_text,
    int: _integer,
    Decimal: _decimal,
    datetime: moment,
    date: day,
    timedelta: duration,
}


def admit(value: object) -> Inner:
    """A value from outside, as the language knows it; containers are copied, so nothing outside can change.

    int becomes Decimal, aware datetimes become UTC, enums of str or int become what they stand for.
    Raises ``Unfit`` for float (binary fractions have no place near a score), for anything else that is
    not a value, and for what is too large or nested too deep.
    """
    convert = _SCALARS.get(type(value))
    if convert is not None:
        return convert(value)
    return _admit(value, [limits.MAX_ELEMENTS], 0)


def _admit(value: object, left: list[int], depth: int) -> Inner:
    convert = _SCALARS.get(type(value))
    if convert is not None:
        return convert(value)
    if isinstance(value, list | tuple):
        _enter(len(value), left, depth)
        return [_admit(element, left, depth + 1) for element in value]
    if isinstance(value, Mapping):
        _enter(len(value), left, depth)
        return {_key(key): _admit(element, left, depth + 1) for key, element in value.items()}
    return _admit_subclass(value)


def _enter(count: int, left: list[int], depth: int) -> None:
    within_list(count)
    left[0] -= count
    if left[0] < 0 or depth > limits.MAX_VALUE_DEPTH:
        raise Unfit("内容过大或嵌套过深")


def _key(key: object) -> str:
    if type(key) is not str:
        raise Unfit("对象的键必须是文字")
    return key


def _admit_subclass(value: object) -> Inner:
    if isinstance(value, str):
        return within_text(str.__str__(value))
    if isinstance(value, int):
        return _integer(int.__int__(value))
    if isinstance(value, float):
        raise Unfit("收到二进制浮点数，请改用精确的十进制数")
    raise Unfit(f"收到不认识的内容（{type(value).__name__}）")


def release(value: Inner) -> Value:
    """A result on its way out. Raises ``Unfit`` if it is too large or holds a duration of months."""
    if isinstance(value, list | dict | Months):
        _measure(value, [limits.MAX_RESULT])
    return cast(Value, value)


def _measure(value: Inner, left: list[int]) -> None:
    """Count every element as often as it is reached: one inner list may stand in many places."""
    if isinstance(value, Months):
        raise Unfit('按月的时长不能单独作为结果，请写成 日期 + duration("P1M") 的形式')
    if isinstance(value, str):
        _count(len(value) // limits.CHARACTERS_PER_STEP, left)
    elif isinstance(value, list):
        _count(len(value), left)
        for element in value:
            _measure(element, left)
    elif isinstance(value, dict):
        _count(len(value), left)
        for key, element in value.items():
            _measure(key, left)
            _measure(element, left)


def _count(elements: int, left: list[int]) -> None:
    left[0] -= elements
    if left[0] < 0:
        raise Unfit(f"结果超过 {limits.MAX_RESULT} 项，请缩小")
