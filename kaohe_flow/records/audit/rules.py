"""Whether a chained row still says what was hashed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import orjson

from kaohe_flow.kernel.chain import Plain, canonical

SECURITY: Final = ("login", "password.", "account.", "role.", "relation.")
"""How deeds begin that the security administrator answers for."""


def says(payload: bytes, columns: Mapping[str, Plain], at: datetime) -> bool:
    """Whether ``payload`` tells the same of each of the ``columns``, and the same moment.

    Pages and sums read the columns; the hash covers the payload. Moments are compared as instants, because a
    payload keeps the offset they were told in.
    """
    told, spelled = orjson.loads(payload), orjson.loads(canonical(dict(columns)))
    return (
        isinstance(told, dict)
        and all(told.get(name) == value for name, value in spelled.items())
        and datetime.fromisoformat(str(told.get("at"))) == at
    )
