"""为什么是这个分: each module with its items and their sources, then the way to the total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kaohe_flow.scorebook.ledger.queries import EntryView
from kaohe_flow.scorebook.scoring.entry.rules import ScoreLine
from kaohe_flow.scorebook.scoring.line.rules import ItemResult, LineResult
from kaohe_flow.scorebook.scoring.module.rules import ModuleResult
from kaohe_flow.scorebook.scoring.step.rules import Step, shown
from kaohe_flow.scorebook.scoring.total.rules import Total

ALWAYS_TOLD: Final = frozenset({"items", "sum", "rounding"})


@dataclass(frozen=True, slots=True)
class Source:
    """One score line of an item and the booking behind it; None while it is not booked."""

    points: Decimal
    entry: EntryView | None


@dataclass(frozen=True, slots=True)
class Row:
    """One item; ``full`` is empty for mere additions and deductions, ``points`` a dash without data."""

    title: str
    full: str
    points: str
    note: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """Steps in their order; those that left the figure as it was are told in one sentence."""

    steps: tuple[Mapping[str, str], ...]
    idle: str


@dataclass(frozen=True, slots=True)
class Part:
    """A module, or a line outside all modules. ``silent`` counts items of which nothing was recorded."""

    title: str
    points: str
    rows: tuple[Row, ...]
    silent: int
    walk: Walk


@dataclass(frozen=True, slots=True)
class Explanation:
    """One total on one sheet."""

    total: Total
    parts: tuple[Part, ...]
    walk: Walk


def explanation(total: Total, lines: Sequence[ScoreLine], entries: Mapping[str, EntryView]) -> Explanation:
    """``lines`` are the score lines behind the total; ``entries`` the bookings that stand, by fact."""
    sources: dict[str, list[Source]] = {}
    for line in lines:
        sources.setdefault(line.item, []).append(Source(line.points, entries.get(line.fact)))
    inside = {module.module for module in total.modules}
    parts = [
        _part(module.title, module, [one for one in total.lines if one.module == module.module], sources)
        for module in total.modules
    ]
    parts += [_part(one.title, one, [one], sources) for one in total.lines if one.module not in inside]
    return Explanation(total, tuple(parts), _walk(total.steps))


def _part(
    title: str,
    whole: ModuleResult | LineResult,
    lines: Sequence[LineResult],
    sources: Mapping[str, Sequence[Source]],
) -> Part:
    items = [item for line in lines for item in line.items]
    rows = [
        _row(one, sources.get(one.item, ())) for one in items if one.counts_to_full or one.item in sources
    ]
    steps = [step for line in lines for step in line.steps]
    if isinstance(whole, ModuleResult):
        steps += [step for step in whole.steps if step.name != "lines" or len(lines) > 1]
    return Part(
        title=title,
        points=_figure(whole.points),
        rows=tuple(rows),
        silent=len(items) - len(rows),
        walk=_walk(steps) if rows else Walk((), ""),
    )


def _row(item: ItemResult, sources: Sequence[Source]) -> Row:
    return Row(
        title=item.title,
        full=shown(item.full) if item.counts_to_full else "",
        points=_figure(item.points),
        note=item.note,
        sources=tuple(sources),
    )


def _walk(steps: Sequence[Step]) -> Walk:
    told = [step for step in steps if step.changed or step.name in ALWAYS_TOLD]
    idle = [
        " ".join(filter(None, (step.label, step.note or step.formula))) for step in steps if step not in told
    ]
    return Walk(
        tuple(
            {"label": step.label, "figures": step.formula, "result": shown(step.after), "note": step.note}
            for step in told
        ),
        "；".join(idle),
    )


def _figure(points: Decimal | None) -> str:
    return "—" if points is None else shown(points)
