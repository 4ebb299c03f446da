"""Scheme files: YAML in, ``Scheme`` out, or every fault of the file at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from importlib import resources
from pathlib import Path
from typing import Final

from kaohe_flow.kernel.errors import InvalidInput, NotFound
from kaohe_flow.scheme.definition.binding.rules import FAILED, Failed, bind, keys_of
from kaohe_flow.scheme.definition.coherence.rules import Finding, findings
from kaohe_flow.scheme.definition.document.gateway import read_document
from kaohe_flow.scheme.definition.document.rules import (
    Faults,
    Listing,
    Node,
    Place,
    Record,
    Scalar,
    ids_written,
    lines_by_path,
)
from kaohe_flow.scheme.definition.rules import Scheme, SchemeHead
from kaohe_flow.scheme.definition.sheet.gateway import SHEET_KEYS, read_sheets

LIBRARY: Final = "kaohe_flow.scheme.library"


class SchemeRefused(InvalidInput):
    """A scheme file with faults; ``problems`` lists them all with path and line."""

    code = "scheme-refused"
    message = "方案文件“{name}”有 {count} 处错误"


class NoSuchScheme(NotFound):
    """Neither a file nor the name of a scheme that ships with the product."""

    code = "no-such-scheme"
    message = "没有找到方案文件“{name}”；随产品提供的方案有：{known}"


def library() -> tuple[str, ...]:
    """Names of the schemes that ship with the product."""
    names = (one.name for one in resources.files(LIBRARY).iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def load_scheme(source: str | Path) -> Scheme:
    """A scheme by file path or by its name in the library.

    Raises ``NoSuchScheme``, ``DocumentRefused`` or ``SchemeRefused``.
    """
    path = Path(source)
    if path.is_file():
        return read_scheme(path.read_bytes(), name=path.name)
    if str(source) in library():
        file = resources.files(LIBRARY) / f"{source}.yaml"
        return read_scheme(file.read_bytes(), name=f"{source}.yaml")
    raise NoSuchScheme(name=str(source), known="、".join(library()))


def read_scheme(content: str | bytes, *, name: str = "方案") -> Scheme:
    """The scheme in ``content``. Raises ``DocumentRefused`` or ``SchemeRefused`` with every fault."""
    faults = Faults()
    root = read_document(content, name=name, faults=faults)
    scheme = _scheme(root, Place(faults))
    if isinstance(scheme, Scheme):
        _note_findings(scheme, root, faults)
    if faults.found or isinstance(scheme, Failed):
        problems = faults.problems()
        raise SchemeRefused(problems=problems, name=name, count=len(problems))
    return scheme


def _scheme(root: Node, place: Place) -> Scheme | Failed:
    if not isinstance(root, Record):
        place.fault(root.line, "方案文件应是一组“键: 值”，以 id 开头")
        return FAILED
    head = bind(SchemeHead, root, place, also=SHEET_KEYS | {"sheets"})
    sheets = tuple(read_sheets(root, place))
    if isinstance(head, Failed):
        return FAILED
    return Scheme(**{field.name: getattr(head, field.name) for field in fields(SchemeHead)}, sheets=sheets)


def _note_findings(scheme: Scheme, root: Node, faults: Faults) -> None:
    """Findings about what could not be read anyway are left out: their cause is told already."""
    had_faults = bool(faults.found)
    written = frozenset(ids_written(root))
    lines = dict(lines_by_path(root))
    for finding in findings(scheme):
        if not (had_faults and _follows_from_faults(finding, written)):
            path = _path(finding, root, scheme)
            faults.add(path, _line(path, lines), finding.text)


def _follows_from_faults(finding: Finding, written: frozenset[str]) -> bool:
    """Sums and references miss whatever could not be read."""
    return finding.about_whole or (finding.wanted is not None and finding.wanted in written)


def _path(finding: Finding, root: Node, scheme: Scheme) -> str:
    """Where the element stands: in its sheet, or at the top level for what all sheets share."""
    tail = f".{finding.key}" if finding.key else ""
    sheets = root.entries.get("sheets") if isinstance(root, Record) else None
    nested = isinstance(sheets, Listing) and finding.part != "sheets"
    position = next((n for n, sheet in enumerate(scheme.sheets) if sheet.id == finding.sheet), 0)
    if nested and isinstance(sheets, Listing) and position < len(sheets.nodes):
        found = _element(sheets.nodes[position], f"sheets[{position}].", finding)
        if found is not None:
            return found + tail
    found = _element(root, "", finding)
    if found is not None:
        return found + tail
    return f"sheets[{position}].{finding.part}" if nested else finding.part


def _element(around: Node, prefix: str, finding: Finding) -> str | None:
    """The path of the element with this id in the list the finding names, None when the list is elsewhere."""
    listing = around.entries.get(finding.part) if isinstance(around, Record) else None
    if listing is None:
        return None
    path = prefix + finding.part
    for position, child in enumerate(listing.nodes if isinstance(listing, Listing) else ()):
        own = child.entries.get("id") if isinstance(child, Record) else None
        if isinstance(own, Scalar) and own.text == finding.id:
            return f"{path}[{position}]"
    return path


def _line(path: str, lines: Mapping[str, int]) -> int | None:
    """The line of a path, or of the nearest thing around it."""
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines.get(path)


def keys_of_scheme() -> Mapping[str, frozenset[str]]:
    """The keys at the top of a scheme file and of a sheet."""
    return {"scheme": frozenset(keys_of(SchemeHead)) | {"sheets"}, "sheet": SHEET_KEYS}
