"""What loading tells whoever waits for it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told of each stage, and of the steps done in it."""

    def stage(self, label: str, length: int = 0) -> None:
        """A stage begins; ``length`` steps will be told, 0 if they are not counted."""

    def advance(self, steps: int = 1) -> None:
        """Steps of the stage are done."""


class Silent:
    """Tells nobody."""

    def stage(self, label: str, length: int = 0) -> None:
        """A stage begins."""

    def advance(self, steps: int = 1) -> None:
        """Steps are done."""
