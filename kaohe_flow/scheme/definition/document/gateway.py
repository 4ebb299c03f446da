"""YAML text → nodes with lines. No tags, no anchors, no objects: text, lists and records only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from kaohe_flow.kernel.errors import InvalidInput, Problem
from kaohe_flow.scheme.definition.document.rules import Faults, Listing, Node, Record, Scalar

MAX_BYTES: Final = 64 * 1024 * 1024
MAX_NODES: Final = 5_000_000
MAX_DEPTH: Final = 32
LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class DocumentRefused(InvalidInput):
    """The text is no readable YAML, or uses what these files may not contain."""

    code = "document-refused"
    message = "“{name}”不能读取，共 {count} 处错误"


def refuse(name: str, problems: tuple[Problem, ...]) -> DocumentRefused:
    return DocumentRefused(problems=problems, name=name, count=len(problems))


@dataclass(slots=True)
class Frame:
    """A list or record under construction."""

    line: int
    is_record: bool
    nodes: list[Node] = field(default_factory=list)
    entries: dict[str, Node] = field(default_factory=dict)
    key_lines: dict[str, int] = field(default_factory=dict)
    key: str | None = None

    def finished(self) -> Node:
        if self.is_record:
            return Record(self.line, self.entries, self.key_lines)
        return Listing(self.line, tuple(self.nodes))


class Builder:
    """Takes parser events one by one; never recurses, so depth is bounded by a number of ours."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.frames: list[Frame] = []
        self.root: Node | None = None
        self.count = 0

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        self._forbid(event, line)
        if isinstance(event, yaml.ScalarEvent):
            self._place(Scalar(line, event.value, quoted=event.style in {"'", '"', "|", ">"}))
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._open(line, is_record=isinstance(event, yaml.MappingStartEvent))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._place(self.frames.pop().finished())

    def _forbid(self, event: Any, line: int) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Stop(line, "不支持锚点（&、*），请把内容直接写出")
        if getattr(event, "tag", None) not in {None, "!"}:
            raise Stop(line, f"不支持标签 {event.tag}，请只写文字、数字、列表和键值")
        if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise Stop(line, "一个文件只能写一份文档（多余的 ---）")
        self.count += 1
        if self.count > MAX_NODES:
            raise Stop(line, f"内容超过 {MAX_NODES} 项")

    def _open(self, line: int, *, is_record: bool) -> None:
        parent = self.frames[-1] if self.frames else None
        if parent is not None and parent.is_record and parent.key is None:
            raise Stop(line, "键只能是一个词，不能是列表或键值")
        if len(self.frames) >= MAX_DEPTH:
            raise Stop(line, f"嵌套超过 {MAX_DEPTH} 层")
        self.frames.append(Frame(line, is_record))

    def _place(self, node: Node) -> None:
        if not self.frames:
            self.root = node
            return
        frame = self.frames[-1]
        if not frame.is_record:
            frame.nodes.append(node)
        elif frame.key is None:
            self._name(frame, node)
        else:
            frame.entries.setdefault(frame.key, node)
            frame.key = None

    def _name(self, frame: Frame, node: Node) -> None:
        if not isinstance(node, Scalar):
            raise Stop(node.line, "键只能是一个词")
        if node.text in frame.entries:
            first = frame.key_lines[node.text]
            self.faults.add(node.text, node.line, f"键“{node.text}”重复，第 {first} 行已经写过，请只留一个")
        frame.key = node.text
        frame.key_lines.setdefault(node.text, node.line)


class Stop(Exception):
    """Reading cannot go on; carries the line (from 1) and the sentence."""

    def __init__(self, line: int | None, text: str) -> None:
        super().__init__(text)
        self.line = line
        self.text = text


def read_document(content: str | bytes, *, name: str, faults: Faults) -> Node:
    """The root node. Duplicate keys go to ``faults``; unreadable text raises ``DocumentRefused`` at once."""
    builder = Builder(faults)
    try:
        for event in _events(_decoded(content)):
            builder.take(event)
    except Stop as stop:
        faults.add("", stop.line, stop.text)
        raise refuse(name, faults.problems()) from stop
    if builder.root is None or (isinstance(builder.root, Scalar) and builder.root.is_null):
        faults.add("", None, "文件是空的")
        raise refuse(name, faults.problems())
    return builder.root


def _decoded(content: str | bytes) -> str:
    if len(content) > MAX_BYTES:
        raise Stop(None, f"文件超过 {MAX_BYTES // 1024 // 1024} MB")
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = content[: exc.start].count(b"\n") + 1
        raise Stop(line, "文件不是 UTF-8 编码，请另存为 UTF-8 后再试") from exc


def _events(text: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=LOADER)
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        line = mark.line + 1 if mark is not None else None
        raise Stop(line, f"不是合法的 YAML：{_explain(exc)}") from exc


def _explain(exc: yaml.YAMLError) -> str:
    problem = str(getattr(exc, "problem", None) or "")
    if "tab" in problem or "'\\t'" in problem:
        return "缩进用了制表符，请改用空格"
    if "mapping values are not allowed" in problem:
        return "这里不能出现冒号，含冒号的文字请加引号"
    if "expected <block end>" in problem or "did not find expected" in problem:
        return "缩进或括号、引号没有对齐"
    if "special characters" in problem or "control characters" in problem:
        return "含有不可见的控制字符"
    return "请检查缩进、冒号后的空格、括号和引号是否成对"
