"""What an indicator must say, and which sign its points have."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_flow.scheme.indicator.rules import (
    REQUIRED,
    Content,
    IndicatorIncomplete,
    Mode,
    Module,
    check_complete,
    code_faults,
    content_faults,
    missing,
    tidied,
    tidy_code,
)
from tests.factories.scheme import content
from tests.factories.writing import wide


def wheres(wording: Content) -> list[str]:
    return [fault.where for fault in content_faults(wording)]


@pytest.mark.parametrize("mode", Mode)
def test_a_complete_indicator_lacks_nothing(mode: Mode) -> None:
    check_complete(content(mode))
    assert wheres(content(mode)) == []


@pytest.mark.parametrize("field", [*REQUIRED])
def test_each_required_field_is_missed_alone(field: str) -> None:
    empty = replace(content(), **{field: () if field == "evidence_kinds" else ""})

    assert [fault.where for fault in missing(empty)] == [field]


def test_everything_missing_is_named_at_once() -> None:
    bare = Content("化解率", Module.BUSINESS, Mode.TASK, Decimal(6))

    with pytest.raises(IndicatorIncomplete) as refusal:
        check_complete(bare)

    assert len(refusal.value.problems) == len(REQUIRED) + 1
    assert "化解率" in str(refusal.value)
    assert "记分规则、计量口径、计量单位、计算公式、数据来源、佐证种类、归口业务线、完成时限" in str(
        refusal.value
    )


def test_a_campaign_may_have_a_moment_instead_of_a_deadline_in_words() -> None:
    dated = replace(content(), deadline_text="", deadline_at=datetime(2026, 9, 10, tzinfo=UTC))

    assert missing(dated) == ()


@pytest.mark.parametrize(
    ("mode", "changes", "where"),
    [
        (Mode.PENALTY, {"base_points": Decimal(3)}, ["base_points"]),
        (Mode.PENALTY, {"cap": Decimal(0)}, ["base_points"]),
        (Mode.TASK, {"base_points": Decimal(-1)}, ["base_points"]),
        (Mode.REWARD, {"base_points": Decimal("-0.001")}, ["base_points"]),
        (Mode.TASK, {"cap": Decimal("5.999")}, ["cap"]),
        (Mode.PENALTY, {"floor": Decimal("-2.999")}, ["floor"]),
        (Mode.TASK, {"floor": Decimal("0.001")}, ["floor"]),
        (Mode.TASK, {"base_points": Decimal("6.0001")}, ["base_points"]),
        (Mode.TASK, {"base_points": Decimal("NaN"), "cap": Decimal("Infinity")}, ["base_points", "cap"]),
        (Mode.TASK, {"base_points": Decimal(100_001), "cap": None}, ["base_points"]),
        (Mode.TASK, {"name": ""}, ["name"]),
        (Mode.TASK, {"level": 6}, ["level"]),
        (Mode.TASK, {"rule": {"tariff": 0.5}}, ["rule"]),
        (Mode.TASK, {"rule": {"steps": [{"points": Decimal(1)}]}}, ["rule"]),
    ],
)
def test_a_contradiction_is_refused_where_it_stands(
    mode: Mode, changes: dict[str, object], where: list[str]
) -> None:
    assert wheres(content(mode, **changes)) == where


@pytest.mark.parametrize(
    ("mode", "changes"),
    [
        (Mode.PENALTY, {"floor": Decimal(-3)}),
        (Mode.PENALTY, {"base_points": Decimal(0)}),
        (Mode.TASK, {"cap": Decimal(6), "floor": Decimal(-6)}),
        (Mode.REWARD, {"cap": None}),
        (Mode.TASK, {"rule": {"tariff": "0.5", "steps": [1, True, None]}}),
    ],
)
def test_figures_at_the_limit_are_accepted(mode: Mode, changes: dict[str, object]) -> None:
    assert wheres(content(mode, **changes)) == []


@pytest.mark.parametrize(
    ("module", "mode", "allowed"),
    [
        (Module.ATTENDANCE, Mode.PENALTY, True),
        (Module.ATTENDANCE, Mode.TASK, False),
        (Module.ATTENDANCE, Mode.REWARD, False),
        (Module.INCENTIVE, Mode.REWARD, True),
        (Module.INCENTIVE, Mode.PENALTY, False),
        (Module.SPECIAL, Mode.REWARD, True),
    ],
)
def test_attendance_only_deducts_and_incentives_only_add(module: Module, mode: Mode, allowed: bool) -> None:
    assert (wheres(content(mode, module=module)) == []) is allowed


@given(
    st.sampled_from(Mode),
    st.decimals(-200, 200, places=3),
    st.none() | st.decimals(-200, 200, places=3),
    st.none() | st.decimals(-200, 200, places=3),
)
def test_whatever_passes_has_the_sign_of_its_mode_and_room_between_its_limits(
    mode: Mode, base: Decimal, cap: Decimal | None, floor: Decimal | None
) -> None:
    if wheres(content(mode, base_points=base, cap=cap, floor=floor)):
        return

    assert base <= 0 if mode is Mode.PENALTY else base >= 0
    assert cap is None or cap >= base
    assert floor is None or floor <= min(base, Decimal(0))


@pytest.mark.parametrize("code", ["BIZ-07", "A", "TEAM-08-2"])
def test_codes_look_like_codes(code: str) -> None:
    assert code_faults(code) == ()


@pytest.mark.parametrize("code", ["", "biz-07", "7-BIZ", "BIZ-", "BIZ--7", "指标1", "A" * 33, "=A"])
def test_other_texts_are_no_codes(code: str) -> None:
    assert [fault.where for fault in code_faults(code)] == ["code"]


def test_codes_are_stored_half_width_and_without_spaces() -> None:
    assert tidy_code(wide(" biz-07 ")) == "BIZ-07"


def test_wordings_are_trimmed_but_longer_texts_keep_their_lines() -> None:
    wording = tidied(
        content(name=" 化解\u3000 率 ", evidence_kinds=(" 协议", " "), group_code=" ", rule_text="一\n二 ")
    )

    assert (wording.name, wording.evidence_kinds) == ("化解 率", ("协议",))
    assert (wording.group_code, wording.rule_text) == (None, "一\n二")
