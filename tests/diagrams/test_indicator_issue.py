"""indicator_issue, every path."""

from __future__ import annotations

import pytest

from tests.diagrams.world import Case, not_passed


def drafted(*receivers: str, clean: bool = True, gaps: tuple[int, ...] = (0,)) -> Case:
    answers = {
        "issue.check": {"clean": clean},
        "issue.publish": {"receivers": list(receivers)},
        "issue.coverage": [{"gaps": number} for number in gaps],
    }
    return Case("indicator_issue", answers=answers)


def issued(*receivers: str, gaps: tuple[int, ...] = (0,)) -> Case:
    return drafted(*receivers, gaps=gaps).decide("approve_issue", "issue")


def badly_drafted() -> Case:
    return drafted("县局", clean=False)


def sent_back_by_the_office_after_two_calls() -> Case:
    return drafted("县局").wait().wait().decide("approve_issue", "return")


def carried_by_two_receivers() -> Case:
    case = issued("县局", "支队")
    case.decide_for("县局", "acknowledge", "accept").decide_for("支队", "acknowledge", "accept")
    return case.decide_for("支队", "decompose", "keep").decide_for("县局", "decompose", "done")


def refused_by_one_so_that_a_gap_must_be_closed() -> Case:
    case = issued("县局", "支队", gaps=(1, 0))
    case.decide_for("县局", "acknowledge", "refuse").decide_for("支队", "acknowledge", "accept")
    return case.decide_for("支队", "decompose", "done").wait().wait().decide("close_gaps", "recheck")


def received_late_and_decomposed_late() -> Case:
    case = issued("县局").wait().wait().decide_for("县局", "acknowledge", "accept")
    return case.wait().wait().decide_for("县局", "decompose", "done")


STORIES = (
    badly_drafted,
    sent_back_by_the_office_after_two_calls,
    carried_by_two_receivers,
    refused_by_one_so_that_a_gap_must_be_closed,
    received_late_and_decomposed_late,
)


def test_every_flow_is_taken_by_some_story() -> None:
    assert not_passed("indicator_issue", STORIES) == set()


def test_an_indicator_that_fails_the_check_never_reaches_approval() -> None:
    case = badly_drafted()

    assert case.topics == ["issue.check", "issue.return"]
    assert case.ended_at == "returned"


def test_what_the_office_sends_back_is_not_issued() -> None:
    case = sent_back_by_the_office_after_two_calls()

    assert case.topics == ["issue.check", "task.urge", "task.escalate", "issue.return"]
    assert case.ended_at == "returned"


def test_each_receiver_acknowledges_and_decomposes_at_its_own_pace() -> None:
    case = issued("县局", "支队")

    assert [(each.step_id, each.item) for each in case.snapshot.waiting] == [
        ("acknowledge", "县局"),
        ("acknowledge", "支队"),
    ]

    case.decide_for("支队", "acknowledge", "accept")

    assert {(each.step_id, each.item) for each in case.snapshot.waiting} == {
        ("acknowledge", "县局"),
        ("decompose", "支队"),
    }


def test_it_takes_effect_when_all_have_it_and_nothing_is_left_over() -> None:
    case = carried_by_two_receivers()

    assert case.topics == [
        "issue.check",
        "issue.publish",
        "issue.receive_done",
        "issue.receive_done",
        "issue.coverage",
        "issue.effective",
    ]
    assert case.ended_at == "effective"


def test_a_refused_part_is_a_gap_that_the_office_must_close() -> None:
    case = issued("县局", gaps=(2, 1, 0)).decide_for("县局", "acknowledge", "refuse")

    assert case.topics[-2:] == ["issue.refuse", "issue.coverage"]
    assert case.open == ["close_gaps"]

    case.decide("close_gaps", "recheck")

    assert case.open == ["close_gaps"]

    case.decide("close_gaps", "recheck")

    assert case.ended_at == "effective"


def test_with_nobody_to_issue_to_the_coverage_is_checked_at_once() -> None:
    case = issued()

    assert case.topics[-2:] == ["issue.coverage", "issue.effective"]
    assert case.ended_at == "effective"


@pytest.mark.parametrize("pace", [("县局", "支队"), ("支队", "县局")])
def test_the_order_in_which_receivers_finish_makes_no_difference(pace: tuple[str, str]) -> None:
    case = issued("县局", "支队")
    for receiver in pace:
        case.decide_for(receiver, "acknowledge", "accept").decide_for(receiver, "decompose", "done")

    assert case.topics.count("issue.receive_done") == 2
    assert case.ended_at == "effective"


def test_only_the_late_receiver_is_called() -> None:
    case = issued("县局", "支队").decide_for("支队", "acknowledge", "refuse").wait().wait()

    assert [call for call in case.performed if call[0].startswith("task.")] == [
        ("task.urge", {"step": "acknowledge", "item": "县局"}),
        ("task.escalate", {"step": "acknowledge", "item": "县局"}),
    ]
    assert [each.item for each in case.snapshot.waiting] == ["县局"]
