"""Forms of findings, replies and decisions."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields, post_load, validate

from kaohe_flow.casework.penalty.rules.defence import (
    MOST_POINTS_OF_DEFENCE,
    Answer,
    Reply,
    ReplyKind,
    Ruling,
)
from kaohe_flow.casework.penalty.rules.finding import Accusation, Figures
from kaohe_flow.web.common.forms import Figure, FormSchema, load
from kaohe_flow.web.common.presenter import Form

DATE: Final = "请按 2026-11-18 的格式填写日期"
YES: Final = "yes"


class AccusationSchema(FormSchema):
    """What the finder fills in."""

    officer_id = fields.Integer(
        required=True, error_messages={"required": "请先选择民警", "invalid": "请先选择民警"}
    )
    indicator_version_id = fields.Integer(
        required=True, error_messages={"required": "请选择扣分项目", "invalid": "请选择扣分项目"}
    )
    happened_on = fields.Date(load_default=None, error_messages={"invalid": DATE})
    found_on = fields.Date(load_default=None, error_messages={"invalid": DATE})
    basis = fields.String(load_default="")
    description = fields.String(load_default="")
    option = fields.String(load_default=None)
    count = Figure(load_default=None)
    value = Figure(load_default=None)
    target = Figure(load_default=None)
    points = Figure(load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> Accusation:
        """The finding a command takes."""
        names = ("option", "count", "value", "target", "points")
        figures = Figures(**{name: data.pop(name) for name in names})
        return Accusation(**data, figures=figures)


class RulingSchema(FormSchema):
    """What the decider fills in, except for the answers to the defence."""

    outcome = fields.String(required=True, error_messages={"required": "请选择决定"})
    opinion = fields.String(load_default="", validate=validate.Length(max=500, error="决定理由最多 500 个字"))
    count = Figure(load_default=None)
    points = Figure(load_default=None)


def read_reply(form: Form) -> Reply:
    """The reply with its grounds; empty ones in between are closed up."""
    kind = ReplyKind.DEFEND if form.get("outcome") == ReplyKind.DEFEND.value else ReplyKind.CONFIRM
    typed = [form.get(f"ground_{number}", "").strip() for number in range(1, MOST_POINTS_OF_DEFENCE + 1)]
    return Reply(kind, tuple(ground for ground in typed if ground))


def read_ruling(form: Form) -> Ruling:
    """The decision with an answer per point. Raises ``InvalidInput``."""
    data = load(RulingSchema(), form)
    answers = [
        Answer(number, _adopted(form.get(f"adopted_{number}")), form.get(f"answer_{number}", ""))
        for number in range(1, MOST_POINTS_OF_DEFENCE + 1)
        if f"adopted_{number}" in form or f"answer_{number}" in form
    ]
    return Ruling(**data, mitigation=tuple(form.getlist("mitigation")), answers=answers)


def _adopted(word: str | None) -> bool | None:
    return None if not word else word == YES
