"""Forms of petitions and rulings."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load

from kaohe_flow.casework.appeal.rules import Extension, Outcome, Petition
from kaohe_flow.casework.appeal.rules.contested import Relief
from kaohe_flow.casework.appeal.rules.ruling import Ruling
from kaohe_flow.web.common.forms import Figure, FormSchema

FIGURES = ("quality", "option", "mitigation", "count", "done", "value", "points")


class PetitionSchema(FormSchema):
    """What the appellant fills in."""

    grounds = fields.String(load_default="")

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> Petition:
        """The petition a command takes."""
        return Petition(**data)


class ExtensionSchema(FormSchema):
    """What an office fills in to give more time."""

    working_days = fields.Integer(
        required=True, error_messages={"required": "请填写延长几个工作日", "invalid": "请填写整数"}
    )
    reason = fields.String(load_default="")

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> Extension:
        """The extension a command takes."""
        return Extension(**data)


class RulingSchema(FormSchema):
    """What a rung fills in; which figures are asked for is the contested case's to say."""

    outcome = fields.Enum(
        Outcome,
        by_value=True,
        required=True,
        error_messages={"required": "请选择复议决定", "unknown": "请从维持、变更、撤销中选择"},
    )
    opinion = fields.String(load_default="")
    quality = fields.String(load_default=None)
    option = fields.String(load_default=None)
    mitigation = fields.String(load_default=None)
    count = Figure(load_default=None)
    done = Figure(load_default=None)
    value = Figure(load_default=None)
    points = Figure(load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> Ruling:
        """The ruling a command takes."""
        relief = Relief(**{name: data[name] for name in FIGURES})
        return Ruling(data["outcome"], data["opinion"], relief)
