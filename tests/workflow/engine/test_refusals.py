"""What the engine cannot run is refused when deployed: every fault at once, in Chinese, with its place."""

from __future__ import annotations

import random
import re
from itertools import pairwise

import pytest
from lxml import etree

from kaohe_flow.kernel.errors import KaoheError
from kaohe_flow.workflow.errors import DiagramRefused, Fault
from tests.workflow.engine.drawings import (
    HEAD,
    arrows,
    boundary,
    diagram,
    extension,
    message,
    multi,
    node,
    timer,
)
from tests.workflow.engine.gallery import GALLERY
from tests.workflow.engine.lifecycle import APPEAL, LIFECYCLE, SCORE
from tests.workflow.engine.worlds import Case, compiled

ENDS = node("start", "s") + node("end", "e")
PYTHON_ERROR = re.compile(r"[A-Z][a-z]+Error")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def faults(nodes: str, flows: str, **files: object) -> tuple[Fault, ...]:
    with pytest.raises(DiagramRefused) as refused:
        compiled(diagram(nodes, flows, messages=("撤回",)), **files)
    return refused.value.faults


def rules(nodes: str, flows: str) -> list[str]:
    return sorted({fault.rule for fault in faults(nodes, flows)})


LINE = "s->u\nu->e"
LISTED = (
    '<camunda:inputOutput><camunda:inputParameter name="a"><camunda:list/>'
    "</camunda:inputParameter></camunda:inputOutput>"
)
GROOVY = (
    '<bpmn:sequenceFlow id="f" sourceRef="u" targetRef="e">'
    '<bpmn:conditionExpression language="groovy">true</bpmn:conditionExpression></bpmn:sequenceFlow>'
)
LIMITED = ENDS + node("user", "u")


def timed(kind: str, text: str) -> str:
    return boundary("b", "u", timer(kind, text))


@pytest.mark.parametrize(
    ("tag", "inner", "attributes"),
    [
        ("task", "", {}),
        ("manualTask", "", {}),
        ("scriptTask", "<bpmn:script>import os</bpmn:script>", {"scriptFormat": "python"}),
        ("complexGateway", "", {}),
        ("transaction", ENDS.replace('"s"', '"s1"').replace('"e"', '"e1"') + arrows("s1->e1"), {}),
        ("adHocSubProcess", "", {}),
        ("choreographyTask", "", {}),
        ("userTask", "<bpmn:standardLoopCharacteristics/>", {}),
        ("intermediateThrowEvent", '<bpmn:signalEventDefinition signalRef="x"/>', {}),
        ("intermediateThrowEvent", '<bpmn:linkEventDefinition name="x"/>', {}),
        ("intermediateThrowEvent", '<bpmn:messageEventDefinition messageRef="m_撤回"/>', {}),
        ("intermediateCatchEvent", "<bpmn:conditionalEventDefinition/>", {}),
        ("intermediateCatchEvent", '<bpmn:linkEventDefinition name="x"/>', {}),
    ],
)
def test_constructs_that_would_run_differently_are_refused(
    tag: str, inner: str, attributes: dict[str, str]
) -> None:
    assert "unsupported" in rules(ENDS + node(tag, "u", inner, **attributes), LINE)


