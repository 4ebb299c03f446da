"""The door itself: who is there, what they may knock at, and the one way from a form to a transaction."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final, cast

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.errors import InvalidInput
from kaohe_flow.kernel.unit_of_work import Database, Work
from kaohe_flow.records.receipt.commands import answer, use
from kaohe_flow.web.common.policy import policy_of

STRICT_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
# The name of a built asset changes with its contents.
KEPT: Final = "public, max-age=31536000, immutable"
STILL_OPEN: Final = frozenset({"static", "account.password", "account.change_password", "account.logout"})
"""All that somebody may do who still has a password chosen by others."""
KEY_FIELD: Final = "_once"
KEY_LENGTH: Final = range(16, 129)


class KeyMissing(InvalidInput):
    """A form came without the one-time key that every page puts into it."""

    code = "key-missing"
    message = "表单缺少一次性编号，请返回上一页刷新后重新提交"


def register(app: Flask) -> None:
    """Hang the gate, the headers and the one-time keys on the application."""
    app.before_request(_gate)
    app.after_request(_harden)
    app.jinja_env.globals["once"] = lambda: secrets.token_urlsafe(18)


def database() -> Database:
    """The application's database."""
    return cast(Database, current_app.extensions["kaohe_database"])


def clock() -> datetime:
    """What time it is."""
    return datetime.now(UTC)


def now() -> datetime:
    """The moment of this request: one for the whole request."""
    if "now" not in g:
        g.now = clock()
    return cast(datetime, g.now)


def actor() -> Actor:
    """The person at the keyboard. 401 if nobody is signed in."""
    if not current_user.is_authenticated:
        abort(HTTPStatus.UNAUTHORIZED)
    return cast(Actor, current_user.actor)


def reading() -> Session:
    """The read-only session of this request."""
    if "reading" not in g:
        context = database().read()
        g.reading = context.__enter__()
        g.close_reading = context
    return cast(Session, g.reading)


def stop_reading() -> None:
    """End the read transaction: a write must not wait behind one's own snapshot."""
    g.pop("reading", None)
    context = g.pop("close_reading", None)
    if context is not None:
        context.__exit__(None, None, None)


@contextmanager
def acting(*, as_actor: Actor | None = None) -> Iterator[Work]:
    """One command in one transaction, at most once per posted form.

    The same one-time key again leads to the answer of the first time (``AlreadyAnswered``).
    """
    key = request.form.get(KEY_FIELD) or request.headers.get("Idempotency-Key", "")
    if len(key) not in KEY_LENGTH:
        raise KeyMissing
    who = as_actor or actor()
    stop_reading()
    with database().write_tx(who, now()) as work:
        use(work, key)
        g.receipt_key = key
        yield work


def answered(work: Work, location: str) -> str:
    """Remember, with the deed, where its answer leads; a double click gets the same answer."""
    answer(work, g.receipt_key, location)
    return location


def go(location: str) -> ResponseReturnValue:
    """Redirect after a post."""
    return redirect(location, code=HTTPStatus.SEE_OTHER)


def _gate() -> ResponseReturnValue | None:
    policy = policy_of(current_app._get_current_object(), request.endpoint)  # type: ignore[attr-defined]
    who: Actor | None = current_user.actor if current_user.is_authenticated else None
    if who is not None and current_user.account.must_change_password and request.endpoint not in STILL_OPEN:
        if request.method == "GET":
            return go(url_for("account.password"))
        abort(HTTPStatus.FORBIDDEN)
    if policy(who):
        return None
    if who is None:
        if request.method == "GET":
            return go(url_for("account.login", next=request.full_path.rstrip("?")))
        abort(HTTPStatus.UNAUTHORIZED)
    abort(HTTPStatus.FORBIDDEN)


def _harden(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", STRICT_POLICY)
    if request.endpoint == "static" and response.status_code < HTTPStatus.BAD_REQUEST:
        response.headers["Cache-Control"] = KEPT
    response.headers.setdefault("Cache-Control", "no-store")
    return response
