"""A bar for each stage of a long command."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, Final

import click

REDRAWN: Final = 400  # times at most, from empty to full


class Bars:
    """Stages one below the other; a counted one shows its share, its rate, and the time that is left."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._bar: Any = None

    def __enter__(self) -> Bars:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._open.close()

    def stage(self, label: str, length: int = 0) -> None:
        """A stage begins; the one before is over."""
        self._open.close()
        self._bar = None
        if not length:
            click.echo(f"{label}……")
            return
        often = max(1, length // REDRAWN)
        bar = click.progressbar(length=length, label=label, show_pos=True, update_min_steps=often)
        self._bar = self._open.enter_context(bar)

    def advance(self, steps: int = 1) -> None:
        """Steps of the stage are done."""
        if self._bar is not None:
            self._bar.update(steps)
