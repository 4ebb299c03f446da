"""What the scoring does with facts: limits, deeds, shares, vetoes, missing figures, places, grades."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from kaohe_flow.scheme.definition.gateway import load_scheme, read_scheme
from kaohe_flow.scorebook.scoring.facts.gateway import FactsRefused, load_facts, read_facts
from kaohe_flow.scorebook.scoring.outcome.rules import Outcome
from kaohe_flow.scorebook.scoring.rules import evaluate
from kaohe_flow.scorebook.scoring.run.rules import PeriodNotInScheme

GOLDEN_WEEK = """
calendar:
  holidays: [2026-10-01, 2026-10-02, 2026-10-05, 2026-10-06, 2026-10-07]
  makeup: [2026-10-10]
"""
ONE = "subjects: [{id: 甲}]\n"


def run(scheme: str, facts: str, *, subjects: str = ONE, head: str = "") -> Outcome:
    return evaluate(read_scheme("id: s\n" + scheme), read_facts(head + subjects + "facts:\n" + facts))


def total(outcome: Outcome, subject: str = "甲") -> Decimal | None:
    return outcome.total(subject).points


def points(outcome: Outcome) -> dict[str, Decimal]:
    return {line.fact: line.points for line in outcome.lines}


def reasons(outcome: Outcome) -> dict[str, str]:
    return {one.fact: one.code for one in outcome.refused}


def test_the_steps_of_a_score_line_come_in_the_order_of_the_pipeline() -> None:
    outcome = run("items: [{id: a, mode: penalty, points: 2}]", "  - {subject: 甲, item: a}")

    assert [step.name for step in outcome.lines[0].steps] == [
        "rule",
        "share",
        "mitigation",
        "item_limit",
        "same_deed",
        "group_limit",
        "coefficient",
        "rounding",
    ]
    assert [step.name for step in outcome.totals[0].steps] == [
        "sum",
        "coefficient",
        "unit_factors",
        "outside",
        "total_limit",
        "veto",
        "rounding",
    ]


def test_every_step_takes_over_where_the_last_one_ended() -> None:
    outcome = evaluate(
        load_scheme("nanning_railway_2020"), load_facts(CASCADE, scheme_id="nanning_railway_2020")
    )

    for line in outcome.lines:
        assert all(one.after == other.before for one, other in pairwise(line.steps))
        assert line.steps[-1].after == line.points


@pytest.mark.parametrize("written", ["5", "-5"])
def test_the_sign_of_a_penalty_is_the_mode_s(written: str) -> None:
    outcome = run(
        f"items: [{{id: a, mode: penalty, points: {written}}}]", "  - {subject: 甲, item: a, count: 2}"
    )

    assert total(outcome) == -10


def test_a_replaced_deed_takes_no_room_under_any_limit() -> None:
    scheme = "items: [{id: a, mode: reward, rule: judged, max: 10, cap: 10, same_deed: highest}]"

    outcome = run(
        scheme,
        "  - {id: F1, subject: 甲, item: a, points: 8, deed: A}\n"
        "  - {id: F2, subject: 甲, item: a, points: 5, deed: A}\n"
        "  - {id: F3, subject: 甲, item: a, points: 5, deed: B}\n",
    )

    assert points(outcome) == {"F1": 8, "F2": 0, "F3": 2}
    assert "F1" in outcome.lines[1].steps[4].note


def test_the_heaviest_penalty_and_the_highest_reward_of_one_deed_are_told_apart() -> None:
    scheme = """
groups: [{id: g, same_deed: highest}]
items:
  - {id: plus, mode: reward, rule: judged, max: 10, group: g}
  - {id: minus, mode: penalty, rule: judged, max: 10, group: g}
"""

    outcome = run(
        scheme,
        "  - {id: F1, subject: 甲, item: plus, points: 3, deed: A}\n"
        "  - {id: F2, subject: 甲, item: minus, points: 2, deed: A}\n"
        "  - {id: F3, subject: 甲, item: minus, points: 9, deed: A}\n",
    )

    assert points(outcome) == {"F1": 3, "F2": 0, "F3": -9}


def test_limits_net_first_and_take_the_excess_off_the_latest() -> None:
    scheme = """
