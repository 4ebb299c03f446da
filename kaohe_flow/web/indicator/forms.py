"""The form of an indicator."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from marshmallow import fields, post_load

from kaohe_flow.kernel.calendar import end_of, local_day
from kaohe_flow.scheme.indicator.rules import Content, Kind, Mode, Module, Split, TargetKind
from kaohe_flow.web.common.filters import figure
from kaohe_flow.web.common.forms import Figure, FormSchema
from kaohe_flow.web.indicator.rulings import read_rule, write_rule

SEPARATORS: Final = re.compile(r"[、,，;；/\n]")
CHOOSE: Final[dict[str, Any]] = {"required": "请选择", "unknown": "请选择"}
FILL_IN: Final[dict[str, Any]] = {"required": "请填写"}


@dataclass(frozen=True, slots=True)
class Typed:
    """A form that can be read: ``content`` for the command, the code and goal as typed, a reason if any."""

    content: Content
    code: str
    goal: str
    override_reason: str


class IndicatorSchema(FormSchema):
    """What the office fills in. A draft may leave out what only an issued indicator must say."""

    code = fields.String(load_default="")
    goal = fields.String(load_default="")
    override_reason = fields.String(load_default="")
    name = fields.String(required=True, error_messages=FILL_IN)
    module = fields.Enum(Module, by_value=True, required=True, error_messages=CHOOSE)
    mode = fields.Enum(Mode, by_value=True, required=True, error_messages=CHOOSE)
    kind = fields.Enum(Kind, by_value=True, load_default=Kind.RESULT)
    base_points = Figure(required=True)
    cap = Figure(load_default=None)
    floor = Figure(load_default=None)
    rule_text = fields.String(load_default="")
    rule = fields.String(load_default="")
    group_code = fields.String(load_default=None)
    measure = fields.String(load_default="")
    unit_of_measure = fields.String(load_default="")
    formula = fields.String(load_default="")
    data_source = fields.String(load_default="")
    evidence_kinds = fields.String(load_default="")
    deadline_text = fields.String(load_default="")
    deadline_at = fields.Date(load_default=None, error_messages={"invalid": "请按 2026-11-18 的格式填写日期"})
    line_code = fields.String(load_default="")
    target_kind = fields.Enum(TargetKind, by_value=True, load_default=TargetKind.BOTH)
    level = fields.Integer(load_default=None, error_messages={"invalid": "请填写 1 至 5"})
    applies_to = fields.String(load_default="")
    split = fields.Enum(Split, by_value=True, load_default=Split.ADD_UP)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> Typed:
        """Deductions may be typed with or without the minus; their limit is a floor."""
        own = {name: data.pop(name) for name in ("code", "goal", "override_reason")}
        if data["mode"] is Mode.PENALTY:
            limit = data["cap"] if data["cap"] is not None else data["floor"]
            data["base_points"], data["cap"] = -abs(data["base_points"]), None
            data["floor"] = None if limit is None else -abs(limit)
        data["rule"] = read_rule(data["rule"])
        data["evidence_kinds"] = _listed(data["evidence_kinds"])
        data["applies_to"] = _listed(data["applies_to"])
        if data["deadline_at"] is not None:
            data["deadline_at"] = end_of(data["deadline_at"])
        return Typed(Content(**data), **own)


def as_typed(content: Content) -> Mapping[str, str]:
    """A wording the way the form shows it."""
    is_penalty = content.mode is Mode.PENALTY
    limit = None if content.floor is None else abs(content.floor)
    return {
        **{name: str(getattr(content, name) or "") for name in PLAIN},
        "base_points": figure(abs(content.base_points)),
        "cap": figure(limit if is_penalty else content.cap),
        "floor": "" if is_penalty else figure(content.floor),
        "rule": write_rule(content.rule),
        "evidence_kinds": "、".join(content.evidence_kinds),
        "applies_to": "、".join(content.applies_to),
        "deadline_at": local_day(content.deadline_at).isoformat() if content.deadline_at else "",
    }


PLAIN: Final = (
    *("name", "module", "mode", "kind", "rule_text", "group_code", "measure", "unit_of_measure", "formula"),
    *("data_source", "deadline_text", "line_code", "target_kind", "level", "split"),
)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in SEPARATORS.split(text) if word.strip()))
