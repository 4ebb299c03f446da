"""What a business line may be called."""

from __future__ import annotations

import pytest

from kaohe_flow.organization.line.rules import line_problems


@pytest.mark.parametrize("code", ["", "XZ", "1z", "x-z", "行政", "x" * 21, "x@1"])
def test_a_code_that_would_break_an_expression_is_refused(code: str) -> None:
    assert [problem.where for problem in line_problems(code, "行政")] == ["code"]


def test_a_plain_code_is_fine() -> None:
    assert not line_problems("xz_2", "行政")
