"""A load that was broken off goes on where it stopped, and ends as if nothing had happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from kaohe_flow.casework.submission.model import Claim
from kaohe_flow.demo import loading
from kaohe_flow.demo.city import TINY
from kaohe_flow.demo.larger import Size, city_of
from kaohe_flow.demo.loading import NotTheDemoCity, is_broken_off, is_empty, load, scale_of
from kaohe_flow.demo.seasons import founding
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.organization.unit.model import Unit
from kaohe_flow.records.attachment.gateway import FileStore
from kaohe_flow.records.audit import queries as audit
from kaohe_flow.results.sealing import queries as sealing
from kaohe_flow.scheme.indicator.model import Indicator, IndicatorVersion
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scheme.period.rules import PeriodState
from kaohe_flow.scorebook.ledger.queries import integrity
from kaohe_flow.workflow.instance.model import InstanceState
from tests.conftest import EMPTY, SqliteStore, settle
from tests.demo.bulk.test_press import Rows, everything
from tests.demo.conftest import deploy_shipped
from tests.factories.casework import connect

NOW = datetime(2026, 11, 18, 8, 30, tzinfo=UTC)
SIZE = Size("mini", 2, 0, 6, (14, 30, 0), (3, 3), months=4, each=1, tasks=3, biggest=4)
MINI = replace(city_of(SIZE), thin=20)


class Cut(Exception):
    """The plug is pulled."""


@dataclass
class Cutter:
    """Pulls the plug after so many steps of a stage."""

    label: str
    after: int
    steps: int = 0
    current: str = ""

    def stage(self, label: str, length: int = 0) -> None:
        self.current, self.steps = label, 0

    def advance(self, steps: int = 1) -> None:
        self.steps += steps
        if self.current == self.label and self.steps >= self.after:
            raise Cut


@dataclass
class Place:
    """A database and its files."""

    database: Database
    files: FileStore


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Place]]:
    store, folder, made = SqliteStore(tmp_path_factory.mktemp("resuming")), tmp_path_factory.mktemp("f"), []
    engine = store.copy("deployed", EMPTY)
    deploy_shipped(connect(engine), founding(NOW))
    settle(engine)

    def place(name: str) -> Place:
        made.append(store.copy(name, "deployed"))
        return Place(connect(made[-1]), FileStore(folder / name))

    yield place
    for one in made:
        one.dispose()


@pytest.fixture(scope="module")
def uninterrupted(places: Callable[[str], Place]) -> Place:
    place = places("uninterrupted")
    load(place.database, place.files, city=MINI, now=NOW)
    return place


@pytest.fixture(autouse=True)
def mini_is_a_scale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(loading.CITIES, "mini", lambda: MINI)


def comparable(database: Database) -> Rows:
    """All rows, less the salt of passwords and the state of running cases, which holds tokens of tasks."""
    rows = everything(database)
    for account in rows["account"]:
        del account["password_hash"]
    for instance in rows["process_instance"]:
        if instance["state"] is InstanceState.RUNNING:
            del instance["state_blob"]
    return rows


def cut(place: Place, label: str, after: int) -> None:
    with pytest.raises(Cut):
        load(place.database, place.files, city=MINI, now=NOW, progress=Cutter(label, after))


def states_of_told_months(database: Database) -> list[PeriodState]:
    """A month is there as a whole, sealed, or not at all."""
    with database.read() as session:
        told = select(Period.state).where(Period.id.in_(select(Claim.period_id)))
        return list(session.scalars(told.order_by(Period.starts_on)))


def test_a_load_that_was_cut_twice_goes_on_and_ends_as_if_nothing_had_happened(
    places: Callable[[str], Place], uninterrupted: Place
) -> None:
    place = places("cut")
    cut(place, "2026年9月：报送、审核、计分", 30)
    assert is_broken_off(place.database)
    assert states_of_told_months(place.database) == [PeriodState.RESULT_SEALED]
    cut(place, "报送、审核、奖惩、复议、封存", 30)

    assert load(place.database, place.files, city=MINI, now=NOW)

    expected = comparable(uninterrupted.database)
    for table, rows in comparable(place.database).items():
        assert rows == expected[table], table


def test_a_founding_that_was_cut_leaves_an_empty_installation(places: Callable[[str], Place]) -> None:
    class Early(Cutter):
        def stage(self, label: str, length: int = 0) -> None:
            if label == "考核方案、指标":
                raise Cut

    place = places("early")
    with pytest.raises(Cut):
        load(place.database, place.files, city=MINI, now=NOW, progress=Early("", 0))

    assert is_empty(place.database)


def test_a_second_load_changes_nothing(uninterrupted: Place) -> None:
    with uninterrupted.database.read() as session:
        before = audit.count(session)

    assert not load(uninterrupted.database, uninterrupted.files, city=MINI, now=NOW)

    with uninterrupted.database.read() as session:
        assert audit.count(session) == before


def test_another_scale_is_refused_with_what_is_there(uninterrupted: Place) -> None:
    assert scale_of(uninterrupted.database) == "mini"
    with pytest.raises(NotTheDemoCity, match="规模为 mini 的演示城市"):
        load(uninterrupted.database, uninterrupted.files, city=TINY, now=NOW)


def test_all_but_the_newest_month_are_sealed_and_everything_holds(uninterrupted: Place) -> None:
    with uninterrupted.database.read() as session:
        *past, newest = session.scalars(select(Period).order_by(Period.starts_on)).all()
        assert {one.state for one in past} == {PeriodState.RESULT_SEALED}
        assert newest.state is PeriodState.OPEN
        assert audit.first_broken(session) is None
        for period in past:
            assert integrity.first_broken(session, period.id) is None
            assert integrity.first_wrong_sum(session, period.id) is None
            assert sealing.first_differing(session, period) == ""


def test_two_stations_became_one_and_an_indicator_was_revised(uninterrupted: Place) -> None:
    with uninterrupted.database.read() as session:
        merged = session.scalars(select(Unit).where(Unit.code == "BHX-P90")).one()
        closed = session.scalars(select(Unit).where(Unit.valid_to.is_not(None))).all()
        versions = session.scalar(
            select(func.count())
            .select_from(IndicatorVersion)
            .join(Indicator, Indicator.id == IndicatorVersion.indicator_id)
            .where(Indicator.code == "BIZ-08")
        )

    assert {unit.code for unit in closed} == {"BHX-P01", "BHX-P02"}
    assert merged.predecessor_id in {unit.id for unit in closed}
    assert versions == 2
