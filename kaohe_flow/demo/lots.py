"""The officers with a lot of their own: secondment, maternity leave, identities, a transfer."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from kaohe_flow.demo.city import Lot
from kaohe_flow.demo.people import FOUNDED, Crowd, Person
from kaohe_flow.demo.seasons import Seasons
from kaohe_flow.kernel.actor import CLOCK
from kaohe_flow.kernel.unit_of_work import Database, Work
from kaohe_flow.organization.officer import commands as officers
from kaohe_flow.organization.officer.rules import STANDARD_IDENTITIES, LeaveKind, MembershipKind
from kaohe_flow.organization.unit.rules import Span

MOVED_ON: Final = date(2025, 7, 1)
MATERNITY: Final = timedelta(days=158)
HOST: Final = "ZAZD"
IDENTITIES: Final = {
    Lot.TWO_IDENTITIES: ("师傅级民警", "兼职法制员"),
    Lot.APPRENTICE: ("徒弟级民警",),
}


def cast(database: Database, crowd: Crowd, seasons: Seasons) -> None:
    """Write down what is special about some officers, all of it before the first month."""
    with database.write_tx(CLOCK, seasons.founded_at) as work:
        for person in crowd.people:
            _cast(work, crowd, person, seasons)


def is_present(person: Person) -> bool:
    """Whether the officer reports any work in the demo."""
    return person.post.lot not in {Lot.ON_LEAVE, Lot.NO_POINTS}


def _cast(work: Work, crowd: Crowd, person: Person, seasons: Seasons) -> None:
    lot, first = person.post.lot, seasons.before.span.starts_on
    if lot is Lot.ON_LEAVE:
        stay = Span(first - timedelta(days=20), first - timedelta(days=20) + MATERNITY)
        officers.record_leave(work, person.id, kind=LeaveKind.MATERNITY, stay=stay, reason="产假")
    elif lot is Lot.SECONDED:
        stay = Span(first, first + timedelta(days=365))
        officers.second(work, person.id, unit_id=crowd.units[HOST], stay=stay, kind=MembershipKind.SECONDMENT)
    elif lot is Lot.MOVED:
        officers.transfer(work, person.id, unit_id=crowd.units[person.place], since=MOVED_ON)
    for code in IDENTITIES.get(lot, ()):
        factor: Decimal = STANDARD_IDENTITIES[code]
        officers.grant_identity(work, person.id, code=code, factor=factor, stay=Span(FOUNDED))
