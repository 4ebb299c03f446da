"""All claims of a month at once, in the order in which their deeds were done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from kaohe_flow.demo.bulk.book import Book
from kaohe_flow.demo.bulk.casting import Case, Caster, fact_of
from kaohe_flow.demo.bulk.mould import Mould, take
from kaohe_flow.demo.bulk.pools import Pools
from kaohe_flow.demo.bulk.script import Script
from kaohe_flow.demo.bulk.sheaf import Sheaf
from kaohe_flow.kernel.calendar import WorkCalendar
from kaohe_flow.kernel.unit_of_work import Database, Work
from kaohe_flow.records.attachment.gateway import FileStore
from kaohe_flow.records.audit.commands import entry_row, next_place
from kaohe_flow.records.audit.model import AuditEntry

Moulds = Mapping[tuple[str, ...], Mould]


@dataclass(frozen=True, slots=True)
class Month:
    """What the claims of a month have in common."""

    period_id: int
    calendar: WorkCalendar
    files: FileStore


def take_moulds(database: Database, month: Month, scripts: Sequence[Script]) -> Moulds:
    """A mould of every path that the scripts go, taken of the first that goes it."""
    first = {script.path: script for script in reversed(scripts)}
    return {path: take(database, month.files, script, month.calendar) for path, script in first.items()}


def press(
    work: Work,
    month: Month,
    scripts: Sequence[Script],
    moulds: Moulds,
    progress: Callable[[int], None] = lambda _done: None,
) -> None:
    """Write everything the scripts say, as if each deed had been done at its moment.

    Numbers are drawn and entries chained in the order of the deeds; two at the same moment keep the order of
    the scripts. ``progress`` is told how many claims have come to their end.
    """
    sheaf = Sheaf(work.session)
    book = Book(work.session, sheaf, month.period_id)
    caster = Caster(sheaf, month.files, Pools(work.session), month.calendar)
    trail = _Trail(work, sheaf)
    cases: dict[int, Case] = {}
    deeds = sorted((act.at, n, k) for n, script in enumerate(scripts) for k, act in enumerate(script.acts))
    for at, n, k in deeds:
        script = scripts[n]
        if k == 0:
            cases[n] = caster.begin(script, moulds[script.path])
        case = cases[n]
        now = replace(work, actor=script.acts[k].actor, now=at)
        caster.act(case, k)
        is_last = k + 1 == len(script.acts)
        if is_last and case.mould.scores:
            book.enter(now, fact_of(case))
        trail.follow(now, case, k)
        if is_last:
            caster.finish(cases.pop(n))
            progress(1)
            sheaf.bind_if_full()
    book.close()
    sheaf.bind()


class _Trail:
    """The audit trail, entry after entry."""

    def __init__(self, work: Work, sheaf: Sheaf) -> None:
        self._sheaf = sheaf
        self._place = next_place(work.session)

    def follow(self, work: Work, case: Case, number: int) -> None:
        """What one deed leaves in the trail."""
        for deed, details in case.mould.audits[number]:
            row = entry_row(work, self._place, deed, case.key, details)
            self._place = row["seq"] + 1, row["hash"]
            self._sheaf.add(AuditEntry, [row])
