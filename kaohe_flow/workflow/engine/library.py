"""The one door to SpiffWorkflow: what we take from it, with the types it does not declare.

Everything that starts with an underscore is not promised by the library. Each such name has a guard test
(``tests/workflow/engine/test_library.py``), and the version is pinned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    class TaskState:
        """States of a task, as bits."""

        FUTURE: int
        WAITING: int
        READY: int
        STARTED: int
        COMPLETED: int
        CANCELLED: int
        NOT_FINISHED_MASK: int

    class Task:
        """One token in one place."""

        id: str
        task_spec: Any
        workflow: Any
        children: list[Any]
        parent: Any
        state: int

        def __init__(
            self, workflow: Any, task_spec: Any, parent: Any = None, state: int = 1, id: str | None = None
        ) -> None: ...
        def run(self) -> bool | None: ...
        def has_state(self, state: int) -> bool: ...
        def _ready(self) -> None: ...

    class BpmnSpecMixin:
        """A visible node of a process."""

        name: str
        manual: bool
        bpmn_id: str | None

        def __init__(self, wf_spec: Any, bpmn_id: str, **attributes: Any) -> None: ...
        def connect(self, taskspec: Any) -> None: ...
        def _update(self, my_task: Any) -> None: ...

    class BpmnProcessSpec:
        """The nodes of one process or sub-process."""

        name: str
        start: Any
        task_specs: dict[str, Any]
        data_objects: dict[str, Any]

    class BpmnWorkflow:
        """A running process."""

        spec: BpmnProcessSpec
        tasks: dict[str, Any]
        task_tree: Any
        completed: bool
        subprocesses: dict[str, Any]
        subprocess_specs: Mapping[str, BpmnProcessSpec]

        def __init__(
            self, spec: Any, subprocess_specs: Any = None, script_engine: Any = None, **how: Any
        ) -> None: ...
        def _remove_task(self, task_id: str) -> None: ...

    class BpmnSubWorkflow(BpmnWorkflow):
        """A running sub-process."""

        depth: int
        parent_task_id: str
        top_workflow: Any

        def __init__(self, spec: Any, parent_task_id: str, top_workflow: Any, **how: Any) -> None: ...

    class TaskParser:
        """Reads one node and, through its flows, all that follow."""

        node: Any
        spec: Any
        task: Any
        bpmn_id: str
        process_parser: Any

        def _copy_task_attrs(self, original: Any, loop_characteristics: Any = None) -> None: ...
        def parse_node(self) -> Any: ...

    class BpmnParser:
        """Reads a file."""

        PARSER_CLASSES: ClassVar[Mapping[str, tuple[type, type]]]

        def __init__(self) -> None: ...
        def add_bpmn_xml(self, bpmn: Any, filename: str | None = None) -> None: ...
        def get_spec(self, process_id: str, required: bool = True) -> BpmnProcessSpec: ...

    CallActivityParser = GatewayParser = SubWorkflowParser = TaskParser
    ValidationException = Exception
else:
    from SpiffWorkflow.bpmn import BpmnWorkflow
    from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
    from SpiffWorkflow.bpmn.parser.task_parsers import CallActivityParser, GatewayParser, SubWorkflowParser
    from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
    from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
    from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
    from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
    from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
    from SpiffWorkflow.task import Task
    from SpiffWorkflow.util.task import TaskState

FUTURE: Final = TaskState.FUTURE
WAITING: Final = TaskState.WAITING
READY: Final = TaskState.READY
STARTED: Final = TaskState.STARTED
COMPLETED: Final = TaskState.COMPLETED
CANCELLED: Final = TaskState.CANCELLED
LIVE: Final = TaskState.NOT_FINISHED_MASK

PINNED: Final = "3.2.0"

__all__ = [
    "CANCELLED",
    "COMPLETED",
    "FUTURE",
    "LIVE",
    "PINNED",
    "READY",
    "STARTED",
    "WAITING",
    "BpmnParser",
    "BpmnProcessSpec",
    "BpmnSpecMixin",
    "BpmnSubWorkflow",
    "BpmnWorkflow",
    "CallActivityParser",
    "GatewayParser",
    "SubWorkflowParser",
    "Task",
    "TaskParser",
    "ValidationException",
]
