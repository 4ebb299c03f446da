"""Standings: one subject alone comes to what it comes to among all, and what is shown is never stale."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.orm import Session

from kaohe_flow.organization.officer import commands as officers
from kaohe_flow.results.ranking import queries as ranking
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scheme.plan.commands import adopt
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from tests.factories.casework import Bureau

HITTING = """
format: 1
id: hitting
sheets:
  - id: officer_month
    for: {kind: officer}
    period: {kind: month, first_day: 26}
    items: [{id: BIZ-07, mode: reward, points: 2, cap: 5, fan_out: [{to: unit, item: BIZ-08}]}]
    rankings: [{id: sequence, within: sequence}]
  - id: unit_month
    for: {kind: unit}
    period: {kind: month, first_day: 26}
    items: [{id: BIZ-08, mode: reward, points: 1, cap: 3}]
    rankings: [{id: sequence, within: sequence}]
"""


def month(session: Session, bureau: Bureau) -> Period:
    return periods.get(session, bureau.sheet.period.id)


def test_a_subject_alone_comes_to_the_same_as_among_all(bureau: Bureau) -> None:
    with bureau.acting() as work:
        adopt(work, HITTING, bureau.sheet.period.starts_on)
    for count in (2, 3, 1):
        bureau.approve(bureau.submit(bureau.city.wang, count=Decimal(count)))

    with bureau.reading() as session:
        period = month(session, bureau)
        among_all = {total.subject: total for total in ranking.outcome(session, period).totals}
        for subject, total in among_all.items():
            kind, _, number = subject.partition(":")
            (alone,) = ranking.of_subject(session, period, SubjectKind(kind), int(number)).totals
            assert (alone.points, alone.modules, alone.reason) == (total.points, total.modules, total.reason)
    assert among_all[f"officer:{bureau.city.wang}"].points == Decimal("5.00")
    assert among_all[f"unit:{bureau.city.station}"].points == Decimal("3.00")


def test_standings_are_worked_out_once_until_somebody_does_something(bureau: Bureau) -> None:
    bureau.approve(bureau.submit(bureau.city.wang))

    with bureau.reading() as session:
        first = ranking.current(session, month(session, bureau))
    with bureau.reading() as session:
        again = ranking.current(session, month(session, bureau))
    bureau.approve(bureau.submit(bureau.city.wang))
    with bureau.reading() as session:
        later = ranking.current(session, month(session, bureau))

    points = {row.subject: row.points for row in later.rows}
    assert again is first
    assert points[f"officer:{bureau.city.wang}"] == Decimal("4.00")


def test_a_transfer_shows_in_the_standings_at_once(bureau: Bureau) -> None:
    with bureau.reading() as session:
        before = ranking.current(session, month(session, bureau))
    with bureau.acting() as work:
        since = bureau.sheet.period.starts_on
        officers.transfer(work, bureau.city.wang, unit_id=bureau.city.far_station, since=since)
    with bureau.reading() as session:
        after = ranking.current(session, month(session, bureau))

    wang = f"officer:{bureau.city.wang}"
    assert {row.unit for row in before.rows if row.subject == wang} == {"城关派出所"}
    assert {row.unit for row in after.rows if row.subject == wang} == {"河口派出所"}


def test_a_command_never_reads_what_was_kept(bureau: Bureau) -> None:
    with bureau.reading() as session:
        kept = ranking.current(session, month(session, bureau))
    with bureau.acting() as work:
        assert ranking.current(work.session, month(work.session, bureau)) is not kept
