"""Diagrams from the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from kaohe_flow.cli.installation import installation, shipped_decisions
from kaohe_flow.kernel.actor import Actor
from kaohe_flow.workflow.deployment import queries
from kaohe_flow.workflow.deployment.commands import deploy
from kaohe_flow.workflow.diagram.rules import by_decision, process_key


@click.group("process")
def process() -> None:
    """流程图：查看与发布。"""


@process.command("list")
def listing() -> None:
    """列出已发布的流程图与版本。"""
    with installation().database.read() as session:
        for deployment in queries.catalogue(session):
            click.echo(f"{deployment.key:<20} v{deployment.version:<3} {deployment.name}  {deployment.note}")


@process.command("deploy")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--note", default="", help="发布说明")
def deploy_files(files: tuple[Path, ...], note: str) -> None:
    """检查并发布 FILES（一个 .bpmn，可带 .dmn）。新办件使用新版本，在办件不受影响。"""
    found = installation()
    diagrams = [path for path in files if path.suffix != ".dmn"]
    tables = by_decision([(path.name, path.read_bytes()) for path in files if path.suffix == ".dmn"])
    if not diagrams:
        raise click.UsageError("请给出一个 .bpmn 文件")
    for path in diagrams:
        content = path.read_bytes()
        with found.database.write_tx(Actor(None, "流程管理员（命令行）"), datetime.now(UTC)) as work:
            kept = queries.decisions_of(queries.find(work.session, process_key(content)))
            decisions = {**shipped_decisions(content), **kept, **tables}
            made, findings = deploy(work, content, decisions=decisions, note=note)
            published = f"已发布：{made.name}（{made.key}）第 {made.version} 版"
        # Said only once it is so: a closed pipe must not take back what was announced.
        click.echo(published)
        for finding in findings:
            click.echo(f"  提醒 {finding.where}：{finding.text}")
