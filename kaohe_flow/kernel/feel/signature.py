"""What a function of the language is: its name, what it takes, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, DecimalException
from typing import Final

from kaohe_flow.kernel.feel import arithmetic, limits
from kaohe_flow.kernel.feel.errors import Unfit
from kaohe_flow.kernel.feel.frame import Frame
from kaohe_flow.kernel.feel.values import Inner, Months, title, within_text

_KINDS: Final[Mapping[str, tuple[str, frozenset[type]]]] = {
    "text": ("文字", frozenset({str})),
    "number": ("数字", frozenset({Decimal})),
    "boolean": ("是非值", frozenset({bool})),
    "list": ("列表", frozenset({list})),
    "context": ("对象", frozenset({dict})),
    "date": ("日期", frozenset({date})),
    "day": ("日期、日期时间或文字", frozenset({date, datetime, str})),
    "duration": ("时长或文字", frozenset({timedelta, Months, str})),
    "scalar": (
        "单个的值",
        frozenset({str, Decimal, bool, date, datetime, timedelta, Months}),
    ),
}


@dataclass(frozen=True, slots=True)
class Function:
    """``parameters`` are names of kinds; a trailing ``?`` marks an optional one, ``any`` takes everything,
    null included. A null where another kind is expected makes the whole call null, as the standard says.

    ``spread``: one list or the elements one by one, ``sum([1, 2])`` or ``sum(1, 2)``; ``run`` gets the list.
    """

    name: str
    parameters: tuple[str, ...]
    run: Callable[..., Inner]
    spread: bool = False
    condition: bool = False

    def accepts(self, count: int) -> bool:
        """Whether it can be called with ``count`` arguments."""
        if self.spread:
            return count > 0
        required = sum(not kind.endswith("?") for kind in self.parameters)
        return required <= count <= len(self.parameters)

    def arity(self) -> str:
        """How many arguments it takes, for a message."""
        if self.spread:
            return "至少 1 个"
        required = sum(not kind.endswith("?") for kind in self.parameters)
        total = len(self.parameters)
        return f"{total} 个" if required == total else f"{required} 至 {total} 个"

    def call(self, frame: Frame, arguments: Sequence[Inner]) -> Inner:
        """The result for these arguments. Raises ``Unfit`` for a wrong kind and for what is too large."""
        if self.spread:
            return self._call_spread(frame, arguments)
        for place, (value, kind) in enumerate(zip(arguments, self.parameters, strict=False), 1):
            if kind == "any":
                continue
            if value is None:
                return None
            self._check(place, value, kind)
            frame.spend(_size(value))
        return self._guarded(frame, *arguments)

    def _call_spread(self, frame: Frame, arguments: Sequence[Inner]) -> Inner:
        elements: Sequence[Inner] = arguments
        if len(arguments) == 1:
            only = arguments[0]
            if only is None:
                return None
            elements = only if isinstance(only, list) else arguments
        frame.spend(1 + len(elements))
        return self._guarded(frame, elements)

    def _guarded(self, frame: Frame, *arguments: object) -> Inner:
        try:
            result = self.run(frame, *arguments)
        except DecimalException as beyond:
            raise Unfit(f"{self.name}()：{arithmetic.explain(beyond)}") from beyond
        if isinstance(result, str):
            within_text(result)
            frame.spend_text(len(result))
        return result

    def _check(self, place: int, value: Inner, kind: str) -> None:
        expected, types = _KINDS[kind.removesuffix("?")]
        if type(value) not in types:
            raise Unfit(f"{self.name}() 的第 {place} 个参数应为{expected}，得到的是{title(value)}")


def _size(value: Inner) -> int:
    if isinstance(value, str):
        return len(value) // limits.CHARACTERS_PER_STEP
    return len(value) if isinstance(value, list | dict) else 0
