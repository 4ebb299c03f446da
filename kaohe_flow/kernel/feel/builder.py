"""From the syntax tree to closures: what all kinds of nodes share. The kinds live in ``nodes_*.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from lark import Token, Tree

from kaohe_flow.kernel.feel import limits
from kaohe_flow.kernel.feel.errors import FeelError, Unfit
from kaohe_flow.kernel.feel.frame import Code, Frame
from kaohe_flow.kernel.feel.values import Inner

Node: TypeAlias = Tree[Token]


@dataclass(frozen=True, slots=True)
class Part:
    """One compiled node. ``cost`` is the work of running it once, without the repetitions of its loops;
    ``condition`` says that it can only give true, false or null, ``constant`` that it reads no variable.
    """

    run: Code
    cost: int
    column: int
    condition: bool = False
    constant: bool = False


@dataclass(frozen=True, slots=True)
class Binding:
    """A name bound by ``for``, ``some``, ``every`` or an earlier entry of a context."""

    name: str
    slot: int


@dataclass(frozen=True, slots=True)
class Filtered:
    """The body of a filter: entries of the element in ``slot`` are visible as names."""

    slot: int


Rule: TypeAlias = Callable[["Builder", Node], Part]


@dataclass(slots=True)
class Builder:
    """State of one compilation. ``names`` collects the variables the expression reads from its context."""

    rules: Mapping[str, Rule]
    functions: frozenset[str]
    input_slot: int | None = None
    names: set[str] = field(default_factory=set)
    scope: list[Binding | Filtered] = field(default_factory=list)
    slots: int = 0
    nodes: int = 0
    depth: int = 0
    reads_input: bool = False

    def build(self, node: Node) -> Part:
        """Compile one node and everything below it."""
        self.nodes += 1
        self.depth += 1
        if self.nodes > limits.MAX_NODES:
            raise FeelError(f"表达式超过 {limits.MAX_NODES} 个成分，请拆成几个", column_of(node))
        if self.depth > limits.MAX_DEPTH:
            raise FeelError(f"表达式嵌套超过 {limits.MAX_DEPTH} 层，请拆成几个", column_of(node))
        part = self.rules[node.data](self, node)
        self.depth -= 1
        return _folded(part) if part.constant else part

    def new_slot(self) -> int:
        """A place in the frame for a value that has no name in the context."""
        self.slots += 1
        return self.slots - 1

    @contextmanager
    def within(self, *names: Binding | Filtered) -> Iterator[None]:
        """Make names visible to what is compiled inside."""
        self.scope.extend(names)
        yield
        del self.scope[len(self.scope) - len(names) :]


def value_of(part: Part) -> Inner:
    """The value of a constant part."""
    return part.run(Frame({}, {}, 0))


def _folded(part: Part) -> Part:
    """The part with its value worked out, so that a wrong constant is refused when it is compiled.

    A list or context stays code: it must be a new one in each evaluation.
    """
    value = value_of(part)
    if isinstance(value, list | dict):
        return replace(part, constant=False)
    return replace(part, run=lambda frame: value, cost=1)


def column_of(node: Node | Token) -> int:
    """Where the node begins; first character is 1."""
    if isinstance(node, Token):
        return (node.start_pos or 0) + 1
    return 1 if node.meta.empty else node.meta.start_pos + 1


def children(node: Node) -> list[Node]:
    """The nodes below, without the keywords and signs between them."""
    return [child for child in node.children if isinstance(child, Tree)]


def tokens(node: Node) -> list[Token]:
    """The keywords, signs and names that stand directly in this node."""
    return [child for child in node.children if isinstance(child, Token)]


def guarded(column: int, run: Code) -> Code:
    """``run``, with a refusal of its operands reported at ``column``."""

    def guard(frame: Frame) -> Inner:
        try:
            return run(frame)
        except Unfit as misfit:
            raise FeelError(str(misfit), column) from misfit

    return guard
