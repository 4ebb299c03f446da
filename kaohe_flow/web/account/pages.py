"""Signing in and out, and one's own password."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request
from flask import url_for as address
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.errors import InvalidInput, NotAllowed
from kaohe_flow.organization.account import commands, queries
from kaohe_flow.organization.account.commands import LoginFailure
from kaohe_flow.records.audit.commands import record
from kaohe_flow.web.common.errors import retry_after, status_of
from kaohe_flow.web.common.forms import errors_of
from kaohe_flow.web.common.policy import allow, anyone, signed_in
from kaohe_flow.web.common.security import acting, answered, database, go, now
from kaohe_flow.web.common.sessions import DatabaseSessions

bp = Blueprint("account", __name__)
NOBODY = Actor(officer_id=None, name="未登录")


@bp.get("/login")
@allow(anyone)
def login() -> ResponseReturnValue:
    """The login form."""
    if current_user.is_authenticated:
        return go("/")
    return render_template("account/login.html", errors={}, typed={})


@bp.post("/login")
@allow(anyone)
def sign_in() -> ResponseReturnValue:
    """Check name and password; open a session under a fresh token."""
    username, password = request.form.get("username", ""), request.form.get("password", "")
    ip = request.remote_addr or ""
    token = ""
    with database().read() as session:
        prove = queries.proof_of(session, username, password, ip, now())
    proof = prove()
    with database().write_tx(NOBODY, now()) as work:
        found = commands.authenticate(work, username, proof, ip)
        if isinstance(found, LoginFailure):
            record(work, "login.failed", f"login:{username[:40]}", ip=ip)
        else:
            agent = request.user_agent.string
            token = commands.open_session(work, found.id, ip=ip, user_agent=agent)
            record(work, "login", f"account:{found.id}", ip=ip)
    if isinstance(found, LoginFailure):
        page = render_template("account/login.html", errors=errors_of(found), typed={"username": username})
        return page, status_of(found), retry_after(found)
    wanted = address("account.password") if found.must_change_password else _inside(request.args.get("next"))
    return _with_cookie(make_response(redirect(wanted, code=303)), token)


@bp.post("/logout")
@allow(signed_in)
def logout() -> ResponseReturnValue:
    """End the session; copies of the cookie are worthless from now on."""
    who: Actor = current_user.actor
    with database().write_tx(who, now()) as work:
        commands.end_session(work, request.cookies.get(_sessions().cookie, ""))
    response = make_response(redirect(address("account.login"), code=303))
    response.delete_cookie(_sessions().cookie, path="/")
    return response


@bp.get("/password")
@allow(signed_in)
def password() -> ResponseReturnValue:
    """The form for a new password."""
    return render_template("account/password.html", errors={})


@bp.post("/password")
@allow(signed_in)
def change_password() -> ResponseReturnValue:
    """A new password ends every session; this browser gets a new one."""
    account_id = current_user.account.id
    if request.form.get("new", "") != request.form.get("again", ""):
        return render_template("account/password.html", errors={"again": ["两次输入的新密码不一致"]}), 400
    try:
        with acting() as work:
            commands.change_password(
                work, account_id, old=request.form.get("old", ""), new=request.form.get("new", "")
            )
            agent = request.user_agent.string
            token = commands.open_session(work, account_id, ip=request.remote_addr or "", user_agent=agent)
            record(work, "password.changed", f"account:{account_id}")
            answered(work, "/")
    except (InvalidInput, NotAllowed) as error:
        # Not 401: it is the old password that is wrong, the session is alive.
        return render_template("account/password.html", errors=errors_of(error)), HTTPStatus.BAD_REQUEST
    flash("密码已更改，其他设备上的登录已全部退出", "ok")
    return _with_cookie(make_response(redirect("/", code=303)), token)


def _inside(wanted: str | None) -> str:
    """Only addresses of this site: nobody is led elsewhere by a crafted link."""
    parts = urlsplit(wanted or "")
    if not wanted or parts.scheme or parts.netloc or not wanted.startswith("/") or wanted.startswith("//"):
        return "/"
    return wanted


def _sessions() -> DatabaseSessions:
    interface = current_app.session_interface
    assert isinstance(interface, DatabaseSessions)
    return interface


def _with_cookie(response: Response, token: str) -> Response:
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(_sessions().cookie, token, httponly=True, secure=secure, samesite="Lax", path="/")
    return response
