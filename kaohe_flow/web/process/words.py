"""What a step of a diagram says, in words: who, until when, with which decisions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from kaohe_flow.organization.role.rules import Role
from kaohe_flow.workflow.engine.port import Step, Value

CANDIDATE: Final = re.compile(r"(?P<role>\w+)(?::(?P<line>[^@]+))?@(?P<scope>\S+)")
WORKDAYS: Final = re.compile(r"=\s*workdays\(\s*(\w+)\s*\)")
UPWARD: Final = re.compile(r"\+(\d)")
LEVEL: Final = re.compile(r"level(\d)")
UNIT: Final = "单位"
SCOPES: Final = {
    "subject": "本人",
    "unit": "所在单位",
    "receiver": "接收单位",
    "decider+1": "原决定单位的上一级",
    "top": "所属考核机关",
}


def who(candidates: Sequence[str]) -> str:
    """``office@level2`` as 第 2 级单位的考核办; what is written otherwise stays as it is."""
    return "、".join(_pool(part) for part in candidates)


def _pool(part: str) -> str:
    match = CANDIDATE.fullmatch(part)
    roles = {role.value: role.label for role in Role}
    if match is None or match["role"] not in roles:
        return part
    role, scope = roles[match["role"]], match["scope"]
    if match["role"] == Role.OFFICER.value and scope == "subject":
        return SCOPES["subject"]
    up, level = UPWARD.fullmatch(scope), LEVEL.fullmatch(scope)
    place = f"上 {up[1]} 级单位" if up else f"第 {level[1]} 级单位" if level else SCOPES.get(scope, scope)
    is_own = place.endswith(UNIT) and role.startswith(UNIT)
    return f"{place}{role.removeprefix(UNIT)}" if is_own else f"{place}的{role}"


def until(due: str | None, limits: Mapping[str, Value]) -> str:
    """``=workdays(review_due_wd)`` as 3 个工作日; any other expression as it is written."""
    match = WORKDAYS.fullmatch(due or "")
    if match is None:
        return due or "—"
    name = match[1]
    days = limits.get(name, name if name.isdigit() else None)
    return f"{days} 个工作日" if days is not None else "按流程中算出的工作日"


def decisions(step: Step) -> str:
    """The buttons of a step."""
    written = str(step.properties.get("outcomes", ""))
    return "、".join(pair.partition("=")[2] for pair in written.split(";") if "=" in pair)
