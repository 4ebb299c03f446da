"""Failures, as facts. The doors decide what they mean in HTTP or on a terminal; nobody below does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault among several: where it is (field, row, element) and a sentence that says what to do."""

    where: str
    text: str


class KaoheError(Exception):
    """Root of all failures a user may meet. ``code`` never changes once published."""

    code: ClassVar[str] = "failure"
    message: ClassVar[str] = "操作没有完成"

    def __init__(self, *, field: str | None = None, **values: object) -> None:
        self.field = field
        self.values = values
        super().__init__(self.message.format(**values))


class NotFound(KaoheError):
    """The thing does not exist, or this person may not know that it does."""

    code = "not-found"
    message = "没有找到您要的内容，或它不在您的权限范围内"


class NotAllowed(KaoheError):
    """The person is known and the thing may be seen, but this deed is not theirs."""

    code = "not-allowed"
    message = "您没有办理这一操作的权限"


class Conflict(KaoheError):
    """The world moved on since the page was shown."""

    code = "conflict"
    message = "内容刚刚被其他人更新，请刷新后再办理"


class RuleBroken(KaoheError):
    """A rule of the assessment forbids it."""

    code = "rule-broken"
    message = "不符合考核规则"


class InvalidInput(KaoheError):
    """What was typed or uploaded cannot be used; ``problems`` lists every fault at once."""

    code = "invalid-input"
    message = "填写的内容有误，请按提示修改"

    def __init__(
        self, *, field: str | None = None, problems: tuple[Problem, ...] = (), **values: object
    ) -> None:
        super().__init__(field=field, **values)
        self.problems = problems
