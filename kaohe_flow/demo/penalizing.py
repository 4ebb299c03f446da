"""Penalties: entered by whoever found something, answered by the assessed, decided by the competent line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from kaohe_flow.casework.penalty import commands as penalties
from kaohe_flow.casework.penalty import queries
from kaohe_flow.casework.penalty.rules.defence import Answer as Reasoned
from kaohe_flow.casework.penalty.rules.defence import Reply, ReplyKind, Ruling
from kaohe_flow.casework.penalty.rules.finding import Accusation, Figures
from kaohe_flow.demo import evidence, pen
from kaohe_flow.demo.appealing import Appealing, Dispute
from kaohe_flow.demo.catalogue import Issuable
from kaohe_flow.demo.charges import CHARGES, Answer, Charge, Decided
from kaohe_flow.demo.diary import Diary
from kaohe_flow.demo.people import Person
from kaohe_flow.demo.seasons import Month, Seasons
from kaohe_flow.demo.story import Deed, Story
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.records.attachment.commands import Upload

REPLY_LIMIT: Final = 3  # working days, as the diagram has them; then silence lets the procedure go on


class Penalizing:
    """The deeds of finders, assessed and deciders."""

    def __init__(self, story: Story, diary: Diary, appealing: Appealing) -> None:
        self._story = story
        self._stage = story.stage
        self._diary = diary
        self._appealing = appealing

    def expect_all(self, seasons: Seasons, issuables: Mapping[str, Issuable]) -> None:
        """Every charge of the story at its moment."""
        for month in seasons.months:
            own = [one for one in CHARGES if one.in_open_month is (month is seasons.current)]
            self.expect(seasons, month, own, issuables)

    def expect(
        self, seasons: Seasons, month: Month, charges: Iterable[Charge], issuables: Mapping[str, Issuable]
    ) -> None:
        """Charges of one month."""
        for charge in charges:
            at = seasons.within(month, charge.part)
            at = at if charge.answer is Answer.WAITS else self._diary.at_work(at)
            self._story.expect(at, self._deed(charge, issuables[charge.code]))

    def _deed(self, charge: Charge, issuable: Issuable) -> Deed:
        def deed(at: datetime) -> None:
            accused = self._story.crowd.at(charge.accused)
            accusation = Accusation(
                officer_id=accused.id,
                indicator_version_id=issuable.version_id,
                happened_on=local_day(at),
                found_on=local_day(at),
                basis=charge.basis,
                description=charge.description,
                figures=Figures(count=charge.count),
            )
            proof = evidence.pdf([charge.basis, f"民警：{accused.name}", charge.description])
            uploads = [Upload(f"{issuable.content.evidence_kinds[0]}_{local_day(at):%Y%m%d}.pdf", proof)]
            with self._stage.database.write_tx(self._story.crowd.at(charge.finder).actor, at) as work:
                key = penalties.accuse(work, accusation, self._stage.files, uploads).case_key
            self._after_notice(charge, accused, key, at)

        return deed

    def _after_notice(self, charge: Charge, accused: Person, key: str, at: datetime) -> None:
        if charge.answer is Answer.SILENT:
            limit = self._diary.limit(at, REPLY_LIMIT)
            self._story.expect(
                self._diary.after(limit, 9, 12), lambda later: self._decide(charge, accused, key, later)
            )
        elif charge.answer is not Answer.WAITS:
            self._story.expect(
                self._diary.after(at, 3, 20), lambda later: self._reply(charge, accused, key, later)
            )

    def _reply(self, charge: Charge, accused: Person, key: str, at: datetime) -> None:
        grounds = pen.GROUNDS if charge.answer is Answer.DEFEND else ()
        task, who = self._story.waiting(key)
        with self._stage.database.write_tx(who.actor, at) as work:
            said = Reply(ReplyKind(charge.answer.value), grounds)
            penalties.reply(work, task.id, said, self._stage.files, [])
        if charge.decided is not Decided.WAITS:
            self._story.expect(
                self._diary.after(at, 4, 22), lambda later: self._decide(charge, accused, key, later)
            )

    def _decide(self, charge: Charge, accused: Person, key: str, at: datetime) -> None:
        """Every point of a defence is answered; whoever imposes says why none of them carries."""
        task, who = self._story.waiting(key)
        dismissed = charge.decided is Decided.DISMISS
        with self._stage.database.write_tx(who.actor, at) as work:
            penalty = queries.by_case_key(work.session, key)
            answers = [
                Reasoned(one.number, dismissed, pen.ADOPTED if dismissed else pen.NOT_ADOPTED)
                for one in queries.grounds(work.session, penalty.id)
            ]
            opinion = pen.DISMISSAL if dismissed else pen.IMPOSITION
            penalties.decide(work, task.id, Ruling(charge.decided.value, opinion, answers=answers))
        if charge.appeal is not None:
            self._appealing.contest(Dispute(key, accused, charge.appeal, charge.relief), at)
