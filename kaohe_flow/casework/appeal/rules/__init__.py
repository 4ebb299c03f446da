"""What may be contested, by whom, until when, and what the petition must say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kaohe_flow.kernel.calendar import WorkCalendar
from kaohe_flow.kernel.errors import Conflict, InvalidInput, NotAllowed, Problem, RuleBroken
from kaohe_flow.organization.unit.rules import Titled
from kaohe_flow.scheme.period.rules import PeriodKind

MIN_GROUNDS: Final = 20
MAX_GROUNDS: Final = 2000
MIN_EXTENSION_REASON: Final = 10
LONGEST_EXTENSION: Final = range(1, 11)
FILE_WORKING_DAYS: Final = {
    PeriodKind.MONTH: 3,
    PeriodKind.QUARTER: 5,
    PeriodKind.HALF: 5,
    PeriodKind.YEAR: 5,
    PeriodKind.CAMPAIGN: 3,
}


class Matter(Titled):
    """What kind of decision is contested."""

    REJECTION = "rejection", "驳回"
    SCORE = "score", "评分"
    PENALTY = "penalty", "扣分"


class Outcome(Titled):
    """What a ruling does to the contested decision; the words are those of the diagram."""

    UPHOLD = "uphold", "维持"
    CHANGE = "change", "变更"
    REVOKE = "revoke", "撤销"


class AppealState(Titled):
    """Whether the appellant still wants it; how far it came is told by its course and its rulings."""

    FILED = "filed", "已提请"
    WITHDRAWN = "withdrawn", "已撤回"


class PetitionRefused(InvalidInput):
    """The petition cannot be taken as it stands."""

    code = "petition-refused"
    message = "复议申请还不完整，请按提示修改"


class NotContestable(RuleBroken):
    """The case holds no decision against its officer (yet)."""

    code = "not-contestable"
    message = "这一事项目前没有可以提请复议的决定"


class NotYourDecision(NotAllowed):
    """Only the officer concerned appeals."""

    code = "not-your-decision"
    message = "只能对涉及本人的决定提请复议"


class ContestedBefore(Conflict):
    """One decision is heard once, on one ladder."""

    code = "contested-before"
    message = "对这一决定已于 {when} 提请复议，不能重复提请；办到哪里了，见“复议办理”"


class AppealLate(RuleBroken):
    """The last day has passed."""

    code = "appeal-late"
    message = (
        "对这一决定提请复议的最后期限是 {last}，现已超过；"
        "确因伤病、执行紧急任务等正当理由耽误的，请向{office}书面说明理由，申请延长期限"
    )


class AppealBeyondWithdrawal(Conflict):
    """Past the offices the ladder runs to its end."""

    code = "appeal-beyond-withdrawal"
    message = "复议现在不在考核办审查环节，不能撤回"


class NotYoursToExtend(NotAllowed):
    """Only the office that would hear the appeal gives more time, and only where time has run out."""

    code = "not-yours-to-extend"
    message = "只有受理复议的考核办可以对已超过期限、尚未提请复议的决定准予延期，且不能针对本人"


class ExtensionRefused(InvalidInput):
    """The extension cannot be granted as it stands."""

    code = "extension-refused"
    message = "延期意见有误，请按提示修改"


@dataclass(frozen=True, slots=True)
class Extension:
    """More time for cause: working days from the day after it is granted."""

    working_days: int
    reason: str


@dataclass(frozen=True, slots=True)
class Petition:
    """What the appellant types."""

    grounds: str


def last_moment(
    decided_at: datetime, kind: PeriodKind, calendar: WorkCalendar, notice_until: datetime | None
) -> datetime:
    """Until when a decision may be contested: working days from the day after it was made.

    While the period's result is on notice the way is open until the notice ends.
    """
    regular = calendar.deadline(decided_at, FILE_WORKING_DAYS[kind])
    return max(regular, notice_until) if notice_until is not None else regular


def check_petition(petition: Petition) -> None:
    """Grounds must be there and of readable length. Raises ``PetitionRefused``."""
    length = len(petition.grounds.strip())
    if length < MIN_GROUNDS:
        text = f"请写明复议的事实和理由，至少 {MIN_GROUNDS} 个字，现有 {length} 个字"
    elif length > MAX_GROUNDS:
        text = f"复议理由最多 {MAX_GROUNDS} 个字，现有 {length} 个字"
    else:
        return
    raise PetitionRefused(problems=(Problem("grounds", text),))


def check_extension(extension: Extension) -> None:
    """A few working days, for a reason that can be read later. Raises ``ExtensionRefused``."""
    problems = []
    if extension.working_days not in LONGEST_EXTENSION:
        most = LONGEST_EXTENSION.stop - 1
        problems.append(Problem("working_days", f"延长的期限须在 1 至 {most} 个工作日之间"))
    if len(extension.reason.strip()) < MIN_EXTENSION_REASON:
        problems.append(Problem("reason", f"请写明准予延期的理由，至少 {MIN_EXTENSION_REASON} 个字"))
    if problems:
        raise ExtensionRefused(problems=tuple(problems))
