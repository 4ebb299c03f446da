"""A running instance in memory: tokens, scopes of variables, and the loop that moves the tokens.

The tree of tasks is kept flat: a token that has moved on is removed at once, so nothing grows with loops and
nothing has to be pruned. Only three things have children: the root, the frame of an activity with boundary
events (or of an event-based gateway), and a multi-instance task.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from kaohe_flow.kernel.errors import KaoheError
from kaohe_flow.workflow.engine.formula import Evaluation, HostFunctions
from kaohe_flow.workflow.engine.library import (
    CANCELLED,
    COMPLETED,
    FUTURE,
    LIVE,
    READY,
    BpmnSubWorkflow,
    BpmnWorkflow,
    Task,
)
from kaohe_flow.workflow.engine.port import Host, Trace, Value
from kaohe_flow.workflow.engine.timers import Alarm
from kaohe_flow.workflow.errors import EngineFailed

if TYPE_CHECKING:
    from kaohe_flow.workflow.engine.nodes import Node
    from kaohe_flow.workflow.engine.program import Program

MAX_STEPS: Final = 10_000
MAX_DEPTH: Final = 20
TOKEN_BYTES: Final = 9


class Scope:
    """Variables of one process instance. ``written`` are the names changed since the scope was opened."""

    __slots__ = ("values", "written")

    def __init__(self, values: dict[str, Value], written: set[str] | None = None) -> None:
        self.values = values
        self.written: set[str] = written if written is not None else set()

    def write(self, values: Mapping[str, Value]) -> None:
        """Set variables; the last writer wins."""
        self.values.update(values)
        self.written.update(values)


class Token(Task):
    """A token at a node. Its own ``local`` variables (multi-instance item) lie over those of the scope."""

    task_spec: Node

    def __init__(self, run: Run | SubRun, node: Node, parent: Token | None, *, state: int = FUTURE) -> None:
        self.flow: str | None = None
        self.local: dict[str, Value] | None = None
        self.alarm: Alarm | None = None
        self.due_at: datetime | None = None
        self.key = ""
        self.done = 0
        self.total = 0
        self.rest: list[Value] = []
        super().__init__(run, node, parent=parent, state=state, id=run.top_workflow.next_id())

    @property
    def holder(self) -> Token | None:
        """The frame or multi-instance task directly around the token; ``None`` right under the root."""
        parent: Token | None = self.parent
        return None if parent is self.workflow.task_tree else parent

    @property
    def run_of(self) -> Run:
        """The instance as a whole, whatever sub-process the token is in."""
        top: Run = self.workflow.top_workflow
        return top

    @property
    def scope(self) -> Scope:
        """The variables the token reads and writes."""
        scope: Scope = self.workflow.scope
        return scope

    @property
    def visible(self) -> dict[str, Value]:
        """All variables the token sees. Not a copy unless it has some of its own: read only."""
        values = self.scope.values
        return {**values, **self.local} if self.local else values

    def world(self) -> Evaluation:
        """What an expression of this token may look at."""
        run = self.run_of
        return Evaluation(self.visible, run.functions, run.host.now)

    def open_key(self) -> None:
        """Give the token the name under which people complete it; never used twice."""
        self.key = secrets.token_urlsafe(TOKEN_BYTES)

    def remove(self) -> None:
        """Take the token out of the tree, and the frame around it when it was the last inside."""
        holder = self.holder
        if self.id in self.workflow.tasks:
            self.workflow._remove_task(self.id)
        if holder is not None and holder.task_spec.is_frame and not holder.children:
            holder.remove()

    def cancel(self) -> None:
        """Withdraw the token with all that hangs on it."""
        if not self.has_state(LIVE):
            return
        self._set_state(CANCELLED)
        for child in self.children:
            child.cancel()
        self.task_spec._on_cancel(self)
        self.remove()

    def _set_state(self, value: int) -> None:
        self._state = value
        if value == READY and not self.task_spec.manual:
            self.run_of.agenda.append(self)


class Running:
    """What a process and a sub-process have in common. Mixed into the library's classes."""

    scope: Scope
    task_tree: Token
    tasks: dict[str, Token]
    top_workflow: Run
    spec: Any

    def plant(self) -> None:
        """The root: a token that has started and only holds the others."""
        self.task_tree = Token(self, self.spec.start, None, state=COMPLETED)  # type: ignore[arg-type]

    def begin(self) -> None:
        """Put a token on the start event."""
        self.spawn(self.spec.start.outputs[0])

    def spawn(self, node: Node, *, parent: Token | None = None, flow: str | None = None) -> Token:
        """A new token arrives at ``node``."""
        token = self.sprout(node, parent, flow)
        node._update(token)
        return token

    def sprout(self, node: Node, parent: Token | None = None, flow: str | None = None) -> Token:
        """A new token that has not arrived yet."""
        token = Token(self, node, parent or self.task_tree)  # type: ignore[arg-type]
        token.flow = flow
        return token

    def live(self) -> list[Token]:
        """Tokens that are somewhere, oldest first."""
        return [token for token in self.tasks.values() if token.has_state(LIVE)]

    def abandon(self) -> None:
        """Cancel every token."""
        for token in self.live():
            token.cancel()

    def _task_completed_notify(self, _task: Token) -> None:
        """The library walks its tree here; our tokens have moved on already."""


