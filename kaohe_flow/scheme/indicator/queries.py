"""The indicator library: what there is, what is in force for a period, how it used to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from kaohe_flow.kernel.errors import Problem
from kaohe_flow.kernel.paging import PAGE_SIZE, Page
from kaohe_flow.organization.unit.rules import tidy
from kaohe_flow.scheme.banlist import queries as banlist
from kaohe_flow.scheme.banlist.rules import Hit
from kaohe_flow.scheme.indicator.model import Indicator, IndicatorVersion
from kaohe_flow.scheme.indicator.rules import (
    IndicatorNotFound,
    Mode,
    Module,
    NotInForce,
    TargetKind,
    VersionState,
    missing,
)
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scheme.period.rules import year_period

DEEPEST_LINEAGE = 10


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for in the library; everything is optional. ``ids`` narrows to given indicators.

    With ``year`` the latest wording of that assessment year is shown, otherwise the latest of all.
    """

    year: int | None = None
    module: Module | None = None
    mode: Mode | None = None
    line: str | None = None
    state: VersionState | None = None
    target_kind: TargetKind | None = None
    keyword: str = ""
    ids: frozenset[int] | None = None
    number: int = 1
    size: int = PAGE_SIZE


def get(session: Session, indicator_id: int) -> Indicator:
    """One indicator. Raises ``IndicatorNotFound``."""
    indicator = session.get(Indicator, indicator_id)
    if indicator is None:
        raise IndicatorNotFound(what=indicator_id)
    return indicator


def by_code(session: Session, code: str) -> Indicator:
    """One indicator by its code, such as ``BIZ-07``. Raises ``IndicatorNotFound``."""
    indicator = session.scalar(select(Indicator).where(Indicator.code == code))
    if indicator is None:
        raise IndicatorNotFound(what=code)
    return indicator


def version(session: Session, version_id: int) -> IndicatorVersion:
    """One wording together with its indicator. Raises ``IndicatorNotFound``."""
    found = session.scalar(_versions().where(IndicatorVersion.id == version_id))
    if found is None:
        raise IndicatorNotFound(what=version_id)
    return found


def versions_by_id(session: Session, version_ids: Iterable[int]) -> dict[int, IndicatorVersion]:
    """Wordings with their indicators by id, in one statement; an id without one is left out."""
    wanted = _versions().where(IndicatorVersion.id.in_(sorted(set(version_ids))))
    return {found.id: found for found in session.scalars(wanted)}


def faults(session: Session, version_id: int) -> tuple[Problem, ...]:
    """Everything that still keeps a draft from being issued: fields to fill in, forbidden targets found."""
    found = version(session, version_id)
    passed = banlist.passed_phrases(session, f"indicator:{found.indicator_id}")
    return (
        *missing(found.content),
        *(
            Problem(hit.where, f"含有禁止设立的考核内容“{hit.phrase}”（{hit.found}）")
            for hit in banlist.found_in(session, found.content.texts)
            if hit.phrase not in passed
        ),
    )


def versions(session: Session, indicator_id: int) -> Sequence[IndicatorVersion]:
    """Every wording of an indicator, the latest first."""
    wanted = _versions().where(IndicatorVersion.indicator_id == indicator_id)
    return session.scalars(wanted.order_by(IndicatorVersion.number.desc())).all()


def latest(session: Session, indicator_id: int) -> IndicatorVersion:
    """The last wording, draft or not. Raises ``IndicatorNotFound``."""
    found = versions(session, indicator_id)
    if not found:
        raise IndicatorNotFound(what=indicator_id)
    return found[0]


def in_force(session: Session, indicator_id: int, period: Period) -> IndicatorVersion:
    """The wording that a period is measured by, also years later. Raises ``NotInForce``."""
    found = in_force_of(session, (indicator_id,), period).get(indicator_id)
    if found is None:
        raise NotInForce(what=get(session, indicator_id).code, period=period.name)
    return found


def in_force_of(
    session: Session, indicator_ids: Iterable[int], period: Period
) -> dict[int, IndicatorVersion]:
    """The wordings of many indicators for one period by indicator id; those not in force are left out."""
    wanted = _versions().where(
        IndicatorVersion.indicator_id.in_(sorted(set(indicator_ids))), covers(period.starts_on)
    )
    return {found.indicator_id: found for found in session.scalars(wanted)}


def all_in_force(session: Session, period: Period) -> Sequence[IndicatorVersion]:
    """Everything a period is measured by, by code."""
    return session.scalars(_versions().where(covers(period.starts_on)).order_by(Indicator.code)).all()


def modes(session: Session, period: Period) -> dict[str, Mode]:
    """How each indicator in force for a period is scored, by code."""
    rows = session.execute(
        select(Indicator.code, IndicatorVersion.mode)
        .join(Indicator, Indicator.id == IndicatorVersion.indicator_id)
        .where(covers(period.starts_on))
    )
    return {code: mode for code, mode in rows}