groups: [{id: g, cap: 5}]
items:
  - {id: plus, mode: reward, rule: judged, max: 10, group: g}
  - {id: minus, mode: penalty, rule: judged, max: 10, group: g}
"""

    outcome = run(
        scheme,
        "  - {id: F1, subject: 甲, item: plus, points: 6}\n"
        "  - {id: F2, subject: 甲, item: minus, points: 3}\n"
        "  - {id: F3, subject: 甲, item: plus, points: 4}\n",
    )

    assert points(outcome) == {"F1": 6, "F2": -3, "F3": 2}
    assert outcome.lines[2].steps[5].note == "超出限额 2 分不计"


def test_what_was_taken_in_earlier_periods_narrows_a_yearly_limit() -> None:
    outcome = run(
        "groups: [{id: g, cap: 10}]\nitems: [{id: a, mode: reward, points: 4, group: g}]",
        "  - {subject: 甲, item: a, count: 2}",
        subjects="subjects: [{id: 甲, carried: {g: 7}}]\n",
    )

    assert total(outcome) == 3


@pytest.mark.parametrize(("when", "expected"), [("2026-03-02", 2), ("2026-03-09", 5)])
def test_a_refusing_limit_goes_by_day_not_by_place_in_the_file(when: str, expected: int) -> None:
    outcome = run(
        "items: [{id: a, full: 10, rule: tariff, points: -1, over: refuse}]",
        f"  - {{id: F1, subject: 甲, item: a, count: 5, date: 2026-03-05}}\n"
        f"  - {{id: F2, subject: 甲, item: a, count: 8, date: {when}}}\n",
    )

    assert total(outcome) == expected
    assert set(reasons(outcome).values()) == {"over-limit"}


def test_lines_are_rounded_once_each_away_from_zero() -> None:
    outcome = run(
        "mitigations: {半: 50%}\nitems: [{id: a, mode: penalty, points: 0.69}]",
        "  - {id: F1, subject: 甲, item: a, mitigation: 半}\n"
        "  - {id: F2, subject: 甲, item: a, mitigation: 半}\n",
    )

    assert points(outcome) == {"F1": Decimal("-0.35"), "F2": Decimal("-0.35")}
    assert total(outcome) == Decimal("-0.70")


def test_thirds_do_not_spoil_an_exact_half() -> None:
    """0.1 ÷ 3 × 15 % is exactly 0.005 and rounds up, whatever the 28th digit of a third says."""
    outcome = run(
        "mitigations: {轻: 15%}\nitems: [{id: a, mode: reward, points: 0.1, coauthors: mean}]",
        "  - {subject: 甲, item: a, coauthors: 3, mitigation: 轻}",
    )

    assert total(outcome) == Decimal("0.01")


def test_parts_of_one_figure_add_up_to_the_rounded_figure() -> None:
    outcome = run(
        "items: [{id: a, rule: ratio, full: 10, target: 3}]",
        "  - {id: F1, subject: 甲, item: a, done: 1}\n"
        "  - {id: F2, subject: 甲, item: a, done: 1}\n"
        "  - {id: F3, subject: 甲, item: a, done: 1}\n",
    )

    assert points(outcome) == {"F1": Decimal("3.33"), "F2": Decimal("3.34"), "F3": Decimal("3.33")}
    assert total(outcome) == 10


@pytest.mark.parametrize(
    ("choose", "expected"),
    [("last", 70), ("highest", 90), ("lowest", 70), ("mean", 80), ("day_weighted", "86.67"), ("sum", 160)],
)
def test_which_of_several_figures_counts(choose: str, expected: int | str) -> None:
    outcome = run(
        f"items: [{{id: a, rule: judged, full: 100, cap: 500, choose: {choose}}}]",
        "  - {subject: 甲, item: a, points: 90, days: 25, date: 2026-03-01}\n"
        "  - {subject: 甲, item: a, points: 70, days: 5, date: 2026-03-02}\n",
    )

    assert total(outcome) == Decimal(expected)


MISSING = """
lines:
  - {id: x, type: regular, weight: 60, base: 0}
  - {id: y, type: regular, weight: 40, base: 0}
