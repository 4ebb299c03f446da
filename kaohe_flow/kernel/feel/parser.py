"""From text to syntax tree. The tables are built once, when the module is imported."""

from __future__ import annotations

from importlib.resources import files
from typing import Final, Literal, TypeAlias

from lark import Lark
from lark.exceptions import UnexpectedInput

from kaohe_flow.kernel.feel import explain, limits
from kaohe_flow.kernel.feel.builder import Node, column_of, tokens
from kaohe_flow.kernel.feel.errors import FeelError

Start: TypeAlias = Literal["start", "cell"]

_LARK: Final = Lark(
    (files("kaohe_flow.kernel.feel") / "grammar.lark").read_text("utf-8"),
    parser="lalr",
    lexer="contextual",
    start=["start", "cell"],
    propagate_positions=True,
    maybe_placeholders=False,
)
_WRAPPINGS: Final = ("${", "#{")
_HINTS: Final = {
    "==": "“==”已按“=”理解，建议写“=”",
    "&&": "“&&”已按“and”理解，建议写“and”",
    "||": "“||”已按“or”理解，建议写“or”",
    "!": "“!”已按 not() 理解，建议写 not(…)",
}


def parse(text: str, start: Start) -> Node:
    """The syntax tree of ``text``. Raises ``FeelError`` with the place and what to do."""
    if len(text) > limits.MAX_SOURCE:
        raise FeelError(f"表达式超过 {limits.MAX_SOURCE} 个字符，请拆成几个", limits.MAX_SOURCE + 1)
    if not text.strip():
        raise FeelError("表达式是空的，请填写", 1)
    try:
        return _LARK.parse(text, start=start)
    except UnexpectedInput as wrong:
        raise FeelError(*explain.syntax(wrong, text)) from wrong


def unwrap(text: str) -> tuple[str, tuple[str, ...]]:
    """``${a}``, ``#{a}`` and ``= a`` without their wrapping, and a hint. Columns stay as they are."""
    bare = text.strip(" \t\r\n")
    if bare[:2] in _WRAPPINGS and bare.endswith("}") and not any(mark in bare[2:] for mark in _WRAPPINGS):
        start, end = text.index(bare[:2]), text.rindex("}")
        inner = f"{text[:start]}  {text[start + 2 : end]} {text[end + 1 :]}"
        return inner, (f"“{bare[:2]}…}}”不需要写，已去掉",)
    if bare.startswith("=") and not bare.startswith("=="):
        place = text.index("=")
        return f"{text[:place]} {text[place + 1 :]}", ("开头的“=”已按表达式的标记理解，不参加计算",)
    return text, ()


def alias_hints(tree: Node) -> tuple[str, ...]:
    """A hint for every alias in the text, in the order of their places, each kind once."""
    found = sorted(
        (column_of(token), token.value)
        for node in tree.iter_subtrees()
        for token in tokens(node)
        if token.value in _HINTS
    )
    return tuple(dict.fromkeys(_HINTS[alias] for _, alias in found))
