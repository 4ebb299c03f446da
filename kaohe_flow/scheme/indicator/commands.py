"""Indicators are drafted, revised, made effective and retired; rules sheets become drafts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import KaoheError, Problem
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.change import commands as changes
from kaohe_flow.organization.line import queries as lines
from kaohe_flow.organization.line.model import BusinessLine
from kaohe_flow.organization.unit.rules import tidy
from kaohe_flow.records.audit.commands import record
from kaohe_flow.scheme.banlist import queries as banlist
from kaohe_flow.scheme.banlist.commands import let_pass
from kaohe_flow.scheme.indicator import queries
from kaohe_flow.scheme.indicator.gateway import SheetRow, read_rules_sheet
from kaohe_flow.scheme.indicator.model import Indicator, IndicatorVersion
from kaohe_flow.scheme.indicator.rules import (
    OWNERS_WITHOUT_LINE,
    Content,
    IndicatorCodeTaken,
    IndicatorNotFound,
    IndicatorRefused,
    LineInUse,
    RuleCheck,
    StartsTooEarly,
    VersionFrozen,
    VersionState,
    check_complete,
    code_faults,
    content_faults,
    tidied,
    tidy_code,
)
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scheme.period.rules import PeriodState

NAMED = 5  # codes told in one sentence


@dataclass(frozen=True, slots=True)
class RowRefused:
    """One row of the sheet that was left out, with everything wrong with it."""

    number: int
    code: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, by code; the refused rows left no trace."""

    created: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]
    refused: tuple[RowRefused, ...]


def draft(
    work: Work,
    code: str,
    content: Content,
    *,
    check_rule: RuleCheck,
    override_reason: str | None = None,
) -> IndicatorVersion:
    """A new indicator with its first draft.

    ``check_rule`` judges the item rule in the words of the scheme format. Raises ``IndicatorRefused``,
    ``IndicatorCodeTaken``, and for forbidden targets ``BannedIndicator`` unless an office gives a reason.
    """
    code, content = tidy_code(code), tidied(content)
    _check(work, content, check_rule, code_faults(code))
    taken = work.session.scalar(select(Indicator).where(Indicator.code == code))
    if taken is not None:
        raise IndicatorCodeTaken(
            field="code", indicator=code, name=queries.latest(work.session, taken.id).name
        )
    indicator = Indicator(code=code, created_at=work.now, created_by_id=work.actor.officer_id)
    work.session.add(indicator)
    work.session.flush()
    return _write_draft(work, indicator, content, override_reason)


def revise(
    work: Work,
    indicator_id: int,
    content: Content,
    *,
    check_rule: RuleCheck,
    override_reason: str | None = None,
) -> IndicatorVersion:
    """Rewrite the draft in hand; where the last version is frozen, begin the next one."""
    content = tidied(content)
    _check(work, content, check_rule)
    indicator = _locked(work, indicator_id)
    return _write_draft(work, indicator, content, override_reason)


def make_effective(
    work: Work, version_id: int, *, from_period_id: int, check_rule: RuleCheck
) -> IndicatorVersion:
    """Freeze a draft and put it in force from the first day of a period; the version before ends there.

    The first version of an indicator may begin with the period that runs, a revision only with one that
    has not begun. Doing it again for the same period changes nothing. Raises ``IndicatorIncomplete``,
    ``BannedIndicator``, ``StartsTooEarly``, ``VersionFrozen``.
    """
    version = queries.version(work.session, version_id)
    _locked(work, version.indicator_id)
    if not version.is_draft:
        if version.valid_from_period_id == from_period_id and version.state is VersionState.EFFECTIVE:
            return version
        raise VersionFrozen(name=version.name, number=version.number)
    check_complete(version.content)
    _check(work, version.content, check_rule)
    let_pass(work, subject(version.indicator), banlist.found_in(work.session, version.content.texts), None)
    period = periods.get(work.session, from_period_id)
    before = _predecessor(work, version)
    _check_start(work, period, before)
    if before is not None:
        before.valid_until_on = period.starts_on - timedelta(days=1)
    version.state = VersionState.EFFECTIVE
    version.valid_from_period_id, version.valid_from_on = period.id, period.starts_on
    version.effective_at, version.effective_by_id = work.now, work.actor.officer_id
    work.session.flush()
    record(
        work,
        "indicator.make_effective",
        subject(version.indicator),
        number=version.number,
        period=period.name,
    )
    return version


def serve(work: Work, indicator_id: int, goal_id: int) -> Indicator:
    """Put an indicator under the goal or key indicator it serves. Raises ``IndicatorRefused`` on a circle."""
    indicator = _locked(work, indicator_id)
    if indicator in queries.lineage(work.session, goal_id):
        raise IndicatorRefused(problems=(Problem("goal_id", "上级目标不能是指标自己或它的下级指标"),))
    indicator.parent_id = goal_id
    work.session.flush()
    record(work, "indicator.serve", subject(indicator), goal=goal_id)
    return indicator


def retire(work: Work, indicator_id: int, *, last_period_id: int, reason: str) -> IndicatorVersion:
    """End an indicator with a period that still runs or is to come; its past stays in force for the past."""
    indicator = _locked(work, indicator_id)
    version = next((row for row in queries.versions(work.session, indicator_id) if not row.is_draft), None)
    period = periods.get(work.session, last_period_id)
    if version is None or version.valid_from_on is None or period.ends_on < version.valid_from_on:
        raise StartsTooEarly(reason=f"指标在{period.name}还没有生效的版本")
    if period.ends_on < local_day(work.now):
        raise StartsTooEarly(reason=f"{period.name}已经结束")
    if not tidy(reason):
        raise IndicatorRefused(problems=(Problem("reason", "请写明停用的理由"),))
    version.valid_until_on, version.state = period.ends_on, VersionState.RETIRED
    work.session.flush()
    record(work, "indicator.retire", subject(indicator), period=period.name, reason=tidy(reason))
    return version


