"""At which unit a decision was made: where its decider held the competence on the day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.role import queries as roles
from kaohe_flow.organization.role.rules import Role, parse_all
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.workflow.deployment.queries import process
from kaohe_flow.workflow.instance import queries as running

STAND_INS = frozenset({Role.OFFICE, Role.LEADING_GROUP})  # who decides where the pool of a step is empty


def competences_of_step(session: Session, case_key: str, step_id: str) -> frozenset[Role]:
    """The roles that may have decided at a step of the very diagram the case runs on."""
    instance = running.of_case(session, case_key)
    if instance is None:
        return STAND_INS
    step = process(session, instance.deployment_id).steps.get(step_id)
    asked = parse_all(step.candidates) if step is not None and step.candidates else ()
    return frozenset(candidate.role for candidate in asked) | STAND_INS


def unit_of_decision(
    session: Session, decider_id: int, day: date, competences: Iterable[Role], subject_unit_id: int
) -> int:
    """The lowest unit above the subject where the decider held one of the competences on the day.

    Whoever held none there any more (a row of another chain, a competence taken back) decided for their own
    unit if it lies above the subject, else for the authority.
    """
    wanted = frozenset(competences)
    held = {row.unit_id for row in roles.assignments_of(session, decider_id, day) if row.role in wanted}
    chain = units.chain(session, subject_unit_id)
    found = next((unit.id for unit in chain if unit.id in held), None)
    if found is not None:
        return found
    own = officers.unit_on(session, decider_id, day)
    above = {unit.id for unit in chain}
    return own.id if own is not None and own.id in above else chain[-1].id
