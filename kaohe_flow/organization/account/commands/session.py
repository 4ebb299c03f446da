"""Signed-in sessions: opened, renewed, kept alive, ended."""

from __future__ import annotations

from sqlalchemy import select

from kaohe_flow.kernel.errors import NotAllowed
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.account import gateway, queries
from kaohe_flow.organization.account.model import WebSession
from kaohe_flow.organization.account.rules import ABSOLUTE, SESSIONS_AT_ONCE

LONGEST_AGENT = 200


class SessionOver(NotAllowed):
    """The session ended while its page was open."""

    code = "session-over"
    message = "登录已失效，请重新登录"


def open_session(work: Work, account_id: int, *, ip: str, user_agent: str) -> str:
    """Signs the account in; returns the token for the cookie, which is stored nowhere.

    Of more than ``SESSIONS_AT_ONCE`` sessions the least recently used ends.
    """
    account = queries.get(work.session, account_id)
    living = queries.live_sessions(work.session, account.id, work.now)
    for oldest in living[SESSIONS_AT_ONCE - 1 :]:
        oldest.ended_at = work.now
    web = WebSession(
        account_id=account.id,
        created_at=work.now,
        expires_at=work.now + ABSOLUTE,
        ip=ip,
        user_agent=user_agent[:LONGEST_AGENT],
    )
    return _under_new_token(work, web)


def _under_new_token(work: Work, web: WebSession) -> str:
    token = gateway.new_token()
    web.id_hash, web.seen_at = gateway.token_hash(token), work.now
    web.payload = {"csrf": gateway.new_token()}
    work.session.add(web)
    work.session.flush()
    return token


def rotate_session(work: Work, token: str) -> str:
    """The same session under a new token and CSRF secret, after a change of privilege.

    It does not live longer by that. Raises ``SessionOver``.
    """
    old = work.session.get(WebSession, gateway.token_hash(token))
    if old is None or not old.life.is_alive(work.now):
        raise SessionOver
    old.ended_at = work.now
    web = WebSession(
        account_id=old.account_id,
        created_at=old.created_at,
        expires_at=old.expires_at,
        ip=old.ip,
        user_agent=old.user_agent,
    )
    return _under_new_token(work, web)


def touch(work: Work, id_hash: str) -> None:
    """The session has just been used; its idle time begins anew."""
    web = work.session.get(WebSession, id_hash)
    if web is not None and web.life.is_alive(work.now):
        web.seen_at = work.now
        work.session.flush()


def end_session(work: Work, token: str) -> None:
    """Signs out; the cookie is worthless from now on, whoever has copied it."""
    web = work.session.get(WebSession, gateway.token_hash(token))
    if web is not None and web.ended_at is None:
        web.ended_at = work.now
        work.session.flush()


def end_all_sessions(work: Work, account_id: int, *, except_token: str | None = None) -> int:
    """Signs the account out everywhere, or everywhere else; how many sessions ended."""
    kept = None if except_token is None else gateway.token_hash(except_token)
    ending = [
        web
        for web in work.session.scalars(
            select(WebSession).where(WebSession.account_id == account_id, WebSession.ended_at.is_(None))
        )
        if web.id_hash != kept
    ]
    for web in ending:
        web.ended_at = work.now
    work.session.flush()
    return len(ending)
