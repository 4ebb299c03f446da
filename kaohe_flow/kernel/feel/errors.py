"""What can go wrong with an expression: while it is read, and while it is worked out."""

from __future__ import annotations

from kaohe_flow.kernel.errors import InvalidInput


class FeelError(InvalidInput):
    """The expression cannot be read, or gives no answer for these values, or is beyond its bounds.

    ``text`` is the Chinese sentence that says what to do, ``column`` the place (first character is 1,
    counted over the whole text, line breaks included), ``source`` the expression as it was written.
    """

    code = "expression"
    message = "表达式第 {column} 个字符：{text}"

    def __init__(self, text: str, column: int, *, source: str = "") -> None:
        super().__init__(text=text, column=column)
        self.text = text
        self.column = column
        self.source = source


class Absent(FeelError):
    """A variable or an entry of a context is not there; ``is defined`` asks for exactly this."""


class Unfit(Exception):
    """An operation refused its operands. Never leaves the package: it becomes a FeelError with a column."""
