"""What an import would do, without doing it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaohe_flow.organization.change.queries import ending_with_transfer
from kaohe_flow.organization.officer.model import Identity, Membership, Officer
from kaohe_flow.organization.officer.rules import MembershipKind, NewOfficer, OfficerState
from kaohe_flow.organization.roster.gateway import Sheet
from kaohe_flow.organization.roster.rules import (
    Entry,
    Fate,
    KnownOfficer,
    KnownUnit,
    Register,
    RosterLine,
    RosterReport,
    RosterRow,
    check_row,
    differences,
    obstacles,
)
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.organization.unit.rules import tidy_code

BATCH = 1000  # values in one statement; databases bound the number of parameters


@dataclass(frozen=True, slots=True)
class Step:
    """A row with its fate; ``entry`` is missing for rejected rows, ``known`` for new officers.

    ``ending``: ids of the competences that a transfer leaves behind.
    """

    line: RosterLine
    entry: Entry | None = None
    known: KnownOfficer | None = None
    ending: frozenset[int] = frozenset()


def register(session: Session, today: date, within: frozenset[int] | None = None) -> Register:
    """All units, and how far the importer reaches (unit ids; None = everywhere)."""
    known = {
        code: KnownUnit(unit.id, unit.name, unit.short_name, unit.span)
        for code, unit in units.all_by_code(session).items()
    }
    return Register(known, today, within)


def preview(session: Session, sheet: Sheet, book: Register) -> RosterReport:
    """The report an import of this sheet would give now; nothing is written."""
    return RosterReport(tuple(step.line for step in steps(session, sheet, book)), sheet.ignored)


def steps(session: Session, sheet: Sheet, book: Register) -> list[Step]:
    """Every row of the sheet with what is to be done."""
    numbers = [tidy_code(row.cells.get("警号", "")) for row in sheet.rows]
    known = _known(session, sorted(set(numbers)))
    first_row: dict[str, int] = {}
    found = []
    for row, police_no in zip(sheet.rows, numbers, strict=True):
        first = first_row.setdefault(police_no, row.number)
        if police_no and first != row.number:
            found.append(_rejected(row, (f"警号 {police_no} 与第 {first} 行重复",)))
        else:
            found.append(_with_roles(session, _step(row, book, known.get(police_no))))
    return found


def _step(row: RosterRow, book: Register, known: KnownOfficer | None) -> Step:
    entry = check_row(row, book)
    if not isinstance(entry, Entry):
        return _rejected(row, tuple(problem.text for problem in entry))
    if known is None:
        return Step(_line(row, entry, Fate.CREATED), entry)
    stopped = obstacles(entry, known, book)
    if stopped:
        return _rejected(row, tuple(stopped))
    changes = differences(entry, known)
    return Step(_line(row, entry, Fate.UPDATED if changes else Fate.UNCHANGED, changes), entry, known)


def _with_roles(session: Session, step: Step) -> Step:
    entry, known = step.entry, step.known
    if entry is None or known is None or known.unit_id in {None, entry.unit_id}:
        return step
    ending = ending_with_transfer(session, known.id, entry.unit_id, entry.since)
    if not ending:
        return step
    remarks = (*step.line.remarks, f"原单位的 {len(ending)} 项考核职责随调动终止")
    return replace(step, line=replace(step.line, remarks=remarks), ending=ending)


def _line(row: RosterRow, entry: Entry, fate: Fate, remarks: tuple[str, ...] = ()) -> RosterLine:
    return RosterLine(row.number, entry.new.police_no, entry.new.name, fate, remarks)


def _rejected(row: RosterRow, reasons: tuple[str, ...]) -> Step:
    police_no, name = row.cells.get("警号", ""), row.cells.get("姓名", "")
    return Step(RosterLine(row.number, police_no, name, Fate.REJECTED, reasons))


def _known(session: Session, police_nos: Sequence[str]) -> dict[str, KnownOfficer]:
    found: dict[str, KnownOfficer] = {}
    for batch in batches(police_nos):
        officers = list(session.scalars(select(Officer).where(Officer.police_no.in_(batch))))
        found.update(_with_postings(session, officers))
    return found


def ids_by_police_no(session: Session, police_nos: Sequence[str]) -> dict[str, int]:
    """Officers' ids by police number; a number without an officer is left out."""
    found: dict[str, int] = {}
    for batch in batches(police_nos):
        rows = session.execute(select(Officer.police_no, Officer.id).where(Officer.police_no.in_(batch)))
        found.update((police_no, officer_id) for police_no, officer_id in rows)
    return found


def batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """The values in pieces that fit into one statement."""
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]


def _with_postings(session: Session, officers: list[Officer]) -> dict[str, KnownOfficer]:
    ids = [officer.id for officer in officers]
    main: dict[int, list[Membership]] = defaultdict(list)
    for membership in session.scalars(
        select(Membership).where(Membership.officer_id.in_(ids), Membership.kind == MembershipKind.MAIN)
    ):
        main[membership.officer_id].append(membership)
    names = {unit.id: unit.name for unit in units.by_ids(session, _unit_ids(main)).values()}
    held: dict[int, list[Identity]] = defaultdict(list)
    for identity in session.scalars(
        select(Identity).where(Identity.officer_id.in_(ids), Identity.valid_to.is_(None))
    ):
        held[identity.officer_id].append(identity)
    return {
        officer.police_no: _known_officer(officer, main[officer.id], held[officer.id], names)
        for officer in officers
    }


def _unit_ids(main: dict[int, list[Membership]]) -> set[int]:
    return {membership.unit_id for postings in main.values() for membership in postings}


def _known_officer(
    officer: Officer, postings: list[Membership], held: list[Identity], names: dict[int, str]
) -> KnownOfficer:
    current = next((posting for posting in postings if posting.valid_to is None), None)
    return KnownOfficer(
        id=officer.id,
        new=NewOfficer(officer.police_no, officer.name, officer.kind, officer.post),
        serving=officer.state is OfficerState.SERVING,
        unit_id=current.unit_id if current else None,
        unit_name=names[current.unit_id] if current else "",
        since=current.valid_from if current else None,
        earlier=max((posting.valid_to for posting in postings if posting.valid_to), default=None),
        identities={identity.code: identity.coefficient for identity in held},
    )
