"""The rules sheet (指标规则表) that an office uploads: one indicator per row, every fault of a row named."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeVar

from kaohe_flow.kernel.errors import InvalidInput, Problem
from kaohe_flow.kernel.sheet import read_table
from kaohe_flow.organization.unit.rules import Titled, tidy
from kaohe_flow.scheme.indicator.rules import (
    OWNERS_WITHOUT_LINE,
    Content,
    Kind,
    Mode,
    Module,
    Split,
    TargetKind,
    code_faults,
    content_faults,
    tidy_code,
)

MOST_ROWS: Final = 2_000
REQUIRED_HEADINGS: Final = ("指标编码", "指标名称", "模块", "记分方式", "分值")
OPTIONAL_HEADINGS: Final = (
    *("封顶", "指标类别", "记分规则", "规则参数", "同一事迹组", "计量口径", "计量单位", "计算公式"),
    *("数据来源", "佐证种类", "完成时限", "归口业务线", "考核对象", "适用层级", "适用范围", "分解方式"),
)
HEADINGS: Final = REQUIRED_HEADINGS + OPTIONAL_HEADINGS
HEADING_OF: Final = {
    "name": "指标名称",
    "mode": "记分方式",
    "base_points": "分值",
    "cap": "封顶",
    "floor": "封顶",
    "level": "适用层级",
    "rule": "规则参数",
}
SEPARATORS: Final = re.compile(r"[、,，;；/]")
RATE_UNITS: Final = frozenset({"%", "‰", "百分比"})
Word = TypeVar("Word", bound=Titled)


class SheetRefused(InvalidInput):
    """The rules sheet as a whole cannot be used."""

    code = "rules-sheet-refused"
    message = "指标规则表无法导入：{reason}"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as read; ``content`` is missing exactly when there are ``problems``."""

    number: int
    code: str
    content: Content | None
    problems: tuple[Problem, ...]


def read_rules_sheet(upload: bytes, filename: str, lines: Mapping[str, str]) -> tuple[SheetRow, ...]:
    """Rows of an xlsx or csv. ``lines`` gives the code of a business line by its name or code.

    Points of penalties may be written with or without the minus: they are deductions either way.
    Raises ``UnreadableTable`` or ``SheetRefused``; faults of single rows are returned.
    """
    table = read_table(upload, filename)
    lacking = table.missing(REQUIRED_HEADINGS)
    if lacking:
        raise SheetRefused(reason=f"缺少列 {'、'.join(lacking)}，请使用模板填写")
    unknown = [name for name in table.header if name not in HEADINGS]
    if unknown:
        raise SheetRefused(reason=f"不认识的列 {'、'.join(unknown)}，请使用模板填写")
    if len(table.rows) > MOST_ROWS:
        raise SheetRefused(reason=f"超过 {MOST_ROWS} 行，请分次导入")
    owners = {**lines, **{title: code for code, title in OWNERS_WITHOUT_LINE.items()}}
    rows = [_Reader(cells, owners).row(number) for number, cells in table.records()]
    return _without_repeats(rows)


def _without_repeats(rows: list[SheetRow]) -> tuple[SheetRow, ...]:
    first: dict[str, int] = {}
    out = []
    for row in rows:
        earlier = first.setdefault(row.code, row.number)
        if earlier != row.number:
            problem = Problem("指标编码", f"指标编码“{row.code}”与第 {earlier} 行重复")
            row = SheetRow(row.number, row.code, None, (*row.problems, problem))  # noqa: PLW2901
        out.append(row)
    return tuple(out)


