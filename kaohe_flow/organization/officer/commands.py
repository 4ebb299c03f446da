"""Officers are hired, move, get coefficients, go on leave, leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import Conflict, InvalidInput, NotFound, RuleBroken
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.officer import queries
from kaohe_flow.organization.officer.model import Identity, Leave, Membership, Officer
from kaohe_flow.organization.officer.rules import (
    LeaveKind,
    MembershipKind,
    NewOfficer,
    OfficerState,
    UnitIsEnding,
    coefficient_fits,
    officer_problems,
    tidy_name,
)
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.organization.unit.commands import lock
from kaohe_flow.organization.unit.model import Unit
from kaohe_flow.organization.unit.rules import Span, day_before, tidy, tidy_code
from kaohe_flow.records.audit.commands import record


class OfficerRefused(InvalidInput):
    """What was entered about an officer cannot be used."""

    code = "officer-refused"
    message = "民警资料有误，请按提示修改"


class PoliceNumberTaken(Conflict):
    """One number, one person, for all time."""

    code = "police-number-taken"
    message = "警号 {police_no} 已登记为“{name}”，请核对"


class PostingsOverlap(RuleBroken):
    """On one day an officer has one main unit."""

    code = "postings-overlap"
    message = "“{name}”在 {first} 前后已有任职，新的任职起始日期必须晚于现任职的起始日期"


class AlreadyThere(Conflict):
    """A transfer leads somewhere else."""

    code = "already-there"
    message = "“{name}”已在“{unit}”任职"


class UnitNotInForce(RuleBroken):
    """Nobody serves in a unit that does not exist on that day."""

    code = "unit-not-in-force"
    message = "单位“{unit}”在 {day} 不存在（尚未设立或已撤销）"


class NotServing(RuleBroken):
    """Whoever has left must come back first."""

    code = "not-serving"
    message = "“{name}”已办理离职"


class SpanReversed(InvalidInput):
    """Something ends before it begins."""

    code = "span-reversed"
    message = "结束日期不能早于开始日期"


class CoefficientRefused(InvalidInput):
    """A coefficient outside 0.5 to 2 or with more than three decimals."""

    code = "coefficient-refused"
    message = "系数应在 0.5 至 2 之间，最多三位小数"


class OfficerRecordNotFound(NotFound):
    """No secondment or leave has this id."""

    code = "officer-record-not-found"
    message = "没有找到这条借调、抽调或请假记录"


class StillServes(RuleBroken):
    """Leaving is recorded when it has happened."""

    code = "still-serves"
    message = "离职日期 {day} 还没有到，请在当日或之后办理"


def hire(work: Work, new: NewOfficer, *, unit_id: int, since: date) -> Officer:
    """A new officer with the first main posting."""
    new = replace(new, police_no=tidy_code(new.police_no), name=tidy_name(new.name), post=tidy(new.post))
    problems = officer_problems(new)
    if problems:
        raise OfficerRefused(problems=tuple(problems))
    known = work.session.scalar(select(Officer).where(Officer.police_no == new.police_no))
    if known is not None:
        raise PoliceNumberTaken(field="police_no", police_no=new.police_no, name=known.name)
    unit = _unit_in_force(work, unit_id, since, for_good=True)
    officer = Officer(police_no=new.police_no, name=new.name, kind=new.kind, post=new.post)
    work.session.add(officer)
    work.session.flush()
    work.session.add(Membership(officer_id=officer.id, unit_id=unit.id, valid_from=since))
    work.session.flush()
    record(work, "officer.hired", _subject(officer.id), unit=unit.id, since=str(since))
    return officer


def transfer(work: Work, officer_id: int, *, unit_id: int, since: date) -> Membership:
    """The main posting ends the day before ``since`` and another begins; work keeps the unit of its day."""
    officer = _serving(work, officer_id)
    unit = _unit_in_force(work, unit_id, since, for_good=True)
    main = [m for m in queries.history(work.session, officer_id) if m.kind is MembershipKind.MAIN]
    current = next((m for m in main if m.valid_to is None), None)
    if current is not None and current.unit_id == unit.id:
        raise AlreadyThere(name=officer.name, unit=unit.name)
    if any(m.valid_from >= since or (m is not current and m.span.covers(since)) for m in main):
        raise PostingsOverlap(name=officer.name, first=since)
    if current is not None:
        current.valid_to = day_before(since)
        work.session.flush()
    membership = Membership(officer_id=officer.id, unit_id=unit.id, valid_from=since)
    work.session.add(membership)
    work.session.flush()
    record(work, "officer.transferred", _subject(officer.id), unit=unit.id, since=str(since))
    return membership


def second(work: Work, officer_id: int, *, unit_id: int, stay: Span, kind: MembershipKind) -> Membership:
    """Works elsewhere for some days; the main posting, and with it the assessment, stays."""
    if kind is MembershipKind.MAIN:
        raise ValueError("a main posting begins by transfer")
    officer = _serving(work, officer_id)
    _check(stay)
    unit = _unit_in_force(work, unit_id, stay.first)
    membership = Membership(
        officer_id=officer.id, unit_id=unit.id, kind=kind, valid_from=stay.first, valid_to=stay.last
    )
    work.session.add(membership)
    work.session.flush()
    record(work, "officer.seconded", _subject(officer.id), unit=unit.id, kind=kind.value, **_days(stay))
    return membership


def end_secondment(work: Work, membership_id: int, *, last_day: date) -> Membership:
    """The officer is back after ``last_day``."""
    membership = work.session.get(Membership, membership_id)
    if membership is None or membership.kind is MembershipKind.MAIN:
        raise OfficerRecordNotFound
    _check(Span(membership.valid_from, last_day))
    membership.valid_to = last_day
    work.session.flush()
    record(work, "officer.returned", _subject(membership.officer_id), last_day=str(last_day))
    return membership


def leave_bureau(work: Work, officer_id: int, *, last_day: date) -> Officer:
    """Retired, moved away or died: the file closes, scores stay, no ranking any more."""
    officer = _serving(work, officer_id)
    if last_day > local_day(work.now):
        raise StillServes(day=last_day)
    postings = [m for m in queries.history(work.session, officer_id) if m.valid_to is None]
    identities = work.session.scalars(
        select(Identity).where(Identity.officer_id == officer_id, Identity.valid_to.is_(None))
    )
    for row in (*postings, *identities):
        _check(Span(row.valid_from, last_day))
        row.valid_to = last_day
    officer.state = OfficerState.LEFT
    work.session.flush()
    record(work, "officer.left", _subject(officer.id), last_day=str(last_day))
    return officer


def come_back(work: Work, officer_id: int, *, unit_id: int, since: date) -> Membership:
    """Whoever had left serves again, with the old file."""
    officer = queries.get(work.session, officer_id)
    officer.state = OfficerState.SERVING
    work.session.flush()
    return transfer(work, officer_id, unit_id=unit_id, since=since)


def appoint(work: Work, officer_id: int, *, post: str) -> Officer:
    """Another post in the same unit."""
    officer = _serving(work, officer_id)
    problems = officer_problems(NewOfficer(officer.police_no, officer.name, officer.kind, tidy(post)))
    if problems:
        raise OfficerRefused(problems=tuple(problems))
    before, officer.post = officer.post, tidy(post)
    work.session.flush()
    record(work, "officer.appointed", _subject(officer.id), before=before, after=officer.post)
    return officer


def grant_identity(work: Work, officer_id: int, *, code: str, factor: Decimal, stay: Span) -> Identity:
    """Counts with ``factor`` as ``code`` from the first day on. The same code valid before ends then."""
    officer = _serving(work, officer_id)
    if not coefficient_fits(factor):
        raise CoefficientRefused(field="factor")
    _check(stay)
    open_one = work.session.scalar(
        select(Identity).where(
            Identity.officer_id == officer_id, Identity.code == code, Identity.valid_to.is_(None)
        )
    )
    if open_one is not None:
        end_identity(work, open_one, last_day=day_before(stay.first))
    identity = Identity(
        officer_id=officer.id, code=code, coefficient=factor, valid_from=stay.first, valid_to=stay.last
    )
    work.session.add(identity)
    work.session.flush()
    record(work, "identity.granted", _subject(officer.id), code=code, coefficient=str(factor), **_days(stay))
    return identity


def end_identity(work: Work, identity: Identity, *, last_day: date) -> None:
    """No longer counts after ``last_day``; an identity has been valid for one day at least."""
    identity.valid_to = max(identity.valid_from, last_day)
    work.session.flush()
    ended = {"code": identity.code, "last_day": str(identity.valid_to)}
    record(work, "identity.ended", _subject(identity.officer_id), **ended)


def record_leave(work: Work, officer_id: int, *, kind: LeaveKind, stay: Span, reason: str = "") -> Leave:
    """The officer is away; without a last day until ``end_leave``."""
    officer = _serving(work, officer_id)
    _check(stay)
    leave = Leave(
        officer_id=officer.id, kind=kind, valid_from=stay.first, valid_to=stay.last, reason=tidy(reason)
    )
    work.session.add(leave)
    work.session.flush()
    record(work, "officer.on_leave", _subject(officer.id), kind=kind.value, **_days(stay))
    return leave


def end_leave(work: Work, leave_id: int, *, last_day: date) -> Leave:
    """The officer is back on the day after ``last_day``."""
    leave = work.session.get(Leave, leave_id)
    if leave is None:
        raise OfficerRecordNotFound
    _check(Span(leave.valid_from, last_day))
    leave.valid_to = last_day
    work.session.flush()
    record(work, "officer.back", _subject(leave.officer_id), last_day=str(last_day))
    return leave


def sponsor(work: Work, unit_id: int, *, officer_id: int | None) -> Unit:
    """The leader who answers for the unit (包保) from now on, or nobody."""
    unit = units.get(work.session, unit_id)
    unit.sponsor_id = None if officer_id is None else _serving(work, officer_id).id
    work.session.flush()
    record(work, "unit.sponsored", f"unit:{unit.id}", officer=officer_id)
    return unit


def _serving(work: Work, officer_id: int) -> Officer:
    officer = queries.get(work.session, officer_id)
    if officer.state is not OfficerState.SERVING:
        raise NotServing(name=officer.name)
    return officer


def _unit_in_force(work: Work, unit_id: int, day: date, *, for_good: bool = False) -> Unit:
    unit = lock(work, unit_id)
    if not unit.span.covers(day):
        raise UnitNotInForce(unit=unit.name, day=day)
    if for_good and unit.valid_to is not None:
        raise UnitIsEnding(field="unit_id", unit=unit.name, last=unit.valid_to)
    return unit


def _subject(officer_id: int) -> str:
    return f"officer:{officer_id}"


def _days(stay: Span) -> dict[str, str | None]:
    return {"first": str(stay.first), "last": None if stay.last is None else str(stay.last)}


def _check(stay: Span) -> None:
    if stay.last is not None and stay.last < stay.first:
        raise SpanReversed(field="last")
