"""Forms: what was typed becomes values, and every fault becomes a sentence beside its field."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeVar

from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load

from kaohe_flow.kernel.errors import Conflict, InvalidInput, KaoheError, NotFound, Problem, RuleBroken

PLACES = 3
CHINESE: Final = {"required": "请填写", "null": "请填写", "unknown": "请从列出的选项中选择"}
UNREADABLE: Final = "填写的内容无法识别，请检查格式"
Loaded = TypeVar("Loaded")


class Figure(fields.Field[Decimal]):
    """An exact decimal with at most three places; full-width digits are read as what they mean."""

    default_error_messages = {  # noqa: RUF012 - marshmallow's own way of configuration
        "figure": "请填写数字，最多三位小数",
        "required": "请填写",
        "null": "请填写",
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_kwargs: Any) -> Decimal:
        try:
            number = Decimal(unicodedata.normalize("NFKC", str(value)).strip())
        except InvalidOperation:
            raise self.make_error("figure") from None
        exponent = number.as_tuple().exponent
        if not number.is_finite() or not isinstance(exponent, int) or exponent < -PLACES:
            raise self.make_error("figure")
        return number


class Day(fields.Date):
    """A calendar day as browsers send it."""

    default_error_messages = {  # noqa: RUF012 - marshmallow's own way of configuration
        "invalid": "请按 2026-11-18 的格式填写日期",
        "required": "请填写日期",
        "null": "请填写日期",
    }


FILL_IN: Final[dict[str, Any]] = {"required": "请填写", "invalid": "请填写"}
CHOOSE: Final[dict[str, Any]] = {"required": "请选择", "unknown": "请选择", "invalid": "请选择"}
REFUSALS: Final = (InvalidInput, RuleBroken, Conflict, NotFound)
"""What a page says above its form when a command refuses; a form posted twice is no refusal."""


class FormSchema(Schema):
    """A posted form: empty fields are absent, the fields of the door itself are not part of it."""

    class Meta:
        unknown = EXCLUDE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """No field falls back on the English sentences of the library."""
        field_obj.error_messages = {
            kind: CHINESE.get(kind, UNREADABLE) if isinstance(text, str) and text.isascii() else text
            for kind, text in field_obj.error_messages.items()
        }

    @pre_load
    def _drop_empty(self, data: Mapping[str, Any], **_kwargs: Any) -> dict[str, Any]:
        return {key: value for key, value in data.items() if str(value).strip() != ""}


def load(schema: Schema, form: Mapping[str, Any]) -> Any:
    """The values of a form. Raises ``InvalidInput`` with one problem per faulty field."""
    try:
        return schema.load(form)
    except ValidationError as exc:
        messages: dict[str, list[str]] = exc.normalized_messages()  # type: ignore[no-untyped-call]
        raise InvalidInput(
            problems=tuple(Problem(field, "；".join(texts)) for field, texts in messages.items())
        ) from None


def errors_of(error: KaoheError) -> dict[str, list[str]]:
    """Field → sentences, for the form macros; what belongs to no field goes under ``''``."""
    found: dict[str, list[str]] = {}
    for problem in getattr(error, "problems", ()):
        found.setdefault(problem.where, []).append(problem.text)
    if not found:
        found[error.field or ""] = [str(error)]
    return found
