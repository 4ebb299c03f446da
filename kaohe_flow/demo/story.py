"""The story: events in the order of time, each doing its commands and announcing others."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from typing import Final

from kaohe_flow.demo.people import Crowd, Person
from kaohe_flow.demo.progress import Progress
from kaohe_flow.kernel.actor import CLOCK
from kaohe_flow.kernel.calendar import local_day, start_of
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.records.attachment.gateway import FileStore
from kaohe_flow.workflow.instance import commands as instances
from kaohe_flow.workflow.instance import queries as running
from kaohe_flow.workflow.instance.model import Task

Deed = Callable[[datetime], None]
CASES_AT_ONCE: Final = 200
SEED: Final = 20260325


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the story is played."""

    database: Database
    files: FileStore
    now: datetime
    progress: Progress


class Story:
    """The events to come. Every midnight the limits of cases that ran out take effect."""

    def __init__(self, stage: Stage, crowd: Crowd, since: date) -> None:
        self.stage = stage
        self.crowd = crowd
        self.chance = Random(SEED)  # noqa: S311 - a story, not a secret
        self._today = since
        self._coming: list[tuple[datetime, int, Deed]] = []
        self._number = count()

    def expect(self, at: datetime, deed: Deed) -> None:
        """Do ``deed`` at that moment, unless it lies beyond the end of the story."""
        if at < self.stage.now:
            heapq.heappush(self._coming, (at, next(self._number), deed))

    def play(self) -> int:
        """Everything in the order of time; returns how many deeds there were."""
        done = 0
        while self._coming:
            at, _, deed = heapq.heappop(self._coming)
            self._wake_up_on(local_day(at))
            deed(at)
            done += 1
        self._wake_up_on(local_day(self.stage.now))
        self._fire_limits(self.stage.now)
        return done

    def open_task(self, key: str) -> Task | None:
        """The task a case waits at, None when it is over or waits for time alone."""
        with self.stage.database.read() as session:
            instance = running.of_case(session, key)
            waiting = running.open_tasks(session, instance.id) if instance is not None else ()
            if not waiting:
                return None
            session.expunge(waiting[0])
            return waiting[0]

    def waiting(self, key: str) -> tuple[Task, Person]:
        """The open task of a case, and somebody of its pool who need not keep out.

        Those with a demo account go first, so that their own finished work is not an empty list.
        """
        with self.stage.database.read() as session:
            instance = running.of_case(session, key)
            assert instance is not None, "the case has been started"
            task = running.open_tasks(session, instance.id)[0]
            principals = running.principals_of(session, task.id)
            pool = self.crowd.holding(principals)
            self.chance.shuffle(pool)
            pool.sort(key=lambda person: not person.post.username)
            who = next(person for person in pool if running.may_act(session, task, person.actor))
            session.expunge(task)
        return task, who

    def _wake_up_on(self, day: date) -> None:
        while self._today < day:
            self._today += timedelta(days=1)
            self._fire_limits(start_of(self._today))
            self.stage.progress.advance()

    def _fire_limits(self, moment: datetime) -> None:
        """Let the limits of all cases fire that have run out by then."""
        with self.stage.database.read() as session:
            due = running.due_instances(session, moment, CASES_AT_ONCE)
        for instance_id in due:
            with self.stage.database.write_tx(CLOCK, moment) as work:
                instances.tick(work, instance_id)
