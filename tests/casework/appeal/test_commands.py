"""An appeal on its way: filed in time, heard by others than before, never to the appellant's loss."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kaohe_flow.casework.appeal import commands as appeals
from kaohe_flow.casework.appeal import queries
from kaohe_flow.casework.appeal.queries import listing
from kaohe_flow.casework.appeal.rules import (
    AppealBeyondWithdrawal,
    AppealLate,
    AppealState,
    ContestedBefore,
    Extension,
    ExtensionRefused,
    Matter,
    NotContestable,
    NotYourDecision,
    NotYoursToExtend,
    Outcome,
    PetitionRefused,
)
from kaohe_flow.casework.appeal.rules.ladder import RungKind
from kaohe_flow.casework.appeal.rules.ruling import RulingRefused
from kaohe_flow.casework.submission.rules import ClaimState, Finding, Quality
from kaohe_flow.records.attachment.queries import of_case
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scheme.period.rules import PeriodState
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.workflow.instance.rules import NotACandidate
from tests.factories.court import Court

LAST_SECOND = datetime(2026, 11, 13, 15, 59, 59, tzinfo=UTC)  # third working day after Tuesday the 10th
TOO_LATE = datetime(2026, 11, 13, 16, 0, 0, tzinfo=UTC)


def test_a_revoked_rejection_is_scored_by_the_figures_of_the_ruling(court: Court) -> None:
    case_key = court.rejected(count=Decimal(3))
    appeal_key = court.file(case_key)

    court.rule(court.bureau.city.zheng, appeal_key, Outcome.REVOKE, quality="excellent")

    assert court.points() == Decimal(6)
    assert court.bureau.claim_of(case_key).state is ClaimState.SCORED
    with court.bureau.reading() as session:
        (entry,) = ledger.of_case(session, case_key)
        assert ledger.first_broken(session, court.bureau.sheet.period.id) is None
    assert (entry.points, entry.found_by) == (Decimal(6), "郑重")
    assert court.bureau.waiting(appeal_key) == ["accept_or_climb"]


def test_contesting_a_returned_claim_gives_up_mending_it(court: Court) -> None:
    case_key = court.rejected()
    assert court.bureau.waiting(case_key) == ["fix"]

    court.file(case_key)

    assert court.bureau.waiting(case_key) == []
    assert court.bureau.claim_of(case_key).state is ClaimState.REJECTED


def test_a_changed_score_is_a_reversal_and_a_new_entry_with_both_lines_on_the_case(court: Court) -> None:
    case_key = court.scored(Quality.FAIR, count=Decimal(3))
    before = court.points()
    appeal_key = court.file(case_key)

    court.rule(court.hou, appeal_key, Outcome.CHANGE, quality="excellent")

    with court.bureau.reading() as session:
        old, reversal, new = ledger.of_case(session, case_key)
    assert (before, court.points()) == (Decimal("4.2"), Decimal(6))
    assert [old.is_reversed, reversal.is_reversal, new.is_reversed] == [True, True, False]
    (ruling,) = court.rulings(appeal_key)
    assert (ruling.line_before, ruling.line_after) == (Decimal("4.2"), Decimal(6))


def test_an_upheld_decision_leaves_ledger_and_claim_alone(court: Court) -> None:
    case_key = court.rejected()
    appeal_key = court.file(case_key)

    court.rule(court.bureau.city.zheng, appeal_key, Outcome.UPHOLD)

    assert court.points() == 0
    assert court.bureau.claim_of(case_key).state is ClaimState.REJECTED
    with court.bureau.reading() as session:
        assert ledger.of_case(session, case_key) == []


def test_a_ruling_to_the_appellants_loss_is_refused_and_nothing_moves(court: Court) -> None:
    case_key = court.scored(Quality.GOOD, count=Decimal(3))
    appeal_key = court.file(case_key)

    with pytest.raises(RulingRefused, match="按提示修改") as refusal:
        court.rule(court.hou, appeal_key, Outcome.CHANGE, quality="fair")

    (problem,) = refusal.value.problems
    assert "复议不得加重" in problem.text
    assert court.points() == Decimal("5.4")
    assert court.bureau.waiting(appeal_key) == ["office_examine"]


def test_a_change_that_changes_nothing_is_sent_to_uphold(court: Court) -> None:
    appeal_key = court.file(court.scored(Quality.GOOD, count=Decimal(3)))

    with pytest.raises(RulingRefused) as refusal:
        court.rule(court.hou, appeal_key, Outcome.CHANGE, quality="good")

    assert "请选择“维持”" in refusal.value.problems[0].text


def test_a_lower_figure_is_refused_even_where_the_cap_hides_the_loss(court: Court) -> None:
    first = court.scored(Quality.EXCELLENT, count=Decimal(5))
    court.scored(Quality.EXCELLENT, count=Decimal(5))
    appeal_key = court.file(first)

    with pytest.raises(RulingRefused):
        court.rule(court.hou, appeal_key, Outcome.CHANGE, count=Decimal(4))

    assert court.points() == Decimal(12)


def test_a_higher_figure_beyond_the_cap_costs_nothing(court: Court) -> None:
    first = court.scored(Quality.EXCELLENT, count=Decimal(5))
    court.scored(Quality.EXCELLENT, count=Decimal(5))
    appeal_key = court.file(first)

    court.rule(court.hou, appeal_key, Outcome.CHANGE, count=Decimal(6))

    assert court.points() == Decimal(12)


def test_judged_points_stay_within_the_limits_of_the_rule(court: Court) -> None:
    case_key = court.bureau.submit(court.bureau.city.wang, court.bureau.judged(), count=None)
    court.bureau.review(court.bureau.city.qian, case_key, "unit_check", Finding("pass"))
    court.bureau.review(court.bureau.city.wu, case_key, "line_review", Finding("approve", points=Decimal(2)))
    appeal_key = court.file(case_key)

    with pytest.raises(RulingRefused) as refusal:
        court.rule(court.hou, appeal_key, Outcome.CHANGE, points=Decimal(6))
    court.rule(court.hou, appeal_key, Outcome.CHANGE, points=Decimal("4.5"))

    assert refusal.value.problems[0].where == "points"
    assert court.points() == Decimal("4.5")


@pytest.mark.parametrize("reasons", ["", "同意。", "         \n"])
def test_a_ruling_without_reasons_is_refused(court: Court, reasons: str) -> None:
    appeal_key = court.file(court.rejected())

    with pytest.raises(RulingRefused) as refusal:
        court.rule(court.bureau.city.zheng, appeal_key, Outcome.UPHOLD, reasons)

    assert refusal.value.problems[0].where == "opinion"
    assert court.rulings(appeal_key) == []


def test_the_third_working_day_counts_to_its_last_second(court: Court) -> None:
    case_key = court.rejected()

    appeal_key = court.file(case_key, at=LAST_SECOND)

    assert court.appeal(appeal_key).matter is Matter.REJECTION


def test_on_the_fourth_day_the_refusal_names_the_last_day_and_the_way_to_ask_for_more(court: Court) -> None:
    case_key = court.scored()

    with pytest.raises(AppealLate) as refusal:
        court.file(case_key, at=TOO_LATE)

    assert "2026年11月13日 23:59:59" in str(refusal.value)
    assert "请向市局考核办书面说明理由，申请延长期限" in str(refusal.value)


def test_the_office_that_would_hear_it_gives_more_time_for_cause(court: Court) -> None:
    case_key = court.scored()
    monday = datetime(2026, 11, 16, 4, 0, tzinfo=UTC)
    given = Extension(2, "本人住院治疗，已核对住院记录。")

    for nobody in (court.bureau.city.zheng, court.bureau.city.wang):
        with pytest.raises(NotYoursToExtend), court.bureau.acting(nobody, at=monday) as work:
            appeals.extend(work, case_key, given)
    with pytest.raises(ExtensionRefused), court.bureau.acting(court.hou, at=monday) as work:
        appeals.extend(work, case_key, Extension(11, "住院"))
    with court.bureau.acting(court.hou, at=monday) as work:
        appeals.extend(work, case_key, given)

    with pytest.raises(AppealLate, match="2026年11月18日"):
        court.file(case_key, at=datetime(2026, 11, 18, 16, 0, tzinfo=UTC))
    assert court.file(case_key, at=datetime(2026, 11, 18, 15, 59, 59, tzinfo=UTC))


def test_nobody_gives_more_time_while_there_is_time_or_after_an_appeal(court: Court) -> None:
    in_time, contested = court.scored(), court.scored()
    court.file(contested)
    given = Extension(2, "本人住院治疗，已核对住院记录。")

    with pytest.raises(NotYoursToExtend), court.bureau.acting(court.hou) as work:
        appeals.extend(work, in_time, given)
    with pytest.raises(NotYoursToExtend), court.bureau.acting(court.hou, at=TOO_LATE) as work:
        appeals.extend(work, contested, given)


def test_while_the_result_is_on_notice_the_way_is_open(court: Court) -> None:
    case_key = court.scored()
    later = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
    with court.bureau.acting() as work:
        period = work.session.get_one(Period, court.bureau.sheet.period.id)
        period.state, period.submission_closed_at = PeriodState.NOTICE, period.cutoff_at
        period.notice_from = datetime(2026, 11, 28, tzinfo=UTC)
        period.notice_until = datetime(2026, 12, 2, 15, 59, 59, tzinfo=UTC)

    appeal_key = court.file(case_key, at=later)

    assert court.bureau.waiting(appeal_key) == ["office_examine"]


def test_one_decision_is_contested_once(court: Court) -> None:
    case_key = court.rejected()
    appeal_key = court.file(case_key)

    with pytest.raises(ContestedBefore, match="不能重复提请") as refusal:
        court.file(case_key)

    assert refusal.value.values["case_key"] == appeal_key


def test_an_appeal_withdrawn_before_any_ruling_may_be_filed_again_within_the_window(court: Court) -> None:
    case_key = court.rejected()
    first = court.file(case_key)
    with court.bureau.acting(court.bureau.city.wang) as work:
        appeals.withdraw(work, court.appeal(first).id)

    second = court.file(case_key)

    assert court.appeal(first).state is AppealState.WITHDRAWN
    assert court.bureau.waiting(first) == []
    assert court.bureau.waiting(second) == ["office_examine"]


def test_an_appeal_ruled_upon_and_then_withdrawn_has_used_up_the_decision(court: Court) -> None:
    case_key = court.rejected()
    appeal_key = court.file(case_key)
    court.rule(court.bureau.city.zheng, appeal_key, Outcome.UPHOLD)
    court.answer(appeal_key, "climb")
    with court.bureau.acting(court.bureau.city.wang) as work:
        appeals.withdraw(work, court.appeal(appeal_key).id)

    with pytest.raises(ContestedBefore):
        court.file(case_key)


def test_beyond_the_offices_an_appeal_cannot_be_withdrawn(court: Court) -> None:
    appeal_key = court.file(court.scored())
    court.rule(court.hou, appeal_key, Outcome.UPHOLD)
    court.answer(appeal_key, "climb")
    assert court.bureau.waiting(appeal_key) == ["discipline_examine"]

    with pytest.raises(AppealBeyondWithdrawal), court.bureau.acting(court.bureau.city.wang) as work:
        appeals.withdraw(work, court.appeal(appeal_key).id)


def test_only_the_officer_concerned_appeals_and_withdraws(court: Court) -> None:
    case_key = court.rejected()

    with pytest.raises(NotYourDecision):
        court.file(case_key, by=court.bureau.city.li)
    appeal_key = court.file(case_key)
    with pytest.raises(NotYourDecision), court.bureau.acting(court.bureau.city.li) as work:
        appeals.withdraw(work, court.appeal(appeal_key).id)


def test_a_claim_under_review_holds_nothing_to_contest(court: Court) -> None:
    case_key = court.bureau.submit(court.bureau.city.wang)

    with pytest.raises(NotContestable):
        court.file(case_key)
    with pytest.raises(NotContestable):
        court.file("appeal:1")


def test_grounds_of_a_few_words_are_refused_and_nothing_is_stored(court: Court) -> None:
    case_key = court.rejected()

    with pytest.raises(PetitionRefused) as refusal:
        court.file(case_key, "不服")

    assert refusal.value.problems[0].where == "grounds"
    with court.bureau.reading() as session:
        assert queries.of_case(session, case_key) == []
    assert court.bureau.waiting(case_key) == ["fix"]


def test_the_files_of_the_petition_are_kept_with_the_appeal(court: Court) -> None:
    appeal_key = court.file(court.rejected())

    with court.bureau.reading() as session:
        (kept,) = of_case(session, appeal_key)

    assert (kept.name, kept.round) == ("原始记录.pdf", 1)


def test_whoever_rejected_never_hears_the_appeal(court: Court) -> None:
    appeal_key = court.file(court.rejected())

    for officer_id in (court.bureau.city.qian, court.bureau.city.sun, court.bureau.city.wang):
        with pytest.raises(NotACandidate):
            court.rule(officer_id, appeal_key, Outcome.UPHOLD)


def test_after_the_seal_a_ruling_is_kept_and_left_to_a_correction_voucher(court: Court) -> None:
    case_key = court.scored(Quality.FAIR, count=Decimal(3))
    appeal_key = court.file(case_key)
    with court.bureau.acting() as work:
        period = work.session.get_one(Period, court.bureau.sheet.period.id)
        period.state, period.submission_closed_at = PeriodState.RESULT_SEALED, period.cutoff_at
        period.notice_from = period.notice_until = period.sealed_at = period.cutoff_at

    court.rule(court.hou, appeal_key, Outcome.CHANGE, quality="excellent")

    assert court.points() == Decimal("4.2")
    (ruling,) = court.rulings(appeal_key)
    assert ruling.total_after == Decimal(6)
    with court.bureau.reading() as session:
        (due,) = listing.awaiting_correction(session, court.bureau.sheet.period.id)
    assert due.case_key == appeal_key
    with court.bureau.acting() as work:
        appeals.mark_corrected(work, due.id)
    with court.bureau.reading() as session:
        assert listing.awaiting_correction(session) == []


def test_a_second_ruling_starts_from_what_the_first_one_gave(court: Court) -> None:
    case_key = court.rejected(count=Decimal(3))
    appeal_key = court.file(case_key)
    court.rule(court.bureau.city.zheng, appeal_key, Outcome.REVOKE, quality="good")
    court.answer(appeal_key, "climb")

    with pytest.raises(RulingRefused):
        court.rule(court.hou, appeal_key, Outcome.CHANGE, quality="fair")
    court.rule(court.hou, appeal_key, Outcome.CHANGE, quality="excellent")

    assert [one.line_after for one in court.rulings(appeal_key)] == [Decimal("5.4"), Decimal(6)]
    assert court.points() == Decimal(6)
    assert [rung.kind for rung in court.rungs(appeal_key)] == [RungKind.OFFICE, RungKind.OFFICE]
