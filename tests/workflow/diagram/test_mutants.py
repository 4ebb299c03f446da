"""Shipped diagrams with one thing deleted, doubled or garbled: inspection stands, the engine agrees."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kaohe_flow.workflow.diagram.catalogue import TITLES
from kaohe_flow.workflow.diagram.rules import inspect
from kaohe_flow.workflow.engine.machine import Engine
from tests.workflow.diagram.corpus import FUNCTIONS
from tests.workflow.diagram.test_shipped import FILES, TABLES, WORDS, asked_by

ENGINE = Engine(b"a key for the state of tests", functions=FUNCTIONS)
Tree = ElementTree.Element
Places = list[tuple[Tree, Tree]]
JUNK = [
    "",
    " ",
    "x",
    "start",
    "=",
    "=1 +",
    "${a",
    "P",
    "gone",
    "0",
    "-1",
    "名称",
    "a/b",
    "true",
    "@",
    "{}",
    "\u202e",
]
Mutation = Callable[[st.DataObject, Places], None]


def delete(data: st.DataObject, places: Places) -> None:
    parent, child = data.draw(st.sampled_from(places))
    parent.remove(child)


def double(data: st.DataObject, places: Places) -> None:
    parent, child = data.draw(st.sampled_from(places))
    parent.append(child)


def move(data: st.DataObject, places: Places) -> None:
    parent, child = data.draw(st.sampled_from(places))
    target = data.draw(st.sampled_from([each for each, _ in places]))
    if target is not child and target not in list(child.iter()):
        parent.remove(child)
        target.append(child)


def garble(data: st.DataObject, places: Places) -> None:
    _, child = data.draw(st.sampled_from([place for place in places if place[1].attrib]))
    child.set(data.draw(st.sampled_from(sorted(child.attrib))), data.draw(st.sampled_from(JUNK)))


def drop(data: st.DataObject, places: Places) -> None:
    _, child = data.draw(st.sampled_from([place for place in places if place[1].attrib]))
    del child.attrib[data.draw(st.sampled_from(sorted(child.attrib)))]


def rename(data: st.DataObject, places: Places) -> None:
    _, child = data.draw(st.sampled_from(places))
    _, other = data.draw(st.sampled_from(places))
    child.tag = other.tag


def write(data: st.DataObject, places: Places) -> None:
    _, child = data.draw(st.sampled_from([place for place in places if (place[1].text or "").strip()]))
    child.text = data.draw(st.sampled_from(JUNK))


MUTATIONS: list[Mutation] = [delete, double, move, garble, drop, rename, write]


def mutate(root: Tree, mutations: list[Mutation], data: st.DataObject) -> None:
    for mutation in mutations:
        places = [(parent, child) for parent in root.iter() for child in parent]
        assume(
            any(child.attrib for _, child in places)
            and any((child.text or "").strip() for _, child in places)
        )
        mutation(data, places)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.sampled_from(FILES), st.lists(st.sampled_from(MUTATIONS), min_size=1, max_size=3), st.data())
def test_a_damaged_diagram_is_judged_and_never_passes_what_the_engine_refuses(
    path: object, mutations: list[Mutation], data: st.DataObject
) -> None:
    text = FILES[FILES.index(path)].read_text(encoding="utf-8")  # type: ignore[arg-type]
    root = ElementTree.fromstring(text)
    drawing = root.find("{http://www.omg.org/spec/BPMN/20100524/DI}BPMNDiagram")
    if drawing is not None:
        root.remove(drawing)
    mutate(root, mutations, data)
    bpmn = ElementTree.tostring(root, encoding="utf-8")
    tables = asked_by(text)

    faults = inspect(bpmn, dmn=tables, vocabulary=WORDS)

    assert all(fault.rule in TITLES and fault.text for fault in faults)
    if not any(fault.severity == "error" for fault in faults):
        ENGINE.compile(bpmn, dmn=tables)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(MUTATIONS), min_size=1, max_size=3), st.data())
def test_a_damaged_table_is_judged_and_never_passes_what_the_engine_refuses(
    mutations: list[Mutation], data: st.DataObject
) -> None:
    path = next(path for path in FILES if path.name.startswith("work_submission"))
    root = ElementTree.fromstring(TABLES["review_quality"])
    mutate(root, mutations, data)
    table = ElementTree.tostring(root, encoding="utf-8")

    faults = inspect(path.read_bytes(), dmn=[table], vocabulary=WORDS)

    if not any(fault.severity == "error" for fault in faults):
        ENGINE.compile(path.read_bytes(), dmn=[table])


def test_sub_processes_that_share_an_id_do_not_confuse_the_inspection() -> None:
    path = next(path for path in FILES if path.name.startswith("indicator_issue"))
    text = path.read_text(encoding="utf-8").replace('id="receive"', 'id="indicator_issue"')

    faults = inspect(text.encode(), vocabulary=WORDS)

    assert "id-duplicate" in {fault.rule for fault in faults}
