"""The token game on random diagrams: sound ones pass, a seeded defect is found."""

from __future__ import annotations

import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kaohe_flow.kernel.safe_xml import parse
from kaohe_flow.workflow.diagram import reading
from kaohe_flow.workflow.diagram.graph import Scope
from kaohe_flow.workflow.diagram.inclusive import upstream
from kaohe_flow.workflow.diagram.net import Transition, net_of, parts
from kaohe_flow.workflow.diagram.paths import reach
from kaohe_flow.workflow.diagram.play import Game, play
from kaohe_flow.workflow.diagram.reduction import reduced
from kaohe_flow.workflow.engine.machine import Engine
from tests.workflow.diagram.blocks import BACK, Block, blocks, draw, tangles
from tests.workflow.diagram.corpus import BPMN, FUNCTIONS, codes, errors, inspected
from tests.workflow.diagram.drawn import Drawn

KEY = b"a key for the state of tests"
GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway")


def scope_of(drawn: Drawn) -> Scope:
    diagram = reading.read(parse(drawn.bpmn(), what="试画"))
    assert diagram is not None
    return diagram.scopes[0]


def game(scope: Scope, *, small: bool) -> Game:
    """The main line played, reduced before or not."""
    part = next(parts(scope))
    net = net_of(part)
    edges = {name: scope.successors[name] for name in part.members}
    cyclic = frozenset(name for name in part.members if name in reach(edges[name], edges))
    transitions = reduced(net.transitions, cyclic) if small else net.transitions

    def blockers(join: Transition) -> frozenset[str]:
        before = upstream(scope, join.path[0])
        return frozenset(place for place, node in net.spots.items() if node in before) - join.ins

    return play(transitions, blockers)


def sound(drawn: Drawn) -> bool:
    return not errors(inspected(drawn.bpmn()))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(blocks())
def test_what_is_built_of_blocks_is_accepted_here_and_by_the_engine(block: Block) -> None:
    drawn = draw(block)

    assert errors(inspected(drawn.bpmn())) == ()
    Engine(KEY, functions=FUNCTIONS).compile(drawn.bpmn())


@settings(max_examples=40, deadline=None, derandomize=True)
@given(blocks(), st.data())
def test_a_join_of_the_wrong_kind_is_found(block: Block, data: st.DataObject) -> None:
    drawn = draw(block)
    joins = [own for kind in GATEWAYS[:2] for own in drawn.of_kind(kind) if len(drawn.arriving(own)) > 1]
    branching = [own for own in joins if not _meets_itself(drawn, own)]
    assume(branching)
    own = data.draw(st.sampled_from(branching))
    was_parallel = own in drawn.of_kind("parallelGateway")

    drawn.change(own, kind="exclusiveGateway" if was_parallel else "parallelGateway")

    assert codes(inspected(drawn.bpmn())) & {"unsynchronised", "deadlock"}


def _meets_itself(drawn: Drawn, own: str) -> bool:
    """Whether a token can come back to the node: a round, whose merge is a join of another sort."""
    edges = {node.id: [flow.target for flow in drawn.leaving(node.id)] for node in drawn.nodes}
    return own in reach(edges[own], edges)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(blocks(), st.data())
def test_a_line_that_was_forgotten_is_found(block: Block, data: st.DataObject) -> None:
    drawn = draw(block)
    needed = [flow for flow in drawn.flows if flow.condition != BACK]
    drawn.erase(data.draw(st.sampled_from(needed)).id)

    assert codes(inspected(drawn.bpmn())) & {"dead-end", "unreachable"}


@settings(max_examples=40, deadline=None, derandomize=True)
@given(blocks(), st.data())
def test_a_reminder_that_leads_back_to_the_main_line_is_found(block: Block, data: st.DataObject) -> None:
    drawn = draw(("then", ("user",), ("then", block, ("user",))))
    first = drawn.of_kind("userTask")[0]
    last = drawn.of_kind("userTask")[-1]
    drawn.flow(drawn.boundary(first, interrupting=False), last)

    assert "side-branch-joins" in codes(inspected(drawn.bpmn()))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(blocks())
def test_a_condition_that_is_no_expression_is_found(block: Block) -> None:
    drawn = draw(("xor", block, ("user",)))
    conditioned = next(flow for flow in drawn.flows if flow.condition)
    drawn.reroute(conditioned.id, condition="rounds =")

    assert codes(errors(inspected(drawn.bpmn()))) == {"expression"}


