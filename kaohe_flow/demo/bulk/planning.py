"""Inventing the claims of a month: who reports what, what becomes of it, when, and who judges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Final

from kaohe_flow.casework.submission.rules import ClaimContent, Finding
from kaohe_flow.demo import figures, pen
from kaohe_flow.demo.bulk.papers import Papers
from kaohe_flow.demo.bulk.pools import Asked, Pools
from kaohe_flow.demo.bulk.script import JUDGING, Act, Deed, Place, Script, Task
from kaohe_flow.demo.diary import Diary
from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.calendar import WorkCalendar, local_day
from kaohe_flow.scheme.period.rules import Span

BACKDATED: Final = 3  # days between the work and its report, at most
SECOND_THOUGHTS: Final = timedelta(minutes=20)
CHECK, REVIEW = "unit_check", "line_review"  # the forms of the two steps that judge


class Course(StrEnum):
    """The way a claim goes."""

    APPROVED = "approved"
    FIXED_AFTER_CHECK = "fixed_after_check"
    FIXED_AFTER_REVIEW = "fixed_after_review"
    GIVEN_UP_AFTER_CHECK = "given_up_after_check"
    GIVEN_UP_AFTER_REVIEW = "given_up_after_review"
    WITHDRAWN = "withdrawn"


APPROVAL: Final = ((Deed.PASS, CHECK), (Deed.APPROVE, REVIEW))
STEPS: Final[Mapping[Course, Sequence[tuple[Deed, str]]]] = {
    Course.APPROVED: APPROVAL,
    Course.FIXED_AFTER_CHECK: ((Deed.REJECT, CHECK), (Deed.FIX, ""), *APPROVAL),
    Course.FIXED_AFTER_REVIEW: ((Deed.PASS, CHECK), (Deed.REJECT, REVIEW), (Deed.FIX, ""), *APPROVAL),
    Course.GIVEN_UP_AFTER_CHECK: ((Deed.REJECT, CHECK), (Deed.GIVE_UP, "")),
    Course.GIVEN_UP_AFTER_REVIEW: ((Deed.PASS, CHECK), (Deed.REJECT, REVIEW), (Deed.GIVE_UP, "")),
    Course.WITHDRAWN: ((Deed.WITHDRAW, ""),),
}
SHARES: Final = {
    Course.APPROVED: 82,
    Course.FIXED_AFTER_CHECK: 4,
    Course.FIXED_AFTER_REVIEW: 8,
    Course.GIVEN_UP_AFTER_CHECK: 1,
    Course.GIVEN_UP_AFTER_REVIEW: 3,
    Course.WITHDRAWN: 2,
}
# Working hours, at least and at most, until somebody comes to it.
HOURS: Final = {CHECK: (1, 9), REVIEW: (2, 16), "": (2, 12)}


@dataclass(frozen=True, slots=True)
class Reporter:
    """An officer, what is to be reported on, and where the officer serves on a day."""

    actor: Actor
    tasks: Sequence[Task]
    place_on: Callable[[date], Place]


@dataclass(frozen=True, slots=True)
class Setting:
    """The month: its days, when all must be over, the steps that judge, and who sits there."""

    period_id: int
    span: Span
    calendar: WorkCalendar
    until: datetime
    expressions: Mapping[str, tuple[str, ...]]
    pools: Pools


class Planner:
    """Scripts of one month, the same ones every time they are asked for."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._papers = Papers(setting.span.code)

    def scripts(self, reporter: Reporter, count: int) -> list[Script]:
        """At most ``count`` claims of one officer: what could not be over in time is not begun.

        Each is against another task as far as there are enough of them; what is reported once a month is not
        repeated.
        """
        chance = Random(f"{self._setting.span.code}:{reporter.actor.officer_id}")  # noqa: S311 - no secret
        once = chance.sample(reporter.tasks, min(count, len(reporter.tasks)))
        repeated = [task for task in reporter.tasks if not task.item.is_measured]
        again = chance.choices(repeated, k=count - len(once)) if repeated else []
        author = _Author(self._setting, self._papers, reporter, chance)
        planned = [author.script(task) for task in (*once, *again)]
        return [script for script in planned if script is not None]


class _Author:
    """Writes the claims of one officer."""

    def __init__(self, setting: Setting, papers: Papers, reporter: Reporter, chance: Random) -> None:
        self._setting = setting
        self._papers = papers
        self._reporter = reporter
        self._chance = chance
        self._diary = Diary(setting.calendar, setting.until, chance)

    def script(self, task: Task) -> Script | None:
        """One claim; a course that would take too long becomes an approval."""
        begun = self._begin(task)
        course = self._chance.choices(tuple(SHARES), tuple(SHARES.values()))[0]
        for tried in dict.fromkeys((course, Course.APPROVED)):
            script = self._follow(begun, STEPS[tried])
            if script.acts[-1].at < self._setting.until:
                return script
        return None

    def _begin(self, task: Task) -> Script:
        at = self._diary.submission(self._setting.span).replace(microsecond=0)
        day = max(
            self._setting.span.starts_on,
            local_day(at) - timedelta(days=self._chance.randrange(BACKDATED + 1)),
        )
        told = ClaimContent(summary=pen.summary(self._chance, task.code), happened_on=day)
        content = figures.reported(self._chance, task.item, told)
        place = self._reporter.place_on(day)
        upload = self._papers.upload(place, task, local_day(at))
        filed = Act(Deed.FILE, at, self._reporter.actor, content, (upload,))
        return Script(self._reporter.actor, self._setting.period_id, task, place, (filed,))

    def _follow(self, script: Script, steps: Sequence[tuple[Deed, str]]) -> Script:
        judged: set[int] = set()
        for deed, step in steps:
            before = script.acts[-1]
            at = self._diary.after(before.at, *HOURS[step]).replace(microsecond=0)
            if deed is Deed.WITHDRAW:
                at = before.at + SECOND_THOUGHTS
            if deed in JUDGING:
                act = self._verdict(script, deed, step, at, frozenset(judged))
                judged.add(act.actor.officer_id or 0)
            else:
                act = self._own(script, deed, at)
                judged.clear()
            script = replace(script, acts=(*script.acts, act))
        return script

    def _own(self, script: Script, deed: Deed, at: datetime) -> Act:
        """The officer mends the report, or lets it go."""
        if deed is not Deed.FIX:
            return Act(deed, at, script.officer)
        before = next(act.content for act in reversed(script.acts) if act.content)
        mended = replace(before, summary=before.summary + self._chance.choice(pen.ADDITIONS))
        upload = self._papers.upload(script.place, script.task, local_day(at), supplement=1)
        return Act(deed, at, script.officer, mended, (upload,))

    def _verdict(self, script: Script, deed: Deed, step: str, at: datetime, judged: frozenset[int]) -> Act:
        day = local_day(at)
        asked = Asked(script.officer_id, script.place.id, script.task.line_code, judged)
        pool = self._setting.pools.of(self._setting.expressions[step], asked, day)
        who = self._chance.choice(self._setting.pools.people(pool, day))
        return Act(deed, at, self._setting.pools.actor(who, day), finding=self._finding(script, deed, step))

    def _finding(self, script: Script, deed: Deed, step: str) -> Finding:
        match deed:
            case Deed.PASS:
                return Finding("pass", self._chance.choice(pen.PASSES))
            case Deed.REJECT:
                return Finding("reject", self._chance.choice(pen.REJECTIONS[step]))
            case _:
                return figures.found(self._chance, script.task.item, self._chance.choice(pen.APPROVALS))
