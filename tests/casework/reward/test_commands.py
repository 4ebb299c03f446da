"""Rewards on a real database and the shipped diagram."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from kaohe_flow.casework.reward import commands, queries
from kaohe_flow.casework.reward.model import Reward, RewardObjectionAnswer, RewardVersion
from kaohe_flow.casework.reward.rules.claim import (
    NotClaimable,
    NotYoursToClaim,
    RewardContent,
    RewardFrozen,
    RewardKind,
    RewardRefused,
    RewardState,
    RewardVerdict,
    RewardVerdictRefused,
)
from kaohe_flow.casework.reward.rules.objection import (
    NoticeOver,
    ObjectionAnswer,
    ObjectionRefused,
    ObjectionRuling,
    OwnHonour,
)
from kaohe_flow.casework.standing.queries import scope
from kaohe_flow.jobs.worker import fire_timers
from kaohe_flow.organization.role import commands as roles
from kaohe_flow.organization.role.rules import Role
from kaohe_flow.organization.unit.rules import Span
from kaohe_flow.records.attachment.commands import Upload
from kaohe_flow.scheme.indicator.rules import Mode
from kaohe_flow.scheme.period import commands as period_commands
from kaohe_flow.scheme.period.rules import PeriodClosed
from kaohe_flow.scheme.plan.commands import adopt
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.scorebook.ledger.model import ScoreFact
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.workflow.instance import commands as instances
from kaohe_flow.workflow.instance import queries as running
from kaohe_flow.workflow.instance.rules import NotACandidate
from tests.factories.casework import PDF, Bureau
from tests.factories.organization import FOUNDED
from tests.factories.scheme import effective, open_month

COMMENDATION = RewardContent(
    kind=RewardKind.HONOUR,
    title="个人嘉奖",
    document_no="云公政（2026）88号",
    deed="11·3溺水救援",
    summary="11月3日跳入冰冷河水救起落水儿童两名，受到群众称赞。",
    happened_on=date(2026, 11, 6),
)
PASS, APPROVE = RewardVerdict("pass", "情况属实"), RewardVerdict("approve")
FOUND = RewardVerdict("approve", "与命令一致", kind=RewardKind.HONOUR, points=Decimal(5))
MEDIA_FOUND = RewardVerdict("approve", "样报属实", kind=RewardKind.MEDIA)
REASON = "救起的儿童只有一名，现场视频可以证明。"
TARIFFS = """
format: 1
id: tariffs
name: 分项方案
sheets:
  - id: officer_month
    for: {kind: officer}
    period: {kind: month, first_day: 26}
    modules:
      - {id: incentive, name: 激励加分, cap: 20}
    groups:
      - {id: media, name: 宣传报道, same_deed: highest, cap: 6}
    items:
      - {id: REW-01, name: 嘉奖, module: incentive, mode: reward, points: 5, cap: 10, OVER}
      - id: REW-06
        name: 中央媒体
        module: incentive
        mode: reward
        points: 5
        group: media
        coauthors: mean
      - {id: REW-07, name: 省级媒体, module: incentive, mode: reward, points: 2, group: media}
    rankings: [{id: sequence, within: sequence}]
