"""Business lines by code and by owner."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.organization.line.model import BusinessLine, LinePast


class LineNotFound(NotFound):
    """No business line has this code."""

    code = "line-not-found"
    message = "没有找到业务线“{line}”"


def by_code(session: Session, code: str) -> BusinessLine:
    """The line, or ``LineNotFound``."""
    line = session.scalar(select(BusinessLine).where(BusinessLine.code == code))
    if line is None:
        raise LineNotFound(line=code)
    return line


def all_by_code(session: Session) -> dict[str, BusinessLine]:
    """Every line by code, in the order of the codes."""
    return {line.code: line for line in session.scalars(select(BusinessLine).order_by(BusinessLine.code))}


def in_force(session: Session, day: date) -> tuple[BusinessLine, ...]:
    """The lines of the day, for lists to choose from."""
    return tuple(
        session.scalars(select(BusinessLine).where(BusinessLine.on(day)).order_by(BusinessLine.code))
    )


def past(session: Session) -> dict[int, list[LinePast]]:
    """Departments that were competent before, by line id, the latest first."""
    found: dict[int, list[LinePast]] = defaultdict(list)
    for row in session.scalars(select(LinePast).order_by(LinePast.valid_from.desc())):
        found[row.line_id].append(row)
    return dict(found)


def owned_by(session: Session, unit_id: int, day: date | None = None) -> tuple[BusinessLine, ...]:
    """The lines a department answers for; with a ``day`` only those that go on after it."""
    owned = select(BusinessLine).where(BusinessLine.owner_id == unit_id).order_by(BusinessLine.code)
    if day is not None:
        owned = owned.where(or_(BusinessLine.valid_to.is_(None), BusinessLine.valid_to > day))
    return tuple(session.scalars(owned))
