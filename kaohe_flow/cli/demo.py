"""The demo city from the command line."""

from __future__ import annotations

import click

from kaohe_flow.cli.installation import deploy_shipped, installation
from kaohe_flow.cli.progress import Bars
from kaohe_flow.demo.loading import ACCOUNTS, CITIES, NotTheDemoCity, load


@click.command("demo")
@click.option(
    "--scale",
    type=click.Choice(list(CITIES)),
    default="tiny",
    show_default=True,
    help="规模：tiny 60 人、2 个月，small 600 人、6 个月，full 6140 人、12 个月",
)
def demo(scale: str) -> None:
    """装入演示城市云澜（只能装入空库）；中断后再次运行，从中断处接着装入。"""
    found = installation()
    deploy_shipped(found)
    try:
        with Bars() as bars:
            is_new = load(
                found.database, found.app.extensions["kaohe_files"], city=CITIES[scale](), progress=bars
            )
    except NotTheDemoCity as refused:
        raise click.ClickException(str(refused)) from refused
    done = "已装入" if is_new else "早已装入，没有改动"
    click.echo(f"演示城市（{scale}）{done}，账号：{'、'.join(name for name, _ in ACCOUNTS)}")
