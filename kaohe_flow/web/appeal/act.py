"""The button by which a case leads to an appeal."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kaohe_flow.casework.appeal import queries
from kaohe_flow.casework.appeal.queries import listing
from kaohe_flow.kernel.actor import Actor
from kaohe_flow.web.common.presenter import Act
from kaohe_flow.web.common.scope import scope_of


def contest(session: Session, case_key: str, actor: Actor, now: datetime) -> tuple[Act, ...]:
    """提请复议 for the officer concerned within the window; after it, more time from the office; the way to
    the appeal once there is one."""
    if queries.opening(session, case_key, actor, now) is not None:
        return (Act("提请复议", url_for("appeal.new", case_key=case_key), kind="primary", symbol="scale"),)
    if queries.may_extend(session, case_key, actor, now):
        return (Act("准予延期复议", url_for("appeal.extension", case_key=case_key), symbol="hourglass"),)
    return tuple(
        Act("查看复议", url_for("case.show", case_key=appeal.case_key), symbol="scale")
        for appeal in queries.of_case(session, case_key)[-1:]
        if listing.may_see(session, appeal, actor, scope_of(session, actor))
    )
