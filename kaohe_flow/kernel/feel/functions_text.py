"""Functions on text. Positions count characters from 1; a negative position counts from the end."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from kaohe_flow.kernel.feel import limits, values
from kaohe_flow.kernel.feel.errors import Unfit
from kaohe_flow.kernel.feel.frame import Frame
from kaohe_flow.kernel.feel.signature import Function
from kaohe_flow.kernel.feel.values import Inner


def whole(value: Decimal, what: str) -> int:
    """``value`` as an int, if it is a whole number of a size that can be a position."""
    if value != value.to_integral_value() or value.copy_abs() > limits.MAX_LIST * limits.MAX_LIST:
        raise Unfit(f"{what}应为整数")
    return int(value)


def _string_length(frame: Frame, text: str) -> Inner:
    return Decimal(len(text))


def _substring(frame: Frame, text: str, start: Decimal, length: Decimal | None = None) -> Inner:
    first = whole(start, "起始位置")
    if first == 0:
        raise Unfit("起始位置从 1 数起，负数从末尾数起，不能是 0")
    begin = first - 1 if first > 0 else max(len(text) + first, 0)
    if length is None:
        return text[begin:]
    return text[begin : begin + max(whole(length, "长度"), 0)]


def _spend_search(frame: Frame, text: str, part: str) -> None:
    """Searching may compare every place of the text with much of the part; pay for that beforehand."""
    frame.spend_text(len(text) * (1 + len(part) // limits.CHARACTERS_PER_STEP))


def _contains(frame: Frame, text: str, part: str) -> Inner:
    _spend_search(frame, text, part)
    return part in text


def _substring_before(frame: Frame, text: str, part: str) -> Inner:
    _spend_search(frame, text, part)
    before, found, _ = text.partition(part) if part else ("", "", "")
    return before if found else ""


def _substring_after(frame: Frame, text: str, part: str) -> Inner:
    _spend_search(frame, text, part)
    return text.partition(part)[2] if part else text


def _split(frame: Frame, text: str, separator: str) -> Inner:
    if not separator:
        raise Unfit("split() 的分隔文字不能为空")
    _spend_search(frame, text, separator)
    parts: list[Inner] = list(text.split(separator))
    values.within_list(len(parts))
    frame.spend(len(parts))
    return parts


def _string_join(frame: Frame, parts: list[Inner], separator: str = "") -> Inner:
    texts = [part for part in parts if part is not None]
    if not all(isinstance(part, str) for part in texts):
        raise Unfit("string join() 的列表里只能有文字")
    length = sum(len(str(part)) + len(separator) for part in texts)
    if length > limits.MAX_TEXT + len(separator):
        raise Unfit(f"文字超过 {limits.MAX_TEXT} 个字符，请缩短")
    return separator.join(str(part) for part in texts)


FUNCTIONS: Final = (
    Function("string length", ("text",), _string_length),
    Function("substring", ("text", "number", "number?"), _substring),
    Function("substring before", ("text", "text"), _substring_before),
    Function("substring after", ("text", "text"), _substring_after),
    Function("upper case", ("text",), lambda frame, text: text.upper()),
    Function("lower case", ("text",), lambda frame, text: text.lower()),
    Function("contains", ("text", "text"), _contains, condition=True),
    Function(
        "starts with", ("text", "text"), lambda frame, text, part: text.startswith(part), condition=True
    ),
    Function("ends with", ("text", "text"), lambda frame, text, part: text.endswith(part), condition=True),
    Function("split", ("text", "text"), _split),
    Function("string join", ("list", "text?"), _string_join),
)
