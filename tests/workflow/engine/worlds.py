"""A host for tests, and an engine driven the way the product drives it: only bytes survive a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from kaohe_flow.workflow.engine import Engine
from kaohe_flow.workflow.engine.port import Process, Snapshot, Step, Value, Waiting

KEY = b"a key of thirty-two bytes length"
MONDAY = datetime(2025, 11, 24, 1, 0, tzinfo=UTC)


class World:
    """Records what is asked of it; answers by topic."""

    def __init__(
        self, now: datetime = MONDAY, **answers: Callable[[Mapping[str, Value]], Mapping[str, Any]]
    ) -> None:
        self.now = now
        self.answers = answers
        self.performed: list[tuple[str, str, Mapping[str, Value]]] = []
        self.functions: Mapping[str, Callable[..., Any]] = {
            "workdays": lambda n: self.now + timedelta(days=int(n)),
            "period_end": lambda: datetime(2025, 12, 25, 15, 59, 59, tzinfo=UTC),
        }

    def perform(
        self, topic: str, step: Step, variables: Mapping[str, Value], inputs: Mapping[str, Value]
    ) -> Mapping[str, Value]:
        self.performed.append((topic, step.id, inputs))
        answer = self.answers.get(topic)
        return answer(variables) if answer else {}

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)


class Case:
    """One instance; after every call nothing is kept but the snapshot."""

    def __init__(self, process: Process, world: World | None = None, **variables: Value) -> None:
        self.engine = Engine(KEY)
        self.process = process
        self.world = world or World()
        self.now: Snapshot = self.engine.start(process, variables, self.world)

    @property
    def open(self) -> list[str]:
        return sorted(waiting.step_id for waiting in self.now.waiting)

    def task(self, step: str, item: Value = None) -> Waiting:
        for waiting in self.now.waiting:
            if waiting.step_id == step and (item is None or waiting.item == item):
                return waiting
        raise AssertionError(f"{step} is not open; open are {self.open}")

    def do(self, step: str, item: Value = None, **decision: Value) -> Snapshot:
        token = self.task(step, item).token
        self.now = self.engine.complete(self.process, self.now.state, token, decision, self.world)
        return self.now

    def tick(self, **span: float) -> Snapshot:
        self.world.later(**span)
        self.now = self.engine.tick(self.process, self.now.state, self.world)
        return self.now

    def send(self, message: str, **payload: Value) -> Snapshot:
        self.now = self.engine.deliver(self.process, self.now.state, message, payload, self.world)
        return self.now

    @property
    def path(self) -> list[str]:
        return [f"{trace.what} {trace.element_id}" for trace in self.now.trace]


def compiled(bpmn: bytes, **files: Any) -> Process:
    return Engine(KEY).compile(bpmn, **files)
