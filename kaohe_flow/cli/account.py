"""Accounts from the command line: the first administrator of a new installation, and lost passwords."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from kaohe_flow.cli.installation import installation
from kaohe_flow.kernel.actor import Actor
from kaohe_flow.organization.account import commands, queries
from kaohe_flow.organization.account.rules import AccountKind, NewAccount
from kaohe_flow.organization.officer import queries as officers

OPERATOR = Actor(officer_id=None, name="运维人员（命令行）")
KINDS = [kind.value for kind in AccountKind]


@click.group("account")
def account() -> None:
    """账号：建立、重置密码、停用。"""


@account.command("create")
@click.argument("username")
@click.option("--kind", type=click.Choice(KINDS), default=AccountKind.OFFICER.value, show_default=True)
@click.option("--police-no", default="", help="民警账号对应的警号")
@click.password_option("--password", help="初始密码，首次登录须修改")
def create(username: str, kind: str, police_no: str, password: str) -> None:
    """建立账号 USERNAME；三员账号（sysadmin、secadmin、auditor）不对应民警。"""
    found = installation()
    with found.database.write_tx(OPERATOR, datetime.now(UTC)) as work:
        officer_id = officers.by_police_no(work.session, police_no).id if police_no else None
        new = NewAccount(username, password, AccountKind(kind), officer_id)
        made = commands.create_account(work, new)
    click.echo(f"已建立{made.kind.label} {made.username}（{made.name}），首次登录须修改密码")


@account.command("reset-password")
@click.argument("username")
@click.password_option("--password", help="临时密码，登录后须修改")
def reset_password(username: str, password: str) -> None:
    """为 USERNAME 设置临时密码，并退出其所有登录。"""
    with installation().database.write_tx(OPERATOR, datetime.now(UTC)) as work:
        commands.reset_password(work, _id_of(work.session, username), password)
    click.echo("已重置，原有登录全部退出")


@account.command("disable")
@click.argument("username")
def disable(username: str) -> None:
    """停用 USERNAME，立即退出其所有登录。"""
    with installation().database.write_tx(OPERATOR, datetime.now(UTC)) as work:
        commands.disable(work, _id_of(work.session, username))
    click.echo("已停用")


def _id_of(session: Session, username: str) -> int:
    found = queries.by_username(session, username)
    if found is None:
        raise queries.AccountNotFound(account=username)
    return found.id
