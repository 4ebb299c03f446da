"""The database's shape: bringing it up to date, and which tables there are."""

from __future__ import annotations

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from kaohe_flow.kernel.errors import KaoheError
from kaohe_flow.kernel.unit_of_work import WRITE
from kaohe_flow.settings import bundle


class DatabaseBehind(KaoheError):
    """The web does not change tables: several workers start at once, and none may be the one that waits."""

    code = "database-behind"
    message = "数据库结构（{found}）与本版本程序（{head}）不一致，请先执行 kaohe db upgrade，再启动网页"


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
    return revision(engine) == head()


def check_current(engine: Engine) -> None:
    """Raises ``DatabaseBehind``: pages on tables of another version would fail one by one."""
    found = revision(engine)
    if found != head():
        raise DatabaseBehind(found=found or "空库", head=head())


def revision(engine: Engine) -> str | None:
    """The last migration the database has seen; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@cache
def head() -> str | None:
    """The last migration of this version; it does not change while the program runs."""
    return ScriptDirectory.from_config(configuration()).get_current_head()
