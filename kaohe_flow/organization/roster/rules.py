"""How a row of the roster file is read, checked, and compared with what is on record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from kaohe_flow.kernel.errors import Problem
from kaohe_flow.organization.officer.rules import (
    STANDARD_IDENTITIES,
    NewOfficer,
    OfficerKind,
    coefficient_fits,
    officer_problems,
    quoted,
    tidy_name,
)
from kaohe_flow.organization.unit.rules import Span, Titled, tidy, tidy_code

COLUMNS: Final[Mapping[str, bool]] = {  # title → must be in the file and filled
    "警号": True,
    "姓名": True,
    "人员类别": True,
    "单位编码": True,
    "单位名称": False,
    "岗位": True,
    "任职起始日期": True,
    "岗位身份": False,
}
DATE_TEXT: Final = re.compile(r"(\d{4}) ?[-/.年] ?(\d{1,2}) ?[-/.月] ?(\d{1,2})日?(?: 0?0:00(?::00)?)?")
DATE_DIGITS: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
EXCEL_DAY: Final = re.compile(r"[0-9]{5}")
EXCEL_EPOCH: Final = date(1899, 12, 30)
EXCEL_DAYS: Final = range(18264, 73051)  # day numbers of 1950-01-01 to 2100-01-01
OLDEST: Final = date(1950, 1, 1)
AHEAD: Final = timedelta(days=366)
COEFFICIENT_TEXT: Final = re.compile(r"\d(\.\d{1,3})?")


class Fate(Titled):
    """What an import does with a row."""

    CREATED = "created", "新增"
    UPDATED = "updated", "更新"
    UNCHANGED = "unchanged", "未变化"
    REJECTED = "rejected", "退回"


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One filled row: its number in the file (the first line is 1) and its cells by column title."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit as far as rows are checked against it."""

    id: int
    name: str
    short_name: str
    span: Span


@dataclass(frozen=True, slots=True)
class KnownOfficer:
    """An officer on record. ``since`` and the unit are those of the open main membership, if any;
    ``earlier`` is the last day of the main membership before it; ``identities`` are the open ones."""

    id: int
    new: NewOfficer
    serving: bool
    unit_id: int | None
    unit_name: str
    since: date | None
    earlier: date | None
    identities: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Register:
    """What is known before the file is read. ``within``: units in reach of whoever imports, None = all."""

    units: Mapping[str, KnownUnit]
    today: date
    within: frozenset[int] | None = None

    def reaches(self, unit_id: int) -> bool:
        """Whether the importer may put officers into this unit or take them out of it."""
        return self.within is None or unit_id in self.within


@dataclass(frozen=True, slots=True)
class Entry:
    """A row without a fault of its own. ``identities`` None: the cell is empty, leave them as they are."""

    new: NewOfficer
    unit_id: int
    unit_name: str
    since: date
    identities: Mapping[str, Decimal] | None


