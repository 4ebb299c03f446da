"""Multi-instance tasks (会签): one task per member of a list, all at once or one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from kaohe_flow.workflow.engine.formula import Evaluation
from kaohe_flow.workflow.engine.library import STARTED
from kaohe_flow.workflow.engine.nodes import Node
from kaohe_flow.workflow.engine.plans import Multi
from kaohe_flow.workflow.engine.port import Value
from kaohe_flow.workflow.engine.tree import Token
from kaohe_flow.workflow.engine.values import freeze
from kaohe_flow.workflow.errors import EngineFailed

MOST: Final = 500


class MultiInstance(Node):
    """Holds one child token per open instance. ``child`` names the node that each of them is at.

    An instance sees its member under ``variable`` and its number under ``loopCounter``; what it writes goes
    to the variables around. The completion condition also sees ``nrOfInstances``,
    ``nrOfCompletedInstances`` and ``nrOfActiveInstances``.
    """

    child: Node
    multi: Multi

    def _update_hook(self, my_task: Token) -> bool:
        super()._update_hook(my_task)
        members = self.members(my_task)
        if len(members) > MOST:
            raise EngineFailed(self.where, f"多实例任务有 {len(members)} 个成员，上限是 {MOST}")
        if self.multi.collect is not None:
            my_task.scope.write({self.multi.collect[1]: []})
        my_task.total = len(members)
        if not members:
            return True
        my_task._set_state(STARTED)
        if self.multi.sequential:
            my_task.rest = members[1:]
            members = members[:1]
        for number, member in enumerate(members):
            self.launch(my_task, number, member)
        return False

    def members(self, token: Token) -> list[Value]:
        """The list the instances are made from, taken once, when the token arrives."""
        world = token.world()
        if self.multi.collection is not None:
            given = self.multi.collection.evaluate(world.context, world.functions)
            if not isinstance(given, list):
                raise EngineFailed(self.where, "多实例的集合不是列表")
            return [freeze("集合", member) for member in given]
        assert self.multi.cardinality is not None
        count = self.multi.cardinality.evaluate(world.context, world.functions)
        if not isinstance(count, Decimal) or count != int(count) or not 0 <= count <= MOST:
            raise EngineFailed(self.where, f"多实例的次数应是 0 至 {MOST} 的整数")
        return list(range(int(count)))

    def launch(self, token: Token, number: int, member: Value) -> None:
        """Open one instance."""
        child = token.workflow.sprout(self.child, token)
        child.local = {"loopCounter": number}
        if self.multi.variable is not None:
            child.local[self.multi.variable] = member
        self.child._update(child)

    def item(self, child: Token) -> Value:
        """The member an instance is for; its number when instances are only counted."""
        assert child.local is not None
        return child.local[self.multi.variable or "loopCounter"]

    def child_left(self, child: Token) -> None:
        """One instance is done: the task is done when all are, or when its condition says so."""
        token: Token = child.parent
        token.done += 1
        self.collect(token)
        if self.fulfilled(token, child) or token.done == token.total:
            for sibling in token.children:
                if sibling is not child:
                    sibling.cancel()
            token.rest = []
            token._ready()
        elif self.multi.sequential:
            member, *token.rest = token.rest
            self.launch(token, token.done, member)

    def collect(self, token: Token) -> None:
        """Add what this instance decided to the list of all."""
        if self.multi.collect is None:
            return
        source, target = self.multi.collect
        values: Mapping[str, Value] = token.scope.values
        gathered = values.get(target)
        token.scope.write({target: [*(gathered if isinstance(gathered, list) else []), values.get(source)]})

    def fulfilled(self, token: Token, child: Token) -> bool:
        """The completion condition, seen from the instance that was just done."""
        if self.multi.completion is None:
            return False
        counts: dict[str, Value] = {
            "nrOfInstances": token.total,
            "nrOfCompletedInstances": token.done,
            "nrOfActiveInstances": 0 if self.multi.sequential else token.total - token.done,
        }
        world = child.world()
        world = Evaluation({**world.context, **counts}, world.functions, world.now)
        return self.multi.completion.holds(world.context, world.functions)
