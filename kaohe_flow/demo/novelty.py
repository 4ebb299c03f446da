"""What the office has in hand in the open month: a new indicator on its way down, and an unfinished draft."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from kaohe_flow.demo.catalogue import DRAFT, ON_THE_WAY, Issuable, draft_of, effective_of
from kaohe_flow.demo.city import BUREAU, COUNTY
from kaohe_flow.demo.diary import Diary
from kaohe_flow.demo.seasons import Seasons
from kaohe_flow.demo.story import Story
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.scheme.issuance.commands import procedure
from kaohe_flow.scheme.issuance.queries import year_term
from kaohe_flow.scheme.issuance.rules import Order, Part

BEGUN: Final = 0.88  # how far into what has run of the open month


class Novelty:
    """The deeds of the offices around one new indicator; dividing it is left to the county."""

    def __init__(self, story: Story, diary: Diary, seasons: Seasons) -> None:
        self._story = story
        self._crowd = story.crowd
        self._diary = diary
        self._seasons = seasons

    def expect_all(self) -> None:
        """The draft early in the month, the new indicator some days before ``now``."""
        self._story.expect(self._diary.at_work(self._seasons.within(self._seasons.current, 0.3)), self._draft)
        self._story.expect(
            self._diary.at_work(self._seasons.within(self._seasons.current, BEGUN)), self._propose
        )

    def _draft(self, at: datetime) -> None:
        with self._story.stage.database.write_tx(self._crowd.called("shiban").actor, at) as work:
            draft_of(work, DRAFT)

    def _propose(self, at: datetime) -> None:
        with self._story.stage.database.write_tx(self._crowd.called("shiban").actor, at) as work:
            new: Issuable = effective_of(work, ON_THE_WAY, self._seasons.current.id)
            order = Order(
                version_id=new.version_id,
                from_unit_id=self._crowd.units[BUREAU],
                term=year_term(self._seasons.current.span.ends_on.year),
                parts=(Part(to_unit_id=self._crowd.units[COUNTY]),),
            )
            key = procedure.propose(work, order).case_key or ""
        self._go_on(key, at, (self._approve, self._acknowledge))

    def _approve(self, work: Work, task_id: int) -> None:
        procedure.rule_on(work, task_id, "issue", "同意下达")

    def _acknowledge(self, work: Work, task_id: int) -> None:
        procedure.answer(work, task_id, "accept", "")

    def _go_on(self, key: str, at: datetime, deeds: Sequence[Callable[[Work, int], None]]) -> None:
        """One deed after the other, some hours between them; what follows the last is left waiting."""
        if not deeds:
            return

        def deed(moment: datetime) -> None:
            task, who = self._story.waiting(key)
            with self._story.stage.database.write_tx(who.actor, moment) as work:
                deeds[0](work, task.id)
            self._go_on(key, moment, deeds[1:])

        self._story.expect(self._diary.after(at, 2, 6), deed)
