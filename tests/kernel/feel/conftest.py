"""A watch over evaluations: how much they do, how much they take, and what they touch outside."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

OUTSIDE = ("open", "exec", "compile", "import", "os.", "subprocess.", "socket.", "ctypes.", "shutil.", "pty.")
_watching: list[Watch] = []


@dataclass
class Watch:
    """What happened between the beginning and the end of one ``with``."""

    calls: int = 0
    peak: int = 0
    touched: list[str] = field(default_factory=list)


def _audit(event: str, _arguments: object) -> None:
    if _watching and event.startswith(OUTSIDE):
        _watching[-1].touched.append(event)


sys.addaudithook(_audit)


@contextmanager
def _watch() -> Iterator[Watch]:
    found = Watch()

    def count(_frame: object, event: str, _argument: object) -> None:
        found.calls += event in {"call", "c_call"}

    tracemalloc.start()
    before = sys.getprofile()
    _watching.append(found)
    sys.setprofile(count)
    try:
        yield found
    finally:
        sys.setprofile(before)
        _watching.pop()
        found.peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()


@pytest.fixture
def watch() -> Callable[[], object]:
    """``with watch() as seen:`` counts Python calls (a measure of work no machine makes slower or faster),
    the memory peak in bytes, and everything touched outside the language."""
    return _watch
