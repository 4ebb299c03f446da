"""连带: one event, several subjects, each by its own tariff - booked together, fallen together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kaohe_flow.jobs.worker import pass_once
from kaohe_flow.results.ranking import queries as ranking
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.plan.commands import adopt
from kaohe_flow.scorebook.ledger import commands as ledger
from kaohe_flow.scorebook.ledger import queries
from kaohe_flow.scorebook.ledger.commands import Finding
from kaohe_flow.scorebook.ledger.queries import integrity
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from tests.factories.casework import Bureau

CASE = "penalty:1"
SPREADING = """
format: 1
id: spreading
sheets:
  - id: officer_month
    for: {kind: officer}
    period: {kind: month, first_day: 26}
    items:
      - {id: TEAM-08, name: 投诉查实, mode: penalty, points: 3, fan_out: [
          {to: unit, item: TEAM-13}, {to: leaders, item: TEAM-14, share: 50%}]}
      - {id: TEAM-14, name: 领导责任, mode: penalty, points: own}
  - id: unit_month
    for: {kind: unit}
    period: {kind: month, first_day: 26}
    items:
      - {id: TEAM-13, name: 单位队伍违纪连带, mode: penalty, points: 8}
""".replace("points: own", "rule: judged, max: 40")


@pytest.fixture
def spreading(bureau: Bureau) -> Bureau:
    """A plan by which a complaint against Wang hits the station and its head, Sun."""
    with bureau.acting() as work:
        adopt(work, SPREADING, bureau.sheet.period.starts_on)
    return bureau


def found(bureau: Bureau, count: int = 1) -> Finding:
    return Finding(
        period_id=bureau.sheet.period.id,
        subject_kind=SubjectKind.OFFICER,
        subject_id=bureau.city.wang,
        unit_id=bureau.city.station,
        indicator_version_id=bureau.sheet.penalty.id,
        item="TEAM-08",
        happened_on=date(2026, 11, 6),
        case_key=CASE,
        content={"count": str(count)},
        found_by_id=bureau.city.wu,
        found_by_name="吴督察",
    )


def booked(bureau: Bureau) -> dict[str, Decimal]:
    """What stands in the ledger, by subject; checked against the totals and the chain."""
    with bureau.reading() as session:
        period = periods.get(session, bureau.sheet.period.id)
        lines: dict[str, Decimal] = {}
        for line in ranking.outcome(session, period).lines:
            lines[line.subject] = lines.get(line.subject, Decimal(0)) + line.points
        sums = {}
        for subject in lines.keys() | {f"unit:{bureau.city.station}", f"officer:{bureau.city.sun}"}:
            kind, _, number = subject.partition(":")
            awards = queries.booked_awards(session, period.id, SubjectKind(kind), int(number)).values()
            if awards:
                sums[subject] = sum((award.points for award in awards), Decimal(0))
        assert sums == lines
        assert integrity.first_broken(session, period.id) is None
        assert integrity.first_wrong_sum(session, period.id) is None
    return sums


def test_person_unit_and_leader_are_booked_each_by_the_tariff_of_the_item(spreading: Bureau) -> None:
    with spreading.acting() as work:
        ledger.enter(work, found(spreading))

    assert booked(spreading) == {
        f"officer:{spreading.city.wang}": Decimal(-3),
        f"unit:{spreading.city.station}": Decimal(-8),
        f"officer:{spreading.city.sun}": Decimal("-1.5"),
    }


def test_what_others_were_hit_with_falls_with_the_fact(spreading: Bureau) -> None:
    with spreading.acting() as work:
        fact = ledger.enter(work, found(spreading))
        ledger.revoke(work, fact.id, case_key="appeal:1", reason="复议撤销")

    assert booked(spreading) == {}
    with spreading.reading() as session:
        entries = queries.of_case(session, CASE)
    assert len(entries) == 6  # three awards and their reversals stay in the ledger


def test_a_changed_finding_changes_the_leader_s_share_with_it(spreading: Bureau) -> None:
    with spreading.acting() as work:
        fact = ledger.enter(work, found(spreading, count=2))
        assert queries.live_facts_of_case(work.session, CASE) == [fact]
        ledger.revoke(work, fact.id, case_key="appeal:1", reason="复议变更")
        ledger.enter(work, found(spreading))

    assert booked(spreading)[f"officer:{spreading.city.sun}"] == Decimal("-1.5")


def test_a_head_s_own_deed_does_not_hit_the_head_twice(spreading: Bureau) -> None:
    with spreading.acting() as work:
        ledger.enter(work, replace(found(spreading), subject_id=spreading.city.sun))

    assert booked(spreading) == {
        f"officer:{spreading.city.sun}": Decimal(-3),
        f"unit:{spreading.city.station}": Decimal(-8),
    }


def test_a_voucher_after_the_seal_reaches_the_unit_too(spreading: Bureau) -> None:
    with spreading.acting() as work:
        fact = ledger.enter(work, found(spreading))
    for half_day in range(41):
        pass_once(spreading.database, datetime(2026, 11, 25, 16, tzinfo=UTC) + timedelta(hours=12 * half_day))

    with spreading.acting() as work:
        ledger.correct(work, spreading.sheet.period.id, "correction:1", overturn=[fact.id], add=[])
    assert booked(spreading) == {}
    with spreading.acting() as work:
        ledger.correct(work, spreading.sheet.period.id, "correction:2", overturn=[], add=[found(spreading)])

    assert booked(spreading)[f"unit:{spreading.city.station}"] == Decimal(-8)