class SubRun(Running, BpmnSubWorkflow):
    """A running sub-process or called process. ``shared`` means that it has no variables of its own."""

    def __init__(self, key: str, owner: Token, scope: Scope, *, shared: bool) -> None:
        top = owner.run_of
        self.scope = scope
        self.shared = shared
        self.owner = owner
        super().__init__(top.subprocess_specs[key], owner.id, top, deserializing=True)
        if self.depth > MAX_DEPTH:
            raise EngineFailed(owner.task_spec.where, f"子流程嵌套超过 {MAX_DEPTH} 层，可能在互相调用")
        self.plant()
        top.subprocesses[owner.id] = self


class Run(Running, BpmnWorkflow):
    """One instance during one call."""

    def __init__(self, program: Program, host: Host, scope: Scope) -> None:
        self.host = host
        self.functions = HostFunctions(host)
        self.scope = scope
        self.agenda: list[Token] = []
        self.trace: list[Trace] = []
        self.ended_at: str | None = None
        self.at = ""
        self._ids = 0
        super().__init__(program.root, program.subs, script_engine=NO_SCRIPTS, deserializing=True)
        self.plant()

    def next_id(self) -> str:
        """A name for a token within this call."""
        self._ids += 1
        return str(self._ids)

    def note(self, element: str, what: Literal["entered", "left", "cancelled", "fired", "flow"]) -> None:
        """Write down what happened; invisible nodes (frames) have no name."""
        if element:
            self.trace.append(Trace(element, what))

    def everything(self) -> Iterator[Token]:
        """Live tokens of the instance, sub-processes' right after the token that owns them."""
        yield from self._within(self)

    def _within(self, running: Running) -> Iterator[Token]:
        for token in running.live():
            yield token
            inner = self.subprocesses.get(token.id)
            if inner is not None:
                yield from self._within(inner)

    def drain(self) -> None:
        """Move tokens until only people, clocks and messages are waited for."""
        steps = 0
        while True:
            while self.agenda:
                token = self.agenda.pop()
                if token.state == READY:
                    self._execute(token)
                    steps += 1
                if steps > MAX_STEPS:
                    raise EngineFailed(token.task_spec.where, "流程在这里原地循环，没有停下等待的环节")
            if not self._settle():
                return

    def _execute(self, token: Token) -> None:
        """One step; what it makes ready comes next, first branch first."""
        mark = len(self.agenda)
        self.at = token.task_spec.where
        token.run()
        self.agenda[mark:] = reversed(self.agenda[mark:])

    def _settle(self) -> bool:
        """Nothing is ready: close sub-processes that ran empty, then open inclusive joins. True: go on."""
        empty = [sub for sub in self.subprocesses.values() if not sub.live()]
        if empty:
            for sub in empty:
                sub.owner.task_spec.close(sub)
            return True
        for running in (self, *self.subprocesses.values()):
            for token in running.live():
                if token.task_spec.reconsider(token):
                    return True
        self.completed = not self.live()
        return False


@contextmanager
def guarded(run: Run) -> Iterator[None]:
    """A failure of ours passes, anything else becomes ``EngineFailed`` naming the last step reached."""
    try:
        yield
    except KaoheError:
        raise
    except Exception as fault:
        raise EngineFailed(run.at, f"{type(fault).__name__}：{fault}") from fault


class _NoScripts:
    """Stands where the library keeps its Python evaluator. Nothing of ours asks it; who does, fails."""

    def __getattr__(self, name: str) -> Any:
        raise EngineFailed("", "流程图中的脚本不予执行")


NO_SCRIPTS: Final = _NoScripts()
