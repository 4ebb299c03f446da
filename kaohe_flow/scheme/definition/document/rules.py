"""Nodes of a document as written, and the list of faults found in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kaohe_flow.kernel.errors import Problem

NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value exactly as typed: numbers and dates stay text until somebody asks for them."""

    line: int
    text: str
    quoted: bool = False

    @property
    def is_null(self) -> bool:
        return not self.quoted and self.text in NULLS


@dataclass(frozen=True, slots=True)
class Listing:
    """A sequence of nodes."""

    line: int
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """Keys and their nodes, in the order written."""

    line: int
    entries: dict[str, Node]
    key_lines: dict[str, int]


Node = Scalar | Listing | Record


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where in the document (path and line, counted from 1) and what to do about it."""

    path: str
    line: int | None
    text: str

    def as_problem(self) -> Problem:
        at = f"第 {self.line} 行" if self.line else ""
        return Problem(" ".join(part for part in (self.path, at) if part) or "文件", self.text)


@dataclass(slots=True)
class Faults:
    """Collects faults of one document, so that all are told at once.

    ``noted`` also counts a fault met again, in a part that several sheets share.
    """

    found: list[Fault] = field(default_factory=list)
    noted: int = 0

    def add(self, path: str, line: int | None, text: str) -> None:
        self.noted += 1
        fault = Fault(path, line, text)
        if fault not in self.found:
            self.found.append(fault)

    def problems(self) -> tuple[Problem, ...]:
        """In the order of the lines of the document."""
        ordered = sorted(self.found, key=lambda fault: fault.line or 0)
        return tuple(fault.as_problem() for fault in ordered)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the reader is: the path so far and the list that takes the faults.

    ``outside`` are keys that were written at the top level and only taken over here.
    """

    faults: Faults
    path: str = ""
    outside: frozenset[str] = frozenset()

    def key(self, name: str) -> Place:
        if name in self.outside:
            return Place(self.faults, name)
        return Place(self.faults, f"{self.path}.{name}" if self.path else name)

    def index(self, position: int) -> Place:
        return Place(self.faults, f"{self.path}[{position}]")

    def fault(self, line: int | None, text: str) -> None:
        self.faults.add(self.path, line, text)


def lines_by_path(node: Node, path: str = "") -> Iterator[tuple[str, int]]:
    """Every path of the document with the line it stands on, for faults found after reading."""
    yield path, node.line
    if isinstance(node, Listing):
        for position, child in enumerate(node.nodes):
            yield from lines_by_path(child, f"{path}[{position}]")
    elif isinstance(node, Record):
        for key, child in node.entries.items():
            below = f"{path}.{key}" if path else key
            yield from lines_by_path(child, below)
            yield below, node.key_lines[key]


def ids_written(node: Node) -> Iterator[str]:
    """Every text standing under a key ``id``: an object that failed to read is still known by its id."""
    if isinstance(node, Listing):
        for child in node.nodes:
            yield from ids_written(child)
    elif isinstance(node, Record):
        own = node.entries.get("id")
        if isinstance(own, Scalar):
            yield own.text
        for child in node.entries.values():
            yield from ids_written(child)
