"""What a claim must say, and what a reviewer may find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from kaohe_flow.kernel.chain import Plain
from kaohe_flow.kernel.errors import Conflict, InvalidInput, NotAllowed, Problem, RuleBroken
from kaohe_flow.kernel.points import ZERO, to_milli
from kaohe_flow.organization.unit.rules import Titled
from kaohe_flow.scheme.definition.item.rules import Item
from kaohe_flow.scheme.definition.method.rules import (
    Bands,
    Compare,
    Formula,
    Judged,
    Method,
    Progressive,
    Ratio,
    Reading,
    Tariff,
    Threshold,
)

MIN_SUMMARY: Final = 10
MAX_SUMMARY: Final = 2000
MAX_FIGURE: Final = Decimal(1_000_000)
# The form that finds figures, and the one that mends a claim; every other one asks for an opinion.
SCORING_FORM: Final = "line_review"
OFFICERS_FORM: Final = "work_claim"


class ClaimState(Titled):
    """Where a claim is. Moved by the topics of its diagram, never by a page."""

    DRAFT = "draft", "草稿"
    UNDER_REVIEW = "under_review", "审批中"
    RETURNED = "returned", "待补正"
    SCORED = "scored", "已通过"
    REJECTED = "rejected", "未通过"
    WITHDRAWN = "withdrawn", "已撤回"
    LAPSED = "lapsed", "逾期未补正"


class Figure(StrEnum):
    """Figures a rule may ask of the person who reports, by their key in the facts format."""

    COUNT = "count"
    DONE = "done"
    TARGET = "target"
    VALUE = "value"
    OPTION = "option"


FIGURE_TITLES: Final = {
    Figure.COUNT: "完成数量",
    Figure.DONE: "完成数",
    Figure.TARGET: "应完成数",
    Figure.VALUE: "实际值",
    Figure.OPTION: "情形",
}


class Quality(StrEnum):
    """How well the work was done, as the reviewer finds; the decision table turns it into a share."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"


QUALITY_TITLES: Final = {Quality.EXCELLENT: "优秀", Quality.GOOD: "良好", Quality.FAIR: "一般"}


class ClaimRefused(InvalidInput):
    """The claim cannot be submitted as it stands; every fault is named with its field."""

    code = "claim-refused"
    message = "报送内容还不完整，请按提示修改"


class VerdictRefused(InvalidInput):
    """The verdict cannot be given as it stands."""

    code = "verdict-refused"
    message = "审核意见有误，请按提示修改"


class FactorMissing(RuleBroken):
    """The decision table knows no share for what the reviewer found; nothing is scored."""

    code = "factor-missing"
    message = "评分表没有给出这一质量等次的折算系数，请流程管理员补全评分表"


class NotYourClaim(NotAllowed):
    """Only the officer who did the work reports it."""

    code = "not-your-claim"
    message = "只能办理本人的报送"


class NotReported(RuleBroken):
    """Penalties and rewards have procedures of their own, with other people deciding."""

    code = "indicator-not-reported"
    message = "“{mode}”类指标不在此填报：惩罚由督察、归口部门记录，奖励请从“奖励加分”申报"


class ClaimFrozen(Conflict):
    """What was submitted is on record; it changes only when it comes back."""

    code = "claim-frozen"
    message = "该报送已提交，内容不能再改；如需修改，请先撤回或等待退回补正"


class CaseClaimedBefore(RuleBroken):
    """The same case number under the same indicator: two officers must agree on shares (主办/协办)."""

    code = "case-claimed-before"
    message = "案件编号“{case_no}”已由{name}就同一指标报送，不能重复计分；共同办理的请商定主办、协办份额"


