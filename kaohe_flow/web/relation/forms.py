"""The form of a relation."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load

from kaohe_flow.organization.role.rules import RelationKind
from kaohe_flow.organization.unit.rules import Span
from kaohe_flow.web.common.forms import CHOOSE, FILL_IN, Day, FormSchema


class RelationSchema(FormSchema):
    """Two officers by their police numbers, why, and since when."""

    one = fields.String(required=True, error_messages=FILL_IN)
    other = fields.String(required=True, error_messages=FILL_IN)
    kind = fields.Enum(RelationKind, by_value=True, required=True, error_messages=CHOOSE)
    remark = fields.String(load_default="")
    first = Day(required=True)
    last = Day(load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Both days become the span."""
        return {"span": Span(data.pop("first"), data.pop("last")), **data}
