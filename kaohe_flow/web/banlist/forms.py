"""Forms of the ban list."""

from __future__ import annotations

import re
from typing import Any, Final

from marshmallow import fields, post_load

from kaohe_flow.scheme.banlist.rules import Ban
from kaohe_flow.web.common.forms import FILL_IN, FormSchema

SEPARATORS: Final = re.compile(r"[、,，;；\n]")


class BanSchema(FormSchema):
    """An entry: what is forbidden, its other names, where that is written."""

    phrase = fields.String(required=True, error_messages=FILL_IN)
    synonyms = fields.String(load_default="")
    basis = fields.String(required=True, error_messages=FILL_IN)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> Ban:
        """The entry as the matcher wants it."""
        words = (word.strip() for word in SEPARATORS.split(data["synonyms"]))
        return Ban(data["phrase"].strip(), tuple(dict.fromkeys(filter(None, words))), data["basis"].strip())
