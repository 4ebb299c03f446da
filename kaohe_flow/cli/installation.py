"""What every command needs of the installation it runs on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from kaohe_flow.app import create_app
from kaohe_flow.kernel.actor import CLOCK
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.schema import upgrade
from kaohe_flow.settings import Settings, bundle, from_environment
from kaohe_flow.workflow.deployment.commands import deploy
from kaohe_flow.workflow.deployment.queries import find


@dataclass(frozen=True, slots=True)
class Installation:
    """Settings, the application made from them, and its database."""

    settings: Settings
    app: Flask
    database: Database


def installation() -> Installation:
    """The installation of this environment, its database brought up to date."""
    settings = from_environment()
    Path(settings.data_dir).mkdir(parents=True, exist_ok=True)
    app = create_app(settings)
    database: Database = app.extensions["kaohe_database"]
    upgrade(database.engine)
    return Installation(settings, app, database)


def shipped_decisions(diagram: bytes) -> dict[str, bytes]:
    """The decision tables of the product that a diagram names, by decision id."""
    tables = {path.stem.rpartition("_v")[0]: path for path in sorted((bundle() / "bpmn").glob("*.dmn"))}
    return {name: path.read_bytes() for name, path in tables.items() if name.encode() in diagram}


def deploy_shipped(found: Installation) -> list[str]:
    """Deploy every diagram of ``bpmn/`` whose process has no version yet; returns their names."""
    deployed = []
    for path in sorted((bundle() / "bpmn").glob("*.bpmn")):
        key = path.stem.rpartition("_v")[0]
        if key not in found.database.offered["runtime"].delegates:  # type: ignore[attr-defined]
            continue
        with found.database.write_tx(CLOCK, datetime.now(UTC)) as work:
            if find(work.session, key):
                continue
            content = path.read_bytes()
            made, _ = deploy(work, content, decisions=shipped_decisions(content), note="随系统提供")
            deployed.append(f"{made.name} v{made.version}")
    return deployed
