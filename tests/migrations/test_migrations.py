"""Migrations: one line of them, down and up again, and nothing that models say is missing from the tables."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from kaohe_flow import tables
from kaohe_flow.kernel.orm import Base
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.organization.line import queries as lines
from kaohe_flow.organization.role.queries import assignments_of
from kaohe_flow.organization.unit import commands as units
from kaohe_flow.organization.unit import queries as units_asked
from kaohe_flow.organization.unit.rules import Names, Order
from kaohe_flow.schema import configuration, downgrade, is_current, upgrade
from tests.factories.organization import CLERK, FOUNDED, NOW, TODAY, build

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


def test_lines_that_were_there_count_from_the_day_of_their_department(database: Database) -> None:
    with database.write_tx(CLERK, NOW) as work:
        city = build(work)
        units.rename(work, city.station, Names("城东派出所", "城东所"), Order(TODAY))

    downgrade(database.engine, "0002")
    upgrade(database.engine)

    with database.read() as session:
        assert {line.valid_from for line in lines.in_force(session, TODAY)} == {FOUNDED}
        assert units_asked.get(session, city.station).name == "城东派出所"
        assert len(assignments_of(session, city.feng, TODAY)) == 2
