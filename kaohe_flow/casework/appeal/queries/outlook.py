"""What a ruling would come to, before anything is written."""

from __future__ import annotations

from collections.abc import Container
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from kaohe_flow.casework.appeal.rules.contested import Dispute, NewFact, Replacement
from kaohe_flow.casework.appeal.rules.ruling import Outlook
from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.scorebook.ledger.commands import FactUnscorable
from kaohe_flow.scorebook.ledger.model import ScoreFact
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.scorebook.scoring.entry.rules import Scored, score_lines

BEYOND_ALL_IDS: Final = 2**40  # facts on trial come after every fact of the ledger in its order


def outlook(session: Session, dispute: Dispute, replacement: Replacement) -> Outlook:
    """What the appellant has now and would have then, by the rules of the ledger; writes nothing.

    Raises ``FactUnscorable`` when the rules refuse the new figures.
    """
    where = (dispute.period_id, SubjectKind.OFFICER, dispute.officer_id)
    now = ledger.standing(session, *where)
    mine = [fact for fact in replacement.enter if _is_appellants(fact, dispute)]
    trial = {BEYOND_ALL_IDS + number: fact for number, fact in enumerate(mine)}
    facts = [ledger.as_fact(row) for id_, row in now.facts.items() if id_ not in replacement.revoke]
    facts += [ledger.as_fact(_row(dispute, id_, fact)) for id_, fact in trial.items()]
    then = score_lines(now.scene, facts)
    for refusal in then.refused:
        if int(refusal.fact) in trial:
            raise FactUnscorable(reason=refusal.reason)
    return Outlook(
        line_before=_sum(now.scored, replacement.revoke),
        line_after=_sum(then, trial),
        raw_before=_raw(now.scored, replacement.revoke),
        raw_after=_raw(then, trial),
        total_before=_sum(now.scored, None),
        total_after=_sum(then, None),
    )


def as_it_stands(session: Session, dispute: Dispute) -> Outlook:
    """The appellant's points when nothing is changed."""
    scored = ledger.standing(session, dispute.period_id, SubjectKind.OFFICER, dispute.officer_id).scored
    facts = [fact.id for fact in ledger.live_facts_of_case(session, dispute.case_key)]
    line, raw, total = _sum(scored, facts), _raw(scored, facts), _sum(scored, None)
    return Outlook(line, line, raw, raw, total, total)


def _is_appellants(fact: NewFact, dispute: Dispute) -> bool:
    return fact.subject_kind is SubjectKind.OFFICER and fact.subject_id == dispute.officer_id


def _row(dispute: Dispute, id_: int, fact: NewFact) -> ScoreFact:
    return ScoreFact(
        id=id_,
        period_id=dispute.period_id,
        subject_kind=fact.subject_kind,
        subject_id=fact.subject_id,
        item=fact.item,
        happened_on=fact.happened_on,
        content=dict(fact.content),
    )


def _sum(scored: Scored, ids: Container[int] | None) -> Decimal:
    chosen = [line.points for line in scored.lines if ids is None or int(line.fact) in ids]
    return sum(chosen, start=ZERO)


def _raw(scored: Scored, ids: Container[int]) -> Decimal | None:
    chosen = [line.raw for line in scored.lines if int(line.fact) in ids]
    return sum(chosen, start=ZERO) if chosen else None
