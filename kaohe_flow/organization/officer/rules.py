"""What may be said of an officer: numbers and names, coefficients, presence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kaohe_flow.kernel.errors import Problem, RuleBroken
from kaohe_flow.organization.unit.rules import Titled, tidy


class UnitIsEnding(RuleBroken):
    """Nobody is posted for good to a unit whose end is set."""

    code = "unit-is-ending"
    message = "单位“{unit}”定于 {last} 撤销，不能再录入或调入民警"


class OfficerKind(Titled):
    """Auxiliaries are assessed apart."""

    OFFICER = "officer", "民警"
    AUXILIARY = "auxiliary", "辅警"


class OfficerState(Titled):
    """Whoever has left keeps the file and the scores, but is not ranked."""

    SERVING = "serving", "在职"
    LEFT = "left", "离职"


class MembershipKind(Titled):
    """The main unit assesses; the others report to it."""

    MAIN = "main", "任职"
    SECONDMENT = "secondment", "借调挂职"
    TEMPORARY = "temporary", "抽调"


class LeaveKind(Titled):
    """Why an officer is away; all of them can make a period 未考核."""

    SICK = "sick", "病假"
    MATERNITY = "maternity", "产假"
    INJURY = "injury", "因公负伤"
    STUDY = "study", "脱产学习"
    PERSONAL = "personal", "事假"
    OTHER = "other", "其他"


POLICE_NO: Final = re.compile(r"[A-Z]{0,4}[0-9]{4,12}")
NAME: Final = re.compile(r"[㐀-䶿一-鿿\U00020000-\U000323AF·A-Za-z .'-]{2,30}")
HAN_APART: Final = re.compile(r"(?<=[㐀-䶿一-鿿])\s+(?=[㐀-䶿一-鿿])")
DOTS: Final = str.maketrans(dict.fromkeys("•‧∙⋅・･•", "·"))
POST_LENGTH: Final = range(1, 31)
NO_COEFFICIENT: Final = Decimal(1)
COEFFICIENTS: Final = (Decimal("0.5"), Decimal(2))
QUOTED: Final = 20
STANDARD_IDENTITIES: Final[Mapping[str, Decimal]] = {
    "岗位能手": Decimal("1.35"),
    "师傅级民警": Decimal("1.25"),
    "兼职法制员": Decimal("1.2"),
    "徒弟级民警": Decimal("0.9"),
    "见习期": Decimal("0.85"),
    "不具备独立工作能力": Decimal("0.85"),
}


@dataclass(frozen=True, slots=True)
class NewOfficer:
    """An officer as entered; ``police_no`` and ``name`` are tidied before they are checked."""

    police_no: str
    name: str
    kind: OfficerKind
    post: str


def tidy_name(text: str) -> str:
    """A name without the spaces that lists put between two characters; one kind of middle dot."""
    return HAN_APART.sub("", tidy(text.translate(DOTS)))


def officer_problems(new: NewOfficer) -> Sequence[Problem]:
    """Every fault of a tidied officer."""
    problems = []
    if not POLICE_NO.fullmatch(new.police_no):
        problems.append(
            Problem("警号", f"警号“{quoted(new.police_no)}”应为 4 至 12 位数字，可带最多 4 位字母前缀")
        )
    if not NAME.fullmatch(new.name):
        problems.append(
            Problem("姓名", f"姓名“{quoted(new.name)}”应为 2 至 30 个汉字或字母，不能含数字和符号")
        )
    if len(new.post) not in POST_LENGTH or not new.post.isprintable() or new.post[0] in "=+-@":
        problems.append(Problem("岗位", "岗位为 1 至 30 个字，不能以 = + - @ 开头"))
    return problems


def coefficient(held: Sequence[Decimal]) -> Decimal:
    """The highest of several identities wins; nobody without an identity differs from 1."""
    return max(held, default=NO_COEFFICIENT)


def coefficient_fits(value: Decimal) -> bool:
    """A coefficient is exact to three decimals and within what any public scheme uses."""
    low, high = COEFFICIENTS
    return value.is_finite() and low <= value <= high and value == round(value, 3)


def is_assessable(days: int, absent: int) -> bool:
    """Whether a period of ``days`` calendar days counts: present for at least half of it."""
    return (days - absent) * 2 >= days


def quoted(text: str) -> str:
    """What was typed, short enough to be repeated in a sentence."""
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}…"
