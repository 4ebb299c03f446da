"""Accounts of a whole unit: entered by one administrator, opened by the other, passwords shown once."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import KaoheError
from kaohe_flow.organization.account import queries
from kaohe_flow.organization.account.commands import administration
from kaohe_flow.organization.account.commands.administration import AT_ONCE
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.records.receipt.commands import AlreadyAnswered
from kaohe_flow.web.common.errors import status_of
from kaohe_flow.web.common.forms import REFUSALS, errors_of, load
from kaohe_flow.web.common.policy import allow, security_administrators, system_administrators
from kaohe_flow.web.common.security import acting, answered, go, now, reading
from kaohe_flow.web.organization.choices import unit_options
from kaohe_flow.web.register.forms import UnitSchema

bp = Blueprint("batch", __name__)


@bp.get("/batch")
@allow(system_administrators)
def choose() -> ResponseReturnValue:
    """Whose accounts are to be entered."""
    return _form("enter")


@bp.post("/batch")
@allow(system_administrators)
def enter() -> ResponseReturnValue:
    """Everybody of a unit who has no account gets one that is of no use yet."""
    try:
        unit_id = load(UnitSchema(), request.form)["unit_id"]
        with acting() as work:
            made = administration.register_unit(work, unit_id)
            location = answered(work, url_for("register.listing", state="disabled"))
    except AlreadyAnswered:
        raise
    except REFUSALS as error:
        return _form("enter", error)
    rest = f"；一次最多 {AT_ONCE} 人，其余请再办一次" if len(made) == AT_ONCE else ""
    flash(f"已登记 {len(made)} 个账号，由安全管理员启用{rest}", "ok" if made else "info")
    return go(location)


@bp.get("/opening")
@allow(security_administrators)
def waiting() -> ResponseReturnValue:
    """Whose accounts are to be opened."""
    return _form("open")


@bp.post("/opening")
@allow(security_administrators)
def activate() -> ResponseReturnValue:
    """Opens what waits; the passwords are shown by this answer only."""
    try:
        unit_id = load(UnitSchema(), request.form)["unit_id"]
        with acting() as work:
            opened = administration.activate_unit(work, unit_id)
            answered(work, url_for("register.listing"))
    except AlreadyAnswered:
        raise
    except REFUSALS as error:
        return _form("open", error)
    session = reading()
    people = [account.officer_id for account, _ in opened if account.officer_id is not None]
    return render_template(
        "register/opened.html",
        unit=units.get(session, unit_id),
        opened=opened,
        places=officers.units_on(session, people, local_day(now())),
        more=len(opened) == AT_ONCE,
    )


def _form(deed: str, error: KaoheError | None = None) -> ResponseReturnValue:
    session, today = reading(), local_day(now())
    everywhere = [unit.id for unit in units.all_on(session, today)]
    body = render_template(
        "register/batch.html",
        deed=deed,
        missing=queries.without_account(session, everywhere, today, AT_ONCE + 1),
        awaiting=queries.awaiting(session, everywhere, today, AT_ONCE + 1),
        limit=AT_ONCE,
        units=unit_options(session, today),
        typed=request.form,
        errors=errors_of(error) if error else {},
    )
    return body, status_of(error) if error else 200
