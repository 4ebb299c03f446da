"""Process variables on their way in and out: copied, checked, exact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, cast

from kaohe_flow.workflow.engine.iso import duration_text
from kaohe_flow.workflow.engine.port import Value
from kaohe_flow.workflow.errors import VariableRefused

MAX_DEPTH: Final = 20


def freeze_all(values: Mapping[str, object]) -> dict[str, Value]:
    """A private copy of ``values`` in the types of process variables. Raises ``VariableRefused``."""
    return {_name(name): freeze(name, value) for name, value in values.items()}


def freeze(name: str, value: object, depth: int = 0) -> Value:
    """One value: moments and durations become ISO text, tuples lists; floats are refused."""
    if value is None or type(value) in (bool, int, str):
        return cast(Value, value)
    if depth > MAX_DEPTH:
        raise VariableRefused(name=name, reason="嵌套过深")
    if isinstance(value, Mapping):
        return {_name(key): freeze(name, inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [freeze(name, inner, depth + 1) for inner in value]
    return _scalar(name, value)


def _scalar(name: str, value: object) -> Value:
    for kind, convert in _SCALARS.items():
        if isinstance(value, kind):
            return convert(name, value)
    raise VariableRefused(name=name, reason=f"不认识的内容（{type(value).__name__}）")


def _decimal(name: str, value: Decimal) -> Value:
    if not value.is_finite():
        raise VariableRefused(name=name, reason="数字不是有限的数")
    return Decimal(value)


def _moment(name: str, value: datetime) -> Value:
    if value.tzinfo is None:
        raise VariableRefused(name=name, reason="日期时间缺少时区")
    return value.isoformat()


def _inexact(name: str, value: float) -> Value:
    raise VariableRefused(name=name, reason=f"{value} 是二进制小数，请改用精确的十进制数")


_SCALARS: Final[Mapping[type, Callable[[str, object], Value]]] = {
    str: lambda _name, value: str.__str__(cast(str, value)),
    int: lambda _name, value: int(cast(int, value)),
    Decimal: cast(Callable[[str, object], Value], _decimal),
    datetime: cast(Callable[[str, object], Value], _moment),
    date: lambda _name, value: cast(date, value).isoformat(),
    timedelta: lambda _name, value: duration_text(cast(timedelta, value)),
    float: cast(Callable[[str, object], Value], _inexact),
}


def _name(name: object) -> str:
    if not isinstance(name, str) or not name:
        raise VariableRefused(name=name, reason="变量名必须是文字")
    return name


def clone(value: Value) -> Value:
    """A copy that shares nothing changeable with ``value``."""
    if isinstance(value, list):
        return [clone(inner) for inner in value]
    if isinstance(value, dict):
        return {key: clone(inner) for key, inner in value.items()}
    return value


def clone_all(values: Mapping[str, Value]) -> dict[str, Value]:
    """A deep copy of a set of variables."""
    return {name: clone(value) for name, value in values.items()}
