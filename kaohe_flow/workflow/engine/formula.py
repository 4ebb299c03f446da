"""Expressions of a diagram: compiled once, bound to the element that carries them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kaohe_flow.kernel.feel import Expression, FeelError, compile_expression
from kaohe_flow.workflow.engine.port import Host, Value
from kaohe_flow.workflow.errors import EngineFailed

Functions = Mapping[str, Callable[..., Any]]


def is_expression(text: str) -> bool:
    """Whether a text that may also be literal asks to be evaluated."""
    return text.lstrip().startswith(("=", "${", "#{"))


@dataclass(frozen=True, slots=True)
class Formula:
    """One compiled expression and where it stands."""

    element: str
    text: str
    expression: Expression = field(repr=False, compare=False)

    def evaluate(self, context: Mapping[str, Value], functions: Functions) -> object:
        """The result as FEEL gives it. Raises ``EngineFailed`` that names the element and the expression."""
        try:
            return self.expression.evaluate(context, functions)
        except FeelError as fault:
            raise EngineFailed(self.element, f"表达式“{self.text}”：{fault}") from fault

    def holds(self, context: Mapping[str, Value], functions: Functions) -> bool:
        """The result as a yes or no. ``null`` is no; anything else that is not a boolean is refused."""
        result = self.evaluate(context, functions)
        if result is None or isinstance(result, bool):
            return bool(result)
        raise EngineFailed(self.element, f"条件“{self.text}”的结果既不是“是”也不是“否”")


class HostFunctions(Mapping[str, Callable[..., Any]]):
    """The functions of a host, looked up only when an expression calls one: making them may cost a query."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def __getitem__(self, name: str) -> Callable[..., Any]:
        return self._host.functions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._host.functions)

    def __len__(self) -> int:
        return len(self._host.functions)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All that an expression may look at: variables, functions, the moment."""

    context: Mapping[str, Value]
    functions: Functions
    now: datetime


def worked_out(given: Formula | str, world: Evaluation) -> object:
    """The value of an expression, or the literal text itself."""
    return given.evaluate(world.context, world.functions) if isinstance(given, Formula) else given


def compile_formula(text: str, element: str, functions: frozenset[str]) -> Formula:
    """Raises ``FeelError`` when the text is not an expression."""
    return Formula(element, text.strip(), compile_expression(text, functions=functions))
