"""Sorting facts to sheets, subjects and periods; what fits nowhere is refused with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kaohe_flow.kernel.errors import InvalidInput
from kaohe_flow.scheme.definition.amount.rules import fits
from kaohe_flow.scheme.definition.cycle.rules import Cycle, NoPeriod, Period, period_named, period_of
from kaohe_flow.scheme.definition.rules import Scheme
from kaohe_flow.scheme.definition.sheet.rules import Sheet
from kaohe_flow.scorebook.scoring.facet.rules import facets_of
from kaohe_flow.scorebook.scoring.facts.rules import Fact, FactBook, Refusal, Subject


class PeriodNotInScheme(InvalidInput):
    """The facts are for a period that no sheet of the scheme knows."""

    code = "period-not-in-scheme"
    message = "考核期“{label}”不合方案里任何一张考核表：{reasons}"


@dataclass(slots=True)
class Run:
    """One sheet in one period: its subjects and their facts."""

    sheet: Sheet
    period: Period | None
    subjects: list[Subject]
    facts: dict[str, list[Fact]] = field(default_factory=dict)
    item_ids: frozenset[str] = field(init=False)
    subject_ids: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.item_ids = frozenset(item.id for item in self.sheet.items)
        self.subject_ids = frozenset(one.id for one in self.subjects)

    def knows(self, fact: Fact) -> bool:
        """Whether the sheet has the item and is for the subject of the fact."""
        return fact.item in self.item_ids and fact.subject in self.subject_ids

    def give(self, fact: Fact) -> None:
        self.facts.setdefault(fact.subject, []).append(fact)


def runs_for(scheme: Scheme, book: FactBook) -> list[Run]:
    """The sheets of the scheme with the periods the facts are about. Raises ``PeriodNotInScheme``."""
    runs, reasons = [], []
    for sheet in scheme.sheets:
        subjects = [one for one in book.subjects if fits(sheet.for_, facets_of(one, sheet, None))]
        try:
            runs += [Run(sheet, period, subjects) for period in _periods(sheet.period, book)]
        except NoPeriod as exc:
            reasons.append(f"{sheet.title}：{exc}")
    if not runs:
        raise PeriodNotInScheme(label=book.period or "", reasons="；".join(reasons))
    return runs


def _periods(cycle: Cycle | None, book: FactBook) -> Iterator[Period | None]:
    if cycle is None:
        yield None
    elif book.period is not None:
        yield period_named(cycle, book.period)
    else:
        yield from _periods_of_days(cycle, book.facts)


def _periods_of_days(cycle: Cycle, facts: Sequence[Fact]) -> Iterator[Period | None]:
    found: dict[str, Period] = {}
    for fact in facts:
        if fact.counts_on is None:
            continue
        try:
            period = period_of(cycle, fact.counts_on)
        except NoPeriod:
            continue
        found[period.label] = period
    yield from sorted(found.values(), key=lambda one: one.first) if found else [None]


def without_sheet(scheme: Scheme, book: FactBook) -> list[Refusal]:
    """Subjects whom no sheet speaks of: said aloud, so that a wrong kind or name does not go unnoticed."""
    return [
        Refusal("", one.id, "", "no-sheet", f"没有一张考核表适用于“{one.title}”（请核对 kind 等属性）")
        for one in book.subjects
        if not any(fits(sheet.for_, facets_of(one, sheet, None)) for sheet in scheme.sheets)
    ]


def sort_facts(runs: Sequence[Run], book: FactBook, facts: Sequence[Fact]) -> list[Refusal]:
    """Gives every fact to the runs it belongs to; the refusals of those that belong nowhere."""
    known = {one.id for one in book.subjects}
    divided = {one.part_of for one in book.subjects if one.part_of is not None}
    by_id = {fact.id: fact for fact in book.facts}
    refused = []
    for fact in facts:
        if fact.revoked:
            continue
        about = _aim(fact, by_id)
        reason = _misplaced(about, known, divided) or _no_home(about, runs)
        if reason:
            refused.append(Refusal(fact.id, about.subject, about.item, *reason))
            continue
        for run in _homes(about, runs):
            run.give(replace(fact, subject=about.subject) if fact.revokes is not None else fact)
    return refused


def _aim(fact: Fact, by_id: Mapping[str, Fact]) -> Fact:
    """What a fact is about: itself, or the fact it takes back."""
    return by_id.get(fact.revokes, fact) if fact.revokes is not None else fact


def _misplaced(fact: Fact, known: set[str], divided: set[str]) -> tuple[str, str] | None:
    if fact.revokes is not None:
        return "unknown-fact", f"要撤销的 {fact.revokes} 不存在"
    if fact.subject not in known:
        return "unknown-subject", f"考核对象“{fact.subject}”不在 subjects 中"
    if fact.subject in divided:
        return "parts", f"“{fact.subject}”分段考核，请把事实记在它的某一段名下"
    return None


def _homes(fact: Fact, runs: Sequence[Run]) -> list[Run]:
    return [run for run in runs if run.knows(fact) and _in_period(run, fact)]


def _in_period(run: Run, fact: Fact) -> bool:
    """A fact without a day belongs to the period of the run, if there is only that one."""
    return run.period is None or fact.counts_on is None or fact.counts_on in run.period


def _no_home(fact: Fact, runs: Sequence[Run]) -> tuple[str, str] | None:
    knowing = [run for run in runs if run.knows(fact)]
    if not knowing:
        if any(fact.item in run.item_ids for run in runs):
            return "item-not-for-subject", f"条目“{fact.item}”不适用于“{fact.subject}”"
        return "unknown-item", f"没有条目“{fact.item}”"
    if fact.counts_on is None and len({run.period for run in knowing if run.period}) > 1:
        return "no-date", "没有日期，无法归入考核期"
    if not _homes(fact, knowing):
        return "other-period", _elsewhere(fact, knowing[0])
    return None


def _elsewhere(fact: Fact, run: Run) -> str:
    label = run.period.label if run.period is not None else ""
    if run.sheet.period is None or fact.counts_on is None:
        return f"不属于 {label}"
    try:
        own = period_of(run.sheet.period, fact.counts_on).label
    except NoPeriod as exc:
        return str(exc)
    return f"{fact.counts_on} 属于 {own}，不计入 {label}"
