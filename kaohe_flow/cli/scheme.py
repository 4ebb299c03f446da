"""Scheme files from the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click

from kaohe_flow.cli.installation import installation
from kaohe_flow.kernel.actor import Actor
from kaohe_flow.scheme.plan.commands import adopt


@click.group("scheme")
def scheme() -> None:
    """考核方案：导入方案文件。"""


@scheme.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--from", "valid_from", type=click.DateTime(["%Y-%m-%d"]), required=True, help="自哪天开始的考核期起生效"
)
def load(file: Path, valid_from: datetime) -> None:
    """检查 FILE 并使其自某日起生效；有错误时逐条列出，什么也不改。"""
    first_day = date(valid_from.year, valid_from.month, valid_from.day)
    with installation().database.write_tx(Actor(None, "考核办（命令行）"), datetime.now(UTC)) as work:
        plan = adopt(work, file.read_text(encoding="utf-8"), first_day, name=file.name)
    click.echo(f"已导入方案“{plan.title}”，自 {first_day} 起的考核期适用")
