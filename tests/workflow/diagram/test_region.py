"""What the cells of a decision table accept: the sets worked out agree with the language itself."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_flow.kernel.feel import compile_unary_tests
from kaohe_flow.workflow.diagram.region import Region, holds, meet, region, within

NUMBERS = [Decimal(n) / 2 for n in range(-2, 15)]
TEXTS = ["a", "b", "c", "d"]
bounds = st.integers(0, 6)
ranges = st.one_of(
    st.builds(
        lambda low, more, left, right: f"{left}{low}..{low + more}{right}",
        bounds,
        st.integers(1, 4),
        st.sampled_from("[("),
        st.sampled_from("])"),
    ),
    st.builds(lambda sign, n: f"{sign} {n}", st.sampled_from(["<", "<=", ">", ">="]), bounds),
    bounds.map(str),
)
number_cells = st.one_of(st.just("-"), st.lists(ranges, min_size=1, max_size=3).map(", ".join))
quoted = st.lists(st.sampled_from([f'"{text}"' for text in TEXTS]), min_size=1, max_size=3).map(",".join)
text_cells = st.one_of(st.just("-"), quoted, quoted.map(lambda text: f"not({text})"))


def accepted(cell: str) -> Region:
    found = region(cell)
    assert found is not None, cell
    return found


def passing_numbers(cell: str) -> set[Decimal]:
    tests = compile_unary_tests(cell)
    return {number for number in NUMBERS if tests.matches(number, {})}


def passing_texts(cell: str) -> set[str]:
    tests = compile_unary_tests(cell)
    return {text for text in TEXTS if tests.matches(text, {})}


@given(number_cells)
def test_a_cell_of_numbers_accepts_what_the_language_accepts(cell: str) -> None:
    assert {number for number in NUMBERS if holds(accepted(cell), number)} == passing_numbers(cell)


@given(text_cells)
def test_a_cell_of_texts_accepts_what_the_language_accepts(cell: str) -> None:
    assert {text for text in TEXTS if holds(accepted(cell), f'"{text}"')} == passing_texts(cell)


@given(number_cells, number_cells)
def test_cells_of_numbers_meet_when_some_number_passes_both(one: str, other: str) -> None:
    assert meet(accepted(one), accepted(other)) == bool(passing_numbers(one) & passing_numbers(other))


@given(text_cells, text_cells)
def test_cells_of_texts_that_share_a_text_meet(one: str, other: str) -> None:
    if passing_texts(one) & passing_texts(other):
        assert meet(accepted(one), accepted(other))
    elif "not" not in one or "not" not in other:
        assert not meet(accepted(one), accepted(other))


@given(number_cells, number_cells)
def test_a_cell_of_numbers_within_another_accepts_nothing_more(inner: str, outer: str) -> None:
    if within(accepted(inner), accepted(outer)):
        assert passing_numbers(inner) <= passing_numbers(outer)


@given(text_cells, text_cells)
def test_a_cell_of_texts_within_another_accepts_nothing_more(inner: str, outer: str) -> None:
    if within(accepted(inner), accepted(outer)):
        assert passing_texts(inner) <= passing_texts(outer)


@pytest.mark.parametrize(
    "cell",
    ["> limit", "[1..limit]", 'starts with(?, "a")', "? * 2 > 3", '"a", 1', 'date("2025-01-01")', "not(1)"],
)
def test_a_cell_that_is_not_simple_has_no_region(cell: str) -> None:
    assert region(cell) is None


@pytest.mark.parametrize("cell", ["", "-", " - "])
def test_an_empty_cell_accepts_everything(cell: str) -> None:
    assert holds(region(cell), Decimal(5))
    assert holds(region(cell), '"a"')