def _json(text: str) -> object:
    """Decimals stay the text they are: a float has no place near a score. None if it is not JSON."""
    try:
        return json.loads(text, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None


class _Reader:
    """Reads the cells of one row and collects what is wrong with them."""

    def __init__(self, cells: Mapping[str, str], owners: Mapping[str, str]) -> None:
        self._cells = cells
        self._owners = owners
        self._problems: list[Problem] = []

    def row(self, number: int) -> SheetRow:
        """The row with all its faults."""
        code = tidy_code(self._text("指标编码"))
        self._problems += [Problem("指标编码", fault.text) for fault in code_faults(code)]
        content = self._content()
        if not self._problems:
            found = content_faults(content)
            self._problems += [Problem(HEADING_OF.get(each.where, each.where), each.text) for each in found]
        return SheetRow(number, code, None if self._problems else content, tuple(self._problems))

    def _content(self) -> Content:
        mode = self._word("记分方式", Mode, Mode.TASK)
        base, limit = self._points("分值") or Decimal(0), self._points("封顶")
        cap, floor = limit, None
        if mode is Mode.PENALTY:
            base, cap, floor = -abs(base), None, None if limit is None else -abs(limit)
        unit = self._text("计量单位")
        return Content(
            name=self._text("指标名称"),
            module=self._word("模块", Module, Module.BUSINESS),
            mode=mode,
            base_points=base,
            cap=cap,
            floor=floor,
            kind=self._word("指标类别", Kind, Kind.RESULT),
            rule_text=self._text("记分规则"),
            rule=self._rule(),
            group_code=self._text("同一事迹组") or None,
            measure=self._text("计量口径"),
            unit_of_measure=unit,
            formula=self._text("计算公式"),
            data_source=self._text("数据来源"),
            evidence_kinds=self._listed("佐证种类"),
            deadline_text=self._text("完成时限"),
            line_code=self._owner(),
            target_kind=self._word("考核对象", TargetKind, TargetKind.BOTH),
            level=self._level(),
            applies_to=self._listed("适用范围"),
            split=self._word("分解方式", Split, Split.SAME if unit in RATE_UNITS else Split.ADD_UP),
        )

    def _text(self, heading: str) -> str:
        return tidy(self._cells.get(heading, ""))

    def _listed(self, heading: str) -> tuple[str, ...]:
        words = (word.strip() for word in SEPARATORS.split(self._text(heading)))
        return tuple(dict.fromkeys(word for word in words if word))

    def _word(self, heading: str, words: type[Word], otherwise: Word) -> Word:
        """A word of a closed list, by its Chinese title or its identifier; empty takes ``otherwise``."""
        text = self._text(heading)
        known = {**{word.label: word for word in words}, **{word.value: word for word in words}}
        if not text and heading not in REQUIRED_HEADINGS:
            return otherwise
        if text.lower() not in known:
            self._fault(heading, f"“{text}”应为{'、'.join(word.label for word in words)}之一")
            return otherwise
        return known[text.lower()]

    def _points(self, heading: str) -> Decimal | None:
        text = self._text(heading).replace("−", "-").removesuffix("分")
        if not text:
            if heading in REQUIRED_HEADINGS:
                self._fault(heading, f"请填写{heading}")
            return None
        try:
            value = Decimal(text)
        except InvalidOperation:
            self._fault(heading, f"“{text}”不是数字")
            return None
        return value

    def _level(self) -> int | None:
        text = self._text("适用层级")
        if not text:
            return None
        if text not in {"1", "2", "3", "4", "5"}:
            self._fault("适用层级", f"“{text}”应为1至5的数字")
            return None
        return int(text)

    def _owner(self) -> str:
        text = self._text("归口业务线")
        if not text:
            return ""
        if text not in self._owners:
            self._fault("归口业务线", f"没有名为“{text}”的业务线")
        return self._owners.get(text, "")

    def _rule(self) -> Mapping[str, Any]:
        text = self._cells.get("规则参数", "").strip()
        if not text:
            return {}
        rule = _json(text)
        if not isinstance(rule, dict):
            self._fault("规则参数", '规则参数须为 JSON 对象，例如 {"tariff": 0.5}')
            return {}
        return rule

    def _fault(self, heading: str, text: str) -> None:
        self._problems.append(Problem(heading, text))