items:
  - {id: a, line: x, rule: judged, full: 60, choose: last, missing: POLICY}
  - {id: b, line: x, rule: judged, full: 40, choose: last}
  - {id: c, line: y, rule: judged, full: 100, choose: last}
"""


@pytest.mark.parametrize(("policy", "expected"), [("full", "88"), ("zero", "52"), ("redistribute", "77.2")])
def test_an_item_without_data_follows_its_policy(policy: str, expected: str) -> None:
    outcome = run(
        MISSING.replace("POLICY", policy),
        "  - {subject: 甲, item: b, points: 28}\n  - {subject: 甲, item: c, points: 88}",
    )

    assert total(outcome) == Decimal(expected)


def test_the_weight_of_a_line_without_data_goes_to_the_others() -> None:
    outcome = run(MISSING.replace("POLICY", "redistribute"), "  - {subject: 甲, item: c, points: 88}")

    assert total(outcome) == 88
    assert [line.points for line in outcome.totals[0].lines] == [None, Decimal("88.00")]


def test_nothing_known_is_not_zero() -> None:
    outcome = run(
        MISSING.replace("POLICY", "redistribute") + "rankings: [{id: r}]",
        "  - {subject: 乙, item: c, points: 0}",
        subjects="subjects: [{id: 甲}, {id: 乙}]\n",
    )

    assert total(outcome) is None
    assert {place.subject: place.place for place in outcome.ranks[0].places} == {"乙": 1, "甲": None}


def test_open_places_for_additions_are_no_data_where_weights_are_to_be_filled() -> None:
    scheme = """
lines: [{id: x, type: regular, weight: 100, base: 0, full: items}]
items: [{id: a, line: x, rule: judged, full: 10}, {id: r, mode: reward, points: 2}]
"""
    nothing_issued = "subjects: [{id: 甲, items: r}, {id: 乙, items: [a, r]}]\n"

    assert total(run(scheme, "  - {subject: 乙, item: a, points: 0}", subjects=nothing_issued)) is None
    assert total(run(scheme, "  - {subject: 甲, item: r}", subjects=nothing_issued)) == 2


def test_a_veto_voids_but_never_improves() -> None:
    scheme = "items: [{id: a, mode: penalty, points: 10, veto: total}, {id: b, mode: reward, points: 30}]"

    assert total(run(scheme, "  - {subject: 甲, item: a}\n  - {subject: 甲, item: b}")) == 0
    assert total(run(scheme, "  - {subject: 甲, item: a}")) == -10


def test_a_revoked_veto_restores_the_total() -> None:
    scheme = (
        "total: {base: 100}\nitems: [{id: a, mode: penalty, points: 10, veto: [total, grade], flags: 警示}]"
    )

    outcome = run(scheme, "  - {subject: 甲, item: a, revoked: true}")

    assert total(outcome) == 100
    assert outcome.totals[0].flags == outcome.totals[0].vetoes == ()


def test_the_order_of_coefficient_factors_outside_and_limits() -> None:
    scheme = """
total: {base: 80, ceiling: 95}
coefficients: {identities: {能手: 1.25}}
unit_factors: [{id: 协作, max: 1.1}]
lines: [{id: 外, type: after}]
items: [{id: a, line: 外, mode: penalty, points: 20}]
"""

    outcome = run(
        scheme,
        "  - {subject: 甲, item: a}",
        subjects="subjects: [{id: 甲, identities: 能手, factors: {协作: 1.3}}]\n",
    )

    assert [step.after for step in outcome.totals[0].steps] == [80, 100, 110, 90, 90, 90, 90]


def test_a_coefficient_on_lines_comes_before_their_rounding() -> None:
    outcome = run(
        "total: {base: 100}\ncoefficients: {applies_to: line, identities: {能手: 1.35}}\n"
        "items: [{id: a, mode: reward, points: 0.1}]",
        "  - {subject: 甲, item: a}",
        subjects="subjects: [{id: 甲, identities: 能手}]\n",
    )

    assert points(outcome) == {"F1": Decimal("0.14")}
    assert total(outcome) == Decimal("100.14")


def test_an_identity_counts_from_the_period_after_it_began() -> None:
    scheme = """
