"""What becomes of expressions written to hurt, and how much work they do before it does."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

import kaohe_flow.kernel.feel as package
from kaohe_flow.kernel.feel import FeelError, compile_expression, compile_unary_tests, limits
from tests.kernel.feel.attacks import CONTEXT, HARMLESS, REFUSED, STOPPED

MAX_CALLS = 40 * limits.MAX_STEPS
MAX_BYTES = 32 * 1024 * 1024


@pytest.fixture
def attempt(watch):
    """Do it; whatever happens inside stays within its bounds and touches nothing outside."""

    def run(action: Callable[[], object]) -> object:
        with watch() as seen:
            try:
                outcome = action()
            except FeelError as fault:
                outcome = fault
        assert seen.calls <= MAX_CALLS
        assert seen.peak <= MAX_BYTES
        assert seen.touched == []
        return outcome

    return run


@pytest.mark.parametrize("text", REFUSED.values(), ids=list(REFUSED))
def test_the_attack_is_refused_when_it_is_compiled(text, attempt):
    fault = attempt(lambda: compile_expression(text))

    assert isinstance(fault, FeelError)
    assert 1 <= fault.column <= len(text) + 1
    assert any("\u4e00" <= character <= "\u9fff" for character in fault.text)
    assert fault.text.encode()


READ_IN_CELLS = {"the input outside a cell", "negation of tests", "negation of a range"}


@pytest.mark.parametrize("name", [name for name in REFUSED if name not in READ_IN_CELLS])
def test_the_attack_is_refused_in_a_cell_too(name):
    with pytest.raises(FeelError):
        compile_unary_tests(REFUSED[name])


@pytest.mark.parametrize("text", STOPPED.values(), ids=list(STOPPED))
def test_the_attack_is_stopped_when_it_is_evaluated(text, attempt):
    expression = compile_expression(text)

    fault = attempt(lambda: expression.evaluate(CONTEXT))

    assert isinstance(fault, FeelError)
    assert fault.source == text


@pytest.mark.parametrize("name", [name for name in STOPPED if name != "a result of shared lists"])
def test_the_attack_is_stopped_in_a_cell_too(name):
    tests = compile_unary_tests(STOPPED[name])

    with pytest.raises(FeelError):
        tests.matches(1, CONTEXT)


@pytest.mark.parametrize(("text", "value"), HARMLESS.values(), ids=list(HARMLESS))
def test_what_looks_like_an_attack_is_an_ordinary_value(text, value, attempt):
    expression = compile_expression(text)

    assert attempt(lambda: expression.evaluate(CONTEXT)) == value


def test_host_functions_cannot_be_called_without_end():
    calls = []
    expression = compile_expression("for a in l return workdays(a)", functions=frozenset({"workdays"}))

    with pytest.raises(FeelError):
        expression.evaluate(CONTEXT, {"workdays": calls.append})

    assert len(calls) <= limits.MAX_STEPS // limits.HOST_CALL_STEPS


def test_a_range_is_refused_for_its_size_before_its_first_turn():
    with pytest.raises(FeelError, match="范围"):
        compile_expression("some i in 1..10**9 satisfies true").evaluate({})


def test_a_host_function_not_named_at_compilation_cannot_be_reached_at_evaluation():
    expression = compile_expression("is defined(workdays)")

    assert expression.evaluate({}, {"workdays": lambda: 1}) is False


FORBIDDEN = {
    "eval",
    "exec",
    "compile",
    "getattr",
    "setattr",
    "delattr",
    "vars",
    "globals",
    "locals",
    "open",
    "input",
}


def test_the_package_uses_nothing_that_runs_text_or_reaches_attributes_by_name():
    """``eval`` and its kin do not occur, nor do attributes with two underscores except plain conversions."""
    for module in Path(package.__file__).parent.glob("*.py"):
        tree = ast.parse(module.read_text("utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        dunders = {
            node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and "__" in node.attr
        }

        assert not names & (FORBIDDEN | {"__import__"}), module.name
        assert dunders <= {"__init__", "__str__", "__int__", "__name__"}, module.name
