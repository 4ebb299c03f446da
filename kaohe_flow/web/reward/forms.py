"""Forms of claims, verdicts and answers to objections."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from marshmallow import fields, post_load, validate

from kaohe_flow.casework.reward.rules.claim import RewardContent, RewardKind, RewardVerdict
from kaohe_flow.casework.reward.rules.objection import ObjectionAnswer, ObjectionRuling
from kaohe_flow.web.common.forms import Figure, FormSchema, load
from kaohe_flow.web.common.presenter import Form

DATE: Final = "请按 2026-11-18 的格式填写日期"
KIND: Final = "请选择类别"


class RewardSchema(FormSchema):
    """What the claimant fills in."""

    kind = fields.Enum(
        RewardKind, by_value=True, required=True, error_messages={"required": KIND, "unknown": KIND}
    )
    title = fields.String(load_default="")
    document_no = fields.String(load_default="")
    deed = fields.String(load_default="")
    summary = fields.String(load_default="")
    happened_on = fields.Date(load_default=None, error_messages={"invalid": DATE})
    option = fields.String(load_default=None)
    count = Figure(load_default=None)
    coauthors = Figure(load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> RewardContent:
        """The content a command takes."""
        return RewardContent(**data)


class ChoiceSchema(FormSchema):
    """For whom, and under which indicator."""

    officer_id = fields.Integer(
        required=True, error_messages={"required": "请先选择民警", "invalid": "请先选择民警"}
    )
    indicator_version_id = fields.Integer(
        required=True, error_messages={"required": "请选择加分项目", "invalid": "请选择加分项目"}
    )


class VerdictSchema(FormSchema):
    """What a reviewer fills in."""

    outcome = fields.String(required=True, error_messages={"required": "请选择结论"})
    opinion = fields.String(load_default="", validate=validate.Length(max=500, error="意见最多 500 个字"))
    kind = fields.Enum(RewardKind, by_value=True, load_default=None, error_messages={"unknown": KIND})
    count = Figure(load_default=None)
    points = Figure(load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> RewardVerdict:
        """The verdict a command takes."""
        return RewardVerdict(**data)


class RulingSchema(FormSchema):
    """The outcome of looking into objections, except for the answers."""

    outcome = fields.String(required=True, error_messages={"required": "请选择结论"})
    opinion = fields.String(load_default="", validate=validate.Length(max=500, error="意见最多 500 个字"))


def read_objection_ruling(form: Form, open_ids: Iterable[int]) -> ObjectionRuling:
    """The ruling with an answer per open objection. Raises ``InvalidInput``."""
    answers = [
        ObjectionAnswer(objection_id, form.get(f"answer_{objection_id}", "")) for objection_id in open_ids
    ]
    return ObjectionRuling(**load(RulingSchema(), form), answers=answers)
