"""What is to happen to one claim: the deeds in their order, with the words and figures of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kaohe_flow.casework.submission.rules import ClaimContent, Finding
from kaohe_flow.kernel.actor import Actor
from kaohe_flow.records.attachment.commands import Upload
from kaohe_flow.scheme.definition.item.rules import Item


class Deed(StrEnum):
    """What somebody does to a claim."""

    FILE = "file"
    PASS = "pass"  # noqa: S105 - a verdict
    REJECT = "reject"
    APPROVE = "approve"
    FIX = "fix"
    GIVE_UP = "give_up"
    WITHDRAW = "withdraw"


FREEZING = frozenset({Deed.FILE, Deed.FIX})
JUDGING = frozenset({Deed.PASS, Deed.REJECT, Deed.APPROVE})


@dataclass(frozen=True, slots=True)
class Act:
    """One deed. ``content`` and ``files`` belong to filing and fixing, ``finding`` to judging."""

    deed: Deed
    at: datetime
    actor: Actor
    content: ClaimContent | None = None
    files: tuple[Upload, ...] = ()
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """What an officer reports on: the assignment, the indicator as it is worded in the period, its rule."""

    assignment_id: int
    version_id: int
    code: str
    title: str
    tag: str
    line_code: str | None
    item: Item
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as cases show it, and the department, county or branch it belongs to."""

    id: int
    name: str
    bureau: str


@dataclass(frozen=True, slots=True)
class Script:
    """One claim from its report to its end. ``place`` is the officer's unit on the day of the work."""

    officer: Actor
    period_id: int
    task: Task
    place: Place
    acts: tuple[Act, ...]

    @property
    def officer_id(self) -> int:
        """Who reports."""
        assert self.officer.officer_id is not None, "the clock reports nothing"
        return self.officer.officer_id

    @property
    def path(self) -> tuple[str, ...]:
        """What decides the course of the case in its diagram: the deeds, and the quality that was found."""
        quality = next(
            (act.finding.quality for act in self.acts if act.finding and act.finding.quality), None
        )
        judged = next((act.finding.points for act in self.acts if act.finding), None) is not None
        return (*(act.deed.value for act in self.acts), quality or "", str(judged))
