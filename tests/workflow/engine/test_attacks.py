"""Hostile text in every place of a diagram that carries text: refused or bounded, never run."""

from __future__ import annotations

import builtins
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kaohe_flow.kernel.errors import KaoheError
from kaohe_flow.workflow.engine.port import Process
from kaohe_flow.workflow.errors import DiagramRefused, EngineFailed
from tests.workflow.engine.drawings import attrs, boundary, diagram, extension, multi, node, table, timer
from tests.workflow.engine.worlds import Case, World, compiled

CANARY = Path("/tmp/kaohe-canary-must-never-exist")
PYTHON = [
    f"__import__('os').system('touch {CANARY}')",
    f'__import__("os").system("touch {CANARY}")',
    f'open("{CANARY}", "w")',
    f"exec(\"open({str(CANARY)!r}, 'w')\")",
    f"eval(\"open({str(CANARY)!r}, 'w')\")",
    "().__class__.__base__.__subclasses__()",
    '"".__class__.__mro__[1].__subclasses__()',
    "[c for c in ().__class__.__base__.__subclasses__()]",
    "(lambda: 1)()",
    "a.__class__",
    "a.__init__.__globals__",
    "workdays.__globals__",
    "workdays.__self__",
    'getattr(a, "x")',
    "(x := 1)",
    '"{0.__class__}".format(a)',
    'f"{a}"',
    "globals()",
    "vars()",
    "breakpoint()",
    "import os",
    "a; b",
    "print(1)",
    'environ["SECRET_KEY"]',
    "T(java.lang.Runtime).getRuntime().exec(1)",
    '#{execution.setVariable("x", 1)}',
    "${execution.getProcessEngineServices()}",
    "{{ config }}",
    "{% import os %}",
]
HEAVY = [
    "9 ** 9 ** 9",
    "(9 ** 99) ** 99",
    "10 ** 1000000000",
    '"a" * 1000000000',
    "for i in 1..1000000000 return i",
    "for i in 1..1000, j in 1..1000, k in 1..1000 return i * j * k",
    "count(for i in 1..9999 return for j in 1..9999 return j)",
    "some i in 1..1000000000 satisfies i < 0",
    "every i in 1..99999, j in 1..99999 satisfies i + j > 0",
    "sum(1..1000000000)",
    "[1..1000000000][1]",
    "1e400",
    "1 / 0",
    "(" * 500 + "1" + ")" * 500,
    "[" * 500 + "]" * 500,
    "-" * 1500 + "1",
    "1" + " + 1" * 600,
    "if " * 200 + "true",
    "not(" * 100 + "true" + ")" * 100,
    'matches("' + "a" * 40 + '!", "(a+)+$")',
    'matches("' + "a" * 40 + '!", "(a|aa)+$")',
    'replace("aaaaaaaaaaaaaaaaaaaaaaaa!", "(a*)*b", "c")',
    'string join(for i in 1..9999 return "' + "x" * 100 + '")',
    "a" * 3000,
    "\u202etrue",
    "\u0430 = 1",  # a Cyrillic letter
    "true\u0085",
    '"unclosed',
    "",
    "= = 1",
    "workdays(workdays)",
    "workdays(1e99)",
    "workdays(-1)",
    "date(\"9999-12-31\") + duration(\"P999999D\")",
    'duration("P99999999999Y")',
    "nowhere.nowhere.nowhere",
    "null.x",
    "a[0]",
    "{a: {a: {a: 1}}}.a.a.a.a",
]  # fmt: skip
ATTACKS = PYTHON + HEAVY

SHELL = node("start", "s") + node("user", "u") + node("end", "e")
LINE = "s->x\nx->u\nu->e"


def condition(text: str) -> Process:
    return compiled(
        diagram(SHELL + node("xor", "x", default="x-e"), f"s->x\nx->u : {text or ' '}\nx->e\nu->e")
    )


def inclusive(text: str) -> Process:
    return compiled(
        diagram(SHELL + node("or", "x", default="x-e"), f"s->x\nx->u : {text or ' '}\nx->e\nu->e")
    )


def time_limit(kind: str) -> Callable[[str], Process]:
    def build(text: str) -> Process:
        nodes = SHELL + node("user", "x") + boundary("b", "x", timer(kind, text)) + node("end", "e2")
        return compiled(diagram(nodes, LINE + "\nb->e2"))

    return build


def due(text: str) -> Process:
    return compiled(diagram(SHELL + node("user", "x", camunda__dueDate=text), LINE))


