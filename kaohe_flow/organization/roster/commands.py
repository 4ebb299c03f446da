"""The roster is applied: all acceptable rows, in the transaction of the caller."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.orm import Base
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.officer.model import Identity, Membership, Officer
from kaohe_flow.organization.officer.rules import MembershipKind
from kaohe_flow.organization.role import commands as roles
from kaohe_flow.organization.role.queries import listing
from kaohe_flow.organization.roster import queries
from kaohe_flow.organization.roster.gateway import Sheet
from kaohe_flow.organization.roster.queries import Step
from kaohe_flow.organization.roster.rules import Entry, Fate, KnownOfficer, RosterReport
from kaohe_flow.organization.unit.rules import day_before
from kaohe_flow.records.audit.commands import record

Row = dict[str, Any]


def import_roster(work: Work, sheet: Sheet, *, within: frozenset[int] | None = None) -> RosterReport:
    """Creates and updates officers; rejected rows change nothing and stop nobody else.

    ``within``: unit ids in reach of the importer, None = all. The same file a second time changes
    nothing. Identities named in a row are the whole set: others end yesterday, new ones begin today
    (for new officers with the posting). An empty cell leaves them alone.
    """
    book = queries.register(work.session, local_day(work.now), within)
    steps = queries.steps(work.session, sheet, book)
    _create(work, [step for step in steps if step.line.fate is Fate.CREATED])
    _update(work, [step for step in steps if step.line.fate is Fate.UPDATED])
    report = RosterReport(tuple(step.line for step in steps), sheet.ignored)
    record(
        work,
        "roster.imported",
        "roster",
        created=[line.police_no for line in report.with_fate(Fate.CREATED)],
        updated=[[line.police_no, *line.remarks] for line in report.with_fate(Fate.UPDATED)],
        rejected=report.count(Fate.REJECTED),
    )
    return report


def _create(work: Work, steps: Sequence[Step]) -> None:
    entries = {step.entry.new.police_no: step.entry for step in steps if step.entry is not None}
    people = [
        {"police_no": police_no, "name": entry.new.name, "kind": entry.new.kind, "post": entry.new.post}
        for police_no, entry in entries.items()
    ]
    _insert(work, Officer, people)
    ids = queries.ids_by_police_no(work.session, sorted(entries))
    _insert(work, Membership, [_posting(ids[number], entry) for number, entry in entries.items()])
    _insert(
        work,
        Identity,
        [
            identity
            for number, entry in entries.items()
            for identity in _identities(ids[number], entry, since=entry.since)
        ],
    )


def _insert(work: Work, table: type[Base], rows: list[Row]) -> None:
    # One statement for all rows: objects would be sent one by one, because their ids are asked back.
    if rows:
        work.session.execute(insert(table), rows)


def _update(work: Work, steps: Sequence[Step]) -> None:
    for step in steps:
        if step.entry is not None and step.ending:
            ended = [listing.assignment(work.session, held) for held in sorted(step.ending)]
            roles.end(work, ended, last_day=day_before(step.entry.since))
    pairs = [(step.entry, step.known) for step in steps if step.entry is not None and step.known is not None]
    today = local_day(work.now)
    for start in range(0, len(pairs), queries.BATCH):
        piece = pairs[start : start + queries.BATCH]
        ids = [known.id for _, known in piece]
        officers = {
            officer.id: officer
            for officer in work.session.scalars(select(Officer).where(Officer.id.in_(ids)))
        }
        for entry, known in piece:
            _correct(officers[known.id], entry)
        _end_postings(work, {known.id: entry for entry, known in piece if known.unit_id != entry.unit_id})
        _begin_earlier(work, {known.id: entry for entry, known in piece if known.unit_id == entry.unit_id})
        _end_identities(work, {known.id: entry for entry, known in piece}, today)
        work.session.flush()  # what ends must have ended before its successor begins
        _insert(
            work,
            Membership,
            [_posting(known.id, entry) for entry, known in piece if known.unit_id != entry.unit_id],
        )
        _insert(
            work,
            Identity,
            [
                identity
                for entry, known in piece
                for identity in _identities(known.id, entry, since=max(today, entry.since), held=known)
            ],
        )


def _correct(officer: Officer, entry: Entry) -> None:
    officer.name, officer.kind, officer.post = entry.new.name, entry.new.kind, entry.new.post


def _end_postings(work: Work, moved: dict[int, Entry]) -> None:
    for posting in _open_postings(work, moved):
        posting.valid_to = day_before(moved[posting.officer_id].since)


def _begin_earlier(work: Work, stayed: dict[int, Entry]) -> None:
    for posting in _open_postings(work, stayed):
        posting.valid_from = min(posting.valid_from, stayed[posting.officer_id].since)


def _open_postings(work: Work, entries: dict[int, Entry]) -> Sequence[Membership]:
    return work.session.scalars(
        select(Membership).where(
            Membership.officer_id.in_(sorted(entries)),
            Membership.kind == MembershipKind.MAIN,
            Membership.valid_to.is_(None),
        )
    ).all()


def _end_identities(work: Work, entries: dict[int, Entry], today: date) -> None:
    for identity in work.session.scalars(
        select(Identity).where(Identity.officer_id.in_(sorted(entries)), Identity.valid_to.is_(None))
    ):
        wanted = entries[identity.officer_id].identities
        if wanted is not None and wanted.get(identity.code) != identity.coefficient:
            identity.valid_to = max(identity.valid_from, day_before(today))


def _posting(officer_id: int, entry: Entry) -> Row:
    return {"officer_id": officer_id, "unit_id": entry.unit_id, "valid_from": entry.since}


def _identities(
    officer_id: int, entry: Entry, *, since: date, held: KnownOfficer | None = None
) -> Iterator[Row]:
    before = held.identities if held else {}
    for code, factor in (entry.identities or {}).items():
        if before.get(code) != factor:
            yield {"officer_id": officer_id, "code": code, "coefficient": factor, "valid_from": since}
