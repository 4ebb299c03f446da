"""How the sealing of a period shows itself in the inboxes of those who sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from flask import url_for
from sqlalchemy.orm import Session

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.role.rules import read_principal
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.results.ranking.rules import zero_list
from kaohe_flow.results.sealing import commands, queries
from kaohe_flow.results.sealing.rules import SIGNING_STEPS, SNAPSHOT_TITLES, parse_case_key
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.web.common.presenter import Act, Form
from kaohe_flow.workflow.instance import queries as running

SEEN_BY: Final = frozenset({"office", "discipline", "leading_group"})


class SealingPresenter:
    """Cases of the diagram ``period_seal``."""

    template: Final = "sealing/_case.html"
    form_template: Final = "sealing/_task.html"

    def check_visible(self, session: Session, case_key: str, actor: Actor) -> None:
        """Offices, discipline and leading group of any unit, and whoever takes part."""
        seats = (read_principal(principal) for principal in actor.principals)
        if any(seat is not None and seat.role.value in SEEN_BY for seat in seats):
            return
        if not running.takes_part(session, case_key, actor):
            raise NotFound

    def show(self, session: Session, case_key: str) -> Mapping[str, Any]:
        """The trial result, the signatures so far."""
        period_id, unit_id = parse_case_key(case_key)
        period = periods.get(session, period_id)
        newest = queries.latest(session, period_id)
        rows = queries.rows_of(session, newest).rows if newest else ()
        ranked = [row for row in rows if row.place is not None]
        return {
            "sealed_period": period,
            "authority": units.get(session, unit_id),
            "versions": queries.versions(session, period_id),
            "version_titles": SNAPSHOT_TITLES,
            "signatures": [one for one in queries.signatures(session, period_id) if one.unit_id == unit_id],
            "signing_steps": SIGNING_STEPS,
            "ranked": len(ranked),
            "unranked": len(rows) - len(ranked),
            "zero": zero_list([row for row in rows if row.kind == "officer"]),
        }

    def acts(self, session: Session, case_key: str, actor: Actor, now: datetime) -> Sequence[Act]:
        """The ranking of the period."""
        period = periods.get(session, parse_case_key(case_key)[0])
        return (Act("查看排名", url_for("ranking.show", period=period.code), symbol="chart"),)

    def decide(self, work: Work, task_id: int, form: Form) -> None:
        """Sign."""
        commands.sign(work, task_id)
