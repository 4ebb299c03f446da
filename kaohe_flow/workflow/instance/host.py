"""The world as a running diagram sees it during one command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.workflow.delegate import Delegate
from kaohe_flow.workflow.engine.port import Step, Value

if TYPE_CHECKING:
    from kaohe_flow.workflow.instance.tasks import TaskBoard

URGE: Final = "task.urge"
ESCALATE: Final = "task.escalate"
OWN_TOPICS: Final = frozenset({URGE, ESCALATE})


class CaseHost:
    """Answers the engine for one case: its delegate does the business, the board moves overdue tasks."""

    def __init__(self, work: Work, delegate: Delegate, board: TaskBoard) -> None:
        self._work = work
        self._delegate = delegate
        self._board = board
        self._functions: Mapping[str, Callable[..., Value]] | None = None

    @property
    def now(self) -> datetime:
        """The moment of the command."""
        return self._work.now

    @property
    def functions(self) -> Mapping[str, Callable[..., Value]]:
        """Calendar functions of the case; looked up once and only if an expression asks."""
        if self._functions is None:
            case_key = self._board.instance.case_key
            self._functions = self._delegate.functions(self._work.session, case_key, self._work.counts_from)
        return self._functions

    def perform(
        self, topic: str, step: Step, variables: Mapping[str, Value], inputs: Mapping[str, Value]
    ) -> Mapping[str, Value]:
        """Urging and climbing are the same for every diagram; every other topic is the business's own."""
        if topic == URGE:
            self._board.urge(str(inputs["step"]), inputs.get("item"))
            return {}
        if topic == ESCALATE:
            self._board.escalate(str(inputs["step"]), inputs.get("item"))
            return {}
        return self._delegate.perform(self._work, self._board.instance.case_key, step, inputs, variables)
