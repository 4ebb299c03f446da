"""Which items a subject is assessed by: tasks only where they were issued (没有下达的不进分母)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kaohe_flow.scheme.definition.item.rules import Item
from kaohe_flow.scheme.definition.item.rules import Mode as ItemMode
from kaohe_flow.scheme.definition.method.rules import TotalOf
from kaohe_flow.scheme.definition.rules import Scheme
from kaohe_flow.scheme.indicator.rules import Mode
from kaohe_flow.scorebook.scoring.facts.rules import Subject


def items_for_everybody(scheme: Scheme, modes: Mapping[str, Mode]) -> frozenset[str]:
    """Items that need no issuing: penalties, rewards, and what is worked out from another sheet.

    ``modes`` are those of the indicators in force, by code; where there is none the item's own counts.
    """
    return frozenset(
        item.id for sheet in scheme.sheets for item in sheet.items if not _is_issued(item, modes.get(item.id))
    )


def _is_issued(item: Item, mode: Mode | None) -> bool:
    if isinstance(item.method, TotalOf):
        return False
    return item.mode is ItemMode.TASK if mode is None else mode is Mode.TASK


def own_items(
    for_everybody: frozenset[str], issued: Iterable[str], modes: Mapping[str, Mode]
) -> tuple[str, ...]:
    """The items of one subject; an indicator without a wording in force is not measured by anybody."""
    return tuple(sorted(for_everybody.union(code for code in issued if code in modes)))


def with_found(subject: Subject, items: Iterable[str]) -> Subject:
    """The subject with the items of its facts: what was found counts, though the task be taken back since."""
    if subject.items is None:
        return subject
    return replace(subject, items=tuple(sorted({*subject.items, *items})))
