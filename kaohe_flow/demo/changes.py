"""What changes over the months: officers move, two stations become one, an indicator is revised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Final

from kaohe_flow.demo.catalogue import checked_with_the_scheme, contents
from kaohe_flow.demo.city import COUNTY, Lot
from kaohe_flow.demo.people import Crowd, Person
from kaohe_flow.demo.seasons import Month, Seasons
from kaohe_flow.kernel.actor import CLOCK
from kaohe_flow.kernel.calendar import start_of
from kaohe_flow.kernel.unit_of_work import Database, Work
from kaohe_flow.organization.officer import commands as officers
from kaohe_flow.organization.role import commands as roles
from kaohe_flow.organization.role.rules import Role
from kaohe_flow.organization.unit import commands as units
from kaohe_flow.organization.unit.rules import Level, NewUnit, Span, UnitKind
from kaohe_flow.scheme.indicator import commands as indicators
from kaohe_flow.scheme.indicator.queries import by_code

MOVES_A_YEAR: Final = 0.05  # share of officers
REVISED: Final = "BIZ-08"
NEW_RULE: Final = "95%以上得满分，80%以下不得分，其间按比例；抽查样本不足30条的由归口部门补抽"
MERGED: Final = ("P01", "P02")
ONE_DAY: Final = timedelta(days=1)


def change(database: Database, crowd: Crowd, seasons: Seasons, month: Month) -> None:
    """What changes with the first day of a month; the middle one brings the merger and the revision."""
    moment = start_of(month.span.starts_on) - timedelta(hours=1)
    chance = Random(f"changes:{month.span.code}")  # noqa: S311 - a story, no secret
    with database.write_tx(CLOCK, moment) as work:
        for person, place in _movers(crowd, chance):
            officers.transfer(work, person.id, unit_id=crowd.units[place], since=month.span.starts_on)
        if month is middle(seasons):
            _merge(work, crowd, month.span.starts_on)
            _revise(work, month)


def middle(seasons: Seasons) -> Month:
    """The month in which the bureau is reorganised: July if there is one among the earlier months."""
    july = [month for month in seasons.earlier if month.span.code.endswith("-07")]
    return july[0] if july else seasons.earlier[len(seasons.earlier) // 2]


def _movers(crowd: Crowd, chance: Random) -> list[tuple[Person, str]]:
    """Ordinary officers of stations outside the story go to another station of their bureau."""
    city = crowd.city
    settled = {f"{bureau}-{code}" for bureau in _merging(crowd) for code in MERGED}
    stations = [code for code, kind in city.kinds.items() if kind is UnitKind.STATION and code not in settled]
    can = [
        person
        for person in crowd.people
        if person.place in set(stations) and not person.post.roles and not person.post.username
        and person.post.lot is Lot.ORDINARY and not person.place.startswith(COUNTY)
    ]  # fmt: skip
    count = min(len(can), round(len(crowd.people) * MOVES_A_YEAR / 12))
    moved = []
    for person in chance.sample(can, count):
        others = [one for one in stations if city.by_code[one].parent == city.by_code[person.place].parent]
        moved.append(
            (person, chance.choice([one for one in others if one != person.place] or [person.place]))
        )
    return [(person, place) for person, place in moved if not _is_there(crowd, person, place)]


def _is_there(crowd: Crowd, person: Person, place: str) -> bool:
    return crowd.serving[person.id] == crowd.units[place]


def _merging(crowd: Crowd) -> Sequence[str]:
    """The county whose first two stations become one."""
    counties = [code for code, kind in crowd.city.kinds.items() if kind is UnitKind.COUNTY_BUREAU]
    return [code for code in counties if code != COUNTY][:1]


def _merge(work: Work, crowd: Crowd, day: date) -> None:
    for bureau in _merging(crowd):
        first, second = (crowd.city.by_code[f"{bureau}-{code}"] for code in MERGED)
        town = first.name.removesuffix("派出所") + second.name.removesuffix("镇派出所")
        new = NewUnit(
            f"{bureau}-P90",
            f"{town}中心派出所",
            f"{town}中心派出所",
            Level.BASIC,
            UnitKind.STATION,
            day,
            parent_id=crowd.units[bureau],
            sequence="派出所",
            peer_group=bureau,
        )
        unit = units.succeed(work, crowd.units[first.code], new)
        units.close(work, crowd.units[second.code], last_day=day - ONE_DAY)
        for old in (first.code, second.code):
            _move_in(work, crowd, crowd.units[old], unit.id, day)
        _appoint(work, crowd, first.code, unit.id, day)


def _move_in(work: Work, crowd: Crowd, old: int, new: int, day: date) -> None:
    for person in crowd.people:
        if crowd.serving[person.id] == old:
            roles.revoke_all(work, person.id, last_day=day - ONE_DAY)
            officers.transfer(work, person.id, unit_id=new, since=day)


def _appoint(work: Work, crowd: Crowd, first: str, unit_id: int, day: date) -> None:
    """Head and administrator of the first station lead the new one."""
    for person in crowd.of(first):
        for role in (Role.UNIT_HEAD, Role.UNIT_ADMIN):
            if f"{role.value}@{first}" in person.post.roles:
                roles.grant(work, roles.Grant(person.id, role, unit_id, Span(day)))


def _revise(work: Work, month: Month) -> None:
    indicator = by_code(work.session, REVISED)
    content = replace(contents()[REVISED], rule_text=NEW_RULE)
    draft = indicators.revise(work, indicator.id, content, check_rule=checked_with_the_scheme)
    indicators.make_effective(work, draft.id, from_period_id=month.id, check_rule=checked_with_the_scheme)
