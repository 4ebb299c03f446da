"""Failures of diagrams and of the instances that run on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kaohe_flow.kernel.errors import Conflict, InvalidInput, KaoheError, Problem


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a diagram or decision table.

    ``line`` is the line of the XML file (0 when unknown), ``rule`` a stable slug for tests and filters,
    ``text`` a Chinese sentence: what is wrong and what to do about it.
    """

    element_id: str
    element_name: str
    line: int
    rule: str
    text: str
    severity: Literal["error", "warning"] = "error"

    @property
    def where(self) -> str:
        """``第 12 行 元素〈县局复核〉``: what a person looks for in the modeler."""
        name = self.element_name or self.element_id
        return f"第 {self.line} 行" + (f" 元素〈{name}〉" if name else "")


class DiagramRefused(InvalidInput):
    """The diagram cannot be deployed; ``faults`` holds every fault found, never only the first."""

    code = "diagram-refused"
    message = "流程图有 {count} 处问题，没有部署：{first}"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__(
            field="bpmn",
            problems=tuple(Problem(fault.where, fault.text) for fault in faults),
            count=len(faults),
            first=f"{faults[0].where}：{faults[0].text}" if faults else "",
        )


class EngineFailed(KaoheError):
    """A step could not be carried out. Nothing of the call may be stored; the case needs an operator."""

    code = "engine-failed"
    message = "流程在〈{step_id}〉处无法继续：{reason}"

    def __init__(self, step_id: str, reason: str) -> None:
        self.step_id = step_id
        self.reason = reason
        super().__init__(step_id=step_id or "流程", reason=reason)


class TaskGone(Conflict):
    """The task was finished, withdrawn or overtaken by its time limit since it was shown."""

    code = "task-gone"
    message = "这项任务已被办理、撤回或已超过时限，请刷新待办列表"


class NotWaiting(Conflict):
    """Nobody in this instance waits for the message."""

    code = "not-waiting"
    message = "流程当前不接受“{name}”，可能已进入下一环节，请刷新后查看"


class StateRefused(KaoheError):
    """Stored engine state fails its seal, its format or its process version; nothing of it was read."""

    code = "state-refused"
    message = "状态校验失败：{reason}。该流程实例已停用，请联系系统管理员"


class VariableRefused(InvalidInput):
    """A value that cannot be kept exactly (a float, a moment without offset, an unknown object)."""

    code = "variable-refused"
    message = "流程变量〈{name}〉不能保存：{reason}"
