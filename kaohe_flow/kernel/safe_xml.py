"""The one door for foreign XML. No document type, no entities, no network; bounded in size and shape."""

from __future__ import annotations

from typing import Final

from lxml import etree

from kaohe_flow.kernel.errors import InvalidInput

MAX_BYTES: Final = 2 * 1024 * 1024
MAX_ELEMENTS: Final = 20_000
MAX_ATTRIBUTES: Final = 200
MAX_DEPTH: Final = 100


class UnsafeXml(InvalidInput):
    """``what`` names the file for the reader, ``reason`` says what to do."""

    code = "unsafe-xml"
    message = "{what}无法读取：{reason}"


def parse(xml: bytes, *, what: str = "文件") -> etree._Element:
    """Root element of a UTF-8 document, or ``UnsafeXml`` with the line where reading failed."""
    _check_bytes(xml, what)
    root = _read(xml, what)
    _check_shape(root, what)
    return root


def _check_bytes(xml: bytes, what: str) -> None:
    if not xml.strip():
        raise UnsafeXml(what=what, reason="文件是空的")
    if len(xml) > MAX_BYTES:
        raise UnsafeXml(what=what, reason=f"文件超过 {MAX_BYTES // 1024 // 1024} MB，请精简后再上传")
    if b"\0" in xml:
        raise UnsafeXml(what=what, reason="文件不是 UTF-8 编码，请另存为 UTF-8 后再上传")
    try:
        xml.decode("utf-8")
    except UnicodeDecodeError:
        raise UnsafeXml(what=what, reason="文件不是 UTF-8 编码，请另存为 UTF-8 后再上传") from None
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise UnsafeXml(what=what, reason="文件含有文档类型声明（DOCTYPE），出于安全不予接收，请删去该行")


def _read(xml: bytes, what: str) -> etree._Element:
    target = _Bounded()
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        etree.fromstring(xml, etree.XMLParser(target=target, resolve_entities=False, no_network=True))
        if target.excess:
            raise UnsafeXml(what=what, reason=target.excess)
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as exc:
        raise UnsafeXml(what=what, reason=f"第 {exc.lineno} 行不是合法的 XML（{exc.msg}）") from None
    encoding = (root.getroottree().docinfo.encoding or "UTF-8").upper()
    if encoding not in {"UTF-8", "ASCII", "US-ASCII"}:
        raise UnsafeXml(what=what, reason=f"声明的编码是 {encoding}，请改为 UTF-8")
    return root


class _Bounded:
    """Counts while reading, so that a hostile file is measured before a tree is built from it."""

    def __init__(self) -> None:
        self.excess = ""
        self._elements = 0
        self._depth = 0

    def start(self, tag: str | bytes, attrib: dict[str | bytes, str | bytes]) -> None:
        """One element opens."""
        self._elements += 1
        self._depth += 1
        if self._elements > MAX_ELEMENTS:
            self.excess = f"元素超过 {MAX_ELEMENTS} 个"
        elif self._depth > MAX_DEPTH:
            self.excess = f"嵌套超过 {MAX_DEPTH} 层"
        elif len(attrib) > MAX_ATTRIBUTES:
            self.excess = f"一个元素的属性超过 {MAX_ATTRIBUTES} 个"

    def end(self, tag: str | bytes) -> None:
        """One element closes."""
        self._depth -= 1

    def comment(self, text: str | bytes) -> None:
        """Comments are dropped."""

    def data(self, data: str | bytes) -> None:
        """Text is bounded by the size of the file."""

    def close(self) -> None:
        """Nothing is kept."""


def _check_shape(root: etree._Element, what: str) -> None:
    if any(isinstance(node, etree._Entity) for node in root.iter()):
        raise UnsafeXml(what=what, reason="文件含有自定义实体，请改为普通文字")
