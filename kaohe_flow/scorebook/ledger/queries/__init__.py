"""What can be asked of the ledger, and the facts behind it as the scoring rules read them."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from kaohe_flow.kernel.chain import GENESIS
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.plan import queries as plans
from kaohe_flow.scheme.plan.model import Plan
from kaohe_flow.scorebook.ledger.model import (
    CorrectionEntry,
    LedgerEntry,
    ScoreFact,
    ScoreSum,
)
from kaohe_flow.scorebook.ledger.queries.facts import FIGURES as FIGURES
from kaohe_flow.scorebook.ledger.queries.facts import FOUND as FOUND
from kaohe_flow.scorebook.ledger.queries.facts import ORIGIN as ORIGIN
from kaohe_flow.scorebook.ledger.queries.facts import as_fact as as_fact
from kaohe_flow.scorebook.ledger.queries.facts import concerning, holding
from kaohe_flow.scorebook.ledger.queries.facts import derived_of as derived_of
from kaohe_flow.scorebook.ledger.queries.facts import ever_found as ever_found
from kaohe_flow.scorebook.ledger.queries.facts import facts_in as facts_in
from kaohe_flow.scorebook.ledger.queries.facts import facts_of as facts_of
from kaohe_flow.scorebook.ledger.queries.facts import hit_by_case as hit_by_case
from kaohe_flow.scorebook.ledger.queries.facts import is_derived as is_derived
from kaohe_flow.scorebook.ledger.queries.facts import live_facts_of_case as live_facts_of_case
from kaohe_flow.scorebook.ledger.queries.integrity import columns_of as columns_of
from kaohe_flow.scorebook.ledger.queries.integrity import first_broken as first_broken
from kaohe_flow.scorebook.ledger.queries.integrity import stream as stream
from kaohe_flow.scorebook.ledger.rules import EntryKind, SubjectKind, scene_for
from kaohe_flow.scorebook.roster.queries import subject_of
from kaohe_flow.scorebook.roster.rules import with_found
from kaohe_flow.scorebook.scoring.award.scene.rules import Scene
from kaohe_flow.scorebook.scoring.entry.rules import Scored, score_lines
from kaohe_flow.scorebook.scoring.step.rules import shown

WhichBookings = Callable[[type[LedgerEntry] | type[CorrectionEntry]], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Standing:
    """One subject in one period: the facts that hold and the score lines they come to."""

    plan: Plan
    scene: Scene
    facts: Mapping[int, ScoreFact]
    scored: Scored

    def module_of(self, item_id: str) -> str:
        """The module an item counts in."""
        item = next(item for item in self.scene.sheet.items if item.id == item_id)
        line = next((line for line in self.scene.sheet.lines if line.id == item.line), None)
        return item.module or (line.module if line and line.module else "") or "total"


@dataclass(frozen=True, slots=True)
class EntryView:
    """One ledger entry with the steps of its calculation, for pages."""

    period_id: int
    seq: int
    fact: str
    case_key: str
    module_label: str
    title: str
    points: Decimal
    is_reversal: bool
    is_reversed: bool
    at: datetime
    found_by: str
    receipt: str
    steps: Sequence[Mapping[str, str]]
    voucher_key: str = ""

    @property
    def reference(self) -> str:
        """Period and number in its chain."""
        return f"{self.period_id}-{self.seq}"


def standing(session: Session, period_id: int, kind: SubjectKind, subject_id: int) -> Standing:
    """Facts that hold and what they come to under the plan of the period. Raises ``NoPlan``."""
    period = periods.get(session, period_id)
    plan = plans.governing(session, period.starts_on)
    facts = holding(session, concerning(period_id, kind, subject_id), corrected=period.is_sealed)
    subject = with_found(subject_of(session, kind.value, subject_id, period), (fact.item for fact in facts))
    scene = scene_for(plans.scheme_of(plan), subject, period.code)
    return Standing(
        plan=plan,
        scene=scene,
        facts={fact.id: fact for fact in facts},
        scored=score_lines(scene, [as_fact(fact) for fact in facts]),
    )


def on_trial(standing: Standing, added: Sequence[ScoreFact], without: Container[int] = ()) -> Scored:
    """What the subject's lines would be with further facts and without some; writes nothing."""
    kept = [as_fact(row) for id_, row in standing.facts.items() if id_ not in without]
    scene = replace(standing.scene, subject=with_found(standing.scene.subject, (row.item for row in added)))
    return score_lines(scene, [*kept, *(as_fact(row) for row in added)])


