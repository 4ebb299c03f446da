"""Loading the demo city into an empty installation, or going on where a load was broken off.

A load goes in parts, each of them one transaction: the city before its first report, one part for every
earlier month, one for the two months of the story. What is in the database says how far it came: a city is
founded or not, a month has claims or not. Nothing else is kept about the load.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Select, func, select

from kaohe_flow.casework.submission.model import Claim
from kaohe_flow.demo.access import ADMINISTRATORS, OFFICERS, hand_out
from kaohe_flow.demo.catalogue import Issuable, in_force_already, put_in_force
from kaohe_flow.demo.city import POSTS, TINY, City
from kaohe_flow.demo.diary import Diary
from kaohe_flow.demo.haste import in_haste
from kaohe_flow.demo.issuing import hand_down
from kaohe_flow.demo.larger import FULL, SMALL, city_of
from kaohe_flow.demo.lots import cast
from kaohe_flow.demo.past import incidents_of, report_in_bulk, tell_past
from kaohe_flow.demo.people import FIRST_POLICE_NO, Crowd, crowd_of, settle
from kaohe_flow.demo.plot import plot, thinned
from kaohe_flow.demo.progress import Progress, Silent
from kaohe_flow.demo.seasons import Month, Seasons, founding, open_months, seasons_of, spans
from kaohe_flow.demo.story import Stage, Story
from kaohe_flow.demo.telling import tell
from kaohe_flow.demo.whole import whole
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import Conflict
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.organization.officer.model import Officer
from kaohe_flow.organization.unit.model import Unit
from kaohe_flow.records.attachment.gateway import FileStore
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.period.model import Period

ACCOUNTS: Final[tuple[tuple[str, str], ...]] = (
    *OFFICERS,
    *((username, description) for username, description, _ in ADMINISTRATORS),
)
CITIES: Final[dict[str, Callable[[], City]]] = {
    "tiny": lambda: TINY,
    "small": lambda: city_of(SMALL),
    "full": lambda: city_of(FULL),
}
MOMENT: Final = timedelta(seconds=1)


class NotTheDemoCity(Conflict):
    """The installation holds something else, or the city of another scale."""

    code = "not-the-demo-city"
    message = "数据库中已有{what}，演示城市（{scale}）只能装入空库，请换一个空的数据目录或数据库"


@dataclass(frozen=True, slots=True)
class Founded:
    """The city before its first report: people, months, and what is assessed."""

    crowd: Crowd
    seasons: Seasons
    issuables: tuple[Issuable, ...]


def is_empty(database: Database) -> bool:
    """Whether nothing has been established yet."""
    with database.read() as session:
        return session.scalar(select(Unit.id).limit(1)) is None


def scale_of(database: Database) -> str | None:
    """The scale of the demo city that was founded here; None for anything else."""
    with database.read() as session:
        heads = session.scalar(select(func.count()).select_from(Officer))
        first = session.scalar(select(Officer.id).where(Officer.police_no == str(FIRST_POLICE_NO)))
    if first is None:
        return None
    return next((scale for scale, city in CITIES.items() if len(city().posts) == heads), None)


def is_broken_off(database: Database) -> bool:
    """Whether a demo city was founded here whose months have not all been told."""
    if scale_of(database) is None:
        return False
    with database.read() as session:
        newest = session.scalar(select(Period.id).order_by(Period.starts_on.desc()).limit(1))
        return newest is None or session.scalar(_claims(newest)) is None


def load(
    database: Database,
    files: FileStore,
    *,
    city: City = TINY,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> bool:
    """Load the city as of ``now`` (default: this moment), or go on with a load that was broken off.

    Every row is written by the product's own commands, at moments before ``now``, or cast from rows that
    they wrote. False: all of it was there. Raises ``NotTheDemoCity``.
    """
    if not is_empty(database):
        _refuse_another(database, city.scale)
        if not is_broken_off(database):
            return False
    moment = _moment(database, datetime.now(UTC) if now is None else now)
    stage = Stage(database, files.in_haste(), moment, progress or Silent())
    with in_haste(database.engine):
        _load(stage, city)
    return True


def _refuse_another(database: Database, scale: str) -> None:
    there = scale_of(database)
    if there != scale:
        what = f"规模为 {there} 的演示城市" if there else "单位或民警"
        raise NotTheDemoCity(what=what, scale=scale)


def _moment(database: Database, now: datetime) -> datetime:
    """``now``; in a city founded in an earlier month, the end of the month it was founded for."""
    with database.read() as session:
        newest = session.scalar(select(Period).order_by(Period.starts_on.desc()).limit(1))
    if newest is None or newest.starts_on <= local_day(now) <= newest.ends_on:
        return now
    return newest.cutoff_at - MOMENT


def _load(stage: Stage, city: City) -> None:
    if is_empty(stage.database):
        with _part(stage) as part:
            founded = found_city(part, city)
    else:
        founded = _found_again(stage, city)
    for month in founded.seasons.earlier:
        if not _is_told(stage.database, month):
            with _part(stage) as part:
                tell_past(part, _today(part, city, month), founded.seasons, month, founded.issuables)
    with _part(stage) as part:
        _tell_story(part, founded)


def found_city(stage: Stage, city: City = TINY) -> Founded:
    """Units, officers, accounts, months, the scheme, the indicators in everybody's hands."""
    database, now, tell_of = stage.database, stage.now, stage.progress.stage
    founded_at = founding(now, city.months)
    tell_of("单位、民警、职责")
    crowd = settle(database, founded_at, city)
    tell_of("账号")
    hand_out(database, crowd, founded_at)
    tell_of("节假日、考核期")
    seasons = open_months(database, now, city.months)
    cast(database, crowd, seasons)
    tell_of("考核方案、指标")
    author = crowd.called("shiban").actor
    issuables = put_in_force(database, seasons, author, all_of_them=city.has_all_indicators)
    tell_of("下达、分解、签收")
    hand_down(database, crowd, seasons, issuables)
    return Founded(crowd, seasons, issuables)


