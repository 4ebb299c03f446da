"""Scoring: facts and a scheme in, lines, totals and places out. Pure, exact, in one order.

fact → rule × share × mitigation → item limit → same deed → group limit → [coefficient] → rounding
= score line → line type and weight → module limit → sum → [coefficient] → unit factors → outside
→ floor, ceiling, veto → rounding = total → rank.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kaohe_flow.scheme.definition.amount.rules import NoAmount
from kaohe_flow.scheme.definition.method.rules import TotalOf
from kaohe_flow.scheme.definition.rules import Scheme
from kaohe_flow.scheme.definition.sheet.rules import Sheet
from kaohe_flow.scorebook.scoring.admission.rules import items_for
from kaohe_flow.scorebook.scoring.award.scene.rules import Scene
from kaohe_flow.scorebook.scoring.entry.rules import Scored, ScoreLine, score_lines
from kaohe_flow.scorebook.scoring.facts.rules import Fact, FactBook, Refusal, Subject
from kaohe_flow.scorebook.scoring.fanout.rules import fan_out
from kaohe_flow.scorebook.scoring.grade.rules import grade
from kaohe_flow.scorebook.scoring.outcome.rules import Due, GradeList, Outcome, RankList
from kaohe_flow.scorebook.scoring.peer.rules import compares, with_peers
from kaohe_flow.scorebook.scoring.rank.rules import Candidate, rank
from kaohe_flow.scorebook.scoring.reference.rules import facts_from_totals, in_dependency_order, joined
from kaohe_flow.scorebook.scoring.run.rules import Run, runs_for, sort_facts, without_sheet
from kaohe_flow.scorebook.scoring.total.rules import Total, total_of


def compares_subjects(scheme: Scheme) -> bool:
    """Whether a subject's points depend on those of others, or on another sheet's total."""
    items = [item for sheet in scheme.sheets for item in sheet.items]
    return any(compares(item) or isinstance(item.method, TotalOf) for item in items)


def evaluate(scheme: Scheme, book: FactBook) -> Outcome:
    """Everything the facts come to under the scheme. Raises ``PeriodNotInScheme`` only.

    The order of the facts in the book does not matter; where a limit needs an order it is day, then id.
    """
    runs = runs_for(scheme, book)
    refused = [*without_sheet(scheme, book), *sort_facts(runs, book, book.facts)]
    derived, not_hit = _derived(runs, book)
    refused += not_hit + sort_facts(runs, book, derived)
    lines: list[ScoreLine] = []
    known: dict[tuple[str, str, str], Total] = {}
    ranks: list[RankList] = []
    grades: list[GradeList] = []
    for sheet in in_dependency_order(scheme):
        for run in (one for one in runs if one.sheet is sheet):
            candidates = _run(run, book, known, lines, refused)
            label = run.period.label if run.period is not None else ""
            places = tuple(place for one in sheet.rankings for place in rank(one, candidates))
            grading = grade(sheet, candidates)
            ranks.append(RankList(sheet.id, label, places))
            grades.append(GradeList(sheet.id, label, grading.grades, grading.quotas))
    return Outcome(
        scheme=scheme,
        subjects=book.subjects,
        lines=tuple(lines),
        totals=tuple(known.values()),
        ranks=tuple(ranks),
        grades=tuple(grades),
        refused=_without_repeats(refused, lines),
        revoked=tuple(fact.id for fact in book.facts if fact.revoked),
        deadlines=tuple(_due(book)),
    )


def _due(book: FactBook) -> list[Due]:
    return [
        Due(one.id, one.from_, one.workdays, book.calendar.add(one.from_, one.workdays))
        for one in book.deadlines
    ]


def _without_repeats(refused: list[Refusal], lines: list[ScoreLine]) -> tuple[Refusal, ...]:
    """A fact that counts on one sheet is not reported as refused by another."""
    counted = {(line.fact, line.subject) for line in lines}
    return tuple(one for one in dict.fromkeys(refused) if (one.fact, one.subject) not in counted)


def scenes_of(run: Run) -> list[Scene]:
    """One scene per subject of a run, with peers; a subject assessed in parts has none of its own."""
    divided = {one.part_of for one in run.subjects}
    scenes = [Scene(run.sheet, one, run.period) for one in run.subjects if one.id not in divided]
    return with_peers(scenes, run.facts)


def _derived(runs: Sequence[Run], book: FactBook) -> tuple[list[Fact], list[Refusal]]:
    """The further facts that the facts of the book bring about; worked out once, before any total."""
    derived: list[Fact] = []
    refused: list[Refusal] = []
    for run in runs:
        spreading = {item.id for item in run.sheet.items if item.fan_out}
        for scene in scenes_of(run) if spreading else ():
            facts = {fact.id: fact for fact in run.facts.get(scene.subject.id, ())}
            if not any(fact.item in spreading for fact in facts.values()):
                continue
            items = items_for(run.sheet, scene.subject, run.period)
            for line in _scored(scene, run, book).lines:
                more, not_hit = fan_out(items[line.item], facts[line.fact], line, scene, book.subjects)
                derived += more
                refused += not_hit
    return list({(fact.id, fact.item): fact for fact in derived}.values()), refused


def _scored(scene: Scene, run: Run, book: FactBook, more: Sequence[Fact] = ()) -> Scored:
    facts = [*run.facts.get(scene.subject.id, ()), *more]
    return score_lines(scene, facts, calendar=book.calendar, closed=book.closed)


def _run(
    run: Run,
    book: FactBook,
    known: dict[tuple[str, str, str], Total],
    lines: list[ScoreLine],
    refused: list[Refusal],
) -> list[Candidate]:
    """Lines and totals of one sheet in one period, entered into what is known so far."""
    label = run.period.label if run.period is not None else ""
    totals: dict[str, Total] = {}
    for scene in scenes_of(run):
        more = list(facts_from_totals(scene, book.subjects, known))
        scored = _scored(scene, run, book, more)
        lines += scored.lines
        refused += scored.refused
        totals[scene.subject.id] = _total(scene, scored.lines)
    totals |= _joined(run.sheet, run.subjects, totals)
    known |= {(run.sheet.id, id_, label): total for id_, total in totals.items()}
    scenes = {one.id: Scene(run.sheet, one, run.period) for one in run.subjects}
    return [Candidate(one, totals[one.id], scenes[one.id].facets) for one in run.subjects if one.id in totals]


def _total(scene: Scene, lines: Sequence[ScoreLine]) -> Total:
    """A weight or limit without a number leaves the subject unassessed and says why."""
    try:
        return total_of(scene, lines)
    except NoAmount as exc:
        label = scene.period.label if scene.period is not None else ""
        empty = Total(scene.subject.id, scene.sheet.id, label, None, (), (), ())
        return replace(empty, reason=f"未考核：{exc}")


def _joined(sheet: Sheet, subjects: Sequence[Subject], totals: dict[str, Total]) -> dict[str, Total]:
    parts_of: dict[str, list[Subject]] = {}
    for one in subjects:
        if one.part_of is not None and one.id in totals:
            parts_of.setdefault(one.part_of, []).append(one)
    whole = {}
    for one in subjects:
        parts = parts_of.get(one.id, [])
        if parts:
            days = {part.id: part.days for part in parts if part.days is not None}
            whole[one.id] = joined(one, [totals[part.id] for part in parts], days, sheet)
    return whole
