"""The form of a new account."""

from __future__ import annotations

from marshmallow import fields

from kaohe_flow.organization.account.rules import AccountKind
from kaohe_flow.web.common.forms import CHOOSE, FormSchema


class AccountSchema(FormSchema):
    """An account to be entered. Officers sign in by their police number unless told otherwise."""

    kind = fields.Enum(AccountKind, by_value=True, required=True, error_messages=CHOOSE)
    police_no = fields.String(load_default="")
    username = fields.String(load_default="")


class UnitSchema(FormSchema):
    """The unit whose accounts are meant, with all below it."""

    unit_id = fields.Integer(required=True, error_messages=CHOOSE)
