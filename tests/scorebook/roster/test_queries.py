"""Who is assessed by what: a task counts for those it was issued to, everything else for everybody."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import event
from sqlalchemy.orm import Session

from kaohe_flow.organization.unit.model import Unit
from kaohe_flow.results.ranking import queries as ranking
from kaohe_flow.scheme.issuance import commands as issuance
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scheme.plan.commands import adopt
from kaohe_flow.scorebook.roster.queries import subject_of, subjects_of
from kaohe_flow.scorebook.scoring.facts.rules import Subject
from kaohe_flow.scorebook.scoring.total.rules import Total
from tests.factories import scheme
from tests.factories.casework import NOON, Bureau

# Two tasks of 6 and 4 points in a line of weight 100: whoever holds the first alone is measured by 6.
WEIGHTED = """
format: 1
id: weighted
sheets:
  - id: officer_month
    for: {kind: officer}
    period: {kind: month, first_day: 26}
    modules: [{id: business, name: 业务工作}]
    lines: [{id: 业务, module: business, type: regular, weight: 100, base: 0, full: items}]
    items:
      - {id: BIZ-07, line: 业务, full: 6, points: 2, start: zero}
      - {id: BIZ-09, line: 业务, full: 4, points: 1, start: zero}
      - {id: TEAM-08, line: 业务, mode: penalty, points: 3}
    rankings: [{id: sequence, within: sequence}]
  - id: unit_month
    for: {kind: unit}
    period: {kind: month, first_day: 26}
    items: [{id: BIZ-07, full: 6, points: 2}]
"""


def weighed(bureau: Bureau) -> None:
    """Adopt the weighted plan, and put its second task in force without issuing it."""
    with bureau.database.write_tx(scheme.OFFICE, NOON) as work:
        adopt(work, WEIGHTED, bureau.sheet.period.starts_on)
        scheme.effective(work, "BIZ-09", bureau.sheet.period, name="专项行动")


def the_month(session: Session, bureau: Bureau) -> Period:
    return session.get_one(Period, bureau.sheet.period.id)


def person(bureau: Bureau, officer_id: int) -> Subject:
    with bureau.reading() as session:
        return subject_of(session, "officer", officer_id, the_month(session, bureau))


def total_of(bureau: Bureau, officer_id: int) -> Total:
    with bureau.reading() as session:
        found = ranking.outcome(session, the_month(session, bureau))
    return next(one for one in found.totals if one.subject == f"officer:{officer_id}")


def test_an_officer_is_assessed_by_the_tasks_issued_and_by_every_penalty(bureau: Bureau) -> None:
    weighed(bureau)

    of_wang, of_qian = (set(person(bureau, who).items or ()) for who in (bureau.city.wang, bureau.city.qian))
    assert {"BIZ-07", "TEAM-08"} <= of_wang
    assert "BIZ-09" not in of_wang
    assert of_qian == {"TEAM-08"}


def test_a_task_that_was_not_issued_does_not_enlarge_what_points_are_divided_by(bureau: Bureau) -> None:
    weighed(bureau)

    key = bureau.submit(bureau.city.wang, count=Decimal(3))
    bureau.approve(key)

    assert total_of(bureau, bureau.city.wang).points == Decimal("100.00")  # 6 × 100 ÷ 6, not ÷ 10


def test_what_was_found_still_counts_when_the_task_is_taken_back(bureau: Bureau) -> None:
    weighed(bureau)
    key = bureau.submit(bureau.city.wang, count=Decimal(3))
    bureau.approve(key)

    with bureau.database.write_tx(scheme.OFFICE, NOON) as work:
        issuance.withdraw(work, bureau.assignments["BIZ-07"], reason="本月任务调整，收回")

    assert "BIZ-07" not in (person(bureau, bureau.city.wang).items or ())
    assert total_of(bureau, bureau.city.wang).points == Decimal("100.00")


def test_a_unit_is_assessed_by_what_it_was_given_and_handed_on(bureau: Bureau) -> None:
    weighed(bureau)

    with bureau.reading() as session:
        month = the_month(session, bureau)
        station, county = (
            subject_of(session, "unit", id_, month) for id_ in (bureau.city.station, bureau.city.county)
        )
        stranger = subject_of(session, "unit", bureau.city.squad, month)

    assert "BIZ-07" in (station.items or ())
    assert "BIZ-07" in (county.items or ())
    assert "BIZ-07" not in (stranger.items or ())


def test_people_of_an_authority_outside_the_ranking_have_no_place(bureau: Bureau) -> None:
    with bureau.database.write_tx(scheme.OFFICE, NOON) as work:
        work.session.get_one(Unit, bureau.city.station).ranked = False

    with bureau.reading() as session:
        rows = ranking.current(session, the_month(session, bureau)).rows

    places = {row.subject: row.place for row in rows}
    assert places[f"officer:{bureau.city.wang}"] is None
    assert places[f"officer:{bureau.city.wu}"] is not None


def test_everybody_costs_no_more_statements_than_one(bureau: Bureau) -> None:
    sent: list[str] = []
    with bureau.reading() as session:
        month = the_month(session, bureau)
        engine = session.connection().engine
        event.listen(engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
        subject_of(session, "officer", bureau.city.wang, month)
        for_one = len(sent)
        subjects_of(session, month)

    assert len(sent) - for_one <= for_one + 3, sent  # who there is, the units there are, their tasks
