"""Sub-processes, called processes, messages and terminate ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kaohe_flow.workflow.engine.port import Process
from kaohe_flow.workflow.errors import EngineFailed, NotWaiting
from tests.workflow.engine.drawings import arrows, boundary, diagram, extension, message, node, timer
from tests.workflow.engine.worlds import MONDAY, Case, compiled

ENDS = node("start", "s") + node("end", "e")


def embedded(inner: str, flows: str, more: str = "") -> str:
    return node("sub", "p", inner + arrows(flows) + more)


def test_an_embedded_sub_process_shares_the_variables_around_it() -> None:
    inner = embedded(node("start", "s1") + node("user", "u1") + node("end", "e1"), "s1->u1\nu1->e1")
    case = Case(compiled(diagram(ENDS + inner + node("user", "u"), "s->p\np->u\nu->e")), a=1)

    case.do("u1", a=2)

    assert case.task("u").variables == {"a": 2}
    assert case.path[:4] == ["left u1", "flow u1-e1", "entered e1", "left e1"]
    assert case.path[4:] == ["left p", "flow p-u", "entered u"]


def test_a_sub_process_ends_when_its_last_token_has() -> None:
    inner = (
        node("start", "s1") + node("and", "g1") + node("user", "a") + node("user", "b") + node("end", "e1")
    )
    sub = embedded(inner, "s1->g1\ng1->a\ng1->b\na->e1\nb->e1")
    case = Case(compiled(diagram(ENDS + sub + node("user", "u"), "s->p\np->u\nu->e")))

    case.do("a")
    assert case.open == ["b"]
    case.do("b")

    assert case.open == ["u"]


def test_a_terminate_end_stops_its_own_process_only() -> None:
    stop = "<bpmn:terminateEventDefinition/>"
    inner = node("start", "s1") + node("and", "g1") + node("user", "a") + node("user", "b")
    sub = embedded(inner + node("end", "e1", stop), "s1->g1\ng1->a\ng1->b\na->e1\nb->e1")
    nodes = ENDS + sub + node("and", "g") + node("user", "u") + node("user", "v") + node("end", "e2", stop)
    case = Case(compiled(diagram(nodes, "s->g\ng->p\ng->u\np->v\nv->e\nu->e2")))

    case.do("a")
    assert case.open == ["u", "v"]
    assert "cancelled b" in case.path
    case.do("u")

    assert case.now.finished
    assert case.now.ended_at == "e2"
    assert case.path[-3:] == ["entered e2", "left e2", "cancelled v"]


APPEAL = diagram(
    node("start", "s")
    + node("user", "decide", camunda__candidateGroups="office@decider+1")
    + node("end", "e"),
    "s->decide\ndecide->e",
    key="appeal",
    limits={"days": "3"},
)


def calling(*mappings: str, key: str = "appeal") -> Process:
    call = node("call", "c", extension(raw="".join(mappings)), calledElement=key)
    bpmn = diagram(ENDS + call + node("user", "u"), "s->c\nc->u\nu->e", limits={"days": "9"})
    return compiled(bpmn, called=[APPEAL])


def test_a_called_process_has_its_own_ids_and_gives_back_what_it_changed() -> None:
    process = calling()
    case = Case(process, level=2)

    assert process.steps["appeal/decide"].candidates == ("office@decider+1",)
    assert case.task("appeal/decide").variables == {"days": 9, "level": 2}
    case.do("appeal/decide", outcome="维持")

    assert case.task("u").variables == {"days": 9, "level": 2, "outcome": "维持"}
    assert "flow appeal/decide-e" in case.path
    assert "left c" in case.path


def test_mappings_say_what_goes_in_and_what_comes_back() -> None:
    process = calling(
        '<camunda:in source="level" target="rung"/>',
        '<camunda:in sourceExpression="level + 1" target="next"/>',
        '<camunda:out source="outcome" target="appealed"/>',
    )
    case = Case(process, level=2)

    assert case.task("appeal/decide").variables == {"days": 3, "rung": 2, "next": 3}
    case.do("appeal/decide", outcome="变更", rung=5)

    assert case.now.variables == {"days": 9, "level": 2, "appealed": "变更"}


def test_all_variables_may_be_mapped_both_ways() -> None:
    process = calling(
        '<camunda:in variables="all"/>', '<camunda:out variables="all"/>', '<camunda:in businessKey="x"/>'
    )
    case = Case(process, level=2)

    case.do("appeal/decide", level=3)

    assert case.now.variables == {"days": 9, "level": 3}


def test_a_change_outside_is_not_overwritten_by_the_end_of_a_call() -> None:
    call = node("call", "c", calledElement="appeal")
    nodes = ENDS + call + node("and", "g") + node("user", "u") + node("user", "z") + node("and", "j")
    case = Case(compiled(diagram(nodes, "s->g\ng->c\ng->u\nc->j\nu->j\nj->z\nz->e"), called=[APPEAL]), n=1)

    case.do("u", n=2)
    case.do("appeal/decide", outcome="x")

    assert case.task("z").variables["n"] == 2


def test_processes_that_call_themselves_without_end_are_stopped() -> None:
    loop = diagram(
        node("start", "s") + node("call", "c", calledElement="loop") + node("end", "e"),
        "s->c\nc->e",
        key="loop",
    )
    nodes = ENDS + node("call", "c", calledElement="loop")

    with pytest.raises(EngineFailed, match="互相调用"):
        Case(compiled(diagram(nodes, "s->c\nc->e"), called=[loop]))


def test_a_process_may_call_itself_if_it_stops_on_the_way() -> None:
    nodes = ENDS + node("user", "u") + node("xor", "x", default="x-e") + node("call", "c", calledElement="P")
    case = Case(compiled(diagram(nodes, "s->u\nu->x\nx->e\nx->c : again\nc->e")))

    case.do("u", again=True)
    case.do("u", again=True)
    case.do("u", again=False)

    assert case.now.finished


def test_nested_sub_processes_run_and_are_cancelled_together() -> None:
    deep = node(
        "sub", "q", node("start", "s2") + node("user", "u2") + node("end", "e2") + arrows("s2->u2\nu2->e2")
    )
    sub = embedded(node("start", "s1") + deep + node("end", "e1"), "s1->q\nq->e1")
    nodes = ENDS + sub + boundary("b", "p", message("m_撤回")) + node("end", "out")
    process = compiled(diagram(nodes, "s->p\np->e\nb->out", messages=("撤回",)))
    case, other = Case(process), Case(process)

    case.do("u2")
    assert case.now.ended_at == "e"
    other.send("撤回")

    assert other.now.ended_at == "out"
    assert other.path[:4] == ["fired b", "cancelled u2", "cancelled q", "cancelled p"]


WITHDRAWABLE = diagram(
    ENDS + node("user", "u") + boundary("b", "u", message("m_撤回")) + node("user", "draft"),
    "s->u\nu->e\nb->draft\ndraft->u",
    messages=("撤回", "别的"),
)


def test_a_message_withdraws_the_task_and_brings_its_payload() -> None:
    process = compiled(WITHDRAWABLE)
    case = Case(process)

    case.send("撤回", reason="写错了")

    assert process.messages == {"撤回"}
    assert case.open == ["draft"]
    assert case.now.variables == {"reason": "写错了"}
    case.do("draft")
    assert case.open == ["u"]
    case.send("撤回")
    assert case.open == ["draft"]


@pytest.mark.parametrize("name", ["别的", "", "不存在"])
def test_a_message_nobody_waits_for_is_refused(name: str) -> None:
    with pytest.raises(NotWaiting):
        Case(compiled(WITHDRAWABLE)).send(name)


def test_a_message_after_the_task_is_done_is_refused() -> None:
    case = Case(compiled(WITHDRAWABLE))
    case.send("撤回")

    with pytest.raises(NotWaiting):
        case.send("撤回")


def test_a_side_message_may_come_again_while_the_task_is_open() -> None:
    nodes = ENDS + node("user", "u") + node("user", "answer") + node("end", "e2")
    nodes += boundary("b", "u", message("m_询问"), interrupting=False)
    case = Case(compiled(diagram(nodes, "s->u\nu->e\nb->answer\nanswer->e2", messages=("询问",))))

    case.send("询问")
    case.send("询问")
    assert case.open == ["answer", "answer", "u"]
    case.do("u")

    with pytest.raises(NotWaiting):
        case.send("询问")


def test_who_comes_first_at_an_event_gateway_decides() -> None:
    nodes = ENDS + node("events", "g") + node("catch", "c", timer("timeDuration", "P5D"))
    nodes += node("receive", "r", messageRef="m_申诉") + node("user", "u") + node("end", "e2")
    process = compiled(diagram(nodes, "s->g\ng->c\ng->r\nc->e\nr->u\nu->e2", messages=("申诉",)))
    in_time, too_late = Case(process), Case(process)

    in_time.send("申诉")
    assert in_time.open == ["u"]
    assert in_time.now.next_due_at is None
    too_late.world.later(days=6)
    with pytest.raises(NotWaiting):
        too_late.send("申诉")
    too_late.tick()

    assert too_late.now.ended_at == "e"


def test_a_message_reaches_a_task_inside_a_sub_process() -> None:
    inner = node("start", "s1") + node("catch", "c1", message("m_到了")) + node("end", "e1")
    case = Case(compiled(diagram(ENDS + embedded(inner, "s1->c1\nc1->e1"), "s->p\np->e", messages=("到了",))))

    case.send("到了")

    assert case.now.finished


def test_each_timer_behind_an_event_gateway_keeps_its_own_time() -> None:
    nodes = (
        node("start", "s") + node("events", "g") + node("user", "u") + node("user", "v") + node("end", "e")
    )
    nodes += node("catch", "c20", timer("timeDuration", "PT20H")) + node(
        "catch", "c1", timer("timeDuration", "PT1H")
    )
    flows = "s->g\ng->c20\ng->c1\nc20->u\nc1->v\nu->e\nv->e"
    case = Case(compiled(diagram(nodes, flows)))
    assert case.now.next_due_at == MONDAY + timedelta(hours=1)
    assert case.path == ["entered s", "left s", "flow s-g", "entered g"]

    case.tick(hours=1)

    assert case.open == ["v"]
    assert case.path == [
        "left g", "flow g-c1", "entered c1", "fired c1", "left c1", "flow c1-v", "entered v",
    ]  # fmt: skip
    assert case.now.next_due_at is None
