"""The shipped decision tables: one decision per file, drawn, titled in Chinese, complete without overlap."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from lxml import etree

from kaohe_flow.kernel import safe_xml
from tests.diagrams.drawing import FILES, NS, TABLES, read
from tests.diagrams.vocabulary import quoted, table

each_table = pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)


def decision_in(path: Path) -> etree._Element:
    (decision,) = safe_xml.parse(path.read_bytes(), what=path.name).findall("dmn:decision", NS)
    return decision


def texts(element: etree._Element, entry: str) -> list[str]:
    return [str(each.findtext("dmn:text", "", NS)) for each in element.findall(f"dmn:{entry}", NS)]


@each_table
def test_the_file_holds_one_drawn_decision_named_like_the_file(path: Path) -> None:
    decision = decision_in(path)
    drawn = decision.getroottree().findall(".//dmndi:DMNShape", NS)

    assert path.name == f"{decision.get('id')}_v1.dmn"
    assert decision.getparent().get("name") == f"{decision.get('name')} v1"
    assert [shape.get("dmnElementRef") for shape in drawn] == [decision.get("id")]


@each_table
def test_some_diagram_asks_for_it_and_takes_its_one_result(path: Path) -> None:
    decision = decision_in(path)
    tasks = [task for diagram in map(read, FILES) for task in diagram.of_kind("businessRuleTask")]
    asking = [task for task in tasks if task.camunda("decisionRef") == decision.get("id")]
    (result,) = decision.findall("dmn:decisionTable/dmn:output", NS)

    assert asking
    assert all(task.camunda("mapDecisionResult") == "singleEntry" for task in asking)
    assert all(task.camunda("resultVariable") == result.get("name") for task in asking)


def test_every_quality_early_or_late_has_exactly_one_row() -> None:
    (rows,) = decision_in(TABLES[0]).findall("dmn:decisionTable", NS)
    qualities = [f'"{each}"' for each in quoted(table("变量")["quality"][1])]

    assert rows.get("hitPolicy", "UNIQUE") == "UNIQUE"
    assert [texts(each, "inputExpression") for each in rows.findall("dmn:input", NS)] == [
        ["quality"],
        ["late"],
    ]
    assert sorted(texts(rule, "inputEntry") for rule in rows.findall("dmn:rule", NS)) == sorted(
        list(each) for each in product(qualities, ["true", "false"])
    )
    assert all(rule.findtext("dmn:description", "", NS) for rule in rows.findall("dmn:rule", NS))
