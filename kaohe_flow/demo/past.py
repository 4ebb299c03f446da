"""Months that are told in bulk: changes of the bureau, claims of everybody, incidents, the seal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Final

from sqlalchemy import select

from kaohe_flow.casework.submission.model import Claim
from kaohe_flow.casework.submission.queries import LIVE
from kaohe_flow.demo.bulk.month import Wanted, load_month, plan
from kaohe_flow.demo.bulk.pools import Pools
from kaohe_flow.demo.bulk.reporters import reporters
from kaohe_flow.demo.bulk.script import Task
from kaohe_flow.demo.catalogue import Issuable
from kaohe_flow.demo.changes import change
from kaohe_flow.demo.closing import close
from kaohe_flow.demo.diary import Diary
from kaohe_flow.demo.incidents import Fortune, Incidents
from kaohe_flow.demo.lots import is_present
from kaohe_flow.demo.people import Crowd, crowd_of
from kaohe_flow.demo.seasons import Month, Seasons
from kaohe_flow.demo.story import Stage, Story
from kaohe_flow.demo.telling import Cast
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.scheme.period import queries as periods

REVIEWED_WITHIN: Final = 3  # working days after the cut-off
TOLD_ON: Final = timedelta(days=40)  # how long after its cut-off a month's cases are followed
WITHOUT_POINTS: Final = 0.005  # share of officers who report nothing in a month


def tell_past(
    stage: Stage, crowd: Crowd, seasons: Seasons, month: Month, issuables: Sequence[Issuable]
) -> None:
    """One earlier month from its first day to its seal."""
    database = stage.database
    change(database, crowd, seasons, month)
    crowd = crowd_of(database, crowd.city, month.span.ends_on)
    report_in_bulk(stage, crowd, month, lambda _officer: False)
    then = min(stage.now, month.span.cutoff_at + TOLD_ON)
    stage.progress.stage(
        f"{month.span.name}：奖惩、复议、封存", (local_day(then) - month.span.starts_on).days
    )
    story = Story(replace(stage, now=then), crowd, month.span.starts_on)
    cast = Cast(story)
    found = incidents_of(story.stage, crowd, month, cast.diary, issuables)
    cast.meet(replace(seasons, now=then), month, found, {one.code: one for one in issuables})
    close(story, month, cast.calendar)
    story.play()


def report_in_bulk(stage: Stage, crowd: Crowd, month: Month, spare: Callable[[int], bool]) -> None:
    """The claims of everybody but those who are spared; all are over before the month is reckoned."""
    with stage.database.read() as session:
        calendar = periods.calendar(session)
    until = min(stage.now, calendar.deadline(month.span.cutoff_at, REVIEWED_WITHIN))
    chance = Random(f"zero:{month.span.code}")  # noqa: S311 - a story, no secret
    silent = {one.id for one in crowd.people if chance.random() < WITHOUT_POINTS or not is_present(one)}
    wanted = Wanted(month.id, month.span, _each(crowd, month, stage.now), until)
    stage.progress.stage(f"{month.span.name}：安排报送")
    scripts = plan(stage.database, wanted, lambda officer_id: officer_id in silent or spare(officer_id))
    stage.progress.stage(f"{month.span.name}：报送、审核、计分", len(scripts))
    load_month(stage.database, stage.files, wanted, scripts, stage.progress.advance)


def incidents_of(
    stage: Stage, crowd: Crowd, month: Month, diary: Diary, issuables: Sequence[Issuable]
) -> Incidents:
    """What happens to people outside the story in a month, as far as it has run."""
    is_open = stage.now <= month.span.cutoff_at
    by_code = {one.code: one for one in issuables}
    return Fortune(crowd, month, is_open=is_open).incidents(diary, _tasks(stage.database, month), by_code)


def _tasks(database: Database, month: Month) -> Mapping[int, Sequence[Task]]:
    """What officers can still report on: what counts once a month and is reported is not among it."""
    with database.read() as session:
        found = reporters(session, periods.get(session, month.id), Pools(session))
        live = select(Claim.officer_id, Claim.indicator_version_id).where(
            Claim.period_id == month.id, Claim.state.in_(LIVE)
        )
        reported = {(officer_id, version_id) for officer_id, version_id in session.execute(live)}
    return {
        officer_id: [
            task
            for task in one.tasks
            if not task.item.is_measured or (officer_id, task.version_id) not in reported
        ]
        for one in found
        if (officer_id := one.actor.officer_id) is not None
    }


def _each(crowd: Crowd, month: Month, now: datetime) -> int:
    """Claims of an officer: all in a whole month, in proportion while it runs."""
    span, each = month.span, crowd.city.each
    days = (min(local_day(now), span.ends_on) - span.starts_on).days + 1
    return max(1, round(Fraction(each * days, (span.ends_on - span.starts_on).days + 1)))
