"""An open month, three effective indicators, and one of them in an officer's hands.

Everything goes through the product's own commands, so what they refuse cannot be built here either. The
people and units are those of ``tests.factories.organization``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.errors import Problem
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.scheme.banlist import commands as banlist
from kaohe_flow.scheme.indicator import commands as indicators
from kaohe_flow.scheme.indicator.model import IndicatorVersion
from kaohe_flow.scheme.indicator.rules import Content, Mode, Module
from kaohe_flow.scheme.issuance import commands as issuance
from kaohe_flow.scheme.issuance import queries as issued
from kaohe_flow.scheme.issuance.model import Assignment
from kaohe_flow.scheme.issuance.rules import Order, Part
from kaohe_flow.scheme.period import commands as periods
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scheme.period.rules import month_period

MID_NOVEMBER = datetime(2026, 11, 10, 1, 0, tzinfo=UTC)
OFFICE = Actor(officer_id=None, name="市局考核办", principals=frozenset({"office@1"}))
MODULES = {Mode.TASK: Module.BUSINESS, Mode.PENALTY: Module.TEAM, Mode.REWARD: Module.INCENTIVE}
POINTS = {Mode.TASK: Decimal(6), Mode.PENALTY: Decimal(-3), Mode.REWARD: Decimal(5)}
NAMES = {Mode.TASK: "矛盾纠纷化解", Mode.PENALTY: "投诉查实", Mode.REWARD: "嘉奖"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """An open month and one effective indicator of each mode, in force for it."""

    period: Period
    task: IndicatorVersion
    penalty: IndicatorVersion
    reward: IndicatorVersion


def any_rule(rule: Mapping[str, Any]) -> tuple[Problem, ...]:
    """A judge of item rules that has no objections."""
    return ()


def open_month(work: Work, year: int = 2026, month: int = 11) -> Period:
    """A month that takes reports."""
    return periods.open_period(work, month_period(year, month)).period


def content(mode: Mode = Mode.TASK, **changes: Any) -> Content:
    """A complete wording of the given mode; ``changes`` replaces single fields. Owner is the line ``fz``."""
    complete = Content(
        name=NAMES[mode],
        module=MODULES[mode],
        mode=mode,
        base_points=POINTS[mode],
        cap=None if mode is Mode.PENALTY else POINTS[mode] * 2,
        rule_text="完成目标得满分，每少一件按比例扣减",
        measure="当期登记并化解的纠纷",
        unit_of_measure="件",
        formula="化解件数÷登记件数",
        data_source="矛盾纠纷系统",
        evidence_kinds=("调解协议", "系统截图"),
        deadline_text="每月25日前",
        line_code="fz",
    )
    return replace(complete, **changes)


def effective(
    work: Work, code: str, period: Period, mode: Mode = Mode.TASK, **changes: Any
) -> IndicatorVersion:
    """A new indicator in force from ``period`` on; its business line must exist."""
    drafted = indicators.draft(work, code, content(mode, **changes), check_rule=any_rule)
    return indicators.make_effective(work, drafted.id, from_period_id=period.id, check_rule=any_rule)


def sheet(work: Work, period: Period | None = None) -> Sheet:
    """The ban list, an open month and the indicators BIZ-07 (task), TEAM-08 (penalty), REW-01 (reward)."""
    banlist.seed(work)
    month = open_month(work) if period is None else period
    return Sheet(
        period=month,
        task=effective(work, "BIZ-07", month),
        penalty=effective(work, "TEAM-08", month, Mode.PENALTY),
        reward=effective(work, "REW-01", month, Mode.REWARD),
    )


def assigned(
    work: Work, version: IndicatorVersion, officer_id: int, unit_id: int, target: Decimal = Decimal(10)
) -> Assignment:
    """The whole target handed down the chain of a unit to one of its officers, in effect for 2026."""
    chain = [unit.id for unit in reversed(units.chain(work.session, unit_id))]
    below = [Part(to_unit_id=step, target=target) for step in chain[1:]]
    first, *parts = [*below, Part(to_officer_id=officer_id, target=target)]
    root = issuance.issue_to_children(
        work, Order(version.id, chain[0], issued.year_term(2026), (first,), target)
    )
    (row,) = issued.children(work.session, root.id)
    for part in parts:
        issuance.acknowledge(work, row.id)
        (row,) = issuance.decompose(work, row.id, (part,))
    issuance.acknowledge(work, row.id)
    issuance.take_effect(work, root.id)
    return row
