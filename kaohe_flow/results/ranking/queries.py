"""Standings of an open period, worked out from its facts by the scoring rules, and the order of groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from kaohe_flow.kernel.unit_of_work import is_reading
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.organization.unit.model import Unit
from kaohe_flow.records.audit import queries as audit
from kaohe_flow.results.ranking.rules import OFFICER, Seat, Standing, Standings, titled
from kaohe_flow.scheme.definition.rules import Scheme
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scheme.period.rules import PeriodState
from kaohe_flow.scheme.plan import queries as plans
from kaohe_flow.scorebook.ledger.model import ScoreFact
from kaohe_flow.scorebook.ledger.queries import as_fact, facts_in, facts_of, head, is_derived
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.scorebook.roster.queries import subject_of, subjects_of
from kaohe_flow.scorebook.roster.rules import with_found
from kaohe_flow.scorebook.scoring.facts.rules import FactBook
from kaohe_flow.scorebook.scoring.outcome.rules import Outcome
from kaohe_flow.scorebook.scoring.rules import compares_subjects, evaluate

Stamp = tuple[int, int]
# Per database and period: when they were worked out, and the standings. One period holds a few megabytes.
_kept: WeakKeyDictionary[Engine | Connection, dict[int, tuple[Stamp, Standings]]] = WeakKeyDictionary()


def outcome(session: Session, period: Period, facts: Sequence[ScoreFact] | None = None) -> Outcome:
    """Lines, totals and places of a period under its plan, corrections after the seal included.

    ``facts`` replaces those that hold, to see what others would come to. Raises ``NoPlan``.
    """
    scheme = plans.scheme_of(plans.governing(session, period.starts_on))
    return _evaluated(session, period, scheme, facts)


def _evaluated(
    session: Session, period: Period, scheme: Scheme, facts: Sequence[ScoreFact] | None
) -> Outcome:
    rows = facts_in(session, period.id) if facts is None else facts
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(f"{row.subject_kind.value}:{row.subject_id}", set()).add(row.item)
    book = FactBook(
        subjects=tuple(with_found(one, found.get(one.id, ())) for one in subjects_of(session, period)),
        # What others are hit with follows from its origin here as it did when it was booked.
        facts=tuple(as_fact(row) for row in rows if not is_derived(row)),
        period=period.code,
    )
    return evaluate(scheme, book)


def of_subject(session: Session, period: Period, kind: SubjectKind, subject_id: int) -> Outcome:
    """Lines and totals of one subject; of everybody where the plan compares one with another.

    What a subject was hit with by others is among its facts as it was booked. Raises ``NoPlan``.
    """
    scheme = plans.scheme_of(plans.governing(session, period.starts_on))
    if compares_subjects(scheme):
        return _evaluated(session, period, scheme, None)
    facts = facts_of(session, period.id, kind, subject_id)
    subject = with_found(subject_of(session, kind.value, subject_id, period), (row.item for row in facts))
    return evaluate(scheme, FactBook((subject,), tuple(map(as_fact, facts)), period=period.code))


def current(session: Session, period: Period, facts: Sequence[ScoreFact] | None = None) -> Standings:
    """Standings as of now: provisional until the result is sealed.

    Words that judge a total, such as 低于红线, wait until reporting has ended: before, nobody is done yet.
    A reader is given those worked out last as long as nothing has been done since: every deed that bears on
    them leaves an entry in the audit trail or in the ledger. A command always works them out anew.
    """
    if facts is not None or not is_reading(session):
        return _standings(session, period, facts)
    kept = _kept.setdefault(session.get_bind(), {})
    stamp = (audit.last_number(session), head(session, period.id)[0])
    known = kept.get(period.id)
    if known is None or known[0] != stamp:
        known = kept[period.id] = (stamp, _standings(session, period, None))
    return known[1]


def _standings(session: Session, period: Period, facts: Sequence[ScoreFact] | None) -> Standings:
    scheme = plans.scheme_of(plans.governing(session, period.starts_on))
    found = _evaluated(session, period, scheme, facts)
    early = _marks(scheme) if period.state is PeriodState.OPEN else frozenset()
    subjects = {one.id: one for one in found.subjects}
    codes = unit_names(session)
    totals = {(total.sheet, total.subject): total for total in found.totals}
    rows = []
    for listing in found.ranks:
        for place in listing.places:
            subject = subjects[place.subject]
            total = totals[listing.sheet, place.subject]
            unit = subjects.get(subject.unit or "")
            rows.append(
                Standing(
                    subject=subject.id,
                    name=subject.title,
                    kind=subject.kind,
                    unit=unit.title if unit else "",
                    ranking=place.ranking,
                    group=titled(place.group, found.subjects, codes),
                    points=place.points,
                    place=place.place,
                    tied=place.tied,
                    modules=tuple(
                        (module.title, module.points) for module in total.modules if module.points is not None
                    ),
                    reason=place.reason or total.reason,
                    flags=tuple(flag for flag in total.flags if flag not in early),
                )
            )
    return Standings(period_id=period.id, is_final=False, rows=tuple(rows))


def unit_names(session: Session) -> dict[str, str]:
    """Short names of all units by code: groups of units are often called after their superior's code."""
    return {code: unit.short_name for code, unit in units.all_by_code(session).items()}


def _marks(scheme: Scheme) -> frozenset[str]:
    return frozenset(mark.flag for sheet in scheme.sheets for mark in sheet.total.marks)


def seats(session: Session, rows: Sequence[Standing], day: date) -> dict[str, Seat]:
    """Where the ranked subjects stand in the organization on ``day``, for the order of their groups."""
    people = [row.subject_id for row in rows if row.kind == OFFICER]
    posts = officers.units_on(session, people, day)
    known = units.by_ids(session, [row.subject_id for row in rows if row.kind != OFFICER])
    placed: dict[str, Unit | None] = {
        row.subject: posts.get(row.subject_id) if row.kind == OFFICER else known.get(row.subject_id)
        for row in rows
    }
    return {
        subject: Seat(unit.level, unit.code, unit.id) for subject, unit in placed.items() if unit is not None
    }
