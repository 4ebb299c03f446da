"""What is wrong with a text, in a sentence that says what to write instead."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from kaohe_flow.kernel.feel.builder import column_of

_CHARACTERS: Final[Mapping[str, str]] = {
    "'": '文字请用英文双引号 "…" 括起来',
    "%": "求余数请写 modulo(a, b)；百分数请写成小数",
    "^": "乘方请写 a ** b",
    "&": "“并且”请写 and",
    "|": "“或者”请写 or",
    ";": "这里不能用分号，一个地方只写一个表达式",
    "\\": "反斜杠只能用在双引号里面",
    "@": '日期请写 date("2025-06-30")',
    ":": "这里不能用冒号；冒号只用在 { } 里的键后面",
    "~": "“非”请写 not(…)",
    "$": "变量直接写名称，不需要 ${ }",
    "#": "变量直接写名称，不需要 #{ }；这里也不能写注释",
}
_IN_BRACKETS: Final = "“{word}”开头的部分用在运算里时要加括号"
_UNFINISHED: Final = "“{word}”这里多了，或它前面没有写完"
_TOKENS: Final[Mapping[str, str]] = {
    "IF": _IN_BRACKETS,
    "FOR": _IN_BRACKETS,
    "SOME": _IN_BRACKETS,
    "EVERY": _IN_BRACKETS,
    "NOT": "“非”请写 not(…)，并用 and / or 与其他条件连接",
    "NAME": "“{word}”前面少了运算符；名称中间不能有空格，文字要加双引号",
    "COMPARE": "“{word}”不能连着用；比较两次请用 and 连接，范围请写 x in [1..5]",
    "POWER": "乘方与负号、乘方与乘方连用时请加括号",
    "RPAR": _UNFINISHED,
    "RSQB": _UNFINISHED,
    "RBRACE": _UNFINISHED,
}
_QUOTES: Final = frozenset("“”\u2018\u2019「」`")


def syntax(wrong: UnexpectedInput, text: str) -> tuple[str, int]:
    """The sentence and the column for what the parser stumbled over."""
    if isinstance(wrong, UnexpectedCharacters):
        place = wrong.pos_in_stream or 0
        return _character(text[place]), place + 1
    if isinstance(wrong, UnexpectedToken) and wrong.token.type != "$END":
        return _token(wrong.token), column_of(wrong.token)
    return "表达式没有写完，请补全（检查括号、then、else 等是否齐全）", len(text)


def _character(character: str) -> str:
    if character in _CHARACTERS:
        return _CHARACTERS[character]
    if character in _QUOTES:
        return '引号请用英文半角的 "…"'
    if character == '"':
        return '文字没有以双引号结束，或里面有换行、看不见的字符；双引号和反斜杠请写 \\" 与 \\\\'
    half = unicodedata.normalize("NFKC", character)
    if half != character and half.isascii() and half.strip():
        return f"“{character}”是全角字符，请改用半角“{half}”"
    if not character.isprintable() or character.isspace():
        return f"这里有看不见的字符 U+{ord(character):04X}，请删除后重新键入"
    if character.isascii() and character.isprintable():
        return f"这里不能出现“{character}”，请检查前后是否漏写或多写"
    return f"不认识字符“{character}”（U+{ord(character):04X}），名称只能用中文、英文字母、数字和下划线"


def _token(token: Token) -> str:
    word = str(token)
    if word in _CHARACTERS:
        return _CHARACTERS[word]
    sentence = _TOKENS.get(token.type, "这里不应出现“{word}”，请检查前后是否漏写或多写")
    return sentence.format(word=word)
