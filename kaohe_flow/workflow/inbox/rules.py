"""Due lights: how close a task is to its limit."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class Box(StrEnum):
    """The four boxes of an inbox."""

    MINE = "mine"
    CLAIMABLE = "claimable"
    DONE = "done"
    STARTED = "started"


BOX_TITLES = {Box.MINE: "待办", Box.CLAIMABLE: "待签", Box.DONE: "已办", Box.STARTED: "我发起的"}


class Light(StrEnum):
    """Green: time enough; yellow: half the time is gone or urged; orange: last day; red: overdue."""

    GREEN = "green"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


LAST_DAY = timedelta(days=1)


def light(now: datetime, opened_at: datetime, due_at: datetime | None, urged_at: datetime | None) -> Light:
    """The light of an open task at ``now``; a task without a limit stays green unless urged."""
    if due_at is not None:
        if now > due_at:
            return Light.RED
        if due_at - now <= LAST_DAY:
            return Light.ORANGE
        if now - opened_at >= (due_at - opened_at) / 2:
            return Light.YELLOW
    return Light.YELLOW if urged_at else Light.GREEN
