"""Admission of a fact: known item, for this subject, in this period, reported in time, conditions met."""

from __future__ import annotations

from collections.abc import Mapping

from kaohe_flow.kernel.calendar import WorkCalendar
from kaohe_flow.kernel.feel import Value
from kaohe_flow.scheme.definition.amount.rules import NoAmount, fits, value_of
from kaohe_flow.scheme.definition.cycle.rules import Period
from kaohe_flow.scheme.definition.item.rules import Item
from kaohe_flow.scheme.definition.sheet.rules import Sheet
from kaohe_flow.scheme.definition.validity.rules import is_valid_in
from kaohe_flow.scorebook.scoring.facet.rules import facets_of, with_fact
from kaohe_flow.scorebook.scoring.facts.rules import Fact, FactRefused, Subject


def items_for(sheet: Sheet, subject: Subject, period: Period | None) -> dict[str, Item]:
    """The items by which this subject is assessed in this period, in the order of the sheet."""
    facets = facets_of(subject, sheet, period)
    lines = {line.id: line for line in sheet.lines}
    own = None if subject.items is None else frozenset(subject.items)
    found = {}
    for item in sheet.items:
        if own is not None and item.id not in own:
            continue
        line = lines.get(item.line or "")
        suits = fits(item.for_, facets) and (line is None or fits(line.for_, facets))
        if suits and is_valid_in(item, sheet.period, period):
            found[item.id] = item
    return found


def admit(fact: Fact, item: Item | None, sheet: Sheet, calendar: WorkCalendar) -> None:
    """Raises ``FactRefused`` for an item that is not the subject's, or a report filed too late."""
    if item is None:
        if any(one.id == fact.item for one in sheet.items):
            raise FactRefused(fact, "item-not-for-subject", f"条目“{fact.item}”不适用于该对象或本考核期")
        raise FactRefused(fact, "unknown-item", f"考核表没有条目“{fact.item}”")
    if item.file_within is not None:
        _in_time(fact, item.file_within, calendar)


def _in_time(fact: Fact, workdays: int, calendar: WorkCalendar) -> None:
    if fact.date is None or fact.filed is None:
        raise FactRefused(fact, "figure-missing", "须写发生日期 date 和申报日期 filed，以核对申报时限")
    last = calendar.add(fact.date, workdays)
    if fact.filed > last:
        text = f"{fact.filed} 申报，已过时限 {last}（{workdays} 个工作日）"
        raise FactRefused(fact, "filed-late", text)


def meets_condition(fact: Fact, item: Item, facets: Mapping[str, Value]) -> None:
    """Raises ``FactRefused`` when the item's ``only_if`` does not hold for the fact."""
    if item.only_if is None:
        return
    try:
        held = value_of(item.only_if, with_fact(facets, fact))
    except NoAmount as exc:
        raise FactRefused(fact, "condition", str(exc)) from exc
    if held is not True:
        text = item.only_if_text or f"不符合条件：{item.only_if}"
        raise FactRefused(fact, "condition", text)
