"""Parts add up, standards hold for everybody, and every part is followed down to a person."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_flow.scheme.indicator.rules import Split
from kaohe_flow.scheme.issuance.rules import (
    AssignmentState,
    Node,
    Part,
    PartsDoNotAddUp,
    PartsRefused,
    Progress,
    ReasonMissing,
    Uncovered,
    check_parts,
    check_reason,
    progress,
    uncovered,
)

ISSUED, ACKNOWLEDGED, REFUSED, DECOMPOSED, EFFECTIVE, WITHDRAWN = AssignmentState
TARGETS = st.decimals(0, 100_000, places=3)


def parts(*targets: str | None) -> list[Part]:
    return [
        Part(to_unit_id=n, target=None if each is None else Decimal(each)) for n, each in enumerate(targets)
    ]


def node(number: int, parent: int | None, state: AssignmentState, target: int | None = 10) -> Node:
    return Node(number, parent, state, False, None if target is None else Decimal(target))


def person(number: int, parent: int, state: AssignmentState, target: int | None = 10) -> Node:
    return Node(number, parent, state, True, None if target is None else Decimal(target))


def test_parts_that_equal_the_target_are_accepted() -> None:
    check_parts(parts("3", "6.5", "0.5"), Decimal(10), Split.ADD_UP, "")


def test_less_than_the_target_is_refused_with_the_difference_whatever_the_reason() -> None:
    with pytest.raises(PartsDoNotAddUp, match=r"9\.5 与上级目标 10 不一致（少 0\.5）"):
        check_parts(parts("3", "6.5"), Decimal(10), Split.ADD_UP, "下级单位人员不足")


def test_more_than_the_target_wants_a_declared_reason() -> None:
    with pytest.raises(PartsDoNotAddUp, match="多 1"):
        check_parts(parts("5", "6"), Decimal(10), Split.ADD_UP, "多一点")

    check_parts(parts("5", "6"), Decimal(10), Split.ADD_UP, "留有余量")


def test_millions_are_told_without_an_exponent() -> None:
    with pytest.raises(PartsDoNotAddUp, match="3300000 与上级目标 3400000"):
        check_parts(parts("3300000"), Decimal("3.4E+6"), Split.ADD_UP, "")


def test_a_standard_holds_for_everybody_unless_a_part_says_why_not() -> None:
    check_parts(parts("95", "95"), Decimal(95), Split.SAME, "")

    with pytest.raises(PartsRefused) as refusal:
        check_parts(parts("95", "90"), Decimal(95), Split.SAME, "留有余量")
    assert [problem.where for problem in refusal.value.problems] == ["unit:1"]
    lower = Part(to_unit_id=1, target=Decimal(90), reason="农村所警力不足")
    check_parts([*parts("95"), lower], Decimal(95), Split.SAME, "")


def test_without_a_number_shares_are_optional_and_fill_the_whole() -> None:
    check_parts(parts(None, None), None, Split.ADD_UP, "")
    lead = Part(to_officer_id=1, share=Decimal(70))
    check_parts([lead, Part(to_officer_id=2, share=Decimal(30))], None, Split.ADD_UP, "")

    with pytest.raises(PartsDoNotAddUp, match="少 5"):
        check_parts([lead, Part(to_officer_id=2, share=Decimal(25))], None, Split.ADD_UP, "")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "至少选择一个"),
        ([Part(target=Decimal(10))], "只能下达给一个单位或一名民警"),
        ([Part(1, 2, Decimal(10))], "只能下达给一个单位或一名民警"),
        ([Part(1, target=Decimal(5)), Part(1, target=Decimal(5))], "重复出现"),
        ([Part(1)], "请填写目标值"),
        ([Part(1, target=Decimal(-1))], "之间"),
        ([Part(1, target=Decimal("NaN"))], "之间"),
        ([Part(1, target=Decimal("9.9999"))], "三位小数"),
        ([Part(1, target=Decimal(10), share=Decimal(101))], "之间"),
    ],
)
def test_a_list_of_parts_that_contradicts_itself_is_refused(given: list[Part], words: str) -> None:
    with pytest.raises(PartsRefused) as refusal:
        check_parts(given, Decimal(10), Split.ADD_UP, "留有余量")

    assert any(words in problem.text for problem in refusal.value.problems)


def test_the_same_number_may_be_a_unit_and_an_officer() -> None:
    check_parts([Part(1, target=Decimal(5)), Part(None, 1, Decimal(5))], Decimal(10), Split.ADD_UP, "")


@given(st.lists(TARGETS, min_size=1, max_size=30))
def test_any_parts_add_up_to_their_own_sum_and_to_nothing_else(targets: list[Decimal]) -> None:
    given_parts = [Part(to_unit_id=n, target=each) for n, each in enumerate(targets)]
    whole = sum(targets, Decimal(0))

    check_parts(given_parts, whole, Split.ADD_UP, "")
    with pytest.raises(PartsDoNotAddUp):
        check_parts(given_parts, whole + Decimal("0.001"), Split.ADD_UP, "留有余量")
    if whole:
        with pytest.raises(PartsDoNotAddUp):
            check_parts(given_parts, whole - Decimal("0.001"), Split.ADD_UP, "")


@pytest.mark.parametrize("reason", ["", "  ", "不行", " 不 行 "])
def test_a_reason_has_four_characters(reason: str) -> None:
    with pytest.raises(ReasonMissing):
        check_reason(reason)


def test_a_reason_is_trimmed() -> None:
    assert check_reason(" 警力不足 ") == "警力不足"


def test_a_tree_that_ends_in_persons_has_no_gaps() -> None:
    tree = [node(1, None, DECOMPOSED), node(2, 1, DECOMPOSED), person(3, 2, ACKNOWLEDGED)]

    assert uncovered(tree, Split.ADD_UP) == ()


def test_a_unit_with_nobody_below_it_is_a_gap() -> None:
    tree = [node(1, None, DECOMPOSED), node(2, 1, ACKNOWLEDGED, 4), person(3, 1, ISSUED, 6)]

    assert uncovered(tree, Split.ADD_UP) == (Uncovered(2, Decimal(4)),)


def test_a_refused_part_falls_back_on_the_unit_above() -> None:
    tree = [node(1, None, DECOMPOSED), person(2, 1, REFUSED, 4), person(3, 1, EFFECTIVE, 6)]

    assert uncovered(tree, Split.ADD_UP) == (Uncovered(1, Decimal(4)),)
    assert uncovered(tree, Split.SAME) == ()


def test_where_nothing_is_counted_a_gap_has_no_amount() -> None:
    assert uncovered([node(1, None, DECOMPOSED, None)], Split.ADD_UP) == (Uncovered(1, None),)


def test_progress_is_told_for_every_node() -> None:
    tree = [
        node(1, None, DECOMPOSED),
        node(2, 1, DECOMPOSED),
        node(3, 1, ISSUED),
        node(4, 1, ACKNOWLEDGED),
        node(5, 1, REFUSED),
        person(6, 2, ACKNOWLEDGED),
        person(7, 2, WITHDRAWN),
        person(8, 2, EFFECTIVE),
    ]

    assert progress(tree) == {
        1: Progress.IN_WORK,
        2: Progress.DONE,
        3: Progress.ISSUED,
        4: Progress.RECEIVED,
        5: Progress.REFUSED,
        6: Progress.DONE,
        7: Progress.WITHDRAWN,
        8: Progress.DONE,
    }


@st.composite
def trees(draw: st.DrawFn) -> list[Node]:
    """Any tree of units and persons, with parts that add up, in any mixture of states."""
    made = [Node(1, None, DECOMPOSED, False, Decimal(draw(st.integers(1, 50))))]
    for above in made:
        if above.is_person or len(made) > 30 or (above.id > 1 and draw(st.booleans())):
            continue
        left = above.target or Decimal(0)
        for _ in range(draw(st.integers(1, 3))):
            share = Decimal(draw(st.integers(0, int(left))))
            left -= share
            is_person, state = draw(st.booleans()), draw(st.sampled_from(AssignmentState))
            made.append(Node(len(made) + 1, above.id, state, is_person, share))
        made[-1] = Node(made[-1].id, above.id, made[-1].state, made[-1].is_person, share + left)
    return made


@given(trees())
def test_what_persons_hold_and_what_is_missing_make_up_the_whole(tree: list[Node]) -> None:
    gone = {REFUSED, WITHDRAWN}
    lost: set[int] = set()
    for each in tree:
        if each.state in gone or each.parent_id in lost:
            lost.add(each.id)
    # A part taken back takes everything below it along, as the commands do.
    settled = [replace(each, state=WITHDRAWN) if each.id in lost else each for each in tree]
    held = sum(
        (each.target or Decimal(0) for each in settled if each.is_person and each.id not in lost), Decimal(0)
    )
    missing = sum((gap.missing or Decimal(0) for gap in uncovered(settled, Split.ADD_UP)), Decimal(0))

    assert held + missing == tree[0].target


@given(trees())
def test_a_unit_is_done_exactly_when_nothing_below_it_waits(tree: list[Node]) -> None:
    come = progress(tree)

    standing = [each for each in tree if each.state not in {REFUSED, WITHDRAWN}]
    for each in standing:
        below = [child for child in standing if child.parent_id == each.id]
        if each.state is not ISSUED and not each.is_person and below:
            done = all(come[child.id] is Progress.DONE for child in below)
            assert come[each.id] is (Progress.DONE if done else Progress.IN_WORK)
