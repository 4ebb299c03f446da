"""What a code of a business line looks like: it is written in diagrams and principals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kaohe_flow.kernel.errors import Problem

LINE_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,19}")
NAME_LENGTH: Final = range(2, 31)


def line_problems(code: str, name: str) -> Sequence[Problem]:
    """Every fault of a new line."""
    problems = []
    if not LINE_CODE.fullmatch(code):
        problems.append(Problem("code", "业务线代码以小写字母开头，由小写字母、数字或下划线组成，最多 20 位"))
    if len(name) not in NAME_LENGTH or not name.isprintable():
        problems.append(Problem("name", "业务线名称为 2 至 30 个字"))
    return problems
