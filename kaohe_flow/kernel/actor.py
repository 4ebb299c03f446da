"""Who acts: all that the parts below the doors know of the person at the keyboard."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or the clock. ``principals`` are opaque strings such as ``line_reviewer:xz@12``."""

    officer_id: int | None
    name: str
    principals: frozenset[str] = frozenset()

    @property
    def is_clock(self) -> bool:
        """Timers and calendar jobs act without a person; they never decide, they only let time pass."""
        return self.officer_id is None


CLOCK = Actor(officer_id=None, name="系统")
