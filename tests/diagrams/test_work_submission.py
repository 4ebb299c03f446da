"""work_submission, every path."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kaohe_flow.workflow.errors import NotWaiting, TaskGone
from tests.diagrams.world import ENGINE, Case, not_passed


def reported(*, late: bool = False, rejections: int = 3) -> Case:
    rounds = [{"rounds": number} for number in range(1, rejections + 1)]
    return Case("work_submission", answers={"submission.reject": list(rounds)}, late=late)


def approved() -> Case:
    return reported().decide("unit_check", "pass").decide("line_review", "approve", quality="good")


def withdrawn() -> Case:
    return reported().send("withdraw")


def rejected_by_the_unit_and_given_up() -> Case:
    return reported().decide("unit_check", "reject").decide("fix", "give_up")


def rejected_by_the_line_and_never_fixed() -> Case:
    return reported().decide("unit_check", "pass").decide("line_review", "reject", quality="fair").wait()


def rejected_until_the_rounds_are_used_up() -> Case:
    case = reported()
    for _ in range(2):
        case.decide("unit_check", "reject").decide("fix", "resubmit")
    return case.decide("unit_check", "reject")


def reviewed_by_nobody_in_time() -> Case:
    """The unit is urged, then climbed over; it passes at last; the same happens at the line."""
    case = reported().wait().wait().decide("unit_check", "pass")
    return case.wait().wait().decide("line_review", "approve", quality="excellent")


STORIES = (
    approved,
    withdrawn,
    rejected_by_the_unit_and_given_up,
    rejected_by_the_line_and_never_fixed,
    rejected_until_the_rounds_are_used_up,
    reviewed_by_nobody_in_time,
)


def test_every_flow_is_taken_by_some_story() -> None:
    assert not_passed("work_submission", STORIES) == set()


def test_complete_and_true_work_is_scored() -> None:
    case = approved()

    assert case.topics == ["submission.open", "submission.score"]
    assert case.ended_at == "scored"


@pytest.mark.parametrize(
    ("quality", "late", "factor"),
    [
        ("excellent", False, "1.0"),
        ("good", False, "0.9"),
        ("fair", False, "0.7"),
        ("excellent", True, "0.8"),
        ("good", True, "0.7"),
        ("fair", True, "0.5"),
    ],
)
def test_quality_and_lateness_give_the_factor_of_the_table(quality: str, late: bool, factor: str) -> None:
    case = reported(late=late).decide("unit_check", "pass").decide("line_review", "approve", quality=quality)

    assert case.snapshot.variables["factor"] == Decimal(factor)


def test_a_quality_that_the_table_does_not_know_has_no_factor_rather_than_some_factor() -> None:
    case = reported().decide("unit_check", "pass").decide("line_review", "approve", quality="brilliant")

    assert case.snapshot.variables["factor"] is None


def test_a_rejected_report_goes_back_to_the_officer_and_after_fixing_to_the_unit() -> None:
    case = reported().decide("unit_check", "pass").decide("line_review", "reject", quality="fair")

    assert case.open == ["fix"]

    case.decide("fix", "resubmit")

    assert case.open == ["unit_check"]
    assert case.topics[-2:] == ["submission.reject", "submission.resubmit"]


def test_the_third_rejection_is_the_last() -> None:
    case = rejected_until_the_rounds_are_used_up()

    assert case.topics.count("submission.reject") == 3
    assert case.topics[-1] == "submission.close_rejected"
    assert case.ended_at == "closed"


def test_who_gives_up_is_rejected_for_good() -> None:
    case = rejected_by_the_unit_and_given_up()

    assert case.topics == ["submission.open", "submission.reject", "submission.close_rejected"]
    assert case.ended_at == "closed"


def test_fixing_lapses_at_the_end_of_the_second_working_day() -> None:
    case = rejected_by_the_line_and_never_fixed()

    assert case.waited == "03-04 23:59:59"
    assert case.topics[-1] == "submission.lapse"
    assert case.ended_at == "lapsed"


def test_a_fix_that_comes_after_the_deadline_is_too_late_even_before_the_clock_has_called() -> None:
    case = reported().decide("unit_check", "reject")
    late = case.task("fix")
    stored = case.snapshot.state
    case.wait()

    with pytest.raises(TaskGone):
        ENGINE.complete(case.process, stored, late.token, {"fix_decision": "resubmit"}, case)


def test_the_officer_may_withdraw_until_the_unit_has_checked() -> None:
    assert withdrawn().topics == ["submission.open", "submission.withdraw"]
    assert withdrawn().ended_at == "withdrawn"

    with pytest.raises(NotWaiting):
        reported().decide("unit_check", "pass").send("withdraw")


def test_an_overdue_review_is_urged_then_climbs_and_never_approves_itself() -> None:
    case = reported().wait()

    assert case.waited == "03-05 23:59:59"
    assert case.performed[-1] == ("task.urge", {"step": "unit_check"})
    assert case.open == ["unit_check"]

    case.wait()

    assert case.waited == "03-09 23:59:59"
    assert case.performed[-1] == ("task.escalate", {"step": "unit_check"})
    assert case.open == ["unit_check"]
    assert case.snapshot.next_due_at is None


def test_the_two_calls_for_a_late_reviewer_do_not_end_or_double_the_case() -> None:
    case = reviewed_by_nobody_in_time()

    assert case.topics == [
        "submission.open",
        "task.urge",
        "task.escalate",
        "task.urge",
        "task.escalate",
        "submission.score",
    ]
    assert case.ended_at == "scored"
