"""Grades with quotas: at most x % rounded down, at least x % rounded up, all equal totals or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scheme.definition.amount.rules import NoAmount, value_of
from kaohe_flow.scheme.definition.method.rules import VetoScope
from kaohe_flow.scheme.definition.sheet.rules import Grade, Ranking, Sheet
from kaohe_flow.scorebook.scoring.rank.rules import Candidate, why_unranked

HUNDRED: Final = Decimal(100)
WITHHELD: Final = "不定等次"
EVERYBODY: Final = Ranking("*")


@dataclass(frozen=True, slots=True)
class Graded:
    """The grade of a subject, None with the reason; ``note`` tells of quotas and ties."""

    subject: str
    group: str
    grade: str | None
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class QuotaCount:
    """How many places a quota gives in one group."""

    group: str
    grade: str
    of: int
    at_most: int | None
    at_least: int | None


@dataclass(frozen=True, slots=True)
class Grading:
    """All grades of a sheet and the quotas behind them."""

    grades: tuple[Graded, ...]
    quotas: tuple[QuotaCount, ...]


def grade(sheet: Sheet, candidates: Sequence[Candidate]) -> Grading:
    """Grades group by group of the ranking named by ``grades_within`` (everybody together without one)."""
    if not sheet.grades:
        return Grading((), ())
    ranking = next((one for one in sheet.rankings if one.id == sheet.grades_within), EVERYBODY)
    groups: dict[str, list[Candidate]] = {}
    for one in candidates:
        name = "·".join(str(one.facets.get(key) or "未编组") for key in ranking.within)
        groups.setdefault(name, []).append(one)
    grades: list[Graded] = []
    quotas: list[QuotaCount] = []
    for name, members in groups.items():
        within = _grade_group(sheet, ranking, name, members)
        grades += within.grades
        quotas += within.quotas
    return Grading(tuple(grades), tuple(quotas))


def _grade_group(sheet: Sheet, ranking: Ranking, name: str, members: list[Candidate]) -> Grading:
    out, open_ = [], []
    for one in members:
        reason = _why_withheld(ranking, one)
        if reason:
            out.append(Graded(one.subject.id, name, None, reason))
        else:
            open_.append(one)
    low_first = ranking.order == "low_first"
    open_.sort(key=lambda one: one.total.points or ZERO, reverse=not low_first)
    quotas = tuple(count_quota(one, name, len(open_)) for one in sheet.grades if one.quota is not None)
    notes: dict[str, str] = {}
    assigned = _assign(sheet.grades, open_, quotas, notes)
    _fill_minimums(sheet.grades, open_, quotas, assigned, notes)
    done = []
    for one in open_:
        id_ = one.subject.id
        got = assigned.get(id_)
        done.append(Graded(id_, name, got, "" if got else "不符合任何等次的条件", notes.get(id_, "")))
    return Grading((*done, *out), quotas)


def _why_withheld(ranking: Ranking, one: Candidate) -> str:
    if VetoScope.GRADE.value in one.total.vetoes or WITHHELD in one.total.flags:
        return WITHHELD
    return why_unranked(ranking, one)


def count_quota(grade_: Grade, group: str, of: int) -> QuotaCount:
    """At most rounds down, at least rounds up: 20 % of 34 is at most 6, 5 % of 34 at least 2."""
    quota = grade_.quota
    most = least = None
    if quota is not None and quota.max is not None:
        most = int((quota.max * of / HUNDRED).to_integral_value(rounding=ROUND_FLOOR))
    if quota is not None and quota.min is not None:
        least = int((quota.min * of / HUNDRED).to_integral_value(rounding=ROUND_CEILING))
    return QuotaCount(group, grade_.id, of, most, least)


def _assign(
    grades: Sequence[Grade],
    ordered: Sequence[Candidate],
    quotas: Sequence[QuotaCount],
    notes: dict[str, str],
) -> dict[str, str]:
    """Best grade first; whoever finds a quota full goes on to the next grade whose conditions hold."""
    limits = {one.grade: one.at_most for one in quotas}
    assigned: dict[str, str] = {}
    for grade_ in grades:
        fitting = [one for one in ordered if one.subject.id not in assigned and _fits(grade_, one)]
        taken = _within_quota(fitting, limits.get(grade_.id), grade_.id, notes)
        assigned |= {one.subject.id: grade_.id for one in taken}
    return assigned


def _within_quota(
    fitting: list[Candidate], most: int | None, grade_id: str, notes: dict[str, str]
) -> list[Candidate]:
    if most is None or len(fitting) <= most:
        return fitting
    edge = fitting[most].total.points
    taken = [one for one in fitting[:most] if one.total.points != edge]
    tie = [one for one in fitting if one.total.points == edge]
    for one in fitting[len(taken) :]:
        notes[one.subject.id] = f"“{grade_id}”名额 {most} 个已满"
    if len(taken) < most:
        for one in tie:
            notes[one.subject.id] = (
                f"“{grade_id}”只剩 {most - len(taken)} 个名额而 {len(tie)} 人同分，由领导小组确定"
            )
    return taken


def _fits(grade_: Grade, one: Candidate) -> bool:
    points = one.total.points
    if points is None or (grade_.when is not None and not grade_.when.holds(points)):
        return False
    if any(flag in one.total.flags for flag in grade_.unless_flags):
        return False
    if grade_.only_if is None:
        return True
    try:
        return value_of(grade_.only_if, {**one.facets, "total": points}) is True
    except NoAmount:
        return False


def _fill_minimums(
    grades: Sequence[Grade],
    ordered: Sequence[Candidate],
    quotas: Sequence[QuotaCount],
    assigned: dict[str, str],
    notes: dict[str, str],
) -> None:
    """A minimum takes the lowest totals of the better grades until it is met."""
    rank_of = {one.id: n for n, one in enumerate(grades)}
    for quota in quotas:
        held = sum(got == quota.grade for got in assigned.values())
        better = [
            one
            for one in reversed(ordered)
            if rank_of.get(assigned.get(one.subject.id, ""), len(grades)) < rank_of[quota.grade]
        ]
        for one in better[: max(0, (quota.at_least or 0) - held)]:
            assigned[one.subject.id] = quota.grade
            notes[one.subject.id] = f"“{quota.grade}”不少于 {quota.at_least} 个，由后向前补足"
