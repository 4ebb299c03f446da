"""Facts of both volumes: which hold, and as the scoring rules read them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session, aliased

from kaohe_flow.scorebook.ledger.model import CorrectionFact, FactRevocation, Found, ScoreFact
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.scorebook.scoring.facts.rules import Fact

FIGURES: Final = frozenset(
    {"count", "done", "target", "value", "points", "share", "quality", "coauthors", "previous"}
)
LISTS: Final = frozenset({"mitigation", "surcharges"})
DAYS: Final = frozenset({"found", "filed"})
ORIGIN: Final = "origin"
FOUND: Final = tuple(name for name in vars(Found)["__annotations__"])
WhichFacts = Callable[[type[Found]], ColumnElement[bool]]


def facts_of(session: Session, period_id: int, kind: SubjectKind, subject_id: int) -> Sequence[ScoreFact]:
    """The facts of a subject that hold."""
    return holding(session, concerning(period_id, kind, subject_id))


def facts_in(session: Session, period_id: int, *, corrected: bool = True) -> Sequence[ScoreFact]:
    """All facts of a period that hold; without ``corrected`` those that held when it was sealed."""
    return holding(session, lambda rows: rows.period_id == period_id, corrected=corrected)


def concerning(period_id: int, kind: SubjectKind, subject_id: int) -> WhichFacts:
    return lambda rows: and_(
        rows.period_id == period_id, rows.subject_kind == kind, rows.subject_id == subject_id
    )


def holding(session: Session, which: WhichFacts, *, corrected: bool = True) -> Sequence[ScoreFact]:
    """Facts of the ledger that did not fall; ``corrected``: as corrections left them, theirs included."""
    stands = ~exists().where(FactRevocation.fact_id == ScoreFact.id)
    if corrected:
        stands &= ~exists().where(CorrectionFact.overturns == ScoreFact.id)
    found = session.scalars(select(ScoreFact).where(which(ScoreFact), stands).order_by(ScoreFact.id)).all()
    if not corrected:
        return found
    later = aliased(CorrectionFact)
    added = select(CorrectionFact).where(
        which(CorrectionFact),
        CorrectionFact.overturns.is_(None),
        ~exists().where(later.overturns == -CorrectionFact.id),
    )
    return [*found, *map(_as_score_fact, session.scalars(added.order_by(CorrectionFact.id)))]


def _as_score_fact(row: CorrectionFact) -> ScoreFact:
    """A fact that a correction added, under its negative number; never stored."""
    return ScoreFact(id=-row.id, **{name: getattr(row, name) for name in FOUND})


def as_fact(row: ScoreFact) -> Fact:
    """A stored fact as the scoring rules read it: exact figures, named lists, plain words."""
    content: dict[str, Any] = {}
    for name, value in row.content.items():
        if name in FIGURES:
            content[name] = Decimal(value)
        elif name in DAYS:
            content[name] = date.fromisoformat(value)
        elif name in LISTS:
            content[name] = tuple(value.split(","))
        else:
            content[name] = value
    return Fact(
        id=str(row.id),
        subject=f"{row.subject_kind.value}:{row.subject_id}",
        item=row.item,
        date=row.happened_on,
        **content,
    )


def live_facts_of_case(session: Session, case_key: str) -> Sequence[ScoreFact]:
    """The facts a case found that hold; what follows from them for others is not among them."""
    return [fact for fact in hit_by_case(session, case_key) if not is_derived(fact)]


def hit_by_case(session: Session, case_key: str) -> Sequence[ScoreFact]:
    """The facts of everybody whom a case hits, those brought about by another (连带) included."""
    return holding(session, lambda rows: rows.case_key == case_key)


def is_derived(fact: Found) -> bool:
    """Whether another fact brought it about (连带): it comes and falls with that one."""
    return ORIGIN in fact.content


def ever_found(
    session: Session, period_id: int, kind: SubjectKind, subject_id: int, items: Collection[str]
) -> Mapping[int, str]:
    """Case keys of all facts of a subject under these items by number, those that fell included."""
    which = concerning(period_id, kind, subject_id)
    first = select(ScoreFact.id, ScoreFact.case_key).where(which(ScoreFact), ScoreFact.item.in_(items))
    second = select(-CorrectionFact.id, CorrectionFact.case_key).where(
        which(CorrectionFact), CorrectionFact.item.in_(items), CorrectionFact.overturns.is_(None)
    )
    return {id_: key for rows in (session.execute(first), session.execute(second)) for id_, key in rows}


def derived_of(
    session: Session, period_id: int, origins: Mapping[int, str], *, corrected: bool
) -> list[ScoreFact]:
    """Facts that hold and were brought about by one of ``origins``, case keys by number."""
    cases = sorted(set(origins.values()))
    rows = holding(
        session,
        lambda facts: and_(facts.period_id == period_id, facts.case_key.in_(cases)),
        corrected=corrected,
    )
    numbers = {str(origin) for origin in origins}
    return [row for row in rows if row.content.get(ORIGIN) in numbers]
