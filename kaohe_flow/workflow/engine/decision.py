"""Decision tables, evaluated: which rules hold, what they give, and whether the table is clear about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from kaohe_flow.kernel.feel import FeelError, UnaryTests
from kaohe_flow.workflow.engine.formula import Evaluation, Formula
from kaohe_flow.workflow.errors import EngineFailed

HitPolicy = Literal["UNIQUE", "FIRST", "ANY", "COLLECT", "RULE ORDER"]
MANY: Final = frozenset({"COLLECT", "RULE ORDER"})

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Cell:
    """One compiled input cell; ``tests`` is ``None`` where the cell accepts everything."""

    text: str
    tests: UnaryTests | None = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a table, numbered from 1 as people see it."""

    number: int
    cells: tuple[Cell, ...]
    outputs: tuple[Formula | None, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a decision gave: one row or none, or a list of rows."""

    rows: tuple[Row, ...]
    many: bool
    outputs: tuple[str, ...]
    total: object = None
    aggregated: bool = False

    def mapped(self, result: str | None, mapping: str | None) -> dict[str, object]:
        """The variables to write: under ``result`` in the shape of ``mapping``, or one per output."""
        if result is None:
            return self._spread()
        return {result: _SHAPES[mapping or self._usual()](self)}

    def _usual(self) -> str:
        single = len(self.outputs) == 1
        if self.many and not self.aggregated:
            return "collectEntries" if single else "resultList"
        return "singleEntry" if single else "singleResult"

    def _spread(self) -> dict[str, object]:
        if self.aggregated:
            return {self.outputs[0]: self.total}
        if self.many:
            return {name: [row[name] for row in self.rows] for name in self.outputs}
        return self.single()

    def single(self) -> Row:
        """The one row; every output is ``None`` when no rule held."""
        return self.rows[0] if self.rows else dict.fromkeys(self.outputs)

    def entry(self) -> object:
        """The one value of the one row."""
        return self.total if self.aggregated else self.single()[self.outputs[0]]


_SHAPES: Final[Mapping[str, Callable[[Answer], object]]] = {
    "singleEntry": Answer.entry,
    "singleResult": Answer.single,
    "collectEntries": lambda answer: [row[answer.outputs[0]] for row in answer.rows],
    "resultList": lambda answer: list(answer.rows),
}
MAPPINGS: Final = frozenset(_SHAPES)


@dataclass(frozen=True, slots=True)
class Decision:
    """A compiled decision table. Tables call no other decisions."""

    id: str
    name: str
    policy: HitPolicy
    aggregation: str | None
    inputs: tuple[Formula, ...]
    outputs: tuple[str, ...]
    rules: tuple[Rule, ...]

    def answer(self, step: str, world: Evaluation) -> Answer:
        """Evaluate for the step ``step``. Raises ``EngineFailed`` naming table, row and column."""
        given = [formula.evaluate(world.context, world.functions) for formula in self.inputs]
        hits = self._hits(step, given, world)
        if self.policy in MANY:
            rows = tuple(self._outcome(step, rule, world) for rule in hits)
            return self._collected(step, rows)
        if self.policy == "UNIQUE" and len(hits) > 1:
            raise EngineFailed(step, f"决策表〈{self._title}〉{_numbers(hits)}同时符合，请让条件互不重叠")
        rows = tuple(self._outcome(step, rule, world) for rule in hits)
        if any(row != rows[0] for row in rows):
            raise EngineFailed(step, f"决策表〈{self._title}〉{_numbers(hits)}同时符合而结果不同")
        return Answer(rows[:1], many=False, outputs=self.outputs)

    @property
    def _title(self) -> str:
        return self.name or self.id

    def _hits(self, step: str, given: Sequence[object], world: Evaluation) -> list[Rule]:
        hits = []
        for rule in self.rules:
            if self._holds(step, rule, given, world):
                hits.append(rule)
                if self.policy == "FIRST":
                    break
        return hits

    def _holds(self, step: str, rule: Rule, given: Sequence[object], world: Evaluation) -> bool:
        for column, (cell, value) in enumerate(zip(rule.cells, given, strict=True), start=1):
            try:
                if cell.tests is not None and not cell.tests.matches(value, world.context, world.functions):
                    return False
            except FeelError as fault:
                place = f"决策表〈{self._title}〉第 {rule.number} 行第 {column} 列“{cell.text}”"
                raise EngineFailed(step, f"{place}：{fault}") from fault
        return True

    def _outcome(self, step: str, rule: Rule, world: Evaluation) -> Row:
        row: Row = {}
        for name, formula in zip(self.outputs, rule.outputs, strict=True):
            try:
                row[name] = formula.evaluate(world.context, world.functions) if formula is not None else None
            except EngineFailed as fault:
                place = f"决策表〈{self._title}〉第 {rule.number} 行结果“{name}”"
                raise EngineFailed(step, f"{place}：{fault.reason}") from fault
        return row

    def _collected(self, step: str, rows: tuple[Row, ...]) -> Answer:
        if self.aggregation is None:
            return Answer(rows, many=True, outputs=self.outputs)
        values = [row[self.outputs[0]] for row in rows]
        if self.aggregation == "COUNT":
            total: object = Decimal(len(values))
        elif all(isinstance(value, Decimal) for value in values):
            numbers = [value for value in values if isinstance(value, Decimal)]
            total = AGGREGATES[self.aggregation](numbers) if numbers else None
        else:
            raise EngineFailed(step, f"决策表〈{self._title}〉要汇总的结果不都是数字")
        return Answer(rows, many=True, outputs=self.outputs, total=total, aggregated=True)


def _sum(values: list[Decimal]) -> Decimal:
    return sum(values, start=Decimal(0))


AGGREGATES: Final[Mapping[str, Callable[[list[Decimal]], Decimal]]] = {"SUM": _sum, "MIN": min, "MAX": max}


def _numbers(rules: Sequence[Rule]) -> str:
    return "第 " + "、".join(str(rule.number) for rule in rules) + " 行"
