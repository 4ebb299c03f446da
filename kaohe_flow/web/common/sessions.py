"""Server-side sessions: the cookie holds a random token, everything else stays here.

Signing out, disabling an account or changing its roles ends every copy of the cookie at once. People who
have not signed in get a small signed cookie instead, just for the CSRF token of the login form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Flask, Request, Response, g
from flask.sessions import SecureCookieSessionInterface, SessionInterface, SessionMixin
from flask_login import UserMixin

from kaohe_flow.extensions import login_manager
from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.organization.account import commands, queries
from kaohe_flow.organization.account.queries import AccountView
from kaohe_flow.web.common import security

PLAIN_COOKIE: Final = "kaohe_session"
SECURE_COOKIE: Final = "__Host-kaohe_session"


@dataclass(frozen=True)
class Person(UserMixin):  # type: ignore[misc]
    """Who is signed in, as Flask-Login and the pages know them."""

    account: AccountView
    actor: Actor

    def get_id(self) -> str:
        """Flask-Login's name of the user."""
        return str(self.account.id)


class DatabaseSessions(SessionInterface):
    """Opens the session of a request by its token."""

    def __init__(self, database: Database, *, secure: bool) -> None:
        self._database = database
        self._before_login = SecureCookieSessionInterface()
        self.cookie = SECURE_COOKIE if secure else PLAIN_COOKIE

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:
        """The signed-in session of the token; for an ended or unknown one, the small session."""
        small = self._before_login.open_session(app, request)
        token = request.cookies.get(self.cookie, "")
        if not token or small is None:
            return small
        moment = security.now()
        with self._database.read() as session:
            signed_in = queries.session_by_token(session, token, moment)
            if signed_in is None:
                return small
            actor = queries.actor_of(session, signed_in.account, local_day(moment))
        if signed_in.wants_touch:
            with self._database.write_tx(actor, moment) as work:
                commands.touch(work, signed_in.id_hash)
        g.person = Person(signed_in.account, actor)
        g.session_expires_at = signed_in.expires_at
        small["csrf_token"] = signed_in.csrf
        small["_user_id"] = str(signed_in.account.id)
        return small

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """The small cookie never says who somebody is."""
        session.pop("_user_id", None)
        if "person" in g:
            session.pop("csrf_token", None)
        self._before_login.save_session(app, session, response)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(_user_id: str) -> Person | None:
    """The person was worked out when the session was opened."""
    person: Person | None = g.get("person")
    return person
