"""A penalty contested: softened or lifted, for the officer and for the unit that was hit with them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kaohe_flow.casework.appeal.rules import Matter, NotContestable, Outcome
from kaohe_flow.casework.appeal.rules.ladder import RungKind
from kaohe_flow.casework.appeal.rules.ruling import RulingRefused
from kaohe_flow.casework.penalty import commands as penalties
from kaohe_flow.casework.penalty import queries as penalty_rows
from kaohe_flow.casework.penalty.rules.defence import Reply, ReplyKind, Ruling
from kaohe_flow.casework.penalty.rules.finding import Accusation, Figures, PenaltyState
from kaohe_flow.records.attachment.commands import Upload
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.workflow.instance.rules import NotACandidate
from tests.factories.casework import PDF
from tests.factories.court import Court


def accused(court: Court) -> str:
    """Two complaints found true by the county's office; the officer says nothing against it."""
    bureau, city = court.bureau, court.bureau.city
    found = Accusation(
        officer_id=city.wang,
        indicator_version_id=bureau.sheet.penalty.id,
        happened_on=date(2026, 11, 5),
        found_on=date(2026, 11, 9),
        basis="信访查处结论（2026）第17号",
        description="窗口接待群众时两次态度生硬，经查证属实。",
        figures=Figures(count=Decimal(2)),
    )
    with bureau.acting(city.zheng) as work:
        case_key = penalties.accuse(work, found, bureau.files, [Upload("结论.pdf", PDF)]).case_key
    task_id = bureau.task(case_key, "reply")
    with bureau.acting(city.wang) as work:
        penalties.reply(work, task_id, Reply(ReplyKind.CONFIRM), bureau.files, [])
    return case_key


def decided(court: Court, outcome: str = "impose") -> str:
    """The same, decided by the county's line reviewer."""
    case_key = accused(court)
    task_id = court.bureau.task(case_key, "decide")
    with court.bureau.acting(court.bureau.city.wu) as work:
        penalties.decide(work, task_id, Ruling(outcome, "事实清楚，依据适用准确。"))
    return case_key


def unit_points(court: Court) -> Decimal:
    """Booked points of the officer's station."""
    with court.bureau.reading() as session:
        where = (court.bureau.sheet.period.id, SubjectKind.UNIT, court.bureau.city.station)
        return sum(ledger.sums(session, *where).values(), start=Decimal(0))


def test_a_lifted_penalty_gives_back_what_officer_and_unit_lost(court: Court) -> None:
    case_key = decided(court)
    assert (court.points(), unit_points(court)) == (Decimal(-6), Decimal(-2))
    appeal_key = court.file(case_key)

    court.rule(court.hou, appeal_key, Outcome.REVOKE)

    assert (court.points(), unit_points(court)) == (Decimal(0), Decimal(0))
    with court.bureau.reading() as session:
        assert penalty_rows.by_case_key(session, case_key).state is PenaltyState.DISMISSED
        assert len(ledger.of_case(session, case_key)) == 4
    (ruling,) = court.rulings(appeal_key)
    assert (ruling.line_before, ruling.line_after) == (Decimal(-6), Decimal(0))


def test_a_softened_penalty_is_booked_anew_for_both(court: Court) -> None:
    appeal_key = court.file(decided(court))

    court.rule(court.hou, appeal_key, Outcome.CHANGE, count=Decimal(1))

    assert (court.points(), unit_points(court)) == (Decimal(-3), Decimal(-1))
    assert court.appeal(appeal_key).matter is Matter.PENALTY


def test_a_harder_penalty_is_refused_and_so_is_one_that_is_no_change(court: Court) -> None:
    appeal_key = court.file(decided(court))

    with pytest.raises(RulingRefused) as harder:
        court.rule(court.hou, appeal_key, Outcome.CHANGE, count=Decimal(3))
    with pytest.raises(RulingRefused) as same:
        court.rule(court.hou, appeal_key, Outcome.CHANGE, count=Decimal(2))

    assert "不超过原认定的 2" in harder.value.problems[0].text
    assert "请选择“维持”" in same.value.problems[0].text
    assert court.points() == Decimal(-6)


def test_a_lifted_penalty_may_be_taken_no_further_down_the_hill(court: Court) -> None:
    appeal_key = court.file(decided(court))
    court.rule(court.hou, appeal_key, Outcome.REVOKE)
    court.answer(appeal_key, "climb")

    court.rule(court.bureau.city.chu, appeal_key, Outcome.UPHOLD)

    assert court.points() == 0
    assert court.rungs(appeal_key)[-1].kind is RungKind.DISCIPLINE


def test_whoever_entered_or_imposed_the_penalty_never_hears_the_appeal(court: Court) -> None:
    appeal_key = court.file(decided(court))

    for officer_id in (court.bureau.city.zheng, court.bureau.city.wu, court.bureau.city.chen):
        with pytest.raises(NotACandidate):
            court.rule(officer_id, appeal_key, Outcome.UPHOLD)


def test_a_penalty_not_decided_or_dropped_holds_nothing_to_contest(court: Court) -> None:
    with pytest.raises(NotContestable):
        court.file(accused(court))
    with pytest.raises(NotContestable):
        court.file(decided(court, "dismiss"))