@dataclass(frozen=True, slots=True)
class RosterLine:
    """What becomes of one row; ``remarks`` are its changes or its faults, as sentences."""

    number: int
    police_no: str
    name: str
    fate: Fate
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterReport:
    """All rows with their fates. ``ignored``: titles of columns that nobody reads."""

    lines: tuple[RosterLine, ...]
    ignored: tuple[str, ...] = ()

    def with_fate(self, fate: Fate) -> tuple[RosterLine, ...]:
        """The rows of one fate, in the order of the file."""
        return tuple(line for line in self.lines if line.fate is fate)

    def count(self, fate: Fate) -> int:
        """How many rows met this fate."""
        return sum(line.fate is fate for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of a row as tidied text; every fault met on the way is kept."""

    row: RosterRow
    faults: list[Problem] = field(default_factory=list)

    def blame(self, column: str, text: str) -> None:
        if all(fault.where != column for fault in self.faults):
            self.faults.append(Problem(column, text))

    def text(self, column: str) -> str:
        text = tidy(self.row.cells.get(column, ""))
        if text.startswith("="):
            self.blame(column, f"{column}含有公式，请改为粘贴数值")
        elif not text and COLUMNS[column]:
            self.blame(column, f"{column}没有填写")
        return text


def check_row(row: RosterRow, register: Register) -> Entry | tuple[Problem, ...]:
    """The row as an entry, or its faults in the order of the columns, at most one for a column."""
    cells = _Cells(row)
    police_no, name = tidy_code(cells.text("警号")), tidy_name(cells.text("姓名"))
    new = NewOfficer(police_no, name, _kind(cells), cells.text("岗位"))
    unit, since = _unit(cells, register), _since(cells, register.today)
    identities = _identities(cells)
    for problem in officer_problems(new):
        cells.blame(problem.where, problem.text)
    if unit is not None and since is not None and not unit.span.covers(since):
        cells.blame("单位编码", f"单位“{unit.name}”在 {since} 不存在（尚未设立或已撤销）")
    if unit is not None and unit.span.last is not None:
        cells.blame("单位编码", f"单位“{unit.name}”定于 {unit.span.last} 撤销，不能再录入或调入民警")
    if cells.faults or unit is None or since is None:
        order = list(COLUMNS)
        return tuple(sorted(cells.faults, key=lambda fault: order.index(fault.where)))
    return Entry(new, unit.id, unit.name, since, identities)


def _kind(cells: _Cells) -> OfficerKind:
    word = cells.text("人员类别")
    for kind in OfficerKind:
        if word == kind.label:
            return kind
    cells.blame("人员类别", f"人员类别“{quoted(word)}”应填“民警”或“辅警”")
    return OfficerKind.OFFICER


def _unit(cells: _Cells, register: Register) -> KnownUnit | None:
    code, name = tidy_code(cells.text("单位编码")), cells.text("单位名称")
    unit = register.units.get(code)
    if unit is None:
        cells.blame("单位编码", f"没有编码为“{quoted(code)}”的单位，请核对机构表")
        return None
    if name not in {"", tidy(unit.name), tidy(unit.short_name)}:
        text = f"单位编码 {code} 对应“{unit.name}”，与所填“{quoted(name)}”不一致"
        cells.blame("单位名称", text)
    if not register.reaches(unit.id):
        cells.blame("单位编码", f"单位“{unit.name}”不在您的管理范围内")
    return unit


def _since(cells: _Cells, today: date) -> date | None:
    column = "任职起始日期"
    text = cells.text(column)
    day = read_day(text)
    if day is None:
        cells.blame(column, f"任职起始日期“{quoted(text)}”应写作 2025-03-01 这样的日期")
    elif not OLDEST <= day <= today + AHEAD:
        cells.blame(column, f"任职起始日期“{quoted(text)}”早于 1950 年或晚于今天一年以上")
    return day


def read_day(text: str) -> date | None:
    """A day out of ``2025-03-01``, ``2025年3月1日``, ``20250301`` or an Excel day number; else None."""
    if EXCEL_DAY.fullmatch(text) and int(text) in EXCEL_DAYS:
        return EXCEL_EPOCH + timedelta(days=int(text))
    found = DATE_TEXT.fullmatch(text) or DATE_DIGITS.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _identities(cells: _Cells) -> Mapping[str, Decimal] | None:
    read: dict[str, Decimal] = {}
    text = re.sub(r" ?= ?", "=", cells.text("岗位身份"))
    for word in filter(None, re.split(r"[、,;/\s]+", text)):
        name, _, factor = word.partition("=")
        value = _factor(factor) if factor else STANDARD_IDENTITIES.get(name)
        if value is None or not name:
            known = "、".join(STANDARD_IDENTITIES)
            reason = f"不认识，可填 {known}，或写成“名称=系数”（系数 0.5 至 2）"
            cells.blame("岗位身份", f"岗位身份“{quoted(word)}”{reason}")
        else:
            read[name] = value
    return read or None


def _factor(text: str) -> Decimal | None:
    value = Decimal(text) if COEFFICIENT_TEXT.fullmatch(text) else None
    return value if value is not None and coefficient_fits(value) else None


def obstacles(entry: Entry, known: KnownOfficer, register: Register) -> Sequence[str]:
    """Why a faultless row still cannot be applied to the officer on record."""
    if not known.serving:
        return (f"警号 {known.new.police_no} 的“{known.new.name}”已办理离职，请先办理恢复任职",)
    if known.unit_id is not None and not register.reaches(known.unit_id):
        return (f"“{known.new.name}”现属“{known.unit_name}”，不在您的管理范围内",)
    if known.unit_id == entry.unit_id:
        overlapping = known.earlier is not None and entry.since <= known.earlier
    else:
        taken_up_to = known.since or known.earlier
        overlapping = taken_up_to is not None and entry.since <= taken_up_to
    if overlapping:
        return (f"任职起始日期 {entry.since} 与此前的任职时间重叠（现任职自 {known.since or '—'} 起）",)
    return ()


def differences(entry: Entry, known: KnownOfficer) -> tuple[str, ...]:
    """What the row would change, as sentences. A later start in the same unit changes nothing:
    the officer has been there all along, and the earlier days must keep their unit."""
    old, new = known.new, entry.new
    changes = []
    if new.name != old.name:
        changes.append(f"姓名：{old.name} → {new.name}")
    if new.kind is not old.kind:
        changes.append(f"人员类别：{old.kind.label} → {new.kind.label}")
    if new.post != old.post:
        changes.append(f"岗位：{old.post} → {new.post}")
    if known.unit_id != entry.unit_id:
        changes.append(f"单位：{known.unit_name or '无'} → {entry.unit_name}（自 {entry.since} 起）")
    elif known.since is not None and entry.since < known.since:
        changes.append(f"任职起始日期：{known.since} → {entry.since}")
    if entry.identities is not None and dict(entry.identities) != dict(known.identities):
        changes.append(f"岗位身份：{_words(known.identities)} → {_words(entry.identities)}")
    return tuple(changes)


def _words(identities: Mapping[str, Decimal]) -> str:
    return (
        "、".join(f"{name}（{factor.normalize():f}）" for name, factor in sorted(identities.items())) or "无"
    )
