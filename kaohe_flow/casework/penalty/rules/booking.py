"""From a decision to the facts that are booked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kaohe_flow.casework.penalty.rules.defence import Ruling
from kaohe_flow.casework.penalty.rules.finding import Figures
from kaohe_flow.scheme.definition.item.rules import Item
from kaohe_flow.scheme.definition.method.rules import Tariff


def fact_content(told: Figures, ruling: Ruling, *, known: Iterable[str], note: str) -> dict[str, str]:
    """The fact in the words of the facts format. ``known``: circumstances the subject's sheet has."""
    figures = {
        "count": ruling.count if ruling.count is not None else told.count,
        "value": told.value,
        "target": told.target,
        "points": ruling.points if ruling.points is not None else told.points,
    }
    words = {name: format(value, "f") for name, value in figures.items() if value is not None}
    if told.option:
        words["option"] = told.option
    mitigation = [name for name in ruling.mitigation if name in set(known)]
    if mitigation:
        words["mitigation"] = ",".join(mitigation)
    if note:
        words["note"] = note
    return words


def for_unit(item: Item, content: Mapping[str, str]) -> dict[str, str] | None:
    """The same fact on the item of the unit's sheet; None where that item has no price for the case.

    A case the unit's tariff does not name falls back on the price without a case, if it has one.
    """
    words = dict(content)
    if isinstance(item.method, Tariff) and words.get("option", "") not in item.method.options:
        words.pop("option", None)
        if item.method.options and item.method.points is None:
            return None
    return words


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day of the period a finding counts in."""

    first: date
    last: date


def counting_day(happened_on: date, found_on: date, today: date, period: Span) -> tuple[date, str]:
    """The day by which a fact is put into its period, and the annotation when that is not the event's day.

    What came to light later counts in the period of discovery (发现期), and what was decided after that
    period was sealed counts in the open one; the event keeps its own date in the annotation.
    """
    if period.first <= happened_on <= period.last:
        return happened_on, ""
    if period.first <= found_on <= period.last:
        return found_on, f"事发 {happened_on}，{found_on} 发现，计入发现时的考核期"
    return today, f"事发 {happened_on}，{found_on} 发现，原考核期已封存，计入作出决定时的考核期"
