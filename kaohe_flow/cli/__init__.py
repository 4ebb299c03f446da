"""Commands of the operator and the process owner: ``kaohe run``, ``kaohe worker``, ``kaohe demo`` ..."""

from __future__ import annotations

import sys

import click

from kaohe_flow.cli.account import account
from kaohe_flow.cli.db import db
from kaohe_flow.cli.demo import demo
from kaohe_flow.cli.process import process
from kaohe_flow.cli.run import run, worker
from kaohe_flow.cli.scheme import scheme
from kaohe_flow.cli.score import score
from kaohe_flow.cli.verify import verify
from kaohe_flow.kernel.errors import KaoheError


@click.group()
@click.version_option(package_name="kaohe-flow", prog_name="kaohe")
def cli() -> None:
    """公安目标责任考核系统。"""


for command in (account, db, demo, process, run, scheme, score, verify, worker):
    cli.add_command(command)


def main() -> None:
    """The console script: failures are sentences, with every problem on a line of its own."""
    try:
        cli.main(standalone_mode=False)
    except KaoheError as error:
        click.echo(f"错误：{error}", err=True)
        for problem in getattr(error, "problems", ()):
            click.echo(f"  {problem.where}：{problem.text}", err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Abort:
        sys.exit(130)
