"""Objections raised while an honour is shown in public, and what is owed to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from kaohe_flow.kernel.errors import InvalidInput, NotAllowed, Problem, RuleBroken

REASON_LENGTH: Final = range(10, 1001)


class ObjectionRefused(InvalidInput):
    """The objection, or the answer to it, cannot be taken as it stands."""

    code = "objection-refused"
    message = "填写的内容还不完整，请按提示修改"


class NoticeOver(RuleBroken):
    """Nothing is shown any more, or not yet."""

    code = "notice-over"
    message = "该事项不在公示期内，不能提出异议；公示期满后有新情况的，请向考核办或纪检反映"


class OwnHonour(NotAllowed):
    """Whoever is honoured, or filed the claim, withdraws rather than objects."""

    code = "own-honour"
    message = "不能对本人或本人申报的事项提出异议"


@dataclass(frozen=True, slots=True)
class ObjectionAnswer:
    """What the office found about one objection."""

    objection_id: int
    text: str


@dataclass(frozen=True, slots=True)
class ObjectionRuling:
    """Resume the notice or cancel the reward, with an answer to every objection."""

    outcome: str
    opinion: str
    answers: Sequence[ObjectionAnswer] = ()


def check_reason(reason: str) -> None:
    """Raises ``ObjectionRefused`` for a reason nobody could check."""
    length = len(reason.strip())
    if length < REASON_LENGTH.start:
        text = f"请写明异议的事实和理由，至少 {REASON_LENGTH.start} 个字"
        raise ObjectionRefused(problems=(Problem("reason", text),))
    if length >= REASON_LENGTH.stop:
        text = f"异议理由最多 {REASON_LENGTH.stop - 1} 个字"
        raise ObjectionRefused(problems=(Problem("reason", text),))


def check_objection_ruling(ruling: ObjectionRuling, open_ids: Iterable[int]) -> None:
    """The award is held until every objection has its answer. Raises ``ObjectionRefused``."""
    problems = [] if ruling.opinion.strip() else [Problem("opinion", "请写明核查情况")]
    said = {answer.objection_id for answer in ruling.answers if answer.text.strip()}
    problems += [
        Problem(f"answer_{objection_id}", "请答复这条异议")
        for objection_id in open_ids
        if objection_id not in said
    ]
    if problems:
        raise ObjectionRefused(problems=tuple(problems))
