"""The contract between the engine and everybody above it. Nothing of the library behind it shows here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from kaohe_flow.workflow.engine.program import Program

Value = None | bool | int | str | Decimal | list["Value"] | dict[str, "Value"]
"""What a process variable may hold. Moments are ISO strings with offset; a float is refused."""

Kind = Literal["user", "service", "decision", "call", "gateway", "event", "subprocess"]

EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Step:
    """What the XML says about one node, read when the diagram is compiled.

    Elements of a called process carry its key: ``appeal_review/decide``; all others their own id.
    """

    id: str
    name: str
    kind: Kind
    lane: str | None = None
    candidates: tuple[str, ...] = ()
    form_key: str | None = None
    topic: str | None = None
    due: str | None = None
    properties: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    documentation: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Process:
    """One compiled version of a diagram with its tables and called diagrams. Shared, never changed.

    ``limits`` are the properties of the process element: the time limits its owner may edit; they become
    the first variables of an instance. ``digest`` names the version: SHA-256 over all its files.
    """

    key: str
    name: str
    steps: Mapping[str, Step]
    limits: Mapping[str, Value]
    messages: frozenset[str]
    digest: bytes
    program: Program = field(repr=False, compare=False)


class Host(Protocol):
    """What the world offers to a running instance during one call."""

    @property
    def now(self) -> datetime:
        """The aware moment at which everything in this call happens."""
        ...

    @property
    def functions(self) -> Mapping[str, Callable[..., Any]]:
        """Functions that expressions may call besides FEEL's own, such as ``workdays(n)``."""
        ...

    def perform(
        self, topic: str, step: Step, variables: Mapping[str, Value], inputs: Mapping[str, Value]
    ) -> Mapping[str, Value]:
        """Do the work of a service task; what comes back is written to the variables."""
        ...


@dataclass(frozen=True, slots=True)
class Waiting:
    """A user task that waits. ``item`` is its element of a multi-instance task (会签), else ``None``."""

    token: str
    step_id: str
    variables: Mapping[str, Value]
    item: Value = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """One happening within a call, in order. For ``flow`` the id is that of the sequence flow."""

    element_id: str
    what: Literal["entered", "left", "cancelled", "fired", "flow"]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An instance after a call: what to store, who is waited for, when to look again."""

    state: bytes
    waiting: tuple[Waiting, ...]
    finished: bool
    ended_at: str | None
    next_due_at: datetime | None
    trace: tuple[Trace, ...]
    variables: Mapping[str, Value]
