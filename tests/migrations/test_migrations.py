"""Migrations: one line of them, down and up again, and nothing that models say is missing from the tables."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from kaohe_flow import tables
from kaohe_flow.kernel.orm import Base
from kaohe_flow.schema import configuration, downgrade, is_current, upgrade

assert tables.ALL


def test_there_is_one_line_of_migrations() -> None:
    assert len(ScriptDirectory.from_config(configuration()).get_heads()) == 1


def test_models_say_what_the_tables_are(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})

        difference = compare_metadata(context, Base.metadata)

    assert difference == []


def test_every_step_goes_down_and_up_again(engine: Engine) -> None:
    revisions = [script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()]

    for revision in [*revisions[1:], "base"]:
        downgrade(engine, revision)
    upgrade(engine)

    assert is_current(engine)
    assert "ledger_entry" in inspect(engine).get_table_names()
