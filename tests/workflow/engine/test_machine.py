"""The port, promise by promise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from kaohe_flow.kernel.errors import Conflict, RuleBroken
from kaohe_flow.workflow.engine.port import Step, Trace, Value
from kaohe_flow.workflow.errors import EngineFailed, TaskGone
from tests.workflow.engine.drawings import HEAD, boundary, diagram, extension, message, node, timer
from tests.workflow.engine.lifecycle import APPEAL, LIFECYCLE, SCORE, VARIABLES
from tests.workflow.engine.worlds import Case, World, compiled

ENDS = node("start", "s") + node("end", "e")
SIMPLE = diagram(ENDS + node("user", "u"), "s->u\nu->e")


def test_the_way_through_the_diagram_is_told_in_order() -> None:
    nodes = (
        ENDS + node("user", "u") + node("xor", "x", default="x-e") + node("service", "w", camunda__topic="t")
    )
    case = Case(compiled(diagram(nodes, "s->u\nu->x\nback = x->w : again\nw->u\nx->e")), again=True)
    assert case.now.trace == (
        Trace("s", "entered"), Trace("s", "left"), Trace("s-u", "flow"), Trace("u", "entered"),
    )  # fmt: skip

    for _ in range(3):
        case.do("u", again=True)
        assert case.path == [
            "left u", "flow u-x", "entered x", "left x", "flow back",
            "entered w", "left w", "flow w-u", "entered u",
        ]  # fmt: skip
    case.do("u", again=False)

    assert case.path[-4:] == ["left x", "flow x-e", "entered e", "left e"]
    assert (case.now.finished, case.now.ended_at) == (True, "e")


def test_flows_are_tried_in_the_order_of_the_file_not_of_the_picture() -> None:
    """The library would sort them by their height on the drawing."""
    flows = "s->x\nfirst = x->a : n > 1\nsecond = x->b : n > 0\nx->e\na->e\nb->e"
    shapes = "".join(
        f'<bpmndi:BPMNShape xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" bpmnElement="{own}">'
        f'<dc:Bounds xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" x="0" y="{y}"/></bpmndi:BPMNShape>'
        for own, y in (("a", 900), ("b", 100), ("e", 500))
    )
    nodes = ENDS + node("xor", "x", default="x-e") + node("user", "a") + node("user", "b")
    xml = diagram(nodes, flows).replace(b"</bpmn:definitions>", shapes.encode() + b"</bpmn:definitions>")

    assert Case(compiled(xml), n=2).open == ["a"]
    assert Case(compiled(xml), n=1).open == ["b"]


def test_a_service_gets_its_step_the_variables_and_its_inputs() -> None:
    seen: list[tuple[str, Step, Mapping[str, Value], Mapping[str, Value]]] = []

    class Watching(World):
        def perform(
            self, topic: str, step: Step, variables: Mapping[str, Value], inputs: Mapping[str, Value]
        ) -> Mapping[str, Value]:
            seen.append((topic, step, variables, inputs))
            return {
                "points": Decimal("7.50"),
                "at": self.now,
                "day": date(2025, 11, 25),
                "took": timedelta(hours=5),
            }

    inputs = {"text": "公示 = 通知", "sum": "= a + 1", "el": "${a}"}
    more = extension(inputs=inputs)
    process = compiled(
        diagram(
            ENDS + node("service", "w", more, camunda__topic="publish") + node("user", "u"),
            "s->w\nw->u\nu->e",
        )
    )

    case = Case(process, Watching(), a=2)

    topic, step, variables, given = seen[0]
    assert (topic, step) == ("publish", process.steps["w"])
    assert variables == {"a": 2}
    assert given == {"text": "公示 = 通知", "sum": Decimal(3), "el": Decimal(2)}
    with pytest.raises(TypeError):
        variables["a"] = 3  # type: ignore[index]
    assert case.now.variables == {
        "a": 2, "points": Decimal("7.50"),
        "at": "2025-11-24T01:00:00+00:00", "day": "2025-11-25", "took": "P0DT18000S",
    }  # fmt: skip


SERVED = diagram(ENDS + node("user", "u") + node("service", "w", camunda__topic="t"), "s->u\nu->w\nw->e")


def broken(failure: Exception) -> Case:
    def fail(_variables: Mapping[str, Value]) -> Mapping[str, Any]:
        raise failure

    return Case(compiled(SERVED), World(t=fail))


def test_a_failure_of_the_business_passes_unchanged() -> None:
    failure = RuleBroken()

    with pytest.raises(RuleBroken) as raised:
        broken(failure).do("u")

    assert raised.value is failure


@pytest.mark.parametrize("failure", [ValueError("x"), KeyError("x"), RecursionError(), ZeroDivisionError()])
def test_any_other_failure_names_the_step(failure: Exception) -> None:
    case = broken(failure)
    before = case.now

    with pytest.raises(EngineFailed) as raised:
        case.do("u")

    assert raised.value.step_id == "w"
    assert type(failure).__name__ in raised.value.reason
    assert raised.value.__cause__ is failure
    assert case.engine.inspect(case.process, before.state).waiting == before.waiting


def test_a_result_that_cannot_be_kept_fails_the_step() -> None:
    case = Case(compiled(SERVED), World(t=lambda _: {"points": 0.1}))

    with pytest.raises(EngineFailed, match="二进制小数") as raised:
        case.do("u")

    assert raised.value.step_id == "w"


def test_a_function_of_the_host_that_fails_names_the_step_it_was_called_for() -> None:
    nodes = ENDS + node("user", "u") + node("user", "v", camunda__dueDate="workdays(3)")
    case = Case(compiled(diagram(nodes, "s->u\nu->v\nv->e")))
    case.world.functions = {"workdays": lambda n: 1 // 0}

    with pytest.raises(EngineFailed) as raised:
        case.do("u")

    assert raised.value.step_id == "v"


def test_functions_of_the_host_are_looked_up_only_when_an_expression_calls_one() -> None:
    class Thrifty(World):
        asked = 0

        @property  # type: ignore[override]
        def functions(self) -> Mapping[str, Any]:
            self.asked += 1
            return {"workdays": lambda n: self.now + timedelta(days=int(n))}

        @functions.setter
        def functions(self, _given: object) -> None:
            pass

    nodes = (
        ENDS
        + node("user", "u")
        + node("xor", "x", default="x-e")
        + node("user", "v", camunda__dueDate="workdays(1)")
    )
    world = Thrifty()
    case = Case(compiled(diagram(nodes, "s->u\nu->x\nx->v : more\nx->e\nv->e")), world, more=True)
    assert world.asked == 0

    case.do("u")

    assert world.asked == 1


def test_a_gateway_without_a_way_out_says_so() -> None:
    nodes = ENDS + node("xor", "x") + node("user", "u")
    case_of = compiled(diagram(nodes, "s->x\nx->u : n > 1\nx->e : n > 5\nu->e"))

    with pytest.raises(EngineFailed, match="没有一个流向") as raised:
        Case(case_of, n=0)

    assert raised.value.step_id == "x"


@pytest.mark.parametrize(
    ("condition", "words"), [("n", "既不是"), ("missing > 1", "missing"), ('n > "a"', "表达式")]
)
def test_a_condition_that_is_no_yes_or_no_fails(condition: str, words: str) -> None:
    nodes = ENDS + node("xor", "x", default="x-e") + node("user", "u")

    with pytest.raises(EngineFailed, match=words):
        Case(compiled(diagram(nodes, f"s->x\nx->u : {condition}\nx->e\nu->e")), n=1)


def test_a_loop_that_never_waits_is_stopped() -> None:
    nodes = ENDS + node("xor", "x", default="x-e") + node("throw", "t")

    with pytest.raises(EngineFailed, match="原地循环"):
        Case(compiled(diagram(nodes, "s->x\nx->t : true\nt->x\nx->e")))


@pytest.mark.parametrize("token", ["", "x", "start", "0"])
def test_a_token_that_is_not_there_is_gone(token: str) -> None:
    case = Case(compiled(SIMPLE))

    with pytest.raises(TaskGone):
        case.engine.complete(case.process, case.now.state, token, {}, case.world)
    assert issubclass(TaskGone, Conflict)


def test_a_task_is_completed_once() -> None:
    case = Case(compiled(diagram(ENDS + node("user", "u"), "s->u\nu->e")))
    token = case.task("u").token
    case.do("u")

    with pytest.raises(TaskGone):
        case.engine.complete(case.process, case.now.state, token, {}, case.world)


def test_tokens_are_not_used_again_after_a_return_to_an_earlier_state() -> None:
    nodes = ENDS + node("user", "u") + node("user", "v") + node("user", "w") + node("xor", "x", default="x-w")
    case = Case(compiled(diagram(nodes, "s->u\nu->x\nx->v : left\nx->w\nv->e\nw->e")))
    earlier = case.now
    first = case.do("u", left=True).waiting[0].token

    case.now = earlier
    second = case.do("u", left=False).waiting[0].token

    assert first != second


def test_a_finished_instance_has_nothing_to_wait_for() -> None:
    case = Case(compiled(diagram(ENDS, "s->e")), a=1)

    assert case.now.finished
    assert case.now.waiting == ()
    assert case.engine.inspect(case.process, case.now.state).ended_at == "e"
    assert case.tick(days=1).trace == ()


def test_what_runs_beside_an_ended_branch_keeps_the_instance_open() -> None:
    nodes = ENDS + node("and", "g") + node("user", "u") + node("user", "v") + node("end", "e2")
    case = Case(compiled(diagram(nodes, "s->g\ng->u\ng->v\nu->e\nv->e2")))

    case.do("u")
    assert (case.now.finished, case.now.ended_at) == (False, None)
    case.do("v")

    assert (case.now.finished, case.now.ended_at) == (True, "e2")


def test_the_lifecycle_runs_from_submission_to_archive_with_an_appeal_on_the_way() -> None:
    world = World(climb=lambda seen: {"rung": int(str(seen["rung"])) + 1})
    case = Case(compiled(LIFECYCLE, dmn=[SCORE], called=[APPEAL]), world, **VARIABLES)

    case.do("submit", amount=7)
    case.do("complete_check", decision="reject")
    case.do("submit", amount=9)
    case.send("withdraw")
    case.do("submit", amount=12)
    case.do("complete_check", decision="approve")
    case.tick(days=3)
    case.do("review", decision="approve")
    for signer in ("officer@12", "officer@13", "officer@11"):
        case.do("sign", signer, agree=True)
    assert case.now.variables["points"] == Decimal("7.5")
    case.do("window", appeal=True)
    case.do("appeal_review/decide", outcome="climb")
    case.tick(days=8)

    assert case.now.finished
    assert case.now.ended_at == "done"
    assert [topic for topic, _, _ in world.performed] == ["climb", "publish", "climb", "climb", "archive"]
    assert case.now.variables["rung"] == 5


def test_a_pool_without_a_process_and_messages_between_pools_do_no_harm() -> None:
    pools = (
        '<bpmn:collaboration id="c"><bpmn:participant id="a" name="市局" processRef="P"/>'
        '<bpmn:participant id="b" name="外单位"/>'
        '<bpmn:messageFlow id="m" sourceRef="u" targetRef="b"/></bpmn:collaboration>'
    )

    assert Case(compiled(SIMPLE.replace(HEAD.encode(), HEAD.encode() + pools.encode()))).open == ["u"]


def test_who_withdraws_after_the_limit_is_late_too() -> None:
    nodes = ENDS + node("user", "u") + node("end", "e2") + node("end", "e3")
    nodes += boundary("b", "u", timer("timeDuration", "P1D")) + boundary("m", "u", message("m_撤回"))
    case = Case(compiled(diagram(nodes, "s->u\nu->e\nb->e2\nm->e3", messages=("撤回",))))
    case.world.later(days=2)

    with pytest.raises(Conflict):
        case.send("撤回")
