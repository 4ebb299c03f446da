"""Passwords, the pace of guessing, the life of a session."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_flow.organization.account.rules import (
    DENGBAO3,
    STANDARD,
    SessionLife,
    password_expired,
    password_problems,
    pause_after,
    tidy_username,
)
from tests.factories.writing import wide

NOON = datetime(2026, 11, 10, 4, tzinfo=UTC)


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize("password", ["青松县的山有九座高又高", "k7 rainy-Tuesday", "correct horse battery"])
def test_a_long_phrase_is_a_good_password(password: str) -> None:
    assert not password_problems(password, "100001")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("k7rainyTu", "长度应为 10 至 128 位"),
        ("x" * 129 + "yz", "长度应为 10 至 128 位"),
        ("my100001pass", "不能包含账号名"),
        ("1qaz2WSX3edc", "太常见"),
        ("ababababab", "太常见"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password: str, reason: str) -> None:
    faults = [problem.text for problem in password_problems(password, "100001")]

    assert any(reason in fault for fault in faults)


def test_full_width_writing_does_not_hide_a_weak_password() -> None:
    assert password_problems(wide("1qaz2wsx3edc"), "100001")
    assert password_problems(wide("my100001pass"), "100001")


def test_the_stricter_profile_wants_three_classes_and_a_change_after_ninety_days() -> None:
    changed = NOON - timedelta(days=90)

    assert password_problems("rainytuesday", "100001", DENGBAO3)
    assert not password_problems("Rainytuesday7", "100001", DENGBAO3)
    assert password_expired(changed, NOON, DENGBAO3)
    assert not password_expired(changed + timedelta(seconds=1), NOON, DENGBAO3)
    assert not password_expired(changed, NOON, STANDARD)


def test_the_fifth_wrong_guess_begins_pauses_that_grow_to_a_quarter_of_an_hour() -> None:
    pauses = [pause_after(failures) for failures in range(1, 12)]

    assert pauses == [minutes(n) for n in (0, 0, 0, 0, 1, 2, 4, 8, 15, 15, 15)]


@given(st.integers(0, 60), st.integers(0, 24 * 60))
def test_a_session_lives_half_an_hour_idle_and_twelve_hours_at_most(idle: int, age: int) -> None:
    begun = NOON - minutes(age)
    life = SessionLife(max(begun, NOON - minutes(idle)), begun + timedelta(hours=12), None)

    assert life.is_alive(NOON) is (min(idle, age) < 30 and age < 12 * 60)


def test_a_session_that_ended_is_dead() -> None:
    assert not SessionLife(NOON, NOON + minutes(1), NOON).is_alive(NOON)


def test_one_user_name_in_every_writing() -> None:
    assert tidy_username(wide(" Admin01 ")) == "admin01"
