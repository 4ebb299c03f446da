"""Indicators are drafted and revised freely, and frozen once they are effective."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.errors import Problem
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.line.queries import LineNotFound
from kaohe_flow.records.audit.queries import about
from kaohe_flow.scheme.banlist import commands as banlist
from kaohe_flow.scheme.banlist import queries as banned
from kaohe_flow.scheme.banlist.model import BanOverride
from kaohe_flow.scheme.banlist.rules import Ban, BannedIndicator, OverrideNeedsOffice, ReasonTooShort
from kaohe_flow.scheme.indicator import commands, queries
from kaohe_flow.scheme.indicator.gateway import HEADINGS
from kaohe_flow.scheme.indicator.rules import (
    OWN_UNIT,
    Content,
    IndicatorCodeTaken,
    IndicatorIncomplete,
    IndicatorNotFound,
    IndicatorRefused,
    Mode,
    Module,
    StartsTooEarly,
    VersionFrozen,
    VersionState,
)
from kaohe_flow.scheme.period import commands as periods
from kaohe_flow.scheme.period.model import Period
from tests.factories.organization import MiniCity
from tests.factories.scheme import Sheet, any_rule, content, effective, open_month

REASON = "省厅2026年12号文件要求统计上报"
BRIGADE = Actor(officer_id=None, name="刑侦大队内勤", principals=frozenset({"unit_admin@12"}))
BARE = Content("打击成效", Module.BUSINESS, Mode.TASK, Decimal(6))


def draft(work: Work, code: str = "BIZ-01", wording: Content | None = None) -> int:
    return commands.draft(work, code, wording or content(), check_rule=any_rule).id


@pytest.fixture
def december(work: Work, sheet: Sheet) -> Period:
    return open_month(work, 2026, 12)


def test_a_draft_may_be_unfinished(work: Work, city: MiniCity) -> None:
    version = queries.version(work.session, draft(work, " biz-01 ", BARE))

    assert (version.indicator.code, version.number, version.state) == ("BIZ-01", 1, VersionState.DRAFT)
    assert version.content == BARE


def test_everything_said_is_stored_and_read_back(work: Work, city: MiniCity) -> None:
    wording = content(
        rule={"tariff": "0.5"}, floor=Decimal(-6), level=3, applies_to=("派出所",), group_code="同一事迹"
    )
    version_id = draft(work, wording=wording)
    work.session.expire_all()

    assert queries.version(work.session, version_id).content == wording


def test_a_code_is_used_once_for_all_time(work: Work, city: MiniCity) -> None:
    draft(work)

    with pytest.raises(IndicatorCodeTaken, match="矛盾纠纷化解"):
        draft(work, "biz-01")


def test_all_faults_are_told_together(work: Work, city: MiniCity) -> None:
    with pytest.raises(IndicatorRefused) as refusal:
        draft(work, "7", content(base_points=Decimal(-1), level=9))

    assert [problem.where for problem in refusal.value.problems] == ["code", "base_points", "level"]


def test_the_item_rule_is_judged_by_whoever_knows_its_words(work: Work, city: MiniCity) -> None:
    def judge(rule: object) -> tuple[Problem, ...]:
        return (Problem("rule.tariff", f"不认识 {rule}"),)

    with pytest.raises(IndicatorRefused) as refusal:
        commands.draft(work, "BIZ-01", content(rule={"tarif": "1"}), check_rule=judge)

    assert refusal.value.problems[0].where == "rule.tariff"
    commands.draft(work, "BIZ-01", content(), check_rule=judge)


def test_an_owner_nobody_knows_is_refused_but_the_unit_itself_may_own(work: Work, city: MiniCity) -> None:
    with pytest.raises(LineNotFound):
        draft(work, wording=content(line_code="xingzhen"))

    draft(work, wording=content(line_code=OWN_UNIT))


def test_a_brigade_cannot_save_a_banned_indicator_whatever_its_reason(work: Work, city: MiniCity) -> None:
    banlist.seed(work)
    brigade, wording = replace(work, actor=BRIGADE), content(name="刑事拘留数")

    with pytest.raises(BannedIndicator):
        commands.draft(brigade, "BIZ-01", wording, check_rule=any_rule)
    with pytest.raises(OverrideNeedsOffice):
        commands.draft(brigade, "BIZ-02", wording, check_rule=any_rule, override_reason=REASON)


def test_an_office_override_needs_a_reason_and_is_recorded(work: Work, city: MiniCity) -> None:
    banlist.seed(work)
    wording = content(formula="刑 拘 人 数 ÷ 警力")

    with pytest.raises(ReasonTooShort):
        commands.draft(work, "BIZ-01", wording, check_rule=any_rule, override_reason="领导要求")
    version = commands.draft(work, "BIZ-02", wording, check_rule=any_rule, override_reason=REASON)

    (row,) = banned.overrides(work.session, commands.subject(version.indicator))
    assert (row.reason, row.found) == (REASON, ["刑拘人数"])


def test_revising_rewrites_the_draft_in_hand(work: Work, city: MiniCity) -> None:
    version = queries.version(work.session, draft(work))

    again = commands.revise(work, version.indicator_id, content(name="化解成效"), check_rule=any_rule)

    assert (again.id, again.name) == (version.id, "化解成效")


def test_revising_an_effective_indicator_begins_a_new_version(work: Work, sheet: Sheet) -> None:
    second = commands.revise(work, sheet.task.indicator_id, content(name="化解成效"), check_rule=any_rule)

    assert (second.number, second.state) == (2, VersionState.DRAFT)
    assert sheet.task.name == "矛盾纠纷化解"


def test_an_unknown_indicator_cannot_be_revised(work: Work, city: MiniCity) -> None:
    with pytest.raises(IndicatorNotFound):
        commands.revise(work, 99, content(), check_rule=any_rule)


def test_an_unfinished_indicator_does_not_become_effective_and_says_all_it_lacks(
    work: Work, city: MiniCity
) -> None:
    month, version_id = open_month(work), draft(work, wording=BARE)

    with pytest.raises(IndicatorIncomplete) as refusal:
        commands.make_effective(work, version_id, from_period_id=month.id, check_rule=any_rule)

    assert {"measure", "unit_of_measure", "data_source", "deadline_text"} <= {
        problem.where for problem in refusal.value.problems
    }


def test_a_phrase_banned_after_the_draft_stops_it_from_becoming_effective(work: Work, city: MiniCity) -> None:
    month, version_id = open_month(work), draft(work)
    banlist.forbid(work, Ban("矛盾纠纷化解"))

    assert [fault.where for fault in queries.faults(work.session, version_id)] == ["name"]
    with pytest.raises(BannedIndicator):
        commands.make_effective(work, version_id, from_period_id=month.id, check_rule=any_rule)


def test_what_an_office_let_pass_becomes_effective(work: Work, city: MiniCity) -> None:
    banlist.seed(work)
    month, wording = open_month(work), content(name="破案率")
    version = commands.draft(work, "BIZ-01", wording, check_rule=any_rule, override_reason=REASON)

    commands.make_effective(work, version.id, from_period_id=month.id, check_rule=any_rule)

    assert version.state is VersionState.EFFECTIVE
    work.session.execute(delete(BanOverride))
    assert queries.faults(work.session, version.id)


def test_the_first_version_may_begin_with_the_month_that_runs(sheet: Sheet) -> None:
    assert sheet.task.valid_from_on == date(2026, 10, 26)
    assert sheet.task.valid_until_on is None


def test_a_new_version_begins_with_a_month_to_come_and_ends_the_one_before(
    work: Work, sheet: Sheet, december: Period
) -> None:
    second = commands.revise(work, sheet.task.indicator_id, content(name="化解成效"), check_rule=any_rule)

    with pytest.raises(StartsTooEarly, match="下一考核期"):
        commands.make_effective(work, second.id, from_period_id=sheet.period.id, check_rule=any_rule)
    commands.make_effective(work, second.id, from_period_id=december.id, check_rule=any_rule)

    assert sheet.task.valid_until_on == date(2026, 11, 25)
    assert second.valid_from_on == date(2026, 11, 26)


def test_two_versions_cannot_begin_with_the_same_month(work: Work, sheet: Sheet, december: Period) -> None:
    for _ in range(2):
        again = commands.revise(work, sheet.task.indicator_id, content(), check_rule=any_rule)
        if again.number == 2:
            commands.make_effective(work, again.id, from_period_id=december.id, check_rule=any_rule)

    with pytest.raises(StartsTooEarly, match="2026-11-26"):
        commands.make_effective(work, again.id, from_period_id=december.id, check_rule=any_rule)


def test_making_it_effective_again_for_the_same_month_changes_nothing(work: Work, sheet: Sheet) -> None:
    trail = len(about(work.session, commands.subject(sheet.task.indicator)))

    again = commands.make_effective(work, sheet.task.id, from_period_id=sheet.period.id, check_rule=any_rule)

    assert again is sheet.task
    assert len(about(work.session, commands.subject(sheet.task.indicator))) == trail


def test_an_effective_version_is_frozen(work: Work, sheet: Sheet, december: Period) -> None:
    with pytest.raises(VersionFrozen):
        commands.make_effective(work, sheet.task.id, from_period_id=december.id, check_rule=any_rule)


def test_nothing_begins_in_a_month_that_takes_no_more_reports(work: Work, city: MiniCity) -> None:
    month, version_id = open_month(work), draft(work)
    late = replace(work, now=datetime(2026, 11, 26, tzinfo=UTC))
    periods.close_submission(late, month.id)

    with pytest.raises(StartsTooEarly, match="报送已截止"):
        commands.make_effective(late, version_id, from_period_id=month.id, check_rule=any_rule)


def test_a_retired_indicator_ends_with_its_last_month_and_does_not_come_back(
    work: Work, sheet: Sheet, december: Period
) -> None:
    retired = commands.retire(
        work, sheet.task.indicator_id, last_period_id=sheet.period.id, reason="任务完成"
    )

    assert (retired.state, retired.valid_until_on) == (VersionState.RETIRED, date(2026, 11, 25))
    again = commands.revise(work, sheet.task.indicator_id, content(), check_rule=any_rule)
    with pytest.raises(StartsTooEarly, match="已经停用"):
        commands.make_effective(work, again.id, from_period_id=december.id, check_rule=any_rule)


def test_retiring_wants_a_reason_and_a_month_that_is_not_over(work: Work, sheet: Sheet) -> None:
    october = open_month(work, 2026, 10)

    with pytest.raises(IndicatorRefused):
        commands.retire(work, sheet.task.indicator_id, last_period_id=sheet.period.id, reason=" ")
    with pytest.raises(StartsTooEarly):
        commands.retire(work, sheet.task.indicator_id, last_period_id=october.id, reason="任务完成")
    late = replace(work, now=datetime(2026, 12, 1, tzinfo=UTC))
    with pytest.raises(StartsTooEarly, match="已经结束"):
        commands.retire(late, sheet.task.indicator_id, last_period_id=sheet.period.id, reason="任务完成")


def test_indicators_lead_up_to_their_goal_and_never_round_in_a_circle(work: Work, sheet: Sheet) -> None:
    goal, key = sheet.reward.indicator_id, sheet.task.indicator_id

    commands.serve(work, key, goal)

    assert [step.code for step in queries.lineage(work.session, key)] == ["BIZ-07", "REW-01"]
    with pytest.raises(IndicatorRefused):
        commands.serve(work, goal, key)
    with pytest.raises(IndicatorRefused):
        commands.serve(work, key, key)


def test_the_database_itself_refuses_a_penalty_that_adds(work: Work, city: MiniCity) -> None:
    drafted = commands.draft(work, "TEAM-09", content(Mode.PENALTY), check_rule=any_rule)
    drafted.base_points = Decimal(3)

    with pytest.raises(IntegrityError):
        work.session.flush()
    work.session.rollback()


def upload(*rows: dict[str, str]) -> bytes:
    lines = [",".join(HEADINGS)]
    lines += [",".join(row.get(heading, "") for heading in HEADINGS) for row in rows]
    return "\n".join(lines).encode()


ROW = {
    "指标编码": "BIZ-20",
    "指标名称": "接处警规范率",
    "模块": "业务工作",
    "记分方式": "任务加减分",
    "分值": "8",
}


def test_an_imported_sheet_becomes_drafts_and_importing_it_again_changes_nothing(
    work: Work, sheet: Sheet
) -> None:
    known = {**ROW, "归口业务线": "执法监督"}

    first = commands.import_sheet(work, upload(known), "指标.csv", check_rule=any_rule)
    second = commands.import_sheet(work, upload(known), "指标.csv", check_rule=any_rule)
    third = commands.import_sheet(work, upload({**known, "分值": "9"}), "指标.csv", check_rule=any_rule)

    assert (first.created, second.unchanged, third.updated) == (("BIZ-20",),) * 3
    (version,) = queries.versions(work.session, queries.by_code(work.session, "BIZ-20").id)
    assert (version.state, version.base_points, version.line_code) == (VersionState.DRAFT, Decimal(9), "fz")


def test_faulty_rows_are_named_and_leave_no_trace(work: Work, sheet: Sheet) -> None:
    done = commands.import_sheet(
        work,
        upload(
            {**ROW, "指标编码": "BIZ-30", "指标名称": "刑拘人数"},
            {**ROW, "指标编码": "BIZ-31", "分值": "八"},
            ROW,
            {**ROW, "指标编码": "BIZ-32", "指标名称": "破案率", "分值": "1"},
        ),
        "指标.csv",
        check_rule=any_rule,
    )

    assert done.created == ("BIZ-20",)
    assert [(row.number, row.code) for row in done.refused] == [(2, "BIZ-30"), (3, "BIZ-31"), (5, "BIZ-32")]
    assert "刑事拘留数（刑拘人数）" in done.refused[0].problems[0].text
    with pytest.raises(IndicatorNotFound):
        queries.by_code(work.session, "BIZ-30")


def test_importing_over_an_effective_indicator_begins_a_draft_and_leaves_it_alone(
    work: Work, sheet: Sheet
) -> None:
    done = commands.import_sheet(work, upload({**ROW, "指标编码": "BIZ-07"}), "指标.csv", check_rule=any_rule)

    assert done.updated == ("BIZ-07",)
    numbers = [row.number for row in queries.versions(work.session, sheet.task.indicator_id)]
    assert numbers == [2, 1]


def test_effective_indicators_of_every_mode_can_stand_side_by_side(work: Work, sheet: Sheet) -> None:
    effective(work, "ATT-01", sheet.period, Mode.PENALTY, module=Module.ATTENDANCE, line_code=OWN_UNIT)

    assert [row.indicator.code for row in queries.all_in_force(work.session, sheet.period)] == [
        "ATT-01",
        "BIZ-07",
        "REW-01",
        "TEAM-08",
    ]
