"""What the checks are given: the diagram, its decision tables, and what the product offers to diagrams."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

from kaohe_flow.kernel.feel import Expression, FeelError, compile_expression
from kaohe_flow.workflow.diagram.graph import Diagram
from kaohe_flow.workflow.diagram.table import Table
from kaohe_flow.workflow.errors import Fault

ROLES: Final = frozenset(
    {
        "officer",
        "unit_admin",
        "unit_head",
        "line_reviewer",
        "office",
        "discipline",
        "inspection",
        "political",
        "leading_group",
    }
)
SCOPES: Final = frozenset(
    {"subject", "unit", "receiver", "+n", "level1", "level2", "level3", "level4", "decider+1", "top"}
)
OWN_TOPICS: Final = frozenset({"task.urge", "task.escalate"})


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a process owner may use. ``+n`` among the scopes stands for ``+1``, ``+2`` …

    ``lines``: codes of business lines, checked when not empty. ``scoring_topics``: topics that book points.
    ``precedence``: pairs of topics, the first must lie on every path to the second. ``task.urge`` and
    ``task.escalate`` are always known topics.
    """

    topics: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    called: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    roles: frozenset[str] = ROLES
    scopes: frozenset[str] = SCOPES
    lines: frozenset[str] = frozenset()
    scoring_topics: frozenset[str] = frozenset()
    precedence: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Subject:
    """One deployment under inspection."""

    diagram: Diagram
    vocabulary: Vocabulary
    tables: tuple[Table, ...]

    @cached_property
    def table_ids(self) -> frozenset[str]:
        """Ids of the decision tables that came along."""
        return frozenset(table.id for table in self.tables)

    @cached_property
    def _read(self) -> dict[str, Expression | FeelError]:
        return {}

    def compiled(self, text: str) -> Expression | FeelError:
        """An expression of the diagram or of a table, or why it is none. Each text is compiled once."""
        if text not in self._read:
            self._read[text] = _compile(text, self.vocabulary.functions)
        return self._read[text]


def _compile(text: str, functions: frozenset[str]) -> Expression | FeelError:
    """The ``=`` that marks an expression is expected and gives no hint; columns stay as they are."""
    marked = text.lstrip().startswith("=") and not text.lstrip().startswith("==")
    try:
        return compile_expression(text.replace("=", " ", 1) if marked else text, functions=functions)
    except FeelError as wrong:
        return wrong


Check: TypeAlias = Callable[[Subject], Iterator[Fault]]
