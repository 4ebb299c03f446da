"""A penalty that was imposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from kaohe_flow.casework.appeal.gateway.deciders import competences_of_step, unit_of_decision
from kaohe_flow.casework.appeal.rules import Matter, NotContestable, Outcome
from kaohe_flow.casework.appeal.rules.contested import Ask, Dispute, NewFact, Relief, Replacement
from kaohe_flow.casework.penalty import queries as penalties
from kaohe_flow.casework.penalty.model import Penalty, PenaltyDecision
from kaohe_flow.casework.penalty.queries import Tariff
from kaohe_flow.casework.penalty.rules.booking import for_unit
from kaohe_flow.casework.penalty.rules.finding import (
    FIGURE_TITLES,
    Figure,
    PenaltyState,
    asked_figures,
    rule_options,
)
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import Problem
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.scheme.definition.item.rules import Item
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.scorebook.ledger.model import ScoreFact
from kaohe_flow.scorebook.ledger.rules import SubjectKind

NUMBERS: Final = (Figure.COUNT, Figure.VALUE, Figure.POINTS)
UNITS: Final = {Figure.COUNT: "次", Figure.VALUE: "", Figure.POINTS: "分"}


@dataclass(frozen=True, slots=True)
class ContestedPenalty:
    """A decision to deduct. ``beside``: the item by which the unit was hit as well, if it was."""

    dispute: Dispute
    penalty: Penalty
    item: Item
    beside: tuple[Item, Tariff] | None
    circumstances: tuple[str, ...]
    facts: Sequence[ScoreFact]

    def asks(self) -> tuple[Ask, ...]:
        """The figures of the tariff, downwards, its other cases, and the circumstances of the scheme."""
        stands = self._stands()
        asked = asked_figures(self.item.method)
        found = [
            Ask(
                figure.value,
                "认定" + FIGURE_TITLES[figure].removeprefix("拟"),
                stands[figure.value],
                f"原认定 {stands[figure.value]}，只能减少",
                UNITS[figure],
            )
            for figure in NUMBERS
            if figure in asked and figure.value in stands
        ]
        if Figure.OPTION in asked:
            options = tuple(rule_options(self.item))
            found.append(Ask("option", "认定情形", stands.get("option", ""), options=options))
        if self.circumstances:
            options = tuple((name, name) for name in self.circumstances)
            hint = f"原已认定 {stands['mitigation']}" if "mitigation" in stands else "原未认定从轻情节"
            found.append(Ask("mitigation", "增加从轻情节", "", hint, options=options))
        return tuple(found)

    def faults(self, outcome: Outcome, relief: Relief) -> tuple[Problem, ...]:
        """Downwards only, by cases and circumstances that the scheme knows; a revocation needs no figures."""
        if outcome is Outcome.REVOKE:
            return ()
        stands, problems = self._stands(), []
        for figure in NUMBERS:
            wanted, held = getattr(relief, figure.value), stands.get(figure.value)
            if wanted is not None and (held is None or not 0 < wanted <= Decimal(held)):
                text = f"须大于 0，且不超过原认定的 {held or '（本项不用填写）'}；全部不扣的，请选择“撤销”"
                problems.append(Problem(figure.value, text))
        if relief.option and relief.option not in dict(rule_options(self.item)):
            problems.append(Problem("option", "请从方案列出的情形中选择"))
        if relief.mitigation and relief.mitigation not in self.circumstances:
            problems.append(Problem("mitigation", "请从方案列出的情节中选择"))
        return tuple(problems)

    def replacement(self, outcome: Outcome, relief: Relief) -> Replacement:
        """The same finding with other figures, for the officer and for the unit that was hit with them."""
        revoked = tuple(fact.id for fact in self.facts)
        if outcome is Outcome.REVOKE:
            return Replacement(revoke=revoked)
        entered = (self._anew(fact, relief) for fact in self.facts)
        return Replacement(revoke=revoked, enter=tuple(fact for fact in entered if fact is not None))

    def settle(self, work: Work, outcome: Outcome) -> None:
        """A revoked penalty is no penalty; a changed one remains one."""
        if outcome is Outcome.REVOKE:
            self.penalty.state = PenaltyState.DISMISSED

    def _stands(self) -> dict[str, str]:
        own = (fact for fact in self.facts if fact.subject_kind is SubjectKind.OFFICER)
        return dict(next(own).content) if self.facts else {}

    def _anew(self, fact: ScoreFact, relief: Relief) -> NewFact | None:
        words: dict[str, str] | None = {**fact.content, **_said(relief)}
        held = [*fact.content.get("mitigation", "").split(","), relief.mitigation or ""]
        known = frozenset(self.circumstances)
        if fact.subject_kind is SubjectKind.UNIT and self.beside is not None:
            words, known = for_unit(self.beside[0], words or {}), self.beside[1].circumstances
        if words is None:
            return None
        mitigation = ",".join(dict.fromkeys(name for name in held if name in known))
        if mitigation:
            words["mitigation"] = mitigation
        return NewFact(
            subject_kind=fact.subject_kind,
            subject_id=fact.subject_id,
            unit_id=fact.unit_id,
            indicator_version_id=fact.indicator_version_id,
            item=fact.item,
            happened_on=fact.happened_on,
            content=words,
        )


def _said(relief: Relief) -> dict[str, str]:
    numbers = {figure.value: getattr(relief, figure.value) for figure in NUMBERS}
    said = {name: format(value, "f") for name, value in numbers.items() if value is not None}
    return {**said, "option": relief.option} if relief.option else said


def contested(session: Session, case_key: str) -> ContestedPenalty:
    """The decision that imposed the penalty. Raises ``NotContestable``, ``NotFound``."""
    penalty = penalties.by_case_key(session, case_key)
    decision = penalties.decision_of(session, penalty.id)
    if decision is None or penalty.state not in {PenaltyState.IMPOSED, PenaltyState.DISMISSED}:
        raise NotContestable
    if decision.outcome != "impose":
        raise NotContestable
    item = penalties.item_of(session, penalty)
    return ContestedPenalty(
        dispute=_dispute(session, penalty, decision),
        penalty=penalty,
        item=item,
        beside=penalties.unit_item(session, penalty, item),
        circumstances=penalties.circumstances(session, penalty),
        facts=ledger.live_facts_of_case(session, case_key),
    )


def _dispute(session: Session, penalty: Penalty, decision: PenaltyDecision) -> Dispute:
    day = local_day(decision.decided_at)
    competences = competences_of_step(session, penalty.case_key, decision.step_id)
    where = unit_of_decision(session, decision.decided_by_id, day, competences, penalty.unit_id)
    return Dispute(
        case_key=penalty.case_key,
        matter=Matter.PENALTY,
        reference=f"penalty_decision:{decision.id}",
        title=indicators.version(session, penalty.indicator_version_id).name,
        officer_id=penalty.officer_id,
        unit_id=penalty.unit_id,
        period_id=penalty.period_id,
        decided_at=decision.decided_at,
        decider_id=decision.decided_by_id,
        decider_name=decision.decided_by_name,
        decider_unit_id=where,
        opinion=decision.opinion,
        judges=frozenset({penalty.found_by_id, decision.decided_by_id}),
    )
