"""Rankings inside sequences and groups: ties share a place, the next is skipped, missing is not ranked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kaohe_flow.kernel.feel import Value
from kaohe_flow.scheme.definition.amount.rules import fits
from kaohe_flow.scheme.definition.sheet.rules import Ranking
from kaohe_flow.scorebook.scoring.facts.rules import Subject
from kaohe_flow.scorebook.scoring.total.rules import Total


@dataclass(frozen=True, slots=True)
class Place:
    """Where a subject stands in one ranking; ``place`` None with the reason why it is not ranked.

    ``of`` counts the ranked subjects of the group; ``small`` marks a group too small to mean much.
    """

    ranking: str
    group: str
    subject: str
    points: Decimal | None
    place: int | None
    of: int
    tied: int = 1
    small: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A subject with its total and its properties."""

    subject: Subject
    total: Total
    facets: Mapping[str, Value]


def rank(ranking: Ranking, candidates: Sequence[Candidate]) -> tuple[Place, ...]:
    """Places of everyone the ranking speaks of, group by group, best first, the unranked last."""
    groups: dict[str, list[Candidate]] = {}
    for one in candidates:
        if fits(ranking.only, one.facets):
            groups.setdefault(_group(ranking, one.facets), []).append(one)
    return tuple(place for name, members in groups.items() for place in _places(ranking, name, members))


def _group(ranking: Ranking, facets: Mapping[str, Value]) -> str:
    return "·".join(str(facets.get(name) or "未编组") for name in ranking.within)


def _places(ranking: Ranking, name: str, members: list[Candidate]) -> list[Place]:
    sign = -1 if ranking.order == "high_first" else 1
    reasons = {one.subject.id: why_unranked(ranking, one) for one in members}
    ranked = [
        (sign * one.total.points, one)
        for one in members
        if one.total.points is not None and not reasons[one.subject.id]
    ]
    ranked.sort(key=lambda pair: (pair[0], display_key(pair[1])))
    alike = Counter(score for score, _ in ranked)
    first: dict[Decimal, int] = {}
    for position, (score, _) in enumerate(ranked, start=1):
        first.setdefault(score, position)
    of, small = len(ranked), len(ranked) < ranking.small
    places = [
        Place(ranking.id, name, one.subject.id, one.total.points, first[score], of, alike[score], small)
        for score, one in ranked
    ]
    places += [
        Place(ranking.id, name, one.subject.id, one.total.points, None, of, reason=reasons[one.subject.id])
        for one in members
        if reasons[one.subject.id]
    ]
    return places


def why_unranked(ranking: Ranking, candidate: Candidate) -> str:
    """The reason a subject has no place here, or an empty text."""
    if candidate.total.points is None:
        return candidate.total.reason or "未考核"
    if not candidate.subject.ranked:
        return "不参加排名"
    if candidate.subject.part_of is not None:
        return f"并入“{candidate.subject.part_of}”计算"
    if any(fits({name: values}, candidate.facets) for name, values in ranking.exclude.items()):
        return "该类对象不参加排名"
    return ""


def display_key(candidate: Candidate) -> tuple[Decimal, str]:
    """Order among equals on a list: fewer points taken away first, then by id. It never changes a place."""
    return -candidate.total.deducted, candidate.subject.id
