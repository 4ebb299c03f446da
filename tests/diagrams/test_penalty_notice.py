"""penalty_notice, every path."""

from __future__ import annotations

import pytest

from tests.diagrams.world import Case, not_passed


def notified() -> Case:
    return Case("penalty_notice")


def confirmed_and_imposed() -> Case:
    return notified().decide("reply", "confirm").decide("decide", "impose")


def defended_and_dismissed_late() -> Case:
    return notified().decide("reply", "defend").wait().wait().decide("decide", "dismiss")


def silent_and_imposed() -> Case:
    return notified().wait().decide("decide", "impose")


STORIES = (confirmed_and_imposed, defended_and_dismissed_late, silent_and_imposed)


def test_every_flow_is_taken_by_some_story() -> None:
    assert not_passed("penalty_notice", STORIES) == set()


def test_the_assessed_is_told_before_anything_is_decided() -> None:
    case = notified()

    assert case.topics == ["penalty.open", "penalty.notify"]
    assert case.open == ["reply"]


@pytest.mark.parametrize("reply", ["confirm", "defend"])
def test_whatever_is_replied_somebody_decides(reply: str) -> None:
    case = notified().decide("reply", reply)

    assert case.open == ["decide"]
    assert case.snapshot.variables["reply"] == reply


def test_silence_for_three_working_days_lets_it_proceed_and_confirms_nothing() -> None:
    case = notified().wait()

    assert case.waited == "03-05 23:59:59"
    assert case.topics[-1] == "penalty.silent"
    assert case.open == ["decide"]
    assert "reply" not in case.snapshot.variables


def test_an_imposed_penalty_is_scored_a_dismissed_one_is_not() -> None:
    imposed, dismissed = confirmed_and_imposed(), defended_and_dismissed_late()

    assert imposed.topics[-1] == "penalty.score"
    assert imposed.ended_at == "scored"
    assert dismissed.topics[-1] == "penalty.dismiss"
    assert "penalty.score" not in dismissed.topics
    assert dismissed.ended_at == "dismissed"


def test_a_late_decision_is_urged_and_climbs_but_is_still_a_persons() -> None:
    case = notified().decide("reply", "defend").wait().wait()

    assert case.performed[-2:] == [("task.urge", {"step": "decide"}), ("task.escalate", {"step": "decide"})]
    assert case.open == ["decide"]