@pytest.mark.parametrize(
    ("nodes", "flows", "rule"),
    [
        (node("end", "e"), "", "start"),
        (ENDS + node("start", "s2") + node("user", "u"), LINE + "\ns2->u", "start"),
        (node("start", "s") + node("user", "u"), "s->u", "end"),
        (node("start", "s", timer("timeDuration", "P1D")) + node("end", "e"), "s->e", "unsupported"),
        (node("start", "s") + node("end", "e", '<bpmn:errorEventDefinition/>'), "s->e", "unsupported"),
        (ENDS + node("user", "u") + node("user", "v"), LINE, "unreachable"),
        (ENDS + node("user", "u"), LINE + "\nu->nowhere", "flow"),
        (ENDS + node("user", "u"), LINE + "\nnowhere->u", "flow"),
        (ENDS + node("user", "u"), LINE + "\nu->s", "flow"),
        (ENDS + node("user", "u"), LINE + "\ne->u", "flow"),
        (ENDS + node("user", "u") + node("user", "v"), LINE + "\nu->v\nv->e", "split"),
        (ENDS + node("user", "u"), "s->u\nu->e : a = 1", "condition"),
        (ENDS + node("xor", "u") + node("end", "f"), "s->u\nu->e : a = 1\nu->f", "condition"),
        (ENDS + node("xor", "u", default="u-e") + node("end", "f"), "s->u\nu->e : a\nu->f : b", "condition"),
        (ENDS + node("and", "u") + node("end", "f"), "s->u\nu->e : a = 1\nu->f", "condition"),
        (ENDS + node("user", "u") + node("user", "u"), LINE, "id"),
        (ENDS + node("user", "a/b"), "s->a/b\na/b->e", "id"),
        (ENDS + node("user", "P"), "s->P\nP->e", "id"),
        (ENDS + node("user", ""), "s->e", "id"),
        (ENDS + node("service", "u"), LINE, "topic"),
        (ENDS + node("decision", "u"), LINE, "decision"),
        (ENDS + node("decision", "u", camunda__decisionRef="nope"), LINE, "decision"),
        (ENDS + node("call", "u"), LINE, "called"),
        (ENDS + node("call", "u", calledElement="nope"), LINE, "called"),
        (ENDS + node("call", "u", calledElement="${which}"), LINE, "called"),
        (LIMITED + boundary("b", "nope", timer("timeDuration", "P1D")), LINE, "boundary"),
        (ENDS + node("xor", "u") + boundary("b", "u", timer("timeDuration", "P1D")), LINE, "boundary"),
        (LIMITED + boundary("b", "u", ""), LINE, "event"),
        (LIMITED + boundary("b", "u", "<bpmn:errorEventDefinition/>"), LINE, "unsupported"),
        (LIMITED + boundary("b", "u", "<bpmn:timerEventDefinition/>"), LINE, "timer"),
        (LIMITED + timed("timeDuration", "2D"), LINE, "expression"),
        (LIMITED + timed("timeDuration", "P1M2X"), LINE, "timer"),
        (LIMITED + timed("timeDate", "2025-11-25T18:00:00"), LINE, "timer"),
        (LIMITED + timed("timeCycle", "0 0 8 * * ?"), LINE, "timer"),
        (LIMITED + timed("timeCycle", "R/PT1S"), LINE, "timer"),
        (LIMITED + timed("timeDate", "workdays("), LINE, "expression"),
        (LIMITED + timed("timeDate", "unknown_function(3)"), LINE, "expression"),
        (LIMITED + boundary("b", "u", message("nope")), LINE, "message"),
        (ENDS + node("receive", "u"), LINE, "message"),
        (ENDS + node("catch", "u"), LINE, "event"),
        (ENDS + node("user", "u", camunda__dueDate="2025-99-99"), LINE, "due"),
        (ENDS + node("user", "u", camunda__dueDate="workdays("), LINE, "expression"),
        (ENDS + node("user", "u", multi()), LINE, "multi-instance"),
        (ENDS + node("user", "u", multi(collection="a", count="3")), LINE, "multi-instance"),
        (ENDS + node("user", "u", multi(collection="a b")), LINE, "expression"),
        (ENDS + node("user", "u", multi(count="3", until="1 +")), LINE, "expression"),
        (ENDS + node("service", "u", extension(inputs={"a": "=+"}), camunda__topic="x"), LINE, "expression"),
        (ENDS + node("user", "u", extension(raw='<camunda:taskListener class="X"/>')), LINE, "ignored"),
        (ENDS + node("service", "u", extension(raw=LISTED), camunda__topic="x"), LINE, "ignored"),
        (ENDS + node("xor", "u", default="u-e") + GROOVY, "s->u\nu->e", "expression"),
        (ENDS + node("events", "g") + node("user", "u"), "s->g\ng->u\nu->e", "event-gateway"),
        (
            ENDS + node("events", "g") + node("catch", "c", timer("timeDuration", "P1D")) + node("xor", "x"),
            "s->x\nx->g : true\nx->c : false\ng->c\nc->e",
            "event-gateway",
        ),
        (ENDS + node("sub", "p", node("start", "s1") + node("end", "e1")), "s->p\np->e\ns->s1", "flow"),
        (ENDS + node("sub", "p", node("end", "e1")), "s->p\np->e", "start"),
    ],
)  # fmt: skip
def test_each_fault_has_its_rule(nodes: str, flows: str, rule: str) -> None:
    found = faults(nodes, flows)

    assert rule in {fault.rule for fault in found}
    assert all(CHINESE.search(fault.text) for fault in found)


def test_all_faults_come_at_once_with_element_name_and_line() -> None:
    nodes = (
        ENDS
        + "\n"
        + node("service", "w", name="计分")
        + "\n\n"
        + node("user", "u", name="审核", camunda__dueDate="1 +")
    )
    flows = "s->w\nw->u\nu->e\nu->e : x"

    found = faults(nodes, flows)

    assert {(fault.element_id, fault.rule) for fault in found} >= {
        ("w", "topic"),
        ("u", "expression"),
        ("u", "split"),
    }
    service = next(fault for fault in found if fault.element_id == "w")
    assert (service.element_name, service.line) == ("计分", 2)
    assert service.where == "第 2 行 元素〈计分〉"


