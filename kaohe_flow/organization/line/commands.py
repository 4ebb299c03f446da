"""Business lines are opened and change hands."""

from __future__ import annotations

from sqlalchemy import or_, select

from kaohe_flow.kernel.errors import Conflict, InvalidInput
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.line import queries
from kaohe_flow.organization.line.model import BusinessLine
from kaohe_flow.organization.line.rules import line_problems
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.organization.unit.rules import trim
from kaohe_flow.records.audit.commands import record


class LineRefused(InvalidInput):
    """What was entered about a line cannot be used."""

    code = "line-refused"
    message = "业务线资料有误，请按提示修改"


class LineTaken(Conflict):
    """Codes and names of lines are unique."""

    code = "line-taken"
    message = "业务线“{name}”（{line}）已经存在"


def open_line(work: Work, *, code: str, name: str, owner_id: int) -> BusinessLine:
    """A new line with its competent department. Raises ``LineRefused``, ``LineTaken``."""
    code, name = code.strip(), trim(name)
    problems = line_problems(code, name)
    if problems:
        raise LineRefused(problems=tuple(problems))
    taken = work.session.scalar(
        select(BusinessLine).where(or_(BusinessLine.code == code, BusinessLine.name == name))
    )
    if taken is not None:
        raise LineTaken(name=taken.name, line=taken.code)
    line = BusinessLine(code=code, name=name, owner_id=units.get(work.session, owner_id).id)
    work.session.add(line)
    work.session.flush()
    record(work, "line.opened", f"line:{code}", name=name, owner=owner_id)
    return line


def hand_over(work: Work, code: str, *, owner_id: int) -> BusinessLine:
    """Another department becomes competent; decided cases stay as they are."""
    line = queries.by_code(work.session, code)
    before, line.owner_id = line.owner_id, units.get(work.session, owner_id).id
    work.session.flush()
    record(work, "line.handed_over", f"line:{code}", before=before, after=owner_id)
    return line
