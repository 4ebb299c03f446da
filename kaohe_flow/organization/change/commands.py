"""Transfers that take competences along, departures, units and lines that end with what hangs on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from kaohe_flow.kernel.errors import RuleBroken
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.account import commands as accounts
from kaohe_flow.organization.account import queries as account_queries
from kaohe_flow.organization.account.rules import AccountState
from kaohe_flow.organization.change import queries
from kaohe_flow.organization.line import commands as lines
from kaohe_flow.organization.line import queries as line_queries
from kaohe_flow.organization.line.model import BusinessLine
from kaohe_flow.organization.officer import commands as officers
from kaohe_flow.organization.officer.model import Membership, Officer
from kaohe_flow.organization.officer.rules import MembershipKind
from kaohe_flow.organization.role import commands as roles
from kaohe_flow.organization.role.queries import RoleNotFound, listing
from kaohe_flow.organization.unit import commands as units
from kaohe_flow.organization.unit import queries as unit_queries
from kaohe_flow.organization.unit.model import Unit
from kaohe_flow.organization.unit.rules import day_before
from kaohe_flow.records.audit.commands import record


class UnitHasOfficers(RuleBroken):
    """Nobody is left without a unit."""

    code = "unit-has-officers"
    message = "“{name}”在 {day} 之后还有 {count} 名民警任职或借调，请先办理调动，或改用合并"


class UnitOwnsLines(RuleBroken):
    """Business lines keep a competent department."""

    code = "unit-owns-lines"
    message = "“{name}”还归口业务线{lines}，请先移交归口"


class MergedIntoItself(RuleBroken):
    """A unit merges into another one."""

    code = "merged-into-itself"
    message = "请选择另一个单位作为并入单位"


@dataclass(frozen=True, slots=True)
class Move:
    """An officer goes to a unit, from a day on."""

    officer_id: int
    unit_id: int
    since: date


def transfer(work: Work, move: Move, *, ending: frozenset[int] | None = None) -> Membership:
    """The main posting changes; competences bound to what is left end on the last day there.

    ``ending``: ids of exactly those of the officer's competences that shall end instead.
    """
    going_on = {held.id: held for held in listing.going_on(work.session, move.officer_id, move.since)}
    if ending is None:
        ending = queries.ending_with_transfer(work.session, move.officer_id, move.unit_id, move.since)
    if not ending <= going_on.keys():
        raise RoleNotFound
    posting = officers.transfer(work, move.officer_id, unit_id=move.unit_id, since=move.since)
    roles.end(work, [going_on[held] for held in sorted(ending)], last_day=day_before(move.since))
    return posting


def depart(work: Work, officer_id: int, *, last_day: date) -> Officer:
    """The officer leaves: postings, coefficients and competences end, the account is closed."""
    officer = officers.leave_bureau(work, officer_id, last_day=last_day)
    roles.revoke_all(work, officer_id, last_day=last_day)
    account = account_queries.of_officer(work.session, officer_id)
    if account is not None and account.state is not AccountState.DISABLED:
        accounts.disable(work, account.id)
    return officer


def abolish(work: Work, unit_id: int, *, last_day: date) -> Unit:
    """The empty unit ends, and what was held at it.

    Raises ``UnitHasOfficers``, ``UnitNotEmpty``, ``UnitOwnsLines``.
    """
    unit = units.lock(work, unit_id)
    count = queries.serving_after(work.session, unit_id, last_day)
    if count:
        raise UnitHasOfficers(name=unit.name, day=last_day, count=count)
    owned = line_queries.owned_by(work.session, unit_id, last_day)
    if owned:
        raise UnitOwnsLines(name=unit.name, lines="、".join(f"“{line.name}”" for line in owned))
    closed = units.close(work, unit_id, last_day=last_day)
    roles.end(work, listing.at_unit_after(work.session, unit_id, last_day), last_day=last_day)
    return closed


def merge(work: Work, unit_id: int, *, into_id: int, since: date) -> Unit:
    """Everybody goes over to another unit on ``since``; this one ends the day before.

    Units below must have moved and lines been handed over before.
    """
    if unit_id == into_id:
        raise MergedIntoItself(field="into_id")
    into, last_day = unit_queries.get(work.session, into_id), day_before(since)
    if into.valid_to is not None or into.valid_from > since:
        raise officers.UnitNotInForce(field="into_id", unit=into.name, day=since)
    for posting in _outlasting(work, unit_id, last_day):
        if posting.kind is MembershipKind.MAIN:
            transfer(work, Move(posting.officer_id, into_id, since))
        else:
            officers.end_secondment(work, posting.id, last_day=last_day)
    closed = abolish(work, unit_id, last_day=last_day)
    record(work, "unit.merged", f"unit:{unit_id}", into=into_id, since=str(since))
    return closed


def _outlasting(work: Work, unit_id: int, last_day: date) -> list[Membership]:
    found = select(Membership).where(
        Membership.unit_id == unit_id, or_(Membership.valid_to.is_(None), Membership.valid_to > last_day)
    )
    return list(work.session.scalars(found.order_by(Membership.id)))


def close_line(work: Work, code: str, *, last_day: date) -> BusinessLine:
    """The line ends, and with it the competence of its reviewers."""
    closed = lines.close_line(work, code, last_day=last_day)
    roles.end(work, listing.of_line_after(work.session, code, last_day), last_day=last_day)
    return closed