def booked_awards(
    session: Session, period_id: int, kind: SubjectKind, subject_id: int
) -> dict[int, LedgerEntry | CorrectionEntry]:
    """Awards of a subject that stand, by fact."""
    rows = _bookings(session, _bookings_of(period_id, kind, subject_id))
    fallen = {row.reverses_seq for row in rows}
    return {row.fact_id: row for row in rows if row.kind is EntryKind.AWARD and row.seq not in fallen}


def of_case(session: Session, case_key: str) -> list[EntryView]:
    """All bookings of a case, in their order; of a voucher, those it brought about."""
    rows = _bookings(session, lambda rows: rows.case_key == case_key)
    made = session.scalars(
        select(CorrectionEntry).where(
            CorrectionEntry.voucher_key == case_key, CorrectionEntry.case_key != case_key
        )
    )
    return _views(session, sorted((*rows, *made), key=lambda row: (row.period_id, row.seq)))


def of_subject(session: Session, period_id: int, kind: SubjectKind, subject_id: int) -> list[EntryView]:
    """All bookings of a subject in a period, in their order, those of corrections at the end."""
    return _views(session, _bookings(session, _bookings_of(period_id, kind, subject_id)))


def _bookings_of(period_id: int, kind: SubjectKind, subject_id: int) -> WhichBookings:
    return lambda rows: and_(
        rows.period_id == period_id, rows.subject_kind == kind, rows.subject_id == subject_id
    )


def _bookings(session: Session, which: WhichBookings) -> list[LedgerEntry | CorrectionEntry]:
    """Bookings of both volumes: the ledger's, and those of corrections after the seal."""
    first = select(LedgerEntry).where(which(LedgerEntry)).order_by(LedgerEntry.period_id, LedgerEntry.seq)
    second = select(CorrectionEntry).where(which(CorrectionEntry))
    return [
        *session.scalars(first),
        *session.scalars(second.order_by(CorrectionEntry.period_id, CorrectionEntry.seq)),
    ]


def _views(session: Session, rows: Sequence[LedgerEntry | CorrectionEntry]) -> list[EntryView]:
    told = {(row.period_id, row.seq): orjson.loads(row.payload) for row in rows}
    reversed_ones = {(row.period_id, row.reverses_seq) for row in rows if row.reverses_seq}
    labels = {period_id: _module_labels(session, period_id) for period_id in {key[0] for key in told}}
    titles = {key: one.get("title", "") for key, one in told.items()}
    return [
        _view(
            row,
            told[row.period_id, row.seq],
            title=titles.get((row.period_id, row.reverses_seq or row.seq), ""),
            module_label=labels[row.period_id].get(row.module, "总分"),
            is_reversed=(row.period_id, row.seq) in reversed_ones,
        )
        for row in rows
    ]


def _view(
    row: LedgerEntry | CorrectionEntry,
    told: Mapping[str, Any],
    *,
    title: str,
    module_label: str,
    is_reversed: bool,
) -> EntryView:
    return EntryView(
        period_id=row.period_id,
        seq=row.seq,
        fact=str(row.fact_id),
        case_key=row.case_key,
        module_label=module_label,
        title=title,
        points=row.points,
        is_reversal=row.kind is EntryKind.REVERSAL,
        is_reversed=is_reversed,
        at=row.at,
        found_by=(told.get("found_by") or [None, row.actor_name])[1],
        receipt=f"{row.period_id}/{row.seq}/{row.hash.hex()[:16]}",
        voucher_key=row.voucher_key if isinstance(row, CorrectionEntry) else "",
        steps=[
            {"label": label, "figures": text, "result": shown(Decimal(after)), "note": note}
            for _name, label, text, _before, after, note in told.get("steps", [])
        ],
    )


def _module_labels(session: Session, period_id: int) -> Mapping[str, str]:
    """What the plan of the period calls its modules, by id."""
    plan = plans.governing(session, periods.get(session, period_id).starts_on)
    sheets = plans.scheme_of(plan).sheets
    return {module.id: module.name for sheet in sheets for module in sheet.modules}


def head(session: Session, period_id: int) -> tuple[int, bytes]:
    """Number and hash of the last entry of a period in either volume; 0 and the genesis hash for none."""
    for volume in (CorrectionEntry, LedgerEntry):
        last = select(volume.seq, volume.hash).where(volume.period_id == period_id)
        found = session.execute(last.order_by(volume.seq.desc()).limit(1)).first()
        if found:
            return found.seq, found.hash
    return 0, GENESIS


def sums(session: Session, period_id: int, kind: SubjectKind, subject_id: int) -> Mapping[str, Decimal]:
    """Booked points by module, from the roll-up."""
    rows = session.execute(
        select(ScoreSum.module, ScoreSum.points).where(
            ScoreSum.period_id == period_id,
            ScoreSum.subject_kind == kind,
            ScoreSum.subject_id == subject_id,
        )
    )
    return {module: points for module, points in rows}
