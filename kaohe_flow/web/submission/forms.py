"""Forms of claims and verdicts."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate

from kaohe_flow.casework.submission.rules import ClaimContent, Finding, Quality
from kaohe_flow.web.common.forms import Figure, FormSchema


class ClaimSchema(FormSchema):
    """What the officer fills in; a draft may be incomplete."""

    summary = fields.String(load_default="")
    happened_on = fields.Date(load_default=None, error_messages={"invalid": "请按 2026-11-18 的格式填写日期"})
    case_no = fields.String(load_default=None, validate=validate.Length(max=64, error="编号最多 64 个字符"))
    count = Figure(load_default=None)
    done = Figure(load_default=None)
    target = Figure(load_default=None)
    value = Figure(load_default=None)
    option = fields.String(load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> ClaimContent:
        """The content a command takes."""
        return ClaimContent(**data)


class FindingSchema(FormSchema):
    """What a reviewer fills in."""

    outcome = fields.String(required=True, error_messages={"required": "请选择审核结论"})
    opinion = fields.String(load_default="", validate=validate.Length(max=500, error="意见最多 500 个字"))
    quality = fields.Enum(
        Quality, by_value=True, load_default=None, error_messages={"unknown": "请选择完成质量"}
    )
    count = Figure(load_default=None)
    done = Figure(load_default=None)
    value = Figure(load_default=None)
    points = Figure(load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> Finding:
        """The finding a command takes."""
        return Finding(**data)
