"""How a month closes: the clock stops reporting, shows trial totals, seals; people sign in between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final

from kaohe_flow.demo.city import BUREAU, ORGANS
from kaohe_flow.demo.seasons import Month
from kaohe_flow.demo.story import Deed, Story
from kaohe_flow.kernel.actor import CLOCK
from kaohe_flow.kernel.calendar import SHANGHAI, WorkCalendar, local_day
from kaohe_flow.results.sealing import commands as sealing
from kaohe_flow.results.sealing.rules import case_key

CLOCK_LAG: Final = timedelta(seconds=15)  # how late the clock comes after the cut-off
MORNING: Final = time(9, 30)
BETWEEN_SIGNATURES: Final = timedelta(hours=1)
LONGEST: Final = 14  # working days from the cut-off within which a month has been sealed


def close(story: Story, month: Month, calendar: WorkCalendar) -> None:
    """Let both authorities close and seal the month, signatures included."""
    cutoff = month.span.cutoff_at
    authorities = [story.crowd.units[root] for root in (BUREAU, ORGANS)]
    story.expect(cutoff + CLOCK_LAG, _begin(story, month, authorities))
    for unit_id in authorities:
        for days in range(1, LONGEST + 1):
            day = calendar.add(local_day(cutoff), days)
            story.expect(datetime.combine(day, MORNING, SHANGHAI), _sign(story, case_key(month.id, unit_id)))


def _begin(story: Story, month: Month, authorities: Sequence[int]) -> Deed:
    def deed(at: datetime) -> None:
        with story.stage.database.write_tx(CLOCK, at) as work:
            for unit_id in authorities:
                sealing.begin(work, month.id, unit_id)

    return deed


def _sign(story: Story, key: str) -> Deed:
    """Whoever is next in the chain of signatures signs, and the one after an hour later."""

    def deed(at: datetime) -> None:
        if story.open_task(key) is None:
            return
        task, who = story.waiting(key)
        with story.stage.database.write_tx(who.actor, at) as work:
            sealing.sign(work, task.id)
        story.expect(at + BETWEEN_SIGNATURES, deed)

    return deed
