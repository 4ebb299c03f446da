"""Random walks: an instance kept in memory and one stored and read back after every step stay the same."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from kaohe_flow.workflow.engine import machine
from kaohe_flow.workflow.engine.events import fire_due
from kaohe_flow.workflow.engine.port import Snapshot, Value
from kaohe_flow.workflow.errors import NotWaiting, TaskGone
from tests.workflow.engine.gallery import GALLERY, Walk
from tests.workflow.engine.worlds import Case, World

SEEDS = range(90)
STEPS = 24


def world() -> World:
    counted = {"count": lambda seen: {"counted": int(seen.get("counted", 0)) + 1}}
    climbed = {"climb": lambda seen: {"rung": min(5, int(seen.get("rung", 0)) + 1)}}
    return World(**counted, **climbed)


class InMemory:
    """The same instance, never stored."""

    def __init__(self, walk: Walk) -> None:
        self.world = world()
        self.run = machine.new_run(walk.process, walk.variables, self.world)
        self.run.begin()
        self.run.drain()

    def look(self) -> Snapshot:
        seen = machine.snapshot(self.run, b"")
        self.run.trace.clear()
        return seen

    def act(self, what: str, argument: Any) -> None:
        if what == "complete":
            place, decision = argument
            machine.complete(self.run, machine.snapshot(self.run, b"").waiting[place].token, decision)
        elif what == "send":
            machine.deliver(self.run, argument, {})
        else:
            fire_due(self.run, machine.MOST_TIMERS)


def stored_act(case: Case, what: str, argument: Any) -> None:
    if what == "complete":
        place, decision = argument
        token = case.now.waiting[place].token
        case.now = case.engine.complete(case.process, case.now.state, token, decision, case.world)
    elif what == "send":
        case.send(argument)
    else:
        case.tick()


def attempt(act: Any, *arguments: Any) -> type[Exception] | None:
    try:
        act(*arguments)
    except (TaskGone, NotWaiting) as refused:
        return type(refused)
    return None


def signature(seen: Snapshot) -> object:
    waiting = [(each.step_id, each.item, each.variables, each.due_at) for each in seen.waiting]
    return waiting, seen.finished, seen.ended_at, seen.next_due_at, seen.trace, seen.variables


def choose(dice: random.Random, walk: Walk, seen: Snapshot) -> tuple[str, Any, timedelta]:
    pause = timedelta(hours=dice.choice([0, 0, 0, 0, 1, 3, 11, 30, 200]))
    roll = dice.random()
    if walk.messages and roll < 0.1:
        return "send", dice.choice(walk.messages), pause
    if roll < 0.25 or not seen.waiting:
        return "tick", None, pause
    decision: Mapping[str, Value] = {name: dice.choice(options) for name, options in walk.choices.items()}
    return "complete", (dice.randrange(len(seen.waiting)), decision), pause


def walk_once(walk: Walk, seed: int) -> int:
    dice = random.Random(seed)
    memory, stored = InMemory(walk), Case(walk.process, world(), **walk.variables)
    for step in range(STEPS):
        seen = memory.look()
        assert signature(seen) == signature(stored.now), (seed, step)
        if seen.finished:
            break
        what, argument, pause = choose(dice, walk, seen)
        memory.world.now += pause
        stored.world.now += pause
        refused = attempt(memory.act, what, argument)
        assert refused == attempt(stored_act, stored, what, argument), (seed, step)
        if refused is not None:
            stored.tick()  # in memory the due timers have fired although the call was refused
    return len(memory.world.performed)


@pytest.mark.parametrize("name", sorted(GALLERY))
def test_memory_and_storage_never_differ(name: str) -> None:
    for seed in SEEDS:
        walk_once(GALLERY[name], seed)


def test_the_walks_are_many_and_reach_every_step() -> None:
    assert len(SEEDS) * len(GALLERY) >= 1_000

    for name, walk in GALLERY.items():
        reached: set[str] = set()
        for seed in SEEDS:
            reached |= _visited(walk, seed)
        assert {step for step in walk.process.steps if step not in reached} == set(), name


def _visited(walk: Walk, seed: int) -> set[str]:
    dice = random.Random(seed)
    case = Case(walk.process, world(), **walk.variables)
    reached = {trace.element_id for trace in case.now.trace}
    for _ in range(STEPS):
        if case.now.finished:
            break
        what, argument, pause = choose(dice, walk, case.now)
        case.world.now += pause
        if attempt(stored_act, case, what, argument) is not None:
            case.tick()
        reached |= {trace.element_id for trace in case.now.trace}
    return reached
