"""Forms of business lines."""

from __future__ import annotations

from marshmallow import fields

from kaohe_flow.web.common.forms import CHOOSE, FILL_IN, Day, FormSchema
from kaohe_flow.web.organization.forms import OrderSchema


class LineSchema(FormSchema):
    """A line to be opened."""

    code = fields.String(required=True, error_messages=FILL_IN)
    name = fields.String(required=True, error_messages=FILL_IN)
    owner_id = fields.Integer(required=True, error_messages=CHOOSE)
    since = Day(required=True)


class HandoverSchema(OrderSchema):
    """Another competent department."""

    owner_id = fields.Integer(required=True, error_messages=CHOOSE)
