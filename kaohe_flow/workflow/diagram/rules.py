"""Inspecting a diagram before it is deployed: every fault at once, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kaohe_flow.kernel.safe_xml import UnsafeXml, parse
from kaohe_flow.workflow.diagram import (
    constructs,
    coverage,
    document,
    expressions,
    gateways,
    people,
    policy,
    reading,
    soundness,
    structure,
    table,
    tables,
    tasks,
    times,
)
from kaohe_flow.workflow.diagram.catalogue import fault
from kaohe_flow.workflow.diagram.graph import Diagram, Element
from kaohe_flow.workflow.diagram.subject import Check, Subject, Vocabulary
from kaohe_flow.workflow.errors import Fault

__all__ = ["Vocabulary", "inspect", "process_key"]

FILE: Final = Element("", "流程图文件", 0)
FIRST_CHECKS: Final[tuple[Check, ...]] = (*document.CHECKS, *constructs.CHECKS)
CHECKS: Final[tuple[Check, ...]] = (
    *FIRST_CHECKS,
    *structure.CHECKS,
    *gateways.CHECKS,
    *people.CHECKS,
    *tasks.CHECKS,
    *expressions.CHECKS,
    *times.CHECKS,
    *soundness.CHECKS,
    *policy.CHECKS,
    *tables.CHECKS,
    *coverage.CHECKS,
)


def inspect(bpmn: bytes, *, dmn: Sequence[bytes] = (), vocabulary: Vocabulary) -> tuple[Fault, ...]:
    """All faults and warnings of a diagram with its decision tables; empty means that all is well.

    Never raises for bad input: a file that cannot be read is a fault. Faults of the diagram come first, by
    line, then those of each table.
    """
    read_tables = [found for number, each in enumerate(dmn, start=1) for found in table.read(each, number)]
    broken = tuple(each for each in read_tables if isinstance(each, Fault))
    diagram = _read(bpmn)
    if isinstance(diagram, Fault):
        return (diagram, *broken)
    whole = tuple(each for each in read_tables if isinstance(each, table.Table))
    found = tuple(_faults(Subject(diagram, vocabulary, whole)))
    order = {each.id: number for number, each in enumerate(whole, start=1)}
    ranked = sorted(dict.fromkeys(found), key=lambda each: (_rank(each, diagram, order), each.line))
    return (*ranked, *broken)


def process_key(bpmn: bytes) -> str:
    """The id of the process in the file; empty when there is none or the file cannot be read."""
    diagram = _read(bpmn)
    return "" if isinstance(diagram, Fault) else diagram.process.id


def by_decision(files: Sequence[tuple[str, bytes]]) -> dict[str, bytes]:
    """Decision tables by the id of their decision, whatever the files are called.

    A file that cannot be read goes by its name, and so does the second of two with the same id: the
    inspection, not this, tells what is wrong with them.
    """
    found: dict[str, bytes] = {}
    for name, content in files:
        decision = next((one.id for one in table.read(content, 1) if isinstance(one, table.Table)), "")
        found[decision if decision and decision not in found else f"{name}#{len(found)}"] = content
    return found


def _read(bpmn: bytes) -> Diagram | Fault:
    try:
        diagram = reading.read(parse(bpmn, what=FILE.name))
    except UnsafeXml as wrong:
        return fault(FILE, "xml", str(wrong), line=table.line_in(str(wrong)))
    except reading.NotBpmn as wrong:
        text = f"这不是 BPMN 2.0 流程图（根元素是“{wrong}”）；请用建模工具另存为 .bpmn 文件再上传"
        return fault(FILE, "not-bpmn", text, line=1)
    if diagram is None:
        return fault(FILE, "process-missing", "文件里没有流程（process）；请画好流程再上传", line=1)
    return diagram


def _faults(subject: Subject) -> Iterator[Fault]:
    for check in CHECKS if _clear(subject.diagram) else FIRST_CHECKS:
        yield from check(subject)


def _clear(diagram: Diagram) -> bool:
    """Whether the rest can be looked at: not too large, and no two (sub-)processes of the same id."""
    ids = {scope.id for scope in diagram.scopes}
    return len(diagram.nodes) <= document.MAX_NODES and len(ids) == len(diagram.scopes)


def _rank(found: Fault, diagram: Diagram, tables_by_id: dict[str, int]) -> int:
    """0 for the diagram, else the number of the table."""
    known = found.element_id in diagram.by_id or found.element_id not in tables_by_id
    return 0 if known else tables_by_id[found.element_id]