@dataclass(frozen=True, slots=True)
class ClaimContent:
    """What the officer typed. Figures not asked for by the rule stay None."""

    summary: str
    happened_on: date | None
    case_no: str | None = None
    count: Decimal | None = None
    done: Decimal | None = None
    target: Decimal | None = None
    value: Decimal | None = None
    option: str | None = None

    def figure(self, figure: Figure) -> Decimal | str | None:
        """The figure of that name."""
        found: Decimal | str | None = getattr(self, figure.value)
        return found

    def canonical(self) -> dict[str, Plain]:
        """The content as it is hashed: figures in thousandths, the day as text."""
        return {
            "summary": self.summary,
            "happened_on": self.happened_on.isoformat() if self.happened_on else None,
            "case_no": self.case_no,
            "option": self.option,
            **{
                name: None if value is None else to_milli(value)
                for name, value in (
                    ("count", self.count),
                    ("done", self.done),
                    ("target", self.target),
                    ("value", self.value),
                )
            },
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """What a reviewer decided: the outcome offered by the diagram, words, and the figures found.

    Figures left None are those the officer reported. ``points`` is for judged items only.
    """

    outcome: str
    opinion: str = ""
    quality: Quality | None = None
    count: Decimal | None = None
    done: Decimal | None = None
    value: Decimal | None = None
    points: Decimal | None = None


def asked_figures(method: Method) -> tuple[Figure, ...]:
    """Which figures a way of scoring asks of the officer; none where the reviewer judges."""
    match method:
        case Tariff():
            return (Figure.COUNT, Figure.OPTION) if method.options else (Figure.COUNT,)
        case Ratio():
            return (Figure.DONE,) if method.target is not None else (Figure.DONE, Figure.TARGET)
        case Threshold() | Bands() | Compare():
            by_rate = method.reading is Reading.RATE
            return (Figure.DONE, Figure.TARGET) if by_rate else (Figure.VALUE,)
        case Progressive() | Formula():
            return (Figure.VALUE,)
        case _:
            return ()


def rule_options(item: Item) -> list[tuple[str, str]]:
    """The named cases of a tariff, as a form offers them."""
    options = item.method.options if isinstance(item.method, Tariff) else {}
    return [(key, getattr(option, "name", "") or key) for key, option in options.items()]


def point_limits(item: Item) -> tuple[Decimal, Decimal]:
    """Lowest and highest points a reviewer may give for one claim, before coefficients.

    Where the limit depends on the subject (an amount by unit kind) the ledger's own check decides.
    """
    judged = item.method if isinstance(item.method, Judged) else Judged()
    low = judged.min if isinstance(judged.min, Decimal) else ZERO
    high = judged.max if judged.max is not None else item.full
    return low, high if isinstance(high, Decimal) else MAX_FIGURE


def check_content(
    content: ClaimContent, *, figures: tuple[Figure, ...], first_day: date, last_day: date, files: int
) -> None:
    """Everything that must be there before submitting. Raises ``ClaimRefused`` with all faults."""
    problems = [*_words_wrong(content), *_day_wrong(content.happened_on, first_day, last_day)]
    for figure in figures:
        problems += _figure_wrong(figure, content.figure(figure))
    if not files:
        problems.append(Problem("files", "请至少上传一份佐证附件"))
    if problems:
        raise ClaimRefused(problems=tuple(problems))


def _words_wrong(content: ClaimContent) -> list[Problem]:
    length = len(content.summary.strip())
    if length < MIN_SUMMARY:
        return [Problem("summary", f"请写明完成情况，至少 {MIN_SUMMARY} 个字")]
    if length > MAX_SUMMARY:
        return [Problem("summary", f"完成情况最多 {MAX_SUMMARY} 个字，现有 {length} 个字")]
    return []


def _day_wrong(day: date | None, first_day: date, last_day: date) -> list[Problem]:
    if day is None:
        return [Problem("happened_on", "请填写完成日期")]
    if not first_day <= day <= last_day:
        return [Problem("happened_on", f"完成日期须在本考核期内（{first_day} 至 {last_day}）且不晚于今天")]
    return []


def _figure_wrong(figure: Figure, value: Decimal | str | None) -> list[Problem]:
    title = FIGURE_TITLES[figure]
    if value is None or value == "":
        return [Problem(figure.value, f"请填写{title}")]
    if isinstance(value, Decimal) and not 0 <= value <= MAX_FIGURE:
        return [Problem(figure.value, f"{title}须在 0 至 {MAX_FIGURE} 之间")]
    if figure in {Figure.COUNT, Figure.TARGET} and value == 0:
        return [Problem(figure.value, f"{title}须大于 0")]
    return []


def check_finding(
    finding: Finding, *, scores: bool, gives_points: bool, limits: tuple[Decimal, Decimal]
) -> None:
    """A rejection needs a reason; points given must lie within the rule. Raises ``VerdictRefused``.

    ``scores`` says that this step leads to points, ``gives_points`` that the reviewer sets them.
    ``limits`` are the lowest and highest points of the rule for one claim, signed, before coefficients.
    """
    problems: list[Problem] = []
    if finding.outcome == "reject" and not finding.opinion.strip():
        problems.append(Problem("opinion", "驳回必须写明理由，以便对方补正或申请复议"))
    if gives_points and finding.outcome == "approve":
        low, high = limits
        if finding.points is None:
            problems.append(Problem("points", "请填写核定分值"))
        elif not low <= finding.points <= high:
            problems.append(Problem("points", f"核定分值须在 {low} 至 {high} 分之间"))
    if finding.outcome == "approve" and scores and not gives_points and finding.quality is None:
        problems.append(Problem("quality", "请选择完成质量"))
    if problems:
        raise VerdictRefused(problems=tuple(problems))


def fact_content(content: ClaimContent, finding: Finding, known: Mapping[str, object]) -> dict[str, str]:
    """The fact in the words of the scheme's facts format: figures found by the reviewer win.

    ``known`` are the process variables; ``factor`` of the decision table is the share of the points given.
    """
    factor = known.get("factor")
    if not isinstance(factor, Decimal):
        raise FactorMissing
    figures = {
        "count": finding.count or content.count,
        "done": finding.done or content.done,
        "target": content.target,
        "value": finding.value if finding.value is not None else content.value,
        "points": finding.points,
        "quality": factor,
    }
    words = {name: format(value, "f") for name, value in figures.items() if value is not None}
    if content.option:
        words["option"] = content.option
    if content.case_no:
        words["deed"] = content.case_no
    return words
