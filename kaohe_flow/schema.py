"""The database's shape: bringing it up to date, and which tables there are."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from kaohe_flow.kernel.unit_of_work import WRITE
from kaohe_flow.settings import bundle


def configuration() -> Config:
    """Alembic's configuration, without a file."""
    config = Config()
    config.set_main_option("script_location", str(bundle() / "migrations"))
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to ``revision`` in one transaction."""
    _run(engine, command.upgrade, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to ``revision`` in one transaction."""
    _run(engine, command.downgrade, revision)


def _run(engine: Engine, deed: object, revision: str) -> None:
    config = configuration()
    with engine.execution_options(**WRITE).begin() as connection:
        config.attributes["connection"] = connection
        deed(config, revision)  # type: ignore[operator]


def is_current(engine: Engine) -> bool:
    """Whether no migration is pending."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
