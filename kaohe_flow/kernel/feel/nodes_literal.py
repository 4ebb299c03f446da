"""Literals, names, lists, contexts, paths and filters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from lark import Token

from kaohe_flow.kernel.feel import limits, values
from kaohe_flow.kernel.feel.arithmetic import NUMBERS
from kaohe_flow.kernel.feel.builder import (
    Binding,
    Builder,
    Filtered,
    Node,
    Part,
    Rule,
    children,
    column_of,
    guarded,
    tokens,
)
from kaohe_flow.kernel.feel.errors import Absent, FeelError
from kaohe_flow.kernel.feel.frame import Code, Frame
from kaohe_flow.kernel.feel.values import Inner

RESERVED: Final = frozenset(
    {
        "if", "then", "else", "for", "return", "some", "every", "satisfies", "in", "between",
        "instance", "of", "not", "and", "or", "true", "false", "null",
    }
)  # fmt: skip
_ESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPES: Final[Mapping[str, str]] = {'"': '"', "\\": "\\", "n": "\n", "t": "\t", "r": "\r"}
_SURROGATES: Final = range(0xD800, 0xE000)


def _constant(value: Inner, node: Node, *, condition: bool = False) -> Part:
    return Part(lambda frame: value, 1, column_of(node), condition, constant=True)


def number(builder: Builder, node: Node) -> Part:
    """A decimal literal; it must fit whole, it is never rounded."""
    text = tokens(node)[0].value
    significant = text.replace(".", "").lstrip("0")
    if len(significant) > limits.MAX_DIGITS or len(text) > limits.MAX_EXPONENT:
        raise FeelError(f"数字超过 {limits.MAX_DIGITS} 位", column_of(node))
    return _constant(NUMBERS.create_decimal(text), node)


def unquote(token: Token) -> str:
    """The text a string literal stands for."""

    def replace(found: re.Match[str]) -> str:
        code = found[1]
        if code in _ESCAPES:
            return _ESCAPES[code]
        point = int(code[1:], 16) if len(code) > 1 else -1
        if point < 0 or point in _SURROGATES:
            raise FeelError(
                f'文字里不认识“\\{code}”，可用的有 \\" \\\\ \\n \\t \\r \\uXXXX',
                column_of(token) + 1 + found.start(),
            )
        return chr(point)

    return _ESCAPE.sub(replace, token.value[1:-1])


def text(builder: Builder, node: Node) -> Part:
    """A string literal."""
    return _constant(unquote(tokens(node)[0]), node)


def constant(builder: Builder, node: Node) -> Part:
    """true, false, null."""
    value = {"TRUE": True, "FALSE": False, "NULL": None}[tokens(node)[0].type]
    return _constant(value, node)


def name(builder: Builder, node: Node) -> Part:
    """A variable: of a loop, of a filtered element, or of the context."""
    token = tokens(node)[0]
    column = column_of(token)
    refuse_reserved(token)
    candidates: list[int] = []
    for known in reversed(builder.scope):
        if isinstance(known, Filtered):
            candidates.append(known.slot)
        elif known.name == token.value:
            return Part(_entry_or(candidates, token.value, _local(known.slot)), 1, column)
    if not candidates:
        builder.names.add(token.value)
    return Part(_entry_or(candidates, token.value, _variable(token.value, column)), 1, column)


def refuse_reserved(token: Token) -> None:
    """A keyword, or a name of Python's inner world, is not a variable."""
    if token.value in RESERVED:
        raise FeelError(f"“{token.value}”是保留字，不能用作名称", column_of(token))
    if token.value.startswith("__"):
        raise FeelError("名称不能以两个下划线开头", column_of(token))


def _variable(wanted: str, column: int) -> Code:
    def run(frame: Frame) -> Inner:
        try:
            return frame.known[wanted]
        except KeyError:
            return frame.fetch(wanted, column)

    return run


def _local(slot: int) -> Code:
    return lambda frame: frame.slots[slot]


def _entry_or(slots: list[int], wanted: str, outer: Code) -> Code:
    """The entry ``wanted`` of the nearest filtered element that has it, else what ``outer`` gives."""
    if not slots:
        return outer

    def run(frame: Frame) -> Inner:
        for slot in slots:
            element = frame.slots[slot]
            if isinstance(element, dict) and wanted in element:
                return element[wanted]
        return outer(frame)

    return run


def brackets(builder: Builder, node: Node) -> Part:
    """``(x)`` is ``x``; a node of its own only so that nesting is counted."""
    return builder.build(children(node)[0])


def list_literal(builder: Builder, node: Node) -> Part:
    """``[1, 2, 3]``."""
    parts = [builder.build(child) for child in children(node)]
    runs = [part.run for part in parts]

    def run(frame: Frame) -> Inner:
        return [code(frame) for code in runs]

    return Part(run, 1 + sum(part.cost for part in parts), column_of(node))


def context(builder: Builder, node: Node) -> Part:
    """``{a: 1, b: a + 1}``: an entry sees the entries before it."""
    keys: list[str] = []
    steps: list[tuple[str, int, Code]] = []
    cost = 1
    bound: list[Binding] = []
    for entry in children(node):
        token = tokens(entry)[0]
        key = unquote(token) if token.type == "STRING" else token.value
        if key in keys or key.startswith("__"):
            raise FeelError(f"对象的键“{key}”重复或不能使用", column_of(token))
        with builder.within(*bound):
            part = builder.build(children(entry)[0])
        bound.append(Binding(key, builder.new_slot()))
        keys.append(key)
        steps.append((key, bound[-1].slot, part.run))
        cost += part.cost

    def run(frame: Frame) -> Inner:
        made: dict[str, Inner] = {}
        for key, slot, code in steps:
            made[key] = frame.slots[slot] = code(frame)
        return made

    return Part(run, cost, column_of(node))


def path(builder: Builder, node: Node) -> Part:
    """``case.line``: an entry of a context, never an attribute; of a list of contexts, their entries."""
    owner = builder.build(children(node)[0])
    token = tokens(node)[0]
    key, column = token.value, column_of(token)
    if key.startswith("__"):
        raise FeelError("名称不能以两个下划线开头", column)
    code = owner.run

    def run(frame: Frame) -> Inner:
        value = code(frame)
        if type(value) is dict and key in value:
            return value[key]
        if isinstance(value, list):
            frame.spend(len(value))
            return [_entry(element, key, column) for element in value]
        return _entry(value, key, column)

    return Part(guarded(column, run), owner.cost + 1, column)


def _entry(value: Inner, key: str, column: int) -> Inner:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise FeelError(f"“.{key}”前面是{values.title(value)}，只有对象才能用“.”取值", column)
    if key not in value:
        raise Absent(
            f"对象里没有“{key}”。如果它可能不存在，请用 get value() 或先用 is defined() 判断", column
        )
    return value[key]


RULES: Final[Mapping[str, Rule]] = {
    "number": number,
    "text": text,
    "constant": constant,
    "name": name,
    "brackets": brackets,
    "list": list_literal,
    "context": context,
    "path": path,
}
