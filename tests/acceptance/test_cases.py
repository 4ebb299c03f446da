"""Every acceptance case, by its id: a real scheme file and facts file through the code of ``kaohe score``.

A folder holds ``facts.yaml``, ``expect.yaml`` and ``scheme.yaml``, or names a scheme of the library in
``expect.yaml``. Only what ``expect.yaml`` states is compared.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from kaohe_flow.scheme.definition.gateway import load_scheme
from kaohe_flow.scorebook.scoring.facts.gateway import load_facts
from kaohe_flow.scorebook.scoring.outcome.rules import as_json, as_plain
from kaohe_flow.scorebook.scoring.rules import evaluate

HERE = Path(__file__).parent
CASES = sorted(folder.name for folder in HERE.iterdir() if (folder / "expect.yaml").is_file())
STATED = {
    "title",
    "scheme",
    "totals",
    "lines",
    "points",
    "flags",
    "periods",
    "ranks",
    "grades",
    "quotas",
    "deadlines",
    "refused",
}


def number(text: str | None) -> Decimal | None:
    return None if text in {None, "null"} else Decimal(text)


def run(case: str) -> tuple[dict[str, Any], dict[str, Any]]:
    folder = HERE / case
    expected = yaml.load((folder / "expect.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    scheme = load_scheme(expected.get("scheme") or folder / "scheme.yaml")
    outcome = evaluate(scheme, load_facts(folder / "facts.yaml", scheme_id=scheme.id))
    return expected, json.loads(as_json(as_plain(outcome)), parse_float=Decimal, parse_int=Decimal)


def test_the_given_cases_are_all_here() -> None:
    given = {
        *(f"NN-{n:02d}" for n in range(1, 13)),
        *(f"NNU-{n:02d}" for n in range(1, 10)),
        *(f"SC-{n:02d}" for n in range(1, 9)),
        *(f"SD-{n:02d}" for n in range(1, 19)),
    }

    assert given <= set(CASES)


@pytest.mark.parametrize("case", CASES)
def test_case(case: str) -> None:
    expected, outcome = run(case)

    assert expected.keys() <= STATED
    assert expected.keys() - {"title", "scheme"}, "a case states what it expects"
    for kind, compare in COMPARISONS.items():
        if kind in expected:
            assert compare(outcome, expected[kind]), (kind, expected[kind], outcome)


def totals(outcome: dict[str, Any], expected: dict[str, str]) -> bool:
    found = {one["subject"]: one["points"] for one in outcome["totals"]}
    return all(found[subject] == number(text) for subject, text in expected.items())


def lines(outcome: dict[str, Any], expected: dict[str, str]) -> bool:
    found = {line["line"]: line["points"] for one in outcome["totals"] for line in one["lines"]}
    return all(found[line] == number(text) for line, text in expected.items())


def points(outcome: dict[str, Any], expected: dict[str, str]) -> bool:
    found = {one["fact"]: one["points"] for one in outcome["lines"]}
    return all(found[fact] == number(text) for fact, text in expected.items())


def flags(outcome: dict[str, Any], expected: dict[str, list[str]]) -> bool:
    found = {one["subject"]: set(one["flags"]) for one in outcome["totals"]}
    return all(set(listed) <= found[subject] for subject, listed in expected.items())


def periods(outcome: dict[str, Any], expected: dict[str, str]) -> bool:
    found = {(one["fact"], one["period"]) for one in outcome["lines"]}
    return all((fact, label) in found for fact, label in expected.items())


def ranks(outcome: dict[str, Any], expected: dict[str, str]) -> bool:
    found = {one["subject"]: one["place"] for one in outcome["ranks"]}
    return all(found[subject] == number(text) for subject, text in expected.items())


def grades(outcome: dict[str, Any], expected: dict[str, str]) -> bool:
    found = {one["subject"]: one["grade"] for one in outcome["grades"]}
    return all(found[subject] == grade for subject, grade in expected.items())


def quotas(outcome: dict[str, Any], expected: dict[str, str]) -> bool:
    found = {one["grade"]: one["at_most"] or one["at_least"] for one in outcome["quotas"]}
    return all(found[grade] == number(text) for grade, text in expected.items())


def deadlines(outcome: dict[str, Any], expected: dict[str, str]) -> bool:
    found = {one["id"]: one["deadline"] for one in outcome["deadlines"]}
    return all(found[id_] == day for id_, day in expected.items())


def refused(outcome: dict[str, Any], expected: list[str]) -> bool:
    return {one["fact"] for one in outcome["refused"]} == set(expected)


COMPARISONS = {
    "totals": totals,
    "lines": lines,
    "points": points,
    "flags": flags,
    "periods": periods,
    "ranks": ranks,
    "grades": grades,
    "quotas": quotas,
    "deadlines": deadlines,
    "refused": refused,
}