def import_sheet(work: Work, upload: bytes, filename: str, *, check_rule: RuleCheck) -> Imported:
    """Rows of a rules sheet become drafts; a row that says what is known already changes nothing.

    Faulty rows are refused one by one and named. Raises ``UnreadableTable`` or ``SheetRefused`` for the
    sheet as a whole.
    """
    known = {line.name: line.code for line in lines.all_by_code(work.session).values()}
    rows = read_rules_sheet(upload, filename, {**known, **{code: code for code in known.values()}})
    done: dict[str, list[str]] = {"created": [], "updated": [], "unchanged": []}
    refused: list[RowRefused] = []
    for row in rows:
        if row.content is None:
            refused.append(RowRefused(row.number, row.code, row.problems))
            continue
        try:
            with work.session.begin_nested():
                done[_import_row(work, row.code, row.content, check_rule)].append(row.code)
        except KaoheError as exc:
            refused.append(_refusal(row, exc))
    counts: dict[str, int] = {name: len(codes) for name, codes in done.items()}
    record(work, "indicator.import", f"file:{filename}", refused=len(refused), **counts)
    return Imported(
        created=tuple(done["created"]),
        updated=tuple(done["updated"]),
        unchanged=tuple(done["unchanged"]),
        refused=tuple(refused),
    )


def subject(indicator: Indicator) -> str:
    """The case key of an indicator."""
    return f"indicator:{indicator.id}"


def _import_row(work: Work, code: str, content: Content, check_rule: RuleCheck) -> str:
    content = tidied(content)
    indicator = work.session.scalar(select(Indicator).where(Indicator.code == code))
    if indicator is None:
        draft(work, code, content, check_rule=check_rule)
        return "created"
    if queries.latest(work.session, indicator.id).content == content:
        return "unchanged"
    revise(work, indicator.id, content, check_rule=check_rule)
    return "updated"


def _refusal(row: SheetRow, exc: KaoheError) -> RowRefused:
    problems: tuple[Problem, ...] = getattr(exc, "problems", ())
    return RowRefused(row.number, row.code, problems or (Problem(exc.field or "整行", str(exc)),))


def _check(work: Work, content: Content, check_rule: RuleCheck, others: tuple[Problem, ...] = ()) -> None:
    """Raises ``IndicatorRefused`` with all faults, ``LineNotFound`` for an owner nobody knows."""
    rule: Mapping[str, Any] = content.rule
    faults = (*others, *content_faults(content))
    if not faults and rule:
        faults = tuple(check_rule(rule))
    if faults:
        raise IndicatorRefused(problems=faults)
    if content.line_code and content.line_code not in OWNERS_WITHOUT_LINE:
        line = lines.by_code(work.session, content.line_code)
        if not line.span.covers(local_day(work.now)):
            raise IndicatorRefused(problems=(Problem("line_code", f"业务线“{line.name}”已停用"),))


def _write_draft(
    work: Work, indicator: Indicator, content: Content, override_reason: str | None
) -> IndicatorVersion:
    let_pass(work, subject(indicator), banlist.found_in(work.session, content.texts), override_reason)
    existing = queries.versions(work.session, indicator.id)
    version = existing[0] if existing and existing[0].is_draft else None
    if version is None:
        number = existing[0].number + 1 if existing else 1
        version = IndicatorVersion(
            indicator=indicator,
            number=number,
            state=VersionState.DRAFT,
            author_id=work.actor.officer_id,
            created_at=work.now,
        )
    version.content = content
    work.session.add(version)
    work.session.flush()
    record(work, "indicator.draft", subject(indicator), number=version.number, name=content.name)
    return version


def _predecessor(work: Work, version: IndicatorVersion) -> IndicatorVersion | None:
    rows = queries.versions(work.session, version.indicator_id)
    return next((row for row in rows if not row.is_draft), None)


def _check_start(work: Work, period: Period, before: IndicatorVersion | None) -> None:
    if period.state is not PeriodState.OPEN:
        raise StartsTooEarly(reason=f"{period.name}{period.state.label}")
    if before is None or before.valid_from_on is None:
        return
    if period.starts_on <= local_day(work.now):
        raise StartsTooEarly(reason=f"{period.name}已经开始，修订后的指标只能从下一考核期起生效")
    if period.starts_on <= before.valid_from_on:
        raise StartsTooEarly(reason=f"上一版从 {before.valid_from_on} 起生效")
    if before.state is VersionState.RETIRED:
        raise StartsTooEarly(reason="指标已经停用")


def _locked(work: Work, indicator_id: int) -> Indicator:
    """The indicator, held until the end of the command, so that versions are numbered one by one."""
    indicator = work.session.scalar(select(Indicator).where(Indicator.id == indicator_id).with_for_update())
    if indicator is None:
        raise IndicatorNotFound(what=indicator_id)
    return indicator


def close_line(work: Work, code: str, *, last_day: date) -> BusinessLine:
    """A business line ends once nothing is measured under it any more. Raises ``LineInUse``."""
    line = lines.by_code(work.session, code)
    codes = sorted({version.indicator.code for version in queries.under_line(work.session, code, last_day)})
    if codes:
        raise LineInUse(name=line.name, count=len(codes), codes="、".join(codes[:NAMED]))
    return changes.close_line(work, code, last_day=last_day)
