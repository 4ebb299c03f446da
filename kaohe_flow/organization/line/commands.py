"""Business lines are opened, change hands and end."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import or_, select

from kaohe_flow.kernel.errors import Conflict, InvalidInput, RuleBroken
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.line import queries
from kaohe_flow.organization.line.model import BusinessLine, LinePast
from kaohe_flow.organization.line.rules import line_problems
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.organization.unit.commands import check_due
from kaohe_flow.organization.unit.rules import Order, day_before, trim
from kaohe_flow.records.audit.commands import record


class LineRefused(InvalidInput):
    """What was entered about a line cannot be used."""

    code = "line-refused"
    message = "业务线资料有误，请按提示修改"


class LineTaken(Conflict):
    """Codes and names of lines are unique."""

    code = "line-taken"
    message = "业务线“{name}”（{line}）已经存在"


class LineClosed(RuleBroken):
    """What has ended is changed no more."""

    code = "line-closed"
    message = "业务线“{name}”已定于 {last} 停用，不能再变更"


class LineEndsTooEarly(RuleBroken):
    """A line cannot end before it began."""

    code = "line-ends-too-early"
    message = "业务线“{name}”自 {first} 起设立，停用日期不能早于这一天"


class LineOwnerRefused(RuleBroken):
    """The competent department is there on the day, and goes on."""

    code = "line-owner-refused"
    message = "“{unit}”在 {day} 不存在或已定期撤销，不能归口业务线"


def open_line(work: Work, *, code: str, name: str, owner_id: int, since: date | None = None) -> BusinessLine:
    """A new line with its competent department, from ``since`` on or since that department exists.

    Raises ``LineRefused``, ``LineTaken``, ``LineOwnerRefused``.
    """
    code, name = code.strip(), trim(name)
    problems = line_problems(code, name)
    if problems:
        raise LineRefused(problems=tuple(problems))
    taken = work.session.scalar(
        select(BusinessLine).where(or_(BusinessLine.code == code, BusinessLine.name == name))
    )
    if taken is not None:
        field = "code" if taken.code == code else "name"
        raise LineTaken(field=field, name=taken.name, line=taken.code)
    first = units.get(work.session, owner_id).valid_from if since is None else since
    line = BusinessLine(code=code, name=name, owner_id=_owner(work, owner_id, first), valid_from=first)
    work.session.add(line)
    work.session.flush()
    record(work, "line.opened", f"line:{code}", name=name, owner=owner_id, since=str(first))
    return line


def hand_over(work: Work, code: str, *, owner_id: int, order: Order) -> BusinessLine:
    """Another department becomes competent; decided cases stay as they are."""
    line = queries.by_code(work.session, code)
    _check_goes_on(line)
    earlier = queries.past(work.session).get(line.id)
    first = earlier[0].valid_to + timedelta(days=1) if earlier and earlier[0].valid_to else line.valid_from
    check_due(work, order, line.name, first)
    owner_id = _owner(work, owner_id, order.since)
    if order.since > first:
        kept = LinePast(line_id=line.id, owner_id=line.owner_id, valid_from=first, basis=trim(order.basis))
        kept.valid_to = day_before(order.since)
        work.session.add(kept)
    before, line.owner_id = line.owner_id, owner_id
    work.session.flush()
    told = {"since": str(order.since), "basis": trim(order.basis)}
    record(work, "line.handed_over", f"line:{code}", before=before, after=owner_id, **told)
    return line


def close_line(work: Work, code: str, *, last_day: date) -> BusinessLine:
    """The line ends after ``last_day``; the code is never used again."""
    line = queries.by_code(work.session, code)
    _check_goes_on(line)
    if last_day < line.valid_from:
        raise LineEndsTooEarly(field="last_day", name=line.name, first=line.valid_from)
    line.valid_to = last_day
    work.session.flush()
    record(work, "line.closed", f"line:{code}", last_day=str(last_day))
    return line


def _check_goes_on(line: BusinessLine) -> None:
    if line.valid_to is not None:
        raise LineClosed(name=line.name, last=line.valid_to)


def _owner(work: Work, unit_id: int, day: date) -> int:
    unit = units.get(work.session, unit_id)
    if unit.valid_to is not None or unit.valid_from > day:
        raise LineOwnerRefused(field="owner_id", unit=unit.name, day=day)
    return unit.id
