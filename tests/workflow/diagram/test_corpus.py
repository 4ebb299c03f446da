"""Every faulty file of the corpus is told what is wrong with it, where, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kaohe_flow.workflow.diagram.catalogue import ERRORS, TITLES
from kaohe_flow.workflow.diagram.rules import process_key
from kaohe_flow.workflow.engine.machine import Engine
from kaohe_flow.workflow.errors import DiagramRefused
from tests.workflow.diagram.corpus import BPMN, DMN, FUNCTIONS, codes, errors, expectations, inspected

FAULTY = sorted((BPMN / "faulty").glob("*.bpmn"))
SOUND = sorted((BPMN / "sound").glob("*.bpmn"))
FAULTY_TABLES = sorted((DMN / "faulty").glob("*.dmn"))
SOUND_TABLES = sorted((DMN / "sound").glob("*.dmn"))
EXPECTED = expectations(BPMN)
EXPECTED_TABLES = expectations(DMN)
ASKING = (BPMN / "sound" / "with_decision_table.bpmn").read_bytes()
TABLE = (DMN / "sound" / "quality.dmn").read_bytes()
KEY = b"a key for the state of tests"
MADE_IN_TESTS = {"xml", "too-large", "soundness-incomplete", "table-duplicate"}


def tables_for(path: Path) -> list[bytes]:
    return [TABLE] if path.stem == "with_decision_table" else []


@pytest.mark.parametrize("path", FAULTY, ids=lambda path: path.stem)
def test_a_faulty_diagram_is_told_every_fault_with_its_line_and_element_and_no_other(path: Path) -> None:
    faults = inspected(path.read_bytes())

    assert {(fault.rule, fault.line, fault.element_id) for fault in faults} == EXPECTED[path.stem]


@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.stem)
def test_a_sound_diagram_raises_no_alarm(path: Path) -> None:
    assert inspected(path.read_bytes(), *tables_for(path)) == ()


@pytest.mark.parametrize("path", FAULTY_TABLES, ids=lambda path: path.stem)
def test_a_faulty_table_is_told_every_fault_with_its_line_and_no_other(path: Path) -> None:
    expected = EXPECTED_TABLES[path.stem]
    faults = [fault for fault in inspected(ASKING, path.read_bytes()) if fault.element_id != "odd"]

    assert {(fault.rule, fault.line, "") for fault in faults} == {each for each in expected if each[1]}


@pytest.mark.parametrize("path", SOUND_TABLES, ids=lambda path: path.stem)
def test_a_sound_table_raises_no_alarm(path: Path) -> None:
    assert inspected(ASKING, path.read_bytes()) == ()


@pytest.mark.parametrize(
    ("name", "rule"),
    [("output_twice", "result-mapping"), ("id_missing", "table-unknown"), ("other_id", "table-unknown")],
)
def test_the_task_that_asks_a_table_is_told_when_the_table_does_not_fit(name: str, rule: str) -> None:
    faults = inspected(ASKING, (DMN / "faulty" / f"{name}.dmn").read_bytes())

    assert rule in codes(tuple(fault for fault in faults if fault.element_id == "odd"))


def test_the_corpus_is_as_large_as_promised_and_has_a_file_for_every_rule() -> None:
    broken = {
        rule for folder in (EXPECTED, EXPECTED_TABLES) for found in folder.values() for rule, *_ in found
    }

    assert len(FAULTY) >= 60
    assert len(FAULTY_TABLES) >= 15
    assert len(SOUND) >= 7
    assert broken == TITLES.keys() - MADE_IN_TESTS


def test_every_expectation_has_its_file() -> None:
    assert EXPECTED.keys() == {path.stem for path in FAULTY}
    assert EXPECTED_TABLES.keys() == {path.stem for path in FAULTY_TABLES}


@pytest.mark.parametrize("path", [*FAULTY, *FAULTY_TABLES], ids=lambda path: path.stem)
def test_every_fault_says_in_chinese_what_is_wrong_and_what_to_do(path: Path) -> None:
    is_table = path.suffix == ".dmn"
    faults = inspected(ASKING if is_table else path.read_bytes(), *([path.read_bytes()] if is_table else []))

    for fault in faults:
        assert re.search(r"[\u4e00-\u9fff]{4}", fault.text), fault
        assert re.search("请|建议|用不到|不会执行|只是图示", fault.text), fault
        assert fault.severity == ("error" if fault.rule in ERRORS else "warning")
        assert fault.where.startswith("第 ")


@pytest.mark.parametrize("path", FAULTY, ids=lambda path: path.stem)
def test_whatever_the_engine_refuses_was_refused_here_before(path: Path) -> None:
    bpmn = path.read_bytes()
    if not errors(inspected(bpmn)):
        Engine(KEY, functions=FUNCTIONS).compile(bpmn)


@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.stem)
def test_sound_diagrams_compile(path: Path) -> None:
    engine = Engine(KEY, functions=FUNCTIONS)
    if path.stem == "called_process":
        with pytest.raises(DiagramRefused, match="appeal_review"):
            engine.compile(path.read_bytes())
        return
    assert engine.compile(path.read_bytes(), dmn=tables_for(path)).key == process_key(path.read_bytes())
