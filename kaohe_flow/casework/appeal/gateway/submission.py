"""A claim that was rejected, or scored too low."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy.orm import Session

from kaohe_flow.casework.appeal.gateway.deciders import competences_of_step, unit_of_decision
from kaohe_flow.casework.appeal.gateway.tables import entry_of_table
from kaohe_flow.casework.appeal.rules import Matter, NotContestable, Outcome
from kaohe_flow.casework.appeal.rules.contested import Ask, Dispute, NewFact, Relief, Replacement
from kaohe_flow.casework.submission import queries as claims
from kaohe_flow.casework.submission.model import Claim, Verdict
from kaohe_flow.casework.submission.rules import (
    FIGURE_TITLES,
    OFFICERS_FORM,
    QUALITY_TITLES,
    ClaimContent,
    ClaimState,
    Figure,
    Finding,
    Quality,
    VerdictRefused,
    asked_figures,
    check_finding,
    fact_content,
    point_limits,
)
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import Problem
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.scheme.definition.item.rules import Item
from kaohe_flow.scheme.definition.method.rules import Judged
from kaohe_flow.scheme.indicator import queries as indicators
from kaohe_flow.scheme.indicator.model import IndicatorVersion
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.workflow.deployment.queries import process
from kaohe_flow.workflow.instance import queries as running

QUALITY_TABLE = "review_quality"
REJECTED = frozenset({ClaimState.REJECTED, ClaimState.LAPSED, ClaimState.RETURNED})
CHANGEABLE = frozenset({Figure.COUNT, Figure.DONE, Figure.VALUE})


@dataclass(frozen=True, slots=True)
class ContestedClaim:
    """A verdict on a claim. ``shares``: the decision table, already asked for every quality."""

    dispute: Dispute
    claim: Claim
    version: IndicatorVersion
    item: Item
    content: ClaimContent
    standing: Finding
    shares: dict[str, Decimal]
    facts: tuple[int, ...]

    @property
    def is_judged(self) -> bool:
        """Whether the points are set by a person instead of worked out."""
        return isinstance(self.item.method, Judged)

    def asks(self) -> tuple[Ask, ...]:
        """Points where they are judged, else figures and quality."""
        if self.is_judged:
            low, high = point_limits(self.item)
            hint = f"{low:.2f} 至 {high:.2f} 分"
            return (Ask("points", "认定分值", _text(self.standing.points), hint, "分"),)
        figures = [
            Ask(
                figure.value,
                f"认定{FIGURE_TITLES[figure]}",
                _text(self._figure(figure)),
                f"报送 {_text(getattr(self.content, figure.value))}",
                self.version.unit_of_measure,
            )
            for figure in asked_figures(self.item.method)
            if figure in CHANGEABLE
        ]
        quality = self.standing.quality.value if self.standing.quality else ""
        options = tuple((one.value, title) for one, title in QUALITY_TITLES.items())
        return (*figures, Ask("quality", "完成质量", quality, "按评分表折算", options=options))

    def faults(self, outcome: Outcome, relief: Relief) -> tuple[Problem, ...]:
        """The same limits that bind the reviewer; what is contested as too low is named anew."""
        problems: list[Problem] = []
        finding = self._finding(relief)
        try:
            check_finding(
                finding,
                scores=True,
                gives_points=self.is_judged,
                limits=point_limits(self.item),
            )
        except VerdictRefused as refusal:
            problems.extend(refusal.problems)
        for name in ("count", "done", "value"):
            figure = getattr(relief, name)
            if figure is not None and figure < 0:
                problems.append(Problem(name, "数据不能为负"))
        if (finding.quality or Quality.EXCELLENT).value not in self.shares:
            text = "评分表没有给出这一质量等次的折算系数，请流程管理员补全评分表"
            problems.append(Problem("points" if self.is_judged else "quality", text))
        return tuple(problems)

    def replacement(self, outcome: Outcome, relief: Relief) -> Replacement:
        """One fact in place of the one that stands, or where none stood."""
        finding = self._finding(relief)
        share = self.shares.get((finding.quality or Quality.EXCELLENT).value)
        assert self.claim.happened_on is not None, "checked when the claim was frozen"
        return Replacement(
            revoke=self.facts,
            enter=(
                NewFact(
                    subject_kind=SubjectKind.OFFICER,
                    subject_id=self.claim.officer_id,
                    unit_id=self.claim.unit_id,
                    indicator_version_id=self.version.id,
                    item=self.version.indicator.code,
                    happened_on=self.claim.happened_on,
                    content=fact_content(self.content, finding, {"factor": share}),
                ),
            ),
        )

    def settle(self, work: Work, outcome: Outcome) -> None:
        """A claim that was rejected counts as passed; its verdicts stay as they were given."""
        self.claim.state = ClaimState.SCORED

    def _figure(self, figure: Figure) -> Decimal | str | None:
        found = getattr(self.standing, figure.value, None)
        return found if found is not None else self.content.figure(figure)

    def _finding(self, relief: Relief) -> Finding:
        """What the ruling says, over what the reviewer found, over what was reported."""
        quality = Quality(relief.quality) if relief.quality in set(Quality) else self.standing.quality
        return replace(
            self.standing,
            outcome="approve",
            quality=None if self.is_judged else quality,
            count=relief.count if relief.count is not None else self.standing.count,
            done=relief.done if relief.done is not None else self.standing.done,
            value=relief.value if relief.value is not None else self.standing.value,
            points=relief.points if relief.points is not None else self.standing.points,
        )


def contested(session: Session, case_key: str) -> ContestedClaim:
    """The verdict that stands against the officer's wish. Raises ``NotContestable``, ``NotFound``.

    A rejection is contested when it is final, and also while the claim is returned: contesting it then gives
    up the chance to mend, so that one claim is never judged in two procedures at once.
    """
    claim = claims.by_case_key(session, case_key)
    verdicts = claims.verdicts(session, claim.id)
    verdict = _contestable(claim, verdicts)
    if verdict is None:
        raise NotContestable
    version = indicators.version(session, claim.indicator_version_id)
    facts = ledger.live_facts_of_case(session, case_key)
    shares = _shares(session, claim, verdict)
    standing = claims.finding_of(verdict) if verdict.decision == "approve" else Finding("approve")
    return ContestedClaim(
        dispute=_dispute(session, claim, verdict, version.name, verdicts),
        claim=claim,
        version=version,
        item=claims.item_of(session, claim),
        content=claims.content_of(claim),
        standing=_as_it_stands(standing, facts[0].content, shares) if facts else standing,
        shares=shares,
        facts=tuple(fact.id for fact in facts),
    )


def _contestable(claim: Claim, verdicts: Sequence[Verdict]) -> Verdict | None:
    """The last rejection of a rejected claim; of a scored one the verdict that scored it.

    A claim that was rejected and scored on appeal has only the rejection: that is the verdict then.
    """
    if claim.state in REJECTED:
        wanted = [verdict for verdict in verdicts if verdict.decision == "reject"]
    elif claim.state is ClaimState.SCORED:
        last = [verdict for verdict in verdicts if verdict.round == claim.round]
        wanted = [verdict for verdict in last if verdict.decision == "approve"] or last
    else:
        wanted = []
    return wanted[-1] if wanted else None


def _as_it_stands(finding: Finding, content: dict[str, str], shares: dict[str, Decimal]) -> Finding:
    """The finding as booked: an earlier rung may have entered other figures since the verdict."""
    figures = {
        name: Decimal(content[name]) for name in ("count", "done", "value", "points") if name in content
    }
    share = Decimal(content.get("quality", "1"))
    quality = next((Quality(name) for name, one in shares.items() if one == share), finding.quality)
    return replace(finding, quality=quality, **figures)  # type: ignore[arg-type]


def _dispute(
    session: Session, claim: Claim, verdict: Verdict, title: str, verdicts: Sequence[Verdict]
) -> Dispute:
    day = local_day(verdict.decided_at)
    competences = competences_of_step(session, claim.case_key, verdict.step_id)
    return Dispute(
        case_key=claim.case_key,
        matter=Matter.SCORE if verdict.decision == "approve" else Matter.REJECTION,
        reference=f"verdict:{verdict.id}",
        title=title,
        officer_id=claim.officer_id,
        unit_id=claim.unit_id,
        period_id=claim.period_id,
        decided_at=verdict.decided_at,
        decider_id=verdict.decided_by_id,
        decider_name=verdict.decided_by_name,
        decider_unit_id=unit_of_decision(session, verdict.decided_by_id, day, competences, claim.unit_id),
        opinion=verdict.opinion,
        judges=frozenset(one.decided_by_id for one in verdicts),
        closing_task_id=_waiting_fix(session, claim),
    )


def _waiting_fix(session: Session, claim: Claim) -> int | None:
    if claim.state is not ClaimState.RETURNED:
        return None
    instance = running.of_case(session, claim.case_key)
    if instance is None:
        return None
    steps = process(session, instance.deployment_id).steps
    waiting = running.open_tasks(session, instance.id)
    return next((task.id for task in waiting if steps[task.step_id].form_key == OFFICERS_FORM), None)


def _shares(session: Session, claim: Claim, verdict: Verdict) -> dict[str, Decimal]:
    found = {
        quality.value: entry_of_table(
            session,
            claim.case_key,
            QUALITY_TABLE,
            {"quality": quality.value, "late": claim.is_late, "rounds": Decimal(claim.round - 1)},
            verdict.decided_at,
        )
        for quality in Quality
    }
    return {quality: share for quality, share in found.items() if share is not None}


def _text(value: Decimal | str | None) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return format(value.normalize(), "f")
