"""Loading the demo city into an empty installation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import select

from kaohe_flow.demo.access import ADMINISTRATORS, OFFICERS, hand_out
from kaohe_flow.demo.catalogue import Issuable, put_in_force
from kaohe_flow.demo.haste import in_haste
from kaohe_flow.demo.issuing import hand_down
from kaohe_flow.demo.lots import cast
from kaohe_flow.demo.people import Crowd, settle
from kaohe_flow.demo.plot import plot, thinned
from kaohe_flow.demo.seasons import Seasons, founding, open_months
from kaohe_flow.demo.story import Stage, Story
from kaohe_flow.demo.telling import tell
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.organization.unit.model import Unit
from kaohe_flow.records.attachment.gateway import FileStore

ACCOUNTS: Final[tuple[tuple[str, str], ...]] = (
    *OFFICERS,
    *((username, description) for username, description, _ in ADMINISTRATORS),
)


def is_empty(database: Database) -> bool:
    """Whether nothing has been established yet; only then may the city be loaded."""
    with database.read() as session:
        return session.scalar(select(Unit.id).limit(1)) is None


def load(
    database: Database,
    files: FileStore,
    *,
    now: datetime | None = None,
    progress: Callable[[str], None] = lambda _said: None,
    thin: int = 1,
) -> None:
    """Load the city as of ``now`` (default: this moment); ``progress`` is told each stage in words.

    Every row is written by the product's own commands, at moments before ``now``. Of the ordinary claims
    only every ``thin``-th is made.
    """
    stage = Stage(database, files, datetime.now(UTC) if now is None else now, progress)
    with in_haste(database.engine):
        _load(stage, thin)


@dataclass(frozen=True, slots=True)
class Founded:
    """The city before its first report: people, months, and what is assessed."""

    crowd: Crowd
    seasons: Seasons
    issuables: tuple[Issuable, ...]


def found_city(stage: Stage) -> Founded:
    """Units, officers, accounts, months, the scheme, the indicators in everybody's hands."""
    database, now, progress = stage.database, stage.now, stage.progress
    progress("单位、民警、职责")
    crowd = settle(database, founding(now))
    progress("账号")
    hand_out(database, crowd, founding(now))
    progress("节假日、考核期")
    seasons = open_months(database, now)
    cast(database, crowd, seasons)
    progress("考核方案、指标")
    issuables = put_in_force(database, seasons, crowd.called("shiban").actor)
    progress("下达、分解、签收")
    hand_down(database, crowd, seasons, issuables)
    return Founded(crowd, seasons, issuables)


def _load(stage: Stage, thin: int) -> None:
    city = found_city(stage)
    stage.progress("报送、审核、奖惩、复议、封存")
    filings = plot(stage.database, city.crowd, city.seasons, city.issuables)
    story = Story(stage, city.crowd, city.seasons.before.span.starts_on)
    tell(story, city.seasons, thinned(filings, thin), city.issuables)
