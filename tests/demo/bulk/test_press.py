"""Bulk loading and the pages' own commands leave the same rows behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from kaohe_flow.demo.bulk.month import Wanted, load_month, plan
from kaohe_flow.demo.bulk.playing import play
from kaohe_flow.demo.bulk.script import Script
from kaohe_flow.demo.haste import in_haste
from kaohe_flow.demo.loading import Founded, found_city
from kaohe_flow.demo.progress import Silent
from kaohe_flow.demo.seasons import founding
from kaohe_flow.demo.story import Stage
from kaohe_flow.kernel.orm import Base
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.records.attachment.gateway import FileStore
from kaohe_flow.records.audit import queries as audit
from kaohe_flow.scorebook.ledger.queries import integrity
from tests.conftest import EMPTY, Store, settle
from tests.demo.conftest import deploy_shipped
from tests.factories.casework import connect

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
CASES = {"sqlite": 500, "postgresql": 60}
EACH = 16  # claims of every officer to sample from; more than tasks, so that one task is reported twice
RANDOM = {("task", "token")}  # drawn afresh by the engine for every task, never twice the same
Rows = dict[str, list[dict[str, Any]]]


@dataclass
class Copies:
    """A city before its first report, and as many databases of it as a test asks for."""

    store: Store
    city: Founded
    folder: Path
    made: int = 0

    @contextmanager
    def one(self) -> Iterator[tuple[Database, FileStore]]:
        """A fresh copy with a file store of its own."""
        self.made += 1
        engine = self.store.copy(name := f"copy{self.made}", "founded")
        with in_haste(engine):
            yield connect(engine), FileStore(self.folder / name)
        engine.dispose()
        self.store.drop(name)


@pytest.fixture(scope="module")
def copies(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Copies:
    engine, folder = store.copy("founded", EMPTY), tmp_path_factory.mktemp("files")
    database = connect(engine)
    deploy_shipped(database, founding(NOW))
    with in_haste(engine):
        city = found_city(Stage(database, FileStore(folder), NOW, Silent()))
    settle(engine)
    return Copies(store, city, folder)


def wanted(city: Founded) -> Wanted:
    """A month of many claims."""
    month = city.seasons.before
    return Wanted(month.id, month.span, EACH, until=month.span.cutoff_at + timedelta(days=6))


def sample(database: Database, city: Founded, count: int) -> Sequence[Script]:
    scripts = plan(database, wanted(city))
    return Random(1).sample(scripts, count)


def by_commands(database: Database, files: FileStore, scripts: Sequence[Script]) -> None:
    """Every deed in a transaction of its own, in the order of time, as the pages do it."""
    claims = [0] * len(scripts)
    for at, n, k in sorted((act.at, n, k) for n, one in enumerate(scripts) for k, act in enumerate(one.acts)):
        act = scripts[n].acts[k]
        with database.write_tx(act.actor, at) as work:
            claims[n] = play(work, files, scripts[n], act, claims[n])


def everything(database: Database) -> Rows:
    """All rows of all tables, less what is drawn at random."""
    with database.read() as session:
        return {
            table.name: [
                {name: value for name, value in row.items() if (table.name, name) not in RANDOM}
                for row in session.execute(select(table).order_by(*table.primary_key)).mappings()
            ]
            for table in Base.metadata.sorted_tables
        }


def test_sampled_cases_made_in_bulk_are_row_for_row_those_made_by_the_commands(copies: Copies) -> None:
    with copies.one() as (database, files):
        scripts = sample(database, copies.city, CASES[database.engine.dialect.name])
        load_month(database, files, wanted(copies.city), scripts)
        in_bulk = everything(database)
    with copies.one() as (database, files):
        by_commands(database, files, scripts)
        one_by_one = everything(database)

    assert len(in_bulk["claim"]) == len(scripts)
    for table, rows in one_by_one.items():
        assert in_bulk[table] == rows, table


def test_the_sample_goes_every_way_a_claim_can_end_and_reports_one_task_twice(copies: Copies) -> None:
    with copies.one() as (database, _files):
        scripts = plan(database, wanted(copies.city))

    assert len({script.path[:-2] for script in scripts}) == 6
    assert len({(script.officer_id, script.task.code) for script in scripts}) < len(scripts)
    assert any(act.finding and act.finding.quality for script in scripts for act in script.acts)


def test_what_was_made_in_bulk_passes_the_checks_of_the_chains_and_goes_on_from_there(copies: Copies) -> None:
    with copies.one() as (database, files):
        first, second = (sample(database, copies.city, 40)[part::2] for part in (0, 1))
        load_month(database, files, wanted(copies.city), first)
        by_commands(database, files, second)

        with database.read() as session:
            assert audit.first_broken(session) is None
            assert integrity.first_broken(session, copies.city.seasons.before.id) is None
            assert integrity.first_wrong_sum(session, copies.city.seasons.before.id) is None


def test_a_task_made_in_bulk_has_a_token_of_its_own(copies: Copies) -> None:
    with copies.one() as (database, files):
        load_month(database, files, wanted(copies.city), sample(database, copies.city, 40))
        with database.read() as session:
            tokens = session.scalars(select(Base.metadata.tables["task"].c.token)).all()

    assert len(set(tokens)) == len(tokens)
    assert all(len(token) == 12 for token in tokens)


def test_the_same_month_is_invented_every_time(copies: Copies) -> None:
    with copies.one() as (database, _files):
        assert plan(database, wanted(copies.city)) == plan(database, wanted(copies.city))
