"""A contested decision, as the feature that made it answers for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from kaohe_flow.casework.appeal.rules import Matter, Outcome
from kaohe_flow.kernel.errors import Problem
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.scorebook.ledger.rules import SubjectKind


@dataclass(frozen=True, slots=True)
class Dispute:
    """The contested decision: who made it, where they held the competence, when, and what stands.

    ``reference`` names this very decision, so that it is contested once; ``judges`` is everybody who decided
    on the case in any round or entered it. ``closing_task_id``: a step that still waits for the officer and
    is given up by contesting.
    """

    case_key: str
    matter: Matter
    reference: str
    title: str
    officer_id: int
    unit_id: int
    period_id: int
    decided_at: datetime
    decider_id: int | None
    decider_name: str
    decider_unit_id: int
    opinion: str
    judges: frozenset[int]
    closing_task_id: int | None = None


@dataclass(frozen=True, slots=True)
class Relief:
    """The figures by which a ruling scores anew; those left None are the ones that stand.

    ``points`` are signed for claims; for penalties they are what is still taken, as the tariff writes it.
    ``option`` is the case of a tariff, ``mitigation`` a circumstance the scheme knows.
    """

    quality: str | None = None
    option: str | None = None
    mitigation: str | None = None
    count: Decimal | None = None
    done: Decimal | None = None
    value: Decimal | None = None
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """One figure a ruling may set: ``name`` is a field of ``Relief``, ``stands`` what holds now, in words."""

    name: str
    title: str
    stands: str = ""
    hint: str = ""
    unit: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact in the words of the scheme's facts format, to be entered in place of others."""

    subject_kind: SubjectKind
    subject_id: int
    unit_id: int
    indicator_version_id: int
    item: str
    happened_on: date
    content: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Replacement:
    """What a ruling does to the ledger: facts that no longer hold, and those that hold instead."""

    revoke: tuple[int, ...]
    enter: tuple[NewFact, ...] = ()


class Contested(Protocol):
    """A decision as the feature that made it answers for it: one implementation per kind of case."""

    @property
    def dispute(self) -> Dispute:
        """The decision itself."""

    def asks(self) -> tuple[Ask, ...]:
        """The figures a ruling may set, within the limits of the rule."""

    def faults(self, outcome: Outcome, relief: Relief) -> tuple[Problem, ...]:
        """What is wrong with the figures of a ruling that changes something."""

    def replacement(self, outcome: Outcome, relief: Relief) -> Replacement:
        """How to score anew."""

    def settle(self, work: Work, outcome: Outcome) -> None:
        """Bring the case itself in line with a ruling that changed its result."""