period: {kind: month}
coefficients: {identities: {能手: 1.5}}
items: [{id: a, mode: reward, points: 2}]
"""
    subject = "subjects: [{id: 甲, identities: [{identity: 能手, from: 2026-03-10}]}]\n"

    march = run(scheme, "  - {subject: 甲, item: a, date: 2026-03-20}", subjects=subject)
    april = run(scheme, "  - {subject: 甲, item: a, date: 2026-04-20}", subjects=subject)

    assert (total(march), total(april)) == (2, 3)


CASCADE = __file__.replace("scorebook/scoring/test_rules.py", "acceptance/NN-07/facts.yaml")


def test_one_event_reaches_person_unit_and_leader_by_their_own_tariffs() -> None:
    outcome = evaluate(
        load_scheme("nanning_railway_2020"),
        read_facts("""
period: 2026-03
subjects:
  - {id: 张三, unit: 机关处}
  - {id: 机关处, kind: unit, unit_kind: 机关}
facts:
  - {id: F1, subject: 张三, item: demerit_up, option: demotion_up, mitigation: 纯属个人原因, date: 2026-03-01}
"""),
    )

    assert points(outcome) == {"F1": -100, "F1→机关处": Decimal("-12.00")}
    assert {line.fact: line.origin for line in outcome.lines} == {"F1": None, "F1→机关处": "F1"}


def test_somebody_who_should_be_hit_but_is_not_listed_is_reported() -> None:
    outcome = evaluate(
        load_scheme("nanning_railway_2020"),
        read_facts(
            "period: 2026-03\nsubjects: [{id: 张三, unit: x}]\nfacts: [{subject: 张三, item: admonish}]"
        ),
    )

    assert [one.code for one in outcome.refused] == ["no-such-subject"]


@pytest.mark.parametrize(
    ("item", "fact", "code"),
    [
        ("mode: reward, points: 1", "subject: 乙", "unknown-subject"),
        ("mode: reward, points: 1", "item: b", "unknown-item"),
        ("mode: reward, points: 1, for: {kind: unit}", "", "item-not-for-subject"),
        ("mode: reward, points: 1, from: 2027-01-01", "date: 2026-03-01", "item-not-for-subject"),
        ("mode: reward, points: 1", "date: 2026-04-01", "other-period"),
        ("mode: reward, points: 1, file_within: 2", "date: 2026-03-06, filed: 2026-03-11", "filed-late"),
        ("mode: reward, points: 1, only_if: 'count > 1'", "", "condition"),
        ("rule: ratio, full: 5", "done: 1", "figure-missing"),
        ("rule: threshold, full: 5, full_at: '>= 1'", "", "figure-missing"),
        ("mode: reward, points: {by: post, values: {x: 1}}", "", "no-amount"),
        ("rule: bands, bands: [{when: '> 1', points: 1}]", "value: 1", "no-band"),
        ("mode: reward, options: {x: 1}", "option: y", "unknown-option"),
        ("rule: verdict, verdicts: {x: 1}", "verdict: y", "unknown-verdict"),
        ("rule: poll, full: 5, votes: {x: 1}", "votes: {y: 1}", "unknown-vote"),
        ("rule: poll, full: 5, minimum: 5", "marks: [1, 2]", "too-few"),
        ("mode: reward, points: 1", "surcharges: x", "unknown-surcharge"),
        ("mode: reward, points: 1", "mitigation: x", "unknown-mitigation"),
        ("mode: reward, rule: judged, max: 5", "points: 5.001", "points-out-of-range"),
        ("mode: reward, rule: judged, min: -5, max: 5", "points: -1", "sign"),
        ("mode: reward, points: {min: 8, max: 10}", "points: 7", "points-out-of-range"),
        ("mode: reward, points: 1, coauthors: mean", "coauthors: 0", "coauthors"),
        ("mode: reward, points: 1, coauthors: shares", "role: 旁观", "share"),
        ("mode: reward, points: 1", "share: 50%", "share"),
        ("full: 3, points: -1, over: refuse", "count: 4", "over-limit"),
    ],
)
def test_what_does_not_count_is_listed_with_its_reason(item: str, fact: str, code: str) -> None:
    own = {
        "subject": "甲",
        "item": "a",
        **dict(part.split(": ", 1) for part in fact.split(", ") if ": " in part),
    }
    if "marks" in fact or "votes" in fact:
        own = {"subject": "甲", "item": "a", fact.split(": ", 1)[0]: fact.split(": ", 1)[1]}
    written = ", ".join(f"{key}: {value}" for key, value in own.items())

    outcome = run(
        f"period: {{kind: month}}\nitems: [{{id: a, {item}}}]", f"  - {{{written}}}", head="period: 2026-03\n"
    )

    assert [one.code for one in outcome.refused] == [code]
    assert all(one.reason for one in outcome.refused)
    assert not outcome.lines


def test_points_at_the_very_limit_count() -> None:
    outcome = run(
        "items: [{id: a, mode: reward, points: {min: 8, max: 10}}]",
        "  - {subject: 甲, item: a, points: 8}\n  - {subject: 甲, item: a, points: 10}",
    )

    assert total(outcome) == 18


@pytest.mark.parametrize(("filed", "expected"), [("2026-10-10", 1), ("2026-10-11", 0)])
def test_a_report_on_the_last_working_day_is_in_time(filed: str, expected: int) -> None:
    outcome = run(
        "items: [{id: a, mode: reward, points: 1, file_within: 3}]",
        f"  - {{subject: 甲, item: a, date: 2026-09-30, filed: {filed}}}",
        head=GOLDEN_WEEK,
    )

    assert total(outcome) == expected


def test_ranks_keep_to_their_groups_and_skip_after_ties() -> None:
    scheme = """
