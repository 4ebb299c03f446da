"""Everything of the library that it does not promise, and the five defects we must not inherit."""

from __future__ import annotations

import ast
import inspect
from importlib.metadata import version
from pathlib import Path

import pytest
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.task_parsers import CallActivityParser, GatewayParser, SubWorkflowParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

import kaohe_flow.workflow.engine as package
from kaohe_flow.workflow.engine.library import LIVE, PINNED, READY, STARTED, WAITING
from kaohe_flow.workflow.engine.parser import NODES
from kaohe_flow.workflow.errors import DiagramRefused
from tests.workflow.engine.drawings import arrows, diagram, node, timer
from tests.workflow.engine.worlds import compiled

SOURCES = sorted(Path(package.__file__).parent.glob("*.py"))


GUARDS: list[tuple[type, str, list[str]]] = [
    (Task, "_set_state", ["self", "value"]),
    (Task, "_ready", ["self"]),
    (Task, "cancel", ["self"]),
    (Task, "run", ["self"]),
    (Task, "__init__", ["self", "workflow", "task_spec", "parent", "state", "id"]),
    (TaskSpec, "_update", ["self", "my_task"]),
    (TaskSpec, "_update_hook", ["self", "my_task"]),
    (TaskSpec, "_on_ready_hook", ["self", "my_task"]),
    (TaskSpec, "_run_hook", ["self", "my_task"]),
    (TaskSpec, "_on_complete_hook", ["self", "my_task"]),
    (TaskSpec, "_on_cancel", ["self", "my_task"]),
    (TaskSpec, "test", ["self"]),
    (Workflow, "_remove_task", ["self", "task_id"]),
    (Workflow, "_task_completed_notify", ["self", "task"]),
    (Workflow, "__init__", ["self", "workflow_spec", "deserializing"]),
    (BpmnWorkflow, "__init__", ["self", "spec", "subprocess_specs", "script_engine", "kwargs"]),
    (BpmnSubWorkflow, "__init__", ["self", "spec", "parent_task_id", "top_workflow", "kwargs"]),
    (BpmnSubWorkflow, "_calculate_depth", ["self"]),
    (TaskParser, "_add_multiinstance_task", ["self", "loop_characteristics"]),
    (TaskParser, "_add_boundary_event", ["self", "children"]),
    (TaskParser, "_copy_task_attrs", ["self", "original", "loop_characteristics"]),
    (TaskParser, "connect_outgoing", ["self", "outgoing_task", "sequence_flow_node", "is_default"]),
    (TaskParser, "create_task", ["self"]),
    (TaskParser, "parse_extensions", ["self", "node"]),
    (TaskParser, "parse_incoming_data_references", ["self"]),
    (TaskParser, "parse_outgoing_data_references", ["self"]),
    (TaskParser, "parse_io_spec", ["self"]),
    (BpmnParser, "_add_data_stores", ["self", "bpmn"]),
    (BpmnParser, "add_bpmn_xml", ["self", "bpmn", "filename"]),
    (BpmnParser, "get_spec", ["self", "process_id", "required"]),
]


def test_the_version_is_the_one_these_guards_were_written_for() -> None:
    assert version("SpiffWorkflow") == PINNED


@pytest.mark.parametrize(("owner", "name", "parameters"), GUARDS)
def test_what_we_override_or_call_is_still_there(owner: type, name: str, parameters: list[str]) -> None:
    assert list(inspect.signature(getattr(owner, name)).parameters) == parameters


def test_every_private_name_of_the_library_that_we_touch_has_a_guard() -> None:
    theirs = {name for owner in (Task, TaskSpec, Workflow, TaskParser, BpmnParser) for name in vars(owner)}
    theirs |= {"_state", "_children", "_parent", "_inputs", "_outputs", "_wf_spec", "_child_added_notify"}
    touched: set[str] = set()
    for path in (path for path in SOURCES if "engine.library" in _imports(path)):
        for inner in ast.walk(ast.parse(path.read_text())):
            if isinstance(inner, ast.Attribute):
                touched.add(inner.attr)
            elif isinstance(inner, ast.FunctionDef):
                touched.add(inner.name)

    private = {name for name in touched & theirs if name.startswith("_") and not name.startswith("__")}

    assert private == {name for _, name, _ in GUARDS if name.startswith("_") and name != "__init__"} - {
        "_calculate_depth"
    } | {"_state"}


def test_states_are_the_bits_that_stored_rows_hold() -> None:
    assert (WAITING, READY, STARTED) == (8, 16, 32)
    assert (TaskState.FUTURE, TaskState.COMPLETED, TaskState.CANCELLED) == (4, 64, 256)
    assert LIVE == 63


def test_a_task_keeps_its_children_and_parent_by_id() -> None:
    assert isinstance(Task.parent, property)
    assert isinstance(Task.children, property)
    assert "self._state = state" in inspect.getsource(Task.__init__)
    assert "_child_added_notify" in inspect.getsource(Task.__init__)


def test_completing_a_task_calls_our_hook_before_it_looks_at_children() -> None:
    source = inspect.getsource(TaskSpec._on_complete)

    assert source.index("_on_complete_hook") < source.index("my_task.children")


def test_the_parser_asks_our_hooks_in_the_order_we_rely_on() -> None:
    source = inspect.getsource(TaskParser.parse_node)
    order = [
        "create_task",
        "parse_extensions",
        "_add_multiinstance_task",
        "_add_boundary_event",
        "connect_outgoing",
    ]

    assert [source.index(name) for name in order] == sorted(source.index(name) for name in order)
    assert "f'{target_ref}.BoundaryEventSplit'" in source
    for parser in (CallActivityParser, GatewayParser, SubWorkflowParser):
        assert issubclass(parser, TaskParser)
    assert issubclass(BpmnSpecMixin, TaskSpec)


def test_only_one_module_knows_the_library() -> None:
    importers = {path.name for path in SOURCES if "SpiffWorkflow" in _imports(path)}

    assert importers == {"library.py"}


def _imports(path: Path) -> str:
    found = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.ImportFrom | ast.Import)]
    return " ".join(ast.unparse(n) for n in found)


def test_nothing_here_evaluates_python_or_resets_tasks() -> None:
    for path in SOURCES:
        called = {
            n.func.id
            for n in ast.walk(ast.parse(path.read_text()))
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        }
        assert called.isdisjoint({"eval", "exec", "compile", "__import__"}), path.name
        assert "reset_from_task_id" not in path.read_text(), path.name
        assert "pickle" not in path.read_text(), path.name


def test_none_of_our_nodes_carries_code_of_the_library_that_could_run_a_script() -> None:
    for _, cls in NODES.values():
        stock = {base.__name__ for base in cls.__mro__ if base.__module__.startswith("SpiffWorkflow")}
        assert stock == {"BpmnSpecMixin", "BpmnTaskSpec", "TaskSpec"}


def test_an_event_sub_process_is_refused() -> None:
    """The library would change the shared specs when one is triggered."""
    inner = node("startEvent", "s1", timer("timeDuration", "P1D")) + node("end", "e1") + arrows("s1->e1")
    nodes = (
        node("start", "s")
        + node("user", "u")
        + node("end", "e")
        + node("sub", "p", inner, triggeredByEvent="true")
    )

    with pytest.raises(DiagramRefused) as refused:
        compiled(diagram(nodes, "s->u\nu->e"))

    assert "事件子流程不支持" in str([fault.text for fault in refused.value.faults])
