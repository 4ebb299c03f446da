"""Loading in a hurry: what a crash would lose can simply be loaded again."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

from sqlalchemy import Engine


@contextlib.contextmanager
def in_haste(engine: Engine) -> Iterator[None]:
    """Spare SQLite the wait for the disk and Python the search for garbage; both are back afterwards."""
    _synchronous(engine, "OFF")
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()
        _synchronous(engine, "FULL")


def _synchronous(engine: Engine, level: str) -> None:
    """Of the pooled connection, which is the one that a single thread gets again and again."""
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        connection.cursor().execute(f"PRAGMA synchronous={level}")
    finally:
        connection.close()
