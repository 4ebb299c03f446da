"""Checks of decision tables: what a process owner edits when points change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kaohe_flow.kernel.feel import FeelError, compile_unary_tests
from kaohe_flow.workflow.diagram.catalogue import fault
from kaohe_flow.workflow.diagram.people import is_variable
from kaohe_flow.workflow.diagram.region import ANYTHING, literals
from kaohe_flow.workflow.diagram.subject import Check, Subject
from kaohe_flow.workflow.diagram.table import Cell, Column, Row, Table
from kaohe_flow.workflow.diagram.variables import everything
from kaohe_flow.workflow.diagram.wording import offered
from kaohe_flow.workflow.engine.decision import AGGREGATES, MANY
from kaohe_flow.workflow.engine.decision_reading import POLICIES
from kaohe_flow.workflow.errors import Fault

KINDS: Final = {
    "": "",
    "any": "",
    "string": "文字",
    "boolean": "是非值",
    "number": "数字",
    "integer": "数字",
    "long": "数字",
    "double": "数字",
    "date": "日期",
    "dateTime": "日期时间",
    "dayTimeDuration": "时长",
    "yearMonthDuration": "时长",
}


def shape(subject: Subject) -> Iterator[Fault]:
    """One table with rows, a hit policy the engine has, columns that are complete."""
    seen: set[str] = set()
    for table in subject.tables:
        if not table.id:
            yield fault(table, "id-missing", "决策表没有编号，请补上 id，与流程图里的决策编号一致")
        elif table.id in seen:
            yield fault(
                table, "table-duplicate", f"编号“{table.id}”的决策表有两张，请改用不同的编号或去掉一张"
            )
        seen.add(table.id)
        if not table.logic:
            text = "里面没有决策表；文字表达式、调用等写法不支持，请改成决策表"
            yield fault(table, "table-decisions", text)
            continue
        if table.requires:
            text = "依赖另一个决策；请合并成一张表，或在流程图里先后各放一个决策任务"
            yield fault(table, "table-decisions", text)
        if not table.rows:
            yield fault(table, "table-empty", "一行规则也没有，请至少写一行")
        yield from _policy(table)
        yield from _columns(table)
        yield from _kinds(table)


def _policy(table: Table) -> Iterator[Fault]:
    if table.policy not in POLICIES:
        text = f"命中方式“{table.policy}”不支持，请改用 {'、'.join(sorted(POLICIES))}"
        yield fault(table, "table-hit-policy", text)
    if not table.aggregation:
        return
    if table.policy not in MANY or table.aggregation not in {*AGGREGATES, "COUNT"}:
        text = f"汇总方式“{table.aggregation}”不能用，请去掉，或用 COLLECT 配 SUM、MIN、MAX、COUNT"
        yield fault(table, "table-hit-policy", text)
    elif len(table.outputs) != 1:
        yield fault(table, "table-hit-policy", "要汇总时只能有一列结果，请拆成几张表")


def _columns(table: Table) -> Iterator[Fault]:
    if not table.outputs:
        yield fault(table, "table-columns", "没有结果列，请加一列并写上名称")
    for number, column in enumerate(table.inputs, start=1):
        if not column.expression:
            text = f"第 {number} 列条件没有写取值表达式，请填变量名，如 quality"
            yield fault(table, "table-columns", text, line=column.line)
    names = [column.name for column in table.outputs]
    for number, column in enumerate(table.outputs, start=1):
        if not is_variable(column.name):
            text = f"第 {number} 列结果的名称“{column.name}”不能用；请用字母、数字、下划线，如 factor"
            yield fault(table, "table-columns", text, line=column.line)
        elif names.index(column.name) != number - 1:
            text = f"结果名称“{column.name}”重复，请改名"
            yield fault(table, "table-columns", text, line=column.line)


def _kinds(table: Table) -> Iterator[Fault]:
    for column in (*table.inputs, *table.outputs):
        if column.kind not in KINDS:
            text = f"列的类型“{column.kind}”不认识，请改正。{offered(column.kind, filter(None, KINDS))}"
            yield fault(table, "table-type", text, line=column.line)


def widths(subject: Subject) -> Iterator[Fault]:
    """Every row has a cell for every column."""
    for table in subject.tables:
        for row in table.rows:
            if (len(row.inputs), len(row.outputs)) != (len(table.inputs), len(table.outputs)):
                text = (
                    f"第 {row.number} 行有 {len(row.inputs)} 格条件、{len(row.outputs)} 格结果，"
                    f"应为 {len(table.inputs)} 格和 {len(table.outputs)} 格；请在建模工具里补齐"
                )
                yield fault(table, "table-cells", text, line=row.line)


def cells(subject: Subject) -> Iterator[Fault]:
    """Every text compiles and reads variables that exist; literals are of the kind of their column."""
    known = everything(subject)
    for table in subject.tables:
        for number, column in enumerate(table.inputs, start=1):
            at = Cell(column.expression, column.line)
            yield from _formula(subject, table, at, f"第 {number} 列条件的取值", known)
        for row in table.rows:
            for place, cell, column in _placed(table, row, results=False):
                yield from _tests(subject, table, cell, place, known)
                yield from _literal(table, cell, place, column)
            for place, cell, column in _placed(table, row, results=True):
                if cell.text in ANYTHING:
                    text = f"{place}是空的，这一行就没有结果；请填上"
                    yield fault(table, "table-cell", text, line=cell.line)
                    continue
                yield from _formula(subject, table, cell, place, known)
                yield from _literal(table, cell, place, column)


def _placed(table: Table, row: Row, *, results: bool) -> Iterator[tuple[str, Cell, Column]]:
    given, columns = (row.outputs, table.outputs) if results else (row.inputs, table.inputs)
    word = "结果第" if results else "第"
    for number, (cell, column) in enumerate(zip(given, columns, strict=False), start=1):
        yield f"第 {row.number} 行{word} {number} 列", cell, column


def _tests(subject: Subject, table: Table, cell: Cell, place: str, known: frozenset[str]) -> Iterator[Fault]:
    try:
        compiled = compile_unary_tests(cell.text, functions=subject.vocabulary.functions)
    except FeelError as wrong:
        yield fault(table, "table-cell", f"{place}“{cell.text}”写得不对，请改正：{wrong}", line=cell.line)
        return
    yield from _names(table, cell, place, compiled.names - known)
    for hint in compiled.hints:
        yield fault(table, "expression-hint", f"{place}“{cell.text}”建议改写：{hint}", line=cell.line)


def _formula(
    subject: Subject, table: Table, cell: Cell, place: str, known: frozenset[str]
) -> Iterator[Fault]:
    if not cell.text:
        return
    compiled = subject.compiled(cell.text)
    if isinstance(compiled, FeelError):
        yield fault(table, "table-cell", f"{place}“{cell.text}”写得不对，请改正：{compiled}", line=cell.line)
        return
    yield from _names(table, cell, place, compiled.names - known)
    for hint in compiled.hints:
        yield fault(table, "expression-hint", f"{place}“{cell.text}”建议改写：{hint}", line=cell.line)


def _names(table: Table, cell: Cell, place: str, unknown: frozenset[str]) -> Iterator[Fault]:
    for name in sorted(unknown):
        text = f"{place}“{cell.text}”里的“{name}”不是流程里的变量；如果是文字，请加英文双引号"
        yield fault(table, "variable-unknown", text, line=cell.line)


def _literal(table: Table, cell: Cell, place: str, column: Column) -> Iterator[Fault]:
    """Only cells that are nothing but one literal, or a list of texts, are looked at."""
    wanted = KINDS.get(column.kind, "")
    found = _kind_of(cell.text)
    if wanted and found and wanted != found and not (wanted.startswith(("日期", "时长")) and found == "文字"):
        text = f"{place}“{cell.text}”是{found}，这一列应为{wanted}；请改单元格或改列的类型"
        yield fault(table, "table-type", text, line=cell.line)
    allowed = literals(column.values)
    for value in literals(cell.text) if allowed and found == "文字" else ():
        if value not in allowed:
            text = (
                f"{place}的 {value} 不在这一列列出的可选值里（{'、'.join(allowed)}），请改正拼写或补进可选值"
            )
            yield fault(table, "table-value", text, line=cell.line)


def _kind_of(text: str) -> str:
    parts = [part.strip() for part in text.split(",")]
    if all(part in {"true", "false"} for part in parts):
        return "是非值"
    if all(part.removeprefix("-").replace(".", "", 1).isdigit() for part in parts):
        return "数字"
    quoted = literals(text)
    return (
        "文字"
        if quoted and "".join(text.split()) == ",".join("".join(each.split()) for each in quoted)
        else ""
    )


CHECKS: Final[tuple[Check, ...]] = (shape, widths, cells)
