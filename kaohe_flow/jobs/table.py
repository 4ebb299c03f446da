"""Which function stands behind a job's name, and which are asked for by the calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kaohe_flow.kernel.unit_of_work import Work

Handler = Callable[[Work, Mapping[str, int | str]], None]

HANDLERS: Final[dict[str, Handler]] = {}


def job(name: str) -> Callable[[Handler], Handler]:
    """Register a handler under the name that ``kernel.outbox.enqueue`` is given."""

    def register(handler: Handler) -> Handler:
        HANDLERS[name] = handler
        return handler

    return register
