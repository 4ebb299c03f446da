"""An indicator travels down on the shipped diagram, level by level, until persons hold it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from kaohe_flow.jobs.worker import fire_timers
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.role import commands as roles
from kaohe_flow.organization.role.rules import Role
from kaohe_flow.organization.unit.rules import Span
from kaohe_flow.scheme.banlist import commands as banlist
from kaohe_flow.scheme.banlist.rules import Ban, BannedIndicator
from kaohe_flow.scheme.issuance import commands, queries
from kaohe_flow.scheme.issuance.commands.procedure import NotTheIssuer
from kaohe_flow.scheme.issuance.model import Assignment
from kaohe_flow.scheme.issuance.rules import (
    AlreadyIssued,
    AssignmentState,
    NotOwnChild,
    Order,
    OutOfTurn,
    Part,
    PartsDoNotAddUp,
    Progress,
    ReasonMissing,
)
from kaohe_flow.workflow.instance import commands as instances
from kaohe_flow.workflow.instance import queries as running
from kaohe_flow.workflow.instance.rules import Decision, NotACandidate
from tests.factories.casework import Bureau
from tests.factories.organization import FOUNDED
from tests.factories.scheme import OFFICE

NEXT_YEAR = queries.year_term(2027)
TEN = Decimal(10)


def order(bureau: Bureau, *parts: Part) -> Order:
    given = parts or (Part(bureau.city.county, target=TEN),)
    return Order(bureau.sheet.task.id, bureau.city.bureau, NEXT_YEAR, given, TEN)


def propose(bureau: Bureau, *parts: Part) -> str:
    """Proposed by the office of the bureau; returns the case key."""
    with bureau.acting(bureau.city.chen) as work:
        root = commands.propose(work, order(bureau, *parts))
        assert root.case_key is not None
        return root.case_key


def issue(bureau: Bureau, *parts: Part) -> str:
    case_key = propose(bureau, *parts)
    rule_on(bureau, case_key, "issue")
    return case_key


def rule_on(bureau: Bureau, case_key: str, outcome: str, opinion: str = "") -> None:
    task_id = bureau.task(case_key, "approve_issue")
    with bureau.acting(bureau.city.chen) as work:
        commands.rule_on(work, task_id, outcome, opinion)


def answer(bureau: Bureau, officer_id: int, case_key: str, outcome: str = "accept", reason: str = "") -> None:
    task_id = bureau.task(case_key, "acknowledge")
    with bureau.acting(officer_id) as work:
        commands.answer(work, task_id, outcome, reason)


def hand_on(bureau: Bureau, officer_id: int, case_key: str, *parts: Part) -> None:
    task_id = bureau.task(case_key, "decompose")
    with bureau.acting(officer_id) as work:
        commands.hand_on(work, task_id, parts)


def rows(bureau: Bureau, case_key: str) -> dict[str, Assignment]:
    """Everything in the tree of a case, by the name of who has it."""
    with bureau.reading() as session:
        root = queries.handing_of(session, case_key).above.tree_id
        found: dict[str, Assignment] = {}
        todo = [queries.get(session, root)]
        while todo:
            row = todo.pop()
            found[queries.holder_name(row)] = row
            todo += queries.children(session, row.id)
        return found


def case_of(bureau: Bureau, case_key: str, name: str) -> str:
    """The case by which this unit or officer got its part."""
    found = rows(bureau, case_key)[name].case_key
    assert found is not None
    return found


def codes_received(bureau: Bureau) -> list[str]:
    """What the county finds among what it was handed."""
    with bureau.reading() as session:
        page = queries.received(session, [bureau.city.county])
        return sorted(row.indicator_version.indicator.code for row in page.rows)


def ended_at(bureau: Bureau, case_key: str) -> str | None:
    with bureau.reading() as session:
        instance = running.of_case(session, case_key)
        assert instance is not None
        return instance.end_event


def test_an_indicator_reaches_named_officers_through_the_inboxes_of_every_level(bureau: Bureau) -> None:
    city = bureau.city
    case_key = issue(bureau)

    answer(bureau, city.zheng, case_key)
    hand_on(
        bureau,
        city.zheng,
        case_key,
        Part(city.station, target=Decimal(6)),
        Part(city.far_station, target=Decimal(4)),
    )
    below = case_of(bureau, case_key, "城关派出所")
    assert bureau.waiting(below) == ["acknowledge", "acknowledge"]
    answer(bureau, city.qian, below)
    hand_on(
        bureau,
        city.qian,
        below,
        Part(city.squad, target=Decimal(2)),
        Part(to_officer_id=city.wang, target=Decimal(4)),
    )

    found = rows(bureau, case_key)
    assert ended_at(bureau, case_key) == "effective"
    assert found["王小明"].target == Decimal(4)
    assert found["青松县公安局"].state is AssignmentState.EFFECTIVE
    assert found["河口派出所"].state is AssignmentState.ISSUED
    assert bureau.waiting(below) == ["acknowledge"]
    assert bureau.waiting(case_of(bureau, case_key, "城关派出所社区中队")) == ["acknowledge"]


def test_nothing_is_handed_down_before_it_was_approved(bureau: Bureau) -> None:
    case_key = propose(bureau)

    assert bureau.waiting(case_key) == ["approve_issue"]
    assert codes_received(bureau) == ["BIZ-07", "REW-01", "TEAM-08"]
    rule_on(bureau, case_key, "issue")
    assert bureau.waiting(case_key) == ["acknowledge"]
    assert codes_received(bureau) == ["BIZ-07", "BIZ-07", "REW-01", "TEAM-08"]


def test_what_the_approver_sends_back_can_be_proposed_again(bureau: Bureau) -> None:
    case_key = propose(bureau)
    with pytest.raises(AlreadyIssued):
        propose(bureau)
    with pytest.raises(ReasonMissing):
        rule_on(bureau, case_key, "return", " ")

    rule_on(bureau, case_key, "return", "目标值偏高，请重新测算")

    assert ended_at(bureau, case_key) == "returned"
    with bureau.reading() as session:
        handed = queries.handing_of(session, case_key)
    assert {handed.above.state, *(part.state for part in handed.parts)} == {AssignmentState.WITHDRAWN}
    assert handed.above.reason == "目标值偏高，请重新测算"
    assert bureau.waiting(issue(bureau)) == ["acknowledge"]


@pytest.mark.parametrize("officer", ["zheng", "qian", "wei", "wang"])
def test_only_the_units_own_office_proposes(bureau: Bureau, officer: str) -> None:
    with pytest.raises(NotTheIssuer), bureau.acting(getattr(bureau.city, officer)) as work:
        commands.propose(work, order(bureau))


def test_levels_are_not_skipped_and_parts_add_up(bureau: Bureau) -> None:
    with pytest.raises(NotOwnChild, match="城关派出所"):
        propose(bureau, Part(bureau.city.station, target=TEN))
    with pytest.raises(PartsDoNotAddUp):
        propose(bureau, Part(bureau.city.county, target=Decimal(9)))


def test_wording_banned_since_it_was_drafted_needs_the_offices_reason(bureau: Bureau) -> None:
    with bureau.database.write_tx(OFFICE, bureau.now) as work:
        banlist.forbid(work, Ban("化解件数"))
    with pytest.raises(BannedIndicator):
        propose(bureau)

    with bureau.acting(bureau.city.chen) as work:
        root = commands.propose(work, order(bureau), override_reason="化解件数是调解工作的基本统计口径")

    assert root.case_key is not None
    assert bureau.waiting(root.case_key) == ["approve_issue"]


def test_wording_banned_while_it_waits_is_stopped_by_the_check_of_the_next_level(bureau: Bureau) -> None:
    case_key = issue(bureau)
    answer(bureau, bureau.city.zheng, case_key)
    with bureau.database.write_tx(OFFICE, bureau.now) as work:
        banlist.forbid(work, Ban("化解件数"))

    hand_on(bureau, bureau.city.zheng, case_key, Part(bureau.city.station, target=TEN))

    assert set(rows(bureau, case_key)) == {"市局考核办", "青松县公安局"}


def test_only_the_receiver_answers_for_its_part(bureau: Bureau) -> None:
    case_key = issue(bureau)

    for stranger in (bureau.city.qian, bureau.city.wei, bureau.city.wang):
        with pytest.raises(NotACandidate):
            answer(bureau, stranger, case_key)
    answer(bureau, bureau.city.zheng, case_key)

    assert bureau.waiting(case_key) == ["decompose"]


def test_a_part_that_came_back_is_a_gap_until_somebody_else_has_it(bureau: Bureau) -> None:
    city = bureau.city
    case_key = issue(bureau)
    answer(bureau, city.zheng, case_key)
    hand_on(
        bureau,
        city.zheng,
        case_key,
        Part(city.station, target=Decimal(6)),
        Part(city.far_station, target=Decimal(4)),
    )
    below = case_of(bureau, case_key, "城关派出所")
    answer_for(bureau, city.zhou, below, city.far_station, "refuse", "辖区没有此类纠纷")
    answer_for(bureau, city.qian, below, city.station, "accept")
    hand_on(bureau, city.qian, below, Part(to_officer_id=city.wang, target=Decimal(6)))
    assert bureau.waiting(below) == ["close_gaps"]

    with bureau.reading() as session:
        handed = queries.handing_of(session, below)
        (gone,) = handed.refused
        (gap,) = queries.open_gaps(session, handed)
    assert (gap.unit_name, gap.missing) == ("青松县公安局", Decimal(4))
    task_id = bureau.task(below, "close_gaps")
    with bureau.acting(city.zheng) as work:
        part = Part(to_officer_id=city.wu, target=Decimal(4))
        commands.close_gaps(work, task_id, {gone.id: part})

    assert ended_at(bureau, below) == "effective"
    assert rows(bureau, case_key)["吴越"].target == Decimal(4)


def answer_for(
    bureau: Bureau, officer_id: int, case_key: str, unit_id: int, outcome: str, reason: str = ""
) -> None:
    with bureau.reading() as session:
        instance = running.of_case(session, case_key)
        assert instance is not None
        task_id = next(
            task.id for task in running.open_tasks(session, instance.id) if task.item == str(unit_id)
        )
    with bureau.acting(officer_id) as work:
        commands.answer(work, task_id, outcome, reason)


def test_checking_again_without_closing_the_gap_leads_back_to_it(bureau: Bureau) -> None:
    case_key = issue(bureau)
    answer(bureau, bureau.city.zheng, case_key, "refuse", "本县没有该项职能")
    task_id = bureau.task(case_key, "close_gaps")

    with bureau.acting(bureau.city.chen) as work:
        commands.close_gaps(work, task_id, {})

    assert bureau.waiting(case_key) == ["close_gaps"]
    assert bureau.task(case_key, "close_gaps") != task_id


def test_a_part_given_out_again_travels_on_a_case_of_its_own(bureau: Bureau) -> None:
    case_key = issue(bureau)
    answer(bureau, bureau.city.zheng, case_key, "refuse", "目标值明显偏高")
    with bureau.reading() as session:
        (gone,) = queries.handing_of(session, case_key).refused
    task_id = bureau.task(case_key, "close_gaps")

    with bureau.acting(bureau.city.chen) as work:
        commands.close_gaps(work, task_id, {gone.id: Part(bureau.city.county, target=TEN)})

    again = case_of(bureau, case_key, "青松县公安局")
    assert ended_at(bureau, case_key) == "effective"
    assert again != case_key
    assert bureau.waiting(again) == ["acknowledge"]


def test_a_refusal_wants_a_reason(bureau: Bureau) -> None:
    case_key = issue(bureau)

    with pytest.raises(ReasonMissing):
        answer(bureau, bureau.city.zheng, case_key, "refuse", "不")

    assert bureau.waiting(case_key) == ["acknowledge"]


def test_a_unit_may_keep_its_part_for_one_of_its_own(bureau: Bureau) -> None:
    case_key = issue(bureau)
    answer(bureau, bureau.city.zheng, case_key)
    task_id = bureau.task(case_key, "decompose")

    with bureau.acting(bureau.city.zheng) as work:
        commands.keep(work, task_id, bureau.city.wu)

    assert ended_at(bureau, case_key) == "effective"
    assert rows(bureau, case_key)["吴越"].state is AssignmentState.EFFECTIVE
    with bureau.reading() as session:
        root = queries.handing_of(session, case_key).above
        assert queries.progress_tree(session, root.id).progress is Progress.DONE
        assert queries.unheld(session, [bureau.city.bureau, bureau.city.county]).total == 0


def test_a_part_is_not_finished_by_completing_the_task_past_the_rules(bureau: Bureau) -> None:
    case_key = issue(bureau)
    answer(bureau, bureau.city.zheng, case_key)
    task_id = bureau.task(case_key, "decompose")

    with pytest.raises(OutOfTurn), bureau.acting(bureau.city.zheng) as work:
        instances.complete(work, commands.PROCESS, task_id, Decision("done"))


def test_silence_of_a_receiver_urges_then_climbs_and_never_acknowledges(bureau: Bureau) -> None:
    case_key = issue(bureau)
    task_id = bureau.task(case_key, "acknowledge")

    fire_timers(bureau.database, bureau.now + timedelta(days=4))
    urged = bureau.task_row(task_id)
    fire_timers(bureau.database, bureau.now + timedelta(days=10))
    climbed = bureau.task_row(task_id)

    assert (urged.urged_at is not None, urged.climbed) == (True, 0)
    assert climbed.climbed == 1
    assert rows(bureau, case_key)["青松县公安局"].state is AssignmentState.ISSUED


def test_a_county_issues_its_own_indicator_to_its_own_stations(bureau: Bureau) -> None:
    city = bureau.city
    own = replace(order(bureau, Part(city.station, target=TEN)), from_unit_id=city.county)

    with bureau.acting(city.zheng) as work:
        root = commands.propose(work, own)

    assert root.case_key is not None
    assert bureau.waiting(root.case_key) == ["approve_issue"]


def test_coverage_names_units_without_a_named_officer(bureau: Bureau) -> None:
    case_key = issue(bureau)
    answer(bureau, bureau.city.zheng, case_key)
    hand_on(bureau, bureau.city.zheng, case_key, Part(bureau.city.station, target=TEN))

    with bureau.reading() as session:
        below = frozenset({bureau.city.bureau, bureau.city.county, bureau.city.station})
        page = queries.unheld(session, below)
        handed = queries.handing_of(session, case_key)
        counted = queries.standings(session, [handed.above.id])[handed.above.id]
        slow = [
            gap
            for gap in queries.coverage(session, root_id=handed.above.id)
            if gap.assignment.to_unit_id in below
        ]
    assert [(gap.unit_name, gap.missing) for gap in page.rows] == [("城关派出所", TEN)]
    assert [(gap.unit_name, gap.missing) for gap in slow] == [("城关派出所", TEN)]
    assert (counted.effective, counted.waiting, counted.persons) == (1, 1, 0)


def test_an_officer_sees_the_part_in_the_month_it_is_good_for(bureau: Bureau) -> None:
    with bureau.reading() as session:
        name = officers.get(session, bureau.city.wang).name
        held = queries.assigned_to(session, bureau.city.wang, bureau.sheet.period.id)

    assert name == "王小明"
    assert {one.code for one in held} == {"BIZ-07", "TEAM-08", "REW-01"}


def test_where_nobody_holds_office_the_level_above_acts(bureau: Bureau) -> None:
    with bureau.acting() as work:
        roles.grant(work, roles.Grant(bureau.city.zhao, Role.UNIT_ADMIN, bureau.city.squad, Span(FOUNDED)))
    case_key = issue(bureau)
    answer(bureau, bureau.city.zheng, case_key)
    hand_on(bureau, bureau.city.zheng, case_key, Part(bureau.city.station, target=TEN))
    below = case_of(bureau, case_key, "城关派出所")
    answer(bureau, bureau.city.qian, below)
    hand_on(bureau, bureau.city.qian, below, Part(bureau.city.squad, target=TEN))

    answer(bureau, bureau.city.zhao, case_of(bureau, case_key, "城关派出所社区中队"))

    assert rows(bureau, case_key)["城关派出所社区中队"].state is AssignmentState.ACKNOWLEDGED
