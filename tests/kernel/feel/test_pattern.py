"""Patterns of ``matches`` agree with Python's on what both know, and cost no more than text × pattern."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_flow.kernel.feel.errors import Unfit
from kaohe_flow.kernel.feel.pattern import MAX_PROGRAM, THREADS_PER_STEP, compile_pattern

atoms = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", "[a-b]", r"\d", r"\w", r"\S", "1", r"\."])
quantifiers = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,2}", "{1,}"])
patterns = st.recursive(
    st.tuples(atoms, quantifiers).map("".join),
    lambda inner: (
        st.tuples(inner, inner).map("".join)
        | st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})")
        | st.tuples(inner, quantifiers).map(lambda pair: f"({pair[0]}){pair[1]}")
        | inner.map(lambda body: f"^{body}")
        | inner.map(lambda body: f"{body}$")
    ),
    max_leaves=6,
)


@given(patterns, st.text("ab1.c", max_size=8))
def test_a_pattern_finds_what_python_finds(pattern, text):
    expected = re.search(pattern.replace("$", r"\Z"), text) is not None

    assert compile_pattern(pattern).found_in(text, lambda steps: None) is expected


@pytest.mark.parametrize(
    "pattern",
    ["(a", "a)", "*a", "a**", "a{2", "a{3,2}", "a{101}", "[a", "[z-a]", "(?=a)", "(?P<x>a)", r"\1", r"\p{L}",
     "a\\", "^*", "((((((((((((a))))))))))))", "(a{100}){100}", "a" * 201, "a+?"],
)  # fmt: skip
def test_what_is_not_understood_is_refused(pattern):
    with pytest.raises(Unfit):
        compile_pattern(pattern)


@pytest.mark.parametrize(
    "pattern",
    ["^(a+)+$", "^(a*)*$", "^(a|a)*$", "(a|aa)+$", "(.*)*c", "(a?){50}a{50}$", "^((a*)*)*$", "(a*a*a*a*)*c"],
)
def test_a_pattern_that_kills_backtracking_is_linear_here(pattern):
    text, spent = "a" * 1_000 + "b", []

    assert compile_pattern(pattern).found_in(text, spent.append) is False
    assert sum(spent) <= (len(text) + 1) * (1 + MAX_PROGRAM // THREADS_PER_STEP)
