"""The door to the features whose decisions are contested: one answer per kind of case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy.orm import Session

from kaohe_flow.casework.appeal.gateway import penalty, submission
from kaohe_flow.casework.appeal.rules import NotContestable
from kaohe_flow.casework.appeal.rules.contested import Contested

KINDS: Final[Mapping[str, Callable[[Session, str], Contested]]] = {
    "penalty": penalty.contested,
    "submission": submission.contested,
}


def contested(session: Session, case_key: str) -> Contested:
    """The decision of a case that may be contested. Raises ``NotContestable``, ``NotFound``."""
    kind = KINDS.get(case_key.partition(":")[0])
    if kind is None:
        raise NotContestable
    return kind(session, case_key)
