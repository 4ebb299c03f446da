"""Which scheme governs a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.scheme.definition.gateway import read_scheme
from kaohe_flow.scheme.definition.item.rules import Item
from kaohe_flow.scheme.definition.rules import Scheme
from kaohe_flow.scheme.plan.model import Plan


class NoPlan(NotFound):
    """Nothing may be scored before a scheme was adopted."""

    code = "no-plan"
    message = "{day} 没有生效的考核方案，请考核办先导入方案文件"


def governing(session: Session, day: date) -> Plan:
    """The plan that governs periods beginning on ``day``. Raises ``NoPlan``."""
    plan = session.scalars(
        select(Plan).where(Plan.valid_from <= day).order_by(Plan.valid_from.desc(), Plan.id.desc()).limit(1)
    ).first()
    if plan is None:
        raise NoPlan(day=day)
    return plan


def scheme_of(plan: Plan) -> Scheme:
    """The scheme a plan holds; read once per text."""
    return _read(plan.sha256, plan.text)


@lru_cache(maxsize=64)
def _read(_sha256: str, text: str) -> Scheme:
    return read_scheme(text)


class NoItem(NotFound):
    """The plan in force has no rule for an indicator."""

    code = "no-item"
    message = "现行考核方案“{plan}”没有指标 {code} 的计分规则，请考核办补充方案"


def item(session: Session, day: date, code: str) -> Item:
    """The rule of an indicator under the plan governing ``day``. Raises ``NoPlan``, ``NoItem``."""
    plan = governing(session, day)
    for sheet in scheme_of(plan).sheets:
        for found in sheet.items:
            if found.id == code:
                return found
    raise NoItem(plan=plan.title, code=code)


class PlanNotFound(NotFound):
    """No plan has this id."""

    code = "plan-not-found"
    message = "没有找到这个考核方案"


def get(session: Session, plan_id: int) -> Plan:
    """One plan. Raises ``PlanNotFound``."""
    plan = session.get(Plan, plan_id)
    if plan is None:
        raise PlanNotFound
    return plan


def adopted(session: Session) -> Sequence[Plan]:
    """All plans, the latest first."""
    return session.scalars(select(Plan).order_by(Plan.valid_from.desc(), Plan.id.desc())).all()
