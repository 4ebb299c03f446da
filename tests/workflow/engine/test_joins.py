"""Joins count the tokens of the current pass, whatever the order and however often the loop went round."""

from __future__ import annotations

import itertools

import pytest

from kaohe_flow.workflow.engine.port import Process
from tests.workflow.engine.drawings import diagram, node
from tests.workflow.engine.worlds import Case, compiled

ENDS = node("start", "s") + node("end", "e") + node("xor", "x", default="x-e")
AROUND = "s->u0\nj->x\nx->e\nx->u0 : again\n"


def looped(middle: str, flows: str) -> Process:
    used = "".join(
        node("user", name) for name in ("u0", "u", "v", "w") if f"{name}->" in AROUND + flows or name == "u0"
    )
    return compiled(diagram(ENDS + used + middle, AROUND + flows))


TWO = ("and", "u0->g\ng->u\ng->v\nu->j\nv->j")
THREE = ("and", "u0->g\ng->u\ng->v\ng->w\nu->j\nv->j\nw->j")
NESTED = ("nested", "u0->g\ng->u\ng->h\nh->v\nh->w\nu->j\nv->j\nw->j")
INNER = ("inner", "u0->g\ng->u\ng->h\nh->v\nh->w\nv->k\nw->k\nk->j\nu->j")
INCLUSIVE = ("or", "u0->g\ng->u : a\ng->v : a\nu->j\nv->j")
MIDDLE = {
    "and": node("and", "g") + node("and", "j"),
    "nested": node("and", "g") + node("and", "h") + node("and", "j"),
    "inner": node("and", "g") + node("and", "h") + node("and", "k") + node("and", "j"),
    "or": node("or", "g") + node("or", "j"),
}


@pytest.mark.parametrize(
    ("kind", "flows", "branches"),
    [(*TWO, "uv"), (*THREE, "uvw"), (*NESTED, "uvw"), (*INNER, "uvw"), (*INCLUSIVE, "uv")],
    ids=["two", "three", "nested", "inner", "inclusive"],
)
def test_a_join_in_a_loop_waits_for_every_branch_in_every_order_of_three_passes(
    kind: str, flows: str, branches: str
) -> None:
    process = looped(MIDDLE[kind], flows)

    for orders in itertools.product(itertools.permutations(branches), repeat=3):
        case = Case(process, a=True, again=True)
        for number, order in enumerate(orders):
            assert case.open == ["u0"]
            case.do("u0")
            for position, branch in enumerate(order):
                assert case.open == sorted(order[position:])
                case.do(branch, again=number < 2)

        assert case.now.finished


def test_an_inclusive_join_waits_only_for_branches_that_were_taken() -> None:
    process = looped(MIDDLE["or"], "u0->g\ng->u : a > 1\ng->v : a > 2\ng->w : a > 3\nu->j\nv->j\nw->j")
    case = Case(process, a=3, again=True)

    case.do("u0")
    assert case.open == ["u", "v"]
    case.do("v", a=2)
    assert case.open == ["u"]
    case.do("u")
    assert case.open == ["u0"]
    case.do("u0")
    assert case.open == ["u"]
    case.do("u", again=False)

    assert case.now.finished


def test_an_inclusive_join_waits_for_a_branch_that_may_still_turn_towards_it() -> None:
    """From u the token may go back to u2 and come to the join later: the join must not open early."""
    nodes = node("start", "s") + node("and", "g") + node("or", "j") + node("xor", "y", default="y-j")
    nodes += "".join(node("user", name) for name in ("u", "u2", "v", "z")) + node("end", "e")
    flows = "s->g\ng->u\ng->v\nu->y\ny->j\ny->u2 : more\nu2->y\nv->j\nj->z\nz->e"
    case = Case(compiled(diagram(nodes, flows)), more=True)

    case.do("v")
    case.do("u")
    assert case.open == ["u2"]
    case.do("u2")
    assert case.open == ["u2"]
    case.do("u2", more=False)

    assert case.open == ["z"]


def test_a_second_token_on_the_same_flow_waits_for_the_next_round() -> None:
    """Two tokens come over u's flow, one over v's: the join opens once and keeps the other."""
    nodes = node("start", "s") + node("and", "g") + node("and", "j") + node("xor", "m")
    nodes += "".join(node("user", name) for name in ("a", "b", "v", "z")) + node("end", "e")
    flows = "s->g\ng->a\ng->b\ng->v\na->m\nb->m\nm->j\nv->j\nj->z\nz->e"
    case = Case(compiled(diagram(nodes, flows)))

    case.do("a")
    case.do("b")
    assert case.open == ["v"]
    case.do("v")

    assert case.open == ["z"]
    assert not case.do("z").finished


def test_two_flows_between_the_same_gateways_are_two_tokens() -> None:
    nodes = node("start", "s") + node("and", "g") + node("and", "j") + node("user", "z") + node("end", "e")
    case = Case(compiled(diagram(nodes, "s->g\none = g->j\ntwo = g->j\nj->z\nz->e")))

    assert case.open == ["z"]
    assert case.path.count("left j") == 1
    assert {"flow one", "flow two"} <= set(case.path)


def test_branches_see_what_the_others_decided_once_they_have_decided_it() -> None:
    process = looped(MIDDLE["and"], TWO[1])
    case = Case(process, again=False)

    case.do("u0")
    case.do("u", opinion="同意")

    assert case.task("v").variables["opinion"] == "同意"


def test_an_inclusive_join_does_not_wait_for_a_token_that_could_only_come_in_the_next_round() -> None:
    """While u is open it could reach k round the outer loop; waiting for it would be waiting for ever."""
    middle = node("and", "g") + node("or", "h") + node("or", "k") + node("and", "j")
    process = looped(middle, "u0->g\ng->u\ng->h\nh->v : a > 1\nh->w : a < 3\nv->k\nw->k\nk->j\nu->j")
    case = Case(process, a=9, again=False)

    case.do("u0")
    case.do("v")
    assert "left k" in case.path
    case.do("u")

    assert case.now.finished
