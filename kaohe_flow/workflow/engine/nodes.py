"""What all nodes have in common, and the plainest of them: people's tasks, ends, frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from kaohe_flow.workflow.engine.formula import Formula, worked_out
from kaohe_flow.workflow.engine.iso import BadTime
from kaohe_flow.workflow.engine.library import COMPLETED, WAITING, BpmnSpecMixin
from kaohe_flow.workflow.engine.plans import Plan
from kaohe_flow.workflow.engine.port import Step
from kaohe_flow.workflow.engine.timers import moment_of
from kaohe_flow.workflow.engine.tree import Token
from kaohe_flow.workflow.errors import EngineFailed

NO_PLAN: Final = Plan(Step("", "", "event"))


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow as its source sees it. ``target`` names a node of the same (sub-)process."""

    id: str
    target: str
    condition: Formula | None
    default: bool


class Node(BpmnSpecMixin):
    """Common behaviour: a token arrives, becomes ready, runs, leaves by every flow.

    Specs are shared by all instances of a version; nothing here is changed after the linker has set
    ``element`` (the id shown), ``plan``, ``flows`` and, for joins, the incoming flows.
    """

    is_frame = False

    def __init__(self, wf_spec: Any, bpmn_id: str, **attributes: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **attributes)
        self.process = wf_spec
        self.element = ""
        self.plan = NO_PLAN
        self.flows: list[Flow] = []

    @property
    def where(self) -> str:
        """The id of the step, for failures."""
        return self.plan.step.id

    def test(self) -> None:
        """Structure is checked when the diagram is compiled, not at every step."""

    def chosen(self, _token: Token) -> list[Flow]:
        """The flows by which the token leaves."""
        return self.flows

    def reconsider(self, _token: Token) -> bool:
        """Asked when nothing else moves: may a waiting token go on now? Only inclusive joins say yes."""
        return False

    def arrive(self, token: Token) -> None:
        """Write down the way the token came and that it is here."""
        token.run_of.at = self.where
        if token.flow:
            token.run_of.note(token.flow, "flow")
        token.run_of.note(self.element, "entered")

    def depart(self, token: Token) -> None:
        """The token is used up; new ones go on from here."""
        token.remove()
        running = token.workflow
        for flow in self.chosen(token):
            running.spawn(self.process.task_specs[flow.target], flow=flow.id)

    def _update_hook(self, my_task: Token) -> bool:
        self.arrive(my_task)
        my_task.flow = None
        return True

    def _on_ready_hook(self, my_task: Token) -> None:
        """Nothing listens."""

    def _run_hook(self, my_task: Token) -> bool:
        return True

    def _on_complete_hook(self, my_task: Token) -> None:
        my_task.run_of.note(self.element, "left")
        if my_task.holder is not None:
            my_task.holder.task_spec.child_left(my_task)
        self.depart(my_task)

    def _on_cancel(self, my_task: Token) -> None:
        my_task.run_of.note(self.element, "cancelled")

    def child_left(self, child: Token) -> None:
        """A token directly under one of this node has finished."""


class UserTask(Node):
    """Waits for a person. Its due date is worked out once, when it opens."""

    def __init__(self, wf_spec: Any, bpmn_id: str, **attributes: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **attributes)
        self.manual = True

    def _update_hook(self, my_task: Token) -> bool:
        super()._update_hook(my_task)
        my_task.open_key()
        due = self.plan.due
        if due is None:
            return True
        world = my_task.world()
        given = worked_out(due, world)
        if given is None:
            return True
        try:
            my_task.due_at = moment_of(given, world.now)
        except (BadTime, OverflowError) as fault:
            raise EngineFailed(self.where, f"办理期限不能用：{fault}") from fault
        return True


class EndEvent(Node):
    """A token ends here; a terminate event takes all others of its process with it."""

    def depart(self, token: Token) -> None:
        """Nothing goes on."""
        running = token.workflow
        if running is token.run_of:
            token.run_of.ended_at = self.element
        super().depart(token)
        if self.plan.terminates:
            running.abandon()


class Frame(Node):
    """Invisible: holds an activity together with its boundary events. The first output is the activity."""

    is_frame = True

    def __init__(self, wf_spec: Any, name: str, main: Node) -> None:
        super().__init__(wf_spec, name)
        self.bpmn_id = None
        self.main = main
        self.events: list[Node] = []

    def _update_hook(self, my_task: Token) -> bool:
        my_task._set_state(COMPLETED)
        running, flow, my_task.flow = my_task.workflow, my_task.flow, None
        main = running.sprout(self.main, my_task, flow)
        for event in self.events:
            running.spawn(event, parent=my_task)
        self.main._update(main)
        return False

    def child_left(self, child: Token) -> None:
        """The activity is done: its events are no longer waited for."""
        if child.task_spec is self.main:
            for sibling in _others(child):
                if sibling.state == WAITING:
                    sibling.cancel()

    def disarm(self, child: Token) -> None:
        """Cancel what stands beside ``child`` in the frame, the activity too."""
        for sibling in _others(child):
            sibling.cancel()


def _others(child: Token) -> list[Token]:
    return [sibling for sibling in child.parent.children if sibling is not child]
