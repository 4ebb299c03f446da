"""The penalties of the story, one by one: who found what, how it was answered and decided."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from kaohe_flow.casework.appeal.rules import Outcome
from kaohe_flow.casework.appeal.rules.contested import Relief

ONE: Final = Decimal(1)
NO_RELIEF: Final = Relief()


class Answer(StrEnum):
    """How the assessed answers; the last leaves the notice waiting for them."""

    CONFIRM = "confirm"
    DEFEND = "defend"
    SILENT = "silent"
    WAITS = "waits"


class Decided(StrEnum):
    """How the competent line decides; the last leaves the case waiting there."""

    IMPOSE = "impose"
    DISMISS = "dismiss"
    WAITS = "waits"


Seat = tuple[str, int]  # unit and number of the post in it, from 0


@dataclass(frozen=True, slots=True)
class Charge:
    """One finding. ``part``: how far into the month, or into what has run of it, it was entered.

    ``appeal``: what the rungs say when the decision is contested, nothing where the appeal still waits.
    ``relief`` are the figures of a ruling that changes something.
    """

    code: str
    finder: Seat
    accused: Seat
    in_open_month: bool
    part: float
    basis: str
    description: str
    answer: Answer
    decided: Decided
    count: Decimal = ONE
    appeal: tuple[Outcome, ...] | None = None
    relief: Relief = NO_RELIEF


CHARGES: Final = (
    Charge(
        "TEAM-06", ("QSX-DC", 0), ("QSX-HK", 0), False, 0.25,
        "内务条令、警务督察通报", "督察检查时未按规定着装，执勤期间未佩戴警号，现场已责令改正。",
        Answer.CONFIRM, Decided.IMPOSE,
    ),
    Charge(
        "ATT-01", ("QSX-CG", 1), ("QSX-CG", 4), False, 0.45,
        "考勤管理规定、考勤记录", "本月考勤记录显示到岗迟到两次，分别迟到十二分钟和二十分钟。",
        Answer.SILENT, Decided.IMPOSE, count=Decimal(2), appeal=(Outcome.UPHOLD, Outcome.UPHOLD),
    ),
    Charge(
        "TEAM-07", ("DCZD", 1), ("QSX-ZA", 2), False, 0.5,
        "警务督察条例、视频督察记录", "视频督察发现值班室无人值守约十五分钟，值班表显示当时由该民警值班。",
        Answer.DEFEND, Decided.DISMISS,
    ),
    Charge(
        "TEAM-11", ("SJ", 6), ("QSX-CG-SQ", 1), False, 0.4,
        "处分决定书", "因违反办案程序规定、造成不良影响，受到行政警告处分，处分决定已送达本人。",
        Answer.SILENT, Decided.IMPOSE,
    ),
    Charge(
        "ATT-05", ("QSX", 3), ("QSX-LL", 1), False, 0.6,
        "值班备勤制度、值班系统记录", "值班系统点名时未应答，经核实离开备勤室约四十分钟，未请假。",
        Answer.CONFIRM, Decided.IMPOSE,
    ),
    Charge(
        "TEAM-06", ("DCZD", 1), ("QSX-CG", 3), True, 0.3,
        "内务条令、警务督察通报", "督察暗访时发现接待群众着装不规范、态度生硬，现场视频已留存。",
        Answer.DEFEND, Decided.IMPOSE, appeal=(Outcome.REVOKE,),
    ),
    Charge(
        "TEAM-06", ("QSX-DC", 1), ("QSX-LL", 0), True, 0.8,
        "内务条令、警务督察通报", "督察抽查发现办公室内务不整、警用装备摆放不规范，现场照片已留存。",
        Answer.CONFIRM, Decided.IMPOSE, appeal=(),
    ),
    Charge(
        "BIZ-05", ("QSX", 2), ("QSX-XZ", 2), True, 0.75,
        "行政复议决定书", "承办的行政处罚案件因告知程序不完整，被行政复议机关决定撤销并责令重新办理。",
        Answer.DEFEND, Decided.WAITS,
    ),
    Charge(
        "TEAM-06", ("DCZD", 1), ("QSX-CG", 2), True, 0.97,
        "内务条令、警务督察通报", "督察检查发现出警时未按规定佩戴执法记录仪，现场照片附后。",
        Answer.WAITS, Decided.WAITS,
    ),
)  # fmt: skip
