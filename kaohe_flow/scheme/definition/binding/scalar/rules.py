"""Text of one value → Decimal, int, date, bool, enum or word; a refusal is a ``ValueError`` in Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, TypeAlias, get_args, get_origin

from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.scheme.definition.document.rules import Scalar

NUMBER: Final = re.compile(r"[-+]?\d{1,12}(\.\d{1,12})?")
DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?")
YES: Final = frozenset({"true", "True", "yes", "是"})
NO: Final = frozenset({"false", "False", "no", "否"})
MAX_TEXT: Final = 4000
YEARS: Final = range(1900, 3000)
HUNDRED: Final = Decimal(100)


class Marker:
    """Says how an annotated value is read."""


@dataclass(frozen=True, slots=True)
class Figure(Marker):
    """A number: decimals allowed, lowest and highest value.

    ``percent``: "scale" reads 30% as 0.3, "unit" reads 96% as 96, "refuse" takes no percent sign.
    """

    places: int = 3
    low: Decimal | None = None
    high: Decimal | None = None
    percent: Literal["refuse", "scale", "unit"] = "refuse"


@dataclass(frozen=True, slots=True)
class Spelled(Marker):
    """A value with a notation of its own, such as ">= 95"."""

    parse: Callable[[str], Any]


Points: TypeAlias = Annotated[Decimal, Figure(places=3)]
Factor: TypeAlias = Annotated[Decimal, Figure(places=6, low=Decimal(0), percent="scale")]
Percent: TypeAlias = Annotated[Decimal, Figure(places=3, low=Decimal(0), high=Decimal(100), percent="unit")]
Measure: TypeAlias = Annotated[Decimal, Figure(places=12, percent="unit")]
Count: TypeAlias = Annotated[Decimal, Figure(places=3, low=Decimal(0))]


def read_scalar(hint: Any, marker: Marker | None, node: Scalar) -> Any:
    """Raises ``ValueError`` whose text is told to the writer of the file."""
    if isinstance(marker, Spelled):
        return marker.parse(node.text)
    if get_origin(hint) is Literal:
        return _one_of(node.text, tuple(str(one) for one in get_args(hint)))
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _member(hint, node.text)
    if hint is Decimal:
        return _figure(node.text, marker if isinstance(marker, Figure) else Figure())
    return READERS[hint](node.text)


def _figure(text: str, figure: Figure) -> Decimal:
    text = plain(text)
    if text.endswith("%") and figure.percent == "refuse":
        raise ValueError(f"“{text}”这里不能带百分号，请写成数字")
    bare = text if figure.percent == "refuse" else text.rstrip("% ")
    value = number(bare)
    if bare != text and figure.percent == "scale":
        value /= HUNDRED
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > figure.places:
        raise ValueError(f"{text} 最多写 {figure.places} 位小数")
    if figure.low is not None and value < figure.low:
        raise ValueError(f"{text} 不能小于 {figure.low}")
    if figure.high is not None and value > figure.high:
        raise ValueError(f"{text} 不能大于 {figure.high}")
    return value


def plain(text: str) -> str:
    """Full-width digits and signs, as Chinese keyboards type them, become plain ones."""
    return unicodedata.normalize("NFKC", text).strip()


def number(text: str) -> Decimal:
    """A plain decimal number, at most 12 digits on either side of the point, no exponent."""
    text = plain(text)
    if not NUMBER.fullmatch(text):
        raise ValueError(f"“{text}”不是数字")
    return Decimal(text)


def day(text: str) -> date:
    """A date; of a moment its day in Asia/Shanghai. 23:59:59 still belongs to the day."""
    try:
        found = date.fromisoformat(text) if DATE.fullmatch(text) else _day_of_moment(text)
    except ValueError:
        found = None
    if found is not None and found.year in YEARS:
        return found
    raise ValueError(f"“{text}”不是日期，应写成 2026-03-25 这样")


def _day_of_moment(text: str) -> date | None:
    if not MOMENT.fullmatch(text):
        return None
    moment = datetime.fromisoformat(text)
    return local_day(moment) if moment.tzinfo else moment.date()


def _whole(text: str) -> int:
    value = number(text)
    if value != value.to_integral_value():
        raise ValueError(f"“{text}”应是整数")
    return int(value)


def _truth(text: str) -> bool:
    if text in YES | NO:
        return text in YES
    raise ValueError(f"“{text}”应写 true 或 false")


def _word(text: str) -> str:
    if not text.strip():
        raise ValueError("不能为空")
    if len(text) > MAX_TEXT:
        raise ValueError(f"文字超过 {MAX_TEXT} 字")
    return text.strip()


def _one_of(text: str, allowed: tuple[str, ...]) -> str:
    if text in allowed:
        return text
    raise ValueError(f"“{text}”不能用在这里，可写：{'、'.join(allowed)}")


def _member(enum: type[StrEnum], text: str) -> StrEnum:
    try:
        return enum(text)
    except ValueError:
        allowed = tuple(str(member.value) for member in enum)
        raise ValueError(f"“{text}”不能用在这里，可写：{'、'.join(allowed)}") from None


READERS: Final[dict[Any, Callable[[str], Any]]] = {
    str: _word,
    int: _whole,
    bool: _truth,
    date: day,
}
