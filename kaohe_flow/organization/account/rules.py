"""Passwords, the pace of guessing, the life of a session."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from kaohe_flow.kernel.errors import Problem
from kaohe_flow.organization.unit.rules import Titled

IDLE: Final = timedelta(minutes=30)
ABSOLUTE: Final = timedelta(hours=12)
TOUCH_EVERY: Final = timedelta(minutes=1)
SESSIONS_AT_ONCE: Final = 5
FREE_FAILURES: Final = 4  # the fifth wrong guess is followed by a pause
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))
FORGET_AFTER: Final = timedelta(hours=1)
LONGEST_PASSWORD: Final = 128
FEWEST_CHARACTERS: Final = 3  # different ones
USERNAME_LENGTH: Final = range(2, 41)
COMMON: Final = frozenset(
    [
        "1234567890",
        "0123456789",
        "12345678910",
        "1111111111",
        "0000000000",
        "8888888888",
        "6666666666",
        "0987654321",
        "1122334455",
        "1q2w3e4r5t",
        "1qaz2wsx3edc",
        "qwertyuiop",
        "asdfghjkl1",
        "qwerty123456",
        "password123",
        "password12",
        "passw0rd123",
        "admin12345",
        "admin123456",
        "administrator",
        "abcdefghij",
        "abcd123456",
        "abc1234567",
        "woaini1314",
        "woaini520",
        "5201314520",
        "a123456789",
        "1234567890a",
        "kaohe12345",
        "gongan110110",
        "110110110110",
        "police12345",
        "iloveyou12",
        "welcome123",
        "letmein123",
    ]
)


class AccountKind(Titled):
    """Administrators of the system, of security and of audit are three persons without business roles."""

    OFFICER = "officer", "民警账号"
    SYSADMIN = "sysadmin", "系统管理员"
    SECADMIN = "secadmin", "安全管理员"
    AUDITOR = "auditor", "审计管理员"


class AccountState(Titled):
    """``locked`` is set by a person or a policy, never by wrong guesses."""

    ACTIVE = "active", "正常"
    DISABLED = "disabled", "停用"
    LOCKED = "locked", "锁定"


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be created; the password is changed at the first sign-in unless told otherwise.

    One that does not begin active has no password until it is opened.
    """

    username: str
    password: str
    kind: AccountKind = AccountKind.OFFICER
    officer_id: int | None = None
    must_change_password: bool = True
    state: AccountState = AccountState.ACTIVE


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """``classes``: how many of lower, upper, digit, other must occur; ``max_age``: None = never too old."""

    min_length: int = 10
    classes: int = 1
    max_age: timedelta | None = None


STANDARD: Final = PasswordPolicy()
DENGBAO3: Final = PasswordPolicy(classes=3, max_age=timedelta(days=90))


def tidy_username(text: str) -> str:
    """Full-width and capital letters make no other user."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def password_problems(password: str, username: str, policy: PasswordPolicy = STANDARD) -> Sequence[Problem]:
    """Every fault of a chosen password. Spaces and Chinese count like any other character."""
    folded = unicodedata.normalize("NFKC", password).casefold()
    faults = []
    if not policy.min_length <= len(password) <= LONGEST_PASSWORD:
        faults.append(f"密码长度应为 {policy.min_length} 至 {LONGEST_PASSWORD} 位")
    if username and tidy_username(username) in folded:
        faults.append("密码不能包含账号名")
    if folded in COMMON or len(set(folded)) < FEWEST_CHARACTERS:
        faults.append("这个密码太常见，容易被猜中，请换一个")
    if _classes(password) < policy.classes:
        faults.append(f"密码应含大写字母、小写字母、数字、其他符号中的至少 {policy.classes} 类")
    return [Problem("password", fault) for fault in faults]


def _classes(password: str) -> int:
    kinds = {
        "lower" if c.islower() else "upper" if c.isupper() else "digit" if c.isdigit() else "other"
        for c in password
    }
    return len(kinds)


def password_expired(changed_at: datetime, now: datetime, policy: PasswordPolicy = STANDARD) -> bool:
    """Whether the policy asks for a new password by its age."""
    return policy.max_age is not None and now - changed_at >= policy.max_age


def pause_after(failures: int) -> timedelta:
    """How long nobody may try after so many wrong guesses in a row: 5th 1 min, then 2, 4, 8, 15 min."""
    if failures <= FREE_FAILURES:
        return timedelta(0)
    return PAUSES[min(failures - FREE_FAILURES, len(PAUSES)) - 1]


@dataclass(frozen=True, slots=True)
class SessionLife:
    """The instants that decide whether a session is alive."""

    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None

    def is_alive(self, now: datetime) -> bool:
        """Not ended, used within half an hour, begun less than twelve hours ago."""
        return self.ended_at is None and now < self.expires_at and now - self.seen_at < IDLE
