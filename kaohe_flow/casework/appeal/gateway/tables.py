"""The shares a decision table gives: an appeal scores by the very table its contested case runs on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from kaohe_flow.kernel.errors import KaoheError
from kaohe_flow.workflow.deployment import queries as deployments
from kaohe_flow.workflow.engine.decision_reading import read_decisions
from kaohe_flow.workflow.engine.drawing import Faults
from kaohe_flow.workflow.engine.formula import Evaluation
from kaohe_flow.workflow.engine.port import Value
from kaohe_flow.workflow.instance import queries as running


def entry_of_table(
    session: Session, case_key: str, table: str, variables: Mapping[str, Value], now: datetime
) -> Decimal | None:
    """The one figure a table of the case's deployment gives for ``variables``; None if it gives none."""
    instance = running.of_case(session, case_key)
    if instance is None:
        return None
    files = deployments.one(session, instance.deployment_id).decisions
    found = read_decisions([file.dmn for file in files], frozenset(), Faults()).get(table)
    if found is None:
        return None
    try:
        entry = found.answer(table, Evaluation(dict(variables), {}, now)).entry()
    except KaoheError:
        return None
    return entry if isinstance(entry, Decimal) else None