items: [{id: a, mode: reward, rule: judged, max: 100}]
rankings: [{id: r, within: [sequence, peer_group]}]
"""
    subjects = "subjects:\n" + "".join(
        f"  - {{id: {name}, sequence: {sequence}, peer_group: {group}}}\n"
        for name, sequence, group in [("a", "所", "A"), ("b", "所", "A"), ("c", "所", "A"), ("d", "所", "B")]
    )

    outcome = run(
        scheme,
        "".join(
            f"  - {{subject: {name}, item: a, points: {got}}}\n"
            for name, got in zip("abcd", "7752", strict=True)
        ),
        subjects=subjects,
    )

    assert {one.subject: (one.group, one.place, one.tied) for one in outcome.ranks[0].places} == {
        "a": ("所·A", 1, 2),
        "b": ("所·A", 1, 2),
        "c": ("所·A", 3, 1),
        "d": ("所·B", 1, 1),
    }


GRADES = """
items: [{id: a, mode: reward, rule: judged, max: 100}, {id: v, mode: penalty, points: 0, veto: grade}]
grades:
  - {id: 优秀, when: ">= 90", quota: {max: 50}, unless_flags: 有错}
  - {id: 称职, when: ">= 60"}
"""


def graded(scores: dict[str, int], more: str = "") -> dict[str, str | None]:
    outcome = run(
        GRADES,
        "".join(f"  - {{subject: {name}, item: a, points: {got}}}\n" for name, got in scores.items()) + more,
        subjects="subjects: [" + ", ".join(f"{{id: {name}}}" for name in scores) + "]\n",
    )
    return {one.subject: one.grade for one in outcome.grades[0].grades}


def test_equal_totals_at_the_edge_of_a_quota_get_it_all_or_none() -> None:
    assert graded({"a": 95, "b": 92, "c": 92, "d": 70}) == {
        "a": "优秀",
        "b": "称职",
        "c": "称职",
        "d": "称职",
    }


def test_a_veto_withholds_the_grade_and_frees_the_place() -> None:
    found = graded({"a": 95, "b": 92, "c": 91, "d": 50}, "  - {subject: a, item: v}\n")

    assert found == {"b": "优秀", "c": "称职", "d": None, "a": None}


def test_totals_converted_by_the_best_of_the_sequence() -> None:
    scheme = """
