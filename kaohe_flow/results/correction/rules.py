"""What a correction voucher must say, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from kaohe_flow.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound, Problem, RuleBroken
from kaohe_flow.organization.unit.rules import Titled

CASE: Final = "correction"
MIN_REASON: Final = 10
MAX_REASON: Final = 1000
MAX_DOCUMENT_NO: Final = 100
MAX_OPINION: Final = 500
REFUSE: Final = "refuse"


class CorrectionState(Titled):
    """Where a voucher is. Moved by the topics of its diagram, never by a page."""

    PROPOSED = "proposed", "办理中"
    APPLIED = "applied", "已更正"
    REFUSED = "refused", "不予更正"


class CorrectionSource(Titled):
    """What brought the voucher about."""

    OFFICE = "office", "考核办提出"
    LATE_REVIEW = "late_review", "封存后审核通过"
    APPEAL = "appeal", "复议决定"


class NoCorrection(NotFound):
    """No voucher has this number."""

    code = "no-correction"
    message = "没有找到该更正单"


class VoucherRefused(InvalidInput):
    """The voucher cannot be put forward as it stands; every fault is named with its field."""

    code = "voucher-refused"
    message = "更正单填写有误，请按提示修改"


class OpinionRefused(InvalidInput):
    """The decision cannot be given as it stands."""

    code = "correction-opinion-refused"
    message = "意见有误，请按提示修改"


class NotYourVoucher(NotAllowed):
    """Only the assessment office at the top of the subject's chain proposes, and nobody for themselves."""

    code = "not-your-voucher"
    message = "更正单由被更正对象所在链条的考核机关考核办提出，且不能为本人提出"


class FactFollows(RuleBroken):
    """What others were hit with goes by the fact that brought it about."""

    code = "fact-follows"
    message = "编号 {fact} 是连带的记分，随引起它的记分（编号 {origin}）变动，请对那一条提出更正"


class OverturnPending(Conflict):
    """The same fact stands on a voucher that is not decided yet."""

    code = "overturn-pending"
    message = "要撤销的记分（编号 {fact}）已列入更正单 {voucher}，请等其办结"


@dataclass(frozen=True, slots=True)
class Added:
    """A fact the office asks to be added: under which indicator, which day, with which figures.

    ``figures`` are those the rule reads, as text in the words of the facts format.
    """

    indicator_version_id: int
    happened_on: date | None
    figures: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Effect:
    """One subject before and after: totals (None = not assessed) and places (None = not ranked)."""

    subject: str
    name: str
    group: str
    points_before: Decimal | None
    points_after: Decimal | None
    place_before: int | None
    place_after: int | None

    @property
    def is_changed(self) -> bool:
        """Whether anything of it moved."""
        return (self.points_before, self.place_before) != (self.points_after, self.place_after)


def case_key(correction_id: int) -> str:
    """Name of a voucher in workflow, records and ledger."""
    return f"{CASE}:{correction_id}"


def parse_case_key(key: str) -> int:
    """The number behind a case key such as ``correction:3``. Raises ``NoCorrection`` for any other."""
    kind, _, number = key.partition(":")
    if kind != CASE or not (number.isascii() and number.isdigit()):
        raise NoCorrection
    return int(number)


def check_voucher(reason: str, document_no: str, *, changes: int) -> None:
    """Reason and document are mandatory, and something must change. Raises ``VoucherRefused``."""
    problems: list[Problem] = []
    if not changes:
        problems.append(Problem("overturn", "请选择要撤销的记分，或填写要补记的事实"))
    length = len(reason.strip())
    if not MIN_REASON <= length <= MAX_REASON:
        text = f"请写明更正理由，{MIN_REASON} 至 {MAX_REASON} 个字，现有 {length} 个字"
        problems.append(Problem("reason", text))
    if not 0 < len(document_no.strip()) <= MAX_DOCUMENT_NO:
        problems.append(Problem("document_no", f"请填写依据文书的编号，最多 {MAX_DOCUMENT_NO} 个字"))
    if problems:
        raise VoucherRefused(problems=tuple(problems))


def check_added(added: Added, asked: Sequence[tuple[str, str]], first: date, last: date) -> None:
    """The day lies in the period and every figure the rule reads is there. Raises ``VoucherRefused``.

    ``asked``: name and title of each figure.
    """
    problems: list[Problem] = []
    if added.happened_on is None or not first <= added.happened_on <= last:
        problems.append(Problem("happened_on", f"请填写事实发生日期，须在 {first} 至 {last} 之间"))
    problems += [Problem(name, f"请填写{title}") for name, title in asked if not added.figures.get(name)]
    if problems:
        raise VoucherRefused(problems=tuple(problems))


def check_opinion(outcome: str, opinion: str) -> None:
    """A refusal needs its reason on record. Raises ``OpinionRefused``."""
    if outcome == REFUSE and not opinion.strip():
        raise OpinionRefused(problems=(Problem("opinion", "不予更正必须写明理由"),))
    if len(opinion.strip()) > MAX_OPINION:
        raise OpinionRefused(problems=(Problem("opinion", f"意见最多 {MAX_OPINION} 个字"),))
