"""Items of a scheme file: one record holds the item's own keys and those of its way of scoring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Final

from kaohe_flow.scheme.definition.binding.rules import FAILED, Failed, bind, keys_of, note_unknown
from kaohe_flow.scheme.definition.document.rules import Listing, Node, Place, Record, Scalar
from kaohe_flow.scheme.definition.item.rules import Item, ItemHead
from kaohe_flow.scheme.definition.method.rules import METHODS

HEAD_KEYS: Final = frozenset(keys_of(ItemHead))


def read_items(node: Node, place: Place) -> Iterator[Item]:
    """The items that could be read; faults of the others go to ``place``."""
    if not isinstance(node, Listing):
        place.fault(node.line, "items 应是列表，每个条目一项")
        return
    for position, child in enumerate(node.nodes):
        item = read_item(child, place.index(position))
        if isinstance(item, Item):
            yield item


def read_item(node: Node, place: Place) -> Item | Failed:
    if not isinstance(node, Record):
        place.fault(node.line, "条目应是一组“键: 值”")
        return FAILED
    rule = node.entries.get("rule")
    name = rule.text if isinstance(rule, Scalar) else "tariff"
    method_class = METHODS.get(name)
    if method_class is None:
        place.key("rule").fault(node.key_lines["rule"], f"没有记分办法“{name}”，可写：{'、'.join(METHODS)}")
        return FAILED
    noted_before = place.faults.noted
    own_keys = frozenset(keys_of(method_class))
    note_unknown(node, place, HEAD_KEYS | own_keys | {"rule"})
    head = bind(ItemHead, _only(node, HEAD_KEYS), place)
    method = bind(method_class, _only(node, own_keys), place)
    if isinstance(head, Failed) or isinstance(method, Failed):
        return FAILED
    try:
        return Item(**{field.name: getattr(head, field.name) for field in fields(ItemHead)}, method=method)
    except ValueError as exc:
        if place.faults.noted == noted_before:  # otherwise it may only follow from those
            place.fault(node.line, str(exc))
        return FAILED


def _only(node: Record, keys: frozenset[str]) -> Record:
    return Record(node.line, {key: one for key, one in node.entries.items() if key in keys}, node.key_lines)
