"""Claims: reported, checked, reviewed, sent back, corrected, given up, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from kaohe_flow.casework.appeal.rules import Outcome
from kaohe_flow.casework.appeal.rules.contested import Relief
from kaohe_flow.casework.submission import commands as submission
from kaohe_flow.casework.submission import queries as submissions
from kaohe_flow.casework.submission.rules import ClaimContent, Finding, Quality
from kaohe_flow.demo import evidence, figures, pen
from kaohe_flow.demo.appealing import Appealing, Dispute
from kaohe_flow.demo.diary import Diary
from kaohe_flow.demo.plot import REJECTED, WAITING, Fate, Filing
from kaohe_flow.demo.story import Deed, Stage, Story
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.records.attachment import commands as attachments
from kaohe_flow.scheme.definition.method.rules import Judged

REJECTED_AT_CHECK: Final = 1 / 3  # the others are rejected by the line reviewer
SLOW_SHARE: Final = 0.05
SLOW_HOURS: Final = (90, 170)  # long enough to be urged, and now and then to climb a level
QUICK_BEFORE_THE_SEAL: Final = timedelta(days=12)
# What the rungs say to a contested rejection, the lowest first.
COURSES: Final = {
    (Outcome.UPHOLD,): 45,
    (Outcome.UPHOLD, Outcome.UPHOLD): 20,
    (Outcome.CHANGE,): 28,
    (Outcome.REVOKE,): 7,
}
BACKDATED: Final = 3  # days between the work and its report, at most


@dataclass(frozen=True, slots=True)
class Case:
    """A claim on its way: what was planned for it, and how the records call it."""

    filing: Filing
    claim_id: int
    key: str

    @property
    def fate(self) -> Fate:
        """What becomes of it."""
        return self.filing.fate


class Reporting:
    """The deeds of officers and reviewers around one claim after the other."""

    def __init__(self, story: Story, diary: Diary, appealing: Appealing) -> None:
        self._appealing = appealing
        self._story = story
        self._stage: Stage = story.stage
        self._diary = diary
        self._chance = story.chance

    def file(self, filing: Filing) -> Deed:
        """The officer reports the work with its evidence, or begins a report and leaves it for later."""

        def deed(at: datetime) -> None:
            with self._stage.database.write_tx(filing.person.actor, at) as work:
                claim = submission.draft(work, filing.assignment_id, self._content(filing, at))
                if filing.fate is Fate.DRAFT:
                    return
                self._attach(work, filing, claim.case_key, local_day(at))
                submission.submit(work, claim.id)
                case = Case(filing, claim.id, claim.case_key)
            if case.fate is Fate.WITHDRAWN:
                self._story.expect(at + timedelta(minutes=20), lambda later: self._withdraw(case, later))
            elif case.fate is not Fate.WAITS_FOR_CHECK:
                self._announce(case, at, lambda later: self._check(case, later), (1, 9))

        return deed

    def _content(self, filing: Filing, at: datetime) -> ClaimContent:
        earliest = filing.month.span.starts_on
        day = max(earliest, local_day(at) - timedelta(days=self._chance.randrange(BACKDATED + 1)))
        told = ClaimContent(summary=pen.summary(self._chance, filing.issuable.code), happened_on=day)
        return figures.reported(self._chance, filing.issuable.item, told)

    def _attach(self, work: Work, filing: Filing, case_key: str, day: date) -> None:
        deed = evidence.Deed(
            unit=filing.person.place_name,
            officer=filing.person.name,
            indicator=filing.issuable.content.name,
            day=day,
            summary=pen.summary(self._chance, filing.issuable.code),
        )
        uploads = evidence.files(self._chance, deed, filing.issuable.content.evidence_kinds)
        attachments.attach(work, self._stage.files, case_key, uploads)

    def _withdraw(self, case: Case, at: datetime) -> None:
        with self._stage.database.write_tx(case.filing.person.actor, at) as work:
            submission.withdraw(work, case.claim_id)

    def _check(self, case: Case, at: datetime) -> None:
        """The unit's administrator looks at the papers; some rejections happen here."""
        if case.fate in REJECTED and self._chance.random() < REJECTED_AT_CHECK:
            self._review(case, at, Finding("reject", self._chance.choice(pen.REJECTIONS["unit_check"])))
            self._after_rejection(case, at)
            return
        self._review(case, at, Finding("pass", self._chance.choice(pen.PASSES)))
        if case.fate is not Fate.WAITS_FOR_REVIEW:
            self._announce(case, at, lambda later: self._decide(case, later), (2, 16))

    def _decide(self, case: Case, at: datetime) -> None:
        """The line reviewer rejects, or finds the points."""
        if case.fate in REJECTED or case.fate is Fate.WAITS_FOR_FIX:
            self._review(case, at, Finding("reject", self._chance.choice(pen.REJECTIONS["line_review"])))
            self._after_rejection(case, at)
            return
        opinion = self._chance.choice(pen.APPROVALS)
        finding = figures.found(self._chance, case.filing.issuable.item, opinion)
        if finding.points is not None:
            finding = replace(finding, points=case.filing.points)
        self._review(case, at, finding)

    def _after_rejection(self, case: Case, at: datetime) -> None:
        if case.fate is Fate.GIVEN_UP:
            self._story.expect(self._diary.after(at, 2, 10), lambda later: self._give_up(case, later))
        elif case.fate is Fate.CONTESTED:
            outcomes = self._chance.choices(tuple(COURSES), tuple(COURSES.values()))[0]
            is_judged = isinstance(case.filing.issuable.item.method, Judged)
            relief = Relief(points=case.filing.points) if is_judged else Relief(quality=Quality.GOOD)
            self._appealing.contest(Dispute(case.key, case.filing.person, outcomes, relief), at)
        elif case.fate is Fate.FIXED:
            self._story.expect(self._diary.after(at, 2, 14), lambda later: self._fix(case, later))

    def _fix(self, case: Case, at: datetime) -> None:
        """The officer adds what was missing; the second time nobody finds fault."""
        task, _ = self._story.waiting(case.key)
        with self._stage.database.write_tx(case.filing.person.actor, at) as work:
            content = submissions.content_of(submissions.one(work.session, case.claim_id))
            summary = content.summary + self._chance.choice(pen.ADDITIONS)
            submission.revise(work, case.claim_id, replace(content, summary=summary))
            self._attach(work, case.filing, case.key, local_day(at))
            submission.resubmit(work, case.claim_id, task.id)
        fixed = replace(case, filing=replace(case.filing, fate=Fate.APPROVED))
        self._announce(fixed, at, lambda later: self._check(fixed, later), (1, 8))

    def _give_up(self, case: Case, at: datetime) -> None:
        task, _ = self._story.waiting(case.key)
        with self._stage.database.write_tx(case.filing.person.actor, at) as work:
            submission.give_up(work, case.claim_id, task.id)

    def _review(self, case: Case, at: datetime, finding: Finding) -> None:
        task, reviewer = self._story.waiting(case.key)
        with self._stage.database.write_tx(reviewer.actor, at) as work:
            submission.review(work, task.id, finding)

    def _announce(self, case: Case, at: datetime, deed: Deed, hours: tuple[int, int]) -> None:
        """A reviewer comes to it after some hours; what is to wait in an inbox gets there before ``now``."""
        if case.fate in WAITING:
            self._story.expect(at + (self._stage.now - at) / 3, deed)
        else:
            in_time = at < case.filing.month.span.cutoff_at - QUICK_BEFORE_THE_SEAL
            slow = in_time and self._chance.random() < SLOW_SHARE
            self._story.expect(self._diary.after(at, *(SLOW_HOURS if slow else hours)), deed)
