"""A sealed result changes only by voucher: proposed, checked by another, ordered, kept as a version."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from kaohe_flow.casework.submission.rules import ClaimState
from kaohe_flow.jobs.worker import pass_once, run_jobs
from kaohe_flow.organization.role import commands as roles
from kaohe_flow.organization.role.rules import Role
from kaohe_flow.organization.unit.rules import Span
from kaohe_flow.records.attachment.commands import Upload
from kaohe_flow.records.attachment.queries import of_case
from kaohe_flow.results.correction import commands, queries
from kaohe_flow.results.correction.commands import Enclosures, Proposal
from kaohe_flow.results.correction.model import Correction
from kaohe_flow.results.correction.rules import (
    CorrectionSource,
    CorrectionState,
    FactFollows,
    NotYourVoucher,
    OpinionRefused,
    OverturnPending,
    VoucherRefused,
)
from kaohe_flow.results.sealing import queries as sealing
from kaohe_flow.results.sealing.rules import SnapshotKind
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.plan.commands import adopt
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.scorebook.ledger.commands import FactGone, FactUnscorable, Finding, PeriodNotSealed
from kaohe_flow.scorebook.ledger.queries import integrity
from kaohe_flow.scorebook.ledger.queries.netting import booked
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.workflow.instance import queries as running
from kaohe_flow.workflow.instance.rules import NotACandidate
from tests.factories import organization
from tests.factories.casework import PDF, Bureau

CUTOFF = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
AFTER = CUTOFF + timedelta(days=21)
REASON = "经核查该件并未实际办结，原记分依据不实，应予撤销。"


def seal(bureau: Bureau) -> None:
    """The runner wakes up every twelve hours until the month is sealed."""
    for half_day in range(41):
        pass_once(bureau.database, CUTOFF + timedelta(hours=12 * half_day))
    bureau.now = AFTER
    with bureau.reading() as session:
        assert periods.get(session, bureau.sheet.period.id).is_sealed


def second_office(bureau: Bureau) -> None:
    """A colleague of Chen at the office of the bureau."""
    with bureau.acting() as work:
        grant = roles.Grant(bureau.city.zheng, Role.OFFICE, bureau.city.bureau, Span(organization.FOUNDED))
        roles.grant(work, grant)


def fact_of(bureau: Bureau, case_key: str) -> int:
    with bureau.reading() as session:
        (fact,) = ledger.live_facts_of_case(session, case_key)
        return fact.id


def about(bureau: Bureau, **changes: object) -> Proposal:
    """A voucher about Wang's November."""
    plain = Proposal(
        period_id=bureau.sheet.period.id,
        subject_kind=SubjectKind.OFFICER,
        subject_id=bureau.city.wang,
        reason=REASON,
        document_no="云公考更2026第1号",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def found(bureau: Bureau, **changes: object) -> Finding:
    """Five more disputes settled by Wang, found after the seal."""
    plain = Finding(
        period_id=bureau.sheet.period.id,
        subject_kind=SubjectKind.OFFICER,
        subject_id=bureau.city.wang,
        unit_id=bureau.city.station,
        indicator_version_id=bureau.sheet.task.id,
        item="BIZ-07",
        happened_on=date(2026, 11, 6),
        case_key="submission:1",
        content={"count": "5"},
        found_by_id=bureau.city.chen,
        found_by_name="陈光",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def propose(bureau: Bureau, proposal: Proposal) -> str:
    with bureau.acting(bureau.city.chen) as work:
        return commands.propose(work, proposal).case_key


def decide(
    bureau: Bureau, officer_id: int, case_key: str, step_id: str, outcome: str, said: str = ""
) -> None:
    task_id = bureau.task(case_key, step_id)
    with bureau.acting(officer_id) as work:
        commands.decide(work, task_id, outcome, said)


def carry_out(bureau: Bureau, case_key: str) -> None:
    decide(bureau, bureau.city.zheng, case_key, "second_check", "confirm")
    decide(bureau, bureau.city.wei, case_key, "order", "order")


def total(bureau: Bureau, version: int | None = None) -> tuple[Decimal | None, int | None]:
    """Wang's total and place as kept."""
    with bureau.reading() as session:
        period = periods.get(session, bureau.sheet.period.id)
        rows = sealing.standings(session, period, version).of_kind("officer")
        return next((r.points, r.place) for r in rows if r.subject == f"officer:{bureau.city.wang}")


def voucher(bureau: Bureau, case_key: str) -> Correction:
    with bureau.reading() as session:
        return queries.by_case_key(session, case_key)


def check_whole(bureau: Bureau) -> None:
    """Chains, facts and sums of the month are what was written, and the kept result follows from them."""
    period_id = bureau.sheet.period.id
    with bureau.reading() as session:
        assert ledger.first_broken(session, period_id) is None
        holding = {fact.id for fact in ledger.facts_in(session, period_id)}
        assert integrity.first_altered_fact(session, period_id, holding) is None
        assert integrity.first_wrong_sum(session, period_id) is None
        assert sealing.first_altered(session, period_id) is None
        assert sealing.first_differing(session, periods.get(session, period_id)) == ""


@pytest.fixture
def sealed(bureau: Bureau) -> Bureau:
    """November is sealed; Wang has 6.00 of one claim of three cases (submission:1)."""
    second_office(bureau)
    bureau.approve(bureau.submit(bureau.city.wang, count=Decimal(3)))
    seal(bureau)
    return bureau


def test_an_ordered_correction_makes_a_new_version_and_leaves_the_sealed_one(sealed: Bureau) -> None:
    fact_id = fact_of(sealed, "submission:1")
    added = found(sealed, content={"count": "1"})

    case_key = propose(sealed, about(sealed, overturn=(fact_id,), add=(added,)))
    assert total(sealed) == (Decimal("6.00"), 1)
    carry_out(sealed, case_key)

    with sealed.reading() as session:
        kinds = [one.kind for one in sealing.versions(session, sealed.sheet.period.id)]
        bookings = [(entry.points, entry.voucher_key) for entry in ledger.of_case(session, "submission:1")]
        of_voucher = [entry.points for entry in ledger.of_case(session, case_key)]
        sums = ledger.sums(session, sealed.sheet.period.id, SubjectKind.OFFICER, sealed.city.wang)
    assert kinds == [SnapshotKind.CORRECTED, SnapshotKind.SEALED, SnapshotKind.TRIAL]
    assert (total(sealed, 2), total(sealed)) == ((Decimal("6.00"), 1), (Decimal("2.00"), 1))
    assert bookings == [(Decimal(6), ""), (Decimal(-6), case_key), (Decimal(2), case_key)]
    assert of_voucher == [Decimal(-6), Decimal(2)]
    assert sums == {"business": Decimal(2)}
    made = voucher(sealed, case_key)
    assert (made.state, made.snapshot_version) == (CorrectionState.APPLIED, 3)
    check_whole(sealed)


def test_what_a_case_came_to_includes_its_correction_and_nothing_is_not_zero(sealed: Bureau) -> None:
    fact_id = fact_of(sealed, "submission:1")

    carry_out(
        sealed,
        propose(sealed, about(sealed, overturn=(fact_id,), add=(found(sealed, content={"count": "1"}),))),
    )
    with sealed.reading() as session:
        lowered = dict(booked(session, ["submission:1", "submission:2"]))
    carry_out(sealed, propose(sealed, about(sealed, overturn=(fact_of(sealed, "submission:1"),))))
    with sealed.reading() as session:
        fallen = dict(booked(session, ["submission:1"]))

    assert lowered == {"submission:1": Decimal(2)}
    assert fallen == {}


def test_before_and_after_are_shown_to_those_who_decide_and_kept_afterwards(sealed: Bureau) -> None:
    case_key = propose(sealed, about(sealed, add=(found(sealed),)))

    with sealed.reading() as session:
        expected = queries.effects(session, queries.by_case_key(session, case_key))
    carry_out(sealed, case_key)
    with sealed.reading() as session:
        came = queries.effects(session, queries.by_case_key(session, case_key))

    own = expected[0]
    assert (own.subject, own.points_before, own.points_after) == (
        f"officer:{sealed.city.wang}", Decimal("6.00"), Decimal("12.00")
    )  # fmt: skip
    assert came == expected


def test_a_cap_cuts_what_a_correction_adds_and_gives_back_what_it_frees(sealed: Bureau) -> None:
    first = propose(sealed, about(sealed, add=(found(sealed),)))  # 6 + 10, capped at 12
    carry_out(sealed, first)
    assert total(sealed)[0] == Decimal("12.00")

    second = propose(sealed, about(sealed, overturn=(fact_of_sealed(sealed),)))
    carry_out(sealed, second)

    assert total(sealed)[0] == Decimal("10.00")
    assert [total(sealed, number)[0] for number in (2, 3, 4)] == [Decimal(6), Decimal(12), Decimal(10)]
    check_whole(sealed)


def fact_of_sealed(bureau: Bureau) -> int:
    """The fact that the ledger itself holds."""
    with bureau.reading() as session:
        return next(f.id for f in ledger.live_facts_of_case(session, "submission:1") if f.id > 0)


def test_what_a_correction_added_can_be_overturned_by_the_next(sealed: Bureau) -> None:
    carry_out(sealed, propose(sealed, about(sealed, add=(found(sealed, content={"count": "1"}),))))
    with sealed.reading() as session:
        added = next(f.id for f in ledger.live_facts_of_case(session, "submission:1") if f.id < 0)

    carry_out(sealed, propose(sealed, about(sealed, overturn=(added,))))

    assert total(sealed) == (Decimal("6.00"), 1)
    check_whole(sealed)
    with pytest.raises(FactGone):
        propose(sealed, about(sealed, overturn=(added,)))


@pytest.mark.parametrize("step_id", ["second_check", "order"])
def test_a_refusal_at_either_step_ends_it_and_is_on_record(sealed: Bureau, step_id: str) -> None:
    case_key = propose(sealed, about(sealed, overturn=(fact_of(sealed, "submission:1"),)))
    deciders = {"second_check": sealed.city.zheng, "order": sealed.city.wei}
    if step_id == "order":
        decide(sealed, sealed.city.zheng, case_key, "second_check", "confirm")

    with pytest.raises(OpinionRefused):
        decide(sealed, deciders[step_id], case_key, step_id, "refuse", "  ")
    decide(sealed, deciders[step_id], case_key, step_id, "refuse", "原记分依据充分，不予更正。")

    made = voucher(sealed, case_key)
    assert (made.state, made.snapshot_version) == (CorrectionState.REFUSED, None)
    assert sealed.waiting(case_key) == []
    assert total(sealed) == (Decimal("6.00"), 1)
    with sealed.reading() as session:
        said = queries.verdicts(session, made.id)[-1]
        assert (said.decision, said.opinion) == ("refuse", "原记分依据充分，不予更正。")
        assert len(sealing.versions(session, sealed.sheet.period.id)) == 2
    propose(sealed, about(sealed, overturn=(fact_of(sealed, "submission:1"),)))


def test_nobody_decides_on_what_they_proposed_checked_or_are_concerned_by(sealed: Bureau) -> None:
    case_key = propose(sealed, about(sealed, add=(found(sealed),)))

    with pytest.raises(NotACandidate):
        decide(sealed, sealed.city.chen, case_key, "second_check", "confirm")
    with pytest.raises(NotYourVoucher), sealed.acting(sealed.city.chen) as work:
        commands.propose(work, about(sealed, subject_id=sealed.city.chen))
    with pytest.raises(NotYourVoucher), sealed.acting(sealed.city.qian) as work:
        commands.propose(work, about(sealed, add=(found(sealed),)))


def test_without_a_second_person_in_the_office_the_check_climbs(bureau: Bureau) -> None:
    bureau.approve(bureau.submit(bureau.city.wang, count=Decimal(3)))
    seal(bureau)
    case_key = propose(bureau, about(bureau, overturn=(fact_of(bureau, "submission:1"),)))

    decide(bureau, bureau.city.wei, case_key, "second_check", "confirm")
    with pytest.raises(NotACandidate):
        decide(bureau, bureau.city.wei, case_key, "order", "order")
    decide(bureau, bureau.city.chu, case_key, "order", "order")

    assert voucher(bureau, case_key).state is CorrectionState.APPLIED


def test_an_incomplete_voucher_names_every_fault_and_stores_nothing(sealed: Bureau) -> None:
    with pytest.raises(VoucherRefused) as refusal:
        propose(sealed, about(sealed, reason="太短", document_no=" "))

    assert {problem.where for problem in refusal.value.problems} == {"overturn", "reason", "document_no"}
    with sealed.reading() as session:
        assert not session.scalars(select(Correction)).all()


def test_a_fact_the_rules_refuse_is_not_proposed(sealed: Bureau) -> None:
    with pytest.raises(FactUnscorable):
        propose(sealed, about(sealed, add=(found(sealed, item="XX-99"),)))


def test_the_same_fact_stands_on_one_voucher_at_a_time(sealed: Bureau) -> None:
    fact_id = fact_of(sealed, "submission:1")
    propose(sealed, about(sealed, overturn=(fact_id,)))

    with pytest.raises(OverturnPending, match="更正-1"):
        propose(sealed, about(sealed, overturn=(fact_id,)))


def test_an_open_month_needs_no_voucher(bureau: Bureau) -> None:
    bureau.approve(bureau.submit(bureau.city.wang))

    with pytest.raises(PeriodNotSealed):
        propose(bureau, about(bureau, overturn=(fact_of(bureau, "submission:1"),)))


def test_evidence_is_kept_with_the_voucher_and_frozen(sealed: Bureau) -> None:
    with sealed.acting(sealed.city.chen) as work:
        made = commands.propose(
            work,
            about(sealed, overturn=(fact_of(sealed, "submission:1"),)),
            Enclosures(sealed.files, [Upload("核查报告.pdf", PDF)]),
        )

    with sealed.reading() as session:
        (file,) = of_case(session, made.case_key)
    assert (file.name, file.round) == ("核查报告.pdf", 1)


def test_a_claim_approved_after_the_seal_is_booked_by_voucher_only(bureau: Bureau) -> None:
    late = bureau.submit(bureau.city.wang, count=Decimal(3))
    seal(bureau)

    bureau.approve(late)
    assert bureau.claim_of(late).state is ClaimState.SCORED
    assert total(bureau) == (Decimal("0.00"), 1)
    assert run_jobs(bureau.database, AFTER) == 1
    assert run_jobs(bureau.database, AFTER) == 0

    with bureau.reading() as session:
        made = queries.of_source(session, late)
        assert made is not None
        assert ledger.of_case(session, late) == []
    assert (made.source, made.state) == (CorrectionSource.LATE_REVIEW, CorrectionState.PROPOSED)
    decide(bureau, bureau.city.chen, made.case_key, "second_check", "confirm")
    decide(bureau, bureau.city.wei, made.case_key, "order", "order")

    assert total(bureau) == (Decimal("6.00"), 1)
    with bureau.reading() as session:
        (entry,) = ledger.of_case(session, late)
    assert (entry.points, entry.voucher_key) == (Decimal(6), made.case_key)
    check_whole(bureau)


def test_the_course_of_a_voucher_is_its_diagram(sealed: Bureau) -> None:
    case_key = propose(sealed, about(sealed, add=(found(sealed),)))

    assert sealed.waiting(case_key) == ["second_check"]
    decide(sealed, sealed.city.zheng, case_key, "second_check", "confirm")
    assert sealed.waiting(case_key) == ["order"]
    decide(sealed, sealed.city.wei, case_key, "order", "order")

    with sealed.reading() as session:
        instance = running.of_case(session, case_key)
    assert instance is not None
    assert instance.end_event == "corrected"


def test_what_another_was_hit_with_is_corrected_at_its_origin(bureau: Bureau) -> None:
    with bureau.acting() as work:
        adopt(work, HITTING, bureau.sheet.period.starts_on)
    bureau.approve(bureau.submit(bureau.city.wang))
    seal(bureau)
    with bureau.reading() as session:
        own, hit = sorted(ledger.hit_by_case(session, "submission:1"), key=ledger.is_derived)
    wrong = Proposal(
        period_id=bureau.sheet.period.id,
        subject_kind=SubjectKind.UNIT,
        subject_id=bureau.city.station,
        reason=REASON,
        document_no="审计通报2026第9号",
        overturn=(hit.id,),
    )

    with (
        pytest.raises(FactFollows, match="请对那一条提出更正") as refused,
        bureau.acting(bureau.city.chen) as work,
    ):
        commands.propose(work, wrong)

    assert str(own.id) in str(refused.value)


HITTING = """
format: 1
id: hitting
sheets:
  - id: officer_month
    for: {kind: officer}
    period: {kind: month, first_day: 26}
    items:
      - {id: BIZ-07, mode: reward, points: 2, fan_out: [{to: unit, item: BIZ-08}]}
  - id: unit_month
    for: {kind: unit}
    period: {kind: month, first_day: 26}
    items: [{id: BIZ-08, mode: reward, points: 1}]
"""
