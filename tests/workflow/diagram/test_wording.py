"""What is offered to a person who wrote a word that does not exist."""

from __future__ import annotations

from kaohe_flow.workflow.diagram.wording import offered


def test_the_nearest_word_is_asked_for_before_all_are_listed() -> None:
    assert (
        offered("line_reviwer", ["office", "line_reviewer"])
        == "是否想写“line_reviewer”？可用的有：line_reviewer、office"
    )


def test_nothing_is_guessed_when_nothing_is_near() -> None:
    assert offered("chief", {"office"}) == "可用的有：office"


def test_an_empty_vocabulary_is_said_to_be_empty() -> None:
    assert offered("x", ()) == "可用的有：（无）"


def test_a_long_vocabulary_is_cut_and_counted() -> None:
    sentence = offered("?", [f"topic.{number:02}" for number in range(60)])

    assert sentence.count("、") == 39
    assert sentence.endswith(" 等 60 个")
