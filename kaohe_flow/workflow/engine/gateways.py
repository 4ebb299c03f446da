"""Gateways that choose and join. Joins count tokens that stand at them, so a loop cannot mislead them."""

from __future__ import annotations

from typing import Any

from kaohe_flow.workflow.engine.library import CANCELLED, READY, WAITING
from kaohe_flow.workflow.engine.nodes import Flow, Node
from kaohe_flow.workflow.engine.tree import Token
from kaohe_flow.workflow.errors import EngineFailed


class ExclusiveGateway(Node):
    """The first flow, in the order of the file, whose condition holds; else the default flow."""

    def chosen(self, token: Token) -> list[Flow]:
        """Exactly one flow. Raises ``EngineFailed`` if none may be taken."""
        world = token.world()
        for flow in self.flows:
            if flow.condition is not None and flow.condition.holds(world.context, world.functions):
                return [flow]
        return [_default(self)]


class Join(Node):
    """Tokens wait at the node until it may open; those that are joined are used up."""

    def __init__(self, wf_spec: Any, bpmn_id: str, **attributes: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **attributes)
        self.incoming: frozenset[str] = frozenset()

    def _update_hook(self, my_task: Token) -> bool:
        self.arrive(my_task)
        if len(self.incoming) <= 1:
            my_task.flow = None
            return True
        my_task._set_state(WAITING)
        return self.arrived(my_task)

    def arrived(self, _token: Token) -> bool:
        """Whether the arrival of this token opens the join."""
        return False

    def standing(self, token: Token) -> list[Token]:
        """Tokens that wait at this node in the same (sub-)process, oldest first."""
        return [each for each in token.workflow.live() if each.task_spec is self and each.state == WAITING]

    def consume(self, tokens: list[Token], but: Token) -> None:
        """Take the joined tokens away, except the one that goes on."""
        for token in tokens:
            if token is not but:
                token._set_state(CANCELLED)
                token.remove()


class ParallelGateway(Join):
    """Opens when a token stands on every incoming flow; consumes exactly one from each."""

    def arrived(self, token: Token) -> bool:
        """The oldest token of each flow is taken; a second one on the same flow waits for the next round."""
        taken: dict[str | None, Token] = {}
        for each in self.standing(token):
            taken.setdefault(each.flow, each)
        if len(taken) < len(self.incoming):
            return False
        self.consume(list(taken.values()), but=token)
        token.flow = None
        return True


class InclusiveGateway(Join):
    """Opens when no token elsewhere can still reach it; takes every flow whose condition holds."""

    def __init__(self, wf_spec: Any, bpmn_id: str, **attributes: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **attributes)
        self.upstream: frozenset[str] = frozenset()

    def reconsider(self, token: Token) -> bool:
        """Open if nobody is on the way; all tokens that stand here are joined."""
        if token.state != WAITING:
            return False
        for each in token.workflow.live():
            if each.task_spec is not self and each.task_spec.name in self.upstream:
                return False
        self.consume(self.standing(token), but=token)
        token.flow = None
        token._set_state(READY)
        return True

    def chosen(self, token: Token) -> list[Flow]:
        """All flows that hold, else the default. Raises ``EngineFailed`` if there is none."""
        world = token.world()
        open_flows = [
            flow
            for flow in self.flows
            if not flow.default
            and (flow.condition is None or flow.condition.holds(world.context, world.functions))
        ]
        return open_flows or [_default(self)]


def _default(gateway: Node) -> Flow:
    for flow in gateway.flows:
        if flow.default or (len(gateway.flows) == 1 and flow.condition is None):
            return flow
    raise EngineFailed(gateway.where, "没有一个流向的条件成立，也没有默认流向")
