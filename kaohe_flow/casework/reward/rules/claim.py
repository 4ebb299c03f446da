"""What a claim must say and what a verdict may find."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from kaohe_flow.kernel.chain import Plain
from kaohe_flow.kernel.errors import Conflict, InvalidInput, NotAllowed, Problem, RuleBroken
from kaohe_flow.kernel.points import ZERO, to_milli
from kaohe_flow.organization.unit.rules import Titled
from kaohe_flow.scheme.definition.amount.rules import Discretion
from kaohe_flow.scheme.definition.item.rules import Authors, Item
from kaohe_flow.scheme.definition.method.rules import Judged, Option, Tariff

TITLE_LENGTH: Final = range(2, 101)
DOCUMENT_LENGTH: Final = range(2, 101)
DEED_LENGTH: Final = range(2, 61)
SUMMARY_LENGTH: Final = range(10, 2001)
MAX_FIGURE: Final = Decimal(1000)
BY_CLAIM: Final = (Tariff, Judged)
HONOUR_GROUP: Final = "honour"


class RewardState(Titled):
    """Where a claim is."""

    UNDER_REVIEW = "under_review", "审批中"
    RETURNED = "returned", "待补正"
    NOTICE = "notice", "公示中"
    OBJECTED = "objected", "异议核查中"
    SCORED = "scored", "已加分"
    REJECTED = "rejected", "未通过"
    WITHDRAWN = "withdrawn", "已撤回"
    LAPSED = "lapsed", "逾期未补正"
    CANCELLED = "cancelled", "已取消"


class RewardKind(Titled):
    """Honours are shown in public before they count; the others are not."""

    HONOUR = "honour", "立功受奖、表彰"
    MEDIA = "media", "宣传报道"
    DEED = "deed", "好人好事及其他"


class Figure(StrEnum):
    """Figures a reward may ask for, by their key in the facts format."""

    OPTION = "option"
    COUNT = "count"
    COAUTHORS = "coauthors"


FIGURE_TITLES: Final = {
    Figure.OPTION: "情形",
    Figure.COUNT: "数量",
    Figure.COAUTHORS: "共同完成人数",
}


class RewardRefused(InvalidInput):
    """The claim cannot be filed as it stands; every fault is named with its field."""

    code = "reward-refused"
    message = "申报内容还不完整，请按提示修改"


class RewardVerdictRefused(InvalidInput):
    """The verdict cannot be given as it stands."""

    code = "reward-verdict-refused"
    message = "审核意见有误，请按提示修改"


class NotYoursToClaim(NotAllowed):
    """Officers claim for themselves, the political department for those below it."""

    code = "not-yours-to-claim"
    message = "只能为本人申报；政治部可以为管辖范围内的民警申报"


class RewardFrozen(Conflict):
    """What was filed is on record; it changes only when it comes back."""

    code = "reward-frozen"
    message = "该申报已进入办理，不能再改或撤回；如需修改，请等待退回补正"


class NotClaimable(RuleBroken):
    """The scheme gives the points of this indicator in another way, or not to this officer."""

    code = "not-claimable"
    message = "现行考核方案中，该项目不能由民警申报加分，请选择其他项目"


@dataclass(frozen=True, slots=True)
class RewardContent:
    """What the claimant typed. ``deed`` names the deed: the same name is the same deed (同一事迹).

    ``happened_on``: the day of the order, of publication, or of the deed.
    """

    kind: RewardKind
    title: str
    document_no: str
    deed: str
    summary: str
    happened_on: date | None
    option: str | None = None
    count: Decimal | None = None
    coauthors: Decimal | None = None

    def of(self, figure: Figure) -> Decimal | str | None:
        """The figure of that name."""
        found: Decimal | str | None = getattr(self, figure.value)
        return found

    def canonical(self) -> dict[str, Plain]:
        """The content as it is hashed: figures in thousandths, the day as text."""
        return {
            "kind": self.kind.value,
            "title": self.title,
            "document_no": self.document_no,
            "deed": self.deed,
            "summary": self.summary,
            "happened_on": str(self.happened_on),
            "option": self.option,
            "count": to_milli(self.count) if self.count is not None else None,
            "coauthors": to_milli(self.coauthors) if self.coauthors is not None else None,
        }


@dataclass(frozen=True, slots=True)
class RewardVerdict:
    """What a reviewer decided. ``kind``, ``count`` and ``points`` are the line reviewer's to find."""

    outcome: str
    opinion: str = ""
    kind: RewardKind | None = None
    count: Decimal | None = None
    points: Decimal | None = None


def asked_figures(item: Item) -> tuple[Figure, ...]:
    """Which figures a reward asks of the claimant."""
    asked: list[Figure] = []
    if isinstance(item.method, Tariff):
        asked += [Figure.OPTION] if item.method.options else []
        asked.append(Figure.COUNT)
    if item.coauthors is Authors.MEAN:
        asked.append(Figure.COAUTHORS)
    return tuple(asked)


