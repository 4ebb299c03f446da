"""Business lines by code and by owner."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.organization.line.model import BusinessLine


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


def owned_by(session: Session, unit_id: int) -> tuple[BusinessLine, ...]:
    """The lines a department answers for."""
    return tuple(
        session.scalars(
            select(BusinessLine).where(BusinessLine.owner_id == unit_id).order_by(BusinessLine.code)
        )
    )
