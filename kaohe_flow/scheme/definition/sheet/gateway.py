"""Sheets of a scheme file: what the top level says holds for every sheet that does not say it itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Final

from kaohe_flow.scheme.definition.binding.rules import FAILED, Failed, bind, keys_of, note_unknown
from kaohe_flow.scheme.definition.document.rules import Listing, Place, Record
from kaohe_flow.scheme.definition.item.gateway import read_items
from kaohe_flow.scheme.definition.sheet.rules import Sheet

SHEET_KEYS: Final = frozenset(keys_of(Sheet))
OWN_KEYS: Final = frozenset({"id", "name"})


def read_sheets(root: Record, place: Place) -> Iterator[Sheet]:
    """The sheets that could be read. Without ``sheets`` the top level is the one sheet."""
    listed = root.entries.get("sheets")
    if listed is None:
        sheet = read_sheet(root, place, also=frozenset(root.entries))
        if isinstance(sheet, Sheet):
            yield sheet
        return
    if not isinstance(listed, Listing):
        place.key("sheets").fault(listed.line, "sheets 应是列表，每张考核表一项")
        return
    shared = {key: node for key, node in root.entries.items() if key in SHEET_KEYS - OWN_KEYS}
    for position, node in enumerate(listed.nodes):
        here = place.key("sheets").index(position)
        if not isinstance(node, Record):
            here.fault(node.line, "这里应是一张考核表")
            continue
        note_unknown(node, here, SHEET_KEYS)
        taken_over = frozenset(shared) - node.entries.keys()
        merged = Record(node.line, {**shared, **node.entries}, {**root.key_lines, **node.key_lines})
        sheet = read_sheet(merged, Place(here.faults, here.path, taken_over), also=frozenset())
        if isinstance(sheet, Sheet):
            yield sheet


def read_sheet(record: Record, place: Place, *, also: frozenset[str]) -> Sheet | Failed:
    items_node = record.entries.get("items")
    items = tuple(read_items(items_node, place.key("items"))) if items_node is not None else ()
    rest = {key: node for key, node in record.entries.items() if key != "items"}
    sheet = bind(Sheet, Record(record.line, rest, record.key_lines), place, also=also)
    if isinstance(sheet, Failed):
        return FAILED
    return Sheet(**{**{field.name: getattr(sheet, field.name) for field in fields(Sheet)}, "items": items})