def _found_again(stage: Stage, city: City) -> Founded:
    """What an earlier call has founded."""
    day = spans(stage.now, city.months)[0].starts_on
    return Founded(
        crowd_of(stage.database, city, day),
        seasons_of(stage.database, stage.now, city.months),
        in_force_already(stage.database, all_of_them=city.has_all_indicators),
    )


def _today(stage: Stage, city: City, month: Month) -> Crowd:
    return crowd_of(stage.database, city, month.span.starts_on)


def _tell_story(stage: Stage, founded: Founded) -> None:
    """The month before and this month: the story of the sixty, and what everybody else reports."""
    seasons, city = founded.seasons, founded.crowd.city
    crowd, besides = _today(stage, city, seasons.before), {}
    story = Story(stage, crowd, seasons.before.span.starts_on)
    with stage.database.read() as session:
        calendar = periods.calendar(session)
    if city.is_larger:
        in_story = {person.id for person in crowd.people[: len(POSTS)]}
        for month in seasons.months:
            report_in_bulk(stage, crowd, month, in_story.__contains__)
            diary = Diary(calendar, stage.now, story.chance)
            besides[month] = incidents_of(stage, crowd, month, diary, founded.issuables)
    filings = plot(stage.database, crowd, seasons, founded.issuables)
    days = (local_day(stage.now) - seasons.before.span.starts_on).days
    stage.progress.stage("报送、审核、奖惩、复议、封存", days)
    tell(story, seasons, thinned(filings, city.thin), founded.issuables, besides)


def _is_told(database: Database, month: Month) -> bool:
    with database.read() as session:
        return session.scalar(_claims(month.id)) is not None


def _claims(period_id: int) -> Select[int]:
    return select(Claim.id).where(Claim.period_id == period_id).limit(1)


@contextmanager
def _part(stage: Stage) -> Iterator[Stage]:
    """A part of the load: there as a whole afterwards, or not at all."""
    with whole(stage.database, stage.now) as database:
        yield replace(stage, database=database)
