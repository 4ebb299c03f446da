"""Adopting a scheme."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from sqlalchemy import select

from kaohe_flow.kernel.errors import Conflict
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.records.audit.commands import record
from kaohe_flow.scheme.definition.gateway import read_scheme
from kaohe_flow.scheme.plan.model import Plan


class PlanTaken(Conflict):
    """One text of a scheme begins on a day; a corrected one begins on another."""

    code = "plan-taken"
    message = "方案“{title}”已有自 {day} 起适用的版本，请另选日期"


def adopt(work: Work, text: str, valid_from: date, *, name: str = "方案") -> Plan:
    """Put a scheme file into force for periods beginning on or after ``valid_from``.

    Raises ``SchemeRefused`` or ``DocumentRefused`` with every fault of the file, ``PlanTaken``.
    """
    scheme = read_scheme(text, name=name)
    taken = select(Plan).where(Plan.scheme_id == scheme.id, Plan.valid_from == valid_from)
    if work.session.scalar(taken) is not None:
        raise PlanTaken(field="valid_from", title=scheme.title, day=valid_from)
    plan = Plan(
        scheme_id=scheme.id,
        title=scheme.title,
        text=text,
        sha256=sha256(text.encode()).hexdigest(),
        valid_from=valid_from,
        adopted_by=work.actor.name,
        adopted_at=work.now,
    )
    work.session.add(plan)
    work.session.flush()
    record(work, "scheme.adopted", f"scheme:{scheme.id}", sha256=plan.sha256, valid_from=str(valid_from))
    return plan