sheets:
  - {id: raw, items: [{id: a, mode: reward, rule: judged, max: 500}]}
  - id: final
    items: [{id: b, rule: total_of, sheet: raw, full: 100, convert: ratio_to_best, among: sequence}]
"""

    outcome = run(
        scheme,
        "  - {subject: 甲, item: a, points: 120}\n"
        "  - {subject: 乙, item: a, points: 90}\n"
        "  - {subject: 丙, item: a, points: 60}\n",
        subjects="subjects: [{id: 甲, sequence: 所}, {id: 乙, sequence: 所}, {id: 丙, sequence: 队}]\n",
    )

    final = {one.subject: one.points for one in outcome.totals if one.sheet == "final"}
    assert final == {"甲": 100, "乙": 75, "丙": 100}


def test_the_mean_of_the_members_is_the_unit_s() -> None:
    scheme = """
sheets:
  - {id: officer, for: {kind: officer}, items: [{id: a, mode: reward, rule: judged, max: 100}]}
  - {id: unit, for: {kind: unit}, items: [{id: b, rule: total_of, sheet: officer, whose: members}]}
"""

    outcome = run(
        scheme,
        "  - {subject: 甲, item: a, points: 90}\n  - {subject: 乙, item: a, points: 81}\n",
        subjects="subjects: [{id: 所, kind: unit}, {id: 甲, unit: 所}, {id: 乙, unit: 所}, "
        "{id: 丙, unit: 所, assessed: false}]\n",
    )

    assert total(outcome, "所") == Decimal("85.50")


def test_temporary_weights_by_days_are_the_mean_over_the_period() -> None:
    scheme = """
period: {kind: month}
lines: [{id: x, type: regular, weight: 40, base: 0}, {id: y, type: regular, weight: 60, base: 0}]
temporary_weights: [{from: 2026-06-16, to: 2026-07-31, weights: {x: 70, y: 30}, by: days}]
items:
  - {id: a, line: x, rule: judged, full: 100, choose: last}
  - {id: b, line: y, rule: judged, full: 100, choose: last}
"""

    outcome = run(
        scheme,
        "  - {subject: 甲, item: a, points: 100, date: 2026-06-01}\n"
        "  - {subject: 甲, item: b, points: 0, date: 2026-06-01}\n",
    )

    assert total(outcome) == 55


def test_only_issued_items_count_in_the_full_points() -> None:
    scheme = """
lines: [{id: x, type: regular, weight: 100, base: 0, full: items}]
items: [{id: a, line: x, rule: judged, full: 10}, {id: b, line: x, rule: judged, full: 30}]
"""
    fact = "  - {subject: 甲, item: a, points: 5}"

    assert total(run(scheme, fact)) == Decimal("12.50")
    assert total(run(scheme, fact, subjects="subjects: [{id: 甲, items: a}]\n")) == 50


def test_deductions_without_any_full_points_are_not_lost() -> None:
    scheme = """
