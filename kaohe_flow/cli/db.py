"""The database's shape from the command line: for upgrades, before web and runner start again."""

from __future__ import annotations

from pathlib import Path

import click

from kaohe_flow.app import create_app
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.schema import head, is_current, revision, upgrade
from kaohe_flow.settings import from_environment


@click.group("db")
def db() -> None:
    """数据库：查看版本、升级结构。"""


@db.command("upgrade")
def upgrade_() -> None:
    """把数据库结构升级到本版本；已是最新的不动。空库则建好全部表。"""
    database = _database()
    before = revision(database.engine)
    upgrade(database.engine)
    after = revision(database.engine)
    click.echo(f"已是最新：{after}" if before == after else f"已升级：{before or '空库'} → {after}")


@db.command("status")
def status() -> None:
    """数据库结构与本版本程序是否一致；不一致时以非零状态退出。"""
    database = _database()
    found = revision(database.engine) or "空库"
    click.echo(f"数据库 {found}，程序 {head()}")
    if not is_current(database.engine):
        raise click.ClickException("不一致，请执行 kaohe db upgrade")


def _database() -> Database:
    settings = from_environment()
    Path(settings.data_dir).mkdir(parents=True, exist_ok=True)
    database: Database = create_app(settings).extensions["kaohe_database"]
    return database
