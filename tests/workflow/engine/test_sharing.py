"""One compiled process serves all threads and is never changed by running it."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from kaohe_flow.workflow.engine.library import BpmnSpecMixin
from kaohe_flow.workflow.engine.port import Process
from tests.workflow.engine.gallery import GALLERY, Walk
from tests.workflow.engine.test_walks import attempt, choose, stored_act, world
from tests.workflow.engine.worlds import Case

THREADS = 8
INSTANCES = 25


@pytest.fixture
def _hurried() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def picture(process: Process) -> dict[str, str]:
    """Everything the library and we keep on specs, as text."""
    seen: dict[str, str] = {}
    for key, spec in process.program.subs.items():
        seen[key] = _text({name: value for name, value in vars(spec).items() if name != "task_specs"})
        for name, task_spec in spec.task_specs.items():
            seen[f"{key}/{name}"] = _text(vars(task_spec))
    return seen


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{key}:{_text(value[key])}" for key in sorted(value, key=str)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_text, value)) + "]"
    if isinstance(value, BpmnSpecMixin):
        return f"node {value.name}"
    if type(value).__name__ == "Event":
        return f"event {value.hard_subscribers} {value.weak_subscribers}"
    return repr(value)


def through(walk: Walk, seed: int) -> list[object]:
    """One instance walked at random; what happened, without the names of tokens."""
    dice = random.Random(seed)
    case = Case(walk.process, world(), **walk.variables)
    story: list[object] = []
    for _ in range(14):
        if case.now.finished:
            break
        what, argument, pause = choose(dice, walk, case.now)
        case.world.now += pause
        story.append((attempt(stored_act, case, what, argument), case.now.trace, case.now.variables))
    return story


@pytest.mark.usefixtures("_hurried")
@pytest.mark.parametrize("name", ["lifecycle", "sub-process-in-parallel"])
def test_threads_on_one_process_do_not_meet(name: str) -> None:
    walk = GALLERY[name]
    before = picture(walk.process)
    alone = [through(walk, seed) for seed in range(THREADS * INSTANCES)]

    with ThreadPoolExecutor(THREADS) as pool:
        together = list(pool.map(lambda seed: through(walk, seed), range(THREADS * INSTANCES)))

    assert together == alone
    assert picture(walk.process) == before


def test_the_picture_of_a_process_would_show_a_change() -> None:
    process = GALLERY["parallel"].process
    before = picture(process)
    spec = process.program.root.task_specs["u"]

    spec.flows.append("x")
    changed = picture(process)
    spec.flows.pop()

    assert changed != before
    assert picture(process) == before