lines: [{id: x, type: regular, weight: 100, base: 0, full: items, floor: none}]
items: [{id: a, line: x, rule: judged, full: 10}, {id: b, line: x, mode: penalty, points: 4}]
"""

    assert total(run(scheme, "  - {subject: 甲, item: b}", subjects="subjects: [{id: 甲, items: b}]\n")) == -4


def test_a_period_no_sheet_knows_is_an_error_not_an_empty_result() -> None:
    with pytest.raises(PeriodNotInScheme, match="2026-13"):
        run(
            "period: {kind: month}\nitems: [{id: a, mode: reward, points: 1}]",
            "  []\n",
            head="period: 2026-13\n",
        )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("subjects: [{id: 甲}, {id: 甲}]", "重复"),
        (
            "subjects: [{id: 甲}]\nfacts: [{id: F, subject: 甲, item: a}, {id: F, subject: 甲, item: a}]",
            "重复",
        ),
        ("facts: [{item: a}]", "缺少“subject”"),
        ("facts: [{subject: 甲}]", "缺少“item”"),
        ("facts: [{subject: 甲, subjects: [乙], item: a}]", "只写一个"),
        ("facts: [{subjects: {甲: 60%, 乙: 50%}, item: a}]", "份额合计 1.1"),
        ("facts: [{subject: 甲, item: a, origin: x}]", "不认识的键“origin”"),
        ("facts: [{subject: 甲, item: a, date: 2026-02-30}]", "不是日期"),
        ("facts: [{subject: 甲, item: a, count: -1}]", "不能小于 0"),
        ("facts: [{subject: 甲, item: a, count: 两次}]", "不是数字"),
        ("subjects: [{id: 甲, part_of: 乙}]", "须写 days"),
        ("scheme: 别的", "是为方案“别的”写的"),
        ("deadlines: [{id: x, from: 2026-01-01, workdays: -1}]", "0 至 1000"),
        ("- a", "应是一组"),
    ],
)
def test_a_facts_file_is_refused_with_all_its_faults(text: str, sentence: str) -> None:
    with pytest.raises(FactsRefused) as refused:
        read_facts(text, scheme_id="s")

    assert any(sentence in problem.text for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("item", "count", "expected"),
    [
        ("mode: penalty, full: 10, points: 1, reach: [{count: 5, total: 0}]", 4, 6),
        ("mode: penalty, full: 10, points: 1, reach: [{count: 5, total: 0}]", 5, 0),
        ("full: 10, points: -1, reach: [{count: 5, total: all}]", 5, 0),
        ("full: 10, points: -1, reach: [{count: 5, total: 2}]", 7, 2),
        ("mode: penalty, points: 1, cap: 10, reach: [{count: 5, total: all}]", 5, -10),
        ("mode: penalty, points: 1, reach: [{count: 5, total: 10}]", 6, -10),
        ("mode: penalty, full: 10, points: 3", 4, 0),
        ("mode: penalty, full: 10, points: 3, cap: 5", 4, 5),
        ("mode: penalty, full: 10, points: 3, floor: -5", 6, -5),
        ("mode: reward, points: 2, every: 3, free: 1", 7, 4),
        ("mode: reward, tiers: [{up_to: 3, points: 1}, {points: 0}]", 9, 3),
        ("mode: penalty, sequence: [1, 2, 5], then: 0", 6, -8),
        ("mode: reward, points: 2, cap_each: 5", 4, 5),
    ],
)
def test_counting_rules(item: str, count: int, expected: int) -> None:
    outcome = run(f"items: [{{id: a, {item}}}]", f"  - {{subject: 甲, item: a, count: {count}}}")

    assert total(outcome) == expected


def test_counting_rules_do_not_care_how_the_occurrences_were_reported() -> None:
    scheme = "items: [{id: a, mode: penalty, sequence: [1, 2, 5], reach: [{count: 6, total: 30}]}]"
    single = "".join(f"  - {{subject: 甲, item: a, date: 2026-03-0{n}}}\n" for n in range(1, 8))

    assert total(run(scheme, single)) == total(run(scheme, "  - {subject: 甲, item: a, count: 7}")) == -30


@pytest.mark.parametrize(
    ("moment", "label"),
    [
        ("2026-07-25 23:59:59", "2026-07"),
        ("2026-07-25T23:59:59+08:00", "2026-07"),
        ("2026-07-25T15:59:59Z", "2026-07"),
        ("2026-07-25T16:00:00Z", "2026-08"),
        ("2026-07-26 00:00:00", "2026-08"),
    ],
)
def test_the_last_second_of_the_25th_still_belongs_to_the_month(moment: str, label: str) -> None:
    scheme = "period: {kind: month, first_day: 26}\nitems: [{id: a, mode: reward, points: 1}]"

    outcome = run(scheme, f"  - {{subject: 甲, item: a, date: {moment}}}")

    assert outcome.lines[0].period == label
