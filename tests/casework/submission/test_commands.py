"""A claim on its way: submitted, judged, returned, mended, scored - and everything that must be refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from kaohe_flow.casework.submission import commands as claims
from kaohe_flow.casework.submission import queries
from kaohe_flow.casework.submission.model import ClaimVersion, Verdict
from kaohe_flow.casework.submission.rules import (
    CaseClaimedBefore,
    ClaimContent,
    ClaimFrozen,
    ClaimRefused,
    ClaimState,
    Finding,
    NotReported,
    Quality,
    VerdictRefused,
)
from kaohe_flow.jobs.worker import fire_timers
from kaohe_flow.results.ranking.queries import current
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.period.rules import PeriodClosed
from kaohe_flow.scheme.plan.commands import adopt
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.workflow.instance import commands as instances
from kaohe_flow.workflow.instance.rules import ClaimedByOther, NotACandidate, OutcomeUnknown, TaskTaken
from tests.factories.casework import Bureau


def test_an_approved_claim_becomes_a_ledger_entry_a_total_and_a_place(bureau: Bureau) -> None:
    case_key = bureau.submit(bureau.city.wang, count=Decimal(3))

    bureau.approve(case_key)

    with bureau.reading() as session:
        (entry,) = ledger.of_case(session, case_key)
        assert entry.points == Decimal("6.000")
        assert ledger.first_broken(session, bureau.sheet.period.id) is None
        standings = current(session, periods.get(session, bureau.sheet.period.id))
    own = next(row for row in standings.rows if row.subject == f"officer:{bureau.city.wang}")
    assert (own.points, own.place) == (Decimal("6.00"), 1)
    assert bureau.claim_of(case_key).state is ClaimState.SCORED


def test_the_decision_table_turns_quality_into_a_share_of_the_points(bureau: Bureau) -> None:
    case_key = bureau.submit(bureau.city.wang, count=Decimal(3))

    bureau.approve(case_key, quality=Quality.GOOD)

    with bureau.reading() as session:
        (entry,) = ledger.of_case(session, case_key)
    assert entry.points == Decimal("5.4")


def test_a_rejected_claim_comes_back_is_mended_and_approved(bureau: Bureau) -> None:
    case_key = bureau.submit(bureau.city.wang)
    bureau.review(bureau.city.qian, case_key, "unit_check", Finding("reject", "缺少调解协议签字页"))
    assert bureau.waiting(case_key) == ["fix"]
    claim = bureau.claim_of(case_key)
    task_id = bureau.task(case_key, "fix")

    with bureau.acting(bureau.city.wang) as work:
        claims.revise(
            work,
            claim.id,
            ClaimContent("补充了双方签字的调解协议原件照片。", date(2026, 11, 5), count=Decimal(1)),
        )
        claims.resubmit(work, claim.id, task_id)
    bureau.approve(case_key)

    with bureau.reading() as session:
        rounds = session.scalars(select(ClaimVersion).order_by(ClaimVersion.round)).all()
        decisions = session.scalars(select(Verdict.decision).order_by(Verdict.id)).all()
    assert [version.round for version in rounds] == [1, 2]
    assert "邻里" in rounds[0].content.decode()
    assert decisions == ["reject", "pass", "approve"]
    assert bureau.claim_of(case_key).state is ClaimState.SCORED


def test_a_rejection_without_a_reason_is_refused(bureau: Bureau) -> None:
    case_key = bureau.submit(bureau.city.wang)

    with pytest.raises(VerdictRefused):
        bureau.review(bureau.city.qian, case_key, "unit_check", Finding("reject", "  "))

    assert bureau.waiting(case_key) == ["unit_check"]


def test_the_third_rejection_ends_the_claim(bureau: Bureau) -> None:
    case_key = bureau.submit(bureau.city.wang)
    claim = bureau.claim_of(case_key)

    for _ in range(2):
        bureau.review(bureau.city.qian, case_key, "unit_check", Finding("reject", "仍缺签字页"))
        task_id = bureau.task(case_key, "fix")
        with bureau.acting(bureau.city.wang) as work:
            claims.resubmit(work, claim.id, task_id)
    bureau.review(bureau.city.qian, case_key, "unit_check", Finding("reject", "仍缺签字页"))

    assert bureau.claim_of(case_key).state is ClaimState.REJECTED
    assert bureau.waiting(case_key) == []


def test_nobody_decides_on_themselves_nor_twice_in_one_round(bureau: Bureau) -> None:
    case_key = bureau.submit(bureau.city.wang)

    with pytest.raises(NotACandidate):
        bureau.review(bureau.city.wang, case_key, "unit_check", Finding("pass"))
    bureau.review(bureau.city.qian, case_key, "unit_check", Finding("pass"))
    with pytest.raises(NotACandidate):
        bureau.review(bureau.city.qian, case_key, "line_review", Finding("approve", quality=Quality.GOOD))


def test_a_task_held_by_a_colleague_cannot_be_decided_by_another(bureau: Bureau) -> None:
    case_key = bureau.submit(bureau.city.wang)
    task_id = bureau.task(case_key, "unit_check")
    with bureau.acting(bureau.city.qian) as work:
        instances.claim(work, task_id)
        work.session.get_one(type(bureau.task_row(task_id)), task_id).assignee_id = bureau.city.sun

    with pytest.raises(ClaimedByOther):
        bureau.review(bureau.city.qian, case_key, "unit_check", Finding("pass"))


def test_the_slower_of_two_reviewers_is_told_who_was_faster(bureau: Bureau) -> None:
    case_key = bureau.submit(bureau.city.wang)
    task_id = bureau.task(case_key, "unit_check")
    bureau.review(bureau.city.qian, case_key, "unit_check", Finding("pass"))

    with pytest.raises(TaskTaken, match="钱进"), bureau.acting(bureau.city.qian) as work:
        claims.review(work, task_id, Finding("pass"))


def test_only_decisions_of_the_diagram_can_be_taken(bureau: Bureau) -> None:
    case_key = bureau.submit(bureau.city.wang)

    with pytest.raises(OutcomeUnknown):
        bureau.review(bureau.city.qian, case_key, "unit_check", Finding("approve", quality=Quality.GOOD))


def test_a_claim_may_be_withdrawn_until_somebody_takes_it_up(bureau: Bureau) -> None:
    first, second = bureau.submit(bureau.city.wang), bureau.submit(bureau.city.wang)
    task_id = bureau.task(second, "unit_check")
    with bureau.acting(bureau.city.qian) as work:
        instances.claim(work, task_id)

    with bureau.acting(bureau.city.wang) as work:
        claims.withdraw(work, bureau.claim_of(first).id)
    with pytest.raises(ClaimFrozen), bureau.acting(bureau.city.wang) as work:
        claims.withdraw(work, bureau.claim_of(second).id)

    assert bureau.claim_of(first).state is ClaimState.WITHDRAWN
    assert bureau.claim_of(second).state is ClaimState.UNDER_REVIEW


def test_an_incomplete_claim_names_every_fault_and_stores_nothing(bureau: Bureau) -> None:
    with bureau.acting(bureau.city.wang) as work:
        claim = claims.draft(work, bureau.assignments["BIZ-07"], ClaimContent("太短", None))

    with pytest.raises(ClaimRefused) as refusal, bureau.acting(bureau.city.wang) as work:
        claims.submit(work, claim.id)

    assert {problem.where for problem in refusal.value.problems} == {
        "summary", "happened_on", "count", "files"
    }  # fmt: skip
    with bureau.reading() as session:
        assert not session.scalars(select(ClaimVersion)).all()


@pytest.mark.parametrize("code", ["TEAM-08", "REW-01"])
def test_penalties_and_rewards_are_not_claimed_as_work(bureau: Bureau, code: str) -> None:
    with pytest.raises(NotReported):
        bureau.submit(bureau.city.wang, code)


def test_the_same_case_number_is_not_claimed_twice(bureau: Bureau) -> None:
    bureau.submit(bureau.city.wang, case_no="A4401-2026-11")

    with pytest.raises(CaseClaimedBefore, match="王小明"):
        bureau.submit(bureau.city.wang, case_no="A4401-2026-11")


@pytest.mark.parametrize(
    ("moment", "is_accepted"),
    [
        (datetime(2026, 11, 25, 15, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 25, 16, 0, 0, tzinfo=UTC), False),
    ],
)
def test_the_25th_counts_to_its_last_second(bureau: Bureau, moment: datetime, is_accepted: bool) -> None:
    with bureau.acting(bureau.city.wang) as work:
        claim = claims.draft(
            work,
            bureau.assignments["BIZ-07"],
            ClaimContent("化解邻里纠纷，签订调解协议。", date(2026, 11, 5), count=Decimal(1)),
        )
        claims.attachments.attach(
            work, bureau.files, claim.case_key, [claims.attachments.Upload("a.pdf", b"%PDF-1")]
        )

    if is_accepted:
        with bureau.acting(bureau.city.wang, at=moment) as work:
            claims.submit(work, claim.id)
    else:
        with pytest.raises(PeriodClosed), bureau.acting(bureau.city.wang, at=moment) as work:
            claims.submit(work, claim.id)


def test_silence_urges_then_climbs_but_never_approves(bureau: Bureau) -> None:
    case_key = bureau.submit(bureau.city.wang)
    task_id = bureau.task(case_key, "unit_check")

    fire_timers(bureau.database, bureau.now + timedelta(days=4))
    urged = bureau.task_row(task_id)
    fire_timers(bureau.database, bureau.now + timedelta(days=12))
    climbed = bureau.task_row(task_id)

    assert urged.urged_at is not None
    assert urged.climbed == 0
    assert climbed.climbed == 1
    assert bureau.waiting(case_key) == ["unit_check"]


def test_an_unmended_claim_lapses(bureau: Bureau) -> None:
    case_key = bureau.submit(bureau.city.wang)
    bureau.review(bureau.city.qian, case_key, "unit_check", Finding("reject", "缺签字页"))

    fire_timers(bureau.database, bureau.now + timedelta(days=5))

    assert bureau.claim_of(case_key).state is ClaimState.LAPSED


def test_points_beyond_the_cap_are_cut_and_the_cut_is_told(bureau: Bureau) -> None:
    first = bureau.submit(bureau.city.wang, count=Decimal(5))
    second = bureau.submit(bureau.city.wang, count=Decimal(5))

    bureau.approve(first)
    bureau.approve(second)

    with bureau.reading() as session:
        (entry,) = ledger.of_case(session, second)
        sums = ledger.sums(session, bureau.sheet.period.id, SubjectKind.OFFICER, bureau.city.wang)
    assert entry.points == Decimal(2)
    assert sums == {"business": Decimal(12)}


def test_a_judged_claim_stays_within_the_limits_of_its_rule(bureau: Bureau) -> None:
    case_key = bureau.submit(bureau.city.wang, bureau.judged(), count=None)
    bureau.review(bureau.city.qian, case_key, "unit_check", Finding("pass"))

    with pytest.raises(VerdictRefused):
        bureau.review(bureau.city.wu, case_key, "line_review", Finding("approve", points=Decimal(6)))
    bureau.review(bureau.city.wu, case_key, "line_review", Finding("approve", points=Decimal("4.5")))

    with bureau.reading() as session:
        (entry,) = ledger.of_case(session, case_key)
        claim = queries.by_case_key(session, case_key)
    assert entry.points == Decimal("4.5")
    assert claim.state is ClaimState.SCORED


RATED = """
format: 1
id: rated
sheets:
  - id: officer_month
    for: {kind: officer}
    period: {kind: month, first_day: 26}
    items: [{id: BIZ-07, rule: ratio, full: 6}]
"""
ALL_DONE = {"count": None, "done": Decimal(9), "target": Decimal(9)}


def test_what_counts_once_a_month_is_reported_once(bureau: Bureau) -> None:
    with bureau.acting() as work:
        adopt(work, RATED, bureau.sheet.period.starts_on)
    first = bureau.submit(bureau.city.wang, **ALL_DONE)

    with pytest.raises(claims.ReportedBefore, match="一个考核期只报一次，您已在 2026-11-10 报送过"):
        bureau.submit(bureau.city.wang, **ALL_DONE)
    with bureau.acting(bureau.city.wang) as work:
        claims.withdraw(work, bureau.claim_of(first).id)

    assert bureau.claim_of(bureau.submit(bureau.city.wang, **ALL_DONE)).state is ClaimState.UNDER_REVIEW


def test_what_adds_up_is_reported_as_often_as_it_happens(bureau: Bureau) -> None:
    for _ in range(2):
        bureau.approve(bureau.submit(bureau.city.wang))

    with bureau.reading() as session:
        booked = ledger.sums(session, bureau.sheet.period.id, SubjectKind.OFFICER, bureau.city.wang)
    assert booked == {"business": Decimal("4.000")}
