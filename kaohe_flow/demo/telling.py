"""From the plot to the story: every deed is expected at its moment, then everything is played."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from kaohe_flow.demo.appealing import Appealing
from kaohe_flow.demo.catalogue import Issuable
from kaohe_flow.demo.closing import close
from kaohe_flow.demo.diary import Diary
from kaohe_flow.demo.incidents import Incidents
from kaohe_flow.demo.novelty import Novelty
from kaohe_flow.demo.penalizing import Penalizing
from kaohe_flow.demo.plot import Filing
from kaohe_flow.demo.reporting import Reporting
from kaohe_flow.demo.rewarding import Rewarding
from kaohe_flow.demo.seasons import Month, Seasons
from kaohe_flow.demo.story import Story
from kaohe_flow.scheme.period import queries
from kaohe_flow.workflow.inbox import queries as inbox
from kaohe_flow.workflow.inbox.rules import Box
from kaohe_flow.workflow.instance import commands as instances

TAKERS: Final = ("neiqin", "shenhe", "shenhe2")


class Cast:
    """Everybody who acts in a story: one set of people who report, judge, penalize, reward."""

    def __init__(self, story: Story) -> None:
        with story.stage.database.read() as session:
            self.calendar = queries.calendar(session)
        self._story = story
        self.diary = Diary(self.calendar, story.stage.now, story.chance)
        appealing = Appealing(story, self.diary)
        self._reporting = Reporting(story, self.diary, appealing)
        self.penalizing = Penalizing(story, self.diary, appealing)
        self.rewarding = Rewarding(story, self.diary)

    def file_all(self, filings: Iterable[Filing]) -> None:
        """Every claim at its moment."""
        for filing in filings:
            self._story.expect(filing.at, self._reporting.file(filing))

    def meet(
        self, seasons: Seasons, month: Month, incidents: Incidents, issuables: Mapping[str, Issuable]
    ) -> None:
        """What else happens in a month."""
        self.file_all(incidents.filings)
        self.penalizing.expect(seasons, month, incidents.charges, issuables)
        self.rewarding.expect(seasons, month, incidents.honours, issuables)


def tell(
    story: Story,
    seasons: Seasons,
    filings: Sequence[Filing],
    issuables: Sequence[Issuable],
    besides: Mapping[Month, Incidents],
) -> None:
    """Play both months up to ``now`` and leave the desks as somebody would find them in the morning.

    ``besides``: what happens to people outside the story, by month.
    """
    cast, by_code = Cast(story), {one.code: one for one in issuables}
    cast.file_all(filings)
    cast.penalizing.expect_all(seasons, by_code)
    cast.rewarding.expect_all(seasons, by_code)
    Novelty(story, cast.diary, seasons).expect_all()
    for month, incidents in besides.items():
        cast.meet(seasons, month, incidents, by_code)
    close(story, seasons.before, cast.calendar)
    story.play()
    for username in TAKERS:
        _take_one(story, username)


def _take_one(story: Story, username: str) -> None:
    """A reviewer has taken the most urgent piece of work out of the pool, and not decided yet."""
    actor = story.crowd.called(username).actor
    with story.stage.database.read() as session:
        rows = inbox.page(session, actor, Box.CLAIMABLE).rows
    if rows and rows[0].task_id is not None:
        with story.stage.database.write_tx(actor, story.stage.now - timedelta(minutes=2)) as work:
            instances.claim(work, rows[0].task_id)
