"""The demo city, loaded once per database at a moment late in a month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from kaohe_flow.app import delegates
from kaohe_flow.cli.installation import shipped_decisions
from kaohe_flow.demo.city import TINY
from kaohe_flow.demo.loading import load
from kaohe_flow.kernel.actor import CLOCK, Actor
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.organization.account import queries as accounts
from kaohe_flow.records.attachment.gateway import FileStore
from kaohe_flow.settings import bundle
from kaohe_flow.workflow.deployment.commands import deploy
from tests.conftest import EMPTY, SqliteStore
from tests.factories.casework import connect

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


@dataclass
class Loaded:
    """A loaded city and what was said while loading."""

    database: Database
    files: FileStore
    now: datetime
    told: list[str]

    def actor(self, username: str) -> Actor:
        """Whoever signs in by that name, with the competences of the day."""
        with self.database.read() as session:
            account = accounts.by_username(session, username)
            assert account is not None
            return accounts.actor_of(session, accounts.view(session, account), local_day(self.now))


class Listener:
    """Notes the stages."""

    def __init__(self, told: list[str]) -> None:
        self._told = told

    def stage(self, label: str, length: int = 0) -> None:
        self._told.append(label)

    def advance(self, steps: int = 1) -> None:
        """Steps are not noted."""


def load_city(engine: Engine, folder: Path, now: datetime = NOW, thin: int = 1) -> Loaded:
    """Deploy the shipped diagrams and load the city as of ``now``."""
    database, told = connect(engine), list[str]()
    deploy_shipped(database, now)
    files = FileStore(folder)
    load(database, files, now=now, city=replace(TINY, thin=thin), progress=Listener(told))
    return Loaded(database, files, now, told)


def deploy_shipped(database: Database, now: datetime) -> None:
    """Deploy the diagrams of the product."""
    for path in sorted((bundle() / "bpmn").glob("*.bpmn")):
        if path.stem.rpartition("_v")[0] in delegates():
            content = path.read_bytes()
            with database.write_tx(CLOCK, now) as work:
                deploy(work, content, decisions=shipped_decisions(content))


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """The whole city of ``NOW``, on SQLite; tests look at it and change nothing."""
    store = SqliteStore(tmp_path_factory.mktemp("demo"))
    engine = store.copy("city", EMPTY)
    yield load_city(engine, tmp_path_factory.mktemp("demo_files"))
    engine.dispose()
