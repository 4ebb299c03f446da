"""The demo city from the command line."""

from __future__ import annotations

import click

from kaohe_flow.cli.installation import deploy_shipped, installation
from kaohe_flow.demo.loading import ACCOUNTS, is_empty, load


@click.command("demo")
@click.option("--scale", type=click.Choice(["tiny"]), default="tiny", show_default=True, help="规模")
def demo(scale: str) -> None:
    """装入演示城市云澜（只能装入空库）。"""
    found = installation()
    deploy_shipped(found)
    if not is_empty(found.database):
        raise click.ClickException("数据库中已有单位，演示数据只能装入空库")
    load(found.database, found.app.extensions["kaohe_files"])
    click.echo(f"演示城市（{scale}）已装入，账号：{'、'.join(name for name, _ in ACCOUNTS)}")