def under_line(session: Session, line_code: str, day: date) -> Sequence[IndicatorVersion]:
    """Drafts of the line, and wordings of it that would be in force after ``day``, by code."""
    goes_on = or_(IndicatorVersion.valid_until_on.is_(None), IndicatorVersion.valid_until_on > day)
    wanted = _versions().where(IndicatorVersion.line_code == line_code, goes_on)
    return session.scalars(wanted.order_by(Indicator.code)).all()


@dataclass(frozen=True, slots=True)
class Banned:
    """A wording in which the ban list finds something that no office has let pass."""

    version: IndicatorVersion
    hits: tuple[Hit, ...]


def banned(session: Session, day: date) -> tuple[Banned, ...]:
    """Drafts, and wordings in force on or after ``day``, that the ban list hits, by code."""
    goes_on = or_(IndicatorVersion.valid_until_on.is_(None), IndicatorVersion.valid_until_on >= day)
    found = []
    for version in session.scalars(_versions().where(goes_on).order_by(Indicator.code)):
        hits = banlist.found_in(session, version.content.texts)
        passed = banlist.passed_phrases(session, f"indicator:{version.indicator_id}") if hits else frozenset()
        open_ones = tuple(hit for hit in hits if hit.phrase not in passed)
        if open_ones:
            found.append(Banned(version, open_ones))
    return tuple(found)


def covers(first_day: date) -> ColumnElement[bool]:
    """The condition of being in force for a period that begins on ``first_day``; drafts have no day."""
    return and_(
        IndicatorVersion.valid_from_on <= first_day,
        or_(IndicatorVersion.valid_until_on.is_(None), IndicatorVersion.valid_until_on >= first_day),
    )


def lineage(session: Session, indicator_id: int) -> tuple[Indicator, ...]:
    """From the indicator up to the goal it serves, the indicator first."""
    steps = [get(session, indicator_id)]
    while steps[-1].parent_id is not None and len(steps) < DEEPEST_LINEAGE:
        steps.append(get(session, steps[-1].parent_id))
    return tuple(steps)


def library(session: Session, search: Search) -> Page[IndicatorVersion]:
    """One page of the library, by code; of each indicator one wording, with the indicator loaded."""
    shown = _versions().where(IndicatorVersion.id.in_(_shown_ids(search)), *_narrowed(search))
    total = session.scalar(
        select(func.count()).select_from(shown.with_only_columns(IndicatorVersion.id).subquery())
    )
    rows = session.scalars(
        shown.order_by(Indicator.code).limit(search.size).offset((search.number - 1) * search.size)
    ).all()
    return Page(rows=rows, number=search.number, total=total or 0, size=search.size)


def _versions() -> Select[IndicatorVersion]:
    return (
        select(IndicatorVersion)
        .join(Indicator, Indicator.id == IndicatorVersion.indicator_id)
        .options(contains_eager(IndicatorVersion.indicator))
    )


def _shown_ids(search: Search) -> Select[int]:
    """Of each indicator the latest wording of the year and state asked for."""
    last = select(IndicatorVersion.indicator_id, func.max(IndicatorVersion.number).label("number"))
    if search.year is not None:
        year = year_period(search.year)
        last = last.where(
            IndicatorVersion.valid_from_on <= year.ends_on,
            or_(IndicatorVersion.valid_until_on.is_(None), IndicatorVersion.valid_until_on >= year.starts_on),
        )
    if search.state is not None:
        last = last.where(IndicatorVersion.state == search.state)
    latest_of = last.group_by(IndicatorVersion.indicator_id).subquery()
    return select(IndicatorVersion.id).join(
        latest_of,
        and_(
            IndicatorVersion.indicator_id == latest_of.c.indicator_id,
            IndicatorVersion.number == latest_of.c.number,
        ),
    )


def _narrowed(search: Search) -> list[ColumnElement[bool]]:
    exact = {
        IndicatorVersion.module: search.module,
        IndicatorVersion.mode: search.mode,
        IndicatorVersion.line_code: search.line,
        IndicatorVersion.target_kind: search.target_kind,
    }
    conditions: list[ColumnElement[bool]] = [
        column == value for column, value in exact.items() if value is not None
    ]
    if search.ids is not None:
        conditions.append(Indicator.id.in_(sorted(search.ids)))
    return conditions + [_says(word) for word in tidy(search.keyword).split()]


def _says(word: str) -> ColumnElement[bool]:
    texts = (IndicatorVersion.name, IndicatorVersion.rule_text, IndicatorVersion.measure)
    return or_(
        Indicator.code.contains(word.upper(), autoescape=True),
        *(text.contains(word, autoescape=True) for text in texts),
    )
