"""One evaluation: its variables, its functions, and how much work it may still do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kaohe_flow.kernel.feel import limits
from kaohe_flow.kernel.feel.errors import Absent, FeelError, Unfit
from kaohe_flow.kernel.feel.values import Inner, admit

Code = Callable[["Frame"], Inner]


class Frame:
    """State of one evaluation. Compiled expressions are shared between threads; frames never are."""

    __slots__ = ("context", "functions", "known", "slots", "steps")

    def __init__(
        self, context: Mapping[str, object], functions: Mapping[str, Callable[..., object]], slots: int
    ) -> None:
        self.context = context
        self.functions = functions
        self.known: dict[str, Inner] = {}
        self.slots: list[Inner] = [None] * slots
        self.steps = limits.MAX_STEPS

    def spend(self, steps: int) -> None:
        """Pay for work about to be done. Raises ``Unfit`` when the budget is used up."""
        self.steps -= steps
        if self.steps < 0:
            raise Unfit("计算量超过上限，请减少循环的层数或缩小列表")

    def spend_text(self, length: int) -> None:
        """Pay for scanning or building ``length`` characters."""
        self.spend(1 + length // limits.CHARACTERS_PER_STEP)

    def fetch(self, name: str, column: int) -> Inner:
        """The variable ``name``, read from the context once per evaluation."""
        if name not in self.context:
            raise Absent(
                f"没有名为“{name}”的变量。请检查名称；如果它可能不存在，请先用 is defined({name}) 判断",
                column,
            )
        try:
            value = admit(self.context[name])
        except Unfit as misfit:
            raise FeelError(f"变量“{name}”：{misfit}", column) from misfit
        self.known[name] = value
        return value
