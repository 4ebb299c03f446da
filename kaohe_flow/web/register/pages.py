"""Accounts: entered by the system administrator, opened and locked by the security administrator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kaohe_flow.kernel.errors import InvalidInput, KaoheError, NotAllowed, NotFound, Problem
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.account import queries
from kaohe_flow.organization.account.commands import administration
from kaohe_flow.organization.account.queries import Wanted
from kaohe_flow.organization.account.rules import AccountKind, AccountState
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.unit.rules import Titled
from kaohe_flow.records.audit.queries import about
from kaohe_flow.records.receipt.commands import AlreadyAnswered
from kaohe_flow.web.audit.words import told
from kaohe_flow.web.common.errors import status_of
from kaohe_flow.web.common.forms import REFUSALS, errors_of, load
from kaohe_flow.web.common.policy import (
    administrators,
    allow,
    auditors,
    either,
    security_administrators,
    system_administrators,
)
from kaohe_flow.web.common.security import acting, actor, answered, go, now, reading
from kaohe_flow.web.register import batch
from kaohe_flow.web.register.forms import AccountSchema

bp = Blueprint("register", __name__, url_prefix="/accounts")
bp.register_blueprint(batch.bp)
watchers: Final = either(security_administrators, auditors)
KINDS: Final = [(kind.value, kind.label) for kind in AccountKind]
STATES: Final = [(state.value, state.label) for state in AccountState]
DEEDS: Final[Mapping[str, tuple[Callable[[Work, int], object], str]]] = {
    "lock": (administration.lock, "账号已锁定，登录已全部退出"),
    "unlock": (administration.unlock, "账号已解锁，原密码继续有效"),
    "close": (administration.close, "账号已停用，登录已全部退出"),
    "sign-out": (administration.end_sessions, "该账号的登录已全部退出"),
}
HANDED_OUT: Final[Mapping[str, Callable[[Work, int], str]]] = {
    "activate": administration.activate,
    "reset": administration.reset,
}
Word = TypeVar("Word", bound=Titled)


@bp.get("/")
@allow(administrators)
def listing() -> ResponseReturnValue:
    """All accounts, narrowed by what is asked for."""
    asked = request.args
    wanted = Wanted(
        text=asked.get("q", ""),
        state=_word(AccountState, "state"),
        kind=_word(AccountKind, "kind"),
        number=max(1, asked.get("page", 1, type=int)),
    )
    return render_template(
        "register/listing.html",
        page=queries.search(reading(), wanted, now()),
        wanted=wanted,
        kinds=KINDS,
        states=STATES,
        narrowed={name: asked[name] for name in ("q", "state", "kind") if asked.get(name)},
        may_enter=system_administrators(actor()),
        may_open=security_administrators(actor()),
    )


@bp.get("/new")
@allow(system_administrators)
def new() -> ResponseReturnValue:
    """The form of a new account."""
    return _form({"kind": "officer", "police_no": request.args.get("police_no", "")})


@bp.post("/new")
@allow(system_administrators)
def create() -> ResponseReturnValue:
    """Enter an account that nobody can use yet."""
    try:
        typed = load(AccountSchema(), request.form)
        officer_id = _owner(reading(), typed["kind"], typed["police_no"].strip().upper())
        username = typed["username"] or typed["police_no"]
        with acting() as work:
            made = administration.register(work, username, typed["kind"], officer_id)
            location = answered(work, url_for(".show", account_id=made.id))
    except AlreadyAnswered:
        raise
    except REFUSALS as error:
        return _form(request.form, error)
    flash(f"账号“{made.username}”已登记，由安全管理员启用后才能登录", "ok")
    return go(location)


@bp.get("/<int:account_id>")
@allow(administrators)
def show(account_id: int) -> ResponseReturnValue:
    """One account: whose, in which state, where it is signed in, what was done to it."""
    return _show(account_id)


@bp.post("/<int:account_id>/<deed>")
@allow(security_administrators)
def act(account_id: int, deed: str) -> ResponseReturnValue:
    """Lock, unlock, close, sign out; or hand out a password, which is shown by this answer only."""
    queries.get(reading(), account_id)
    if deed not in {*DEEDS, *HANDED_OUT}:
        raise NotFound
    location = url_for(".show", account_id=account_id)
    try:
        with acting() as work:
            if deed in HANDED_OUT:
                password = HANDED_OUT[deed](work, account_id)
            else:
                DEEDS[deed][0](work, account_id)
            answered(work, location)
    except AlreadyAnswered:
        raise
    except (*REFUSALS, NotAllowed) as error:
        return _show(account_id, error)
    if deed in HANDED_OUT:
        return _show(account_id, password=password)
    flash(DEEDS[deed][1], "ok")
    return go(location)


def _owner(session: Session, kind: AccountKind, police_no: str) -> int | None:
    """Raises ``InvalidInput`` beside the field."""
    if kind is not AccountKind.OFFICER:
        return None
    if not police_no:
        raise InvalidInput(problems=(Problem("police_no", "民警账号必须填写警号"),))
    try:
        return officers.by_police_no(session, police_no).id
    except officers.OfficerNotFound as error:
        raise InvalidInput(problems=(Problem("police_no", str(error)),)) from None


def _form(typed: Mapping[str, Any], error: KaoheError | None = None) -> ResponseReturnValue:
    errors = errors_of(error) if error else {}
    body = render_template("register/form.html", typed=typed, errors=errors, kinds=KINDS)
    return body, status_of(error) if error else 200


def _show(account_id: int, error: KaoheError | None = None, password: str = "") -> ResponseReturnValue:
    session = reading()
    found = queries.listed(session, account_id, now())
    events = about(session, f"account:{account_id}") if watchers(actor()) else ()
    keeps = security_administrators(actor()) and not queries.is_own(actor(), found.account)
    body = render_template(
        "register/show.html",
        found=found,
        account=found.account,
        sessions=queries.live_sessions(session, account_id, now()),
        watches=watchers(actor()),
        events=[(entry.at, told(entry.deed), entry.actor_name) for entry in events],
        keeps=keeps,
        is_own=queries.is_own(actor(), found.account),
        password=password,
        errors=errors_of(error) if error else {},
    )
    return body, status_of(error) if error else 200


def _word(words: type[Word], name: str) -> Word | None:
    text = request.args.get(name, "")
    return words(text) if text in {word.value for word in words} else None