@settings(max_examples=150, deadline=None, derandomize=True)
@given(tangles())
def test_reduction_changes_no_verdict(drawn: Drawn) -> None:
    scope = scope_of(drawn)

    large, small = game(scope, small=False), game(scope, small=True)

    assume(large.complete)
    assert len(small.before) <= len(large.before)
    assert bool(small.crowded) == bool(large.crowded)
    if not large.crowded:
        assert bool(small.dead) == bool(large.dead)
        assert _fired(small) == _fired(large)


def _fired(played: Game) -> frozenset[str]:
    return frozenset(name for number in played.fired for name in played.transitions[number].covers)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(tangles())
def test_what_can_move_without_being_stuck_or_doubled_comes_to_an_end_or_was_told_to_have_no_way_out(
    drawn: Drawn,
) -> None:
    scope = scope_of(drawn)
    played = game(scope, small=False)
    assume(played.complete and not played.dead and not played.crowded)
    ends = drawn.of_kind("endEvent")
    home = reach([*ends, *(n.id for n in scope.nodes if not scope.leaving.get(n.id))], scope.predecessors)
    assume(scope.reachable <= home)

    back: dict[str, list[str]] = {}
    for source, targets in played.edges.items():
        for target in targets:
            back.setdefault(str(target), []).append(str(source))

    assert {str(marking) for marking in played.before} <= reach(["0"], back)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(tangles())
def test_inspection_never_fails_whatever_is_drawn(drawn: Drawn) -> None:
    for fault in inspected(drawn.bpmn()):
        assert fault.text


@settings(max_examples=100, deadline=None, derandomize=True)
@given(tangles())
def test_whatever_passes_compiles(drawn: Drawn) -> None:
    if sound(drawn):
        Engine(KEY, functions=FUNCTIONS).compile(drawn.bpmn())


def test_a_witness_names_the_elements_on_the_way() -> None:
    faults = inspected((BPMN / "faulty" / "xor_then_and.bpmn").read_bytes())

    deadlock = next(fault for fault in faults if fault.rule == "deadlock")
    assert "报送 → 送审 → 审核评分 → 通过？ → 择一" in deadlock.text
    assert "〈通知本人〉" in deadlock.text or "〈计分入账〉" in deadlock.text


def parallel(width: int) -> Drawn:
    """Many branches, each with two reviewers in a round of their own: nothing of it can be reduced."""
    drawn = Drawn()
    fork = drawn.add("parallelGateway")
    drawn.flow(drawn.add("startEvent"), fork)
    join = drawn.add("parallelGateway")
    for _ in range(width):
        merge, task, again = drawn.add("exclusiveGateway"), drawn.user(), drawn.add("exclusiveGateway")
        out = drawn.add("exclusiveGateway")
        drawn.flow(fork, merge)
        drawn.flow(merge, task)
        drawn.flow(task, again)
        drawn.default(again, drawn.flow(again, out))
        late = drawn.boundary(task, interrupting=True)
        other = drawn.user()
        drawn.flow(late, other)
        drawn.flow(other, out)
        drawn.flow(drawn.boundary(other, interrupting=True), merge)
        drawn.flow(again, merge, "rounds = 1")
        drawn.flow(out, join)
    drawn.end(join)
    return drawn


@pytest.mark.parametrize("width", [2, 5])
def test_parallel_rounds_are_sound(width: int) -> None:
    assert errors(inspected(parallel(width).bpmn())) == ()


def test_a_diagram_too_tangled_to_be_played_to_the_end_says_so_in_time() -> None:
    started = time.perf_counter()
    faults = inspected(parallel(20).bpmn())

    assert "soundness-incomplete" in codes(faults)
    assert errors(faults) == ()
    assert time.perf_counter() - started < 4


def test_a_diagram_of_hundreds_of_nodes_is_inspected_in_time() -> None:
    block: Block = ("user",)
    for _ in range(60):
        block = ("then", ("and", ("watched",), ("xor", ("service",), ("limited",))), block)
    drawn = draw(block)
    assert len(drawn.nodes) > 300

    started = time.perf_counter()
    faults = inspected(drawn.bpmn())

    assert codes(errors(faults)) <= {"too-large"}
    assert time.perf_counter() - started < 4


def test_a_diagram_nobody_can_read_is_refused_for_its_size_alone() -> None:
    block: Block = ("user",)
    for _ in range(450):
        block = ("then", ("service",), block)

    started = time.perf_counter()
    faults = inspected(draw(block).bpmn())

    assert codes(faults) == {"too-large"}
    assert time.perf_counter() - started < 2
