"""Which outcomes a condition speaks of."""

from __future__ import annotations

import pytest

from kaohe_flow.workflow.diagram.comparisons import Comparison, comparisons, covers

OUTCOMES = {"ruling": frozenset({"uphold", "change"}), "other": frozenset({"uphold"})}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('=ruling = "uphold"', [("ruling", "uphold", True)]),
        ('"uphold" = ruling', [("ruling", "uphold", True)]),
        ('${ruling == "uphold"}', [("ruling", "uphold", True)]),
        ('ruling != "uphold"', [("ruling", "uphold", False)]),
        ('ruling = "a" or ruling = "b"', [("ruling", "a", True), ("ruling", "b", True)]),
        ('ruling in ("a", "b")', [("ruling", "a", True), ("ruling", "b", True)]),
        ('ruling in ["a"]', [("ruling", "a", True)]),
        ('not(ruling = "a") and rounds >= 2', [("ruling", "a", True)]),
        ('reason = "ruling = \\"x\\""', [("reason", 'ruling = \\"x\\"', True)]),
        ('string length(x) > 3 and "a" = "a"', []),
        ("rounds = 3", []),
        ('ruling > "a"', []),
        ("", []),
    ],
)
def test_comparisons_of_a_variable_with_a_text_are_found(
    text: str, expected: list[tuple[str, str, bool]]
) -> None:
    assert comparisons(text) == tuple(Comparison(*each) for each in expected)


@pytest.mark.parametrize(
    ("conditions", "complete"),
    [
        (['ruling = "uphold"', '=ruling = "change"'], True),
        (['ruling = "uphold"'], False),
        (['ruling = "uphold"', 'ruling != "uphold"'], False),
        (['ruling = "uphold"', 'ruling = "change" and rounds = 1'], False),
        (['ruling = "uphold"', 'other = "uphold"'], False),
        (['unknown = "a"'], False),
    ],
)
def test_conditions_are_complete_when_each_outcome_has_one(conditions: list[str], complete: bool) -> None:
    assert covers(conditions, OUTCOMES) is complete
