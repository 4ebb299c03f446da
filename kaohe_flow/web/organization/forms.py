"""Forms of units, people and what they hold."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load

from kaohe_flow.kernel.errors import InvalidInput, Problem
from kaohe_flow.organization.officer.rules import NewOfficer, OfficerKind
from kaohe_flow.organization.role.rules import Role
from kaohe_flow.organization.unit.rules import (
    Level,
    Names,
    NewUnit,
    Order,
    RankingPlace,
    Span,
    UnitKind,
)
from kaohe_flow.web.common.forms import CHOOSE, FILL_IN, Day, FormSchema


class UnitSchema(FormSchema):
    """A unit to be established."""

    code = fields.String(required=True, error_messages=FILL_IN)
    name = fields.String(required=True, error_messages=FILL_IN)
    short_name = fields.String(load_default="")
    level = fields.Integer(required=True, error_messages=CHOOSE)
    kind = fields.Enum(UnitKind, by_value=True, required=True, error_messages=CHOOSE)
    parent_id = fields.Integer(load_default=None, error_messages=CHOOSE)
    sequence = fields.String(load_default=None)
    peer_group = fields.String(load_default=None)
    valid_from = Day(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> NewUnit:
        """Raises ``InvalidInput`` for a level there is not."""
        if data["level"] not in set(Level):
            raise InvalidInput(problems=(Problem("level", CHOOSE["required"]),))
        return NewUnit(**{**data, "level": Level(data["level"])})


class OrderSchema(FormSchema):
    """What every change by order says."""

    since = Day(required=True)
    basis = fields.String(load_default="")

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Day and document become the order."""
        return {"order": Order(data.pop("since"), data.pop("basis")), **data}


class RenamingSchema(FormSchema):
    """Another name; without a day a slip of the pen is mended."""

    name = fields.String(required=True, error_messages=FILL_IN)
    short_name = fields.String(required=True, error_messages=FILL_IN)
    since = Day(load_default=None)
    basis = fields.String(load_default="")

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """The names, and the order if there is one."""
        order = Order(data["since"], data["basis"]) if data["since"] else None
        return {"names": Names(data["name"], data["short_name"]), "order": order}


class MoveSchema(OrderSchema):
    """Another superior."""

    parent_id = fields.Integer(required=True, error_messages=CHOOSE)


class MergerSchema(FormSchema):
    """Into which unit everybody goes."""

    into_id = fields.Integer(required=True, error_messages=CHOOSE)
    since = Day(required=True)


class EndSchema(FormSchema):
    """The last day of whatever ends."""

    last_day = Day(required=True)


class RankingPlaceSchema(FormSchema):
    """With whom a unit is compared."""

    sequence = fields.String(load_default=None)
    peer_group = fields.String(load_default=None)
    ranked = fields.Boolean(load_default=False)
    pilot = fields.Boolean(load_default=False)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """The place."""
        return {"place": RankingPlace(**data)}


class OfficerSchema(FormSchema):
    """Somebody to be entered by hand."""

    police_no = fields.String(required=True, error_messages=FILL_IN)
    name = fields.String(required=True, error_messages=FILL_IN)
    kind = fields.Enum(OfficerKind, by_value=True, required=True, error_messages=CHOOSE)
    post = fields.String(required=True, error_messages=FILL_IN)
    unit_id = fields.Integer(required=True, error_messages=CHOOSE)
    since = Day(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """The person apart from the posting."""
        person = NewOfficer(data.pop("police_no"), data.pop("name"), data.pop("kind"), data.pop("post"))
        return {"new": person, **data}


class TransferSchema(FormSchema):
    """Where an officer goes, and when."""

    unit_id = fields.Integer(required=True, error_messages=CHOOSE)
    since = Day(required=True)


class GrantSchema(FormSchema):
    """A competence for a span; who or where is said by the page it is granted on."""

    role = fields.Enum(Role, by_value=True, required=True, error_messages=CHOOSE)
    police_no = fields.String(load_default="")
    unit_id = fields.Integer(load_default=0, error_messages=CHOOSE)
    line_code = fields.String(load_default=None)
    first = Day(required=True)
    last = Day(load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Both days become the span."""
        return {"span": Span(data.pop("first"), data.pop("last")), **data}
