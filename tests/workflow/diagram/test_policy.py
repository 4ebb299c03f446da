"""What no diagram may undo: silence never approves, others review before points are booked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kaohe_flow.workflow.diagram.rules import Vocabulary
from tests.workflow.diagram.corpus import VOCABULARY, codes, inspected
from tests.workflow.diagram.drawn import Drawn

REVIEW = {"silence-approves", "score-unreviewed", "score-regardless"}


def score(drawn: Drawn) -> str:
    return drawn.add("serviceTask", ' camunda:topic="claim.score"')


def own_task(drawn: Drawn) -> str:
    """A task of the person concerned."""
    own = drawn.user()
    node = next(node for node in drawn.nodes if node.id == own)
    drawn.change(own, more=node.more.replace("office@level2", "officer@subject"))
    return own


def decided(drawn: Drawn, task: str, yes: str, no: str) -> None:
    """A gateway behind the task that asks what was decided."""
    gateway = drawn.add("exclusiveGateway")
    drawn.flow(task, gateway)
    drawn.flow(gateway, yes, f'd_{task} = "yes"')
    drawn.default(gateway, drawn.flow(gateway, no))


def started(first: str, drawn: Drawn) -> Drawn:
    drawn.flow(drawn.add("startEvent"), first)
    return drawn


def broken(drawn: Drawn, vocabulary: Vocabulary = VOCABULARY) -> set[str]:
    return codes(inspected(drawn.bpmn(), vocabulary=vocabulary)) & (REVIEW | {"step-skipped"})


def ended(drawn: Drawn) -> str:
    return drawn.add("endEvent")


def test_a_review_that_is_asked_before_scoring_is_in_order() -> None:
    drawn = Drawn()
    task, points, done = drawn.user(), score(drawn), ended(drawn)
    decided(drawn, task, points, done)
    drawn.flow(points, done)

    assert broken(started(task, drawn)) == set()


def test_the_silence_of_the_person_concerned_after_a_review_does_not_stop_the_scoring() -> None:
    drawn = Drawn()
    task, answer, points, merge, done = drawn.user(), own_task(drawn), score(drawn), "", ended(drawn)
    decided(drawn, task, answer, done)
    merge = drawn.add("exclusiveGateway")
    drawn.flow(answer, merge)
    drawn.flow(drawn.boundary(answer, interrupting=True), merge)
    drawn.flow(merge, points)
    drawn.flow(points, done)

    assert broken(started(task, drawn)) == set()


def test_the_silence_of_a_second_reviewer_is_no_approval_though_the_first_approved() -> None:
    drawn = Drawn()
    first, second, points, done = drawn.user(), drawn.user(), score(drawn), ended(drawn)
    decided(drawn, first, second, done)
    merge = drawn.add("exclusiveGateway")
    decided(drawn, second, merge, done)
    drawn.flow(drawn.boundary(second, interrupting=True), merge)
    drawn.flow(merge, points)
    drawn.flow(points, done)

    assert broken(started(first, drawn)) == {"silence-approves"}


def test_silence_that_hands_over_to_another_reviewer_is_in_order() -> None:
    drawn = Drawn()
    first, deputy, points, done = drawn.user(), drawn.user(), score(drawn), ended(drawn)
    merge = drawn.add("exclusiveGateway")
    decided(drawn, first, merge, done)
    drawn.flow(drawn.boundary(first, interrupting=True), deputy)
    decided(drawn, deputy, merge, done)
    drawn.flow(merge, points)
    drawn.flow(points, done)

    assert broken(started(first, drawn)) == set()


def test_a_reminder_that_scores_is_refused_though_it_does_not_interrupt() -> None:
    drawn = Drawn()
    task, points, done = drawn.user(), score(drawn), ended(drawn)
    drawn.flow(task, done)
    drawn.flow(drawn.boundary(task, interrupting=False), points)
    drawn.end(points)

    assert "silence-approves" in broken(started(task, drawn))


def test_a_clock_between_review_and_scoring_is_a_notice_period_and_in_order() -> None:
    drawn = Drawn()
    task, points, done = drawn.user(), score(drawn), ended(drawn)
    wait = drawn.add(
        "intermediateCatchEvent",
        inside="<bpmn:timerEventDefinition><bpmn:timeDuration>P5D</bpmn:timeDuration></bpmn:timerEventDefinition>",
    )
    decided(drawn, task, wait, done)
    drawn.flow(wait, points)
    drawn.flow(points, done)

    assert broken(started(task, drawn)) == set()


def test_nobody_scores_on_the_word_of_the_person_concerned() -> None:
    drawn = Drawn()
    task, points, done = own_task(drawn), score(drawn), ended(drawn)
    decided(drawn, task, points, done)
    drawn.flow(points, done)

    assert broken(started(task, drawn)) == {"score-unreviewed"}


def test_a_reviewer_whose_no_leads_to_points_as_well_is_noticed() -> None:
    drawn = Drawn()
    task, points = drawn.user(), score(drawn)
    drawn.flow(task, points)
    drawn.end(points)

    assert broken(started(task, drawn)) == {"score-regardless"}


def test_without_scoring_topics_nothing_of_this_is_asked() -> None:
    drawn = Drawn()
    points = score(drawn)
    drawn.end(points)

    assert broken(started(points, drawn), replace(VOCABULARY, scoring_topics=frozenset())) == set()


@pytest.mark.parametrize(("in_front", "expected"), [(True, set()), (False, {"step-skipped"})])
def test_a_step_the_procedure_owes_cannot_be_gone_round(in_front: bool, expected: set[str]) -> None:
    drawn = Drawn()
    notice, archive = drawn.service(), drawn.add("serviceTask", ' camunda:topic="claim.archive"')
    choice, merge = drawn.add("exclusiveGateway"), drawn.add("exclusiveGateway")
    other = drawn.service() if in_front else drawn.add("serviceTask", ' camunda:topic="claim.publish"')
    drawn.default(choice, drawn.flow(choice, notice))
    drawn.flow(choice, other, "rounds = 1")
    drawn.flow(notice, merge)
    drawn.flow(other, merge)
    drawn.flow(merge, archive)
    drawn.end(archive)

    assert broken(started(choice, drawn)) == expected
