"""Windows, limits and the bar on making it worse, by themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_flow.casework.appeal.rules import (
    MIN_GROUNDS,
    Petition,
    PetitionRefused,
    check_petition,
    last_moment,
)
from kaohe_flow.casework.appeal.rules.ladder import RungKind, limit_name
from kaohe_flow.casework.appeal.rules.ruling import Outlook, outlook_faults, reasons_faults
from kaohe_flow.kernel.calendar import WorkCalendar
from kaohe_flow.scheme.period.rules import PeriodKind

TUESDAY = datetime(2026, 11, 10, 4, 0, tzinfo=UTC)
POINTS = st.decimals(min_value=-50, max_value=50, places=2)


@pytest.mark.parametrize(
    ("kind", "day"), [(PeriodKind.MONTH, 13), (PeriodKind.QUARTER, 17), (PeriodKind.YEAR, 17)]
)
def test_a_month_leaves_three_working_days_a_quarter_and_a_year_five(kind: PeriodKind, day: int) -> None:
    assert last_moment(TUESDAY, kind, WorkCalendar(), None) == datetime(2026, 11, day, 15, 59, 59, tzinfo=UTC)


def test_a_notice_that_runs_longer_keeps_the_way_open_and_a_shorter_one_shortens_nothing() -> None:
    regular = last_moment(TUESDAY, PeriodKind.MONTH, WorkCalendar(), None)

    assert last_moment(TUESDAY, PeriodKind.MONTH, WorkCalendar(), regular + timedelta(days=9)) > regular
    assert last_moment(TUESDAY, PeriodKind.MONTH, WorkCalendar(), TUESDAY) == regular


def test_the_first_office_the_next_ones_and_the_last_instance_have_limits_of_their_own() -> None:
    assert limit_name(RungKind.OFFICE, 0) == "appeal_answer_l1_wd"
    assert limit_name(RungKind.OFFICE, 2) == "appeal_answer_l2_wd"
    assert (
        limit_name(RungKind.DISCIPLINE, 0)
        == limit_name(RungKind.LEADING_GROUP, 1)
        == "appeal_answer_final_wd"
    )


def test_grounds_count_without_the_blanks_around_them() -> None:
    check_petition(Petition("字" * MIN_GROUNDS))
    with pytest.raises(PetitionRefused):
        check_petition(Petition("字" * (MIN_GROUNDS - 1) + "   "))


def test_reasons_are_given_in_at_least_ten_characters() -> None:
    assert reasons_faults("同意")[0].where == "opinion"
    assert reasons_faults("事实清楚，依据充分，维持。") == ()


@given(before=POINTS, after=POINTS, rest=POINTS)
def test_no_ruling_passes_that_takes_points_away(before: Decimal, after: Decimal, rest: Decimal) -> None:
    found = Outlook(before, after, before, after, rest + before, rest + after)

    passes = not outlook_faults(found, "points")

    assert passes == (after > before)


@given(before=POINTS, after=POINTS, owed=POINTS)
def test_what_a_lower_rung_gave_after_the_seal_is_kept(
    before: Decimal, after: Decimal, owed: Decimal
) -> None:
    found = Outlook(before, after, before, after, before, after)

    if not outlook_faults(found, "points", owed):
        assert after >= owed
