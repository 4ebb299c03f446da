"""Penalties on a real database and the shipped diagram."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from kaohe_flow.casework.penalty import commands, queries
from kaohe_flow.casework.penalty.model import DefenceAnswer, Penalty
from kaohe_flow.casework.penalty.rules.defence import (
    Answer,
    DefenceRefused,
    Reply,
    ReplyKind,
    Ruling,
    RulingRefused,
)
from kaohe_flow.casework.penalty.rules.finding import (
    Accusation,
    AccusationRefused,
    Figures,
    NotYoursToFind,
    PenaltyState,
)
from kaohe_flow.casework.standing.queries import scope
from kaohe_flow.jobs.worker import fire_timers
from kaohe_flow.records.attachment.commands import Upload
from kaohe_flow.records.attachment.rules import FileRefused
from kaohe_flow.results.ranking.queries import current
from kaohe_flow.scheme.period import commands as period_commands
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.plan.commands import adopt
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.scorebook.ledger.model import ScoreFact
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.workflow.instance import queries as running
from kaohe_flow.workflow.instance.rules import NotACandidate, OutcomeUnknown, TaskTaken
from tests.factories.casework import PDF, Bureau
from tests.factories.scheme import open_month

DEFEND = Reply(ReplyKind.DEFEND, ("当日在处置另一起警情，有接处警记录为证。", "投诉人次日已书面撤回投诉。"))
CONFIRM = Reply(ReplyKind.CONFIRM)
IMPOSE = Ruling("impose", "事实清楚，依据适用准确。")
FANNED = """
format: 1
id: fanned
name: 连带方案
sheets:
  - id: officer_month
    for: {kind: officer}
    period: {kind: month, first_day: 26}
    mitigations: {纯属个人原因: 1}
    items:
      - {id: TEAM-08, name: 投诉查实, mode: penalty, points: 3, fan_out: [{to: unit, item: TEAM-13}]}
    rankings: [{id: sequence, within: sequence}]
  - id: unit_month
    for: {kind: unit}
    period: {kind: month, first_day: 26}
    mitigations: {纯属个人原因: 30%}
    items:
      - {id: TEAM-08, name: 投诉查实（单位）, mode: penalty, points: 1}
      - {id: TEAM-13, name: 单位连带, mode: penalty, points: 8}
    rankings: [{id: sequence, within: sequence}]