def test_the_refusal_lists_every_fault_as_a_problem() -> None:
    with pytest.raises(DiagramRefused) as refused:
        compiled(diagram(ENDS + node("service", "u") + node("scriptTask", "v"), "s->u\nu->v\nv->e"))

    assert len(refused.value.problems) == len(refused.value.faults) == 2
    assert "2 处问题" in str(refused.value)


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (b"", "空"),
        (b"<a", "XML"),
        (b"<a/>", "不是 BPMN"),
        (HEAD.encode() + b"</bpmn:definitions>", "没有流程"),
        (HEAD.encode() + b'<bpmn:process id="P" isExecutable="false"/></bpmn:definitions>', "可执行"),
        (HEAD.encode() + b'<bpmn:process id="P"/><bpmn:process id="Q"/></bpmn:definitions>', "2 个可执行"),
        (HEAD.encode() + b"<bpmn:process/></bpmn:definitions>", "编号"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "DOCTYPE"),
        ("<a/>".encode("utf-16"), "UTF-8"),
        (b"<a>" * 200 + b"</a>" * 200, "嵌套"),
    ],
)
def test_files_that_are_no_diagram_are_refused(xml: bytes, words: str) -> None:
    for files in ({"bpmn": xml}, {"bpmn": diagram(ENDS, "s->e"), "called": [xml]}):
        with pytest.raises(DiagramRefused) as refused:
            compiled(**files)  # type: ignore[arg-type]
        assert words in " ".join(fault.text for fault in refused.value.faults)


def test_two_called_files_of_the_same_key_are_refused() -> None:
    other = diagram(ENDS, "s->e", key="other")

    with pytest.raises(DiagramRefused, match="重复"):
        compiled(diagram(ENDS, "s->e"), called=[other, other])


def test_pictures_on_the_diagram_do_no_harm() -> None:
    extra = '<bpmn:dataObject id="d"/><bpmn:dataObjectReference id="r" dataObjectRef="d"/>'
    extra += '<bpmn:dataStoreReference id="t" dataStoreRef="nope"/>'
    extra += '<bpmn:textAnnotation id="a"><bpmn:text>注</bpmn:text></bpmn:textAnnotation>'
    extra += '<bpmn:group id="q"/><!-- 注释 -->'
    linked = (
        '<bpmn:dataInputAssociation id="i"><bpmn:sourceRef>nope</bpmn:sourceRef></bpmn:dataInputAssociation>'
    )

    case = Case(compiled(diagram(ENDS + node("user", "u", linked) + extra, LINE)))

    assert case.open == ["u"]


def test_a_very_long_diagram_is_refused_and_a_long_one_runs() -> None:
    def chain(length: int) -> bytes:
        names = [f"n{number}" for number in range(length)]
        nodes = ENDS + "".join(node("throw", name) for name in names)
        return diagram(nodes, "\n".join(f"{a}->{b}" for a, b in pairwise(["s", *names, "e"])))

    assert Case(compiled(chain(200))).now.finished
    for length in (900, 1500):
        with pytest.raises(DiagramRefused) as refused:
            compiled(chain(length))
        assert refused.value.faults[0].rule == "too-long"


def mutated(xml: bytes, dice: random.Random) -> bytes:
    """One random change: an element moved, doubled or dropped, an attribute or a text replaced."""
    root = etree.fromstring(xml)
    spots = [each for each in root.iter(etree.Element) if each.getparent() is not None]
    spot = dice.choice(spots)
    what = dice.randrange(5)
    if what == 0:
        spot.getparent().remove(spot)
    elif what == 1:
        place = dice.choice(spots)
        if spot not in {place, *place.iterancestors()}:
            place.append(spot)
    elif what == 2 and spot.attrib:
        name = dice.choice(sorted(spot.attrib))
        spot.set(
            name, dice.choice(["", "u0", "x", "nope", "true", "${1/0}", "P1D", "-1", "=", "a.b.c", "😀"])
        )
    elif what == 3 and spot.attrib:
        del spot.attrib[dice.choice(sorted(spot.attrib))]
    else:
        spot.text = dice.choice(["", "1", "true", "nowhere", "P1D", "R/PT1M", "[1,2]", "1 +", "{a:1}", '"x"'])
    return etree.tostring(root)


SEED_DIAGRAMS = {"lifecycle": LIFECYCLE, "appeal": APPEAL}


def tried(xml: bytes, dice: random.Random, called: list[bytes]) -> KaoheError | None:
    try:
        case = Case(compiled(xml, dmn=[SCORE], called=called), **GALLERY["lifecycle"].variables)
        for _ in range(6):
            if case.open:
                case.do(dice.choice(case.open), decision="approve", amount=7, agree=True, appeal=True)
            case.tick(hours=30)
    except KaoheError as failure:
        return failure
    return None


@pytest.mark.parametrize("name", SEED_DIAGRAMS)
def test_a_mutilated_diagram_is_refused_or_runs_but_never_breaks(name: str) -> None:
    """Whatever changes in the XML, only our own failures come out, and refusals are in Chinese."""
    refused = 0
    for seed in range(250):
        dice = random.Random(seed)
        failure = tried(mutated(SEED_DIAGRAMS[name], dice), dice, [] if name == "appeal" else [APPEAL])
        assert not PYTHON_ERROR.search(str(failure)), (seed, failure)
        if isinstance(failure, DiagramRefused):
            refused += 1
            assert all(CHINESE.search(fault.text) for fault in failure.faults), (seed, failure.faults)

    assert refused > 50
