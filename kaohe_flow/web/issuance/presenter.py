"""How a handing-down shows itself in inboxes and as a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from flask import request, url_for
from sqlalchemy.orm import Session

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import InvalidInput, NotFound, Problem
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.scheme.issuance import commands, queries
from kaohe_flow.scheme.issuance.queries import AssignmentView
from kaohe_flow.web.common.presenter import Act, Form
from kaohe_flow.web.common.scope import scope_of
from kaohe_flow.web.common.security import now as this_moment
from kaohe_flow.web.issuance.parts import (
    Recipient,
    even_start,
    part_to,
    read_figure,
    read_parts,
    recipients,
)
from kaohe_flow.workflow.instance import queries as running


class IssuancePresenter:
    """Cases of the diagram ``indicator_issue``."""

    template: Final = "issuance/_case.html"
    form_template: Final = "issuance/_task.html"

    def check_visible(self, session: Session, case_key: str, actor: Actor) -> None:
        """The issuing unit and above, the receivers and above, and whoever works on it."""
        handed = queries.handing_of(session, case_key)
        seen = scope_of(session, actor).unit_ids
        concerned = {handed.unit_id, *(part.to_unit_id for part in handed.parts)}
        if not seen & concerned and not running.takes_part(session, case_key, actor):
            raise NotFound

    def show(self, session: Session, case_key: str) -> Mapping[str, Any]:
        """What is handed down to whom, and, for a receiver, among whom it may divide it."""
        handed = queries.handing_of(session, case_key)
        today = local_day(this_moment())

        def part(item: object) -> AssignmentView:
            return queries.part_of(session, case_key, int(str(item)))

        def choices(item: object) -> tuple[Recipient, ...]:
            return recipients(session, int(str(item)), today)

        def start(item: object) -> Mapping[str, Any]:
            mine = part(item)
            if request.args.get("divide") != "even":
                return {}
            return even_start(choices(item), (), mine.target, mine.indicator_version.split)

        return {
            "handed": handed,
            "version": handed.above.indicator_version,
            "unit": units.get(session, handed.unit_id),
            "parts": [(row, queries.holder_name(row)) for row in handed.parts],
            "part_of": part,
            "choices": choices,
            "even_start": start,
            "gaps": queries.open_gaps(session, handed),
            "refused": [(row, queries.holder_name(row)) for row in handed.refused],
            "awaits_approval": queries.awaits_approval(session, case_key),
            "own_total": handed.above.parent_assignment_id is None,
        }

    def acts(self, session: Session, case_key: str, actor: Actor, now: datetime) -> Sequence[Act]:
        """The progress below the issuing unit, for those who may see that unit."""
        handed = queries.handing_of(session, case_key)
        if handed.unit_id not in scope_of(session, actor).unit_ids:
            return ()
        url = url_for("issuance.tree", assignment_id=handed.above.id)
        return (Act("落实进度", url, symbol="tree"),)

    def decide(self, work: Work, task_id: int, form: Form) -> None:
        """Approve, acknowledge, divide, close gaps: whatever the form of the step asks for."""
        task = running.task(work.session, task_id)
        step = running.step_of(work.session, task)
        outcome, opinion = form.get("outcome", ""), form.get("opinion", "")
        if step.form_key == "approve_issue":
            commands.rule_on(work, task_id, outcome, opinion)
        elif step.form_key == "acknowledge":
            commands.answer(work, task_id, outcome, opinion)
        elif step.form_key == "close_gaps":
            self._close_gaps(work, task_id, task.instance.case_key, form)
        elif outcome == "keep":
            self._keep(work, task_id, form)
        else:
            self._hand_on(work, task_id, form)

    @staticmethod
    def _keep(work: Work, task_id: int, form: Form) -> None:
        keeper = form.get("keeper", 0, type=int)
        if not keeper:
            raise InvalidInput(problems=(Problem("keeper", "请选择由哪名民警承担"),))
        commands.keep(work, task_id, keeper)

    @staticmethod
    def _hand_on(work: Work, task_id: int, form: Form) -> None:
        task = running.task(work.session, task_id)
        mine = queries.part_of(work.session, task.instance.case_key, int(str(task.item)))
        rows = recipients(work.session, int(str(task.item)), local_day(work.now))
        split = mine.indicator_version.split
        parts = read_parts(form, rows, mine.target, split)
        commands.hand_on(work, task_id, parts, over_reason=form.get("over_reason", ""))

    @staticmethod
    def _close_gaps(work: Work, task_id: int, case_key: str, form: Form) -> None:
        handed = queries.handing_of(work.session, case_key)
        offered = {row.key for row in recipients(work.session, handed.unit_id, local_day(work.now))}
        faults: list[Problem] = []
        replacements = {}
        for row in handed.refused:
            key = form.get(f"to-{row.id}", "")
            if key not in offered:
                continue
            target: Decimal | None = read_figure(form.get(f"target-{row.id}", ""), f"target-{row.id}", faults)
            replacements[row.id] = part_to(key, target, form.get(f"reason-{row.id}", ""))
        if faults:
            raise InvalidInput(problems=tuple(faults))
        commands.close_gaps(work, task_id, replacements, over_reason=form.get("over_reason", ""))
