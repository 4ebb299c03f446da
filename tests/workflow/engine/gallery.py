"""Diagrams for random walks: each mixes loops with constructs that may go wrong in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kaohe_flow.workflow.engine.port import Process, Value
from tests.workflow.engine.drawings import arrows, boundary, diagram, message, multi, node, timer
from tests.workflow.engine.lifecycle import APPEAL, LIFECYCLE, SCORE, VARIABLES
from tests.workflow.engine.worlds import compiled

Choices = Mapping[str, tuple[Value, ...]]


@dataclass(frozen=True)
class Walk:
    """A process, what it starts with, and what people may decide at any of its tasks."""

    process: Process
    variables: Mapping[str, Value] = field(default_factory=dict)
    choices: Choices = field(default_factory=dict)
    messages: tuple[str, ...] = ()


AGAIN: Choices = {"again": (True, False)}
SHELL = node("start", "s") + node("user", "u0") + node("xor", "x", default="x-e") + node("end", "e")
RETURN = "s->u0\nx->e\nx->u0 : again\n"


def users(names: str) -> str:
    return "".join(node("user", name) for name in names.split())


def loop(
    middle: str, flows: str, names: str = "u v w", choices: Choices = AGAIN, messages: tuple[str, ...] = ()
) -> Walk:
    bpmn = diagram(SHELL + users(names) + middle, RETURN + flows, messages=messages)
    members: Value = [{"id": 1}, {"id": 2}, {"id": 3}]
    start: dict[str, Value] = {"again": True, "a": 2, "more": False, "veto": False, "members": members}
    return Walk(compiled(bpmn), start, choices, messages)


def inner(own: str, body: str, flows: str, more: str = "") -> str:
    return node("sub", own, more + body + arrows(flows))


SUB = (
    node("start", "s1")
    + node("user", "p1")
    + node("user", "p2")
    + node("xor", "x1", default="x1-e1")
    + node("end", "e1")
)
SUB_FLOWS = "s1->p1\np1->x1\nx1->e1\nx1->p2 : more\np2->p1"
MORE: Choices = AGAIN | {"more": (True, False)}
OPEN: Choices = AGAIN | {"a": (1, 2, 3, 4)}
VETO: Choices = AGAIN | {"veto": (True, False, False)}

GALLERY: dict[str, Walk] = {
    "parallel": loop(node("and", "g") + node("and", "j"), "u0->g\ng->u\ng->v\ng->w\nu->j\nv->j\nw->j\nj->x"),
    "nested": loop(
        node("and", "g") + node("and", "h") + node("and", "k") + node("and", "j"),
        "u0->g\ng->u\ng->h\nh->v\nh->w\nv->k\nw->k\nk->j\nu->j\nj->x",
    ),
    "uneven": loop(
        node("and", "g") + node("and", "h") + node("and", "j"),
        "u0->g\ng->u\ng->h\nh->v\nh->w\nu->j\nv->j\nw->j\nj->x",
    ),
    "inclusive": loop(
        node("or", "g", default="g-w") + node("or", "j"),
        "u0->g\ng->u : a > 1\ng->v : a > 2\ng->w\nu->j\nv->j\nw->j\nj->x",
        choices=OPEN,
    ),
    "inclusive-inner-loop": loop(
        node("and", "g") + node("or", "j") + node("xor", "y", default="y-j"),
        "u0->g\ng->u\ng->v\nu->y\ny->w : more\nw->y\ny->j\nv->j\nj->x",
        choices=MORE,
    ),
    "signing": loop(
        node("user", "m", multi(collection="members", variable="who", until="veto")),
        "u0->m\nm->u\nu->x",
        "u",
        VETO,
    ),
    "signing-in-turn": loop(
        node("user", "m", multi(collection="members", variable="who", until="veto", sequential=True)),
        "u0->m\nm->u\nu->x",
        "u",
        VETO,
    ),
    "sub-process-in-parallel": loop(
        node("and", "g") + node("and", "j") + inner("p", SUB, SUB_FLOWS),
        "u0->g\ng->u\ng->p\nu->v\nv->j\np->j\nj->x",
        "u v",
        MORE,
    ),
    "sub-process-per-member": loop(
        inner("p", SUB, SUB_FLOWS, multi(collection="members", variable="who")),
        "u0->p\np->u\nu->x",
        "u",
        MORE,
    ),
    "limits": loop(
        node("and", "g")
        + node("and", "j")
        + boundary("b1", "u", timer("timeDuration", "PT5H"))
        + boundary("b2", "v", timer("timeCycle", "R3/PT3H"), interrupting=False)
        + boundary("b3", "u", timer("timeDuration", "PT2H"), interrupting=False)
        + node("service", "n", camunda__topic="count")
        + node("end", "en")
        + node("xor", "mu"),
        "u0->g\ng->u\ng->v\nu->mu\nb1->mu\nmu->j\nv->j\nj->x\nb2->n\nn->en\nb3->w\nw->en",
    ),
    "events": loop(
        node("events", "g")
        + node("catch", "c1", timer("timeDuration", 'if more then "PT20H" else "PT4H"'))
        + node("catch", "c2", timer("timeDuration", "PT9H"))
        + node("catch", "c3", message("m_come"))
        + boundary("b", "u", message("m_back"))
        + node("xor", "m"),
        "u0->g\ng->c1\ng->c2\ng->c3\nc1->u\nc2->v\nc3->w\nu->m\nv->m\nw->m\nb->m\nm->x",
        choices=MORE,
        messages=("come", "back"),
    ),
    "limited-sub-process": loop(
        inner(
            "p",
            SUB
            + boundary("b1", "p1", timer("timeDuration", "PT7H"), interrupting=False)
            + node("end", "e1b"),
            SUB_FLOWS + "\nb1->e1b",
        )
        + boundary("b", "p", timer("timeDuration", "PT9H"))
        + boundary("back", "p", message("m_back")),
        "u0->p\np->u\nu->x\nb->v\nv->x\nback->u0",
        "u v",
        MORE,
        ("back",),
    ),
    "lifecycle": Walk(
        compiled(LIFECYCLE, dmn=[SCORE], called=[APPEAL]),
        VARIABLES,
        {
            "decision": ("approve", "approve", "reject"),
            "amount": (1, 7, 12),
            "agree": (True, True, False),
            "appeal": (True, False),
            "outcome": ("climb", "uphold"),
            "rung": (2, 3, 4),
        },
        ("withdraw",),
    ),
}
