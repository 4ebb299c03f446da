"""Rewards: claimed by the officer or the political department, judged, shown in public, booked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from kaohe_flow.casework.reward import commands as rewards
from kaohe_flow.casework.reward.rules.claim import RewardContent, RewardKind, RewardVerdict
from kaohe_flow.demo import evidence, pen
from kaohe_flow.demo.catalogue import Issuable
from kaohe_flow.demo.diary import Diary
from kaohe_flow.demo.honours import HONOURS, Honour
from kaohe_flow.demo.seasons import Month, Seasons
from kaohe_flow.demo.story import Deed, Story
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.records.attachment.commands import Upload

ONE: Final = Decimal(1)
FIRST_STEP: Final = "unit_opinion"


class Rewarding:
    """The deeds of claimants and of those who judge."""

    def __init__(self, story: Story, diary: Diary) -> None:
        self._story = story
        self._stage = story.stage
        self._diary = diary

    def expect_all(self, seasons: Seasons, issuables: Mapping[str, Issuable]) -> None:
        """Every claim of the story at its moment."""
        for month in seasons.months:
            own = [one for one in HONOURS if one.in_open_month is (month is seasons.current)]
            self.expect(seasons, month, own, issuables)

    def expect(
        self, seasons: Seasons, month: Month, honours: Iterable[Honour], issuables: Mapping[str, Issuable]
    ) -> None:
        """Claims of one month."""
        for honour in honours:
            at = self._diary.at_work(seasons.within(month, honour.part))
            self._story.expect(at, self._deed(honour, issuables[honour.code]))

    def _deed(self, honour: Honour, issuable: Issuable) -> Deed:
        def deed(at: datetime) -> None:
            officer = self._story.crowd.at(honour.officer)
            content = RewardContent(
                kind=honour.kind,
                title=honour.title,
                document_no=honour.document_no,
                deed=honour.deed,
                summary=honour.summary,
                happened_on=local_day(at),
                count=ONE,
                coauthors=ONE if honour.kind is RewardKind.MEDIA else None,
            )
            proof = evidence.pdf([honour.title, honour.document_no, f"民警：{officer.name}", honour.summary])
            uploads = [Upload(f"{issuable.content.evidence_kinds[0]}_{local_day(at):%Y%m%d}.pdf", proof)]
            subject = (officer.id, issuable.version_id)
            with self._stage.database.write_tx(self._story.crowd.at(honour.claimant).actor, at) as work:
                key = rewards.claim(work, subject, content, self._stage.files, uploads).case_key
            self._wait(honour, key, at)

        return deed

    def _wait(self, honour: Honour, key: str, at: datetime) -> None:
        task = self._story.open_task(key)
        if task is not None and task.step_id != honour.waits_at:
            self._story.expect(self._diary.after(at, 2, 12), lambda later: self._judge(honour, key, later))

    def _judge(self, honour: Honour, key: str, at: datetime) -> None:
        """Whoever is next agrees; after the last of them an honour is on show until its notice is over."""
        task, who = self._story.waiting(key)
        verdict = RewardVerdict("approve", pen.VERIFIED, kind=honour.kind, count=ONE)
        if task.step_id == FIRST_STEP:
            verdict = RewardVerdict("pass", pen.RECOMMENDED)
        with self._stage.database.write_tx(who.actor, at) as work:
            rewards.review(work, task.id, verdict)
        self._wait(honour, key, at)
