"""From the plot to the story: every deed is expected at its moment, then everything is played."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from kaohe_flow.demo.appealing import Appealing
from kaohe_flow.demo.catalogue import Issuable
from kaohe_flow.demo.closing import close
from kaohe_flow.demo.diary import Diary
from kaohe_flow.demo.novelty import Novelty
from kaohe_flow.demo.penalizing import Penalizing
from kaohe_flow.demo.plot import Filing
from kaohe_flow.demo.reporting import Reporting
from kaohe_flow.demo.rewarding import Rewarding
from kaohe_flow.demo.seasons import Seasons
from kaohe_flow.demo.story import Story
from kaohe_flow.scheme.period import queries
from kaohe_flow.workflow.inbox import queries as inbox
from kaohe_flow.workflow.inbox.rules import Box
from kaohe_flow.workflow.instance import commands as instances

TAKERS: Final = ("neiqin", "shenhe", "shenhe2")


def tell(story: Story, seasons: Seasons, filings: Sequence[Filing], issuables: Sequence[Issuable]) -> None:
    """Play both months up to ``now`` and leave the desks as somebody would find them in the morning."""
    with story.stage.database.read() as session:
        calendar = queries.calendar(session)
    diary = Diary(calendar, story.stage.now, story.chance)
    appealing = Appealing(story, diary)
    reporting = Reporting(story, diary, appealing)
    for filing in filings:
        story.expect(filing.at, reporting.file(filing))
    by_code = {one.code: one for one in issuables}
    Penalizing(story, diary, appealing).expect_all(seasons, by_code)
    Rewarding(story, diary).expect_all(seasons, by_code)
    Novelty(story, diary, seasons).expect_all()
    close(story, seasons.before, calendar)
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
