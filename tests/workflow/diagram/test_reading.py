"""Files that cannot be read: hostile, damaged, in another encoding, of another kind."""

from __future__ import annotations

import time

import pytest

from kaohe_flow.workflow.diagram.rules import inspect, process_key
from tests.workflow.diagram.corpus import BPMN, DMN, VOCABULARY

SOUND = (BPMN / "sound" / "plain_claim.bpmn").read_text(encoding="utf-8")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
BODY = SOUND.removeprefix(HEAD)
NAMED = BODY.replace("工作申报", "&x;", 1)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ATTRIBUTES = " ".join(f"b{n}=''" for n in range(200_000))
HOSTILE = {
    "document_type": f"{HEAD}<!DOCTYPE definitions>\n{BODY}",
    "file_entity": f'{HEAD}<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n{NAMED}',
    "net_entity": f'{HEAD}<!DOCTYPE d [<!ENTITY x SYSTEM "http://example.org/x">]>\n{NAMED}',
    "parameter_entity": f'{HEAD}<!DOCTYPE d [<!ENTITY % x SYSTEM "http://example.org/x"> %x;]>\n{BODY}',
    "laughs": f'{HEAD}<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}<!ENTITY x "&l9;">]>\n{NAMED}',
    "quadratic": f'{HEAD}<!DOCTYPE d [<!ENTITY x "{"a" * 50_000}">]>\n{NAMED.replace("&x;", "&x;" * 5_000)}',
    "entity_without_type": f"{HEAD}{NAMED}",
    "deep": f"{HEAD}{'<a>' * 5_000}{'</a>' * 5_000}",
    "many_attributes": f"{HEAD}<a {ATTRIBUTES}/>",
    "many_elements": f"{HEAD}<a>{'<b/>' * 200_000}</a>",
    "not_closed": f"{HEAD}{BODY[:-20]}",
    "crossed": f"{HEAD}<a><b></a></b>",
    "two_roots": f"{HEAD}{BODY}{BODY}",
    "unbound_prefix": f"{HEAD}<bpmn:definitions />",
    "duplicate_attribute": f'{HEAD}<a b="1" b="2" />',
    "control_character": f"{HEAD}{BODY.replace('工作申报', chr(1), 1)}",
    "only_text": "这是一份流程",
    "only_space": " \n\t ",
    "nothing": "",
}
ENCODED = {
    "utf_16": SOUND.encode("utf-16"),
    "utf_16_named": SOUND.replace("UTF-8", "UTF-16").encode("utf-16"),
    "utf_16_said_but_not_done": SOUND.replace("UTF-8", "UTF-16").encode(),
    "gbk": SOUND.encode("gbk"),
    "gbk_named": SOUND.replace("UTF-8", "GBK").encode("gbk"),
    "gbk_said_but_not_done": SOUND.replace("UTF-8", "GBK").encode(),
    "utf_7": SOUND.replace("UTF-8", "UTF-7").encode("utf-7"),
    "utf_32": SOUND.encode("utf-32"),
    "nul": SOUND.replace("工作", "工\0作").encode(),
    "broken_utf_8": SOUND.encode().replace("工".encode(), b"\xe5\xb7"),
    "zip": b"PK\x03\x04" + bytes(range(256)) * 40,
}
FILES = {**{name: text.encode() for name, text in HOSTILE.items()}, **ENCODED}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", ["diagram", "table"])
def test_a_file_that_cannot_be_read_is_one_clear_fault_in_no_time(name: str, kind: str) -> None:
    given = FILES[name]

    started = time.perf_counter()
    if kind == "diagram":
        faults = inspect(given, vocabulary=VOCABULARY)
    else:
        faults = inspect(SOUND.encode(), dmn=[given], vocabulary=VOCABULARY)
    took = time.perf_counter() - started

    unreadable = [fault for fault in faults if fault.rule == "xml"]
    assert len(unreadable) == 1
    assert unreadable[0].severity == "error"
    assert unreadable[0].text.startswith("流程图文件" if kind == "diagram" else "决策表文件 1")
    assert took < 2


@pytest.mark.parametrize("kind", ["diagram", "table"])
def test_fifty_megabytes_are_refused_without_reading_them(kind: str) -> None:
    given = SOUND.encode() + b"<!--" + b" " * 50_000_000 + b"-->"

    started = time.perf_counter()
    if kind == "diagram":
        faults = inspect(given, vocabulary=VOCABULARY)
    else:
        faults = inspect(SOUND.encode(), dmn=[given], vocabulary=VOCABULARY)

    assert "MB" in next(fault.text for fault in faults if fault.rule == "xml")
    assert time.perf_counter() - started < 2


def test_a_syntax_error_names_its_line() -> None:
    lines = SOUND.splitlines()
    lines[13] = lines[13].replace("/>", ">")

    (fault,) = inspect("\n".join(lines).encode(), vocabulary=VOCABULARY)

    assert fault.rule == "xml"
    assert fault.line > 0
    assert f"第 {fault.line} 行" in fault.text


def test_faults_of_diagram_and_tables_are_told_together() -> None:
    table = (DMN / "faulty" / "cell_unfinished.dmn").read_bytes()
    diagram = (BPMN / "faulty" / "default_missing.bpmn").read_bytes()

    found = [fault.rule for fault in inspect(diagram, dmn=[table, b"<a>"], vocabulary=VOCABULARY)]

    assert {"default-missing", "table-cell", "xml"} <= set(found)
    assert found.index("default-missing") < found.index("table-cell") < found.index("xml")


def test_tables_are_inspected_even_if_the_diagram_cannot_be_read() -> None:
    assert [fault.rule for fault in inspect(b"<a>", dmn=[b"<b>"], vocabulary=VOCABULARY)] == ["xml", "xml"]


def test_the_same_table_twice_is_a_fault_of_the_second() -> None:
    table = (DMN / "sound" / "quality.dmn").read_bytes()
    diagram = (BPMN / "sound" / "with_decision_table.bpmn").read_bytes()

    rules = [fault.rule for fault in inspect(diagram, dmn=[table, table], vocabulary=VOCABULARY)]

    assert rules.count("table-duplicate") == 1


def test_the_key_of_a_process_is_read_without_judging_the_diagram() -> None:
    assert process_key(SOUND.encode()) == "work_claim"
    assert process_key((BPMN / "faulty" / "dead_end.bpmn").read_bytes()) == "work_claim"


@pytest.mark.parametrize("given", [b"", b"<a/>", SOUND.encode("gbk")])
def test_a_file_that_is_no_diagram_has_no_key(given: bytes) -> None:
    assert process_key(given) == ""


def test_comments_and_instructions_do_no_harm() -> None:
    given = SOUND.replace("<bpmn:startEvent", "<!-- 从这里开始 --><?editor on?><bpmn:startEvent")

    assert {fault.rule for fault in inspect(given.encode(), vocabulary=VOCABULARY)} == {"drawing-missing"}
