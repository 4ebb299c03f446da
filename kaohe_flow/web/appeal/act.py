"""The button by which a case leads to an appeal."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kaohe_flow.casework.appeal import queries
from kaohe_flow.casework.appeal.queries import listing
from kaohe_flow.kernel.actor import Actor
from kaohe_flow.scheme.period.rules import in_words
from kaohe_flow.web.common.presenter import Act
from kaohe_flow.web.common.scope import scope_of


def contest(session: Session, case_key: str, actor: Actor, now: datetime) -> tuple[Act, ...]:
    """提请复议 for the officer concerned within the window, afterwards why not any more; more time from the
    office; the way to the appeal once there is one."""
    opening = queries.opening(session, case_key, actor, now)
    if opening is not None:
        hint = f"对这一决定可以在 {in_words(opening.until)} 之前提请复议。"
        url = url_for("appeal.new", case_key=case_key)
        return (Act("提请复议", url, kind="primary", symbol="scale", hint=hint),)
    late = queries.lateness(session, case_key, actor, now)
    if late:
        return (Act("提请复议", "", symbol="scale", hint=late),)
    if queries.may_extend(session, case_key, actor, now):
        return (Act("准予延期复议", url_for("appeal.extension", case_key=case_key), symbol="hourglass"),)
    return tuple(
        Act("查看复议", url_for("case.show", case_key=appeal.case_key), symbol="scale")
        for appeal in queries.of_case(session, case_key)[-1:]
        if listing.may_see(session, appeal, actor, scope_of(session, actor))
    )
