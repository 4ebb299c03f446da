"""Forms of vouchers and of the decisions on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from marshmallow import fields, validate

from kaohe_flow.results.correction.rules import Added
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.web.common.forms import Figure, FormSchema, load
from kaohe_flow.web.common.presenter import Form

FIGURES: Final = ("count", "done", "target", "value", "points")
NOT_NEGATIVE: Final = validate.Range(min=Decimal(0), max=Decimal(1_000_000), error="须在 0 至 1000000 之间")
CHOOSE: Final[dict[str, Any]] = dict.fromkeys(("required", "invalid"), "请先选择考核期和更正对象")


@dataclass(frozen=True, slots=True)
class Typed:
    """A voucher as it was typed."""

    period_id: int
    kind: SubjectKind
    subject_id: int
    reason: str
    document_no: str
    overturn: tuple[int, ...]
    added: Added | None


class VoucherSchema(FormSchema):
    """What the office fills in, except for the facts it ticks."""

    period_id = fields.Integer(required=True, error_messages=CHOOSE)
    kind = fields.Enum(SubjectKind, by_value=True, required=True, error_messages=CHOOSE)
    subject_id = fields.Integer(required=True, error_messages=CHOOSE)
    reason = fields.String(load_default="")
    document_no = fields.String(load_default="")
    indicator_version_id = fields.Integer(load_default=None, error_messages={"invalid": "请选择项目"})
    happened_on = fields.Date(load_default=None, error_messages={"invalid": "请按 2026-11-18 的格式填写日期"})
    option = fields.String(load_default=None)
    count = Figure(load_default=None, validate=NOT_NEGATIVE)
    done = Figure(load_default=None, validate=NOT_NEGATIVE)
    target = Figure(load_default=None, validate=NOT_NEGATIVE)
    value = Figure(load_default=None)
    points = Figure(load_default=None)


class OpinionSchema(FormSchema):
    """What the second person or the leading group fills in."""

    outcome = fields.String(required=True, error_messages={"required": "请选择决定"})
    opinion = fields.String(load_default="")


def read_voucher(form: Form) -> Typed:
    """The voucher. Raises ``InvalidInput`` with every faulty field."""
    data: dict[str, Any] = load(VoucherSchema(), form)
    figures = {name: format(data[name], "f") for name in FIGURES if data[name] is not None}
    if data["option"]:
        figures["option"] = data["option"]
    version_id = data["indicator_version_id"]
    happened_on: date | None = data["happened_on"]
    return Typed(
        period_id=data["period_id"],
        kind=data["kind"],
        subject_id=data["subject_id"],
        reason=data["reason"],
        document_no=data["document_no"],
        overturn=tuple(form.getlist("overturn", type=int)),
        added=Added(version_id, happened_on, figures) if version_id is not None else None,
    )
