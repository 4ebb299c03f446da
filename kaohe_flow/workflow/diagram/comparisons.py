"""Which values an expression compares a variable with: ``line_decision = "pass"``, ``x in ("a", "b")``.

Read from the words of the text, not from its structure: enough for gateways as people write them, and what
is written in another way is simply not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_WORD: Final = re.compile(
    r'"(?P<text>(?:[^"\\]|\\.)*)"|(?P<name>[^\W\d]\w*(?:\.\w+)*)|(?P<sign>==|!=|<=|>=|[=<>])|(?P<other>\S)'
)
_EQUAL: Final = frozenset({"=", "=="})
_COMPARING: Final = frozenset({"=", "==", "!="})
_WINDOW: Final = 3


@dataclass(frozen=True, slots=True)
class Comparison:
    """``variable`` is compared with ``value``; ``equal`` is false for ``!=``."""

    variable: str
    value: str
    equal: bool


@dataclass(frozen=True, slots=True)
class _Word:
    kind: str
    text: str


def comparisons(expression: str) -> tuple[Comparison, ...]:
    """All comparisons of a name with a text, in order of their places."""
    words = [_Word(str(m.lastgroup), m.group(str(m.lastgroup))) for m in _WORD.finditer(expression)]
    return tuple(_found(words))


def _found(words: Sequence[_Word]) -> Iterator[Comparison]:
    for place in range(len(words) - _WINDOW + 1):
        left, sign, right = words[place : place + _WINDOW]
        if sign.text in _COMPARING and sign.kind == "sign":
            sides = {left.kind: left.text, right.kind: right.text}
            if sides.keys() == {"name", "text"}:
                yield Comparison(sides["name"], sides["text"], sign.text in _EQUAL)
        elif left.kind == "name" and sign.text == "in" and right.text in {"(", "["}:
            yield from _members(left.text, words[place + _WINDOW :])


def _members(variable: str, words: Sequence[_Word]) -> Iterator[Comparison]:
    for word in words:
        if word.text in {")", "]"} and word.kind == "other":
            return
        if word.kind == "text":
            yield Comparison(variable, word.text, True)


def covers(conditions: Sequence[str], outcomes: Mapping[str, frozenset[str]]) -> bool:
    """Whether the conditions are nothing but one outcome each and together all outcomes of one decision."""
    met: dict[str, set[str]] = {}
    for text in conditions:
        found = comparisons(text)
        words = [m.group() for m in _WORD.finditer(text.strip().removeprefix("="))]
        if len(found) != 1 or len(words) != _WINDOW or not found[0].equal:
            return False
        met.setdefault(found[0].variable, set()).add(found[0].value)
    return len(met) == 1 and all(
        name in outcomes and outcomes[name] <= values for name, values in met.items()
    )
