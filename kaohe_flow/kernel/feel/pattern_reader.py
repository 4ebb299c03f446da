"""From the text of a regular expression to its tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from kaohe_flow.kernel.feel.errors import Unfit

MAX_PATTERN: Final = 200  # characters
MAX_GROUPS: Final = 10  # nesting of ( )
MAX_REPEAT: Final = 100  # numbers in {m,n}

Accept: TypeAlias = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Single:
    """One character."""

    accept: Accept


@dataclass(frozen=True, slots=True)
class Anchor:
    """``^`` or ``$``."""

    sign: Literal["^", "$"]


@dataclass(frozen=True, slots=True)
class Sequel:
    """One after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Alternatives:
    """``a|b``."""

    branches: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """``part`` at least ``least`` and at most ``most`` times; None is without end."""

    part: Node
    least: int
    most: int | None


Node: TypeAlias = Single | Anchor | Sequel | Alternatives | Repeat

_BOUNDS: Final = re.compile(r"\{(\d{1,4})(?:(,)(\d{1,4})?)?\}", re.ASCII)
_SIMPLE: Final[Mapping[str, tuple[int, int | None]]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_CLASSES: Final[Mapping[str, Accept]] = {
    "d": lambda character: character in "0123456789",
    "w": lambda character: character == "_" or character.isalnum(),
    "s": str.isspace,
}
_ANCHORS: Final[Mapping[str, Anchor]] = {"^": Anchor("^"), "$": Anchor("$")}
_PLAIN_ESCAPES: Final[Mapping[str, str]] = {"n": "\n", "t": "\t", "r": "\r"}


def read(text: str) -> Node:
    """The tree of ``text``. Raises ``Unfit`` with a sentence for what is not understood."""
    if len(text) > MAX_PATTERN:
        raise Unfit(f"匹配模式超过 {MAX_PATTERN} 个字符，请缩短")
    reader = _Reader(text)
    node = reader.alternatives(0)
    if reader.place < len(text):
        raise Unfit("匹配模式里的“)”没有对应的“(”")
    return node


class _Reader:
    """Recursive descent over one pattern."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0

    def _peek(self) -> str:
        return self.text[self.place : self.place + 1]

    def _take(self) -> str:
        character = self._peek()
        if not character:
            raise Unfit("匹配模式没有写完")
        self.place += 1
        return character

    def alternatives(self, depth: int) -> Node:
        """``a|b|c`` up to the closing bracket or the end."""
        if depth > MAX_GROUPS:
            raise Unfit(f"匹配模式里的括号嵌套超过 {MAX_GROUPS} 层")
        branches = [self._sequel(depth)]
        while self._peek() == "|":
            self._take()
            branches.append(self._sequel(depth))
        return branches[0] if len(branches) == 1 else Alternatives(tuple(branches))

    def _sequel(self, depth: int) -> Node:
        parts: list[Node] = []
        while self._peek() not in {"", "|", ")"}:
            parts.append(self._repeated(depth))
        return Sequel(tuple(parts))

    def _repeated(self, depth: int) -> Node:
        part = self._atom(depth)
        bounds = self._bounds()
        if bounds is None:
            return part
        if isinstance(part, Anchor) or self._bounds() is not None:
            raise Unfit("匹配模式里的重复符号（* + ? { }）前面要有内容，也不能连用")
        return Repeat(part, *bounds)

    def _bounds(self) -> tuple[int, int | None] | None:
        sign = self._peek()
        if sign in _SIMPLE:
            self._take()
            return _SIMPLE[sign]
        if sign != "{":
            return None
        found = _BOUNDS.match(self.text, self.place)
        if not found:
            raise Unfit("匹配模式里的次数应写成 {3} 或 {2,5}；普通的花括号请写 \\\\{")
        self.place = found.end()
        least = int(found[1])
        most = least if not found[2] else int(found[3]) if found[3] else None
        if max(least, most or 0) > MAX_REPEAT or (most is not None and most < least):
            raise Unfit(f"匹配模式里的次数应从小到大，且不超过 {MAX_REPEAT}")
        return least, most

    def _atom(self, depth: int) -> Node:
        character = self._take()
        if character == "(":
            return self._group(depth)
        if character == "[":
            return Single(self._character_class())
        if character == ".":
            return Single(lambda found: found != "\n")
        if character in _ANCHORS:
            return _ANCHORS[character]
        if character in {"*", "+", "?", "{"}:
            raise Unfit("匹配模式里的重复符号（* + ? { }）前面要有内容")
        return Single(self._escape() if character == "\\" else _exactly(character))

    def _group(self, depth: int) -> Node:
        if self._peek() == "?":
            raise Unfit("匹配模式不支持以“(?”开头的写法")
        node = self.alternatives(depth + 1)
        if self._peek() != ")":
            raise Unfit("匹配模式里的“(”没有对应的“)”")
        self._take()
        return node

    def _escape(self) -> Accept:
        character = self._take()
        if character in _CLASSES:
            return _CLASSES[character]
        if character.lower() in _CLASSES:
            opposite = _CLASSES[character.lower()]
            return lambda found: not opposite(found)
        return _exactly(self._escaped(character))

    def _escaped(self, character: str) -> str:
        if character in _PLAIN_ESCAPES:
            return _PLAIN_ESCAPES[character]
        if character.isalnum():
            raise Unfit(f"匹配模式里不认识“\\{character}”，可用的有 \\d \\w \\s 和加在符号前的反斜杠")
        return character

    def _character_class(self) -> Accept:
        negated = self._peek() == "^"
        if negated:
            self._take()
        accepts: list[Accept] = []
        while self._peek() != "]" or not accepts:
            accepts.append(self._class_member())
        self._take()
        return lambda found: any(accept(found) for accept in accepts) != negated

    def _class_member(self) -> Accept:
        character = self._take()
        if character == "\\":
            following = self._take()
            if following.lower() in _CLASSES:
                self.place -= 1
                return self._escape()
            character = self._escaped(following)
        if self._peek() != "-" or self.text[self.place + 1 : self.place + 2] in {"", "]"}:
            return _exactly(character)
        self._take()
        last = self._take()
        if last == "\\":
            last = self._escaped(self._take())
        if last < character:
            raise Unfit("匹配模式方括号里的范围应从小到大，例如 [a-z]")
        return lambda found: character <= found <= last


def _exactly(character: str) -> Accept:
    return lambda found: found == character
