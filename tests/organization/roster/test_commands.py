"""The roster is shown, then applied."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

from kaohe_flow.kernel.unit_of_work import Database, Work
from kaohe_flow.organization.officer import commands as officer_commands
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.role.queries import listing
from kaohe_flow.organization.roster import commands, queries
from kaohe_flow.organization.roster.gateway import Sheet, read
from kaohe_flow.organization.roster.rules import COLUMNS, Fate, RosterReport
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.organization.unit.rules import Span
from tests.factories.organization import CLERK, NOW, TODAY, MiniCity, build
from tests.organization.conftest import Counter, Trail


def sheet(*lines: str) -> Sheet:
    return read("\n".join((",".join(COLUMNS), *lines)).encode(), "名单.csv")


def fates(report: RosterReport) -> list[tuple[int, Fate]]:
    return [(line.number, line.fate) for line in report.lines]


MIXED = (
    "100001,王小明,民警,QSX-HK,,社区民警,2026-05-10,岗位能手",
    "100002,李小红,辅警,QSX-CG,城关派出所,户籍窗口,2020-01-01,",
    "100088,何新,民警,QSX-CG,,巡逻,2026-03-01,见习期",
    "100088,何新新,民警,QSX-CG,,巡逻,2026-03-01,",
    "100089,何 旧,民警,NOWHERE,,巡逻,2026-03-01,",
)


def test_rows_are_created_updated_left_alone_or_rejected(work: Work, city: MiniCity) -> None:
    report = commands.import_roster(work, sheet(*MIXED))

    assert fates(report) == [
        (2, Fate.UPDATED),
        (3, Fate.UNCHANGED),
        (4, Fate.CREATED),
        (5, Fate.REJECTED),
        (6, Fate.REJECTED),
    ]
    assert report.lines[3].remarks == ("警号 100088 与第 4 行重复",)
    assert report.lines[4].remarks == ("没有编码为“NOWHERE”的单位，请核对机构表",)
    moved = officers.unit_on(work.session, city.wang, date(2026, 5, 10))
    stayed = officers.unit_on(work.session, city.wang, date(2026, 5, 9))
    newcomer = officers.by_police_no(work.session, "100088")
    assert moved is not None
    assert stayed is not None
    assert (moved.id, stayed.id) == (city.far_station, city.station)
    assert officers.coefficients_on(work.session, (city.wang, newcomer.id), TODAY) == {
        city.wang: Decimal("1.35"),
        newcomer.id: Decimal("0.85"),
    }


def test_the_same_file_a_second_time_changes_nothing(work: Work, city: MiniCity) -> None:
    commands.import_roster(work, sheet(*MIXED))

    again = commands.import_roster(work, sheet(*MIXED))

    assert [line.fate for line in again.lines[:3]] == [Fate.UNCHANGED] * 3
    assert len(officers.history(work.session, city.wang)) == 2
    assert len(officers.identities_on(work.session, city.wang, TODAY)) == 1


def test_an_import_is_one_line_of_the_trail(work: Work, city: MiniCity, deeds: Trail) -> None:
    commands.import_roster(work, sheet(*MIXED))

    assert deeds() == [("roster.imported", "roster")]


def test_a_preview_tells_what_the_import_does_and_writes_nothing(database: Database) -> None:
    with database.write_tx(CLERK, NOW) as work:
        build(work)

    with database.read() as session:
        shown = queries.preview(session, sheet(*MIXED), queries.register(session, TODAY))
    with database.write_tx(CLERK, NOW) as work:
        done = commands.import_roster(work, sheet(*MIXED))

    assert shown == done


def test_identities_named_in_a_row_are_the_whole_set_from_today(work: Work, city: MiniCity) -> None:
    row = "100001,王小明,民警,QSX-CG,,社区民警,2020-01-01,"
    officer_commands.grant_identity(
        work, city.wang, code="岗位能手", factor=Decimal("1.35"), stay=Span(date(2025, 1, 1))
    )

    commands.import_roster(work, sheet(row + "徒弟级民警"))
    untouched = commands.import_roster(work, sheet(row))

    yesterday = officers.identities_on(work.session, city.wang, date(2026, 11, 9))
    today = officers.identities_on(work.session, city.wang, TODAY)
    assert [identity.code for identity in yesterday] == ["岗位能手"]
    assert [identity.code for identity in today] == ["徒弟级民警"]
    assert untouched.count(Fate.UNCHANGED) == 1


def test_an_identity_given_and_replaced_on_one_day_leaves_one_open(work: Work, city: MiniCity) -> None:
    row = "100001,王小明,民警,QSX-CG,,社区民警,2020-01-01,"
    for word in ("岗位能手", "徒弟级民警", "徒弟级民警"):
        commands.import_roster(work, sheet(row + word))

    held = officers.identities_on(work.session, city.wang, date(2026, 11, 11))
    assert [identity.code for identity in held] == ["徒弟级民警"]


def test_an_earlier_start_corrects_the_posting(work: Work, city: MiniCity) -> None:
    commands.import_roster(work, sheet("100088,何新,民警,QSX-CG,,巡逻,2026-03-01,"))

    report = commands.import_roster(work, sheet("100088,何新,民警,QSX-CG,,巡逻,2026-02-01,"))

    officer = officers.by_police_no(work.session, "100088")
    assert report.with_fate(Fate.UPDATED)[0].remarks == ("任职起始日期：2026-03-01 → 2026-02-01",)
    assert [m.valid_from for m in officers.history(work.session, officer.id)] == [date(2026, 2, 1)]


def test_a_station_admin_reaches_only_the_own_subtree(work: Work, city: MiniCity) -> None:
    own = units.subtree_ids(work.session, city.station)

    report = commands.import_roster(
        work,
        sheet(
            "100001,王小明,民警,QSX-CG-SQ,,社区民警,2026-05-10,",
            "100006,周平,民警,QSX-CG,,内勤,2026-05-10,",
            "100088,何新,民警,QSX-HK,,巡逻,2026-03-01,",
        ),
        within=own,
    )

    assert [line.fate for line in report.lines] == [Fate.UPDATED, Fate.REJECTED, Fate.REJECTED]
    unit = officers.unit_on(work.session, city.zhou, TODAY)
    assert unit is not None
    assert unit.id == city.far_station


def test_whoever_left_is_rejected(work: Work, city: MiniCity) -> None:
    officer_commands.leave_bureau(work, city.wang, last_day=TODAY)

    report = commands.import_roster(work, sheet("100001,王小明,民警,QSX-CG,,社区民警,2026-05-10,"))

    assert "已办理离职" in report.lines[0].remarks[0]


def test_a_thousand_rows_take_less_than_two_seconds(work: Work, city: MiniCity, statements: Counter) -> None:
    lines = [
        f"{200000 + n},张{chr(0x4E00 + n)},民警,QSX-{'CG' if n % 2 else 'HK'},,社区民警,2026-01-05,岗位能手"
        for n in range(1000)
    ]
    started = time.perf_counter()

    with statements() as sent:
        report = commands.import_roster(work, sheet(*lines))
    again = commands.import_roster(work, sheet(*lines))
    taken = time.perf_counter() - started

    assert report.count(Fate.CREATED) == again.count(Fate.UNCHANGED) == 1000
    assert len(sent) < 20
    assert taken < 2 * 2  # two imports


def test_competences_of_the_old_unit_end_with_a_transfer_by_roster(work: Work, city: MiniCity) -> None:
    moved = sheet("100004,钱进,民警,QSX-HK,,内勤,2026-05-10,")
    book = queries.register(work.session, TODAY)
    shown = queries.preview(work.session, moved, book).lines[0].remarks

    report = commands.import_roster(work, moved)

    assert "原单位的 1 项考核职责随调动终止" in shown
    assert report.lines[0].remarks == shown
    (held,) = listing.ever_held(work.session, city.qian)
    assert held.valid_to == date(2026, 5, 9)
