"""Expressions of diagrams, principals, and the seats they come to mean."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_flow.kernel.errors import KaoheError
from kaohe_flow.organization.role.rules import (
    Candidate,
    CandidateRefused,
    Ground,
    Role,
    Rung,
    Scope,
    ScopeUnknown,
    Seat,
    parse,
    parse_all,
    read_principal,
    staircase,
)

SQUAD, STATION, COUNTY = Rung(6, 4, "社区中队"), Rung(4, 3, "城关所"), Rung(3, 2, "青松县局")
BUREAU, ORGANS = Rung(1, 1, "市局考核办"), Rung(2, 1, "市直考核办")
GROUND = Ground(
    subject_officer_id=9, line_code="fz", unit=(SQUAD, STATION, COUNTY, BUREAU), tops=(BUREAU, ORGANS)
)


def climb(expression: str, ground: Ground = GROUND) -> list[list[str]]:
    return [[seat.principal for seat in stair] for stair in staircase(parse(expression), ground).stairs]


@pytest.mark.parametrize(
    ("text", "candidate"),
    [
        ("officer@subject", Candidate(Role.OFFICER, Scope.SUBJECT)),
        (" unit_admin @ unit ", Candidate(Role.UNIT_ADMIN, Scope.UNIT)),
        ("line_reviewer@level2", Candidate(Role.LINE_REVIEWER, Scope.LEVEL, 2)),
        ("line_reviewer:fz@level1", Candidate(Role.LINE_REVIEWER, Scope.LEVEL, 1, "fz")),
        ("line_reviewer:{indicator.line}@level2", Candidate(Role.LINE_REVIEWER, Scope.LEVEL, 2)),
        ("office@decider+1", Candidate(Role.OFFICE, Scope.DECIDER, 1)),
        ("office@receiver", Candidate(Role.OFFICE, Scope.RECEIVER)),
        ("unit_head@+2", Candidate(Role.UNIT_HEAD, Scope.ABOVE, 2)),
        ("discipline@top", Candidate(Role.DISCIPLINE, Scope.TOP)),
    ],
)
def test_expressions_of_diagrams_are_read(text: str, candidate: Candidate) -> None:
    assert parse(text) == candidate
    assert parse(str(candidate)) == candidate


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("office", "应写作“角色@范围”"),
        ("考核办@level2", "“考核办”应写作 office"),
        ("boss@unit", "没有“boss”这个角色，可用：officer、unit_admin"),
        ("office@level5", "没有“@level5”这个范围"),
        ("office@+0", "没有“@+0”这个范围"),
        ("office@decider", "没有“@decider”这个范围"),
        ("office:fz@level2", "只有 line_reviewer 可以指定业务线"),
        ("line_reviewer:FZ@level2", "业务线“FZ”应是小写字母开头的代码"),
        ("officer@unit", "officer 只能与 @subject 一起使用"),
        ("unit_admin@subject", "officer 只能与 @subject 一起使用"),
        ("office@level2@top", "没有“@level2@top”这个范围"),
    ],
)
def test_a_wrong_expression_is_refused_with_what_to_write(text: str, reason: str) -> None:
    with pytest.raises(CandidateRefused, match="候选组") as refused:
        parse(text)

    assert reason in str(refused.value)


def test_a_step_without_any_expression_is_refused() -> None:
    with pytest.raises(CandidateRefused, match="没有填写由谁办理"):
        parse_all(("", " "))


@given(st.text(alphabet="officeunitladrvw_:@+{}.0123456789 级", max_size=40))
def test_no_text_makes_the_parser_fall_over(text: str) -> None:
    with contextlib.suppress(CandidateRefused):
        assert parse(str(parse(text))) == parse(text)


@given(st.sampled_from(list(Role)), st.integers(0, 10**9), st.none() | st.just("fz_1"))
def test_a_principal_leads_back_to_its_seat(role: Role, place: int, line: str | None) -> None:
    seat = Seat(role, place, line)

    assert read_principal(seat.principal) == seat


@pytest.mark.parametrize(
    "text", ["", "office", "boss@1", "office@x", "office@-1", "office@1\n", "sysadmin@1"]
)
def test_what_is_no_principal_is_none(text: str) -> None:
    assert read_principal(text) is None


def test_a_reviewer_climbs_to_the_authority_then_the_leading_groups_stand_in() -> None:
    assert climb("line_reviewer@level2") == [
        ["line_reviewer:fz@3"],
        ["line_reviewer:fz@1"],
        ["leading_group@1"],
        ["leading_group@2"],
    ]


def test_the_administrator_of_the_unit_is_followed_by_the_office_of_the_county() -> None:
    assert climb("unit_admin@unit") == [
        ["unit_admin@6"],
        ["unit_admin@4"],
        ["unit_admin@3", "office@3"],
        ["unit_admin@1", "office@1"],
        ["leading_group@1"],
        ["leading_group@2"],
    ]


def test_an_office_below_the_county_is_the_administrator_or_the_head() -> None:
    receiving = Ground(None, None, (COUNTY, BUREAU), receiver=(STATION, COUNTY, BUREAU))

    assert climb("office@receiver", receiving)[:2] == [
        ["office@4", "unit_admin@4", "unit_head@4"],
        ["office@3"],
    ]


def test_work_of_a_level_2_unit_is_overseen_from_level_1() -> None:
    department = Ground(9, "fz", (Rung(8, 2, "法制支队"), ORGANS), tops=(BUREAU, ORGANS))

    assert climb("line_reviewer@level2", department)[0] == ["line_reviewer:fz@2"]
    assert climb("office@level2", department)[0] == ["office@2"]
    assert climb("unit_head@level2", department)[0] == ["unit_head@8"]
    assert climb("line_reviewer@level1", department)[0] == ["line_reviewer:fz@2"]


def test_a_missing_level_is_the_next_one_above() -> None:
    skipping = Ground(9, "fz", (SQUAD, COUNTY, BUREAU), tops=(BUREAU,))

    assert climb("unit_head@level3", skipping)[0] == ["unit_head@3"]


def test_an_indicator_without_a_line_is_the_offices_own() -> None:
    ground = Ground(9, None, GROUND.unit, tops=GROUND.tops)

    assert climb("line_reviewer@level2", ground)[0] == ["office@3"]
    assert climb("line_reviewer:zz@level2", ground)[0] == ["line_reviewer:zz@3"]


def test_one_above_the_decider_follows_the_deciders_chain() -> None:
    contested = Ground(9, "fz", GROUND.unit, decider=(COUNTY, BUREAU), tops=GROUND.tops)
    at_the_top = Ground(9, "fz", GROUND.unit, decider=(BUREAU,), tops=GROUND.tops)

    assert climb("office@decider+1", contested)[0] == ["office@1"]
    assert climb("office@decider+1", at_the_top) == [["leading_group@1"], ["leading_group@2"]]


def test_a_scope_the_case_does_not_have_is_named() -> None:
    with pytest.raises(ScopeUnknown, match="没有原决定的办件"):
        climb("office@decider+1")
    with pytest.raises(ScopeUnknown, match="没有接收单位的办件"):
        climb("office@receiver")


def test_the_subject_never_climbs_and_a_unit_answers_through_its_administrator() -> None:
    unit_case = Ground(None, "fz", GROUND.unit, tops=GROUND.tops)

    assert climb("officer@subject") == [["officer@9"]]
    assert climb("officer@subject", unit_case)[0] == ["unit_admin@6"]


@given(
    st.sampled_from([role for role in Role if role is not Role.OFFICER]),
    st.sampled_from(["unit", "top", "+1", "+2", "+3", "level1", "level2", "level3", "level4"]),
    st.integers(0, 3),
)
def test_every_staircase_ends_at_the_leading_groups_and_never_goes_down(
    role: Role, scope: str, start: int
) -> None:
    chain = GROUND.unit[start:]
    ground = Ground(9, "fz", chain, tops=GROUND.tops)

    flight = staircase(parse(f"{role.value}@{scope}"), ground)

    levels = {rung.unit_id: rung.level for rung in (*chain, *GROUND.tops)}
    climbed = [levels[stair[0].place] for stair in flight.stairs]
    assert climbed == sorted(climbed, reverse=True)
    assert flight.stairs[-1] == (Seat(Role.LEADING_GROUP, ORGANS.unit_id),)
    assert flight.stairs[flight.foreign - 1] == (Seat(Role.LEADING_GROUP, BUREAU.unit_id),)


def test_failures_are_sentences() -> None:
    assert issubclass(CandidateRefused, KaoheError)
    assert issubclass(ScopeUnknown, KaoheError)
