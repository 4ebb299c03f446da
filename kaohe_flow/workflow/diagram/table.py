"""A decision table as the checks see it, and its reading from DMN."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from kaohe_flow.kernel.safe_xml import UnsafeXml, parse
from kaohe_flow.workflow.diagram.catalogue import fault
from kaohe_flow.workflow.diagram.graph import Element
from kaohe_flow.workflow.diagram.reading_node import Xml, line_of
from kaohe_flow.workflow.errors import Fault

NAMESPACES: Final = frozenset(
    {
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    }
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``expression`` is that of an input, empty for outputs; ``values`` are those listed."""

    name: str
    label: str
    kind: str
    expression: str
    values: str
    line: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as written."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Row:
    """One rule, numbered from 1 as people see it."""

    number: int
    line: int
    inputs: tuple[Cell, ...]
    outputs: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One decision. ``policy`` and ``aggregation`` in capitals; ``logic`` false: there is no table in it."""

    id: str
    name: str
    line: int
    policy: str
    aggregation: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rows: tuple[Row, ...]
    logic: bool
    requires: bool


Read: TypeAlias = Table | Fault


def read(dmn: bytes, number: int) -> Iterator[Read]:
    """The decisions of one file, or the fault that keeps it from being read."""
    here = Element("", f"决策表文件 {number}", 0)
    try:
        root = parse(dmn, what=here.name)
    except UnsafeXml as wrong:
        yield fault(here, "xml", str(wrong), line=line_in(str(wrong)))
        return
    space, _, local = str(root.tag).removeprefix("{").rpartition("}")
    if local != "definitions" or space not in NAMESPACES:
        text = f"{here.name}不是 DMN 决策表（根元素是 {local}），请上传 .dmn 文件"
        yield fault(here, "table-not-dmn", text, line=line_of(root))
        return
    decisions = [_table(each) for each in root.iter() if _local(each) == "decision"]
    if len(decisions) != 1:
        text = f"{here.name}里有 {len(decisions)} 张决策表；请每个文件放一张"
        yield fault(here, "table-decisions", text, line=decisions[1].line if decisions else 1)
    yield from decisions


def line_in(message: str) -> int:
    """``第 12 行`` in a message of the XML door, as a number; 0 if it names none."""
    digits = message.partition("第 ")[2].partition(" 行")[0]
    return int(digits) if digits.isdigit() else 0


def _table(decision: Xml) -> Table:
    table = next(iter(_children(decision, "decisionTable")), None)
    rows = [] if table is None else _children(table, "rule")
    return Table(
        id=decision.get("id") or "",
        name=(decision.get("name") or "").strip(),
        line=line_of(decision),
        policy=((table.get("hitPolicy") if table is not None else "") or "UNIQUE").strip().upper(),
        aggregation=((table.get("aggregation") if table is not None else "") or "").strip().upper(),
        inputs=() if table is None else tuple(_input(each) for each in _children(table, "input")),
        outputs=() if table is None else tuple(_output(each) for each in _children(table, "output")),
        rows=tuple(_row(number, each) for number, each in enumerate(rows, start=1)),
        logic=table is not None,
        requires=bool(_requirements(decision)),
    )


def _requirements(decision: Xml) -> list[Xml]:
    needed = [inner for each in _children(decision, "informationRequirement") for inner in each]
    return [each for each in needed if _local(each) == "requiredDecision"]


def _input(column: Xml) -> Column:
    written = next(iter(_children(column, "inputExpression")), None)
    return Column(
        name="",
        label=(column.get("label") or "").strip(),
        kind=(written.get("typeRef") or "" if written is not None else "").strip(),
        expression=_text(written) if written is not None else "",
        values=_listed(column, "inputValues"),
        line=line_of(column),
    )


def _output(column: Xml) -> Column:
    return Column(
        name=(column.get("name") or "").strip(),
        label=(column.get("label") or "").strip(),
        kind=(column.get("typeRef") or "").strip(),
        expression="",
        values=_listed(column, "outputValues"),
        line=line_of(column),
    )


def _row(number: int, rule: Xml) -> Row:
    return Row(
        number,
        line_of(rule),
        tuple(Cell(_text(each), line_of(each)) for each in _children(rule, "inputEntry")),
        tuple(Cell(_text(each), line_of(each)) for each in _children(rule, "outputEntry")),
    )


def _listed(column: Xml, name: str) -> str:
    written = next(iter(_children(column, name)), None)
    return _text(written) if written is not None else ""


def _local(xml: Xml) -> str:
    return xml.tag.rpartition("}")[2] if isinstance(xml.tag, str) else ""


def _children(xml: Xml, name: str) -> list[Xml]:
    return [each for each in xml if _local(each) == name]


def _text(xml: Xml) -> str:
    return "".join(each.text or "" for each in _children(xml, "text")).strip()
