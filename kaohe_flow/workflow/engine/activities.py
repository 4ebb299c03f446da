"""Nodes at which the engine itself does something: services, decision tables, sub-processes, calls."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from kaohe_flow.workflow.engine.decision import Decision
from kaohe_flow.workflow.engine.formula import Formula, worked_out
from kaohe_flow.workflow.engine.library import STARTED
from kaohe_flow.workflow.engine.nodes import Node
from kaohe_flow.workflow.engine.plans import Call, DecisionCall
from kaohe_flow.workflow.engine.port import Value
from kaohe_flow.workflow.engine.tree import Scope, SubRun, Token
from kaohe_flow.workflow.engine.values import clone_all, freeze, freeze_all
from kaohe_flow.workflow.errors import EngineFailed, VariableRefused


class ServiceTask(Node):
    """Asks the host to do something; the answer goes to the variables."""

    def _run_hook(self, my_task: Token) -> bool:
        world = my_task.world()
        inputs: dict[str, Value] = {}
        for name, given in self.plan.inputs:
            inputs[name] = freeze(name, worked_out(given, world))
        seen = MappingProxyType(clone_all(my_task.visible))
        result = my_task.run_of.host.perform(self.plan.step.topic or "", self.plan.step, seen, inputs)
        my_task.scope.write(keep(self.where, result))
        return True


class DecisionTask(Node):
    """Asks a decision table; ``decision`` is set by the compiler."""

    decision: Decision
    asked: DecisionCall

    def _run_hook(self, my_task: Token) -> bool:
        answer = self.decision.answer(self.where, my_task.world())
        written = answer.mapped(self.asked.result, self.asked.mapping)
        my_task.scope.write(keep(self.where, written))
        return True


class SubProcess(Node):
    """An embedded sub-process: shares the variables around it, unless it runs once per member of a list."""

    def __init__(self, wf_spec: Any, bpmn_id: str, subworkflow_spec: str = "", **attributes: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **attributes)
        self.spec = subworkflow_spec

    def _update_hook(self, my_task: Token) -> bool:
        super()._update_hook(my_task)
        my_task._set_state(STARTED)
        shared = my_task.local is None
        scope = my_task.scope if shared else Scope(clone_all(my_task.visible))
        self.launch(my_task, scope, shared=shared)
        return False

    def launch(self, owner: Token, scope: Scope, *, shared: bool) -> None:
        """Open the inner process and put a token on its start."""
        SubRun(self.spec, owner, scope, shared=shared).begin()

    def close(self, sub: SubRun) -> None:
        """The inner process ran empty: bring its variables out and go on."""
        owner = sub.owner
        del owner.run_of.subprocesses[owner.id]
        if not sub.shared:
            owner.scope.write(self.outcome(sub))
        owner._ready()

    def outcome(self, sub: SubRun) -> Mapping[str, Value]:
        """What the inner process changed, without what belongs to one member only."""
        own = sub.owner.local or {}
        return {name: sub.scope.values[name] for name in sub.scope.written if name not in own}

    def _on_cancel(self, my_task: Token) -> None:
        sub = my_task.run_of.subprocesses.pop(my_task.id, None)
        if sub is not None:
            sub.abandon()
        super()._on_cancel(my_task)


class CallActivity(SubProcess):
    """A called process with variables of its own. Without mappings all go in and all changed come back."""

    called: Call
    limits: Mapping[str, Value]

    def _update_hook(self, my_task: Token) -> bool:
        Node._update_hook(self, my_task)
        my_task._set_state(STARTED)
        given = self.mapped(my_task, self.called.inward, my_task.visible)
        self.launch(my_task, Scope({**clone_all(self.limits), **given}), shared=False)
        return False

    def outcome(self, sub: SubRun) -> Mapping[str, Value]:
        """By the ``camunda:out`` mappings, or all that was changed."""
        changed = super().outcome(sub)
        if not self.called.outward:
            return changed
        functions = sub.owner.world().functions
        result: dict[str, Value] = {}
        for target, formula in self.called.outward:
            if formula is None or target is None:
                result.update(changed)
            else:
                result[target] = freeze(target, formula.evaluate(sub.scope.values, functions))
        return result

    def mapped(
        self, token: Token, pairs: tuple[tuple[str | None, Formula | None], ...], everything: dict[str, Value]
    ) -> dict[str, Value]:
        """The variables that go in."""
        if not pairs:
            return clone_all(everything)
        world = token.world()
        given: dict[str, Value] = {}
        for target, formula in pairs:
            if formula is None or target is None:
                given.update(clone_all(everything))
            else:
                given[target] = freeze(target, formula.evaluate(world.context, world.functions))
        return given


def keep(element: str, result: Mapping[str, object]) -> dict[str, Value]:
    """What a step produced, as variables; a value that cannot be kept fails the step."""
    try:
        return freeze_all(result)
    except VariableRefused as fault:
        raise EngineFailed(element, str(fault)) from fault
