"""How the assessed answers, and what the decider owes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kaohe_flow.casework.penalty.rules.finding import FIGURE_TITLES, Figure, Figures, text_wrong
from kaohe_flow.kernel.errors import Conflict, InvalidInput, Problem
from kaohe_flow.organization.unit.rules import Titled

GROUND_LENGTH: Final = range(5, 1001)
MOST_POINTS_OF_DEFENCE: Final = 8


class ReplyKind(Titled):
    """How the assessed answered. Silence lets the procedure go on and admits nothing; appeal stays open."""

    CONFIRM = "confirm", "确认无异议"
    DEFEND = "defend", "提出申辩"
    SILENT = "silent", "逾期未提出异议"


class DefenceRefused(InvalidInput):
    """The reply cannot be taken as it stands."""

    code = "defence-refused"
    message = "答复内容有误，请按提示修改"


class RulingRefused(InvalidInput):
    """The decision cannot be taken as it stands."""

    code = "ruling-refused"
    message = "决定内容还不完整，请按提示修改"


class ReplyTaken(Conflict):
    """A finding is answered once."""

    code = "reply-taken"
    message = "该告知已经答复，不能重复答复；需要补充的，请联系决定人或在决定后申请复议"


@dataclass(frozen=True, slots=True)
class Reply:
    """The assessed's answer; ``grounds`` are the points of the defence, in their order."""

    kind: ReplyKind
    grounds: tuple[str, ...] = ()


def check_reply(reply: Reply) -> None:
    """A defence says at least one thing; a confirmation none. Raises ``DefenceRefused``."""
    if reply.kind is ReplyKind.CONFIRM and reply.grounds:
        text = "已填写申辩理由，请选择“提出申辩”；确认无异议的，请清空理由"
        raise DefenceRefused(problems=(Problem("ground_1", text),))
    if reply.kind is not ReplyKind.DEFEND:
        return
    if not reply.grounds:
        raise DefenceRefused(problems=(Problem("ground_1", "申辩须至少写明一条理由"),))
    if len(reply.grounds) > MOST_POINTS_OF_DEFENCE:
        raise DefenceRefused(
            problems=(Problem("ground_1", f"申辩理由最多 {MOST_POINTS_OF_DEFENCE} 条，请合并"),)
        )
    problems = [
        problem
        for number, ground in enumerate(reply.grounds, start=1)
        for problem in text_wrong(f"ground_{number}", f"第 {number} 条理由", ground, GROUND_LENGTH)
    ]
    if problems:
        raise DefenceRefused(problems=tuple(problems))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the decider says to one point of the defence. ``adopted`` None: not said yet."""

    number: int
    adopted: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """The decision: the outcome the diagram offers, the reason, circumstances, an answer to every point.

    ``count`` and ``points`` replace what was told, downwards only; None keeps it.
    """

    outcome: str
    opinion: str
    mitigation: tuple[str, ...] = ()
    answers: Sequence[Answer] = ()
    count: Decimal | None = None
    points: Decimal | None = None


def check_ruling(
    ruling: Ruling, *, told: Figures, defence: Iterable[int], circumstances: Iterable[str]
) -> None:
    """Every point of the defence is answered, nobody is hit harder than told. Raises ``RulingRefused``.

    ``defence``: numbers of the points raised; ``circumstances``: names the scheme knows for this item.
    """
    problems = [] if ruling.opinion.strip() else [Problem("opinion", "请写明决定理由，将随决定送达本人")]
    answers = {answer.number: answer for answer in ruling.answers}
    for number in defence:
        answer = answers.get(number)
        if answer is None or answer.adopted is None:
            problems.append(Problem(f"adopted_{number}", f"请对第 {number} 条申辩理由写明是否采纳"))
        if answer is None or not answer.text.strip():
            problems.append(Problem(f"answer_{number}", f"请答复第 {number} 条申辩理由"))
    unknown = [name for name in ruling.mitigation if name not in set(circumstances)]
    if unknown:
        problems.append(Problem("mitigation", f"方案没有情节“{'、'.join(unknown)}”"))
    problems += _heavier(Figure.COUNT, ruling.count, told.count)
    problems += _heavier(Figure.POINTS, ruling.points, told.points)
    if problems:
        raise RulingRefused(problems=tuple(problems))


def _heavier(figure: Figure, decided: Decimal | None, told: Decimal | None) -> list[Problem]:
    """Nobody could defend against what was not told (先告知、后决定)."""
    if decided is None or (told is not None and 0 < decided <= told):
        return []
    most = "未告知，不能增加" if told is None else f"须大于 0，且不超过告知的 {format(told.normalize(), 'f')}"
    return [Problem(figure.value, f"核定{FIGURE_TITLES[figure].removeprefix('拟')}{most}")]