def rule_options(item: Item) -> list[tuple[str, str]]:
    """The named cases of a tariff, as a form offers them."""
    options = item.method.options if isinstance(item.method, Tariff) else {}
    return [(key, getattr(option, "name", "") or key) for key, option in options.items()]


def limits_of(item: Item, option: str | None) -> tuple[Decimal, Decimal] | None:
    """Lowest and highest points the line reviewer may set; None where the tariff leaves no choice."""
    if isinstance(item.method, Judged):
        low = item.method.min if isinstance(item.method.min, Decimal) else ZERO
        high = item.method.max if item.method.max is not None else item.full
        return low, high if isinstance(high, Decimal) else MAX_FIGURE
    price: object = None
    if isinstance(item.method, Tariff):
        chosen = item.method.options.get(option or "", item.method.points)
        price = chosen.points if isinstance(chosen, Option) else chosen
    return (price.min, price.max) if isinstance(price, Discretion) else None


def must_be_shown(kind: RewardKind, item: Item) -> bool:
    """Whether a notice comes before the points: honours, by their kind or by their place in the scheme."""
    return kind is RewardKind.HONOUR or HONOUR_GROUP in item.group


def check_content(content: RewardContent, item: Item, *, today: date, files: int) -> None:
    """Everything that must be there before filing. Raises ``RewardRefused`` with all faults."""
    problems = [
        *_text_wrong("title", "奖励名称或稿件标题", content.title, TITLE_LENGTH),
        *_text_wrong("document_no", "文号或刊发信息", content.document_no, DOCUMENT_LENGTH),
        *_text_wrong("deed", "事迹名称", content.deed, DEED_LENGTH),
        *_text_wrong("summary", "事迹说明", content.summary, SUMMARY_LENGTH),
        *_figures_wrong(content, item),
    ]
    if content.happened_on is None:
        problems.append(Problem("happened_on", "请填写命令、刊发或发生的日期"))
    elif content.happened_on > today:
        problems.append(Problem("happened_on", "日期不能晚于今天"))
    if not files:
        problems.append(Problem("files", "请至少上传一份证明材料"))
    if problems:
        raise RewardRefused(problems=tuple(problems))


def _text_wrong(name: str, title: str, text: str, length: range) -> list[Problem]:
    if len(text.strip()) < length.start:
        return [Problem(name, f"请写明{title}，至少 {length.start} 个字")]
    if len(text.strip()) >= length.stop:
        return [Problem(name, f"{title}最多 {length.stop - 1} 个字")]
    return []


def _figures_wrong(content: RewardContent, item: Item) -> list[Problem]:
    problems = []
    options = dict(rule_options(item))
    needs_option = isinstance(item.method, Tariff) and item.method.points is None
    if content.option and content.option not in options:
        problems.append(Problem("option", "请从页面给出的情形中选择"))
    for figure in asked_figures(item):
        value = content.of(figure)
        if value in {None, ""} and (figure is not Figure.OPTION or needs_option):
            problems.append(Problem(figure.value, f"请填写{FIGURE_TITLES[figure]}"))
        if isinstance(value, Decimal) and not 0 < value <= MAX_FIGURE:
            problems.append(Problem(figure.value, f"{FIGURE_TITLES[figure]}须大于 0，不超过 {MAX_FIGURE}"))
    people = content.coauthors
    if people is not None and (people < 1 or people != people.to_integral_value()):
        problems.append(Problem("coauthors", "共同完成人数须为整数，含本人"))
    return problems


def check_verdict(
    verdict: RewardVerdict, *, verifies: bool, claimed: Decimal | None, limits: tuple[Decimal, Decimal] | None
) -> None:
    """A rejection needs a reason; points and counts stay within rule and claim. Raises
    ``RewardVerdictRefused``.

    ``verifies``: this step finds the figures; ``claimed`` is the count claimed.
    """
    problems = []
    if verdict.outcome == "reject" and not verdict.opinion.strip():
        problems.append(Problem("opinion", "驳回必须写明理由，以便对方补正或申请复议"))
    if verifies and verdict.outcome == "approve":
        problems += _found_wrong(verdict, claimed, limits)
    if problems:
        raise RewardVerdictRefused(problems=tuple(problems))


def _found_wrong(
    verdict: RewardVerdict, claimed: Decimal | None, limits: tuple[Decimal, Decimal] | None
) -> list[Problem]:
    problems = []
    if verdict.kind is None:
        problems.append(Problem("kind", "请核定类别，立功受奖、表彰须经公示"))
    if verdict.count is not None and not 0 < verdict.count <= (claimed or ZERO):
        problems.append(Problem("count", "核定数量须大于 0，且不超过申报数量"))
    if limits is not None and verdict.points is None:
        problems.append(Problem("points", "请填写核定分值"))
    elif limits is not None and verdict.points is not None and not limits[0] <= verdict.points <= limits[1]:
        problems.append(Problem("points", f"核定分值须在 {limits[0]} 至 {limits[1]} 分之间"))
    return problems
