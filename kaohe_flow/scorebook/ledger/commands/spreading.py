"""连带: what a fact means for others is kept as facts of theirs, which come and fall with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scorebook.ledger import queries
from kaohe_flow.scorebook.ledger.model import CorrectionFact, FactRevocation, ScoreFact
from kaohe_flow.scorebook.ledger.queries import Standing
from kaohe_flow.scorebook.ledger.queries.facts import ORIGIN
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.scorebook.roster.queries import around
from kaohe_flow.scorebook.scoring.facts.rules import Fact
from kaohe_flow.scorebook.scoring.fanout.rules import fan_out

FALLEN = "引起连带的记分已不再有效"
NOT_HANDED_ON = frozenset({"share", "coauthors"})
Who = tuple[SubjectKind, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A fact that another one brings about."""

    who: Who
    item: str
    origin: ScoreFact
    content: Mapping[str, str]

    @property
    def key(self) -> tuple[Who, str, str]:
        return self.who, self.item, self.content[ORIGIN]


def follow(work: Work, standing: Standing, period_id: int, who: Who, voucher_key: str) -> list[Who]:
    """Bring the facts of others in line with this subject's lines; returns whose facts changed.

    Of a sealed period they are written by the voucher. A derived fact brings about no further ones.
    """
    spreading = {item.id for item in standing.scene.sheet.items if item.fan_out}
    origins = queries.ever_found(work.session, period_id, *who, spreading) if spreading else {}
    if not origins:
        return []
    period = periods.get(work.session, period_id)
    wanted = {one.key: one for one in _wanted(work, standing, period, spreading)}
    held = {}
    for fact in queries.derived_of(work.session, period_id, origins, corrected=period.is_sealed):
        held[(fact.subject_kind, fact.subject_id), fact.item, fact.content[ORIGIN]] = fact
    changed: dict[Who, None] = {}
    for key, fact in held.items():
        if key not in wanted or wanted[key].content != fact.content:
            _overturn(work, fact, voucher_key)
            changed[key[0]] = None
    for key, one in wanted.items():
        if key not in held or held[key].content != one.content:
            _enter(work, one, voucher_key)
            changed[one.who] = None
    work.session.flush()
    return list(changed)


def _wanted(work: Work, standing: Standing, period: Period, spreading: set[str]) -> list[Wanted]:
    items = {item.id: item for item in standing.scene.sheet.items}
    subject = standing.scene.subject
    own = subject.id if subject.kind == "unit" else subject.unit
    if own is None:
        return []
    circle = around(work.session, int(own.partition(":")[2]), period)
    found = []
    for line in standing.scored.lines:
        fact = standing.facts[int(line.fact)]
        if line.item not in spreading or queries.is_derived(fact):
            continue
        derived, _not_hit = fan_out(items[line.item], queries.as_fact(fact), line, standing.scene, circle)
        found += [_of(fact, one) for one in derived]
    return found


def _of(origin: ScoreFact, derived: Fact) -> Wanted:
    kind, _, number = derived.subject.partition(":")
    content = {name: text for name, text in origin.content.items() if name not in NOT_HANDED_ON}
    if derived.points is not None:
        content["points"] = format(derived.points, "f")
    content[ORIGIN] = str(origin.id)
    return Wanted((SubjectKind(kind), int(number)), derived.item, origin, content)


def _enter(work: Work, one: Wanted, voucher_key: str) -> None:
    kind, subject_id = one.who
    columns = {name: getattr(one.origin, name) for name in queries.FOUND}
    columns |= {"subject_kind": kind, "subject_id": subject_id, "item": one.item, "found_at": work.now}
    columns["content"] = dict(one.content)
    if kind is SubjectKind.UNIT:
        columns["unit_id"] = subject_id
    if voucher_key:
        work.session.add(CorrectionFact(**columns, voucher_key=voucher_key))
    else:
        work.session.add(ScoreFact(**columns))


def _overturn(work: Work, fact: ScoreFact, voucher_key: str) -> None:
    if voucher_key:
        same = {name: getattr(fact, name) for name in queries.FOUND}
        work.session.add(CorrectionFact(**same, voucher_key=voucher_key, overturns=fact.id))
    else:
        work.session.add(
            FactRevocation(fact_id=fact.id, case_key=fact.case_key, reason=FALLEN, revoked_at=work.now)
        )
