"""score_correction, every path."""

from __future__ import annotations

from tests.diagrams.world import Case, not_passed


def proposed() -> Case:
    return Case("score_correction")


def ordered_after_a_slow_start() -> Case:
    return proposed().wait().decide("second_check", "confirm").wait().decide("order", "order")


def refused_by_the_leaders() -> Case:
    return proposed().decide("second_check", "confirm").decide("order", "refuse")


def refused_by_the_second_person() -> Case:
    return proposed().decide("second_check", "refuse")


STORIES = (ordered_after_a_slow_start, refused_by_the_leaders, refused_by_the_second_person)


def test_every_flow_is_taken_by_some_story() -> None:
    assert not_passed("score_correction", STORIES) == set()


def test_a_correction_needs_a_second_person_and_the_leading_group() -> None:
    case = proposed()

    assert case.open == ["second_check"]
    assert case.decide("second_check", "confirm").open == ["order"]
    assert case.topics == []

    case.decide("order", "order")

    assert case.topics == ["correction.apply", "correction.rerank"]
    assert case.ended_at == "corrected"


def test_one_refusal_is_enough() -> None:
    for case in (refused_by_the_leaders(), refused_by_the_second_person()):
        assert case.topics == ["correction.refuse"]
        assert case.ended_at == "refused"


def test_both_are_urged_when_late_and_nothing_happens_without_them() -> None:
    case = proposed().wait()

    assert case.performed == [("task.urge", {"step": "second_check"})]

    case.decide("second_check", "confirm").wait()

    assert case.performed[-1] == ("task.urge", {"step": "order"})
    assert case.open == ["order"]
    assert case.snapshot.next_due_at is None
