"""The engine as the port promises it: compile, start, complete, deliver, tick, inspect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from kaohe_flow.workflow.engine.compiler import compile_process
from kaohe_flow.workflow.engine.events import fire_due, fire_message, next_due
from kaohe_flow.workflow.engine.library import READY
from kaohe_flow.workflow.engine.multi import MultiInstance
from kaohe_flow.workflow.engine.port import Host, Process, Snapshot, Value, Waiting
from kaohe_flow.workflow.engine.state import NO_HOST, StateCodec
from kaohe_flow.workflow.engine.tree import Run, Scope, SubRun, Token, guarded
from kaohe_flow.workflow.engine.values import clone, clone_all, freeze_all
from kaohe_flow.workflow.errors import EngineFailed, NotWaiting, TaskGone

FUNCTIONS: Final = frozenset({"workdays", "period_end"})
MOST_TIMERS: Final = 500


class Engine:
    """Runs instances as bytes. Holds no state of its own, so one engine serves all threads.

    ``state_key`` seals stored state; ``functions`` are the names that expressions may call besides FEEL's
    own - a host must offer those that its diagrams use.
    """

    def __init__(self, state_key: bytes, *, functions: frozenset[str] = FUNCTIONS) -> None:
        self._codec = StateCodec(state_key)
        self._functions = functions

    def compile(self, bpmn: bytes, *, dmn: Sequence[bytes] = (), called: Sequence[bytes] = ()) -> Process:
        """One runnable version of a diagram. Raises ``DiagramRefused`` with every fault found."""
        return compile_process(bpmn, dmn, called, self._functions)

    def start(self, process: Process, variables: Mapping[str, Value], host: Host) -> Snapshot:
        """A new instance, moved on until it waits."""
        run = new_run(process, variables, host)
        with guarded(run):
            run.begin()
            run.drain()
        return self._snapshot(process, run)

    def complete(
        self, process: Process, state: bytes, token: str, decision: Mapping[str, Value], host: Host
    ) -> Snapshot:
        """Finish a user task. Due timers fire first; raises ``TaskGone`` if the task went with them."""
        run = self._codec.load(process, state, host)
        with guarded(run):
            complete(run, token, decision)
        return self._snapshot(process, run)

    def deliver(
        self, process: Process, state: bytes, message: str, payload: Mapping[str, Value], host: Host
    ) -> Snapshot:
        """Hand in a message. Timers that are due fire first; raises ``NotWaiting`` if nobody waits for it."""
        run = self._codec.load(process, state, host)
        with guarded(run):
            deliver(run, message, payload)
        return self._snapshot(process, run)

    def tick(self, process: Process, state: bytes, host: Host) -> Snapshot:
        """Fire what is due, at most ``MOST_TIMERS``; if more is due, ``next_due_at`` lies in the past."""
        run = self._codec.load(process, state, host)
        with guarded(run):
            fire_due(run, MOST_TIMERS)
        return self._snapshot(process, run)

    def inspect(self, process: Process, state: bytes) -> Snapshot:
        """The instance as it was stored; nothing moves."""
        return snapshot(self._codec.load(process, state, NO_HOST), state)

    def _snapshot(self, process: Process, run: Run) -> Snapshot:
        return snapshot(run, self._codec.save(process, run))


def new_run(process: Process, variables: Mapping[str, Value], host: Host) -> Run:
    """A new instance in memory. The limits of the process are its first variables; ``variables`` win."""
    return Run(process.program, host, Scope({**clone_all(process.limits), **freeze_all(variables)}))


def complete(run: Run, token: str, decision: Mapping[str, Value]) -> None:
    """Finish the user task ``token`` of an instance in memory."""
    catch_up(run)
    found = next((each for each in run.everything() if each.key == token and each.state == READY), None)
    if found is None or not token:
        raise TaskGone
    found.scope.write(freeze_all(decision))
    run.at = found.task_spec.where
    found.run()
    run.drain()


def deliver(run: Run, message: str, payload: Mapping[str, Value]) -> None:
    """Hand a message to an instance in memory."""
    catch_up(run)
    if not fire_message(run, message, freeze_all(payload)):
        raise NotWaiting(name=message)


def catch_up(run: Run) -> None:
    """Fire all timers that are due, before anybody else acts."""
    if not fire_due(run, MOST_TIMERS):
        raise EngineFailed("", "积压的定时器太多，请等待系统补跑后再办理")


def snapshot(run: Run, state: bytes) -> Snapshot:
    """What the port shows of an instance in memory."""
    return Snapshot(
        state=state,
        waiting=tuple(_waiting(token) for token in run.everything() if token.key and token.state == READY),
        finished=run.completed,
        ended_at=run.ended_at if run.completed else None,
        next_due_at=next_due(run),
        trace=tuple(run.trace),
        variables=clone_all(run.scope.values),
    )


def _waiting(token: Token) -> Waiting:
    return Waiting(
        token=token.key,
        step_id=token.task_spec.plan.step.id,
        variables=clone_all(token.visible),
        item=clone(_item(token)),
        due_at=token.due_at,
    )


def _item(token: Token) -> Value:
    """The member of the nearest multi-instance task around a token."""
    holder = token.holder
    if holder is not None and isinstance(holder.task_spec, MultiInstance):
        return holder.task_spec.item(token)
    return _item(token.workflow.owner) if isinstance(token.workflow, SubRun) else None
