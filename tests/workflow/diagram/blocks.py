"""Random diagrams: block-structured ones, sound by construction, and arbitrary ones of gateways and tasks."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.workflow.diagram.drawn import Drawn

Block = tuple[Any, ...]
BACK = "rounds = 7"
LEAVES = st.sampled_from([("user",), ("service",), ("watched",), ("limited",)])


def blocks() -> st.SearchStrategy[Block]:
    """Trees of sequences, choices, parallel parts, parts as needed, and rounds."""
    return st.recursive(
        LEAVES,
        lambda inner: st.one_of(
            st.tuples(st.just("then"), inner, inner),
            st.tuples(st.just("xor"), inner, inner),
            st.tuples(st.just("and"), inner, inner),
            st.tuples(st.just("or"), inner, inner),
            st.tuples(st.just("round"), inner),
        ),
        max_leaves=8,
    )


def draw(block: Block) -> Drawn:
    """The block between a start and an end."""
    drawn = Drawn()
    last = _draw(drawn, block, drawn.add("startEvent"))
    drawn.end(last)
    return drawn


def _draw(drawn: Drawn, block: Block, before: str) -> str:
    return _KINDS[block[0]](drawn, block, before)


def _leaf(drawn: Drawn, own: str, before: str) -> str:
    drawn.flow(before, own)
    return own


def _user(drawn: Drawn, block: Block, before: str) -> str:
    return _leaf(drawn, drawn.user(), before)


def _service(drawn: Drawn, block: Block, before: str) -> str:
    return _leaf(drawn, drawn.service(), before)


def _watched(drawn: Drawn, block: Block, before: str) -> str:
    """A task with a reminder beside it."""
    own = _leaf(drawn, drawn.user(), before)
    reminder = drawn.service()
    drawn.flow(drawn.boundary(own, interrupting=False), reminder)
    drawn.end(reminder)
    return own


def _limited(drawn: Drawn, block: Block, before: str) -> str:
    """A task whose time may run out; then a service does without."""
    own = _leaf(drawn, drawn.user(), before)
    after, merge = drawn.service(), drawn.add("exclusiveGateway")
    drawn.flow(drawn.boundary(own, interrupting=True), after)
    drawn.flow(after, merge)
    drawn.flow(own, merge)
    return merge


def _then(drawn: Drawn, block: Block, before: str) -> str:
    return _draw(drawn, block[2], _draw(drawn, block[1], before))


def _split(drawn: Drawn, block: Block, before: str, kind: str) -> str:
    fork, join = _leaf(drawn, drawn.add(kind), before), drawn.add(kind)
    for part in block[1:]:
        drawn.flow(_draw(drawn, part, fork), join)
    return join


def _conditions(drawn: Drawn, fork: str) -> None:
    first, *rest = drawn.leaving(fork)
    drawn.default(fork, first.id)
    for number, flow in enumerate(rest):
        drawn.reroute(flow.id, condition=f"rounds = {number}")


def _xor(drawn: Drawn, block: Block, before: str) -> str:
    join = _split(drawn, block, before, "exclusiveGateway")
    _conditions(drawn, drawn.leaving(before)[-1].target)
    return join


def _and(drawn: Drawn, block: Block, before: str) -> str:
    return _split(drawn, block, before, "parallelGateway")


def _or(drawn: Drawn, block: Block, before: str) -> str:
    join = _split(drawn, block, before, "inclusiveGateway")
    _conditions(drawn, drawn.leaving(before)[-1].target)
    return join


def _round(drawn: Drawn, block: Block, before: str) -> str:
    """Again and again, with a person in every round."""
    merge = _leaf(drawn, drawn.add("exclusiveGateway"), before)
    last = _leaf(drawn, drawn.user(), _draw(drawn, block[1], merge))
    again = _leaf(drawn, drawn.add("exclusiveGateway"), last)
    out = drawn.add("exclusiveGateway")
    drawn.default(again, drawn.flow(again, out))
    drawn.flow(again, merge, BACK)
    return out


_KINDS = {
    "user": _user,
    "service": _service,
    "watched": _watched,
    "limited": _limited,
    "then": _then,
    "xor": _xor,
    "and": _and,
    "or": _or,
    "round": _round,
}

KINDS = ["exclusiveGateway", "parallelGateway", "inclusiveGateway", "userTask", "terminate", "endEvent"]


@st.composite
def tangles(pick: st.DrawFn) -> Drawn:
    """Anything: some nodes, some flows between them, one start. Mostly wrong."""
    drawn = Drawn()
    start = drawn.add("startEvent")
    for kind in pick(st.lists(st.sampled_from(KINDS), min_size=2, max_size=8)):
        if kind == "terminate":
            drawn.add("endEvent", inside="<bpmn:terminateEventDefinition />")
        elif kind == "userTask":
            drawn.user()
        else:
            drawn.add(kind)
    targets = [node.id for node in drawn.nodes if node.kind != "startEvent"]
    sources = [node.id for node in drawn.nodes if node.kind not in {"startEvent", "endEvent"}]
    drawn.flow(start, pick(st.sampled_from(targets)))
    if sources:
        pairs = st.tuples(st.sampled_from(sources), st.sampled_from(targets))
        for source, target in pick(st.lists(pairs, max_size=12, unique=True)):
            drawn.flow(source, target, "rounds = 1")
    return drawn
