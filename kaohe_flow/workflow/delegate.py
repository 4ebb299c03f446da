"""The one way up: what a running diagram may ask of the business, as a Protocol owned down here.

The vocabulary of a process owner is exactly what the delegates offer: ``topics`` for service tasks,
``forms`` for user tasks, ``variables`` that services return.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.workflow.engine.port import Step, Value


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who may take a task: opaque principals, less the persons who must not decide here.

    ``climbed`` counts the levels the pool moved up because nobody was left below; ``is_incident`` says
    that even the top had to stand in.
    """

    principals: frozenset[str]
    recused: frozenset[int] = frozenset()
    climbed: int = 0
    is_incident: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a step asks for: the case, the expressions of the diagram, how often it climbed already."""

    case_key: str
    expressions: tuple[str, ...]
    item: Value = None
    climb: int = 0


class Delegate(Protocol):
    """What one kind of case does for its diagram."""

    @property
    def topics(self) -> frozenset[str]:
        """What ``camunda:topic`` may say."""

    @property
    def forms(self) -> frozenset[str]:
        """What ``camunda:formKey`` may say."""

    @property
    def variables(self) -> frozenset[str]:
        """Variables that the topics return, beyond the decisions of user tasks."""

    def candidates(self, session: Session, asked: Asked, now: datetime) -> Candidates:
        """Resolve the expressions of a user task to a pool; recusal is applied here, not in diagrams."""

    def functions(self, session: Session, case_key: str, now: datetime) -> Mapping[str, Callable[..., Value]]:
        """FEEL functions such as ``workdays(n)``, counted from ``now`` on the bureau's calendar."""

    def perform(
        self, work: Work, case_key: str, step: Step, inputs: Mapping[str, Value], known: Mapping[str, Value]
    ) -> Mapping[str, Value]:
        """Do what ``step.topic`` says; ``known`` are the process variables. Returns new variables."""
