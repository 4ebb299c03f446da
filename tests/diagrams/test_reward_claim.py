"""reward_claim, every path."""

from __future__ import annotations

import pytest

from kaohe_flow.workflow.errors import NotWaiting
from tests.diagrams.world import Case, not_passed


def claimed(*, honour: bool = False) -> Case:
    answers = {
        "reward.reject": [{"rounds": 1}, {"rounds": 2}, {"rounds": 3}],
        "reward.check": {"honour": honour, "capped": False},
    }
    return Case("reward_claim", answers=answers)


def verified(*, honour: bool = False) -> Case:
    return claimed(honour=honour).decide("unit_opinion", "pass").decide("line_verify", "approve")


def on_notice() -> Case:
    return verified(honour=True).decide("office_approve", "approve")


def an_ordinary_reward() -> Case:
    return verified().decide("office_approve", "approve")


def an_honour_without_objection() -> Case:
    return on_notice().wait()


def an_honour_with_an_unfounded_objection() -> Case:
    return on_notice().send("objection").decide("objection_check", "resume").wait()


def an_honour_lost_after_a_slow_check_of_the_objection() -> Case:
    return on_notice().send("objection").wait().wait().decide("objection_check", "cancel")


def withdrawn() -> Case:
    return claimed().send("withdraw")


def declined_at_each_step_in_turn() -> Case:
    case = claimed().decide("unit_opinion", "reject").decide("fix", "resubmit").decide("unit_opinion", "pass")
    case.decide("line_verify", "reject").decide("fix", "resubmit").decide("unit_opinion", "pass")
    return case.decide("line_verify", "approve").decide("office_approve", "reject")


def declined_and_given_up() -> Case:
    return claimed().decide("unit_opinion", "reject").decide("fix", "give_up")


def declined_and_never_fixed() -> Case:
    return claimed().decide("unit_opinion", "reject").wait()


def late_at_every_step() -> Case:
    case = claimed().wait().wait().decide("unit_opinion", "pass")
    case.wait().wait().decide("line_verify", "approve")
    return case.wait().wait().decide("office_approve", "approve")


STORIES = (
    an_ordinary_reward,
    an_honour_without_objection,
    an_honour_with_an_unfounded_objection,
    an_honour_lost_after_a_slow_check_of_the_objection,
    withdrawn,
    declined_at_each_step_in_turn,
    declined_and_given_up,
    declined_and_never_fixed,
    late_at_every_step,
)


def test_every_flow_is_taken_by_some_story() -> None:
    assert not_passed("reward_claim", STORIES) == set()


def test_an_ordinary_reward_is_scored_on_approval() -> None:
    case = an_ordinary_reward()

    assert case.topics == ["reward.open", "reward.check", "reward.score"]
    assert case.ended_at == "scored"


def test_an_honour_is_scored_only_after_seven_working_days_of_notice() -> None:
    case = on_notice()

    assert case.topics[-1] == "reward.publish"
    assert case.open == []
    assert case.ended_at is None

    case.wait()

    assert case.waited == "03-11 23:59:59"
    assert case.topics[-1] == "reward.score"
    assert case.ended_at == "scored"


def test_an_objection_holds_the_award_however_long_the_check_takes() -> None:
    case = on_notice().send("objection").wait().wait()

    assert case.open == ["objection_check"]
    assert case.performed[-2:] == [
        ("task.urge", {"step": "objection_check"}),
        ("task.escalate", {"step": "objection_check"}),
    ]
    assert case.snapshot.next_due_at is None
    assert "reward.score" not in case.topics


def test_after_an_unfounded_objection_the_notice_is_given_again_in_full() -> None:
    case = on_notice().wait_days(3).send("objection").decide("objection_check", "resume")

    assert case.ended_at is None

    case.wait()

    assert case.waited == "03-16 23:59:59"
    assert case.ended_at == "scored"


def test_a_second_objection_holds_it_again() -> None:
    case = on_notice().send("objection").decide("objection_check", "resume").send("objection")

    assert case.open == ["objection_check"]


def test_a_founded_objection_cancels_the_award() -> None:
    case = an_honour_lost_after_a_slow_check_of_the_objection()

    assert case.topics[-1] == "reward.cancel"
    assert "reward.score" not in case.topics
    assert case.ended_at == "cancelled"


def test_an_objection_outside_the_notice_is_not_taken() -> None:
    with pytest.raises(NotWaiting):
        verified(honour=True).send("objection")


def test_whoever_declines_sends_it_back_and_the_third_time_is_the_last() -> None:
    case = declined_at_each_step_in_turn()

    assert case.topics.count("reward.reject") == 3
    assert case.topics[-1] == "reward.close_rejected"
    assert case.ended_at == "closed"


def test_giving_up_closes_and_silence_lapses() -> None:
    assert declined_and_given_up().ended_at == "closed"
    assert declined_and_never_fixed().topics[-1] == "reward.lapse"
    assert declined_and_never_fixed().ended_at == "lapsed"


def test_the_officer_may_withdraw_only_before_the_unit_has_given_its_opinion() -> None:
    assert withdrawn().ended_at == "withdrawn"

    with pytest.raises(NotWaiting):
        verified().send("withdraw")


def test_each_late_reviewer_is_urged_and_climbed_over() -> None:
    calls = [call for call in late_at_every_step().performed if call[0].startswith("task.")]

    assert calls == [
        (topic, {"step": step})
        for step in ("unit_opinion", "line_verify", "office_approve")
        for topic in ("task.urge", "task.escalate")
    ]
