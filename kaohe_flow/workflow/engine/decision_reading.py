"""Decision tables, read: DMN files become compiled tables, or faults with row and column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from kaohe_flow.kernel.feel import FeelError, compile_unary_tests
from kaohe_flow.kernel.safe_xml import UnsafeXml, parse
from kaohe_flow.workflow.engine.decision import AGGREGATES, MANY, Cell, Decision, HitPolicy, Rule
from kaohe_flow.workflow.engine.drawing import Faults, Node, identity, is_feel
from kaohe_flow.workflow.engine.formula import Formula, compile_formula

POLICIES: Final = frozenset({"UNIQUE", "FIRST", "ANY", "COLLECT", "RULE ORDER"})
ANYTHING: Final = frozenset({"", "-"})


def read_decisions(files: Sequence[bytes], functions: frozenset[str], faults: Faults) -> dict[str, Decision]:
    """All decision tables of ``files`` by id."""
    read: dict[str, Decision] = {}
    for number, xml in enumerate(files, start=1):
        try:
            root = parse(xml, what=f"决策表文件 {number}")
        except UnsafeXml as fault:
            faults.add(None, "xml", str(fault))
            continue
        found = [node for node in root.iter() if _tag(node) == "decision"]
        if not found:
            faults.add(None, "decision-table", f"第 {number} 个决策表文件里没有决策（decision）")
        for node in found:
            decision = _TableReader(node, functions, faults).read()
            if decision is not None and decision.id in read:
                faults.add(node, "decision-table", f"决策编号“{decision.id}”重复，请改用不同的编号")
            elif decision is not None:
                read[decision.id] = decision
    return read


class _TableReader:
    def __init__(self, node: Node, functions: frozenset[str], faults: Faults) -> None:
        self._node = node
        self._functions = functions
        self._faults = faults
        self._title = node.get("name") or identity(node)
        self._sound = True

    def read(self) -> Decision | None:
        """The table, or ``None`` after noting what is wrong with it."""
        table = next(iter(_children(self._node, "decisionTable")), None)
        if table is None:
            self._fault(self._node, "没有决策表，其他写法（文字表达式、调用）暂不支持")
            return None
        if _children(self._node, "informationRequirement"):
            for needed in self._node.iter():
                if _tag(needed) == "requiredDecision":
                    self._fault(needed, "依赖另一个决策，请把两张表合并，或在流程图里先后各放一个决策任务")
        policy = (table.get("hitPolicy") or "UNIQUE").strip().upper()
        aggregation = (table.get("aggregation") or "").strip().upper() or None
        inputs = [self._input(number, node) for number, node in enumerate(_children(table, "input"), start=1)]
        outputs = self._outputs(table)
        self._check_policy(table, policy, aggregation, outputs)
        rules = [
            self._rule(number, node, len(inputs), outputs)
            for number, node in enumerate(_children(table, "rule"), start=1)
        ]
        if not rules:
            self._fault(table, "一行规则也没有")
        if not self._sound:
            return None
        return Decision(
            id=identity(self._node),
            name=self._node.get("name") or "",
            policy=cast(HitPolicy, policy),
            aggregation=aggregation,
            inputs=tuple(formula for formula in inputs if formula is not None),
            outputs=outputs,
            rules=tuple(rules),
        )

    def _fault(self, node: Node, text: str) -> None:
        self._sound = False
        self._faults.add(node, "decision-table", f"决策表〈{self._title}〉{text}")

    def _check_policy(
        self, table: Node, policy: str, aggregation: str | None, outputs: tuple[str, ...]
    ) -> None:
        if policy not in POLICIES:
            self._fault(
                table, f"的命中方式“{policy}”不支持，请改用 UNIQUE、FIRST、ANY、COLLECT 或 RULE ORDER"
            )
        if aggregation is None:
            return
        if policy not in MANY or aggregation not in {*AGGREGATES, "COUNT"}:
            self._fault(table, f"的汇总方式“{aggregation}”不能用，只有 COLLECT 可以配 SUM、MIN、MAX 或 COUNT")
        elif len(outputs) != 1:
            self._fault(table, "要汇总时只能有一列结果")

    def _input(self, number: int, node: Node) -> Formula | None:
        written = next(iter(_children(node, "inputExpression")), None)
        text = _text(written) if written is not None else ""
        if not text:
            self._fault(node, f"第 {number} 列条件没有写取值表达式")
            return None
        return self._formula(node, text, f"第 {number} 列条件的取值")

    def _outputs(self, table: Node) -> tuple[str, ...]:
        names = []
        for number, node in enumerate(_children(table, "output"), start=1):
            name = (node.get("name") or "").strip()
            if not name or name in names:
                self._fault(node, f"第 {number} 列结果没有名称，或名称与别的列重复")
            names.append(name)
        if not names:
            self._fault(table, "没有结果列")
        return tuple(names)

    def _rule(self, number: int, node: Node, width: int, outputs: tuple[str, ...]) -> Rule:
        cells, results = _children(node, "inputEntry"), _children(node, "outputEntry")
        if len(cells) != width or len(results) != len(outputs):
            self._fault(node, f"第 {number} 行的格数与列数不一致")
            return Rule(number, (), ())
        return Rule(
            number,
            tuple(self._cell(number, column, cell) for column, cell in enumerate(cells, start=1)),
            tuple(self._result(number, name, cell) for name, cell in zip(outputs, results, strict=True)),
        )

    def _cell(self, row: int, column: int, node: Node) -> Cell:
        text = _text(node)
        if text in ANYTHING:
            return Cell(text, None)
        self._check_language(node, f"第 {row} 行第 {column} 列")
        try:
            return Cell(text, compile_unary_tests(text, functions=self._functions))
        except FeelError as fault:
            self._fault(node, f"第 {row} 行第 {column} 列“{text[:80]}”写得不对：{fault}")
            return Cell(text, None)

    def _result(self, row: int, name: str, node: Node) -> Formula | None:
        text = _text(node)
        return self._formula(node, text, f"第 {row} 行结果“{name}”") if text not in ANYTHING else None

    def _formula(self, node: Node, text: str, where: str) -> Formula | None:
        self._check_language(node, where)
        try:
            return compile_formula(text, identity(self._node), self._functions)
        except FeelError as fault:
            self._fault(node, f"{where}“{text[:80]}”写得不对：{fault}")
            return None

    def _check_language(self, node: Node, where: str) -> None:
        written = next(iter(_children(node, "inputExpression")), node)
        if not is_feel(written.get("expressionLanguage")):
            self._fault(node, f"{where}只能用 FEEL 表达式，请在表格里改选 FEEL")


def _tag(node: Node) -> str:
    """Local name whatever the version of the DMN namespace."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _children(node: Node, name: str) -> list[Node]:
    return [child for child in node if _tag(child) == name]


def _text(node: Node) -> str:
    return "".join(child.text or "" for child in _children(node, "text")).strip()
