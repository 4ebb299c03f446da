"""appeal_review, every path."""

from __future__ import annotations

import pytest

from kaohe_flow.workflow.errors import NotWaiting
from tests.diagrams.world import CALENDAR, MONDAY, Case, not_passed

FIRST = {"rung": "office", "answer_wd": 3, "final": False}
SECOND = {"rung": "office", "answer_wd": 5, "final": False}
DISCIPLINE = {"rung": "discipline", "answer_wd": 10, "final": True}
LEADERS = {"rung": "leading_group", "answer_wd": 10, "final": True}


def filed(*rungs: dict[str, object]) -> Case:
    return Case("appeal_review", answers={"appeal.next_rung": list(rungs)})  # type: ignore[arg-type]


def accepted_at_once() -> Case:
    return filed(FIRST).decide("office_examine", "change").decide("accept_or_climb", "accept")


def upheld_and_never_climbed() -> Case:
    return filed(FIRST).decide("office_examine", "uphold").wait()


def climbed_to_the_end() -> Case:
    case = filed(FIRST, SECOND, DISCIPLINE)
    case.decide("office_examine", "uphold").decide("accept_or_climb", "climb")
    case.decide("office_examine", "uphold").decide("accept_or_climb", "climb")
    return case.decide("discipline_examine", "revoke")


def answered_by_no_office() -> Case:
    """Both offices are urged and stay silent; discipline is urged, alarms, and answers at last."""
    case = filed(FIRST, SECOND, DISCIPLINE).wait().wait().wait().wait()
    return case.wait().wait().decide("discipline_examine", "uphold")


def discipline_itself_conflicted() -> Case:
    return filed(LEADERS).wait().wait().decide("leading_group_examine", "change")


def withdrawn() -> Case:
    return filed(FIRST).send("withdraw")


STORIES = (
    accepted_at_once,
    upheld_and_never_climbed,
    climbed_to_the_end,
    answered_by_no_office,
    discipline_itself_conflicted,
    withdrawn,
)


def test_every_flow_is_taken_by_some_story() -> None:
    assert not_passed("appeal_review", STORIES) == set()


@pytest.mark.parametrize(("ruling", "rescored"), [("uphold", False), ("change", True), ("revoke", True)])
def test_only_a_ruling_that_changes_something_is_scored_again(ruling: str, rescored: bool) -> None:
    case = filed(FIRST).decide("office_examine", ruling)

    assert ("appeal.rescore" in case.topics) is rescored
    assert case.topics[-1] == "appeal.notify"
    assert case.open == ["accept_or_climb"]


def test_the_ladder_is_a_loop_over_rungs_and_ends_at_discipline() -> None:
    case = climbed_to_the_end()

    assert case.topics.count("appeal.next_rung") == 3
    assert case.topics.count("appeal.decide") == 3
    assert case.topics[-3:] == ["appeal.decide", "appeal.rescore", "appeal.notify"]
    assert case.ended_at == "finished"


def test_who_accepts_or_lets_the_days_pass_is_done() -> None:
    assert accepted_at_once().ended_at == "accepted"
    assert upheld_and_never_climbed().waited == "03-05 23:59:59"
    assert upheld_and_never_climbed().ended_at == "not_climbed"


def test_an_office_is_urged_at_half_time_and_its_silence_climbs() -> None:
    case = filed(FIRST, SECOND).wait()

    assert case.waited == "03-04 23:59:59"
    assert case.performed[-1] == ("task.urge", {"step": "office_examine"})

    case.wait()

    assert case.waited == "03-05 23:59:59"
    assert case.topics[-2:] == ["appeal.silent", "appeal.next_rung"]
    assert case.open == ["office_examine"]


@pytest.mark.parametrize(
    ("rung", "step"), [(DISCIPLINE, "discipline_examine"), (LEADERS, "leading_group_examine")]
)
def test_the_last_instances_silence_alarms_and_decides_nothing(rung: dict[str, object], step: str) -> None:
    case = filed(rung).wait().wait()

    assert case.waited == "03-16 23:59:59"
    assert case.performed[-2:] == [("task.urge", {"step": step}), ("appeal.alarm", {"step": step})]
    assert case.open == [step]
    assert "appeal.decide" not in case.topics


def test_an_appeal_may_be_withdrawn_only_from_an_office() -> None:
    assert withdrawn().topics[-1] == "appeal.withdraw"
    assert withdrawn().ended_at == "withdrawn"

    with pytest.raises(NotWaiting):
        filed(DISCIPLINE).send("withdraw")


def test_each_rung_has_its_own_time() -> None:
    case = filed(SECOND, DISCIPLINE)

    assert case.task("office_examine").due_at == CALENDAR.deadline(MONDAY, 5)
    assert case.wait().waited == "03-05 23:59:59"
    assert case.wait().waited == "03-09 23:59:59"
