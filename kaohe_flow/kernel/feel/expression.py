"""The two things that can be compiled: an expression, and the tests of a cell of a decision table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from kaohe_flow.kernel.feel import (
    nodes_call,
    nodes_cell,
    nodes_literal,
    nodes_loop,
    nodes_operator,
    parser,
)
from kaohe_flow.kernel.feel.builder import Builder, Rule
from kaohe_flow.kernel.feel.builtins import BUILTINS, SPECIAL
from kaohe_flow.kernel.feel.errors import FeelError, Unfit
from kaohe_flow.kernel.feel.frame import Code, Frame
from kaohe_flow.kernel.feel.nodes_cell import Matching
from kaohe_flow.kernel.feel.values import Value, admit, release

Functions: TypeAlias = Mapping[str, Callable[..., Any]]

_RULES: Final[Mapping[str, Rule]] = {
    **nodes_literal.RULES,
    **nodes_operator.RULES,
    **nodes_loop.RULES,
    **nodes_call.RULES,
    **nodes_cell.RULES,
}
_NO_FUNCTIONS: Final[Functions] = MappingProxyType({})
_ANYTHING: Final = frozenset({"", "-"})


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression; immutable, may be shared between threads.

    ``names`` are the variables it reads, those asked for by ``is defined`` included, the entries of
    filtered elements not. ``hints`` are Chinese sentences about aliases that were read but should not
    be written.
    """

    source: str
    names: frozenset[str]
    hints: tuple[str, ...]
    _code: Code
    _slots: int

    def evaluate(self, context: Mapping[str, object], functions: Functions = _NO_FUNCTIONS) -> Value:
        """The value for these variables: numbers as Decimal, instants as aware datetimes in UTC.

        Raises ``FeelError`` for a variable or entry that is not there (unless asked by ``is defined``),
        for operands that do not go together, for a division by zero, and when a bound is exceeded.
        Whatever a function of the host raises comes through unchanged.
        """
        frame = Frame(context, functions, self._slots)
        try:
            return release(self._code(frame))
        except Unfit as misfit:
            raise FeelError(str(misfit), 1, source=self.source) from misfit
        except FeelError as fault:
            fault.source = self.source
            raise


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """The compiled tests of one cell; ``names`` and ``hints`` as in ``Expression``."""

    source: str
    names: frozenset[str]
    hints: tuple[str, ...]
    _matching: Matching
    _slots: int

    def matches(
        self, value: object, context: Mapping[str, object], functions: Functions = _NO_FUNCTIONS
    ) -> bool:
        """Whether ``value`` passes; an answer of null is no match. Raises like ``Expression.evaluate``."""
        frame = Frame(context, functions, self._slots)
        try:
            frame.slots[_INPUT_SLOT] = admitted = admit(value)
            return self._matching(frame, admitted) is True
        except Unfit as misfit:
            raise FeelError(str(misfit), 1, source=self.source) from misfit
        except FeelError as fault:
            fault.source = self.source
            raise


_INPUT_SLOT: Final = 0


def compile_expression(text: str, *, functions: frozenset[str] = frozenset()) -> Expression:
    """Compile ``text``. ``functions`` are the names the host will implement when it evaluates.

    Raises ``FeelError`` for anything that is not the language, with the column and what to write.
    """
    _refuse_taken(functions)
    try:
        bare, hints = parser.unwrap(text)
        tree = parser.parse(bare, "start")
        builder = Builder(_RULES, functions)
        part = builder.build(tree.children[0])  # type: ignore[arg-type]
    except FeelError as fault:
        fault.source = text
        raise
    hints += parser.alias_hints(tree)
    return Expression(text, frozenset(builder.names), hints, part.run, builder.slots)


def compile_unary_tests(text: str, *, functions: frozenset[str] = frozenset()) -> UnaryTests:
    """Compile an input cell of a decision table. An empty cell and ``-`` are passed by everything."""
    _refuse_taken(functions)
    if text.strip() in _ANYTHING:
        return UnaryTests(text, frozenset(), (), lambda frame, value: True, _INPUT_SLOT + 1)
    try:
        bare, hints = parser.unwrap(text) if text.strip()[:1] in {"$", "#"} else (text, ())
        tree = parser.parse(bare, "cell")
        builder = Builder(_RULES, functions, input_slot=_INPUT_SLOT, slots=_INPUT_SLOT + 1)
        test = nodes_cell.cell(builder, tree)
    except FeelError as fault:
        fault.source = text
        raise
    hints += parser.alias_hints(tree)
    return UnaryTests(text, frozenset(builder.names), hints, test.matches, builder.slots)


def _refuse_taken(functions: frozenset[str]) -> None:
    """A host that offers a name of the language has made a programming mistake."""
    taken = functions & (BUILTINS.keys() | SPECIAL)
    if taken:
        raise ValueError(f"names of the language cannot be offered by a host: {sorted(taken)}")