"""


def tariffs(bureau: Bureau, over: str = "over: cut") -> dict[str, int]:
    """A scheme of tariffs in force, with two media indicators; returns the versions by code."""
    with bureau.acting() as work:
        adopt(work, TARIFFS.replace("OVER", over), bureau.sheet.period.starts_on)
        central = effective(work, "REW-06", bureau.sheet.period, Mode.REWARD)
        province = effective(work, "REW-07", bureau.sheet.period, Mode.REWARD)
        return {"REW-01": bureau.sheet.reward.id, "REW-06": central.id, "REW-07": province.id}


def claim(
    bureau: Bureau,
    version_id: int | None = None,
    by: int | None = None,
    at: datetime | None = None,
    **changes: object,
) -> str:
    content = replace(COMMENDATION, **changes)  # type: ignore[arg-type]
    subject = (bureau.city.wang, version_id or bureau.sheet.reward.id)
    with bureau.acting(by or bureau.city.wang, at=at) as work:
        return commands.claim(work, subject, content, bureau.files, [Upload("命令.pdf", PDF)]).case_key


def media(bureau: Bureau, version_id: int, **changes: object) -> str:
    typed = {"kind": RewardKind.MEDIA, "title": "救援报道", "count": Decimal(1), **changes}
    return claim(bureau, version_id, **typed)  # type: ignore[arg-type]


def review(
    bureau: Bureau,
    officer_id: int,
    case_key: str,
    step: str,
    verdict: RewardVerdict,
    at: datetime | None = None,
) -> None:
    task_id = bureau.task(case_key, step)
    with bureau.acting(officer_id, at=at) as work:
        commands.review(work, task_id, verdict)


def verified(bureau: Bureau, case_key: str, found: RewardVerdict = FOUND) -> str:
    review(bureau, bureau.city.qian, case_key, "unit_opinion", PASS)
    review(bureau, bureau.city.wu, case_key, "line_verify", found)
    return case_key


def approved(bureau: Bureau, case_key: str, found: RewardVerdict = FOUND) -> str:
    review(bureau, bureau.city.zheng, verified(bureau, case_key, found), "office_approve", APPROVE)
    return case_key


def object_to(bureau: Bureau, case_key: str, by: int | None = None, at: datetime | None = None) -> None:
    with bureau.acting(by or bureau.city.zhou, at=at) as work:
        commands.object_to(work, row(bureau, case_key).id, REASON)


def settle(bureau: Bureau, case_key: str, outcome: str, at: datetime | None = None) -> None:
    task_id = bureau.task(case_key, "objection_check")
    with bureau.reading() as session:
        waiting = queries.open_objections(session, row(bureau, case_key).id)
        answers = [ObjectionAnswer(one.id, "已调取全部视频核对。") for one in waiting]
    with bureau.acting(bureau.city.chen, at=at) as work:
        commands.settle_objections(work, task_id, ObjectionRuling(outcome, "已核查。", answers))


def row(bureau: Bureau, case_key: str) -> Reward:
    with bureau.reading() as session:
        return queries.by_case_key(session, case_key)


def points(bureau: Bureau, case_key: str) -> Decimal | None:
    with bureau.reading() as session:
        return queries.booked(session, [case_key]).get(case_key)


def test_an_honour_is_verified_shown_for_seven_working_days_and_then_booked(bureau: Bureau) -> None:
    case_key = approved(bureau, claim(bureau))

    shown = row(bureau, case_key)
    fire_timers(bureau.database, datetime(2026, 11, 19, 15, 59, 58, tzinfo=UTC))
    before = points(bureau, case_key)
    fire_timers(bureau.database, datetime(2026, 11, 19, 16, 0, tzinfo=UTC))

    assert shown.state is RewardState.NOTICE
    assert shown.notice_until == datetime(2026, 11, 19, 15, 59, 59, tzinfo=UTC)
    assert before is None
    assert points(bureau, case_key) == Decimal(5)
    assert row(bureau, case_key).state is RewardState.SCORED


def test_a_report_in_the_media_is_booked_without_a_notice(bureau: Bureau) -> None:
    versions = tariffs(bureau)

    case_key = approved(bureau, media(bureau, versions["REW-07"]), MEDIA_FOUND)

    assert points(bureau, case_key) == Decimal(2)
    assert row(bureau, case_key).state is RewardState.SCORED


def test_the_line_reviewer_finds_whether_it_is_an_honour(bureau: Bureau) -> None:
    versions = tariffs(bureau)

    case_key = approved(
        bureau, media(bureau, versions["REW-07"]), replace(MEDIA_FOUND, kind=RewardKind.HONOUR)
    )

    assert row(bureau, case_key).state is RewardState.NOTICE


def test_coauthors_share_the_mean(bureau: Bureau) -> None:
    versions = tariffs(bureau)

    case_key = approved(bureau, media(bureau, versions["REW-06"], coauthors=Decimal(2)), MEDIA_FOUND)

    assert points(bureau, case_key) == Decimal("2.5")


def test_beyond_the_cap_a_reward_is_recorded_at_0_and_the_office_is_told(bureau: Bureau) -> None:
    versions = tariffs(bureau)
    deed = {"kind": RewardKind.DEED, "count": Decimal(2)}
    found = RewardVerdict("approve", kind=RewardKind.DEED)
    approved(bureau, claim(bureau, versions["REW-01"], **deed), found)

    case_key = verified(bureau, claim(bureau, versions["REW-01"], **{**deed, "deed": "另一事迹"}), found)
    told = row(bureau, case_key)
    review(bureau, bureau.city.zheng, case_key, "office_approve", APPROVE)

    assert (told.is_capped, told.expected) == (True, Decimal(0))
    assert "超出限额" in told.check_text
    assert points(bureau, case_key) == Decimal(0)
    with bureau.reading() as session:
        (entry,) = ledger.of_case(session, case_key)
    assert any("超出限额" in step["note"] for step in entry.steps)


def test_where_the_scheme_refuses_beyond_its_limit_the_reward_is_still_recorded_at_0(bureau: Bureau) -> None:
    versions = tariffs(bureau, "over: refuse")
    deed = {"kind": RewardKind.DEED, "count": Decimal(2)}
    found = RewardVerdict("approve", kind=RewardKind.DEED)
    approved(bureau, claim(bureau, versions["REW-01"], **deed), found)

    case_key = approved(bureau, claim(bureau, versions["REW-01"], **{**deed, "deed": "另一事迹"}), found)

    assert points(bureau, case_key) == Decimal(0)
    with bureau.reading() as session:
        fact = session.scalars(select(ScoreFact).where(ScoreFact.case_key == case_key)).one()
    assert "不予计入" in fact.content["note"]


def test_of_one_deed_only_the_highest_counts_whichever_came_first(bureau: Bureau) -> None:
    versions = tariffs(bureau)
    low = approved(bureau, media(bureau, versions["REW-07"]), MEDIA_FOUND)
    high = approved(bureau, media(bureau, versions["REW-06"], coauthors=Decimal(1)), MEDIA_FOUND)

    again = verified(bureau, media(bureau, versions["REW-07"], title="又一篇"), MEDIA_FOUND)
    told = row(bureau, again)
    review(bureau, bureau.city.zheng, again, "office_approve", APPROVE)

    assert (points(bureau, low), points(bureau, high), points(bureau, again)) == (0, 5, 0)
    assert "就高不就低" in told.check_text


def test_a_deed_that_counted_last_month_counts_0_now_and_says_so(bureau: Bureau) -> None:
    versions = tariffs(bureau)
    approved(bureau, media(bureau, versions["REW-06"], coauthors=Decimal(1)), MEDIA_FOUND)
    december = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
    with bureau.acting(at=december) as work:
        open_month(work, 2026, 12)
    bureau.now = december

    case_key = approved(
        bureau, media(bureau, versions["REW-07"], happened_on=date(2026, 11, 26)), MEDIA_FOUND
    )

    assert points(bureau, case_key) == Decimal(0)
    assert "同一事迹已在2026年11月" in row(bureau, case_key).check_text
    assert row(bureau, case_key).state is RewardState.SCORED


def test_an_objection_on_day_6_holds_the_award_until_it_is_answered(bureau: Bureau) -> None:
    case_key = approved(bureau, claim(bureau))
    day_6 = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)

    object_to(bureau, case_key, at=day_6)
    fire_timers(bureau.database, day_6 + timedelta(days=30))
    held = (row(bureau, case_key).state, points(bureau, case_key))
    settle(bureau, case_key, "resume", at=day_6 + timedelta(days=1))
    resumed = row(bureau, case_key)
    fire_timers(bureau.database, datetime(2026, 11, 30, 16, 0, tzinfo=UTC))

    assert held == (RewardState.OBJECTED, None)
    assert resumed.state is RewardState.NOTICE
    assert resumed.notice_until == datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)
    assert points(bureau, case_key) == Decimal(5)


def test_an_objection_that_holds_cancels_the_award(bureau: Bureau) -> None:
    case_key = approved(bureau, claim(bureau))
    object_to(bureau, case_key)

    settle(bureau, case_key, "cancel")

    assert row(bureau, case_key).state is RewardState.CANCELLED
    assert points(bureau, case_key) is None
    with bureau.reading() as session:
        (answer,) = session.scalars(select(RewardObjectionAnswer)).all()
    assert (answer.outcome, answer.answered_by_name) == ("cancel", "陈光")


def test_a_second_objection_joins_the_first_and_both_are_answered(bureau: Bureau) -> None:
    case_key = approved(bureau, claim(bureau))
    object_to(bureau, case_key)
    object_to(bureau, case_key, by=bureau.city.li)
    task_id = bureau.task(case_key, "objection_check")

    with bureau.reading() as session:
        first, second = queries.open_objections(session, row(bureau, case_key).id)
    partly = ObjectionRuling("resume", "已核查", [ObjectionAnswer(first.id, "不属实。")])
    with pytest.raises(ObjectionRefused) as refusal, bureau.acting(bureau.city.chen) as work:
        commands.settle_objections(work, task_id, partly)
    settle(bureau, case_key, "resume")

    assert [problem.where for problem in refusal.value.problems] == [f"answer_{second.id}"]
    assert row(bureau, case_key).state is RewardState.NOTICE


def test_whoever_approved_or_objected_does_not_check_the_objection(bureau: Bureau) -> None:
    case_key = approved(bureau, claim(bureau))
    object_to(bureau, case_key, by=bureau.city.chen)
    task_id = bureau.task(case_key, "objection_check")

    for officer_id in (bureau.city.zheng, bureau.city.chen):
        with bureau.acting(officer_id) as work:
            assert not running.may_act(work.session, running.task(work.session, task_id), work.actor)


def test_nobody_objects_to_their_own_honour_without_a_reason_or_after_the_notice(bureau: Bureau) -> None:
    case_key = claim(bureau)
    reward_id = row(bureau, case_key).id

    with pytest.raises(NoticeOver):
        object_to(bureau, case_key)
    approved(bureau, case_key)
    with pytest.raises(OwnHonour):
        object_to(bureau, case_key, by=bureau.city.wang)
    with pytest.raises(ObjectionRefused), bureau.acting(bureau.city.zhou) as work:
        commands.object_to(work, reward_id, "不服")
    with pytest.raises(NoticeOver):
        object_to(bureau, case_key, at=datetime(2026, 11, 20, 4, 0, tzinfo=UTC))

    assert row(bureau, case_key).state is RewardState.NOTICE


def test_the_political_department_files_for_somebody_and_keeps_out_of_the_rest(bureau: Bureau) -> None:
    with bureau.acting() as work:
        roles.grant(work, roles.Grant(bureau.city.wu, Role.POLITICAL, bureau.city.county, Span(FOUNDED)))

    case_key = claim(bureau, by=bureau.city.wu)
    review(bureau, bureau.city.qian, case_key, "unit_opinion", PASS)

    assert row(bureau, case_key).claimed_by_name == "吴越"
    with pytest.raises(NotACandidate):
        review(bureau, bureau.city.wu, case_key, "line_verify", FOUND)


@pytest.mark.parametrize("claimant", ["li", "qian", "zheng", "wu"])
def test_nobody_else_claims_for_an_officer(bureau: Bureau, claimant: str) -> None:
    with pytest.raises(NotYoursToClaim):
        claim(bureau, by=getattr(bureau.city, claimant))


def test_only_rewards_are_claimed(bureau: Bureau) -> None:
    with pytest.raises(NotClaimable):
        claim(bureau, bureau.sheet.penalty.id)


def test_after_the_cut_off_nothing_is_claimed_for_the_month(bureau: Bureau) -> None:
    with bureau.acting() as work:
        open_month(work, 2026, 12)

    case_key = claim(bureau, at=datetime(2026, 11, 26, 1, 0, tzinfo=UTC))

    assert row(bureau, case_key).period_id != bureau.sheet.period.id


def test_an_incomplete_claim_names_every_fault_and_stores_nothing(bureau: Bureau) -> None:
    bad = RewardContent(RewardKind.HONOUR, "", " ", "", "短", date(2026, 11, 11))

    with pytest.raises(RewardRefused) as refusal, bureau.acting(bureau.city.wang) as work:
        commands.claim(work, (bureau.city.wang, bureau.sheet.reward.id), bad, bureau.files, [])

    assert {problem.where for problem in refusal.value.problems} == {
        "title", "document_no", "deed", "summary", "happened_on", "files"
    }  # fmt: skip
    with bureau.reading() as session:
        assert not session.scalars(select(Reward)).all()


def test_a_rejected_claim_comes_back_is_mended_and_both_rounds_stay(bureau: Bureau) -> None:
    case_key = claim(bureau)
    review(bureau, bureau.city.qian, case_key, "unit_opinion", RewardVerdict("reject", "缺命令原件"))
    task_id = bureau.task(case_key, "fix")

    with bureau.acting(bureau.city.wang) as work:
        commands.resubmit(
            work,
            task_id,
            replace(COMMENDATION, title="个人嘉奖（补命令）"),
            bureau.files,
            [Upload("命令原件.pdf", PDF + b"2")],
        )

    with bureau.reading() as session:
        rounds = session.scalars(select(RewardVersion).order_by(RewardVersion.round)).all()
    assert [one.round for one in rounds] == [1, 2]
    assert "补命令" not in rounds[0].content.decode()
    assert bureau.waiting(case_key) == ["unit_opinion"]
    assert row(bureau, case_key).state is RewardState.UNDER_REVIEW


def test_a_rejection_without_a_reason_and_points_beyond_the_rule_are_refused(bureau: Bureau) -> None:
    case_key = claim(bureau)

    with pytest.raises(RewardVerdictRefused):
        review(bureau, bureau.city.qian, case_key, "unit_opinion", RewardVerdict("reject", "  "))
    review(bureau, bureau.city.qian, case_key, "unit_opinion", PASS)
    with pytest.raises(RewardVerdictRefused) as refusal:
        review(bureau, bureau.city.wu, case_key, "line_verify", RewardVerdict("approve", points=Decimal(6)))

    assert {problem.where for problem in refusal.value.problems} == {"kind", "points"}


@pytest.mark.parametrize(
    ("deed", "state"),
    [("withdraw", RewardState.WITHDRAWN), ("give_up", RewardState.REJECTED), ("lapse", RewardState.LAPSED)],
)
def test_a_claim_may_end_without_points(bureau: Bureau, deed: str, state: RewardState) -> None:
    case_key = claim(bureau)
    if deed == "withdraw":
        with bureau.acting(bureau.city.wang) as work:
            commands.withdraw(work, row(bureau, case_key).id)
    else:
        review(bureau, bureau.city.qian, case_key, "unit_opinion", RewardVerdict("reject", "缺命令原件"))
    if deed == "give_up":
        task_id = bureau.task(case_key, "fix")
        with bureau.acting(bureau.city.wang) as work:
            commands.give_up(work, task_id)
    if deed == "lapse":
        fire_timers(bureau.database, bureau.now + timedelta(days=5))

    assert row(bureau, case_key).state is state
    assert points(bureau, case_key) is None


def test_what_somebody_has_taken_up_is_not_withdrawn(bureau: Bureau) -> None:
    case_key = claim(bureau)
    task_id = bureau.task(case_key, "unit_opinion")
    with bureau.acting(bureau.city.qian) as work:
        instances.claim(work, task_id)

    with pytest.raises(RewardFrozen), bureau.acting(bureau.city.wang) as work:
        commands.withdraw(work, row(bureau, case_key).id)


def test_a_notice_that_outlasts_the_seal_counts_in_the_open_month(bureau: Bureau) -> None:
    late = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
    case_key = claim(bureau, at=late)
    review(bureau, bureau.city.qian, case_key, "unit_opinion", PASS, at=late)
    review(bureau, bureau.city.wu, case_key, "line_verify", FOUND, at=late)
    review(bureau, bureau.city.zheng, case_key, "office_approve", APPROVE, at=late)
    november = bureau.sheet.period.id
    with bureau.acting(at=datetime(2026, 11, 26, 1, 0, tzinfo=UTC)) as work:
        opened = open_month(work, 2026, 12)
        period_commands.close_submission(work, november)
    with bureau.acting(at=datetime(2026, 11, 27, 1, 0, tzinfo=UTC)) as work:
        period_commands.begin_notice(work, november)
    with bureau.acting(at=datetime(2026, 12, 3, 1, 0, tzinfo=UTC)) as work:
        period_commands.seal(work, november, signed=True)

    fire_timers(bureau.database, datetime(2026, 12, 4, 16, 0, tzinfo=UTC))

    assert row(bureau, case_key).state is RewardState.SCORED
    with bureau.reading() as session:
        assert ledger.sums(session, opened.id, SubjectKind.OFFICER, bureau.city.wang) == {
            "incentive": Decimal(5)
        }
        assert ledger.first_broken(session, opened.id) is None


def test_the_excerpt_is_for_everybody_during_the_notice_the_case_is_not(bureau: Bureau) -> None:
    case_key = claim(bureau)
    reward_id = row(bureau, case_key).id

    with bureau.reading() as session, pytest.raises(queries.NotFound):
        queries.shown(session, reward_id)
    approved(bureau, case_key)

    with bureau.acting(bureau.city.zhou) as work:
        assert queries.shown(work.session, reward_id).id == reward_id
        with pytest.raises(queries.NotFound):
            queries.visible(work.session, reward_id, work.actor, scope(work.session, work.actor))


def test_past_the_cut_off_of_a_month_without_a_successor_the_officer_is_told(bureau: Bureau) -> None:
    with pytest.raises((PeriodClosed, queries.NotFound)):
        claim(bureau, at=datetime(2026, 11, 25, 16, 0, tzinfo=UTC))