"""


def complaint(bureau: Bureau, **changes: object) -> Accusation:
    """A complaint found true against 王小明."""
    found = Accusation(
        officer_id=bureau.city.wang,
        indicator_version_id=bureau.sheet.penalty.id,
        happened_on=date(2026, 11, 5),
        found_on=date(2026, 11, 9),
        basis="信访查处结论（2026）第17号",
        description="11月5日窗口接待群众时态度生硬，经查证属实。",
        figures=Figures(count=Decimal(1)),
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def accuse(bureau: Bureau, by: int | None = None, at: datetime | None = None, **changes: object) -> str:
    with bureau.acting(by or bureau.city.zheng, at=at) as work:
        files = [Upload("查处结论.pdf", PDF)]
        return commands.accuse(work, complaint(bureau, **changes), bureau.files, files).case_key


def reply(bureau: Bureau, case_key: str, said: Reply = CONFIRM, files: tuple[Upload, ...] = ()) -> None:
    task_id = bureau.task(case_key, "reply")
    with bureau.acting(bureau.city.wang) as work:
        commands.reply(work, task_id, said, bureau.files, list(files))


def decide(bureau: Bureau, case_key: str, ruling: Ruling = IMPOSE, by: int | None = None) -> None:
    task_id = bureau.task(case_key, "decide")
    with bureau.acting(by or bureau.city.wu) as work:
        commands.decide(work, task_id, ruling)


def row(bureau: Bureau, case_key: str) -> Penalty:
    with bureau.reading() as session:
        return queries.by_case_key(session, case_key)


def points(bureau: Bureau, case_key: str) -> dict[tuple[str, int], Decimal]:
    with bureau.reading() as session:
        facts = ledger.live_facts_of_case(session, case_key)
        return {
            (fact.subject_kind.value, fact.subject_id): sum(
                (
                    entry.points
                    for entry in ledger.of_subject(
                        session, fact.period_id, fact.subject_kind, fact.subject_id
                    )
                    if entry.case_key == case_key
                ),
                Decimal(0),
            )
            for fact in facts
        }


def test_the_assessed_is_told_before_anybody_decides(bureau: Bureau) -> None:
    case_key = accuse(bureau)

    penalty = row(bureau, case_key)
    assert bureau.waiting(case_key) == ["reply"]
    assert penalty.state is PenaltyState.NOTIFIED
    with bureau.reading() as session:
        notice = queries.notice_of(session, penalty.id)
        task = running.task(session, bureau.task(case_key, "reply"))
    assert notice is not None
    assert "信访查处结论" in notice.content.decode()
    assert task.pool == "本人"
    assert points(bureau, case_key) == {}


def test_a_confirmed_finding_costs_the_person_and_the_unit_their_own_tariff(bureau: Bureau) -> None:
    case_key = accuse(bureau, figures=Figures(count=Decimal(2)))
    reply(bureau, case_key)

    decide(bureau, case_key)

    assert points(bureau, case_key) == {
        ("officer", bureau.city.wang): Decimal(-6),
        ("unit", bureau.city.station): Decimal(-2),
    }
    assert row(bureau, case_key).state is PenaltyState.IMPOSED
    with bureau.reading() as session:
        standings = current(session, periods.get(session, bureau.sheet.period.id))
    station = next(one for one in standings.rows if one.subject == f"unit:{bureau.city.station}")
    assert station.points == Decimal("-2.00")


def test_where_the_scheme_fans_out_one_fact_is_kept_and_the_unit_is_hit_once(bureau: Bureau) -> None:
    with bureau.acting() as work:
        adopt(work, FANNED, bureau.sheet.period.starts_on)
    case_key = accuse(bureau)
    reply(bureau, case_key)

    decide(bureau, case_key, replace(IMPOSE, mitigation=("纯属个人原因",)))

    assert points(bureau, case_key) == {("officer", bureau.city.wang): Decimal(-3)}
    with bureau.reading() as session:
        standings = current(session, periods.get(session, bureau.sheet.period.id))
    station = next(one for one in standings.rows if one.subject == f"unit:{bureau.city.station}")
    assert station.points == Decimal("-2.40")


def test_three_working_days_of_silence_are_marked_and_admit_nothing(bureau: Bureau) -> None:
    case_key = accuse(bureau)

    fire_timers(bureau.database, datetime(2026, 11, 13, 15, 59, 58, tzinfo=UTC))
    assert bureau.waiting(case_key) == ["reply"]
    fire_timers(bureau.database, datetime(2026, 11, 13, 16, 0, tzinfo=UTC))

    with bureau.reading() as session:
        said = queries.reply_of(session, row(bureau, case_key).id)
    assert said is not None
    assert (said.kind, said.replied_by_id) == (ReplyKind.SILENT, None)
    assert bureau.waiting(case_key) == ["decide"]
    assert points(bureau, case_key) == {}
    decide(bureau, case_key)
    assert row(bureau, case_key).state is PenaltyState.IMPOSED


def test_every_point_of_the_defence_is_answered_before_anything_is_decided(bureau: Bureau) -> None:
    case_key = accuse(bureau)
    reply(bureau, case_key, DEFEND, (Upload("接处警记录.pdf", PDF),))

    with pytest.raises(RulingRefused) as refusal:
        decide(bureau, case_key, replace(IMPOSE, answers=(Answer(1, False, "该警情在两小时之后。"),)))
    faults = {problem.where for problem in refusal.value.problems}
    answered = (Answer(1, False, "该警情在两小时之后。"), Answer(2, True, "撤回属实，但不影响事实认定。"))
    decide(bureau, case_key, replace(IMPOSE, answers=answered))

    assert faults == {"adopted_2", "answer_2"}
    with bureau.reading() as session:
        stored = session.scalars(select(DefenceAnswer).order_by(DefenceAnswer.number)).all()
        grounds = queries.grounds(session, row(bureau, case_key).id)
    assert [(one.number, one.is_adopted) for one in stored] == [(1, False), (2, True)]
    assert [one.ground for one in grounds] == list(DEFEND.grounds)


def test_an_accepted_defence_ends_the_case_without_points(bureau: Bureau) -> None:
    case_key = accuse(bureau)
    reply(bureau, case_key, Reply(ReplyKind.DEFEND, DEFEND.grounds[:1]))

    decide(bureau, case_key, Ruling("dismiss", "申辩成立。", answers=(Answer(1, True, "经查属实。"),)))

    assert row(bureau, case_key).state is PenaltyState.DISMISSED
    assert points(bureau, case_key) == {}


def test_whoever_entered_a_finding_never_decides_it(bureau: Bureau) -> None:
    case_key = accuse(bureau, by=bureau.city.wu)
    reply(bureau, case_key)

    with pytest.raises(NotACandidate):
        decide(bureau, case_key, by=bureau.city.wu)
    decide(bureau, case_key, by=bureau.city.feng)

    assert row(bureau, case_key).state is PenaltyState.IMPOSED


def test_the_assessed_does_not_decide_and_nobody_else_replies(bureau: Bureau) -> None:
    case_key = accuse(bureau)
    task_id = bureau.task(case_key, "reply")

    with pytest.raises(NotACandidate), bureau.acting(bureau.city.qian) as work:
        commands.reply(work, task_id, CONFIRM, bureau.files, [])
    reply(bureau, case_key)
    with pytest.raises(NotACandidate):
        decide(bureau, case_key, by=bureau.city.wang)


def test_a_finding_is_answered_once(bureau: Bureau) -> None:
    case_key = accuse(bureau)
    task_id = bureau.task(case_key, "reply")
    reply(bureau, case_key)

    with pytest.raises(TaskTaken), bureau.acting(bureau.city.wang) as work:
        commands.reply(work, task_id, DEFEND, bureau.files, [])


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Reply(ReplyKind.DEFEND), "ground_1"),
        (Reply(ReplyKind.DEFEND, ("不服",)), "ground_1"),
        (Reply(ReplyKind.CONFIRM, ("其实有话要说，请核查记录。",)), "ground_1"),
        (Reply(ReplyKind.DEFEND, ("理由充分，请予核查。",) * 9), "ground_1"),
    ],
)
def test_a_defence_says_something_and_a_confirmation_nothing(bureau: Bureau, said: Reply, field: str) -> None:
    case_key = accuse(bureau)

    with pytest.raises(DefenceRefused) as refusal:
        reply(bureau, case_key, said)

    assert {problem.where for problem in refusal.value.problems} == {field}
    assert bureau.waiting(case_key) == ["reply"]


def test_a_faulty_file_leaves_the_reply_unsaid(bureau: Bureau) -> None:
    case_key = accuse(bureau)

    with pytest.raises(FileRefused):
        reply(bureau, case_key, DEFEND, (Upload("证明.pdf", b"MZ\x90"),))

    assert bureau.waiting(case_key) == ["reply"]
    with bureau.reading() as session:
        assert queries.reply_of(session, row(bureau, case_key).id) is None


def test_nobody_finds_against_themselves(bureau: Bureau) -> None:
    with pytest.raises(NotYoursToFind):
        accuse(bureau, officer_id=bureau.city.zheng)


@pytest.mark.parametrize("finder", ["wang", "qian", "sun", "zhou", "wei"])
def test_only_competent_people_find(bureau: Bureau, finder: str) -> None:
    with pytest.raises(NotYoursToFind):
        accuse(bureau, by=getattr(bureau.city, finder), officer_id=bureau.city.zhao)


def test_an_office_does_not_find_against_officers_of_the_other_chain(bureau: Bureau) -> None:
    with pytest.raises(NotYoursToFind):
        accuse(bureau, by=bureau.city.zheng, officer_id=bureau.city.feng)


def test_a_task_indicator_is_no_ground_for_a_penalty(bureau: Bureau) -> None:
    with pytest.raises(NotYoursToFind):
        accuse(bureau, indicator_version_id=bureau.sheet.task.id)


def test_an_incomplete_finding_names_every_fault_and_stores_nothing(bureau: Bureau) -> None:
    bad = complaint(
        bureau,
        happened_on=date(2026, 11, 11),
        basis=" ",
        description="太短",
        figures=Figures(count=Decimal(-1), option="一般"),
    )

    with pytest.raises(AccusationRefused) as refusal, bureau.acting(bureau.city.zheng) as work:
        commands.accuse(work, bad, bureau.files, [])

    assert {problem.where for problem in refusal.value.problems} == {
        "happened_on", "basis", "description", "count", "option", "files"
    }  # fmt: skip
    with bureau.reading() as session:
        assert not session.scalars(select(Penalty)).all()


def test_a_day_on_which_the_officer_did_not_serve_is_refused(bureau: Bureau) -> None:
    with pytest.raises(AccusationRefused, match="按提示修改"):
        accuse(bureau, happened_on=date(2019, 12, 31))


def test_a_decision_needs_a_reason_and_never_exceeds_what_was_told(bureau: Bureau) -> None:
    case_key = accuse(bureau, figures=Figures(count=Decimal(2)))
    reply(bureau, case_key)

    with pytest.raises(RulingRefused) as refusal:
        decide(bureau, case_key, Ruling("impose", " ", count=Decimal(3), mitigation=("主动挽回",)))
    decide(bureau, case_key, replace(IMPOSE, count=Decimal(1)))

    assert {problem.where for problem in refusal.value.problems} == {"opinion", "count", "mitigation"}
    assert points(bureau, case_key)["officer", bureau.city.wang] == Decimal(-3)


def test_only_decisions_of_the_diagram_can_be_taken(bureau: Bureau) -> None:
    case_key = accuse(bureau)
    reply(bureau, case_key)

    with pytest.raises(OutcomeUnknown):
        decide(bureau, case_key, Ruling("double", "加倍"))

    with bureau.reading() as session:
        assert queries.decision_of(session, row(bureau, case_key).id) is None


def test_what_came_to_light_late_counts_in_the_period_of_discovery(bureau: Bureau) -> None:
    case_key = accuse(bureau, happened_on=date(2026, 9, 12), found_on=date(2026, 11, 9))
    reply(bureau, case_key)

    decide(bureau, case_key)

    penalty = row(bureau, case_key)
    assert (penalty.happened_on, penalty.period_id) == (date(2026, 9, 12), bureau.sheet.period.id)
    with bureau.reading() as session:
        fact = session.scalars(select(ScoreFact).where(ScoreFact.subject_kind == SubjectKind.OFFICER)).one()
        standings = current(session, periods.get(session, bureau.sheet.period.id))
    assert fact.happened_on == date(2026, 11, 9)
    assert "事发 2026-09-12" in fact.content["note"]
    own = next(one for one in standings.rows if one.subject == f"officer:{bureau.city.wang}")
    assert own.points == Decimal("-3.00")


def test_a_penalty_decided_after_the_seal_counts_in_the_open_period(bureau: Bureau) -> None:
    december = datetime(2026, 12, 8, 4, 0, tzinfo=UTC)
    case_key = accuse(bureau)
    reply(bureau, case_key)
    november = bureau.sheet.period.id
    with bureau.acting(at=datetime(2026, 11, 26, 1, 0, tzinfo=UTC)) as work:
        opened = open_month(work, 2026, 12)
        period_commands.close_submission(work, november)
    with bureau.acting(at=datetime(2026, 12, 1, 1, 0, tzinfo=UTC)) as work:
        period_commands.begin_notice(work, november)
    with bureau.acting(at=december) as work:
        period_commands.seal(work, november, signed=True)

    task_id = bureau.task(case_key, "decide")
    with bureau.acting(bureau.city.wu, at=december) as work:
        commands.decide(work, task_id, IMPOSE)

    assert row(bureau, case_key).period_id == opened.id
    with bureau.reading() as session:
        assert ledger.sums(session, opened.id, SubjectKind.OFFICER, bureau.city.wang) == {"team": Decimal(-3)}
        assert not ledger.sums(session, november, SubjectKind.OFFICER, bureau.city.wang)


def test_the_decider_who_says_nothing_is_urged_and_then_joined_by_the_level_above(bureau: Bureau) -> None:
    case_key = accuse(bureau)
    reply(bureau, case_key)
    task_id = bureau.task(case_key, "decide")

    fire_timers(bureau.database, bureau.now + timedelta(days=4))
    urged = bureau.task_row(task_id)
    fire_timers(bureau.database, bureau.now + timedelta(days=12))

    assert urged.urged_at is not None
    assert bureau.task_row(task_id).climbed == 1
    assert bureau.waiting(case_key) == ["decide"]
    assert points(bureau, case_key) == {}


def test_outsiders_do_not_learn_of_a_finding(bureau: Bureau) -> None:
    case_key = accuse(bureau)
    penalty = row(bureau, case_key)

    seen = set()
    for name in ("wang", "zheng", "wu", "qian", "zhou", "li", "chen"):
        with bureau.acting(getattr(bureau.city, name)) as work:
            try:
                queries.visible(work.session, penalty.id, work.actor, scope(work.session, work.actor))
            except queries.NotFound:
                continue
            seen.add(name)

    assert seen == {"wang", "zheng", "wu", "qian", "chen"}
