"""Bounds of the language. Diagrams are written by people with few rights and evaluated for everybody."""

from __future__ import annotations

from typing import Final

MAX_SOURCE: Final = 2_000  # characters of one expression
MAX_NODES: Final = 300  # nodes of its syntax tree
MAX_DEPTH: Final = 30  # nesting of the syntax tree, brackets included
MAX_LIST: Final = 10_000  # elements of one list, entries of one context
MAX_TEXT: Final = 10_000  # characters of one string
MAX_ELEMENTS: Final = 100_000  # elements of one incoming variable, all levels together
MAX_VALUE_DEPTH: Final = 30  # nesting of an incoming variable
MAX_RESULT: Final = 20_000  # elements of a result, all levels together; 64 characters count as one more
MAX_STEPS: Final = 50_000  # work of one evaluation; one node evaluated once is one step
MAX_DIGITS: Final = 34  # significant digits, as in decimal128
MAX_EXPONENT: Final = 99  # numbers stay below 1E+100, powers at or below ** 99
MAX_SCALE: Final = 20  # places of decimal(n, scale) and its kin
MAX_DURATION_DAYS: Final = 366_000
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2999
CHARACTERS_PER_STEP: Final = 64  # building or scanning this much text is one step
HOST_CALL_STEPS: Final = 100  # a function of the host may be slow: at most some hundred calls
