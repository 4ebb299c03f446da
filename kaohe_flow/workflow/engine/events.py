"""Events that wait: timers and messages, between tasks and on their boundary; the event-based gateway."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kaohe_flow.workflow.engine.library import COMPLETED, READY, WAITING
from kaohe_flow.workflow.engine.nodes import Frame, Node
from kaohe_flow.workflow.engine.port import Value
from kaohe_flow.workflow.engine.tree import Run, Token


class WaitingEvent(Node):
    """Waits for its timer or its message."""

    def __init__(self, wf_spec: Any, bpmn_id: str, event_definition: Any = None, **attributes: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **attributes)

    def arm(self, token: Token) -> None:
        """Start to wait; the time is worked out here, once."""
        token._set_state(WAITING)
        if self.plan.timer is not None:
            token.alarm = self.plan.timer.alarm(token.world())

    def fire(self, token: Token) -> None:
        """What was waited for has come."""
        raise NotImplementedError


class CatchEvent(WaitingEvent):
    """An intermediate catch event or a receive task."""

    def _update_hook(self, my_task: Token) -> bool:
        if self.awaited_by(my_task) is None:
            self.arrive(my_task)
            my_task.flow = None
        self.arm(my_task)
        return False

    def fire(self, token: Token) -> None:
        """Go on; behind an event-based gateway the other events are given up."""
        gateway = self.awaited_by(token)
        if gateway is not None:
            gateway.won(token)
            self.arrive(token)
            token.flow = None
        token.run_of.note(self.element, "fired")
        token._set_state(READY)

    def _on_cancel(self, my_task: Token) -> None:
        if self.awaited_by(my_task) is None:
            super()._on_cancel(my_task)

    def awaited_by(self, token: Token) -> EventGateway | None:
        """The event-based gateway in front, if the token has not left it yet."""
        holder = token.holder
        if holder is not None and isinstance(holder.task_spec, EventGateway):
            return holder.task_spec
        return None


class BoundaryEvent(WaitingEvent):
    """Sits on an activity. Interrupting: the activity is withdrawn. Otherwise a side branch starts."""

    def __init__(self, wf_spec: Any, bpmn_id: str, cancel_activity: bool = True, **attributes: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **attributes)

    def _update_hook(self, my_task: Token) -> bool:
        self.arm(my_task)
        return False

    def fire(self, token: Token) -> None:
        """An event that comes again (a cycle, a message) stays armed while its activity lives."""
        token.run_of.note(self.element, "fired")
        if self.plan.interrupting:
            frame: Frame = token.parent.task_spec
            frame.disarm(token)
            token._set_state(READY)
            return
        token.alarm = token.alarm.advanced() if token.alarm is not None else None
        if token.alarm is None and self.plan.message is None:
            token._set_state(READY)
            return
        for flow in self.flows:
            token.workflow.spawn(self.process.task_specs[flow.target], flow=flow.id)

    def _on_complete_hook(self, my_task: Token) -> None:
        self.depart(my_task)

    def _on_cancel(self, my_task: Token) -> None:
        """An event that was not needed has not happened."""


class EventGateway(Node):
    """Waits for the first of several events. Each waits by itself, with its own time."""

    is_frame = True

    def _update_hook(self, my_task: Token) -> bool:
        self.arrive(my_task)
        my_task.flow = None
        my_task._set_state(COMPLETED)
        for flow in self.flows:
            my_task.workflow.spawn(self.process.task_specs[flow.target], parent=my_task, flow=flow.id)
        return False

    def won(self, token: Token) -> None:
        """One event came first: the others are given up."""
        for sibling in token.parent.children:
            if sibling is not token:
                sibling.cancel()
        token.run_of.note(self.element, "left")


def next_due(run: Run) -> datetime | None:
    """The earliest timer of the instance, sub-processes and event-based gateways included."""
    return min((token.alarm.due for token in run.everything() if token.alarm is not None), default=None)


def fire_due(run: Run, at_most: int) -> bool:
    """Fire timers that are due, the oldest first, moving on after each. ``False``: the bound was reached."""
    for _ in range(at_most):
        if not _fire_oldest(run):
            return True
    return _due(run) == []


def _fire_oldest(run: Run) -> bool:
    due = _due(run)
    if due:
        _, token, event = min(due, key=lambda each: each[0])
        run.at = event.where
        event.fire(token)
        run.drain()
    return bool(due)


def _due(run: Run) -> list[tuple[datetime, Token, WaitingEvent]]:
    return [
        (token.alarm.due, token, node)
        for token in run.everything()
        if token.alarm is not None and token.alarm.due <= run.host.now
        if isinstance(node := token.task_spec, WaitingEvent)
    ]


def fire_message(run: Run, message: str, payload: Mapping[str, Value]) -> bool:
    """Hand a message to everybody who waits for it now. ``False``: nobody does."""
    waiting = [token for token in run.everything() if token.task_spec.plan.message == message]
    for token in waiting:
        node = token.task_spec
        if token.state == WAITING and isinstance(node, WaitingEvent):
            run.at = node.where
            token.scope.write(payload)
            node.fire(token)
            run.drain()
    return bool(waiting)
