"""Who may change which indicator."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import NotAllowed
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.scheme.indicator import queries
from kaohe_flow.web.common.policy import holding
from kaohe_flow.web.common.seats import holds_city_office, offices_of
from kaohe_flow.web.common.security import now

drafters: Final = holding("office")


class NotYourIndicator(NotAllowed):
    """An office of level 2 keeps to what its own unit drafted; those of level 1 keep the whole library."""

    code = "not-your-indicator"
    message = "该指标由上级考核办制定，本级考核办不能修改；可以新建本单位的指标"


def may_change(session: Session, actor: Actor, indicator_id: int) -> bool:
    """Whether the person's office keeps this indicator."""
    if holds_city_office(session, actor):
        return True
    author = queries.get(session, indicator_id).created_by_id
    home = officers.unit_on(session, author, local_day(now())) if author else None
    return home is not None and home.id in offices_of(actor)


def check_may_change(session: Session, actor: Actor, indicator_id: int) -> None:
    """Raises ``NotYourIndicator``."""
    if not may_change(session, actor, indicator_id):
        raise NotYourIndicator
