"""The engine against a token game written from the standard alone: the same tasks open at every step."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping

import pytest
from lxml import etree

from kaohe_flow.kernel.feel import compile_expression
from kaohe_flow.workflow.engine.port import Value
from tests.workflow.engine.drawings import diagram, node
from tests.workflow.engine.worlds import Case, compiled

SHELL = node("start", "s") + node("user", "u0") + node("xor", "x", default="x-e") + node("end", "e")
RETURN = "s->u0\nx->e\nx->u0 : again\n"
OUTER = "x-u0"  # the next round, of which no join of this round need think
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def users(names: str) -> str:
    return "".join(node("user", name) for name in names.split())


def gates(**kinds: str) -> str:
    return "".join(node(kind, own) for own, kind in kinds.items())


DIAGRAMS: Mapping[str, tuple[str, str]] = {
    "nested": (
        gates(g="and", h="and", k="and", j="and") + users("u v w"),
        "u0->g\ng->u\ng->h\nh->v\nh->w\nv->k\nw->k\nk->j\nu->j\nj->x",
    ),
    "uneven": (
        gates(g="and", h="and", j="and") + users("u v w"),
        "u0->g\ng->u\ng->h\nh->v\nh->w\nu->j\nv->j\nw->j\nj->x",
    ),
    "merged": (
        gates(g="and", j="and", m="xor") + users("u v w"),
        "u0->g\ng->u\ng->v\ng->w\nu->m\nv->m\nm->j\nw->j\nj->x",
    ),
    "inclusive": (
        gates(g="or", j="or") + users("u v w"),
        "u0->g\ng->u : a > 1\ng->v : a > 2\ng->w : a < 4\nu->j\nv->j\nw->j\nj->x",
    ),
    "inclusive-in-parallel": (
        gates(g="and", h="or", k="or", j="and") + users("u v w"),
        "u0->g\ng->u\ng->h\nh->v : a > 1\nh->w : a < 3\nv->k\nw->k\nk->j\nu->j\nj->x",
    ),
    "inner-loop": (
        gates(g="and", j="or") + node("xor", "y", default="y-j") + users("u v w"),
        "u0->g\ng->u\ng->v\nu->y\ny->w : more\nw->y\ny->j\nv->j\nj->x",
    ),
    "sides": (
        gates(g="or", j="or") + node("xor", "y", default="y-j") + users("u v w"),
        "u0->g\ng->u : a > 0\ng->v : a > 2\nu->y\ny->v : more\ny->j\nv->w\nw->j\nj->x",
    ),
}


class Reference:
    """Tokens lie on flows and at user tasks. Nothing here knows the engine."""

    def __init__(self, bpmn: bytes, variables: dict[str, Value]) -> None:
        process = etree.fromstring(bpmn)[0]
        self.kind = {n.get("id"): n.tag.removeprefix(BPMN) for n in process if n.get("sourceRef") is None}
        self.default = {n.get("default") for n in process}
        flows = [n for n in process if n.get("sourceRef")]
        self.source = {f.get("id"): f.get("sourceRef") for f in flows}
        self.target = {f.get("id"): f.get("targetRef") for f in flows}
        self.when = {f.get("id"): compile_expression(f[0].text) for f in flows if len(f)}
        self.on: Counter[str] = Counter()
        self.open: Counter[str] = Counter()
        self.variables = variables
        self._leave("s")

    def complete(self, task: str, decision: Mapping[str, Value]) -> None:
        self.open[task] -= 1
        self.variables.update(decision)
        self._leave(task)

    def _out(self, own: str) -> list[str]:
        return [flow for flow, source in self.source.items() if source == own]

    def _in(self, own: str) -> list[str]:
        return [flow for flow, target in self.target.items() if target == own]

    def _leave(self, own: str) -> None:
        flows = self._out(own)
        holding = [f for f in flows if f in self.when and self.when[f].evaluate(self.variables) is True]
        if self.kind[own] == "exclusiveGateway" and len(flows) > 1:
            flows = holding[:1] or [f for f in flows if f in self.default]
        elif self.kind[own] == "inclusiveGateway" and len(flows) > 1:
            flows = holding or [f for f in flows if f in self.default]
        self.on.update(flows)
        while self._move():
            pass

    def _move(self) -> bool:
        for flow in [f for f, count in self.on.items() if count]:
            if self._enter(self.target[flow], flow):
                return True
        return False

    def _enter(self, own: str, flow: str) -> bool:
        kind, ways = self.kind[own], self._in(own)
        if kind == "parallelGateway" and any(not self.on[way] for way in ways):
            return False
        if kind == "inclusiveGateway" and len(ways) > 1 and self._may_still_come(own):
            return False
        taken = {"parallelGateway": ways, "inclusiveGateway": [w for w in ways for _ in range(self.on[w])]}
        self.on.subtract(taken.get(kind, [flow]))
        if kind == "userTask":
            self.open[own] += 1
        elif kind != "endEvent":
            self._leave(own)
        return True

    def _may_still_come(self, own: str) -> bool:
        ahead = {task for task, count in self.open.items() if count}
        ahead |= {self.target[f] for f, count in self.on.items() if count and self.target[f] != own}
        seen: set[str] = set()
        while ahead:
            place = ahead.pop()
            if place == own:
                return True
            if place not in seen:
                seen.add(place)
                ahead |= {self.target[f] for f in self._out(place) if f != OUTER}
        return False


@pytest.mark.parametrize("name", DIAGRAMS)
def test_the_engine_plays_the_same_token_game(name: str) -> None:
    nodes, flows = DIAGRAMS[name]
    bpmn = diagram(SHELL + nodes, RETURN + flows)
    process = compiled(bpmn)
    for seed in range(60):
        dice = random.Random(seed)
        start: dict[str, Value] = {"again": True, "a": dice.randint(1, 4), "more": dice.random() < 0.5}
        case, reference = Case(process, **start), Reference(bpmn, dict(start))
        for _ in range(30):
            assert Counter(case.open) == +reference.open, (seed, case.open)
            if case.now.finished or not case.open:
                break
            task = dice.choice(case.open)
            decision: dict[str, Value] = {
                "again": dice.random() < 0.7, "a": dice.randint(1, 4), "more": dice.random() < 0.4,
            }  # fmt: skip
            case.do(task, **decision)
            reference.complete(task, decision)
