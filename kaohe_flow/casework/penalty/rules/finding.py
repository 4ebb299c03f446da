"""What a finding must say and who may enter it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from kaohe_flow.kernel.chain import Plain
from kaohe_flow.kernel.errors import InvalidInput, NotAllowed, Problem
from kaohe_flow.kernel.points import to_milli
from kaohe_flow.organization.role.rules import Role
from kaohe_flow.organization.unit.rules import Titled
from kaohe_flow.scheme.definition.amount.rules import Discretion
from kaohe_flow.scheme.definition.item.rules import Item
from kaohe_flow.scheme.definition.method.rules import Judged, Method, Option, Progressive, Tariff
from kaohe_flow.scheme.indicator.rules import Module

BASIS_LENGTH: Final = range(4, 501)
DESCRIPTION_LENGTH: Final = range(10, 2001)
MAX_FIGURE: Final = Decimal(100_000)
BY_TARIFF: Final = (Tariff, Judged, Progressive)


class PenaltyState(Titled):
    """Where a penalty is."""

    NOTIFIED = "notified", "待答复"
    DECIDING = "deciding", "待决定"
    IMPOSED = "imposed", "已扣分"
    DISMISSED = "dismissed", "不予扣分"


class Figure(StrEnum):
    """Figures a tariff may ask of whoever enters the finding, by their key in the facts format."""

    OPTION = "option"
    COUNT = "count"
    VALUE = "value"
    TARGET = "target"
    POINTS = "points"


FIGURE_TITLES: Final = {
    Figure.OPTION: "情形",
    Figure.COUNT: "次数",
    Figure.VALUE: "实际数",
    Figure.TARGET: "控制数",
    Figure.POINTS: "拟扣分值",
}


class AccusationRefused(InvalidInput):
    """The finding cannot be entered as it stands; every fault is named with its field."""

    code = "accusation-refused"
    message = "认定内容还不完整，请按提示修改"


class NotYoursToFind(NotAllowed):
    """The indicator or the officer lies outside what the person may find."""

    code = "not-yours-to-find"
    message = "您不能就这一项目对该民警提出扣分认定：须在本人职责和管辖范围内，且不能针对本人"


@dataclass(frozen=True, slots=True)
class Figures:
    """What the tariff reads; None is what it does not ask for. ``points`` are unsigned."""

    option: str | None = None
    count: Decimal | None = None
    value: Decimal | None = None
    target: Decimal | None = None
    points: Decimal | None = None

    def of(self, figure: Figure) -> Decimal | str | None:
        """The figure of that name."""
        found: Decimal | str | None = getattr(self, figure.value)
        return found


@dataclass(frozen=True, slots=True)
class Accusation:
    """What somebody found: whom it concerns, under which indicator, when it happened and came to light."""

    officer_id: int
    indicator_version_id: int
    happened_on: date | None
    found_on: date | None
    basis: str
    description: str
    figures: Figures = field(default_factory=Figures)

    def canonical(self) -> dict[str, Plain]:
        """The finding as it is served and hashed: figures in thousandths, days as text."""
        numbers = {name: self.figures.of(name) for name in Figure if name is not Figure.OPTION}
        return {
            "officer": self.officer_id,
            "indicator_version": self.indicator_version_id,
            "happened_on": str(self.happened_on),
            "found_on": str(self.found_on),
            "basis": self.basis,
            "description": self.description,
            "option": self.figures.option,
            **{
                name.value: to_milli(value) if isinstance(value, Decimal) else None
                for name, value in numbers.items()
            },
        }


@dataclass(frozen=True, slots=True)
class Mandate:
    """A competence to find: the role, the units it covers, for line reviewers their line."""

    role: Role
    unit_ids: frozenset[int]
    line: str | None = None

    def covers(self, line_code: str, module: Module) -> bool:
        """Administrators of a unit find attendance only, line reviewers what their line owns."""
        match self.role:
            case Role.INSPECTION | Role.DISCIPLINE | Role.OFFICE:
                return True
            case Role.LINE_REVIEWER:
                return self.line == line_code
            case Role.UNIT_ADMIN:
                return module is Module.ATTENDANCE
            case _:
                return False


FINDERS: Final = frozenset(
    {Role.INSPECTION, Role.DISCIPLINE, Role.OFFICE, Role.LINE_REVIEWER, Role.UNIT_ADMIN}
)


def may_find(mandates: Iterable[Mandate], unit_ids: Iterable[int], line_code: str, module: Module) -> bool:
    """Whether one of the competences covers both the indicator and one of the officer's units."""
    units = frozenset(unit_ids)
    return any(one.unit_ids & units and one.covers(line_code, module) for one in mandates)


