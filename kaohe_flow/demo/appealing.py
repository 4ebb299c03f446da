"""Appeals: contested by the officer, ruled on rung by rung, accepted or taken higher."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kaohe_flow.casework.appeal import commands as appeals
from kaohe_flow.casework.appeal.rules import Outcome, Petition
from kaohe_flow.casework.appeal.rules.contested import Relief
from kaohe_flow.casework.appeal.rules.ruling import Ruling
from kaohe_flow.demo import pen
from kaohe_flow.demo.charges import NO_RELIEF
from kaohe_flow.demo.diary import Diary
from kaohe_flow.demo.people import Person
from kaohe_flow.demo.story import Story


@dataclass(frozen=True, slots=True)
class Dispute:
    """An appeal to be made: against which case, by whom, and what each rung says, the lowest first.

    ``relief`` are the figures a ruling that changes something sets.
    """

    contested: str
    appellant: Person
    outcomes: tuple[Outcome, ...]
    relief: Relief = NO_RELIEF


class Appealing:
    """The deeds of appellants and of those who rule."""

    def __init__(self, story: Story, diary: Diary) -> None:
        self._story = story
        self._diary = diary
        self._chance = story.chance

    def contest(self, dispute: Dispute, after: datetime) -> None:
        """Some hours after a decision its officer contests it, within the limit of three working days."""
        self._story.expect(self._diary.after(after, 3, 14), lambda at: self._file(dispute, at))

    def _file(self, dispute: Dispute, at: datetime) -> None:
        petition = Petition(self._chance.choice(pen.PETITIONS))
        with self._story.stage.database.write_tx(dispute.appellant.actor, at) as work:
            key = appeals.file(work, dispute.contested, petition).case_key
        if dispute.outcomes:
            self._wait_for_ruling(dispute, key, 0, at)

    def _wait_for_ruling(self, dispute: Dispute, key: str, rung: int, at: datetime) -> None:
        self._story.expect(self._diary.after(at, 6, 26), lambda later: self._rule(dispute, key, rung, later))

    def _rule(self, dispute: Dispute, key: str, rung: int, at: datetime) -> None:
        outcome = dispute.outcomes[rung]
        task, who = self._story.waiting(key)
        relief = NO_RELIEF if outcome is Outcome.UPHOLD else dispute.relief
        reasons = self._chance.choice(pen.RULINGS[outcome.value])
        with self._story.stage.database.write_tx(who.actor, at) as work:
            appeals.rule(work, task.id, Ruling(outcome, reasons, relief))
        if self._story.open_task(key) is not None:
            self._story.expect(
                self._diary.after(at, 2, 10), lambda later: self._answer(dispute, key, rung, later)
            )

    def _answer(self, dispute: Dispute, key: str, rung: int, at: datetime) -> None:
        """Accept what was ruled, or climb while there is another rung in the plot."""
        climbs = rung + 1 < len(dispute.outcomes)
        task, who = self._story.waiting(key)
        with self._story.stage.database.write_tx(who.actor, at) as work:
            appeals.answer(work, task.id, "climb" if climbs else "accept")
        if climbs:
            self._wait_for_ruling(dispute, key, rung + 1, at)
