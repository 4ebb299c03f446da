"""A bureau in miniature: both chains, every role, twelve people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.line import commands as lines
from kaohe_flow.organization.officer import commands as officers
from kaohe_flow.organization.officer.rules import NewOfficer, OfficerKind
from kaohe_flow.organization.role import commands as roles
from kaohe_flow.organization.role.rules import Role
from kaohe_flow.organization.unit import commands as units
from kaohe_flow.organization.unit.rules import Level, NewUnit, Span, UnitKind

FOUNDED = date(2020, 1, 1)
TODAY = date(2026, 11, 10)
NOW = datetime(2026, 11, 10, 1, 0, tzinfo=UTC)
CLERK = Actor(officer_id=None, name="安全管理员")


@dataclass(frozen=True, slots=True)
class MiniCity:
    """Ids of units (first block) and officers (second block); every officer's comment names the roles."""

    bureau: int  # 市局考核办
    organs: int  # 市直机关考核办
    county: int  # 青松县公安局, under the bureau
    station: int  # 城关派出所, under the county
    far_station: int  # 河口派出所, under the county
    squad: int  # 社区中队, under the station
    politics: int  # 政治部, under the organs; owns line zz
    legal: int  # 法制支队, under the organs; owns line fz

    wang: int  # station
    li: int  # station, auxiliary
    zhao: int  # squad
    qian: int  # station: unit_admin
    sun: int  # station: unit_head
    zhou: int  # far station: unit_admin
    wu: int  # county: line_reviewer fz
    zheng: int  # county: office
    feng: int  # legal: line_reviewer fz at both authorities
    chen: int  # politics: office and line_reviewer zz at both authorities
    chu: int  # bureau: discipline there, leading_group of the organs
    wei: int  # bureau: leading_group there


def build(work: Work) -> MiniCity:
    """Units, lines, officers and roles, all valid since 2020-01-01."""
    places = _units(work)
    lines.open_line(work, code="zz", name="队伍建设", owner_id=places["politics"])
    lines.open_line(work, code="fz", name="执法监督", owner_id=places["legal"])
    people = _officers(work, places)
    city = MiniCity(**places, **people)
    _roles(work, city)
    return city


def _units(work: Work) -> dict[str, int]:
    made: dict[str, int] = {}

    def make(key: str, unit: NewUnit) -> None:
        made[key] = units.establish(work, unit).id

    office, bureau_level, basic = UnitKind.ASSESSMENT_OFFICE, Level.BUREAU, Level.BASIC
    make("bureau", NewUnit("SJ", "市局考核办", "市局考核办", Level.AUTHORITY, office, FOUNDED))
    make("organs", NewUnit("SZ", "市直机关考核办", "市直考核办", Level.AUTHORITY, office, FOUNDED))
    county = NewUnit("QSX", "青松县公安局", "青松县局", bureau_level, UnitKind.COUNTY_BUREAU, FOUNDED)
    make("county", _under(county, made["bureau"], "县分局"))
    for key, code, name in (("station", "CG", "城关派出所"), ("far_station", "HK", "河口派出所")):
        station = NewUnit(f"QSX-{code}", name, name, basic, UnitKind.STATION, FOUNDED)
        make(key, _under(station, made["county"], "派出所"))
    squad = NewUnit("QSX-CG-SQ", "城关派出所社区中队", "社区中队", Level.SQUAD, UnitKind.SQUAD, FOUNDED)
    make("squad", _under(squad, made["station"], None))
    for key, code, name in (("politics", "ZZB", "政治部"), ("legal", "FZ", "法制支队")):
        department = NewUnit(code, name, name, bureau_level, UnitKind.DEPARTMENT, FOUNDED)
        make(key, _under(department, made["organs"], "市直部门"))
    return made


def _under(unit: NewUnit, parent_id: int, sequence: str | None) -> NewUnit:
    return NewUnit(
        unit.code,
        unit.name,
        unit.short_name,
        unit.level,
        unit.kind,
        unit.valid_from,
        parent_id=parent_id,
        sequence=sequence,
    )


def _officers(work: Work, places: dict[str, int]) -> dict[str, int]:
    people = (
        ("wang", "王小明", "station", "社区民警"),
        ("li", "李小红", "station", "户籍窗口"),
        ("zhao", "赵强", "squad", "社区民警"),
        ("qian", "钱进", "station", "内勤"),
        ("sun", "孙立", "station", "所长"),
        ("zhou", "周平", "far_station", "内勤"),
        ("wu", "吴越", "county", "法制员"),
        ("zheng", "郑重", "county", "考核办干事"),
        ("feng", "冯源", "legal", "科长"),
        ("chen", "陈光", "politics", "考核办主任"),
        ("chu", "褚明", "bureau", "纪检"),
        ("wei", "卫国", "bureau", "副局长"),
    )
    hired = {}
    for number, (key, name, place, post) in enumerate(people, start=100001):
        kind = OfficerKind.AUXILIARY if key == "li" else OfficerKind.OFFICER
        new = NewOfficer(str(number), name, kind, post)
        hired[key] = officers.hire(work, new, unit_id=places[place], since=FOUNDED).id
    return hired


def _roles(work: Work, city: MiniCity) -> None:
    for officer_id, role, unit_id, line in (
        (city.qian, Role.UNIT_ADMIN, city.station, None),
        (city.sun, Role.UNIT_HEAD, city.station, None),
        (city.zhou, Role.UNIT_ADMIN, city.far_station, None),
        (city.wu, Role.LINE_REVIEWER, city.county, "fz"),
        (city.zheng, Role.OFFICE, city.county, None),
        (city.feng, Role.LINE_REVIEWER, city.bureau, "fz"),
        (city.feng, Role.LINE_REVIEWER, city.organs, "fz"),
        (city.chen, Role.OFFICE, city.bureau, None),
        (city.chen, Role.OFFICE, city.organs, None),
        (city.chen, Role.LINE_REVIEWER, city.bureau, "zz"),
        (city.chen, Role.LINE_REVIEWER, city.organs, "zz"),
        (city.chu, Role.DISCIPLINE, city.bureau, None),
        (city.chu, Role.LEADING_GROUP, city.organs, None),
        (city.wei, Role.LEADING_GROUP, city.bureau, None),
    ):
        roles.grant(work, roles.Grant(officer_id, role, unit_id, Span(FOUNDED), line_code=line))
