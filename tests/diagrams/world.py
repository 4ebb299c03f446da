"""A shipped diagram played on the real engine in a made-up bureau: people decide, days pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from kaohe_flow.kernel.calendar import WorkCalendar
from kaohe_flow.workflow.engine import Engine
from kaohe_flow.workflow.engine.port import Process, Snapshot, Step, Value, Waiting
from tests.diagrams.drawing import FILES, KEYS, TABLES, read

SHANGHAI = ZoneInfo("Asia/Shanghai")
NATIONAL_DAY = frozenset(date(2026, 10, day) for day in range(1, 8))
CALENDAR = WorkCalendar(NATIONAL_DAY, frozenset({date(2026, 10, 10)}))
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
ENGINE = Engine(b"a key that only these tests know.")

Answer = Mapping[str, Value]


@cache
def compiled(key: str) -> Process:
    """The shipped diagram with all shipped decision tables."""
    path = FILES[KEYS.index(key)]
    return ENGINE.compile(path.read_bytes(), dmn=[each.read_bytes() for each in TABLES])


class Case:
    """One instance. ``answers`` are what topics return: one answer for ever, or a list to take in turn."""

    def __init__(
        self,
        key: str,
        *,
        answers: Mapping[str, Answer | list[Answer]] | None = None,
        now: datetime = MONDAY,
        **variables: Value,
    ) -> None:
        self.process = compiled(key)
        self.now = now
        self.performed: list[tuple[str, Mapping[str, Value]]] = []
        self.passed: set[str] = set()
        self._answers = {
            topic: list(each) if isinstance(each, list) else each for topic, each in (answers or {}).items()
        }
        self._take(ENGINE.start(self.process, variables, self))

    @property
    def functions(self) -> Mapping[str, Callable[..., Any]]:
        return {"workdays": lambda days: CALENDAR.deadline(self.now, int(days))}

    def perform(
        self, topic: str, step: Step, variables: Mapping[str, Value], inputs: Mapping[str, Value]
    ) -> Answer:
        self.performed.append((topic, dict(inputs)))
        answer = self._answers.get(topic, {})
        return answer.pop(0) if isinstance(answer, list) else answer

    def _take(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.passed |= {each.element_id for each in snapshot.trace if each.what == "flow"}

    # what people and the clock do

    def decide(self, step: str, outcome: str, **also: Value) -> Case:
        """Somebody finishes a task with one of the outcomes the diagram offers."""
        return self._finish(self.task(step), outcome, also)

    def decide_for(self, item: Value, step: str, outcome: str) -> Case:
        """The same at one instance of a multi-instance task."""
        (task,) = [each for each in self.snapshot.waiting if (each.step_id, each.item) == (step, item)]
        return self._finish(task, outcome, {})

    def _finish(self, task: Waiting, outcome: str, also: Mapping[str, Value]) -> Case:
        properties = self.process.steps[task.step_id].properties
        assert outcome in dict(pair.split("=", 1) for pair in properties["outcomes"].split(";"))
        assert set(also) == set(properties.get("also", "").split())
        decision = {properties["decision"]: outcome, **also}
        self._take(ENGINE.complete(self.process, self.snapshot.state, task.token, decision, self))
        return self

    def send(self, message: str) -> Case:
        """A message arrives."""
        self._take(ENGINE.deliver(self.process, self.snapshot.state, message, {}, self))
        return self

    def wait(self) -> Case:
        """Nobody acts until the next time limit has passed; the clock then calls once."""
        assert self.snapshot.next_due_at is not None
        self.now = self.snapshot.next_due_at + timedelta(seconds=1)
        self._take(ENGINE.tick(self.process, self.snapshot.state, self))
        return self

    def wait_days(self, days: int) -> Case:
        """Some days pass; the clock calls at the end of them."""
        self.now += timedelta(days=days)
        self._take(ENGINE.tick(self.process, self.snapshot.state, self))
        return self

    # what can be seen

    @property
    def open(self) -> list[str]:
        """Ids of the tasks that wait, in alphabetical order."""
        return sorted(each.step_id for each in self.snapshot.waiting)

    def task(self, step: str) -> Waiting:
        (task,) = [each for each in self.snapshot.waiting if each.step_id == step]
        return task

    @property
    def topics(self) -> list[str]:
        """Topics in the order they were performed."""
        return [topic for topic, _ in self.performed]

    @property
    def ended_at(self) -> str | None:
        """Id of the end event, ``None`` while it runs."""
        return self.snapshot.ended_at if self.snapshot.finished else None

    @property
    def waited(self) -> str:
        """The day of the last time limit that passed, in Shanghai."""
        return (self.now - timedelta(seconds=1)).astimezone(SHANGHAI).strftime("%m-%d %H:%M:%S")


def not_passed(key: str, stories: Iterable[Callable[[], Case]]) -> set[str]:
    """Sequence flows of a diagram that none of the stories takes."""
    passed: set[str] = set()
    for story in stories:
        passed |= story().passed
    return set(read(FILES[KEYS.index(key)]).flows) - passed
