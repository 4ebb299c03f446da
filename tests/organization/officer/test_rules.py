"""Numbers and names, coefficients, presence."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_flow.organization.officer.rules import (
    NewOfficer,
    OfficerKind,
    coefficient,
    coefficient_fits,
    is_assessable,
    officer_problems,
    quoted,
    tidy_name,
)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张 三", "张三"),
        (" 张　三 ", "张三"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("Li  Ming", "Li Ming"),
    ],
)
def test_names_lose_the_spaces_of_lists(typed: str, name: str) -> None:
    assert tidy_name(typed) == name


@pytest.mark.parametrize("name", ["张", "张3", "=cmd", "张三\n李四", "张三!", ""])
def test_what_is_no_name_is_refused(name: str) -> None:
    new = NewOfficer("100001", name, OfficerKind.OFFICER, "社区民警")

    assert [problem.where for problem in officer_problems(new)] == ["姓名"]


@pytest.mark.parametrize("police_no", ["123", "abc1234", "12345678901234", "12-3456", ""])
def test_what_is_no_police_number_is_refused(police_no: str) -> None:
    new = NewOfficer(police_no, "张三", OfficerKind.OFFICER, "社区民警")

    assert [problem.where for problem in officer_problems(new)] == ["警号"]


@pytest.mark.parametrize("post", ["", "=1+1", "@SUM", "岗" * 31])
def test_a_post_is_short_and_no_formula(post: str) -> None:
    new = NewOfficer("100001", "张三", OfficerKind.OFFICER, post)

    assert [problem.where for problem in officer_problems(new)] == ["岗位"]


def test_the_highest_identity_counts_and_probation_counts_below_one() -> None:
    assert coefficient([Decimal("1.2"), Decimal("1.35")]) == Decimal("1.35")
    assert coefficient([Decimal("0.85"), Decimal("0.9")]) == Decimal("0.9")
    assert coefficient([]) == 1


@pytest.mark.parametrize(
    ("value", "fits"),
    [("0.5", True), ("2", True), ("0.499", False), ("2.001", False), ("1.2345", False), ("NaN", False)],
)
def test_coefficients_have_bounds(value: str, fits: bool) -> None:
    assert coefficient_fits(Decimal(value)) is fits


@given(st.integers(1, 400), st.integers(0, 400))
def test_half_a_period_of_presence_is_enough(days: int, absent: int) -> None:
    assert is_assessable(days, absent) is (2 * (days - absent) >= days)
    assert is_assessable(30, 15)
    assert not is_assessable(30, 16)


def test_long_text_is_quoted_shortly() -> None:
    assert quoted("甲" * 21) == "甲" * 20 + "…"
    assert quoted("甲" * 20) == "甲" * 20