def asked_figures(method: Method) -> tuple[Figure, ...]:
    """Which figures a penalty asks of whoever enters it."""
    match method:
        case Tariff():
            prices = [method.points, *(_price(option) for option in method.options.values())]
            asked = [Figure.OPTION] if method.options else []
            asked.append(Figure.COUNT)
            if any(isinstance(price, Discretion) for price in prices):
                asked.append(Figure.POINTS)
            return tuple(asked)
        case Progressive():
            return (Figure.VALUE, Figure.TARGET) if method.control is None else (Figure.VALUE,)
        case _:
            return (Figure.POINTS,)


def rule_options(item: Item) -> list[tuple[str, str]]:
    """The named cases of a tariff, as a form offers them."""
    options = item.method.options if isinstance(item.method, Tariff) else {}
    return [(key, getattr(option, "name", "") or key) for key, option in options.items()]


def needed(method: Method, figures: Figures) -> tuple[Figure, ...]:
    """The figures without which the rule gives no points, for the case that was chosen."""
    asked = asked_figures(method)
    if not isinstance(method, Tariff):
        return asked
    chosen = method.options.get(figures.option or "")
    price = method.points if chosen is None else _price(chosen)
    optional = {Figure.POINTS} if not isinstance(price, Discretion) else set()
    if method.points is not None:
        optional.add(Figure.OPTION)
    return tuple(figure for figure in asked if figure not in optional)


def _price(option: object) -> object:
    return option.points if isinstance(option, Option) else option


def check_accusation(accusation: Accusation, item: Item, *, today: date, files: int) -> None:
    """Everything a notice must carry. Raises ``AccusationRefused`` with all faults."""
    problems = [
        *text_wrong("basis", "依据", accusation.basis, BASIS_LENGTH),
        *text_wrong("description", "事实经过", accusation.description, DESCRIPTION_LENGTH),
        *_days_wrong(accusation.happened_on, accusation.found_on, today),
        *_figures_wrong(accusation.figures, item),
    ]
    if not files:
        problems.append(Problem("files", "请至少上传一份证明材料"))
    if problems:
        raise AccusationRefused(problems=tuple(problems))


def text_wrong(name: str, title: str, text: str, length: range) -> list[Problem]:
    """The fault of a text that is too short or too long, as a list of none or one."""
    if len(text.strip()) < length.start:
        return [Problem(name, f"请写明{title}，至少 {length.start} 个字")]
    if len(text.strip()) >= length.stop:
        return [Problem(name, f"{title}最多 {length.stop - 1} 个字")]
    return []


def _days_wrong(happened_on: date | None, found_on: date | None, today: date) -> list[Problem]:
    if happened_on is None:
        return [Problem("happened_on", "请填写事发日期")]
    if happened_on > today:
        return [Problem("happened_on", "事发日期不能晚于今天")]
    if found_on is not None and not happened_on <= found_on <= today:
        return [Problem("found_on", "发现日期须在事发日期与今天之间")]
    return []


def _figures_wrong(figures: Figures, item: Item) -> list[Problem]:
    problems = []
    options = dict(rule_options(item))
    if figures.option and figures.option not in options:
        problems.append(
            Problem("option", f"情形须为其中之一：{'、'.join(options.values()) or '（本项不分情形）'}")
        )
    problems += [
        Problem(figure.value, f"请填写{FIGURE_TITLES[figure]}")
        for figure in needed(item.method, figures)
        if figures.of(figure) in {None, ""}
    ]
    for figure in (Figure.COUNT, Figure.VALUE, Figure.TARGET, Figure.POINTS):
        value = figures.of(figure)
        if isinstance(value, Decimal) and not 0 < value <= MAX_FIGURE:
            text = f"{FIGURE_TITLES[figure]}须大于 0，不超过 {MAX_FIGURE}；扣分不用写负号"
            problems.append(Problem(figure.value, text))
    return problems