def members(text: str) -> Process:
    return compiled(diagram(SHELL + node("user", "x", multi(collection=text, variable="m")), LINE))


def count(text: str) -> Process:
    return compiled(diagram(SHELL + node("user", "x", multi(count=text)), LINE))


def until(text: str) -> Process:
    return compiled(
        diagram(SHELL + node("service", "x", multi(count="2", until=text), camunda__topic="t"), LINE)
    )


def service_input(text: str) -> Process:
    more = extension(inputs={"v": f"= {text}"})
    return compiled(diagram(SHELL + node("service", "x", more, camunda__topic="t"), LINE))


def call_mapping(text: str) -> Process:
    inner = diagram(node("start", "s") + node("end", "e"), "s->e", key="Q")
    more = extension(raw=f"<camunda:in{attrs({'sourceExpression': text, 'target': 'v'})}/>")
    return compiled(diagram(SHELL + node("call", "x", more, calledElement="Q"), LINE), called=[inner])


def table_with(inputs: str = "a", cell: str = "-", result: str = "1") -> Process:
    dmn = table("T", (inputs,), ("r",), ((cell, result),))
    return compiled(diagram(SHELL + node("decision", "x", camunda__decisionRef="T"), LINE), dmn=[dmn])


PLACES: dict[str, Callable[[str], Process]] = {
    "exclusive condition": condition,
    "inclusive condition": inclusive,
    "time date": time_limit("timeDate"),
    "time duration": time_limit("timeDuration"),
    "time cycle": time_limit("timeCycle"),
    "due date": due,
    "collection": members,
    "cardinality": count,
    "completion condition": until,
    "service input": service_input,
    "call mapping": call_mapping,
    "table input": lambda text: table_with(inputs=text),
    "table cell": lambda text: table_with(cell=text),
    "table result": lambda text: table_with(result=text),
}


@pytest.fixture(autouse=True)
def _no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def caught(*_arguments: object, **_named: object) -> None:
        raise AssertionError("the attack ran")

    monkeypatch.setattr(os, "system", caught)
    monkeypatch.setattr(subprocess, "Popen", caught)
    monkeypatch.setattr(builtins, "eval", caught)
    monkeypatch.setattr(builtins, "breakpoint", caught)


def outcome(build: Callable[[str], Process], text: str) -> KaoheError | None:
    try:
        Case(build(text), World(), a=1, b=True)
    except KaoheError as failure:
        return failure
    return None


@pytest.mark.parametrize("place", PLACES)
def test_attacks_are_refused_or_harmless_in_every_place(place: str) -> None:
    refused = 0
    for text in ATTACKS:
        began = time.process_time()
        failure = outcome(PLACES[place], text)
        assert time.process_time() - began < 3, text
        assert isinstance(failure, DiagramRefused | EngineFailed | None), text
        assert "Error" not in str(failure), text
        refused += isinstance(failure, DiagramRefused)

    assert refused >= len(PYTHON) - 6
    assert not CANARY.exists()


def test_there_are_attacks_enough() -> None:
    assert len(set(ATTACKS)) >= 60
    assert len(PLACES) * len(ATTACKS) >= 800


def test_text_that_is_not_an_expression_is_never_evaluated() -> None:
    text = f"__import__('os').system('touch {CANARY}')"
    named = node(
        "service", "x", extension(inputs={"v": text}, properties={text: text}), name=text, camunda__topic=text
    )
    claimed = node(
        "user",
        "u",
        f"<bpmn:documentation>{text}</bpmn:documentation>",
        name=text,
        camunda__candidateGroups=text,
    )
    nodes = node("start", "s", name=text) + named + claimed + node("end", "e")

    case = Case(compiled(diagram(nodes, LINE, limits={"v": text})))

    assert case.world.performed == [(text, "x", {"v": text})]
    assert case.now.variables == {"v": text}
    assert not CANARY.exists()


def test_variables_that_look_like_code_stay_text() -> None:
    process = condition('a = "x"')

    case = Case(process, a="__import__('os').system('x')")

    assert case.now.finished


def test_an_element_inside_a_condition_is_not_a_script() -> None:
    script = '<bpmn:script>open("x")</bpmn:script>'
    written = f'<bpmn:conditionExpression language="groovy">{script}</bpmn:conditionExpression>'
    flow = f'<bpmn:sequenceFlow id="f" sourceRef="x" targetRef="u">{written}</bpmn:sequenceFlow>'
    nodes = SHELL + node("xor", "x", default="x-e") + flow

    with pytest.raises(DiagramRefused):
        compiled(diagram(nodes, "s->x\nx->e\nu->e"))
