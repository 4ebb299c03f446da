"""Calls. A function is named in the text and known when the text is read; a value is never called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from inspect import signature
from typing import Final

from kaohe_flow.kernel.feel import limits
from kaohe_flow.kernel.feel.builder import (
    Builder,
    Node,
    Part,
    Rule,
    children,
    column_of,
    guarded,
    tokens,
    value_of,
)
from kaohe_flow.kernel.feel.builtins import BUILTINS, IS_DEFINED, MATCHES, SPECIAL
from kaohe_flow.kernel.feel.errors import Absent, FeelError, Unfit
from kaohe_flow.kernel.feel.frame import Code, Frame
from kaohe_flow.kernel.feel.pattern import compile_pattern
from kaohe_flow.kernel.feel.signature import Function
from kaohe_flow.kernel.feel.values import Inner, admit, title

_MATCHES_ARITY: Final = 2
_CLOCK: Final = frozenset({"now", "today"})


def call(builder: Builder, node: Node) -> Part:
    """``name(a, b)``: a function of the language or one the host has offered."""
    token = tokens(node)[0]
    name, column = " ".join(token.value.split()), column_of(token)
    if name == IS_DEFINED:
        return _is_defined(builder, node, column)
    if name == MATCHES:
        return _matches(builder, node, column)
    if name in BUILTINS:
        return _builtin(builder, node, BUILTINS[name], column)
    if name in builder.functions:
        return _host(builder, node, name, column)
    raise FeelError(_unknown(name, builder.functions), column)


def _unknown(name: str, offered: frozenset[str]) -> str:
    if name in _CLOCK:
        return "这里不提供当前时间，请使用流程给出的日期变量或函数"
    near = get_close_matches(name, [*BUILTINS, *SPECIAL, *offered], n=1)
    hint = f"是否想写 {near[0]}()？" if near else "可用的函数见《表达式手册》"
    return f"没有名为“{name}”的函数，{hint}"


def _builtin(builder: Builder, node: Node, function: Function, column: int) -> Part:
    parts = [builder.build(child) for child in children(node)]
    if not function.accepts(len(parts)):
        raise FeelError(f"{function.name}() 需要 {function.arity()}参数，这里写了 {len(parts)} 个", column)
    runs = [part.run for part in parts]

    def run(frame: Frame) -> Inner:
        return function.call(frame, [code(frame) for code in runs])

    constant = all(part.constant for part in parts)
    return Part(guarded(column, run), _cost(parts), column, function.condition, constant)


def _cost(parts: list[Part]) -> int:
    return 1 + sum(part.cost for part in parts)


def _host(builder: Builder, node: Node, name: str, column: int) -> Part:
    """Failures of the host's function pass through unchanged; its result is admitted like a variable."""
    parts = [builder.build(child) for child in children(node)]
    runs = [part.run for part in parts]

    def run(frame: Frame) -> Inner:
        implementation = frame.functions.get(name)
        if implementation is None:
            raise FeelError(f"函数 {name}() 在这里不能使用", column)
        frame.spend(limits.HOST_CALL_STEPS)
        arguments = [code(frame) for code in runs]
        if not _takes(implementation, arguments):
            raise FeelError(f"函数 {name}() 的参数个数不对，这里写了 {len(arguments)} 个", column)
        result = implementation(*arguments)
        try:
            return admit(result)
        except Unfit as misfit:
            raise FeelError(f"函数 {name}() 的结果：{misfit}", column) from misfit

    return Part(guarded(column, run), _cost(parts), column)


def _takes(implementation: Callable[..., object], arguments: list[Inner]) -> bool:
    """Asked before the call, so that a TypeError inside the host's function is not taken for this mistake."""
    try:
        signature(implementation).bind(*arguments)
    except TypeError:
        return False
    return True


def _matches(builder: Builder, node: Node, column: int) -> Part:
    """``matches(text, "pattern")``. The pattern is a literal, so that it is refused when it is deployed."""
    parts = [builder.build(child) for child in children(node)]
    wanted = value_of(parts[-1]) if len(parts) == _MATCHES_ARITY and parts[-1].constant else None
    if not isinstance(wanted, str):
        raise FeelError('matches() 写成 matches(文字, "模式")，模式要用双引号直接写出', column)
    try:
        pattern = compile_pattern(wanted)
    except Unfit as misfit:
        raise FeelError(str(misfit), parts[-1].column) from misfit
    code = parts[0].run

    def run(frame: Frame) -> Inner:
        text = code(frame)
        if text is None:
            return None
        if not isinstance(text, str):
            raise Unfit(f"matches() 的第 1 个参数应为文字，得到的是{title(text)}")
        return pattern.found_in(text, frame.spend)

    return Part(guarded(column, run), _cost(parts), column, condition=True)


def _is_defined(builder: Builder, node: Node, column: int) -> Part:
    """``is defined(a)``, ``is defined(a.b)``: whether it is there at all; a null that is there counts."""
    arguments = children(node)
    if len(arguments) != 1 or arguments[0].data not in {"name", "path"}:
        raise FeelError("is defined() 的括号里只写一个变量名或路径，例如 is defined(case.line)", column)
    part = _presence(builder, arguments[0])
    return Part(part.run, part.cost + 1, column, condition=True)


def _presence(builder: Builder, node: Node) -> Part:
    """Whether the variable, or the entry at the end of the path, is there."""
    if node.data == "name":
        part = builder.build(node)
        return Part(_is_there(part.run, lambda value: True), part.cost, part.column)
    owner = builder.build(children(node)[0])
    key = tokens(node)[0].value
    is_entry = _is_there(owner.run, lambda value: isinstance(value, dict) and key in value)
    return Part(is_entry, owner.cost, owner.column)


def _is_there(code: Code, accept: Callable[[Inner], bool]) -> Code:
    def run(frame: Frame) -> Inner:
        try:
            return accept(code(frame))
        except Absent:
            return False

    return run


RULES: Final[Mapping[str, Rule]] = {"call": call}
