"""What happens besides the ordinary claims of a month: penalties, rewards, contested rejections, open work.

Numbers follow the shares of the demo city; who and when is drawn anew for every month, the same every time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Final

from kaohe_flow.casework.appeal.rules import Outcome
from kaohe_flow.casework.appeal.rules.contested import Relief
from kaohe_flow.casework.reward.rules.claim import RewardKind
from kaohe_flow.demo.bulk.script import Task
from kaohe_flow.demo.catalogue import Issuable
from kaohe_flow.demo.charges import NO_RELIEF, ONE, Answer, Charge, Decided, Seat
from kaohe_flow.demo.city import POSTS, Lot
from kaohe_flow.demo.diary import Diary
from kaohe_flow.demo.honours import POLITICAL, Honour
from kaohe_flow.demo.people import Crowd, Person
from kaohe_flow.demo.plot import Fate, Filing
from kaohe_flow.demo.seasons import Month
from kaohe_flow.organization.unit.rules import UnitKind

PENALTIES_A_YEAR: Final = Decimal("0.6")  # of an officer
REWARDS_A_YEAR: Final = Decimal("0.18")
CONTESTED: Final = Decimal("0.008")  # of the claims: one rejection in twenty, one claim in six is rejected
WAITING: Final = Decimal("0.02")  # of the officers, in the open month
MONTHS: Final = 12
ANSWERS: Final = {Answer.CONFIRM: 60, Answer.DEFEND: 25, Answer.SILENT: 15}
APPEALED: Final = 0.12  # of the penalties
TWICE: Final = Decimal(2)  # found, of which an appeal leaves one
AT_HOME: Final = 0.4  # of what is found at a station
DISMISSED: Final = 0.4  # of what is defended and not contested later
RULINGS: Final = {
    (Outcome.UPHOLD,): 40,
    (Outcome.UPHOLD, Outcome.UPHOLD): 22,
    (Outcome.UPHOLD, Outcome.UPHOLD, Outcome.UPHOLD): 3,
    (Outcome.CHANGE,): 28,
    (Outcome.REVOKE,): 7,
}
FATES: Final = (Fate.WAITS_FOR_CHECK, Fate.WAITS_FOR_REVIEW, Fate.WAITS_FOR_FIX, Fate.DRAFT)
FOUND_BY_INSPECTORS: Final[Sequence[tuple[str, str, str]]] = (
    ("TEAM-06", "内务条令、警务督察通报", "督察检查时着装不规范、未佩戴警号，现场已责令改正。"),
    ("TEAM-06", "内务条令、警务督察通报", "接处警时未按规定佩戴执法记录仪，督察照片附后。"),
    ("TEAM-07", "警务督察条例、视频督察记录", "视频督察发现值班岗位无人值守约十分钟，当班为该民警。"),
)
FOUND_AT_HOME: Final[Sequence[tuple[str, str, str]]] = (
    ("ATT-01", "考勤管理规定、考勤记录", "本月考勤记录显示到岗迟到一次，迟到约十五分钟。"),
    ("ATT-04", "会议制度、签到表", "未参加支部组织的集中学习，事先没有请假，签到表附后。"),
)
EARNED: Final = (
    ("REW-10", RewardKind.DEED, "助人为乐", "感谢信", "救助老人", "巡逻中发现走失老人，护送回家。"),
    ("REW-07", RewardKind.MEDIA, "基层警务报道", "云岭日报", "报道", "报道被省级报纸采用，样报附后。"),
    ("REW-01", RewardKind.HONOUR, "个人嘉奖", "云公政奖", "专项行动", "在专项行动中成绩突出，获嘉奖。"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Incidents:
    """The incidents of one month."""

    charges: tuple[Charge, ...]
    honours: tuple[Honour, ...]
    filings: tuple[Filing, ...]


class Fortune:
    """Draws what happens to whom."""

    def __init__(self, crowd: Crowd, month: Month, *, is_open: bool) -> None:
        self._crowd = crowd
        self._month = month
        self._is_open = is_open
        self._chance = Random(f"incidents:{month.span.code}")  # noqa: S311 - a story, no secret
        self._people = [one for one in crowd.people[len(POSTS) :] if self._is_outside_the_story(one)]
        self._seats = {one.id: (one.place, number) for place in crowd.city.by_code
                       for number, one in enumerate(crowd.of(place))}  # fmt: skip

    def incidents(
        self, diary: Diary, tasks: Mapping[int, Sequence[Task]], issuables: Mapping[str, Issuable]
    ) -> Incidents:
        """Everything of the month; ``tasks`` are what officers report on."""
        heads = len(self._crowd.people)
        charges = [self._charge() for _ in range(round(heads * PENALTIES_A_YEAR / MONTHS))]
        honours = [self._honour() for _ in range(round(heads * REWARDS_A_YEAR / MONTHS))]
        able = [one for one in self._people if tasks.get(one.id)]
        fates = [Fate.CONTESTED] * round(heads * self._crowd.city.each * CONTESTED)
        if self._is_open:
            fates += [self._chance.choice(FATES) for _ in range(round(heads * WAITING))]
        filings = [
            self._filing(diary, person, fate, tasks, issuables)
            for person, fate in zip(
                self._chance.sample(able, min(len(able), len(fates))), fates, strict=False
            )
        ]
        return Incidents(tuple(charges), tuple(honours), tuple(sorted(filings, key=lambda one: one.at)))

    def _is_outside_the_story(self, person: Person) -> bool:
        """Ordinary officers of stations and brigades who do not act in the story."""
        basic = {UnitKind.STATION, UnitKind.BRIGADE, UnitKind.SQUAD}
        return (
            self._crowd.city.kinds[person.place] in basic
            and person.post.lot is Lot.ORDINARY
            and not person.post.roles
            and self._crowd.serving.get(person.id) == self._crowd.units[person.place]
        )

    def _charge(self) -> Charge:
        accused = self._chance.choice(self._people)
        bureau = self._crowd.city.bureau_of(accused.place)
        finder: Seat = (f"{bureau}-DC", 0)
        known = FOUND_BY_INSPECTORS
        if self._crowd.city.kinds[accused.place] is UnitKind.STATION and self._chance.random() < AT_HOME:
            finder, known = (accused.place, 1), FOUND_AT_HOME
        code, basis, description = self._chance.choice(known)
        answer = self._chance.choices(tuple(ANSWERS), tuple(ANSWERS.values()))[0]
        appeal = None
        if self._chance.random() < APPEALED:
            appeal = self._chance.choices(tuple(RULINGS), tuple(RULINGS.values()))[0]
        changes = appeal is not None and Outcome.CHANGE in appeal
        dismissed = answer is Answer.DEFEND and appeal is None and self._chance.random() < DISMISSED
        return Charge(
            code, finder, self._seats[accused.id], self._is_open, self._chance.uniform(0.05, 0.85),
            basis, description, answer, Decided.DISMISS if dismissed else Decided.IMPOSE,
            count=TWICE if changes else ONE, appeal=appeal,
            relief=Relief(count=ONE) if changes else NO_RELIEF,
        )  # fmt: skip

    def _honour(self) -> Honour:
        officer = self._chance.choice(self._people)
        code, kind, title, paper, deed, summary = self._chance.choice(EARNED)
        number = f"{paper}（{self._month.span.code}第{self._chance.randrange(1, 10**5)}号）"
        seat = self._seats[officer.id]
        return Honour(
            code, kind, POLITICAL if kind is RewardKind.HONOUR else seat, seat, self._is_open,
            self._chance.uniform(0.05, 0.7), title, number, f"{deed}{number}", summary,
        )  # fmt: skip

    def _filing(
        self,
        diary: Diary,
        person: Person,
        fate: Fate,
        tasks: Mapping[int, Sequence[Task]],
        issuables: Mapping[str, Issuable],
    ) -> Filing:
        task = self._chance.choice(tasks[person.id])
        issuable = issuables[task.code]
        span = self._month.span
        at = diary.submission(span) if fate is Fate.CONTESTED else diary.lately(span)
        points = issuable.content.base_points
        return Filing(person, task.assignment_id, issuable, self._month, at, fate, points)
