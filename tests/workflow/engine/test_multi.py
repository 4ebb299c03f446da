"""会签: one task per member, together or in turn, round after round, and after a restart."""

from __future__ import annotations

from itertools import permutations

import pytest

from kaohe_flow.workflow.errors import EngineFailed
from tests.workflow.engine.drawings import arrows, boundary, diagram, extension, multi, node, timer
from tests.workflow.engine.worlds import Case, compiled

FRAME = node("start", "s") + node("user", "z") + node("end", "e")


def signing(loop: str, more: str = "") -> bytes:
    return diagram(FRAME + node("user", "m", more + loop, name="会签"), "s->m\nm->z\nz->e")


def items(case: Case) -> list[object]:
    return sorted(str(waiting.item) for waiting in case.now.waiting)


@pytest.mark.parametrize("order", list(permutations("abc")))
def test_all_members_sign_in_any_order(order: tuple[str, ...]) -> None:
    case = Case(compiled(signing(multi(collection="voters", variable="who"))), voters=["a", "b", "c"])

    for position, voter in enumerate(order):
        assert items(case) == sorted(order[position:])
        assert case.task("m", voter).variables["who"] == voter
        case.do("m", voter, agree=True)

    assert case.open == ["z"]
    assert "who" not in case.now.variables


def test_members_sign_one_after_the_other() -> None:
    case = Case(
        compiled(signing(multi(collection="voters", variable="who", sequential=True))), voters=["a", "b"]
    )

    assert items(case) == ["a"]
    case.do("m")
    assert items(case) == ["b"]
    case.do("m")

    assert case.open == ["z"]


@pytest.mark.parametrize("sequential", [True, False])
def test_a_second_round_of_signing_starts_afresh(sequential: bool) -> None:
    nodes = node("start", "s") + node("user", "u0") + node("end", "e") + node("xor", "x", default="x-e")
    nodes += node("user", "m", multi(collection="voters", variable="who", sequential=sequential))
    process = compiled(diagram(nodes, "s->u0\nu0->m\nm->x\nx->e\nx->u0 : again"))
    case = Case(process, voters=["a", "b"], again=True)

    for voters in (["a", "b"], ["c"], ["d", "e", "f"]):
        case.do("u0", voters=voters)
        for voter in voters:
            case.do("m", voter, again=voter != "f")

    assert case.now.finished


def test_a_signing_goes_on_after_a_restart_that_reads_the_diagram_anew() -> None:
    bpmn = signing(multi(collection="voters", variable="who"))
    case = Case(compiled(bpmn), voters=["a", "b", "c"])
    case.do("m", "b")

    for voter in ("a", "c"):
        case.process = compiled(bpmn)
        case.do("m", voter)

    assert case.open == ["z"]


def test_one_veto_ends_the_signing_and_withdraws_the_others() -> None:
    loop = multi(collection="voters", variable="who", until="agree = false")
    case = Case(compiled(signing(loop)), voters=["a", "b", "c"])
    gone = case.task("m", "c").token

    case.do("m", "a", agree=True)
    case.do("m", "b", agree=False)

    assert case.open == ["z"]
    assert gone not in {waiting.token for waiting in case.now.waiting}
    assert case.now.variables["agree"] is False


def test_the_condition_may_count_the_instances() -> None:
    loop = multi(collection="voters", variable="who", until="nrOfCompletedInstances * 2 > nrOfInstances")
    case = Case(compiled(signing(loop)), voters=["a", "b", "c", "d"])

    case.do("m", "d")
    case.do("m", "b")
    assert items(case) == ["a", "c"]
    case.do("m", "a")

    assert case.open == ["z"]


def test_a_count_opens_that_many_and_none_opens_none() -> None:
    process = compiled(signing(multi(count="n")))

    assert [waiting.item for waiting in Case(process, n=3).now.waiting] == [0, 1, 2]
    assert Case(process, n=0).open == ["z"]
    with pytest.raises(EngineFailed, match="次数"):
        Case(process, n=-1)


def test_an_empty_list_of_members_passes_and_something_else_is_refused() -> None:
    process = compiled(signing(multi(collection="voters", variable="who")))

    assert Case(process, voters=[]).open == ["z"]
    with pytest.raises(EngineFailed, match="不是列表"):
        Case(process, voters="abc")
    with pytest.raises(EngineFailed, match="上限"):
        Case(process, voters=list(range(501)))


def test_decisions_of_all_members_are_collected_in_the_order_they_came() -> None:
    more = extension(properties={"collect": "agree", "collectInto": "votes"})
    case = Case(compiled(signing(multi(collection="voters", variable="who"), more)), voters=["a", "b", "c"])

    for voter, agree in (("c", False), ("a", True), ("b", True)):
        case.do("m", voter, agree=agree)

    assert case.now.variables["votes"] == [False, True, True]


def test_a_member_of_a_list_may_be_an_object_with_fields() -> None:
    loop = multi(collection="voters", variable="who", until='who.role = "head"')
    case = Case(compiled(signing(loop)), voters=[{"id": 1, "role": "staff"}, {"id": 2, "role": "head"}])

    case.do("m", {"id": 2, "role": "head"})

    assert case.open == ["z"]


def test_a_time_limit_on_the_signing_withdraws_what_is_open() -> None:
    nodes = FRAME + node("user", "m", multi(collection="voters", variable="who")) + node("end", "late")
    nodes += boundary("b", "m", timer("timeDuration", "P3D"))
    case = Case(compiled(diagram(nodes, "s->m\nm->z\nz->e\nb->late")), voters=["a", "b"])
    case.do("m", "a")

    case.tick(days=4)

    assert case.now.finished
    assert case.now.ended_at == "late"
    assert case.path[:2] == ["fired b", "cancelled m"]


@pytest.mark.parametrize("sequential", [True, False])
def test_each_member_has_variables_of_its_own_inside_a_sub_process(sequential: bool) -> None:
    inner = node("start", "s1") + node("user", "u1") + node("xor", "x1", default="x1-e1") + node("user", "u2")
    inner += node("end", "e1") + node("end", "e2")
    flows = "s1->u1\nu1->x1\nx1->e1\nx1->u2 : mine\nu2->e2"
    loop = multi(collection="voters", variable="who", sequential=sequential)
    sub = node("sub", "m", loop + inner + arrows(flows))
    case = Case(compiled(diagram(FRAME + sub, "s->m\nm->z\nz->e")), voters=["a", "b"])

    assert case.task("u1", "a").variables["who"] == "a"
    case.do("u1", "a", mine=True, seen="a")
    if not sequential:
        assert "seen" not in case.task("u1", "b").variables
        case.do("u1", "b", mine=False)
    assert case.open == ["u2"]
    assert case.task("u2").item == "a"
    assert case.task("u2").variables["seen"] == "a"
    case.do("u2")
    if sequential:
        case.do("u1", "b", mine=False)

    assert case.open == ["z"]
    assert "who" not in case.now.variables


def test_members_that_are_not_needed_any_more_are_withdrawn_with_their_sub_processes() -> None:
    inner = node("start", "s1") + node("user", "u1") + node("end", "e1") + arrows("s1->u1\nu1->e1")
    sub = node("sub", "m", multi(collection="voters", variable="who", until="true") + inner)
    case = Case(compiled(diagram(FRAME + sub, "s->m\nm->z\nz->e")), voters=["a", "b", "c"])

    case.do("u1", "b")

    assert case.open == ["z"]
    assert case.path.count("cancelled u1") == 2
    assert case.path[-3:] == ["left m", "flow m-z", "entered z"]
