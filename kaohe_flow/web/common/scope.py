"""Whose affairs a person may read: worked out once per request from what they hold."""

from __future__ import annotations

from typing import Final, cast

from flask import g
from sqlalchemy.orm import Session

from kaohe_flow.casework.standing import queries as standing
from kaohe_flow.casework.standing.rules import Scope
from kaohe_flow.kernel.actor import Actor

KEY: Final = "kaohe_scope"


def scope_of(session: Session, actor: Actor) -> Scope:
    """The scope of the person at the keyboard."""
    if KEY not in g:
        setattr(g, KEY, standing.scope(session, actor))
    return cast(Scope, getattr(g, KEY))
